import { text as literalText } from '../sql/fragment';
import { strptimeOf } from './date-format';

export type LogicalType =
  | 'string'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'date'
  | 'timestamp'
  | 'time'
  | 'object'
  | 'array'
  | 'map'
  | 'vector';

/** What kind of value a physical type of any store holds. */
export type Family =
  | 'string'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'date'
  | 'timestamp'
  | 'time'
  | 'object'
  | 'array'
  | 'map'
  | 'json'
  | 'binary';

/** Names of types in DuckDB, Parquet and the stores that contracts name; the first that fits counts. */
const families: readonly (readonly [RegExp, Family])[] = [
  [/\[\d*\]$|^(array|list)\b/i, 'array'],
  [/^(struct|row|record|object)\b/i, 'object'],
  [/^map\b/i, 'map'],
  [/^(jsonb?|variant|super)\b/i, 'json'],
  [/^(decimal|numeric|number)\s*\(\s*\d+\s*(,\s*0\s*)?\)/i, 'integer'],
  [/^u?(tiny|small|medium|big|huge|byte)?int(eger)?\d*\b|^(long|short|byte|(big|small)?serial)$/i, 'integer'],
  [/^(decimal|numeric|number|bignumeric|float\d*|double|real|(small)?money)\b/i, 'number'],
  [/^(bool|boolean|bit)\b/i, 'boolean'],
  [/^(timestamp|datetime|smalldatetime)/i, 'timestamp'],
  [/^date\b/i, 'date'],
  [/^time/i, 'time'],
  [/^(blob|(var)?binary|bytea|bytes)\b/i, 'binary'],
  [/^(national )?(n?var)?n?char|^(n?text|string|uuid|enum|clob|character|citext|utf8|large_string)\b/i, 'string'],
];

/** The family of a type as a store or a contract writes it; undefined for a word that none of them uses. */
export const familyOf = (type: string): Family | undefined =>
  families.find(([pattern]) => pattern.test(type.trim()))?.[1];

const stored: Readonly<Record<LogicalType, readonly Family[]>> = {
  string: ['string', 'binary'],
  integer: ['integer'],
  number: ['number', 'integer'],
  boolean: ['boolean'],
  date: ['date'],
  timestamp: ['timestamp'],
  time: ['time'],
  object: ['object', 'map', 'json'],
  map: ['map', 'object', 'json'],
  array: ['array', 'json'],
  vector: ['array', 'json'],
};

const isLogicalType = (word: string | undefined): word is LogicalType => word !== undefined && word in stored;

/** Whether a column stored as `family` can hold values of the logical type without any conversion. */
export const fits = (family: Family | undefined, logical: LogicalType): boolean =>
  family === undefined || stored[logical].includes(family);

/** The logical type that holds what a physical type names, for contracts that give only the latter. */
const logicalOf: Partial<Readonly<Record<Family, LogicalType>>> = {
  string: 'string',
  integer: 'integer',
  number: 'number',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
  time: 'time',
  object: 'object',
  array: 'array',
  map: 'map',
};

export function logicalTypeOf(logical: string | undefined, physical: string | undefined): LogicalType | undefined {
  if (isLogicalType(logical)) return logical;
  const family = physical === undefined ? undefined : familyOf(physical);
  return family && logicalOf[family];
}

/** Widths past 64 bits need a wider type than whole numbers otherwise get. */
const wide: ReadonlySet<unknown> = new Set(['u64', 'i128', 'u128']);

const jsonOf = (text: string, type: string): string =>
  `CASE WHEN json_valid(${text}) AND json_type(${text}) = '${type}' THEN CAST(${text} AS JSON) END`;

/** A cast that cuts: what it cuts off shows when a wider type is compared with it. */
const exactly = (text: string, type: string, wider: string): string =>
  `CASE WHEN TRY_CAST(${text} AS ${wider}) = TRY_CAST(${text} AS ${type}) THEN TRY_CAST(${text} AS ${type}) END`;

/** A text may say its zone, which is heeded: all moments are compared in UTC. */
const conversions: Readonly<Record<LogicalType, (text: string, format: unknown, physical?: string) => string>> = {
  string: (text) => text,
  integer: (text, format) => exactly(text, wide.has(format) ? 'HUGEINT' : 'BIGINT', 'DOUBLE'),
  number: (text, _, physical) => `TRY_CAST(${text} AS ${decimalOf(physical) ?? 'DOUBLE'})`,
  boolean: (text) => `TRY_CAST(${text} AS BOOLEAN)`,
  date: (text, format) => dated(text, format) ?? exactly(text, 'DATE', 'TIMESTAMP'),
  timestamp: (text, format) => dated(text, format) ?? `CAST(TRY_CAST(${text} AS TIMESTAMPTZ) AS TIMESTAMP)`,
  time: (text) => `TRY_CAST(${text} AS TIME)`,
  object: (text) => jsonOf(text, 'OBJECT'),
  map: (text) => jsonOf(text, 'OBJECT'),
  array: (text) => jsonOf(text, 'ARRAY'),
  vector: (text) => jsonOf(text, 'ARRAY'),
};

/** SQL that gives the value of a text, NULL for a text that is no value of the type. Never fails on a row. */
export const conversion = (text: string, logical: LogicalType, format: unknown, physical?: string): string =>
  conversions[logical](text, format, physical);

/** A decimal of more digits than a double keeps; undefined for all other types. */
function decimalOf(physical: string | undefined): string | undefined {
  const [, digits = '0', scale = '0'] =
    /^(?:decimal|numeric)\s*\(\s*(\d+)\s*,\s*(\d+)\s*\)$/i.exec(physical ?? '') ?? [];
  return Number(digits) > 15 && Number(digits) <= 38 && Number(scale) <= Number(digits)
    ? `DECIMAL(${digits}, ${scale})`
    : undefined;
}

function dated(text: string, format: unknown): string | undefined {
  const pattern = typeof format === 'string' ? strptimeOf(format) : undefined;
  if (pattern === undefined) return undefined;
  const moment = `try_strptime(${text}, ${literalText(pattern)})`;
  return /%[HIMSfg]/.test(pattern) ? moment : `CAST(${moment} AS DATE)`;
}
