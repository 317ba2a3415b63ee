import type { Rule } from '../../contract/model';
import { type Data, type Measure, measureOf, type Subject, unjudged } from '../check';
import type { CustomEngine } from '../custom-engine';
import { driftMeasure, driftWishOf, isComplaint, wordsOf } from '../drift-rule';
import { ruled } from '../rule';

/** Drift against other data, at a column or for all of a table. */
export const plumbline: CustomEngine = {
  names: ['plumbline'],
  check: (subject, rule) =>
    ruled(subject, rule, {
      kind: 'custom',
      expected: expectedOf(rule),
      measure: (data) => measureFor(subject, rule, data),
    }),
};

function expectedOf({ implementation, description }: Rule): string {
  const wish = driftWishOf(implementation);
  return isComplaint(wish) ? (description ?? 'as plumbline says') : wordsOf(wish);
}

function measureFor({ table, column }: Subject, { implementation }: Rule, data: Data): Measure {
  const wish = driftWishOf(implementation);
  if (isComplaint(wish)) return unjudged(wish.complaint);
  return column
    ? measureOf(data, column, ({ name }) => driftMeasure(wish, column.path, name))
    : driftMeasure(wish, table.name);
}
