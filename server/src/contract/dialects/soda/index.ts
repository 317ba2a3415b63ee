import type { Dialect } from '../../dialect';
import { read, recognises, SODA_CHECKS } from './read';

/** Data contracts of Soda, versions 3 and 4, and files of checks in SodaCL. Written as a contract of version 4. */
export const soda: Dialect = {
  id: SODA_CHECKS,
  title: 'Soda contract',
  recognises,
  read,
};
