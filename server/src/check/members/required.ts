import type { CheckKind, Demand, Measure } from '../check';
import { demandOutcome, implied } from '../demand';
import type { Field } from '../source';

export const required: CheckKind = {
  id: 'required',
  checks: ({ column }) =>
    column?.required
      ? [implied(column, { kind: 'required', dimension: 'completeness', expected: 'no nulls', measure: filled })]
      : [],
};

const words: Pick<Demand, 'be' | 'broken'> = { be: 'filled', broken: ['leaves it empty', 'leave it empty'] };

const filled = (field: Field): Measure => ({
  via: 'scan',
  of: field.scope,
  figures: { filled: `count(${field.stored})` },
  judge: ({ filled: count = 0 }, rows) => demandOutcome(field, words, rows - count, rows),
  failing: { predicate: `${field.stored} IS NULL`, fields: [field] },
});
