import { type Shift, shiftOf } from './change';

/** A type as the values that it holds. */
type Held =
  | { readonly family: 'whole'; readonly low: number; readonly high: number }
  | { readonly family: 'float'; readonly bits: number }
  | { readonly family: 'decimal'; readonly whole: number; readonly scale: number }
  | { readonly family: 'text' | 'bytes'; readonly length: number }
  | { readonly family: 'time'; readonly kind: string; readonly precision: number };

/**
 * Bits of whole numbers by their names. `int8` is left out, which is eight bits to one engine and eight bytes to another.
 */
const wholes: Readonly<Record<string, number>> = {
  tinyint: 8,
  byteint: 8,
  i8: 8,
  smallint: 16,
  int2: 16,
  int16: 16,
  short: 16,
  i16: 16,
  mediumint: 24,
  int: 32,
  integer: 32,
  int4: 32,
  int32: 32,
  signed: 32,
  serial: 32,
  i32: 32,
  bigint: 64,
  long: 64,
  int64: 64,
  bigserial: 64,
  i64: 64,
  hugeint: 128,
  int128: 128,
  i128: 128,
  utinyint: -8,
  uint8: -8,
  u8: -8,
  usmallint: -16,
  uint16: -16,
  u16: -16,
  uinteger: -32,
  uint32: -32,
  u32: -32,
  ubigint: -64,
  uint64: -64,
  u64: -64,
  uhugeint: -128,
  uint128: -128,
  u128: -128,
};

/** Bits of numbers with a floating point. */
const floats: Readonly<Record<string, number>> = {
  real: 32,
  float4: 32,
  float32: 32,
  f32: 32,
  double: 64,
  'double precision': 64,
  float8: 64,
  float64: 64,
  f64: 64,
};

const texts = /^(?:n?varchar2?|n?char|character(?: varying)?|bpchar|string|text|clob)$/;
const blobs = /^(?:var)?binary$|^bytes$|^bytea$|^blob$/;
const times = /^(timestamp|timestamptz|timestamp_ntz|timestamp_ltz|timestamp_tz|datetime2?|time)$/;

/** How a type that stands in the store lies to the one before: `other` where nobody can tell, so of names that are not known. */
export function shiftOfPhysical(before: string, after: string): Shift {
  if (spelt(before) === spelt(after)) return 'same';
  const [old, now] = [heldBy(before), heldBy(after)];
  return old && now ? shiftOf(isWithin(now, old), isWithin(old, now)) : 'other';
}

/** Of ODCS's logical types only whole numbers are values of another one, and a format says their width. */
export function shiftOfLogical(before: string, after: string): Shift {
  if (before === after) return 'same';
  if (before === 'integer' && after === 'number') return 'looser';
  return before === 'number' && after === 'integer' ? 'tighter' : 'other';
}

const spelt = (type: string): string =>
  type
    .trim()
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/\s*([(),<>])\s*/g, '$1');

function heldBy(type: string): Held | undefined {
  const [, name = '', written] = /^([a-z0-9_ ]+?)(?:\(([\d,]+|max)\))?$/.exec(spelt(type)) ?? [];
  const numbers = written === undefined || written === 'max' ? [] : written.split(',').map(Number);
  const [first, second] = numbers;
  const bits = wholes[name];
  if (bits !== undefined) return wholeOf(bits);
  if (floats[name] !== undefined) return { family: 'float', bits: floats[name] };
  if (/^(?:decimal|numeric|number|dec)$/.test(name) && first !== undefined)
    return { family: 'decimal', whole: first - (second ?? 0), scale: second ?? 0 };
  // A CHAR without a length has one character in some engines and any number in others, so it is any.
  if (texts.test(name)) return { family: 'text', length: first ?? Number.POSITIVE_INFINITY };
  if (blobs.test(name)) return { family: 'bytes', length: first ?? Number.POSITIVE_INFINITY };
  const kind = times.exec(name)?.[1];
  return kind !== undefined && first !== undefined ? { family: 'time', kind, precision: first } : undefined;
}

const wholeOf = (bits: number): Held =>
  bits < 0
    ? { family: 'whole', low: 0, high: 2 ** -bits - 1 }
    : { family: 'whole', low: -(2 ** (bits - 1)), high: 2 ** (bits - 1) - 1 };

/** Whether every value of the first is one of the second. */
function isWithin(inner: Held, outer: Held): boolean {
  if (inner.family === 'whole' && outer.family === 'whole') return outer.low <= inner.low && inner.high <= outer.high;
  if (inner.family === 'whole' && outer.family === 'decimal')
    return 10 ** outer.whole > Math.max(-inner.low, inner.high);
  // Doubles hold every whole number up to 2^53, single ones up to 2^24.
  if (inner.family === 'whole' && outer.family === 'float')
    return Math.max(-inner.low, inner.high) <= 2 ** (outer.bits === 64 ? 53 : 24);
  if (inner.family === 'float' && outer.family === 'float') return inner.bits <= outer.bits;
  if (inner.family === 'decimal' && outer.family === 'decimal')
    return inner.whole <= outer.whole && inner.scale <= outer.scale;
  if (inner.family === 'decimal' && outer.family === 'whole')
    return inner.scale === 0 && 10 ** inner.whole - 1 <= Math.min(-outer.low, outer.high);
  if ((inner.family === 'text' || inner.family === 'bytes') && inner.family === outer.family)
    return inner.length <= outer.length;
  if (inner.family === 'time' && outer.family === 'time')
    return inner.kind === outer.kind && inner.precision <= outer.precision;
  return false;
}
