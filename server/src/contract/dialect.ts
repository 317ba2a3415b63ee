import type { Node, ScalarNode, Tree } from '../text/tree';
import type { Contract } from './model';

/** One format of data contracts. */
export interface Dialect {
  readonly id: string;
  /** What people call it: `dbt schema`. */
  readonly title: string;
  /** Whether the file is of this format, by its name or by its first keys. */
  recognises(path: string, tree: Tree): boolean;
  /** Reads what can be read: a key that is missing or of the wrong type leaves its part out. */
  read(tree: Tree): Contract;
  /** The keys that the model has no place for, so that no writer sees what they say. */
  beyond?(tree: Tree): readonly ScalarNode[];
}

/** How contracts are written in a format; apart from how they are read, which is all that a check needs. */
export interface Writer {
  readonly dialect: Dialect;
  /** The contract is in ODCS's terms. */
  write(contract: Contract): Written;
}

/** A contract in another format. */
export interface Written {
  readonly text: string;
  /** Of a file that is recognised as this format: `.schema.json`. */
  readonly suffix: string;
  readonly losses: readonly Loss[];
}

/** A part of a contract that the other format cannot say. */
export interface Loss {
  /** What is lost and why, in one sentence. */
  readonly message: string;
  /** Where it stands in the contract that was converted. */
  readonly node: Node;
}
