import { literal } from '../../sql/fragment';
import { number } from '../../text/words';
import { type CheckKind, type Measure, unjudged } from '../check';
import { demanding, implied } from '../demand';
import type { Field } from '../source';
import { numericOf } from '../values';
import { are } from '../words';

export const multipleOf: CheckKind = {
  id: 'multipleOf',
  checks: ({ column }) => {
    const step = column?.options.multipleOf;
    if (!column || step === undefined || step === null) return [];
    const expected = `a multiple of ${step}`;
    const measure = (field: Field) => multipleMeasure(field, Number(step));
    return [implied(column, { kind: 'multipleOf', dimension: 'conformity', expected, measure })];
  },
};

/** Whole numbers exactly; fractions to nine digits of the quotient, since 0.3 / 0.1 is not 3 in binary. */
function multipleMeasure(field: Field, step: number): Measure {
  if (!(step > 0)) return unjudged(`"multipleOf" of column "${field.column.path}" must be a number above 0.`);
  const value = numericOf(field);
  const quotient = `(CAST(${value} AS DOUBLE) / ${literal(step)})`;
  const isWhole = field.family === 'integer' && Number.isInteger(step);
  const predicate = isWhole
    ? `${value} % ${step} <> 0`
    : `(isnan(${quotient}) OR abs(${quotient} - round(${quotient})) > 1e-9 * greatest(1, abs(${quotient})))`;
  return demanding(field, { be: `a multiple of ${number(step)}`, broken: are('not'), predicate });
}
