import { lowest } from './lowest';
import { deviation, skewness } from './moments';

/** Range and size of the values that bins are laid over. `whole` marks integers, which NumPy gives no bin below 1. */
export interface Extent {
  readonly low: number;
  readonly high: number;
  readonly size: number;
  readonly whole: boolean;
}

/** Edges by Sturges' rule, as `numpy.histogram_bin_edges(values, "sturges")` of NumPy 2 lays them. */
export const sturgesEdges = (extent: Extent): Float64Array =>
  edgesOfWidth(extent, (extent.high - extent.low) / (Math.log2(extent.size) + 1));

/** Edges by Doane's rule, which adds bins for skewed values, as NumPy's "doane". `values` are what the extent is of. */
export function doaneEdges(values: Float64Array, whole: boolean): Float64Array {
  const size = values.length;
  const extent = { low: values[0] ?? 0, high: values[size - 1] ?? 0, size, whole };
  if (size <= 2 || !(deviation(values) > 0)) return edgesOfWidth(extent, 0);
  const spread = Math.sqrt((6 * (size - 2)) / ((size + 1) * (size + 3)));
  const bins = 1 + Math.log2(size) + Math.log2(1 + Math.abs(skewness(values)) / spread);
  return edgesOfWidth(extent, (extent.high - extent.low) / bins);
}

/** Equal bins from low to high. Values that are all the same lie in the middle of bins over one unit. */
export function equalEdges(low: number, high: number, bins: number): Float64Array {
  const [first, last] = low === high ? [low - 0.5, high + 0.5] : [low, high];
  const step = (last - first) / bins;
  return Float64Array.from({ length: bins + 1 }, (_, bin) => (bin === bins ? last : first + bin * step));
}

/** Values per bin of the sorted values; each bin holds its lower edge, the last its upper one too. Others fall out. */
export function countsIn(sorted: Float64Array, edges: Float64Array): Float64Array {
  const counts = new Float64Array(Math.max(0, edges.length - 1));
  const last = counts.length - 1;
  let start = firstAtLeast(sorted, edges[0] ?? 0, false);
  for (let bin = 0; bin <= last; bin++) {
    const end = firstAtLeast(sorted, edges[bin + 1] ?? 0, bin === last);
    counts[bin] = end - start;
    start = end;
  }
  return counts;
}

/** The same of values in any order and equal bins, in one pass; NaN falls out as well. */
export function countsAmong(values: Float64Array, edges: Float64Array): Float64Array {
  const bins = edges.length - 1;
  const counts = new Float64Array(bins);
  const [low, high] = [edges[0] ?? 0, edges[bins] ?? 0];
  const perUnit = bins / (high - low);
  for (const value of values) {
    if (!(value >= low && value <= high)) continue;
    let bin = Math.min(bins - 1, Math.floor((value - low) * perUnit));
    if (value < (edges[bin] ?? low)) bin--;
    else if (bin < bins - 1 && value >= (edges[bin + 1] ?? high)) bin++;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

/** Both sorted sides as one sorted array. */
export function pooled(reference: Float64Array, current: Float64Array): Float64Array {
  const both = new Float64Array(reference.length + current.length);
  let [i, j] = [0, 0];
  for (let at = 0; at < both.length; at++) {
    const [before, after] = [reference[i] ?? Number.POSITIVE_INFINITY, current[j] ?? Number.POSITIVE_INFINITY];
    if (before <= after) i++;
    else j++;
    both[at] = Math.min(before, after);
  }
  return both;
}

function edgesOfWidth({ low, high, whole }: Extent, width: number): Float64Array {
  const step = whole && width < 1 ? 1 : width;
  return equalEdges(low, high, width > 0 ? Math.ceil((high - low) / step) : 1);
}

/** Index of the first value that is at least `limit`, or beyond it when `after`. */
const firstAtLeast = (sorted: Float64Array, limit: number, after: boolean): number =>
  lowest(sorted.length, (i) => (after ? (sorted[i] ?? 0) > limit : (sorted[i] ?? 0) >= limit));
