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
 * that their difference there, −1 to 1, is given. Row by row, without `walk`: a call for each of millions of rows takes
 * longer than the rest, and between equal values there is no width to add.
 */
export function areaBetween(
  reference: Float64Array,
  current: Float64Array,
  heightOf: (difference: number) => number,
): number {
  const [n, m] = [reference.length, current.length];
  let [area, height, last] = [0, 0, 0];
  for (let i = 0, j = 0; i < n || j < m; ) {
    const isReference = j === m || (i < n && (reference[i] as number) <= (current[j] as number));
    const value = (isReference ? reference[i] : current[j]) as number;
    if (height > 0) area += height * (value - last);
    i += Number(isReference);
    j += Number(!isReference);
    height = heightOf(i / n - j / m);
    last = value;
  }
  return area;
}

/** The largest difference between the two distribution functions, 0 to 1; only where a value's last row is behind. */
export function largestBetween(reference: Float64Array, current: Float64Array): number {
  const [n, m] = [reference.length, current.length];
  let [most, difference, last] = [0, 0, Number.NaN];
  for (let i = 0, j = 0; i < n || j < m; ) {
    const isReference = j === m || (i < n && (reference[i] as number) <= (current[j] as number));
    const value = (isReference ? reference[i] : current[j]) as number;
    if (value !== last) most = Math.max(most, Math.abs(difference));
    i += Number(isReference);
    j += Number(!isReference);
    difference = i / n - j / m;
    last = value;
  }
  return Math.max(most, Math.abs(difference));
}
