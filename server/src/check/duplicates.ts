import { tuple } from '../sql/fragment';
import { amount } from '../text/words';
import type { Figures } from './check';
import type { Field, Scope } from './source';

/** The three numbers that tools call duplicates, and the rows whose key has a NULL, which are none. */
export interface Duplicates {
  /** Keys that occur more than once. */
  readonly keys: number;
  /** Rows beyond the first of each key. */
  readonly surplus: number;
  /** Rows whose key occurs more than once. */
  readonly rows: number;
  readonly incomplete: number;
}

export const duplicatesIn = (figures: Figures): Duplicates => ({
  keys: figures.keys ?? 0,
  surplus: figures.surplus ?? 0,
  rows: figures.rows ?? 0,
  incomplete: figures.incomplete ?? 0,
});

/** SQL of the parts of a key. What does not convert is compared as it is written, so that two wrong values stay two. */
export const keyOf = (field: Field): readonly string[] =>
  field.value === field.stored || field.value === field.text
    ? [field.value]
    : [field.value, `CASE WHEN ${field.value} IS NULL THEN ${field.text} END`];

const isComplete = (fields: readonly Field[]): string =>
  fields.map(({ stored }) => `${stored} IS NOT NULL`).join(' AND ');

/** One row with `keys`, `surplus`, `rows` and `incomplete`; the same text for the same key, so that checks share it. */
export function duplicatesSql({ relation }: Scope, fields: readonly Field[]): string {
  const parts = fields.flatMap(keyOf);
  const repeated = 'FILTER (WHERE complete AND n > 1)';
  return (
    `SELECT count(*) ${repeated} AS keys, coalesce(sum(n - 1) ${repeated}, 0) AS surplus, ` +
    `coalesce(sum(n) ${repeated}, 0) AS rows, coalesce(sum(n) FILTER (WHERE NOT complete), 0) AS incomplete ` +
    `FROM (SELECT count(*) AS n, bool_and(${isComplete(fields)}) AS complete FROM ${relation} GROUP BY ${parts.join(', ')})`
  );
}

/** SQL that is true for the rows whose key occurs more than once. */
export function isRepeated({ relation }: Scope, fields: readonly Field[]): string {
  const parts = fields.flatMap(keyOf);
  const repeated = `SELECT ${tuple(parts)} FROM ${relation} WHERE ${isComplete(fields)} GROUP BY ${parts.join(', ')} HAVING count(*) > 1`;
  return `${isComplete(fields)} AND ${tuple(parts)} IN (${repeated})`;
}

/** `2 values occur more than once, in 5 rows`. */
export const duplicateWords = ({ keys, rows }: Duplicates, noun = 'value'): string =>
  `${amount(keys, noun)} ${keys === 1 ? 'occurs' : 'occur'} more than once, in ${amount(rows, 'row')}`;
