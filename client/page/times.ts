import { language } from './numbers';

const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
const absolute = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'medium' });
// A table of windows asks for thousands of them, and formatters are slow to make.
const days = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' });
const minutes = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });
const seconds = new Intl.NumberFormat(language, { maximumSignificantDigits: 2 });

/** Largest first, in seconds. */
const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** `2 minutes ago`, of an ISO 8601 time; the text itself when it is none. */
export function ago(time: string, now: number): string {
  const passed = (Date.parse(time) - now) / 1000;
  if (Number.isNaN(passed)) return time;
  const unit = units.find(([, length]) => Math.abs(passed) >= length);
  return unit ? relative.format(Math.round(passed / unit[1]), unit[0]) : 'just now';
}

/** The whole time in the reader's words and time zone. */
export function wholeTime(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? time : absolute.format(date);
}

/** `0.41 s`, `1 min 20 s` */
export function duration(milliseconds: number): string {
  if (milliseconds < 60_000) return `${seconds.format(milliseconds / 1000)} s`;
  const whole = Math.round(milliseconds / 1000);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** An edge of a histogram over time; `step` is the width of a bin, both in milliseconds. */
export function instant(milliseconds: number, step: number): string {
  return (step < 86_400_000 ? minutes : days).format(milliseconds);
}
