import type { ColumnType, Histogram } from '../protocol';
import { alignedOf, type ColumnPair, valuesOf } from './column';
import { countsIn, equalEdges } from './numerics/bins';
import { pooledQuantile } from './numerics/moments';

const BINS = 40;
const CATEGORIES = 20;
/** Share of the values on either end that may lie in one wide bin, so that a long tail leaves room for the rest. */
const TAIL = 0.005;
/** How many times as wide as the middle the whole range must be for its ends to be taken as tails. */
const LONG = 3;

/** Both sides over the same edges or categories; nothing for a column of which nothing was read. */
export function histogramsOf(pair: ColumnPair, type: ColumnType): readonly [Histogram | null, Histogram | null] {
  const values = valuesOf(pair);
  if (values && type !== 'categorical' && type !== 'boolean') return ofNumbers(...values);
  return ofCategories(pair);
}

/** Both sides over the edges or categories of another picture of the column. */
export function histogramsLike(
  pair: ColumnPair,
  like: Histogram | null,
): readonly [Histogram | null, Histogram | null] {
  if (!like) return [null, null];
  if ('edges' in like) {
    const { edges } = like;
    const values = valuesOf(pair);
    const over = (side: Float64Array | undefined): Histogram => ({
      edges,
      counts: [...countsIn(side ?? new Float64Array(), Float64Array.from(edges))],
    });
    return [over(values?.[0]), over(values?.[1])];
  }
  const { categories } = like;
  const { labels, reference, current } = alignedOf(pair);
  const places = new Map(labels.map((label, place) => [label, place]));
  const over = (counts: Float64Array, size: number): Histogram => {
    const shown = categories.map((label) => counts[places.get(label) ?? -1] ?? 0);
    return { categories, other: size - shown.reduce((sum, count) => sum + count, 0), counts: shown };
  };
  return [over(reference, pair.reference.size), over(current, pair.current.size)];
}

function ofNumbers(reference: Float64Array, current: Float64Array): readonly [Histogram | null, Histogram | null] {
  if (reference.length + current.length === 0) return [null, null];
  const edges = edgesOf(reference, current);
  const histogram = (side: Float64Array): Histogram => ({ edges: [...edges], counts: [...countsIn(side, edges)] });
  return [histogram(reference), histogram(current)];
}

/**
 * Equal bins; of a long tail the first or last one is wide: it holds the outermost values, at most half a percent of both
 * sides. Bins of whole numbers hold equally many of them, since uneven ones would show teeth that are not in the data.
 */
function edgesOf(reference: Float64Array, current: Float64Array): Float64Array {
  const [low, high] = [pooledQuantile(reference, current, 0), pooledQuantile(reference, current, 1)];
  const [start, end] = middleOf([reference, current], low, high);
  const bins = BINS - Number(start > low) - Number(end < high);
  const isWhole = reference.every(Number.isSafeInteger) && current.every(Number.isSafeInteger);
  const middle = isWhole ? wholeEdges(start, end, bins) : equalEdges(start, end, bins);
  const [first, last] = [middle[0] ?? low, middle.at(-1) ?? high];
  return Float64Array.from([...(low < first ? [low] : []), ...middle, ...(high > last ? [high] : [])]);
}

function middleOf(
  [reference, current]: readonly [Float64Array, Float64Array],
  low: number,
  high: number,
): readonly [number, number] {
  const [start, end] = [pooledQuantile(reference, current, TAIL), pooledQuantile(reference, current, 1 - TAIL)];
  return start < end && high - low >= LONG * (end - start) ? [start, end] : [low, high];
}

function wholeEdges(low: number, high: number, bins: number): Float64Array {
  const [first, last] = [Math.floor(low), Math.ceil(high)];
  const width = Math.max(1, Math.ceil((last - first + 1) / bins));
  const needed = Math.ceil((last - first + 1) / width);
  return Float64Array.from({ length: needed + 1 }, (_, bin) => first - 0.5 + bin * width);
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
