import type { Scalar } from './tree';

/** Days of each unit; a year is 365 days and a month 30, as the standard's usual runner counts. */
const units: readonly (readonly [RegExp, number])[] = [
  [/^(s|secs?|seconds?)$/, 1 / 86_400],
  [/^(min|mins|minutes?)$/, 1 / 1440],
  [/^(h|hrs?|hours?)$/, 1 / 24],
  [/^(d|days?)$/, 1],
  [/^(w|wk|weeks?)$/, 7],
  [/^(m|mo|mon|months?)$/, 30],
  [/^(y|yr|years?)$/, 365],
];

const daysPer = (unit: string): number | undefined =>
  units.find(([pattern]) => pattern.test(unit.trim().toLowerCase()))?.[1];

/** `4` and `d`, `24h`, `1 day` or ISO 8601's `P1DT12H`, in days; undefined when it is no period. */
export function daysOf(value: Scalar, unit: string | undefined): number | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return times(Number(value), unit ?? 'd');
  if (typeof value !== 'string') return undefined;
  const words = value.trim();
  if (/^P/i.test(words)) return isoDays(words.toUpperCase());
  const [, count, own] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(words) ?? [];
  return count === undefined ? undefined : times(Number(count), own || unit || 'd');
}

/** A period as the calendar counts it: so many milliseconds, or so many months, which are not of one length. */
export type Period = { readonly milliseconds: number } | { readonly months: number };

const calendar: Readonly<Record<number, number>> = { 30: 1, 365: 12 };
const DAY = 86_400_000;

/** `1d`, `6 hours`, `1 month`: a number with its unit, above zero; undefined when it is none. Months and years are whole. */
export function periodOf(words: string): Period | undefined {
  const [, count, unit] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*$/i.exec(words) ?? [];
  const days = unit === undefined ? undefined : daysPer(unit);
  if (days === undefined || !(Number(count) > 0)) return undefined;
  const months = calendar[days];
  if (months === undefined) return { milliseconds: Math.max(1, Math.round(Number(count) * days * DAY)) };
  return Number.isInteger(Number(count)) ? { months: Number(count) * months } : undefined;
}

function times(count: number, unit: string): number | undefined {
  const days = daysPer(unit);
  return days === undefined ? undefined : count * days;
}

const iso = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const isoUnits = ['y', 'mo', 'w', 'd', 'h', 'min', 's'];

function isoDays(words: string): number | undefined {
  const parts = iso.exec(words)?.slice(1);
  if (!parts?.some((part) => part !== undefined)) return undefined;
  return parts.reduce((days, part, index) => days + Number(part ?? 0) * (daysPer(isoUnits[index] ?? '') ?? 0), 0);
}
