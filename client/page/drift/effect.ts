import type { DriftColumn } from '../../../server/src/protocol';
import { numberOf } from '../figure';

/** How far a column is from its limit: 1 at it, more beyond. Undefined when it is not judged. */
export function effectOf(column: DriftColumn): number | undefined {
  const { threshold, drifted } = column;
  const figure = decisive(column);
  if (threshold === null || drifted === null || figure === undefined || Number.isNaN(figure)) return undefined;
  if (!decidesByP(column)) return threshold > 0 ? figure / threshold : drifted ? Number.POSITIVE_INFINITY : 0;
  // By orders of magnitude, as p-values differ: 0.0025 is twice as far as 0.05.
  return threshold > 0 && threshold < 1 ? Math.log(figure) / Math.log(threshold) : undefined;
}

/** The figure that is held against the limit. */
export function decisive(column: DriftColumn): number | undefined {
  return numberOf(decidesByP(column) ? column.pValue : column.statistic);
}

/** Whether the p-value is below its limit, rather than the statistic above it. */
export const decidesByP = ({ decidedBy }: DriftColumn): boolean => decidedBy === 'pValue';
