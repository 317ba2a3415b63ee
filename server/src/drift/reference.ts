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
  /** Undefined when nothing of the column's distribution is kept. */
  readonly side: Side | undefined;
}

/** A kind of file that can stand in place of reference data. */
export interface Reference {
  readonly id: string;
  /**
   * Undefined when the content is of another kind. Rejects with `Unreadable` for one of this kind that cannot be used.
   *
   * @param content Parsed JSON.
   */
  read(content: unknown, path: string): Saved | undefined;
}
