import type { DriftColumn } from '../protocol';

// Sentences of SageMaker's constraint_violations.json, as far as they are public; its container is closed.

/** A verdict by p-value drifts below its threshold, which the service's one sentence has no words for. */
export function distanceWords({
  type,
  method,
  statistic,
  pValue,
  threshold,
  decidedBy,
}: Pick<DriftColumn, 'type' | 'method' | 'statistic' | 'pValue' | 'threshold' | 'decidedBy'>): string {
  return decidedBy === 'pValue'
    ? `Baseline drift p-value: ${pValue} of ${method} is below threshold: ${threshold}`
    : `${type === 'numerical' ? 'Numerical' : 'Categorical'} distance: ${statistic} exceeds threshold: ${threshold}`;
}

/** @param now Columns of the data. @param before Columns of the constraints. */
export const columnsWords = (
  what: 'missing' | 'extra',
  names: readonly unknown[],
  now: number,
  before: number,
): string =>
  `There are ${what} columns in current dataset (${names.join(', ')}). Number of columns in current dataset: ${now}, Number of columns in baseline constraints: ${before}`;

export const typeWords = (type: string, limit: number, share: number): string =>
  `Data type match requirement is not met. Expected data type: ${type}, Expected match: ${shareWords(limit)}. Observed: Only ${shareWords(share)} of data is ${type}.`;

/** A share as the service writes it: `100.0%`, and all digits of any other. */
export const shareWords = (share: number): string =>
  `${Number.isInteger(100 * share) ? (100 * share).toFixed(1) : 100 * share}%`;
