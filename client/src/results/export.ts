import { ALL_COLUMNS, type DriftColumn, type StoredResult } from '../../../server/src/protocol';
import { htmlReport } from './html-report';

/** A result as a file: the whole report as JSON, its table as CSV, or a page to be read as HTML. */
export function exported(result: StoredResult, format: 'json' | 'csv' | 'html'): string {
  const { kind, report } = result;
  if (format === 'html') return htmlReport(result);
  if (format === 'json') return `${JSON.stringify(report, undefined, 2)}\n`;
  return kind === 'check' && report.verb === 'check'
    ? csv(report.checks)
    : report.verb === 'drift'
      ? csv(report.columns.map(flat))
      : '';
}

/** Segment and window in words, since they say which row it is. */
function flat({ column, segment, window, ...figures }: DriftColumn): object {
  const words = Object.entries(segment ?? {}).map(([name, value]) => `${name} = ${value ?? 'no value'}`);
  return {
    column: column ?? ALL_COLUMNS,
    segment: segment === null ? null : words.join(', '),
    windowStart: window?.start ?? null,
    windowEnd: window?.end ?? null,
    ...figures,
  };
}

/** One row an object, its plain values only: what is nested has no place in a table. */
function csv(rows: readonly object[]): string {
  const [first] = rows;
  if (!first) return '';
  const names = Object.entries(first)
    .filter(([, value]) => typeof value !== 'object' || value === null)
    .map(([name]) => name);
  const line = (values: readonly unknown[]) => values.map(field).join(',');
  return [line(names), ...rows.map((row) => line(names.map((name) => (row as Record<string, unknown>)[name])))]
    .join('\r\n')
    .concat('\r\n');
}

/** RFC 4180, with a leading apostrophe where a spreadsheet would take a value for a formula. */
function field(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const safe = typeof value === 'string' && /^[=+@\t\r-]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
