import type { Measurement } from './metric';

/** A statistic on two samples of texts, in the order of their rows. No side is empty. */
export interface TextMetric {
  /** The id that reports and `--method` use. */
  readonly id: string;
  /** Its name in a sentence. */
  readonly title: string;
  measure(reference: readonly string[], current: readonly string[], options: TextOptions): Measurement;
}

/** What a caller may decide. */
export interface TextOptions {
  /** Of everything that is drawn at random; the metric's own when left out. */
  readonly seed?: number;
}
