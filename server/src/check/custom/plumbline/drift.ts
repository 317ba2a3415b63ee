import { measureOf } from '../../check';
import { driftMeasure, driftWishOf, isComplaint, wordsOf } from '../../drift-rule';
import type { Form } from './form';

/** Drift against other data, at a column or for all of a table. */
export const drift: Form = {
  word: 'drift',
  example: '{drift: {reference: FILE}}',
  takes: ['reference', 'preset', 'method', 'threshold'],
  operators: false,
  rule({ table, column }, given) {
    const wish = driftWishOf({ drift: given });
    if (isComplaint(wish)) return wish.complaint;
    return {
      expected: wordsOf(wish),
      measure: (data) =>
        column
          ? measureOf(data, column, ({ name }) => driftMeasure(wish, column.path, name))
          : driftMeasure(wish, table.name),
    };
  },
};
