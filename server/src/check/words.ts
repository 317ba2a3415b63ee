import type { Datum } from '../protocol';
import { cut, listed, number } from '../text/words';

/** `33.33 %`. */
export const percent = (value: number): string => `${value.toLocaleString('en-US', { maximumFractionDigits: 2 })} %`;

const LISTED = 8;

/** `A, B and 3 more`; an empty text as `""`. */
export const list = (values: readonly unknown[]): string =>
  listed(
    values.map((value) => (value === '' ? '""' : String(value))),
    LISTED,
  );

const LONGEST = 61;

/** A value as a sentence quotes it, on one line and never long. */
export function datum(value: Datum): string {
  const words = typeof value === 'number' ? number(value) : typeof value === 'string' ? value : JSON.stringify(value);
  return cut(words, LONGEST);
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
