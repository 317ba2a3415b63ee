import type { CheckStatus, PastCheck, PastRun } from '../../../server/src/protocol';
import { count, percent, short } from '../numbers';

/** A check in one of its runs. */
export interface TrendPoint {
  readonly run: PastRun;
  readonly check: PastCheck;
}

/** The runs that had a check, oldest first; none when there is but one, which has no trend. */
export function trendOf(id: string, past: readonly PastRun[]): readonly TrendPoint[] {
  const points = past.flatMap((run) => {
    const check = Object.hasOwn(run.checks, id) ? run.checks[id] : undefined;
    return check ? [{ run, check }] : [];
  });
  return points.length > 1 ? points : [];
}

/** What data of a table a run was on. */
export const dataOf = ({ run }: TrendPoint, table: string): string =>
  (run.data.find((data) => data.table === table) ?? run.data[0])?.ref ?? '';

/** Share of the rows that keep the rule, 0 … 100; undefined where rows are not counted. */
export function passRate({ unexpected, rows }: PastCheck): number | undefined {
  return unexpected === undefined || !rows || unexpected > rows ? undefined : 100 * (1 - unexpected / rows);
}

/** What the figure of a check counts or measures. */
export function figureName(points: readonly TrendPoint[]): string {
  const { check } = points.at(-1) ?? {};
  return check && check.value === check.unexpected && !check.isPercent ? 'rows that break it' : 'observed';
}

/** The figure as a person reads it. */
export function figureText({ value, isPercent, inDays }: PastCheck): string {
  if (value === null) return '–';
  if (inDays) return `${short(value)}\u00a0d`;
  return isPercent ? percent(value) : short(value);
}

const isBad = ({ check: { status } }: TrendPoint) => status === 'failed' || status === 'error';

/** `Passed in 9 of 12 runs, failed in the last 3; 0 before, 7 now.` */
export function trendInWords(points: readonly TrendPoint[]): string {
  const newest = points.at(-1);
  const before = points.at(-2);
  if (!newest || !before) return '';
  const passed = points.filter(({ check }) => check.status === 'passed').length;
  const since = points.length - 1 - points.findLastIndex(({ check }) => check.status !== newest.check.status);
  const last = since === points.length ? 'in all' : since === 1 ? 'in the last' : `in the last ${count(since)}`;
  const figures =
    newest.check.value === null ? '' : `; ${figureText(before.check)} before, ${figureText(newest.check)} now`;
  return `Passed in ${count(passed)} of ${count(points.length)} runs, ${newest.check.status} ${last}${figures}.`;
}

/** Where the check went from good to bad and has stayed so; undefined where it has not. */
export function beganAt(points: readonly TrendPoint[]): number | undefined {
  const lastGood = points.findLastIndex((point) => !isBad(point));
  return lastGood < 0 || lastGood === points.length - 1 ? undefined : lastGood + 1;
}

/** Ends of the scale that figures are drawn on: from 0, but where they all lie far from it and close together. */
export function scaleOf(values: readonly number[]): readonly [low: number, high: number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const isFar = low > 0 && high - low < high / 2;
  if (isFar && high > low) return [low - (high - low) / 4, high];
  const [from, to] = [Math.min(0, low), Math.max(0, high)];
  return to > from ? [from, to] : [0, 1];
}

/** Shapes that tell statuses apart where colours do not, in the words of Plot. */
export const symbols: Readonly<Record<CheckStatus, string>> = {
  passed: 'circle',
  failed: 'square',
  warning: 'triangle',
  error: 'diamond',
  skipped: 'cross',
};
