import { type FieldSpec, fieldOf } from '../../../contract/frictionless';
import { text } from '../../../sql/fragment';
import { familyOf } from '../../logical-type';
import type { Field, Source } from '../../source';
import { dateReading } from './dates';
import type { Reading } from './reading';

/** How frictionless reads the cells of a column, in SQL. */
export interface Cells {
  readonly field: Field;
  /** True where there is a value at all. Never NULL. */
  readonly present: string;
  /** True where the value can be read. Never NULL where `present`. */
  readonly reads: string;
  /** The value, NULL where there is none or where it cannot be read. */
  readonly value: string;
  /** The value of a text of the author's, read by the same rules. */
  readonly valueOf: (written: string) => string;
  /** Whether the values are numbers, of which one may be none. */
  readonly isNumber: boolean;
  /** The length that `minLength` is about. */
  readonly length: string;
}

/** Cells of a column, or why Plumbline cannot read them as frictionless does. */
export function cellsOf(field: Field, spec: FieldSpec): Cells | string {
  const { untyped } = field;
  // In a file of text an empty cell is an empty text, whatever stands for no value.
  const cell = untyped ? `coalesce(${field.text}, '')` : field.text;
  const missing = spec.missing.length === 0 ? 'false' : `${cell} IN (${spec.missing.map(text).join(', ')})`;
  const present = untyped ? `NOT (${missing})` : `(${field.stored} IS NOT NULL AND NOT (${missing}))`;
  const reading = isText(field) ? textReading(spec) : typedReading(field, spec);
  if (typeof reading === 'string') return reading;
  const reads = `coalesce(${reading.reads(cell)}, false)`;
  return {
    field,
    present,
    reads,
    value: `CASE WHEN ${present} AND ${reads} THEN ${reading.value(cell)} END`,
    valueOf: (written) => {
      const own = textReading(spec);
      if (typeof own === 'string') return 'NULL';
      return `CASE WHEN coalesce(${own.reads(text(written))}, false) THEN ${own.value(text(written))} END`;
    },
    isNumber: spec.type === 'number',
    length: lengthOf(spec, cell),
  };
}

const isText = ({ type, untyped }: Field): boolean => untyped || familyOf(type) === 'string' || type === 'JSON';

function lengthOf({ type, delimiter = ',' }: FieldSpec, cell: string): string {
  if (type === 'array') return `CASE WHEN json_valid(${cell}) THEN json_array_length(${cell}) END`;
  if (type === 'object') return `CASE WHEN json_valid(${cell}) THEN len(json_keys(${cell})) END`;
  if (type === 'list') return `len(str_split(${cell}, ${text(delimiter)}))`;
  return `length(${cell})`;
}

const matches = (cell: string, pattern: string): string => `regexp_full_match(${cell}, ${text(pattern)})`;

/** Python takes white space around a number, and a line between two digits. */
const digits = '[0-9]+(?:_[0-9]+)*';
const whole = `[\\s]*[+-]?${digits}[\\s]*`;
const bareText = (cell: string): string => `replace(trim(${cell}, E' \\t\\n\\r\\f\\v'), '_', '')`;

const always: Reading = { reads: () => 'true', value: (cell) => cell };

/** What is left of a number when currencies, percent signs and the like are taken off both its ends. */
const unwrapped = (cell: string): string =>
  `regexp_replace(regexp_replace(trim(${cell}), '^[^-0-9]*', ''), '[^0-9]*$', '')`;

function integers({ bareNumber = true }: FieldSpec): Reading {
  const bare = (cell: string) => (bareNumber ? cell : unwrapped(cell));
  return {
    reads: (cell) => matches(bare(cell), whole),
    value: (cell) => `TRY_CAST(${bareText(bare(cell))} AS HUGEINT)`,
  };
}

const decimal =
  '[+-]?(?:(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[iI][nN][fF](?:[iI][nN][iI][tT][yY])?|[nN][aA][nN])';

function numbers({ bareNumber = true, decimalChar, groupChar }: FieldSpec): Reading {
  const bare = (cell: string) => {
    const trimmed = bareNumber ? `trim(${cell}, E' \\t\\n\\r\\f\\v')` : unwrapped(cell);
    const grouped = groupChar ? `replace(${trimmed}, ${text(groupChar)}, '')` : trimmed;
    const pointed =
      decimalChar && decimalChar !== '.'
        ? `CASE WHEN contains(${grouped}, '.') THEN 'no number' ELSE replace(${grouped}, ${text(decimalChar)}, '.') END`
        : grouped;
    return `replace(${pointed}, '_', '')`;
  };
  return { reads: (cell) => matches(bare(cell), decimal), value: (cell) => `TRY_CAST(${bare(cell)} AS DOUBLE)` };
}

