import { get, stringOf } from '../../../text/tree';
import type { Dialect } from '../../dialect';
import { beyond } from './beyond';
import { ODCS, read } from './read';

/** Open Data Contract Standard 3.x, YAML or JSON. Written as 3.1.0. */
export const odcs: Dialect = {
  id: ODCS,
  title: 'Open Data Contract Standard',
  recognises: (path, { root }) =>
    /\.odcs\.(ya?ml|json)$/i.test(path) ||
    (get(root, 'apiVersion') !== undefined && stringOf(get(root, 'kind')) === 'DataContract'),
  read,
  beyond,
};
