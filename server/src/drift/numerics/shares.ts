/** Sum of all counts. */
export const total = (counts: Float64Array): number => counts.reduce((sum, count) => sum + count, 0);

/** Counts as shares of their sum. */
export function sharesOf(counts: Float64Array): Float64Array {
  const sum = total(counts);
  return counts.map((count) => count / sum);
}