function booleans({ trueValues, falseValues }: FieldSpec): Reading {
  const yes = (trueValues ?? ['true', 'True', 'TRUE', '1']).map(text).join(', ');
  const no = (falseValues ?? ['false', 'False', 'FALSE', '0']).map(text).join(', ');
  const among = (cell: string, words: string) => (words === '' ? 'false' : `${cell} IN (${words})`);
  return {
    reads: (cell) => `(${among(cell, yes)} OR ${among(cell, no)})`,
    // A word of both lists is the one that is read last.
    value: (cell) => `CASE WHEN ${among(cell, no)} THEN false WHEN ${among(cell, yes)} THEN true END`,
  };
}

const label = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const atom = "[\\x{00A0}-\\x{024F}0-9A-Za-z!#$%&'*+/=?^_`{}|~-]+";
const email = `${atom}(?:\\.${atom})*@(?:${label}\\.)+[A-Za-z0-9][A-Za-z0-9_-]{0,61}[A-Za-z]`;

/** The formats of a string, as the packages that frictionless asks take them. */
const strings: Readonly<Record<string, Reading['reads']>> = {
  email: (cell) => `(${matches(cell, email)} AND strpos(${cell}, '@') <= 65)`,
  uri: (cell) => `regexp_matches(${cell}, '^[A-Za-z][A-Za-z0-9+.-]*:')`,
  uuid: (cell) =>
    matches(`replace(trim(replace(replace(${cell}, 'urn:', ''), 'uuid:', ''), '{}'), '-', '')`, '[0-9a-fA-F]{32}'),
  binary: (cell) =>
    `(${matches(cell, '[\\x00-\\x7F]*')} AND ${matches(
      `regexp_replace(${cell}, '[^A-Za-z0-9+/=]', '', 'g')`,
      '(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?',
    )})`,
};

const parsed = (kind: 'OBJECT' | 'ARRAY'): Reading => ({
  reads: (cell) => `CASE WHEN json_valid(${cell}) THEN json_type(${cell}) = '${kind}' ELSE false END`,
  value: (cell) => `CAST(CAST(${cell} AS JSON) AS VARCHAR)`,
});

/** Longitude, then latitude, each within the globe. */
function points({ format }: FieldSpec): Reading {
  const [first, second] = pointForms[format] ?? pointForms.default ?? [];
  const part = (cell: string, of: ((cell: string) => string) | undefined) => `TRY_CAST(${of?.(cell)} AS DOUBLE)`;
  return {
    reads: (cell) => `(abs(${part(cell, first)}) <= 180 AND abs(${part(cell, second)}) <= 90)`,
    value: (cell) => `concat(${part(cell, first)}, ',', ${part(cell, second)})`,
  };
}

/** A part of a JSON value that has two, no more. */
const jsonPart =
  (path: string, count: string) =>
  (cell: string): string =>
    `CASE WHEN json_valid(${cell}) AND ${count.replace('cell', () => cell)} = 2 THEN json_extract_string(${cell}, '${path}') END`;

const pointForms: Readonly<Record<string, readonly ((cell: string) => string)[]>> = {
  default: [1, 2].map(
    (place) => (cell) => `CASE WHEN len(str_split(${cell}, ',')) = 2 THEN trim(split_part(${cell}, ',', ${place})) END`,
  ),
  array: ['$[0]', '$[1]'].map((path) => jsonPart(path, 'json_array_length(cell)')),
  object: ['$.lon', '$.lat'].map((path) => jsonPart(path, 'len(json_keys(cell))')),
};

const months = (cell: string): string => `TRY_CAST(${bareText(`regexp_extract(${cell}, '-([^-]*)$', 1)`)} AS BIGINT)`;

const yearmonths: Reading = {
  reads: (cell) =>
    `(${matches(cell, `\\s*\\+?${digits}\\s*-\\s*\\+?${digits}\\s*`)} AND ${months(cell)} BETWEEN 1 AND 12)`,
  value: (cell) => `TRY_CAST(${bareText(`regexp_extract(${cell}, '^([^-]*)-', 1)`)} AS BIGINT) * 12 + ${months(cell)}`,
};

