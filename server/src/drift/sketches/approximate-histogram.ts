import { quantilesOf, type Ranked, summaryOf } from './quantile-summary';

/** Rows between two values; between a value and itself when they are equal. The infinities are such points. */
export interface Bucket {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** `num_histogram_buckets`. */
const BUCKETS = 10;
/** Quantiles that they are put together from. `_NUM_QUANTILES_FACTOR_FOR_STD_HISTOGRAM` × 10. */
const QUANTILES = 1000;

/**
 * TensorFlow Data Validation's standard histogram: ten equal buckets from the least to the greatest finite value, filled
 * from a thousand quantiles as if values lay evenly between two of them, so counts are fractions. One bucket of no width
 * where all values are one; one more at each end for infinities. `utils/quantiles_util.py`, generate_equi_width_histogram.
 *
 * @param rows In their order, infinities too; NaN is left out.
 */
export function approximateHistogram(rows: Float64Array): readonly Bucket[] {
  const summary = summaryOf(rows);
  const { least, greatest, above } = extentOf(rows);
  if (least > greatest) return summary.map(({ value, weight }) => ({ low: value, high: value, count: weight }));
  const { quantiles, below } = withoutInfinities(summary, above, greatest);
  const parts = partsOf(quantiles);
  const edges =
    least === greatest
      ? [least, greatest]
      : Array.from({ length: BUCKETS + 1 }, (_, i) =>
          i === BUCKETS ? greatest : least + i * ((greatest - least) / BUCKETS),
        );
  return [
    ...point(Number.NEGATIVE_INFINITY, below),
    ...edges.slice(1).map((high, i) => filled(parts, edges[i] ?? high, high, i === 0)),
    ...point(Number.POSITIVE_INFINITY, above),
  ];
}

const point = (value: number, count: number): readonly Bucket[] =>
  count > 0 ? [{ low: value, high: value, count }] : [];

/** Least and greatest finite value, the first above the second when there is none, and how many are positive infinity. */
function extentOf(rows: Float64Array): { readonly least: number; readonly greatest: number; readonly above: number } {
  let [least, greatest, above] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const value of rows) {
    if (value === Number.POSITIVE_INFINITY) above++;
    if (!Number.isFinite(value)) continue;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return { least, greatest, above };
}

interface Quantile {
  readonly value: number;
  readonly rank: number;
}

/** Negative infinities are counted by their quantiles, positive ones exactly: a last part may hold finite values too. */
function withoutInfinities(
  summary: readonly Ranked[],
  above: number,
  greatest: number,
): { readonly quantiles: readonly Quantile[]; readonly below: number } {
  const { values, ranks } = quantilesOf(summary, QUANTILES);
  const all = Array.from(values, (value, i) => ({ value, rank: ranks[i] ?? 0 }));
  const below = all.findLast(({ value }) => value === Number.NEGATIVE_INFINITY)?.rank ?? 0;
  const finite = all
    .filter(({ value }) => Number.isFinite(value))
    .map(({ value, rank }) => ({ value, rank: rank - below }));
  if (above === 0) return { quantiles: finite, below };
  return { quantiles: [...finite, { value: greatest, rank: (ranks.at(-1) ?? 0) - below - above }], below };
}

/** Parts that end at the same value share their rows evenly, as do the first ones that are alike the rows of the least. */
function partsOf(quantiles: readonly Quantile[]): readonly Bucket[] {
  const parts = quantiles.slice(1).map(({ value, rank }, i) => {
    const before = quantiles[i] ?? { value, rank };
    return { low: before.value, high: value, count: rank - before.rank };
  });
  const even: Bucket[] = [];
  while (even.length < parts.length) {
    const high = parts[even.length]?.high;
    const alike = parts.slice(even.length).findIndex((part) => part.high !== high);
    const run = parts.slice(even.length, alike < 0 ? parts.length : even.length + alike);
    const count = run.reduce((sum, part) => sum + part.count, 0) / run.length;
    even.push(...run.map((part) => ({ ...part, count })));
  }
  const first = even[0];
  const other = even.findIndex(({ low, high }) => low !== first?.low || high !== first?.high);
  const alike = other < 0 ? even.length : other;
  const least = (quantiles[0]?.rank ?? 0) / alike;
  return even.map((part, i) => (i < alike ? { ...part, count: part.count + least } : part));
}

function filled(parts: readonly Bucket[], low: number, high: number, isFirst: boolean): Bucket {
  let count = 0;
  for (const part of parts) {
    if (part.low > high) break;
    count += part.count * overlap(part, low, high, isFirst);
  }
  return { low, high, count };
}

/** Share of a part that lies in the bucket. A part without width on an edge is its left neighbour's, if there is one. */
function overlap(part: Bucket, low: number, high: number, isFirst: boolean): number {
  if (part.low === part.high && part.low === low) return isFirst ? 1 : 0;
  if (part.high < low) return 0;
  if (low <= part.low && high >= part.high) return 1;
  return (Math.min(high, part.high) - Math.max(low, part.low)) / (part.high - part.low);
}

/**
 * Rows of both histograms between all edges that either has, as if they lay evenly in their buckets; then those at single
 * values, and last the infinite ones, which never meet. `AlignHistograms`, anomalies/metrics.cc.
 */
export function alignedHistograms(a: readonly Bucket[], b: readonly Bucket[]): readonly [Float64Array, Float64Array] {
  const sides = [a, b];
  const edges = ascendingOf(sides.flatMap((side) => side.filter(isWide).flatMap(({ low, high }) => [low, high])));
  const points = ascendingOf(sides.flatMap((side) => side.filter(isPoint).map(({ low }) => low)));
  const infinite = sides.map((side) => rowsOf(side.filter(({ low }) => !Number.isFinite(low))));
  const [before, after] = sides.map((side, i) =>
    Float64Array.from([
      ...edges.slice(1).map((high, edge) => rowsBetween(side, edges[edge] ?? high, high)),
      ...points.map((value) => rowsOf(side.filter((bucket) => isPoint(bucket) && bucket.low === value))),
      ...(i === 0 ? [infinite[0] ?? 0, 0] : [0, infinite[1] ?? 0]),
    ]),
  );
  return [before ?? new Float64Array(), after ?? new Float64Array()];
}

const ascendingOf = (values: readonly number[]): readonly number[] => [...new Set(values)].sort((x, y) => x - y);
const isWide = ({ low, high }: Bucket): boolean => low < high;
const isPoint = ({ low, high }: Bucket): boolean => low === high && Number.isFinite(low);
const rowsOf = (buckets: readonly Bucket[]): number => buckets.reduce((sum, { count }) => sum + count, 0);

function rowsBetween(buckets: readonly Bucket[], low: number, high: number): number {
  const holder = buckets.find((bucket) => isWide(bucket) && bucket.low <= low && high <= bucket.high);
  return holder ? ((high - low) / (holder.high - holder.low)) * holder.count : 0;
}
