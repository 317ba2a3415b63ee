import { ALL_COLUMNS, type CheckReport, type DriftColumn } from '../protocol';
import { Unreadable } from '../world';
import { comparisonOf, type Format, type Report } from './format';

/** The checks of a report, or the columns of a comparison, as a table. Throws `Unreadable` for any other report. */
export const csv: Format = {
  id: 'csv',
  write: (report) =>
    report.verb === 'check' ? table(checksOf(report)) : table(comparisonOf(report, 'CSV').columns.map(flat)),
};

function checksOf(report: Extract<Report, { verb: 'check' }>): CheckReport['checks'] {
  if (!('runs' in report)) return report.checks;
  throw new Unreadable('CSV has a shape for the checks of one contract only. Use --format json for this report.', '');
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
function table(rows: readonly object[]): string {
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