const years: Reading = {
  reads: (cell) => `(length(${cell}) = 4 AND ${matches(cell, `\\s*\\+?${digits}\\s*`)})`,
  value: (cell) => `TRY_CAST(${bareText(cell)} AS BIGINT)`,
};

const figure = '[0-9]+(?:[,.][0-9]+)?';
const time = `T(?:${figure}H)?(?:${figure}M)?(?:${figure}S)?`;
const period = `[+-]?P(?:(?:${figure}Y)(?:${figure}M)?(?:${figure}W)?(?:${figure}D)?(?:${time})?|(?:${figure}M)(?:${figure}W)?(?:${figure}D)?(?:${time})?|(?:${figure}W)(?:${figure}D)?(?:${time})?|(?:${figure}D)(?:${time})?|${time})`;

const durations: Reading = { reads: (cell) => matches(cell, period), value: (cell) => cell };

function lists({ delimiter = ',', itemType = 'string' }: FieldSpec): Reading | string {
  const item = textReading({ name: '', type: itemType, format: 'default', missing: [] });
  if (typeof item === 'string') return item;
  if (itemType === 'string') return always;
  const parts = (cell: string) => `str_split(${cell}, ${text(delimiter)})`;
  return {
    reads: (cell) => `list_bool_and([coalesce(${item.reads('part')}, false) FOR part IN ${parts(cell)}])`,
    value: (cell) => cell,
  };
}

const readings: Readonly<Record<string, (spec: FieldSpec) => Reading | string>> = {
  any: () => always,
  string: ({ format }) => {
    if (format === 'wkt') return 'Well-known text of geometries is not parsed here.';
    const reads = strings[format];
    return reads ? { reads, value: (cell) => cell } : always;
  },
  integer: integers,
  number: numbers,
  boolean: booleans,
  date: dateReading,
  datetime: dateReading,
  time: dateReading,
  year: () => years,
  yearmonth: () => yearmonths,
  duration: () => durations,
  object: () => parsed('OBJECT'),
  array: () => parsed('ARRAY'),
  geojson: () => 'GeoJSON is not held against its own schema here.',
  geopoint: points,
  list: lists,
};

const textReading = (spec: FieldSpec): Reading | string => (readings[spec.type] ?? (() => always))(spec);

/** Families of a typed file's columns that a type takes as they are. */
const taken: Readonly<Record<string, readonly string[]>> = {
  integer: ['integer'],
  number: ['integer', 'number'],
  boolean: ['boolean'],
  date: ['date'],
  datetime: ['timestamp'],
  time: ['time'],
  year: ['integer'],
  object: ['object', 'map'],
  array: ['array'],
};

/** A typed value is no text: whatever is not of the type cannot be read as one, but for whole numbers and midnights. */
function typedReading({ type, stored }: Field, spec: FieldSpec): Reading | string {
  const family = familyOf(type) ?? '';
  const own = (reads: string): Reading => ({ reads: () => reads, value: () => stored });
  if (spec.type === 'any' || (taken[spec.type] ?? []).includes(family))
    return own(spec.type === 'year' ? `(${stored} BETWEEN 0 AND 9999)` : 'true');
  if (spec.type === 'integer' && family === 'number')
    return own(`(${stored} = floor(${stored}) AND isfinite(${stored}))`);
  if (spec.type === 'date' && family === 'timestamp') return own(`(CAST(${stored} AS TIME) = TIME '00:00:00')`);
  return own('false');
}

/** The cells of the table's columns as the header pairs them. */
export type Pairing = (name: string) => Cells | string | undefined;

/**
 * Finds what stands in the data under a field: by place when the schema has to be exactly the header, else by name. Letter
 * case counts.
 */
export function pairingOf(source: Source, isByPlace: boolean): Pairing {
  const { table, columns } = source;
  return (name) => {
    const index = table.columns.findIndex((column) => column.name === name);
    const column = table.columns[index];
    if (!column) return undefined;
    const found = isByPlace ? columns[index] : columns.find((one) => one.name === name);
    const field = found && source.named(found.name);
    return field && cellsOf({ ...field, column }, fieldOf(column));
  };
}
