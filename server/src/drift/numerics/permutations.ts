import type { MetricOptions } from '../metric';
import { type Generator, generatorFrom } from './mersenne';

/** Of everything that is drawn at random, where nobody names a seed. */
export const SEED = 0;
/** Random orders behind a p-value, where nobody names a number. */
export const PERMUTATIONS = 100;

/** Figures that differ by less than this share are the same one, summed in another order. */
const ROUNDING = 1e-12;

/**
 * Share of the random orders of the rows of both sides in which the statistic is at least as large as observed.
 *
 * @param scale Size of the numbers that the statistic is a difference of.
 */
export function permuted(
  rows: number,
  observed: number,
  scale: number,
  { seed = SEED, permutations = PERMUTATIONS, addOne = true }: MetricOptions,
  statistic: (order: Uint32Array) => number,
): number {
  const generator = generatorFrom(seed);
  let extreme = 0;
  for (let i = 0; i < permutations; i++)
    if (statistic(generator.permutation(rows)) >= observed - ROUNDING * scale) extreme++;
  return addOne ? (extreme + 1) / (permutations + 1) : extreme / permutations;
}

/** At most so many of the values, each as likely, in their order. */
export function sampled(values: Float64Array, most: number, generator: Generator): Float64Array {
  if (values.length <= most) return values;
  const kept = generator.permutation(values.length).subarray(0, most).sort();
  return Float64Array.from(kept, (index) => values[index] ?? 0);
}

/** For the parameters of a report: how much of a side was looked at, where that is not all. */
export const samplesTaken = (
  [reference, current]: readonly [number, number],
  [allOfReference, allOfCurrent]: readonly [number, number],
): { readonly referenceSample?: number; readonly currentSample?: number } => ({
  ...(reference < allOfReference ? { referenceSample: reference } : {}),
  ...(current < allOfCurrent ? { currentSample: current } : {}),
});
