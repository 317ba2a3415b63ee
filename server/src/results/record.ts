import type { CheckLimit, CheckReport, CheckResult, PastCheck, PastRun } from '../protocol';

/** What the history keeps of a report; `refOf` says how the data are called there. */
export function pastRunOf(
  report: CheckReport,
  { id, by, refOf }: Pick<PastRun, 'id' | 'by'> & { refOf(data: CheckReport['data'][number]): string },
): PastRun {
  return {
    id,
    startedAt: report.startedAt,
    by,
    contractVersion: report.contract.version,
    data: report.data.map((data) => ({ table: data.table, ref: refOf(data), rows: data.rows })),
    summary: report.summary,
    checks: Object.fromEntries(report.checks.map((check) => [check.id, pastCheckOf(check)])),
  };
}

/** What the history keeps of a check. */
export function pastCheckOf(check: CheckResult): PastCheck {
  const { status, unexpectedCount, rows } = check;
  const counts = {
    ...(unexpectedCount === null ? {} : { unexpected: unexpectedCount }),
    ...(rows === null ? {} : { rows }),
  };
  if (check.limit) {
    const { figure, threshold, breaks } = check.limit;
    return {
      status,
      value: finite(figure),
      ...counts,
      ...(breaks === 'above' ? { high: threshold } : { low: threshold }),
    };
  }
  const figure = figureOf(check.observed);
  if (check.limits && figure !== null) return { status, value: figure, ...counts, ...boundsOf(check.limits) };
  return { status, value: unexpectedCount ?? figure, ...counts };
}

/** The number that was observed; of several, the one that the verdict used. */
function figureOf(observed: CheckResult['observed']): number | null {
  if (typeof observed !== 'object' || observed === null) return finite(observed);
  return typeof observed.used === 'string' ? finite(observed[observed.used]) : null;
}

const finite = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);

/** The ends of what the limits allow, where that is one stretch: a figure that must not be something has none. */
function boundsOf(limits: readonly CheckLimit[]): Pick<PastCheck, 'low' | 'high' | 'isPercent' | 'inDays'> {
  const ends = limits.map(({ operator, values }) => {
    const [first, last] = [values[0], values.at(-1)];
    return { low: lows.has(operator) ? first : undefined, high: highs.has(operator) ? last : undefined };
  });
  const low = ends.flatMap((end) => end.low ?? []);
  const high = ends.flatMap((end) => end.high ?? []);
  return {
    ...(low.length > 0 ? { low: Math.max(...low) } : {}),
    ...(high.length > 0 ? { high: Math.min(...high) } : {}),
    ...(limits.some(({ unit }) => unit === 'percent') ? { isPercent: true } : {}),
    ...(limits.some(({ unit }) => unit === 'days') ? { inDays: true } : {}),
  };
}

type Operators = ReadonlySet<CheckLimit['operator']>;
const lows: Operators = new Set(['mustBe', 'mustBeGreaterThan', 'mustBeGreaterOrEqualTo', 'mustBeBetween']);
const highs: Operators = new Set(['mustBe', 'mustBeLessThan', 'mustBeLessOrEqualTo', 'mustBeBetween']);

/** Version of the lines that are written. */
const VERSION = 1;

/** A run as one line of a file, its end included. */
export const lineOf = (run: PastRun): string => `${JSON.stringify({ v: VERSION, ...run })}\n`;

/** `torn`: no whole line; `unknown`: a line of a version that is not ours, or of a shape that is none. */
export function runIn(line: string): PastRun | 'torn' | 'unknown' {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'torn';
  }
  return isRun(value) ? value : 'unknown';
}

function isRun(value: unknown): value is PastRun {
  if (!isObject(value) || value.v !== VERSION) return false;
  const { id, startedAt, checks, data, summary } = value;
  if (typeof id !== 'string' || typeof startedAt !== 'string' || Number.isNaN(Date.parse(startedAt))) return false;
  return Array.isArray(data) && isObject(summary) && isObject(checks) && Object.values(checks).every(isPastCheck);
}

const isPastCheck = (value: unknown): boolean =>
  isObject(value) && typeof value.status === 'string' && (value.value === null || typeof value.value === 'number');

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
