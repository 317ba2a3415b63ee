import type { MetricOptions } from '../metric';
import { permuted } from './permutations';

/** Draws of a row that one p-value may take; with more rows there are fewer random orders. */
const MOST_DRAWS = 4e8;
const LEAST_PERMUTATIONS = 100;

/** Random orders behind a p-value: as many as wanted, or fewer over very many rows. */
export const permutationsFor = (rows: number, wanted: number): number =>
  Math.min(wanted, Math.max(LEAST_PERMUTATIONS, Math.floor(MOST_DRAWS / rows)));

/**
 * p-value by permutations of the total variation between two samples of categories.
 *
 * @param rows The category of each row by number, those of the reference first.
 * @param size How many of them are the reference's.
 */
export function permutedTotalVariation(
  rows: Uint32Array,
  size: number,
  categories: number,
  options: MetricOptions,
): number {
  const all = countsOf(rows, (index) => index, rows.length, categories);
  const distance = (of: (index: number) => number): number => {
    const counts = countsOf(rows, of, size, categories);
    let sum = 0;
    for (let i = 0; i < categories; i++) {
      const [before, both] = [counts[i] ?? 0, all[i] ?? 0];
      sum += Math.abs(before / size - (both - before) / (rows.length - size));
    }
    return sum / 2;
  };
  const observed = distance((index) => index);
  return permuted(rows.length, observed, 1, options, (order) => distance((index) => order[index] ?? 0));
}

function countsOf(rows: Uint32Array, of: (index: number) => number, size: number, categories: number): Float64Array {
  const counts = new Float64Array(categories);
  for (let i = 0; i < size; i++) {
    const category = rows[of(i)] ?? 0;
    counts[category] = (counts[category] ?? 0) + 1;
  }
  return counts;
}
