import type { Datum, DriftColumn, StoredResult } from '../../server/src/protocol';

type Drift = Extract<StoredResult, { kind: 'drift' }>;

const day = 86_400_000;
/** The windows are weeks from here on. */
const start = Date.UTC(2013, 5, 1);
const time = (week: number) => new Date(start + week * 7 * day).toISOString();
const threeDigits = (value: number) => Number(value.toPrecision(3));

/** How much of its whole drift a column shows in a window: it rises to all of it, from a week on that differs by column. */
function part(index: number, week: number, weeks: number): number {
  const from = 2 + ((index * 5) % weeks);
  const wave = 0.35 + 0.15 * Math.sin(index + week * 1.7);
  return week < from ? wave : Math.min(1.6, 0.9 + 0.12 * (week - from) + wave * 0.3);
}

/** A column in a part of the data: the same shape, `factor` times its statistic. */
function scaled(column: DriftColumn, factor: number, rows: number, where: Partial<DriftColumn>): DriftColumn {
  if (typeof column.statistic !== 'number' || column.threshold === null)
    return { ...column, current: { ...column.current, rows }, ...where };
  const statistic = threeDigits(column.statistic * factor);
  const pValue = typeof column.pValue === 'number' ? Math.min(1, column.pValue ** factor) : column.pValue;
  const byP = column.decidedBy === 'pValue';
  const drifted = byP ? Number(pValue) <= column.threshold : statistic >= column.threshold;
  return { ...column, statistic, pValue, drifted, current: { ...column.current, rows }, ...where };
}

/** The result with a row a column for each of so many weeks. */
export function withWindows(result: Drift, weeks: number): Drift {
  const { columns } = result.report;
  const rows = columns.flatMap((column, index) =>
    Array.from({ length: weeks }, (_, week) =>
      scaled(column, part(index, week, weeks), Math.round(column.current.rows / weeks), {
        window: { column: 'time_hour', start: time(week), end: time(week + 1) },
      }),
    ),
  );
  return { ...result, report: { ...result.report, columns: [...columns, ...rows] } };
}

/** The result with a row a column for each value of a segment; the first of them drift most. */
export function withSegments(result: Drift, name: string, values: readonly Datum[]): Drift {
  const { columns } = result.report;
  const whole = columns.filter(({ window }) => window === null);
  const rows = values.flatMap((value, at) =>
    whole.map((column) =>
      scaled(column, 1.5 / (1 + at), Math.round(column.current.rows / (at + 2)), { segment: { [name]: value } }),
    ),
  );
  return { ...result, report: { ...result.report, columns: [...columns, ...rows] } };
}
