import { roundHalfEven } from './whole';

/**
 * Bandwidth of a Gaussian kernel by the median heuristic: the root of half the median squared distance between values.
 *
 * `alibi`: Alibi Detect 0.13.0, utils/pytorch/kernels.py `sigma_median`, which leaves the distances of values to themselves
 * out of the median. `evidently`: Evidently 0.7.23, stattests/mmd_stattest.py `sigma_median`, which does not, and takes a
 * median of 0 for 1.
 */
export function bandwidthOf(values: Float64Array, rule: 'alibi' | 'evidently'): number {
  const size = values.length;
  const pairs = (size * (size - 1)) / 2;
  if (rule === 'alibi') return pairs === 0 ? 0 : Math.sqrt(ranked(values, size + pairs - 1) / 2);
  return Math.sqrt((ranked(values, roundHalfEven((size * size - 1) / 2)) || 1) / 2);
}

/** How alike two values are: 1 when equal, towards 0 with their distance. */
export const likeness = (a: number, b: number, bandwidth: number): number =>
  Math.exp(-((a - b) ** 2) / (2 * bandwidth * bandwidth));

/** The squared distance at that place when those of all ordered pairs, values with themselves included, ascend. */
function ranked(values: Float64Array, place: number): number {
  const size = values.length;
  const distances = new Float64Array((size * (size - 1)) / 2);
  let at = 0;
  for (let i = 0; i < size; i++)
    for (let j = 0; j < i; j++) distances[at++] = ((values[i] ?? 0) - (values[j] ?? 0)) ** 2;
  if (place < size) return 0;
  return distances.sort()[Math.floor((place - size) / 2)] ?? 0;
}
