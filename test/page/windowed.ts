import type { Datum, DriftColumn, DriftDiagnosis, StoredResult } from '../../server/src/protocol';

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

/** Why the sample drifted, one of each kind. */
export const diagnosis: DriftDiagnosis = {
  columns: [
    { column: 'flight', drifted: true, effect: 34.9, contribution: 0.61, moved: 'median 1,493 → 1,463' },
    { column: 'month', drifted: true, effect: 6, contribution: 0.11, moved: 'every value 1 → 7' },
    { column: 'hour', drifted: false, effect: 0.3, contribution: 0.01, moved: null },
  ],
  segments: [
    { column: 'dep_delay', segment: { origin: 'EWR' }, contribution: 0.62, share: 0.36, drifted: true, moved: null },
  ],
  starts: [{ column: 'dep_delay', since: '2013-06-15T00:00:00.000Z', estimate: null, windows: 10 }],
  dependencies: [
    { columns: ['dep_delay', 'arr_delay'], measure: 'pearson', reference: 0.91, current: 0.42, pValue: 1e-9 },
  ],
  missing: [{ column: 'dep_time', reference: 0.0193, current: 0.0319, pValue: 1e-9, adjustedPValue: 1e-8 }],
  range: [
    { column: 'arr_delay', low: -70, high: 1272, below: 3, above: 0, share: 0.0001, smallest: -86, largest: 989 },
  ],
  roles: [{ role: 'target', column: 'arr_delay', drifted: true, moved: 'median −3 → −2' }],
};
