import type { Bucket } from './approximate-histogram';

/** Doubles: more rows than these are spread over as many places, each of which then stands for several. */
const MOST_VALUES = 2 ** 24;

/** What is known of numbers whose rows were not kept. */
export interface Known {
  /** Of the same rows, in ascending order; infinite buckets count for nothing. */
  readonly histograms: readonly (readonly Bucket[])[];
  /** Finite values. */
  readonly size: number;
  readonly isWhole: boolean;
  /** Share of the rows by which the counts up to an edge may be off themselves; 0 when left out. */
  readonly edgeError?: number;
}

/** Finite values in ascending order, as they may have been, and the share of them by which their ranks may be off. */
export function spread({ histograms, size, isWhole, edgeError = 0 }: Known): {
  readonly sorted: Float64Array;
  readonly rankError: number;
} {
  const knots = knotsOf(histograms.map((buckets) => buckets.filter(isBounded)));
  const sorted = new Float64Array(Math.min(size, MOST_VALUES));
  let widest = 0;
  let [from, last] = [0, knots[0]?.value ?? 0];
  for (const { value, share } of knots) {
    const to = Math.round(share * sorted.length);
    for (let at = from; at < to; at++) {
      const guess = last + ((value - last) * (at - from + 0.5)) / (to - from);
      sorted[at] = isWhole ? Math.round(guess) : guess;
    }
    if (value > last) widest = Math.max(widest, (to - from) / sorted.length);
    [from, last] = [Math.max(from, to), value];
  }
  sorted.fill(last, from);
  // The outermost edges are values of the rows, which half a step inside them is not.
  if (sorted.length > 1) sorted[0] = knots[0]?.value ?? 0;
  if (sorted.length > 1) sorted[sorted.length - 1] = last;
  const isExact = knots.every(({ value }) => value === knots[0]?.value);
  return { sorted, rankError: isExact ? 0 : Math.min(1, widest + edgeError) };
}

const isBounded = ({ low, high }: Bucket): boolean => Number.isFinite(low) && Number.isFinite(high);

/** A value of which it is known what share of the rows is not above it. */
interface Knot {
  readonly value: number;
  readonly share: number;
}

/** The edges of all histograms; where they disagree, being approximate, the distribution function still never falls. */
function knotsOf(histograms: readonly (readonly Bucket[])[]): readonly Knot[] {
  const knots = histograms.flatMap((buckets) => {
    const all = buckets.reduce((sum, { count }) => sum + count, 0);
    let sum = 0;
    return buckets.flatMap(({ low, high, count }) => {
      const before = { value: low, share: sum / all };
      sum += count;
      return [before, { value: high, share: sum / all }];
    });
  });
  let most = 0;
  return knots
    .sort((a, b) => a.value - b.value || a.share - b.share)
    .map(({ value, share }) => {
      most = Math.max(most, share);
      return { value, share: most };
    });
}
