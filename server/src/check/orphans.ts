import { amount, number } from '../text/words';
import type { Measure } from './check';
import type { Field, Scope } from './source';

/**
 * Counts the rows whose key is none of another table's.
 *
 * @param failing Which rows these are, and the fields of their key.
 * @param from The key and @param to the other table's, as people are told of them.
 */
export function orphansOf(
  of: Scope,
  failing: { readonly predicate: string; readonly fields: readonly Field[] },
  from: string,
  to: string,
): Measure {
  return {
    via: 'statement',
    of,
    sql: `SELECT count(*) AS orphans FROM ${of.relation} WHERE ${failing.predicate}`,
    judge: ({ orphans: count = 0 }, rows) => ({
      verdict: count === 0 ? 'holds' : 'fails',
      observed: count,
      unexpected: count,
      message:
        count === 0
          ? `Every "${from}" is in ${to}.`
          : `Every "${from}" should be in ${to}, but ${number(count)} of ${amount(rows, of.unit)} ${count === 1 ? 'is' : 'are'} not.`,
    }),
    failing,
  };
}
