import type { Measurement } from './metric';

/** Columns of one side: numbers with NaN where there is none, labels with null. All have a value or gap for every row. */
export interface Table {
  readonly rows: number;
  readonly columns: readonly (Float64Array | readonly (string | null)[])[];
}

/** A statistic on all columns together, so that it sees what columns one by one do not: how they depend on each other. */
export interface TableMetric {
  /** The id that reports and `--method '*=…'` use. */
  readonly id: string;
  /** Its name in a sentence. */
  readonly title: string;
  /** Both sides have the same columns in the same order, each of the same kind on both, and at least one row. */
  measure(reference: Table, current: Table, options: TableOptions): TableMeasurement;
}

/** What a caller may decide. */
export interface TableOptions {
  /** Of everything that is drawn at random; the metric's own when left out. */
  readonly seed?: number;
  /** Above it is drift; the metric's own when left out. */
  readonly threshold?: number;
}

/** The metric draws the line too, since it follows from the reference. */
export type TableMeasurement =
  | (Extract<Measurement, { readonly statistic: number }> & { readonly threshold: number; readonly drifted: boolean })
  | { readonly refusal: string };
