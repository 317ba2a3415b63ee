/**
 * The quantile sketch of Karnin, Lang and Liberty as deequ builds it (`QuantileNonSample`, `NonSampleCompactor`): nothing in
 * it is random, so the same rows in the same order give the same sketch, item by item.
 */

/** Parameters of SageMaker's statistics.json, which name it: k and c. */
const SKETCH_SIZE = 2048;
const SHRINKING = 0.64;

/** What is kept of the rows. */
export interface Sketch {
  /** Items in the order in which they came; each of level i stands for 2^i rows. NaN is an item. */
  readonly levels: readonly ArrayLike<number>[];
  /** The number of rows up to any value is off by at most so many. 0 up to 2,050 rows, of which it holds every one. */
  readonly rankError: number;
}

/** What each distinct item counts for: the rows that it stands for, or, as deequ up to 2.0.7 has it, one item's worth. */
export type Ranks = 'rows' | 'distinct values';

/** How far two sketches are apart, and how much each of them stands for. */
export interface SketchDistance {
  /** The largest difference between the two distribution functions. */
  readonly distance: number;
  /** Largest rank of either side: its rows, or the weight of its distinct values. */
  readonly n: number;
  readonly m: number;
}

/** @param rows In their order; a missing value is left out beforehand. */
export function sketchOf(rows: Iterable<number>): Sketch {
  const levels: Level[] = [new Level(0)];
  let capacity = levels[0]?.capacity ?? 0;
  let held = 0;
  let rankError = 0;
  for (const value of rows) {
    levels[0]?.items.push(value);
    if (++held <= capacity) continue;
    const full = levels.findIndex((level) => level.items.length >= level.capacity);
    const level = levels[full];
    if (!level) continue;
    const above = levels[full + 1] ?? new Level(full + 1);
    if (levels[full + 1] === undefined) {
      levels.push(above);
      capacity += above.capacity;
    }
    const risen = level.compacted();
    above.items.push(...risen);
    held -= risen.length;
    rankError += 2 ** full;
  }
  return { levels: levels.map(({ items }) => items), rankError };
}

/** Rows that the items stand for. */
export const weightOf = ({ levels }: Sketch): number =>
  levels.reduce((sum, items, level) => sum + items.length * 2 ** level, 0);

/** The values with the rows that each stands for, in ascending order; NaN is left out. */
export function weightedItems(sketch: Sketch, ranks: Ranks = 'rows'): readonly (readonly [number, number])[] {
  const weights = new Map<number, number>();
  sketch.levels.forEach((items, level) => {
    for (const value of Array.from(items))
      if (!Number.isNaN(value)) weights.set(value, (ranks === 'rows' ? (weights.get(value) ?? 0) : 0) + 2 ** level);
  });
  return [...weights].sort(([a], [b]) => a - b);
}

/** The largest difference between the distribution functions of two sketches. Undefined when a side has no item. */
export function sketchDistance(reference: Sketch, current: Sketch, ranks: Ranks): SketchDistance | undefined {
  const [before, after] = [stepsOf(reference, ranks), stepsOf(current, ranks)];
  if (before.top === 0 || after.top === 0) return undefined;
  let distance = before.hasNaN || after.hasNaN ? Math.abs(before.atNaN / before.top - after.atNaN / after.top) : 0;
  let [i, j] = [0, 0];
  while (i < before.values.length || j < after.values.length) {
    const value = Math.min(before.values[i] ?? Number.POSITIVE_INFINITY, after.values[j] ?? Number.POSITIVE_INFINITY);
    while (i < before.values.length && before.values[i] === value) i++;
    while (j < after.values.length && after.values[j] === value) j++;
    distance = Math.max(distance, Math.abs(rankAt(before, i) / before.top - rankAt(after, j) / after.top));
  }
  return { distance, n: after.top, m: before.top };
}

/** A distribution function: ranks of ascending values. */
interface Steps {
  readonly values: readonly number[];
  readonly ranks: readonly number[];
  readonly hasNaN: boolean;
  /** Rank that deequ finds from the largest number on: that of the first NaN, which its search ends at. */
  readonly atNaN: number;
  readonly top: number;
}

const rankAt = ({ values, ranks, atNaN }: Steps, passed: number): number =>
  passed === values.length ? atNaN : (ranks[passed - 1] ?? 0);

function stepsOf(sketch: Sketch, ranks: Ranks): Steps {
  const items = weightedItems(sketch, ranks);
  let numbers = 0;
  const cumulated = items.map(([, weight]) => (numbers += weight));
  const nans = sketch.levels.map((level) => Array.from(level).filter(Number.isNaN).length);
  const first = nans.findIndex((count) => count > 0);
  return {
    values: items.map(([value]) => value),
    ranks: cumulated,
    hasNaN: first >= 0,
    atNaN: first >= 0 ? numbers + 2 ** first : numbers,
    top: nans.reduce((sum, count, level) => sum + count * 2 ** level, numbers),
  };
}

class Level {
  readonly capacity: number;
  items: number[] = [];
  #compactions = 0;

  constructor(height: number) {
    this.capacity = 2 * (Math.ceil((SKETCH_SIZE * SHRINKING ** height) / 2) + 1);
  }

  /** Every second of its items, sorted; the last one stays when they are odd. The start goes 0, 1, 1, 0, 0, 1, 1, 0, … */
  compacted(): readonly number[] {
    const kept = this.items.length % 2 === 1 ? this.items.slice(-1) : [];
    const sorted = Float64Array.from(this.items.slice(0, this.items.length - kept.length)).sort();
    const start = Math.floor((this.#compactions++ + 1) / 2) % 2;
    this.items = kept;
    return Array.from({ length: sorted.length / 2 }, (_, pair) => sorted[2 * pair + start] ?? 0);
  }
}
