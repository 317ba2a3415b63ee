import type { Column } from '../../contract/model';
import { amount } from '../../text/words';
import { type Check, type CheckKind, type Measure, unjudged } from '../check';
import { demanding, implied } from '../demand';
import type { Field } from '../source';
import { are } from '../words';

interface LengthForm {
  readonly sign: '≥' | '≤';
  readonly noun: string;
  length(field: Field): string;
}

/** Unicode characters, as JSON Schema counts them. */
const characters = ({ text }: Field): string => `length(${text})`;
const elements = ({ stored, family, value }: Field): string =>
  family === 'array' && stored === value ? `len(${stored})` : `json_array_length(${value})`;

const forms: Readonly<Record<string, LengthForm>> = {
  minLength: { sign: '≥', noun: 'character', length: characters },
  maxLength: { sign: '≤', noun: 'character', length: characters },
  minItems: { sign: '≥', noun: 'item', length: elements },
  maxItems: { sign: '≤', noun: 'item', length: elements },
};

/** How long texts and arrays may be. */
export const lengths: CheckKind = {
  id: 'lengths',
  checks: ({ column }) =>
    column ? Object.entries(forms).flatMap(([kind, form]) => lengthCheck(column, kind, form)) : [],
};

function lengthCheck(column: Column, kind: string, form: LengthForm): readonly Check[] {
  const limit = column.options[kind];
  if (limit === undefined || limit === null) return [];
  const count = Number(limit);
  const words = Number.isFinite(count) ? amount(count, form.noun) : String(limit);
  const expected = `${form.sign} ${words}`;
  const measure = (field: Field) => lengthMeasure(field, kind, form, count, words);
  return [implied(column, { kind, dimension: 'conformity', expected, measure })];
}

function lengthMeasure(
  field: Field,
  kind: string,
  { sign, length }: LengthForm,
  count: number,
  words: string,
): Measure {
  if (!Number.isFinite(count)) return unjudged(`"${kind}" of column "${field.column.path}" is no number.`);
  const least = sign === '≥';
  return demanding(field, {
    be: `${least ? 'at least' : 'at most'} ${words} long`,
    broken: are(least ? 'shorter' : 'longer'),
    predicate: `${length(field)} ${least ? '<' : '>'} ${count}`,
  });
}
