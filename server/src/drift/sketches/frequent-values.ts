/** Buckets of the sketch, and values of the histogram that is made of it. `stats_impl.py`, `stats_options.py`. */
export const SKETCHED_VALUES = 1024;
const COUNTED_VALUES = 1000;

/**
 * The values of a column that TensorFlow Data Validation counts, with their counts: the thousand most frequent, the later in
 * the alphabet first where counts are equal. `_make_feature_stats_proto_topk`.
 *
 * @param counts All values; or, of more than `SKETCHED_VALUES`, what `sketched` gives.
 */
export function rankHistogram(counts: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  if (counts.size <= COUNTED_VALUES) return counts;
  const falling = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? 1 : -1));
  return new Map(falling.slice(0, COUNTED_VALUES));
}

/**
 * Counts by the sketch of Misra and Gries with `SKETCHED_VALUES` buckets (Science of Computer Programming 2, 1982), as
 * tfx_bsl has it: an upper bound of each, too high by as much as every bucket was lowered. Where values fall out with the
 * last lowering, tfx_bsl keeps as many as there is room for by the order of a hash map; here the later ones stay.
 */
export function sketched(rows: Iterable<string | null>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  let spare: string[] = [];
  let lowered = 0;
  for (const value of rows) {
    if (value === null) continue;
    const count = counts.get(value);
    counts.set(value, (count ?? 0) + 1);
    if (counts.size <= SKETCHED_VALUES) continue;
    lowered++;
    const fallen: string[] = [];
    for (const [held, rowsHeld] of counts) {
      if (rowsHeld > 1) counts.set(held, rowsHeld - 1);
      else fallen.push(held);
    }
    for (const held of fallen) counts.delete(held);
    const room = SKETCHED_VALUES - counts.size;
    spare = room > 0 ? fallen.slice(-room) : [];
  }
  const bounds = new Map([...counts].map(([value, count]) => [value, count + lowered]));
  for (const value of spare.sort()) if (!bounds.has(value) && bounds.size < SKETCHED_VALUES) bounds.set(value, lowered);
  return bounds;
}
