/**
 * The lowest index below `end` from which on `holds` is true, taken that it stays true from there on; `end` when it never
 * is. Asks about log₂ `end` times.
 */
export function lowest(end: number, holds: (index: number) => boolean): number {
  let [low, high] = [0, end];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
