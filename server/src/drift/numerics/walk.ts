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

/**
 * What lies between the two distribution functions: the width of each step between neighbouring values times the height
 * that their difference there, −1 to 1, is given.
 */
export function areaBetween(
  reference: Float64Array,
  current: Float64Array,
  heightOf: (difference: number) => number,
): number {
  let area = 0;
  let height = 0;
  let last = 0;
  walk(reference, current, (value, i, j) => {
    if (height > 0) area += height * (value - last);
    height = heightOf(i / reference.length - j / current.length);
    last = value;
  });
  return area;
}
