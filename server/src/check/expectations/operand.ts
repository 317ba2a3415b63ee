import { identifier, literal, text } from '../../sql/fragment';
import type { Field } from '../source';

/** A column as pandas sees it: a NaN is a missing value. */
export interface Operand {
  readonly name: string;
  readonly field: Field;
  /** SQL of the value, NULL where it is missing. */
  readonly value: string;
  /** SQL, never NULL: whether there is a value. */
  readonly present: string;
  /** SQL of the value as Python writes it. */
  readonly text: string;
  readonly is: 'number' | 'boolean' | 'text' | 'moment' | 'other';
}

const kinds: Partial<Readonly<Record<string, Operand['is']>>> = {
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  string: 'text',
  date: 'moment',
  timestamp: 'moment',
  time: 'moment',
};

/** What a statement calls the value and the count of its rows: no column of the data has these names. */
export const VALUE = identifier('plumbline value');
export const COUNT = identifier('plumbline count');

export function operandOf(field: Field, name: string): Operand {
  const { stored, value, family } = field;
  const mayBeNan = family === 'number' && !/^decimal/i.test(field.type);
  return {
    name,
    field,
    value: mayBeNan ? `(CASE WHEN NOT isnan(${value}) THEN ${value} END)` : value,
    present: mayBeNan ? `(${stored} IS NOT NULL AND NOT coalesce(isnan(${value}), false))` : `(${stored} IS NOT NULL)`,
    text: family === 'boolean' ? `(CASE WHEN ${value} THEN 'True' WHEN NOT ${value} THEN 'False' END)` : field.text,
    is: kinds[family ?? ''] ?? 'other',
  };
}

/** The operand with its texts read as moments, as `parse_strings_as_datetimes` of 0.18 asks. */
export const asMoment = (operand: Operand): Operand =>
  operand.is === 'text' ? { ...operand, value: `TRY_CAST(${operand.text} AS TIMESTAMP)`, is: 'moment' } : operand;

/** SQL of a column as a number; undefined for what is none. Booleans count as 0 and 1. */
export const numberIn = ({ is, value }: Operand): string | undefined =>
  is === 'number' ? value : is === 'boolean' ? `CAST(${value} AS INTEGER)` : undefined;

/** The engine's type of moments beside which a text of the expectation is read. */
const momentType = ({ field }: Operand): string =>
  field.family === 'time' ? 'TIME' : /with time zone|timestamptz/i.test(field.type) ? 'TIMESTAMPTZ' : 'TIMESTAMP';

/** SQL of a value of the expectation beside which the column can be compared; a text says why it cannot. */
export function comparand(operand: Operand, given: unknown): { readonly sql: string } | string {
  const cannot = `Column "${operand.name}" is ${operand.field.type} and cannot be compared with ${JSON.stringify(given)}.`;
  if (operand.is === 'number' || operand.is === 'boolean') {
    return typeof given === 'number' || typeof given === 'bigint' || typeof given === 'boolean'
      ? { sql: operand.is === 'boolean' ? String(Boolean(given)) : literal(Number(given)) }
      : cannot;
  }
  if (typeof given !== 'string') return cannot;
  return { sql: operand.is === 'moment' ? `CAST(${text(given)} AS ${momentType(operand)})` : text(given) };
}

/** Values of the list that the column can hold at all, without repeats, as SQL. */
export function listedIn(operand: Operand, values: readonly unknown[]): readonly string[] {
  const listed = values.flatMap((value) => {
    if (operand.is === 'number') return numbered(value);
    if (operand.is === 'boolean')
      return value === true || value === 1 ? ['true'] : value === false || value === 0 ? ['false'] : [];
    if (typeof value !== 'string') return operand.is === 'other' && value !== null ? [text(String(value))] : [];
    return [operand.is === 'moment' ? `TRY_CAST(${text(value)} AS ${momentType(operand)})` : text(value)];
  });
  return [...new Set(listed)];
}

const numbered = (value: unknown): readonly string[] =>
  typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' ? [literal(Number(value))] : [];

/** SQL that is true where the column holds a value of the list. No text is a number: `"1"` is not 1. */
export function isIn(operand: Operand, values: readonly unknown[]): string {
  const listed = listedIn(operand, values);
  if (listed.length === 0) return 'false';
  return `${operand.is === 'other' ? operand.text : operand.value} IN (${listed.join(', ')})`;
}
