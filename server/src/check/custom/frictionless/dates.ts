import type { FieldSpec } from '../../../contract/frictionless';
import { text } from '../../../sql/fragment';
import type { Reading } from './reading';

const day = '[0-9]{4}-(?:1[0-2]|0[1-9]|[1-9])-(?:3[01]|[12][0-9]|0[1-9]|[1-9])';
const clock = '[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]+)?';
const zone = '(?:[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?';

const matched = (cell: string, pattern: string): string => `regexp_full_match(${cell}, ${text(pattern)})`;

/** The engine's own reading takes a point before the parts of a second, and a zone with its minutes. */
const asEngine = (cell: string): string =>
  `regexp_replace(regexp_replace(replace(${cell}, ',', '.'), '[Zz]$', '+00:00'), '([+-][0-9]{2}):?([0-9]{2})?$', '\\1:\\2')`;

const moment = (cell: string): string => `TRY_CAST(concat(left(${cell}, 10), ' ', substr(${cell}, 12)) AS TIMESTAMPTZ)`;

/** The formats that a field has when it names none: ISO 8601, as far as frictionless takes it. */
const plain: Readonly<Record<string, Reading>> = {
  date: {
    reads: (cell) => `(${matched(cell, day)} AND try_strptime(${cell}, '%Y-%m-%d') IS NOT NULL)`,
    value: (cell) => `CAST(try_strptime(${cell}, '%Y-%m-%d') AS DATE)`,
  },
  datetime: {
    reads: (cell) => `(${matched(cell, `[0-9]{4}-[0-9]{2}-[0-9]{2}.${clock}${zone}`)} AND ${moment(cell)} IS NOT NULL)`,
    value: (cell) => `CAST(${moment(cell)} AS TIMESTAMP)`,
  },
  time: {
    reads: (cell) => `(${matched(cell, `${clock}${zone}`)} AND TRY_CAST(left(${cell}, 8) AS TIME) IS NOT NULL)`,
    value: (cell) => `TRY_CAST(regexp_extract(${asEngine(cell)}, '^[0-9:.]+') AS TIME)`,
  },
};

/** What Python's strptime takes for each directive that the engine reads alike. */
const directives: Readonly<Record<string, string>> = {
  '%Y': '[0-9]{4}',
  '%y': '[0-9]{2}',
  '%m': '(?:1[0-2]|0[1-9]|[1-9])',
  '%d': '(?:3[01]|[12][0-9]|0[1-9]|[1-9])',
  '%H': '(?:2[0-3]|[01][0-9]|[0-9])',
  '%I': '(?:1[0-2]|0[1-9]|[1-9])',
  '%M': '(?:[0-5][0-9]|[0-9])',
  '%S': '(?:6[01]|[0-5][0-9]|[0-9])',
  '%f': '[0-9]{1,6}',
  '%j': '(?:36[0-6]|3[0-5][0-9]|[12][0-9]{2}|0[1-9][0-9]|00[1-9]|[1-9][0-9]|0[1-9]|[1-9])',
  '%b': '[A-Za-z]{3}',
  '%B': '[A-Za-z]+',
  '%a': '[A-Za-z]{3}',
  '%A': '[A-Za-z]+',
  '%p': '(?i:am|pm)',
  '%%': '%',
};

const escaped = (part: string): string => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/\s+/g, '\\s+');

function patternOf(format: string): string | undefined {
  const parts = format.match(/%.|[^%]+/gs) ?? [];
  const written = parts.map((part) => (part.startsWith('%') ? directives[part] : escaped(part)));
  return written.includes(undefined) ? undefined : written.join('');
}

const casts: Readonly<Record<string, string>> = { date: 'DATE', datetime: 'TIMESTAMP', time: 'TIME' };

/** A date, a moment or a time of day in the format of its field, or why it is not read here. */
export function dateReading({ type, format }: FieldSpec): Reading | string {
  if (format === 'default') return plain[type] ?? `"${type}" has no format.`;
  if (format === 'any') return 'What "format: any" takes is guessed by dateutil, a package of Python.';
  const pattern = patternOf(format);
  if (pattern === undefined) return `The format "${format}" has a directive that is not read here.`;
  const read = (cell: string) => `try_strptime(${cell}, ${text(format)})`;
  return {
    reads: (cell) => `(${matched(cell, pattern)} AND ${read(cell)} IS NOT NULL)`,
    value: (cell) => `CAST(${read(cell)} AS ${casts[type] ?? 'TIMESTAMP'})`,
  };
}
