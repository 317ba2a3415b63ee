/**
 * A statistic as arithmetic on a summary of two samples. It knows nothing of data, engines or any system's conventions:
 * how values are binned, what a distance is divided by, and where the line is drawn is the profile's.
 */
export interface Metric {
  /** The id that reports and `--method` use. */
  readonly id: string;
  /** Its name in a sentence. */
  readonly title: string;
  /**
   * What it is given of each side: `values` ascending and finite; `shares` per bin or category; `counts` per category.
   * Bins and categories stand in the same order on both sides. No side is empty.
   */
  readonly needs: 'values' | 'shares' | 'counts';
  measure(reference: Float64Array, current: Float64Array, options: MetricOptions): Measurement;
}

/** In what systems differ; each metric reads those that it knows. */
export interface MetricOptions {
  /** Of everything that is drawn at random; 0 when left out. */
  readonly seed?: number;
  /** Random orders behind a p-value; 100 when left out. */
  readonly permutations?: number;
  /** Counts the data as one order more, so that no p-value is 0; true when left out. No system named here does. */
  readonly addOne?: boolean;
  /** Whose bandwidth a kernel takes; Alibi Detect's when left out. */
  readonly bandwidth?: 'alibi' | 'evidently';
  /** What a distance is divided by; 1 when left out. */
  readonly normaliser?: number;
  /** Base of the logarithm; natural when left out. */
  readonly base?: number;
  /** `less`: the reference tends to lie lower, or holds more of the first category. Two-sided when left out. */
  readonly alternative?: 'two-sided' | 'less' | 'greater';
  /** What counts are expected: the reference's own, scaled to the current rows, or what both sides pooled would give. */
  readonly expected?: 'reference' | 'pooled';
  /** Yates' correction for continuity, which tables of two by two alone take, and only against `pooled`. */
  readonly yates?: boolean;
  /** Whether a p-value may be exact where samples are small; `asymptotic` never is. */
  readonly tail?: 'auto' | 'asymptotic';
}

/** A test gives its statistic and p-value, a distance only itself. A refusal says why there is no figure. */
export type Measurement =
  | {
      readonly statistic: number;
      readonly pValue?: number;
      /** What it chose by itself: seed, permutations, the rows it took. */
      readonly parameters?: Readonly<Record<string, number | string | boolean>>;
    }
  | { readonly refusal: string };

/** Whether there is a reason in place of a figure. */
export const isRefusal = (measurement: Measurement): measurement is { readonly refusal: string } =>
  'refusal' in measurement;
