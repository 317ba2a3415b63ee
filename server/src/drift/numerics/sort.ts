import { lowest } from './lowest';

/** Fewer values are quicker sorted by the engine of the language. */
const FEW = 8192;
const DIGITS = 2048;

/**
 * Finite values in ascending order, −0 before 0, by their bits: eleven at a time from the lowest, which takes less than half
 * the time of `sort()` on millions. Bits in which all values agree, as the lower ones of whole numbers do, cost nothing.
 *
 * @param values Overwritten. The result is in it or in `spare`.
 * @param spare As long as `values`, and overwritten as well.
 */
export function ascending(values: Float64Array, spare?: Float64Array): Float64Array {
  if (values.length < FEW) return values.sort();
  const size = values.length;
  const counts = digitCounts(bitsOf(values));
  let from = values;
  let to = spare ?? new Float64Array(size);
  counts.forEach((starts, pass) => {
    if (!toStarts(starts, size)) return;
    scatter[pass]?.(from, bitsOf(from), to, starts);
    [from, to] = [to, from];
  });
  return negativesFirst(from, to);
}

const bitsOf = (values: Float64Array): Uint32Array =>
  new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);

/** How often each digit occurs at each of the six places, in one pass over the values. */
function digitCounts(bits: Uint32Array): readonly Uint32Array[] {
  const [a, b, c, d, e, f] = [0, 1, 2, 3, 4, 5].map(() => new Uint32Array(DIGITS)) as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  for (let i = 0; i < bits.length; i += 2) {
    const low = bits[i] as number;
    const high = bits[i + 1] as number;
    (a[low & 2047] as number)++;
    (b[(low >>> 11) & 2047] as number)++;
    (c[((low >>> 22) | (high << 10)) & 2047] as number)++;
    (d[(high >>> 1) & 2047] as number)++;
    (e[(high >>> 12) & 2047] as number)++;
    (f[high >>> 23] as number)++;
  }
  return [a, b, c, d, e, f];
}

/** Counts become the place of each digit's first value; false when all values have one digit. */
function toStarts(counts: Uint32Array, size: number): boolean {
  let sum = 0;
  let differ = true;
  for (let digit = 0; digit < DIGITS; digit++) {
    const count = counts[digit] as number;
    if (count === size) differ = false;
    counts[digit] = sum;
    sum += count;
  }
  return differ;
}

type Scatter = (from: Float64Array, bits: Uint32Array, to: Float64Array, starts: Uint32Array) => void;

/** One loop a place: a digit that is computed by a function given to one loop costs a call a value. */
const scatter: readonly Scatter[] = [
  (from, bits, to, starts) => {
    for (let i = 0; i < from.length; i++) to[(starts[(bits[2 * i] as number) & 2047] as number)++] = from[i] as number;
  },
  (from, bits, to, starts) => {
    for (let i = 0; i < from.length; i++)
      to[(starts[((bits[2 * i] as number) >>> 11) & 2047] as number)++] = from[i] as number;
  },
  (from, bits, to, starts) => {
    for (let i = 0; i < from.length; i++)
      to[(starts[(((bits[2 * i] as number) >>> 22) | ((bits[2 * i + 1] as number) << 10)) & 2047] as number)++] = from[
        i
      ] as number;
  },
  (from, bits, to, starts) => {
    for (let i = 0; i < from.length; i++)
      to[(starts[((bits[2 * i + 1] as number) >>> 1) & 2047] as number)++] = from[i] as number;
  },
  (from, bits, to, starts) => {
    for (let i = 0; i < from.length; i++)
      to[(starts[((bits[2 * i + 1] as number) >>> 12) & 2047] as number)++] = from[i] as number;
  },
  (from, bits, to, starts) => {
    for (let i = 0; i < from.length; i++)
      to[(starts[(bits[2 * i + 1] as number) >>> 23] as number)++] = from[i] as number;
  },
];

/** By their bits negative values come last, and the largest of them first. */
function negativesFirst(byBits: Float64Array, spare: Float64Array): Float64Array {
  const firstNegative = lowest(byBits.length, (i) => Object.is(byBits[i], -0) || (byBits[i] as number) < 0);
  const negatives = byBits.length - firstNegative;
  if (negatives === 0) return byBits;
  for (let i = 0; i < negatives; i++) spare[i] = byBits[byBits.length - 1 - i] as number;
  spare.set(byBits.subarray(0, firstNegative), negatives);
  return spare;
}
