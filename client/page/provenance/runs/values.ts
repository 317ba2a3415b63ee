import type { Datum, Figure } from '../../../../server/src/protocol';
import { full, short, significant } from '../../numbers';

const decimal = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

/** The number that a value is; MLflow keeps all parameters as text. Undefined for all others, and for what is not a number. */
export function numberIn(value: Datum | Figure | undefined): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && decimal.test(value.trim()) ? Number(value) : undefined;
}

/** Whether two values are the same, whichever way trackers write them: `"0.10"` is `0.1`. */
export function areSame(a: Datum | undefined, b: Datum | undefined): boolean {
  return sameKey(a) === sameKey(b);
}

/** Equal for values that are the same. */
export function sameKey(value: Datum | undefined): string {
  if (value === undefined) return '';
  const number = numberIn(value);
  if (number !== undefined) return `= ${number}`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A value as a person reads it. */
export function valueText(value: Datum | undefined): string {
  if (value === undefined) return '–';
  if (typeof value === 'number') return short(value);
  if (typeof value === 'string') return value;
  return JSON.stringify(value);
}

/** All of it. */
export const fullText = (value: Datum | undefined): string =>
  typeof value === 'number' ? full(value) : valueText(value);

/** A metric with four digits. */
export function metricText(value: Figure | undefined): string {
  if (value === undefined || value === null) return '–';
  if (typeof value !== 'number') return value;
  return Number.isInteger(value) ? short(value) : significant(value, 4);
}

const words = new Intl.Collator(undefined, { numeric: true });

/** Ascending: numbers, then words. */
export function compareValues(a: Datum | undefined, b: Datum | undefined): number {
  const [left, right] = [numberIn(a), numberIn(b)];
  if (left !== undefined && right !== undefined) return left - right;
  if (left !== undefined) return -1;
  if (right !== undefined) return 1;
  return words.compare(valueText(a), valueText(b));
}

/** Whether there is nothing to sort by. */
export const isBlank = (value: Datum | undefined): boolean =>
  value === undefined || value === null || value === '' || value === 'NaN';
