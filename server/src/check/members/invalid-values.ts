import { counting, type Measure, unjudged } from '../check';
import { columnMetric, countOutcome, listArgument, listWords, type Wish } from '../library';
import { matching } from '../matching';
import type { Field } from '../source';
import { isOneOf } from '../values';
import { are } from '../words';

/** Rows whose value is not in the list, or not like the pattern; a value must meet both where both are given. */
export const invalidValues = columnMetric('invalidValues', (wish, field) => {
  const values = listArgument(wish.arguments.validValues);
  const { pattern } = wish.arguments;
  if (pattern === undefined || pattern === null) return inList(wish, field, values ?? []);
  if (typeof pattern !== 'string') return unjudged(`"pattern" must be a text, not ${JSON.stringify(pattern)}.`);
  const what = values ? `not both like ${pattern} and one of ${listWords(values)}` : `not like ${pattern}`;
  const hint = values && 'Some tools take a value for valid that meets only one of the two.';
  return matching(field, {
    pattern,
    ...(values ? { bad: `NOT ${isOneOf(field, values)}` } : {}),
    judge: (broken, rows) => countOutcome(wish, broken, rows, are(what), hint),
  });
});

function inList(wish: Wish, field: Field, values: readonly unknown[]): Measure {
  const predicate = `${field.stored} IS NOT NULL AND NOT ${isOneOf(field, values)}`;
  return {
    via: 'scan',
    of: field.scope,
    figures: { invalid: counting(predicate) },
    judge: ({ invalid = 0 }, rows) => countOutcome(wish, invalid, rows, are(`not one of ${listWords(values)}`)),
    failing: { predicate, fields: [field] },
  };
}
