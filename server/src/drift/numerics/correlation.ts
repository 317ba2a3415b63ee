import { lowest } from './lowest';

/** How far two columns hang together, and over how many rows. */
export interface Coefficient {
  readonly value: number;
  readonly rows: number;
}

/** Pearson's coefficient over the rows that have both values; 0 where one of them does not vary. */
export function correlation(x: Float64Array, y: Float64Array): Coefficient {
  let [rows, meanX, meanY, xx, yy, xy] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const [a, b] = [x[i] as number, y[i] as number];
    if (!Number.isFinite(a) || !Number.isFinite(b)) continue;
    rows++;
    const [fromX, fromY] = [a - meanX, b - meanY];
    meanX += fromX / rows;
    meanY += fromY / rows;
    xx += fromX * (a - meanX);
    yy += fromY * (b - meanY);
    xy += fromX * (b - meanY);
  }
  return { value: xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0, rows };
}

/** Ranks from 1, ties at their mean; NaN stays, and infinities have none. */
export function ranksOf(values: Float64Array): Float64Array {
  // Sorting numbers and looking each up takes a tenth of the time of sorting their places by a comparison.
  const sorted = values.filter(Number.isFinite).sort();
  const meanRanks = new Float64Array(sorted.length);
  for (let start = 0; start < sorted.length; ) {
    let end = start + 1;
    while (end < sorted.length && sorted[end] === sorted[start]) end++;
    meanRanks.fill((start + end + 1) / 2, start, end);
    start = end;
  }
  return values.map((value) =>
    Number.isFinite(value)
      ? (meanRanks[lowest(sorted.length, (i) => (sorted[i] as number) >= value)] as number)
      : Number.NaN,
  );
}

/**
 * How far two categories tell each other, 0 to 1, without the bias by which small samples look dependent. W. Bergsma,
 * J. Korean Stat. Soc. 42(3), 2013.
 */
export function cramersV(x: Float64Array, y: Float64Array): Coefficient {
  const table = new Map<number, Map<number, number>>();
  const columns = new Map<number, number>();
  let rows = 0;
  for (let i = 0; i < x.length; i++) {
    const [a, b] = [x[i] as number, y[i] as number];
    if (Number.isNaN(a) || Number.isNaN(b)) continue;
    rows++;
    const line = table.get(a) ?? new Map<number, number>();
    table.set(a, line.set(b, (line.get(b) ?? 0) + 1));
    columns.set(b, (columns.get(b) ?? 0) + 1);
  }
  let squares = 0;
  for (const line of table.values()) {
    const sum = [...line.values()].reduce((total, count) => total + count, 0);
    for (const [b, count] of line) squares += count ** 2 / (sum * (columns.get(b) ?? 1));
  }
  const [r, k] = [table.size, columns.size];
  const free = ((r - 1) * (k - 1)) / (rows - 1);
  const corrected = (size: number): number => size - (size - 1) ** 2 / (rows - 1);
  const least = Math.min(corrected(r), corrected(k)) - 1;
  return { value: least > 0 ? Math.sqrt(Math.max(0, squares - 1 - free) / least) : 0, rows };
}
