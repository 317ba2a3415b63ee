import type { Operator, Rule } from '../model';
import { isEqual, type Shift, shiftOf } from './change';

/** Numbers from `low` to `high`, each end with or without itself. */
interface Interval {
  readonly low: number;
  readonly high: number;
  readonly openLow: boolean;
  readonly openHigh: boolean;
}

const all: Interval = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY, openLow: true, openHigh: true };
const below = (high: number, openHigh: boolean): Interval => ({ ...all, high, openHigh });
const above = (low: number, openLow: boolean): Interval => ({ ...all, low, openLow });

/** What each operator accepts of numbers. */
const accepts: Readonly<Record<string, (first: number, second: number) => readonly Interval[]>> = {
  mustBe: (value) => [{ low: value, high: value, openLow: false, openHigh: false }],
  mustNotBe: (value) => [below(value, true), above(value, true)],
  mustBeGreaterThan: (value) => [above(value, true)],
  mustBeGreaterOrEqualTo: (value) => [above(value, false)],
  mustBeLessThan: (value) => [below(value, true)],
  mustBeLessOrEqualTo: (value) => [below(value, false)],
  mustBeBetween: (low, high) => [{ low, high, openLow: false, openHigh: false }],
  mustNotBeBetween: (low, high) => [below(low, true), above(high, true)],
};

/** How what the operators of a rule accept lies to what they accepted. */
export function shiftOfOperators(before: Rule, after: Rule): Shift {
  const [old, now] = [acceptedBy(before), acceptedBy(after)];
  const areSame = isEqual(before.operators.map(sayOf), after.operators.map(sayOf));
  if (areSame && unitOf(before) === unitOf(after)) return 'same';
  if (!old || !now) return 'other';
  // None is none in rows and in percent.
  if (unitOf(before) !== unitOf(after)) return isNone(old) && isNone(now) ? 'same' : 'other';
  return shiftOf(isWithin(now, old), isWithin(old, now));
}

/** Whether a rule asks for few of what it counts, so that counting more of them asks for more. */
export function asksForFew(rule: Rule): boolean {
  const [only, ...others] = acceptedBy(rule) ?? [];
  return only !== undefined && others.length === 0 && only.low <= 0;
}

const sayOf = ({ keyword, value }: Operator) => [keyword, value];

const unitOf = ({ type, metric, unit }: Rule): string =>
  type === 'library' && metric !== undefined ? (unit ?? 'rows') : (unit ?? '');

const isNone = ([only, ...others]: readonly Interval[]): boolean =>
  others.length === 0 && only?.low === 0 && only.high === 0;

/** Undefined for a value that is no number, as a text or a boolean of a query. */
function acceptedBy(rule: Rule): readonly Interval[] | undefined {
  const each = rule.operators.map(({ keyword, value }) => {
    const [first, second] = Array.isArray(value) ? value : [value];
    if (typeof first !== 'number' || (/Between$/.test(keyword) && typeof second !== 'number')) return undefined;
    return accepts[keyword]?.(first, typeof second === 'number' ? second : first);
  });
  const known = each.filter((part) => part !== undefined);
  if (known.length < each.length) return undefined;
  const met = known.reduce<readonly Interval[]>(
    (so, part) => so.flatMap((one) => part.flatMap((other) => meet(one, other))),
    [all],
  );
  return rule.type === 'library' && rule.metric !== undefined
    ? met.flatMap((part) => counted(part, unitOf(rule)))
    : met;
}

function meet(one: Interval, other: Interval): readonly Interval[] {
  const low = Math.max(one.low, other.low);
  const high = Math.min(one.high, other.high);
  const openLow = [one, other].some((part) => part.low === low && part.openLow);
  const openHigh = [one, other].some((part) => part.high === high && part.openHigh);
  return low > high || (low === high && (openLow || openHigh)) ? [] : [{ low, high, openLow, openHigh }];
}

/** A count is whole and never below zero, and no percentage is above a hundred. */
function counted(part: Interval, unit: string): readonly Interval[] {
  const highest = unit === 'percent' ? 100 : Number.POSITIVE_INFINITY;
  const [real] = meet(part, { low: 0, high: highest, openLow: false, openHigh: highest === Number.POSITIVE_INFINITY });
  if (!real) return [];
  if (unit === 'percent') return [real];
  const low = real.openLow ? Math.floor(real.low) + 1 : Math.ceil(real.low);
  const high = real.openHigh ? Math.ceil(real.high) - 1 : Math.floor(real.high);
  return low > high ? [] : [{ low, high, openLow: false, openHigh: high === Number.POSITIVE_INFINITY }];
}

const isWithin = (inner: readonly Interval[], outer: readonly Interval[]): boolean =>
  inner.every((part) =>
    outer.some(
      ({ low, high, openLow, openHigh }) =>
        (low < part.low || (low === part.low && (!openLow || part.openLow))) &&
        (high > part.high || (high === part.high && (!openHigh || part.openHigh))),
    ),
  );
