import type { Dialect } from '../../dialect';
import { FRICTIONLESS } from '../../frictionless';
import { beyond } from './beyond';
import { read } from './read';
import { recognises } from './recognise';

/** Data Package, Data Resource and Table Schema of Frictionless Data, versions 1 and 2. */
export const frictionless: Dialect = {
  id: FRICTIONLESS,
  title: 'Frictionless Data Package',
  recognises,
  read,
  beyond,
};
