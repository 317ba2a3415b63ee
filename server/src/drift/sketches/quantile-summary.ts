import { ascending } from '../numerics/sort';

/**
 * Weighted quantile summaries as TensorFlow's boosted trees build them, which TensorFlow Data Validation sketches numbers
 * with: nothing in them is random, so the same rows in the same order give the same summary. Up to 5,701 distinct values
 * it holds every one. M. Greenwald, S. Khanna, SIGMOD 2001 and PODS 2004; Q. Zhang, W. Wang, SSDBM 2007.
 */

/** A value, how many rows have it, and bounds of how many are smaller, and smaller or equal. */
export interface Ranked {
  readonly value: number;
  readonly weight: number;
  readonly low: number;
  readonly high: number;
}

/** TFDV's default error of 0.01, of which its three levels take a third each. `QuantilesSketch::Make`. */
const ERROR = 0.01 / 3;
/** Entries of a level for that error and at most 2^32 rows. `GetQuantileSpecs`. */
const BLOCK = Math.ceil(19 / ERROR) + 1;

/**
 * A data frame's summary, which is compressed once more at the end. `extract_statistics_output`.
 *
 * @param rows In their order, infinities too; NaN is left out.
 */
export function summaryOf(rows: Float64Array): readonly Ranked[] {
  const levels: (readonly Ranked[])[] = [];
  const buffer = new Float64Array(2 * BLOCK);
  let held = 0;
  for (const value of rows) {
    if (Number.isNaN(value)) continue;
    buffer[held++] = value;
    if (held < buffer.length) continue;
    push(levels, compressed(ranked(buffer.slice())));
    held = 0;
  }
  if (held > 0) push(levels, compressed(ranked(buffer.slice(0, held))));
  return compressed(levels.reduce(merged, []));
}

/** The value at each of `parts` equal steps of rank from the least to the greatest, with the rows up to it. */
export function quantilesOf(
  summary: readonly Ranked[],
  parts: number,
): { readonly values: Float64Array; readonly ranks: Float64Array } {
  const values = new Float64Array(parts + 1);
  const ranks = new Float64Array(parts + 1);
  const rows = summary.at(-1)?.high ?? 0;
  let at = 0;
  for (let part = 0; part <= parts; part++) {
    const twice = 2 * ((part * rows) / parts);
    let next = at + 1;
    while (next < summary.length && twice >= bounds(summary[next])) next++;
    at = next - 1;
    const [here, after] = [summary[at], summary[next]];
    const nearest = !after || !here || twice < here.low + here.weight + after.high - after.weight ? here : after;
    values[part] = nearest?.value ?? Number.NaN;
    ranks[part] = nearest?.high ?? 0;
  }
  return { values, ranks };
}

const bounds = (entry: Ranked | undefined): number => (entry ? entry.low + entry.high : Number.POSITIVE_INFINITY);

/** @param buffer Overwritten. */
function ranked(buffer: Float64Array): readonly Ranked[] {
  const values = ascending(buffer);
  const entries: Ranked[] = [];
  for (let i = 0; i < values.length; ) {
    const value = values[i] ?? 0;
    const first = i;
    while (i < values.length && values[i] === value) i++;
    entries.push({ value, weight: i - first, low: first, high: i });
  }
  return entries;
}

/** A summary goes to the first free level; where one is taken, the two become one and go on. `PropagateLocalSummary`. */
function push(levels: (readonly Ranked[])[], summary: readonly Ranked[]): void {
  let local = summary;
  for (let level = 0; ; level++) {
    const taken = levels[level] ?? [];
    local = merged(local, taken);
    if (taken.length === 0 || local.length <= BLOCK + 1) {
      levels[level] = local;
      return;
    }
    local = compressed(local);
    levels[level] = [];
  }
}

function merged(a: readonly Ranked[], b: readonly Ranked[]): readonly Ranked[] {
  if (a.length === 0 || b.length === 0) return a.length === 0 ? b : a;
  const entries: Ranked[] = [];
  const [rowsOfA, rowsOfB] = [a.at(-1)?.high ?? 0, b.at(-1)?.high ?? 0];
  let [i, j, belowA, belowB] = [0, 0, 0, 0];
  while (i < a.length || j < b.length) {
    const [x, y] = [a[i], b[j]];
    if (x && y && x.value === y.value) {
      entries.push({ value: x.value, weight: x.weight + y.weight, low: x.low + y.low, high: x.high + y.high });
      [belowA, belowB] = [x.low + x.weight, y.low + y.weight];
      i++;
      j++;
    } else if (x && (!y || x.value < y.value)) {
      entries.push({ ...x, low: x.low + belowB, high: x.high + (y ? y.high - y.weight : rowsOfB) });
      belowA = x.low + x.weight;
      i++;
    } else if (y) {
      entries.push({ ...y, low: y.low + belowA, high: y.high + (x ? x.high - x.weight : rowsOfA) });
      belowB = y.low + y.weight;
      j++;
    }
  }
  return entries;
}

/** To about `BLOCK` entries: the first, the last, and between them steps whose gap of rank stays within the error. */
function compressed(entries: readonly Ranked[]): readonly Ranked[] {
  if (entries.length <= BLOCK) return entries;
  const gap = (entries.at(-1)?.high ?? 0) * Math.max(1 / BLOCK, ERROR);
  const kept = entries.slice(0, 1);
  let surplus = 0;
  let at = 0;
  while (at + 1 < entries.length) {
    let next = at + 1;
    while (next < entries.length && surplus < entries.length && between(entries[at], entries[next]) <= gap) {
      surplus += BLOCK;
      next++;
    }
    at = Math.max(at + 1, next - 1);
    kept.push(...entries.slice(at, at + 1));
    surplus -= entries.length;
  }
  return kept;
}

/** Rows that may lie between two entries. */
const between = (a: Ranked | undefined, b: Ranked | undefined): number =>
  a && b ? b.high - b.weight - (a.low + a.weight) : Number.POSITIVE_INFINITY;
