import type { ColumnType, Histogram } from '../protocol';
import { countsIn, equalEdges, pooled } from './bins';
import { alignedOf, type ColumnPair, valuesOf } from './column';
import { quantile } from './moments';

const BINS = 40;
const CATEGORIES = 20;
/** Share of the values on either end that may lie in one wide bin, so that a long tail leaves room for the rest. */
const TAIL = 0.005;
/** How many times as wide as the middle the whole range must be for its ends to be taken as tails. */
const LONG = 3;

/** Both sides over the same edges or categories; nothing for a column of which nothing was read. */
export function histogramsOf(pair: ColumnPair, type: ColumnType): readonly [Histogram | null, Histogram | null] {
  const values = valuesOf(pair);
  if (values && type !== 'categorical' && type !== 'boolean') return ofNumbers(pair, values);
  return ofCategories(pair);
}

function ofNumbers(
  { storage }: ColumnPair,
  [reference, current]: readonly [Float64Array, Float64Array],
): readonly [Histogram | null, Histogram | null] {
  const both = pooled(reference, current);
  if (both.length === 0) return [null, null];
  const edges = edgesOf(both, storage === 'integer');
  const histogram = (side: Float64Array): Histogram => ({ edges: [...edges], counts: [...countsIn(side, edges)] });
  return [histogram(reference), histogram(current)];
}

/**
 * Equal bins, around whole numbers where there are few of them. Of a long tail the first or last bin is wide: it holds the
 * outermost values, at most half a percent of both sides.
 */
function edgesOf(sorted: Float64Array, whole: boolean): Float64Array {
  const [low, high] = [sorted[0] ?? 0, sorted.at(-1) ?? 0];
  if (whole && high - low < BINS) return equalEdges(low - 0.5, high + 0.5, high - low + 1);
  const [start, end] = [quantile(sorted, TAIL), quantile(sorted, 1 - TAIL)];
  if (start >= end || high - low < LONG * (end - start)) return equalEdges(low, high, BINS);
  const [before, after] = [start > low, end < high];
  const middle = equalEdges(start, end, BINS - Number(before) - Number(after));
  return Float64Array.from([...(before ? [low] : []), ...middle, ...(after ? [high] : [])]);
}

function ofCategories(pair: ColumnPair): readonly [Histogram | null, Histogram | null] {
  const { labels, reference, current } = alignedOf(pair);
  if (labels.length === 0) return [null, null];
  const order = labels
    .map((_, index) => index)
    .sort((a, b) => (reference[b] ?? 0) - (reference[a] ?? 0) || (current[b] ?? 0) - (current[a] ?? 0))
    .slice(0, CATEGORIES);
  const categories = order.map((index) => labels[index] ?? '');
  const histogram = (counts: Float64Array, size: number): Histogram => {
    const shown = order.map((index) => counts[index] ?? 0);
    return { categories, other: size - shown.reduce((sum, count) => sum + count, 0), counts: shown };
  };
  return [histogram(reference, pair.reference.size), histogram(current, pair.current.size)];
}
