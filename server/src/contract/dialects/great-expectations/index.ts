import type { Dialect } from '../../dialect';
import { GREAT_EXPECTATIONS, read, recognises } from './read';

/**
 * A suite of Great Expectations as it saves it: 1.x with `name` and `type`, 0.18 with `expectation_suite_name` and
 * `expectation_type`. Written as 1.x.
 */
export const greatExpectations: Dialect = {
  id: GREAT_EXPECTATIONS,
  title: 'Great Expectations suite',
  recognises,
  read,
};
