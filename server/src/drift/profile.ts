import type { ColumnType, DriftColumn, DriftReport } from '../protocol';
import type { ColumnPair, Sample } from './column';
import type { DescribedColumn } from './describe';

/** A named way to judge drift: what a column is, what is measured of it, and where the line is drawn. */
export interface Profile {
  /** What reports call it, with the version of the system whose figures it gives. */
  readonly id: string;
  /** The names by which a person may ask for it. */
  readonly names: readonly string[];
  /** Ids of the metrics that it has. */
  readonly methods: readonly string[];
  /** Ids of the metrics of all columns together that it has; none when left out. */
  readonly tableMethods?: readonly string[];
  /** Of each method, the threshold where a person asks for none: of its p-value if it gives one, else of its statistic. */
  readonly thresholds: Readonly<Record<string, number>>;
  /** A dataset has drifted when at least this share of its judged columns has. */
  readonly share: number;
  /** Whether it looks at rows in their order, as systems that cut them into chunks do, or at numbers, as those that sketch them. */
  readonly inOrder?: boolean | 'numbers';
  /** Of columns with at most so many distinct values it needs no order, since counts say all of them; 0 when left out. */
  readonly countedUpTo?: number;
  /** Whether it looks at this column row by row; a large side is then read in part. */
  readsRows?(pair: ColumnPair, type: ColumnType, asked: Asked | undefined): boolean;
  /** Whether what was kept of the reference is what its system itself compares, whatever else is not kept. */
  takesKept?(reference: Sample): boolean;
  /** Whether it asks how many distinct values an integer column has before rows are left out. */
  readonly countsIntegers?: boolean;
  /**
   * SQL that is true for the rows of a side that it looks at, given the columns compared and the same ones of the other
   * side; undefined for all rows.
   */
  rows?(columns: readonly DescribedColumn[], other: readonly DescribedColumn[]): string | undefined;
  typeOf(pair: ColumnPair): ColumnType;
  measure(pair: ColumnPair, type: ColumnType, asked: Asked | undefined): Measured;
  /** Whether the last word is over the columns of all segments and windows together, and not over each slice by itself. */
  readonly weighsSlices?: boolean;
  /** The last word, when it depends on all columns together. */
  decide?(measured: readonly Measured[]): readonly Measured[];
  /** The verdict on the dataset, given its judged columns, where `share` does not give it. */
  dataset?(judged: readonly Pick<DriftColumn, 'drifted' | 'pValue' | 'threshold'>[]): DatasetVerdict;
}

/** `threshold` is of the figure that `method` names. */
export type DatasetVerdict = Pick<DriftReport['dataset'], 'drifted' | 'threshold' | 'method'>;

/** A dataset has drifted when any of its columns has. */
export const anyColumn: NonNullable<Profile['dataset']> = (judged) => ({
  drifted: judged.some(({ drifted }) => drifted),
  threshold: 0,
  method: 'any',
});

/** What `--method COLUMN=METHOD[:THRESHOLD]` asks for. */
export interface Asked {
  readonly method: string;
  readonly threshold: number | undefined;
}

/** What a profile says of a column: a figure and its verdict, or why there is none. */
export interface Measured {
  /** What the column was measured as, when the method asked for is for another type. */
  readonly type?: ColumnType;
  /** Undefined when nothing was measured; `reason` then says why. */
  readonly method?: string;
  readonly statistic?: number;
  readonly pValue?: number;
  readonly threshold?: number;
  readonly drifted?: boolean;
  /** Which figure is held against the threshold. */
  readonly decidedBy?: 'statistic' | 'pValue';
  readonly reason?: string;
  readonly parameters: Readonly<Record<string, number | string | boolean>>;
}

/** @param reason A sentence. */
export const notJudged = (reason: string): Measured => ({ reason, parameters: {} });
