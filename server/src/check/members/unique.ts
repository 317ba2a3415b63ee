import { amount } from '../../text/words';
import type { CheckKind, Measure } from '../check';
import { implied } from '../demand';
import { duplicatesIn, duplicatesSql, duplicateWords, isRepeated } from '../duplicates';
import type { Field } from '../source';

export const unique: CheckKind = {
  id: 'unique',
  checks: ({ column }) =>
    column?.unique
      ? [implied(column, { kind: 'unique', dimension: 'uniqueness', expected: 'no duplicates', measure: once })]
      : [],
};

const once = (field: Field): Measure => ({
  via: 'statement',
  of: field.scope,
  sql: duplicatesSql(field.scope, [field]),
  judge: (figures, rows) => {
    const found = duplicatesIn(figures);
    const observed = { keys: found.keys, surplus: found.surplus, rows: found.rows, used: 'keys' };
    if (found.keys === 0) {
      const message = `Column "${field.column.path}" is unique in all ${amount(rows, field.scope.unit)}.`;
      return { verdict: 'holds', observed, unexpected: 0, message };
    }
    const message = `Column "${field.column.path}" should be unique, but ${duplicateWords(found)}.`;
    return { verdict: 'fails', observed, unexpected: found.rows, message };
  },
  failing: { predicate: isRepeated(field.scope, [field]), fields: [field] },
});
