import { literal } from '../sql/fragment';
import type { Field } from './source';

/** A value of a contract that can stand in a list of values. */
type Listed = string | number | bigint | boolean;

const isListed = (value: unknown): value is Listed => ['string', 'number', 'bigint', 'boolean'].includes(typeof value);

/**
 * SQL that is true where the column holds one of the values, and never NULL. Numbers compare as numbers (`1` is `1.0`),
 * all else as text, so that a list may hold `N/A` for a column of numbers.
 */
export function isOneOf(field: Field, values: readonly unknown[]): string {
  const listed = values.filter(isListed);
  const numbers = isNumeric(field)
    ? listed.filter((value) => isNumber(value)).map((value) => literal(Number(value)))
    : [];
  const texts = listed.map((value) => literal(String(value)));
  const written = field.value === field.stored ? [field.text] : [field.text, `CAST(${field.value} AS VARCHAR)`];
  const parts = [
    ...(texts.length > 0 ? written.map((text) => `${text} IN (${texts.join(', ')})`) : []),
    ...(numbers.length > 0 ? [`${field.value} IN (${numbers.join(', ')})`] : []),
  ];
  return parts.length === 0 ? 'false' : `coalesce(${parts.join(' OR ')}, false)`;
}

export const isNumeric = ({ family }: Field): boolean => family === 'integer' || family === 'number';

const isNumber = (value: Listed): boolean =>
  typeof value !== 'boolean' && String(value).trim() !== '' && Number.isFinite(Number(value));

/** SQL of the column as a number, whatever it is stored as; NULL where it is none. */
export const numericOf = (field: Field): string =>
  isNumeric(field) ? field.value : `TRY_CAST(${field.text} AS DOUBLE)`;
