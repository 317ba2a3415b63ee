import type { Side, Storage } from './column';
import type { DescribedColumn } from './describe';

/** What is kept of a dataset in place of its rows, ready to be compared with. */
export interface Saved {
  /** What it is, in a sentence: `this baseline`. */
  readonly title: string;
  readonly rows: number;
  readonly columns: readonly SavedColumn[];
  /** Whether rows would have to be left out by several columns together, which then cannot be done. */
  readonly joined?: boolean;
}

/** A column as it was kept. */
export interface SavedColumn extends DescribedColumn {
  /** Types of a current column that this one may be compared with besides its own, where the format knows fewer types. */
  readonly alike?: readonly Storage[];
  /** The same column as false and true, where the format has numbers for them. */
  readonly flags?: Side;
  /** Undefined when nothing of the column's distribution is kept. */
  readonly side: Side | undefined;
  /** What is kept where no side is, after «which keeps»; no values of the column when left out. */
  readonly lacks?: string;
}

/** A kind of file that can stand in place of reference data. */
export interface Reference {
  readonly id: string;
  /** Undefined when the content is of another kind. Throws `Unreadable` for one of this kind that cannot be used. */
  read(content: Content, path: string): Saved | undefined;
}

/** What a file holds, in each way that it can be read. */
export interface Content {
  readonly bytes: Uint8Array;
  /** Undefined when it is not UTF-8. */
  readonly text: string | undefined;
  /** Undefined when it is no JSON object. */
  readonly json: unknown;
}
