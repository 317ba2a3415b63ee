import type { Tree } from '../text/tree';
import type { Contract } from './model';

/** One format of data contracts. */
export interface Dialect {
  readonly id: string;
  /** Whether the file is of this format, by its name or by its first keys. */
  recognises(path: string, tree: Tree): boolean;
  /** Reads what can be read: a key that is missing or of the wrong type leaves its part out. */
  read(tree: Tree): Contract;
}
