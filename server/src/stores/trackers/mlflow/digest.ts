import { createHash } from 'node:crypto';

/** A column as pandas would hold it: `int` is int64, `float` is float64. Values without gaps. */
export type DigestColumn =
  | { readonly name: string; readonly type: 'int'; readonly values: readonly (number | bigint)[] }
  | { readonly name: string; readonly type: 'float'; readonly values: readonly number[] }
  | { readonly name: string; readonly type: 'string'; readonly values: readonly string[] };

/** MLflow looks at no more rows than this (mlflow/data/digest_utils.py). */
const MAX_ROWS = 10_000;

/**
 * MLflow's digest of a pandas dataset, 8 hex digits: of the first 10,000 rows, the number of rows, and the columns' names.
 * Columns as the file orders them. An equal digest says that those may well be the same; another one says nothing, since it
 * depends on the types that pandas took.
 */
export function pandasDigest(columns: readonly DigestColumn[], rowCount: number): string {
  const rows = Math.min(rowCount, MAX_ROWS);
  const hashes = [...columns]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((column) => column.values.slice(0, rows).map(hasherOf(column)));
  const bytes = Buffer.alloc(rows * 8 + 8);
  for (let row = 0; row < rows; row++) {
    const own = hashes.map((hash) => hash[row] ?? 0n);
    bytes.writeBigUInt64LE(combined([...own, mix(BigInt(row))]), row * 8);
  }
  bytes.writeBigInt64LE(BigInt(rowCount), rows * 8);
  const md5 = createHash('md5').update(bytes);
  for (const { name } of columns) md5.update(name, 'utf8');
  return md5.digest('hex').slice(0, 8);
}

const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);

function hasherOf({ type }: DigestColumn): (value: string | number | bigint) => bigint {
  if (type === 'int') return (value) => mix(u64(BigInt(value)));
  if (type === 'float') return (value) => mix(bitsOf(Number(value)));
  // Text columns repeat themselves, and a keyed hash of each takes a while.
  const known = new Map<string, bigint>();
  return (value) => {
    const text = String(value);
    const hash = known.get(text) ?? mix(sipHash(Buffer.from(text, 'utf8')));
    known.set(text, hash);
    return hash;
  };
}

const scratch = new DataView(new ArrayBuffer(8));

function bitsOf(value: number): bigint {
  scratch.setFloat64(0, value);
  return scratch.getBigUint64(0);
}

/** The finaliser of SplitMix64, as pandas.core.util.hashing applies it to every value. */
function mix(value: bigint): bigint {
  let x = value;
  x = u64((x ^ (x >> 30n)) * 0xbf58476d1ce4e5b9n);
  x = u64((x ^ (x >> 27n)) * 0x94d049bb133111ebn);
  return x ^ (x >> 31n);
}

/** One hash of a row, by `combine_hash_arrays` of pandas, which took it from Python's tuples. */
function combined(hashes: readonly bigint[]): bigint {
  let out = 0x345678n;
  let factor = 1_000_003n;
  hashes.forEach((hash, index) => {
    out = u64((out ^ hash) * factor);
    factor = u64(factor + 82_520n + 2n * BigInt(hashes.length - index));
  });
  return u64(out + 97_531n);
}

/** The key that pandas hashes texts with. */
const KEY = Buffer.from('0123456789123456');

const turned = (value: bigint, by: bigint): bigint => u64(value << by) | (value >> (64n - by));

/** SipHash-2-4 (Aumasson and Bernstein, 2012). */
function sipHash(text: Buffer): bigint {
  const low = KEY.readBigUInt64LE(0);
  const high = KEY.readBigUInt64LE(8);
  let a = low ^ 0x736f6d6570736575n;
  let b = high ^ 0x646f72616e646f6dn;
  let c = low ^ 0x6c7967656e657261n;
  let d = high ^ 0x7465646279746573n;
  const round = () => {
    a = u64(a + b);
    b = turned(b, 13n) ^ a;
    a = turned(a, 32n);
    c = u64(c + d);
    d = turned(d, 16n) ^ c;
    a = u64(a + d);
    d = turned(d, 21n) ^ a;
    c = u64(c + b);
    b = turned(b, 17n) ^ c;
    c = turned(c, 32n);
  };
  const take = (word: bigint) => {
    d ^= word;
    round();
    round();
    a ^= word;
  };
  const whole = text.length - (text.length % 8);
  for (let at = 0; at < whole; at += 8) take(text.readBigUInt64LE(at));
  const last = Buffer.alloc(8);
  text.copy(last, 0, whole);
  last[7] = text.length & 0xff;
  take(last.readBigUInt64LE(0));
  c ^= 0xffn;
  for (let times = 0; times < 4; times++) round();
  return a ^ b ^ c ^ d;
}
