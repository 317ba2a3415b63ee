/**
 * Visits the distinct values of both sorted sides in ascending order, each with how many of either side are at most it.
 * A callback, not a generator: it runs once a row, on millions of rows.
 */
export function walk(
  reference: Float64Array,
  current: Float64Array,
  visit: (value: number, ofReference: number, ofCurrent: number) => void,
): void {
  let i = 0;
  let j = 0;
  while (i < reference.length || j < current.length) {
    const value = Math.min(reference[i] ?? Number.POSITIVE_INFINITY, current[j] ?? Number.POSITIVE_INFINITY);
    while (i < reference.length && reference[i] === value) i++;
    while (j < current.length && current[j] === value) j++;
    visit(value, i, j);
  }
}

/** Distinct values over both sides. */
export function distinctOf(reference: Float64Array, current: Float64Array): number {
  let distinct = 0;
  walk(reference, current, () => distinct++);
  return distinct;
}
