import type { Column, Contract } from '../../contract/model';
import { literal, text } from '../../sql/fragment';
import type { Node } from '../../text/tree';
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
  checks: ({ contract, column }) =>
    column ? Object.entries(forms).flatMap(([kind, form]) => boundCheck(column, kind, form, contract)) : [],
};

function boundCheck(column: Column, kind: string, form: BoundForm, contract: Contract): readonly Check[] {
  const bound = digitsOf(column.optionNodes[kind], contract) ?? column.options[kind];
  if (bound === undefined || bound === null || typeof bound === 'boolean') return [];
  const words = typeof bound === 'string' ? bound : datum(Number(bound));
  const expected = `${form.sign} ${words}`;
  const measure = (field: Field) => boundMeasure(field, kind, form, bound, words);
  return [implied(column, { kind, dimension: 'conformity', expected, measure })];
}

/** A number of more digits than a double keeps, as it is written. */
function digitsOf(node: Node | undefined, { tree }: Contract): string | undefined {
  const written = node && tree.text.slice(node.span.start, node.span.end).trim();
  return written !== undefined && isExact.test(written) && written.replace(/\D/g, '').length > DOUBLE_DIGITS
    ? written
    : undefined;
}

/** Digits that every double keeps. */
const DOUBLE_DIGITS = 15;

/** Whether a moment says its zone, which the type without one would drop without a word. */
const zoned = /(Z|[+-]\d\d(:?\d\d)?)$/i;
const isExact = /^-?\d+(\.\d+)?$/;

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
    ? momentOf(String(bound), moment)
    : typeof bound === 'string' && isExact.test(bound)
      ? bound
      : literal(typeof bound === 'string' ? Number(bound) : bound);
  const value = moment ? field.value : numericOf(field);
  const isBeyond = breaks(value, limit);
  const predicate = mayBeNaN(field) ? `(${isBeyond} AND NOT isnan(CAST(${value} AS DOUBLE)))` : isBeyond;
  return demanding(field, { be: `${be} ${words}`, broken, predicate });
}

/** Whether the value is a double: all else that is compared has no NaN. */
const mayBeNaN = ({ family, type, stored, value }: Field): boolean =>
  (family === 'number' && !(value === stored && /^decimal/i.test(type)) && !/ AS DECIMAL\(/.test(value)) ||
  (moments[family ?? ''] === undefined && family !== 'integer' && family !== 'number');

const momentOf = (bound: string, type: string): string =>
  type === 'TIMESTAMP' && /:/.test(bound) && zoned.test(bound)
    ? `CAST(CAST(${text(bound)} AS TIMESTAMPTZ) AS TIMESTAMP)`
    : `CAST(${text(bound)} AS ${type})`;
