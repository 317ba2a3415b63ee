import { counting } from '../check';
import { columnMetric, countOutcome, listArgument, listWords } from '../library';
import { isOneOf } from '../values';
import { are } from '../words';

/** Rows without a value, or with one that stands for none. NULL counts whether it is listed or not, as in most tools. */
export const missingValues = columnMetric('missingValues', (wish, field) => {
  const listed = listArgument(wish.arguments.missingValues);
  const values = listed ?? [];
  const predicate = `(${field.stored} IS NULL OR ${isOneOf(field, values)})`;
  const others = listWords(values.filter((value) => value !== null));
  const what = are(others ? `missing (null, ${others})` : 'missing');
  return {
    via: 'scan',
    of: field.scope,
    figures: { missing: counting(predicate) },
    judge: ({ missing = 0 }, rows) => countOutcome(wish, missing, rows, what, hintOf(listed)),
    failing: { predicate, fields: [field] },
  };
});

function hintOf(listed: readonly unknown[] | undefined): string | undefined {
  if (!listed) return 'Without a list this counts the same as nullValues.';
  return listed.includes(null)
    ? undefined
    : 'Nulls count as missing too: write null into the list so that every tool agrees.';
}
