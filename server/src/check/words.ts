import type { Datum } from '../protocol';

/** `29,425`; at most four decimals. */
export const number = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 4 });

/** `33.33 %`. */
export const percent = (value: number): string => `${value.toLocaleString('en-US', { maximumFractionDigits: 2 })} %`;

/** `1 row`, `3 rows`. */
export const amount = (count: number, singular: string, plural = `${singular}s`): string =>
  `${number(count)} ${count === 1 ? singular : plural}`;

const LISTED = 8;

/** `A, B and 3 more`. */
export function list(values: readonly unknown[]): string {
  const shown = values.slice(0, LISTED).map((value) => (value === '' ? '""' : String(value)));
  const more = values.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${number(more)} more` : shown.join(', ');
}

const LONGEST = 60;

/** A value as a sentence quotes it, on one line and never long. */
export function datum(value: Datum): string {
  const words = typeof value === 'number' ? number(value) : typeof value === 'string' ? value : JSON.stringify(value);
  const line = words.replaceAll(/\s+/g, ' ');
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

/** `an integer`, `a date`. */
export const withArticle = (noun: string): string => `${/^[aeio]/i.test(noun) ? 'an' : 'a'} ${noun}`;

/** `Column "amount"`; `Table "orders"` for a check of the whole table. */
export const subjectWords = (table: string, column: string | undefined): string =>
  column === undefined ? `Table "${table}"` : `Column "${column}"`;

/** A verb for one row and for several: `is below`, `are below`. */
export type Verb = readonly [one: string, several: string];

export const are = (what: string): Verb => [`is ${what}`, `are ${what}`];
export const agree = (count: number, [one, several]: Verb): string => (count === 1 ? one : several);
