import type { DriftColumn, DriftSide } from '../../../server/src/protocol';

/** The same share of both sides' values lies below these two. */
export interface QuantilePair {
  /** 0 … 1 */
  readonly share: number;
  readonly reference: number;
  readonly current: number;
}

/** Both sides by the shares of their values that lie below. */
export interface Quantiles {
  readonly pairs: readonly QuantilePair[];
  /** False when they are read off the histograms, within a bin as if its values were spread evenly. */
  readonly exact: boolean;
}

const steps = 40;
const shares = Array.from({ length: steps + 1 }, (_, step) => step / steps);

/** Undefined for a column without numbers or times on both sides. */
export function quantilesOf({ reference, current }: DriftColumn): Quantiles | undefined {
  const told = [reference.quantiles, current.quantiles] as const;
  if (told[0]?.length === shares.length && told[1]?.length === shares.length)
    return { pairs: paired(told[0], told[1]), exact: true };
  const read = [interpolated(reference), interpolated(current)] as const;
  return read[0] && read[1] ? { pairs: paired(read[0], read[1]), exact: false } : undefined;
}

function paired(reference: readonly number[], current: readonly number[]): readonly QuantilePair[] {
  return shares.map((share, at) => ({
    share,
    reference: reference[at] ?? Number.NaN,
    current: current[at] ?? Number.NaN,
  }));
}

/** Quantiles of a histogram: linear between the edges of the bin that a share falls into. */
function interpolated({ histogram }: DriftSide): readonly number[] | undefined {
  if (!histogram || !('edges' in histogram)) return undefined;
  const { edges, counts } = histogram;
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  return shares.map((share) => quantileOf(edges, counts, share * total));
}

function quantileOf(edges: readonly number[], counts: readonly number[], rank: number): number {
  let below = 0;
  for (const [bin, count] of counts.entries()) {
    const [from = Number.NaN, to = Number.NaN] = [edges[bin], edges[bin + 1]];
    if (count > 0 && below + count >= rank) return from + ((to - from) * (rank - below)) / count;
    below += count;
  }
  return edges.at(-1) ?? Number.NaN;
}

/** The pairs without the outermost, where a single far value would leave no room for the rest; all when it would not. */
export function withoutFar(pairs: readonly QuantilePair[]): readonly QuantilePair[] {
  const inner = pairs.slice(1, -1);
  return spread(pairs) > 2 * spread(inner) ? inner : pairs;
}

function spread(pairs: readonly QuantilePair[]): number {
  const all = pairs.flatMap(({ reference, current }) => [reference, current]);
  return Math.max(...all) - Math.min(...all);
}

/** The quantile that moved most. */
export function mostMovedPair(pairs: readonly QuantilePair[]): QuantilePair | undefined {
  const moved = ({ reference, current }: QuantilePair) => Math.abs(current - reference);
  return pairs.toSorted((a, b) => moved(b) - moved(a))[0];
}
