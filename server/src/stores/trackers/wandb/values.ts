import type { Datum } from '../../../protocol';
import type { Items } from './record';

/** A value as W&B writes it: JSON with NaN, infinities and integers of any length, which stay what they are. */
export type Value = string | number | bigint | boolean | null | readonly Value[] | Values;
/** A map, since names come from others and `__proto__` is one. */
export type Values = Map<string, Value>;

/** What lies deeper stays one text. */
const DEEPEST = 50;
/** Stands before what JSON has no spelling for, while JSON is read. */
const mark = '\u0001';
const needsCare = /NaN|Infinity|\d{16}/;
const token = /"[^"\\]*(?:\\.[^"\\]*)*"|-?(?:Infinity|NaN|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/gs;

/** The text itself when it is no JSON. */
export function readValue(json: string): Value {
  try {
    return valued(JSON.parse(needsCare.test(json) ? json.replace(token, marked) : json), 0);
  } catch {
    return json;
  }
}

function marked(word: string): string {
  if (word.startsWith('"')) return word;
  const isExact = /^-?\d+$/.test(word) ? Number.isSafeInteger(Number(word)) : !/[NI]/.test(word);
  return isExact ? word : `"\\u0001${word}"`;
}

function valued(json: unknown, depth: number): Value {
  if (typeof json === 'string') return json.startsWith(mark) ? unmarked(json.slice(1)) : json;
  if (typeof json === 'number' || typeof json === 'boolean') return json;
  if (typeof json !== 'object' || json === null) return null;
  if (depth >= DEEPEST) return JSON.stringify(json).replaceAll('\\u0001', '');
  if (Array.isArray(json)) return json.map((item) => valued(item, depth + 1));
  return new Map(Object.entries(json).map(([key, value]) => [key, valued(value, depth + 1)]));
}

const unmarked = (word: string): Value => (/^-?\d+$/.test(word) ? BigInt(word) : Number(word));

/** Applies a change to what was known before it. */
export function change(values: Values, { update, remove }: Items): void {
  for (const { key, nestedKey, json } of update) {
    const path = nestedKey.length > 0 ? nestedKey : [key ?? ''];
    mapAt(values, path)?.set(path.at(-1) ?? '', readValue(json ?? 'null'));
  }
  for (const { key, nestedKey } of remove) {
    const path = nestedKey.length > 0 ? nestedKey : [key ?? ''];
    mapAt(values, path)?.delete(path.at(-1) ?? '');
  }
}

/** The map that holds the last name of a path; what stands in its way is replaced. Undefined for a path without end. */
function mapAt(values: Values, path: readonly string[]): Values | undefined {
  if (path.length > DEEPEST) return undefined;
  let here = values;
  for (const name of path.slice(0, -1)) {
    const found = here.get(name);
    const next: Values = found instanceof Map ? found : new Map();
    here.set(name, next);
    here = next;
  }
  return here;
}

/** W&B's own names begin so: `_wandb`, `_step`, `_runtime`. */
const isOurs = (name: string): boolean => !name.startsWith('_');

/** Names nested ones with dots, W&B's own left out. */
export function paramsOf(values: Values): Record<string, Datum> {
  const params: [string, Datum][] = [];
  eachLeaf(values, (name, value) => params.push([name, datumOf(value)]));
  return Object.fromEntries(params);
}

/** What is a number. A table or an image is described by numbers too, which are not figures of the run. */
export function metricsOf(values: Values): Record<string, number> {
  const metrics: [string, number][] = [];
  eachLeaf(values, (name, value) => {
    const number = numbered(value);
    if (number !== undefined) metrics.push([name, number]);
  });
  return Object.fromEntries(metrics);
}

const words: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

/** Older versions write what JSON cannot as a text. */
function numbered(value: Value): number | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  return typeof value === 'string' && Object.hasOwn(words, value) ? words[value] : undefined;
}

function eachLeaf(values: Values, take: (name: string, value: Value) => void, before = ''): void {
  for (const [name, value] of values) {
    if (before === '' && !isOurs(name)) continue;
    if (!(value instanceof Map)) take(before + name, value);
    else if (!value.has('_type')) eachLeaf(value, take, `${before}${name}.`);
  }
}

/** Numbers that JSON lacks become their spelling. */
export function datumOf(value: Value): Datum {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (Array.isArray(value)) return value.map(datumOf);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, inner]) => [key, datumOf(inner)]));
  return value as string | boolean | null;
}
