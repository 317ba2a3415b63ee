import type { Dialect } from '../../dialect';
import { read, recognises } from './read';

/**
 * The schema of TensorFlow Data Validation, `schema.pbtxt`: one table of examples whose columns are the features, with one
 * rule an anomaly that TFDV could report of them.
 */
export const tfdv: Dialect = {
  id: 'tfdv',
  title: 'TensorFlow Data Validation schema',
  recognises,
  read,
};
