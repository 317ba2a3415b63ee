import type { DriftColumn, DriftReport } from '../protocol';
import type { Profile } from './profile';

/**
 * The verdict on the dataset: the profile's, else whether the share of its judged columns that drifted reaches the limit.
 *
 * @param asked The share from which on the data have drifted, where a person says so; then the preset does not decide.
 */
export function datasetOf(
  columns: readonly DriftColumn[],
  profile: Profile,
  asked: number | undefined,
): DriftReport['dataset'] {
  const whole = columns.filter(({ drifted, segment, window }) => drifted !== null && !segment && !window);
  const judged = whole.filter(({ column }) => column !== null);
  const together = whole.find(({ column, drifted }) => column === null && drifted);
  const drifted = judged.filter((column) => column.drifted).length;
  const share = judged.length > 0 ? drifted / judged.length : 0;
  const limit = asked ?? profile.share;
  const { threshold, method, ...verdict } = (asked === undefined ? profile.dataset?.(judged) : undefined) ?? {
    drifted: judged.length > 0 && share >= limit,
    threshold: limit,
    method: 'share',
  };
  const counts = { driftedColumns: drifted, columns: judged.length, share };
  // Asked about all columns together, drift there is drift of the dataset, whatever each column says.
  if (together && !verdict.drifted) return { drifted: true, ...counts, threshold, method: together.method ?? method };
  return { drifted: verdict.drifted, ...counts, threshold, method };
}
