import type { Column } from '../../contract/model';
import { literal, text } from '../../sql/fragment';
import { type Check, type CheckKind, type Measure, unjudged } from '../check';
import { demanding, implied } from '../demand';
import type { Field } from '../source';
import { numericOf } from '../values';
import { are, datum, type Verb } from '../words';

interface BoundForm {
  readonly sign: string;
  readonly be: string;
  readonly broken: Verb;
  /** SQL that is true for a value on the wrong side. */
  breaks(value: string, bound: string): string;
}

/** NaN is on no side of any bound, though engines sort it above all numbers. */
const forms: Readonly<Record<string, BoundForm>> = {
  minimum: { sign: '≥', be: 'at least', broken: are('below'), breaks: (value, bound) => `${value} < ${bound}` },
  maximum: { sign: '≤', be: 'at most', broken: are('above'), breaks: (value, bound) => `${value} > ${bound}` },
  exclusiveMinimum: {
    sign: '>',
    be: 'greater than',
    broken: are('not'),
    breaks: (value, bound) => `${value} <= ${bound}`,
  },
  exclusiveMaximum: {
    sign: '<',
    be: 'less than',
    broken: are('not'),
    breaks: (value, bound) => `${value} >= ${bound}`,
  },
};

/** The four bounds of `logicalTypeOptions`, on numbers, dates and times. */
export const bounds: CheckKind = {
  id: 'bounds',
  checks: ({ column }) =>
    column ? Object.entries(forms).flatMap(([kind, form]) => boundCheck(column, kind, form)) : [],
};

function boundCheck(column: Column, kind: string, form: BoundForm): readonly Check[] {
  const bound = column.options[kind];
  if (bound === undefined || bound === null || typeof bound === 'boolean') return [];
  const words = typeof bound === 'string' ? bound : datum(Number(bound));
  const expected = `${form.sign} ${words}`;
  const measure = (field: Field) => boundMeasure(field, kind, form, bound, words);
  return [implied(column, { kind, dimension: 'conformity', expected, measure })];
}

const moments: Partial<Readonly<Record<string, string>>> = { date: 'TIMESTAMP', timestamp: 'TIMESTAMP', time: 'TIME' };

function boundMeasure(
  field: Field,
  kind: string,
  { be, broken, breaks }: BoundForm,
  bound: string | number | bigint,
  words: string,
): Measure {
  const moment = moments[field.family ?? ''];
  if (moment === undefined && !Number.isFinite(Number(bound))) {
    return unjudged(`"${kind}" of column "${field.column.path}" is ${JSON.stringify(bound)}, which is no number.`);
  }
  const limit = moment
    ? `CAST(${text(String(bound))} AS ${moment})`
    : literal(typeof bound === 'string' ? Number(bound) : bound);
  const value = moment ? field.value : numericOf(field);
  return demanding(field, { be: `${be} ${words}`, broken, predicate: breaks(value, limit) });
}
