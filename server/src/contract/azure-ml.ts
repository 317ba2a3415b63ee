import { get, type Node, wordOf } from '../text/tree';

/** `engine` of the rules that a data quality signal of Azure Machine Learning holds, as `engineName` gives it. */
export const AZURE_ML = 'azureml';

/** Metrics of a data quality signal: what its outputs call them, and their keys under `metric_thresholds`. */
export const qualityMetrics = {
  NullValueRate: 'null_value_rate',
  DataTypeErrorRate: 'data_type_error_rate',
  OutOfBoundsRate: 'out_of_bounds_rate',
} as const;

export type QualityMetric = keyof typeof qualityMetrics;

/** A metric of a signal: `implementation` of a rule of the engine `azureml`. Of all columns where it stands at a table. */
export interface Quality {
  readonly metric: QualityMetric;
  /** How much the rate may lie above the reference's own, by the kind that a column is of. */
  readonly thresholds: { readonly numerical: number; readonly categorical: number };
  /** Columns that are of a kind whatever their values are. */
  readonly kinds?: Readonly<Record<string, 'numerical' | 'categorical'>>;
  /** Only rows with one of these values, written as text. */
  readonly segment?: { readonly column: string; readonly values: readonly string[] };
}

/** The metric of a rule; undefined for an `implementation` that is none. */
export function qualityOf(implementation: unknown): Quality | undefined {
  if (typeof implementation !== 'object' || implementation === null || !('metric' in implementation)) return undefined;
  const { metric } = implementation;
  if (typeof metric !== 'string' || !(metric in qualityMetrics)) return undefined;
  return { thresholds: { numerical: 0, categorical: 0 }, ...implementation, metric: metric as QualityMetric };
}

/** `monitoring_signals` of a monitor. */
export const signalsOf = (root: Node | undefined): Node | undefined =>
  get(get(root, 'create_monitor') ?? root, 'monitoring_signals');

export const isQuality = (signal: Node): boolean => wordOf(get(signal, 'type')) === 'data_quality';
