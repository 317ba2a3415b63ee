import { type Measure, unjudged } from '../check';
import { list } from '../words';
import { listOf } from './column-map';
import { type Call, type Expected, type Family, type Kwargs, mapped } from './expectation';
import { asMoment, isIn, numberIn, type Operand } from './operand';

type OfPair = (a: Operand, b: Operand, call: Call) => { readonly holds: string } | string;

/** Expectations about two columns of a row. A missing value is like nothing and greater than nothing. */
export const columnPair: Family = {
  expect_column_pair_values_to_be_equal: ofPair(
    () => 'equal',
    (a, b) => comparison(a, b, '='),
  ),
  expect_column_pair_values_a_to_be_greater_than_b: ofPair(
    ({ or_equal }) =>
      or_equal === true ? 'such that A is greater than or equal to B' : 'such that A is greater than B',
    (a, b, { kwargs }) => {
      const asked = kwargs.parse_strings_as_datetimes === true ? [asMoment(a), asMoment(b)] : [a, b];
      return comparison(asked[0] ?? a, asked[1] ?? b, kwargs.or_equal === true ? '>=' : '>');
    },
  ),
  expect_column_pair_values_to_be_in_set: ofPair(
    ({ value_pairs_set }) =>
      `one of ${list(listOf(value_pairs_set).map((pair) => `(${listOf(pair).map(String).join(', ')})`)) || 'no pairs'}`,
    (a, b, { kwargs }) => ({ holds: oneOfPairs(a, b, listOf(kwargs.value_pairs_set).map(listOf)) }),
  ),
};

function ofPair(words: Expected['words'], holdsOf: OfPair): Expected {
  return { words, measure: (call) => measured(call, holdsOf) };
}

const ignoring: Readonly<Record<string, (a: Operand, b: Operand) => string>> = {
  both_values_are_missing: (a, b) => `(${a.present} OR ${b.present})`,
  either_value_is_missing: (a, b) => `(${a.present} AND ${b.present})`,
  neither: () => 'true',
};

function measured(call: Call, holdsOf: OfPair): Measure {
  const [a, b] = call.operands;
  if (!a || !b) return unjudged(`${call.type} names two columns.`);
  const { ignore_row_if = 'both_values_are_missing' } = call.kwargs;
  const considered = ignoring[String(ignore_row_if)];
  if (!considered) return unjudged(unknownIgnore(ignore_row_if, Object.keys(ignoring)));
  const made = holdsOf(a, b, call);
  return typeof made === 'string' ? unjudged(made) : mapped(call, { considered: considered(a, b), holds: made.holds });
}

export const unknownIgnore = (given: unknown, known: readonly string[]): string =>
  `"ignore_row_if" must be one of ${known.join(', ')}, not ${JSON.stringify(given)}.`;

/** SQL of two columns compared; a text says why they cannot be. */
function comparison(a: Operand, b: Operand, sign: string): { readonly holds: string } | string {
  const [one, other] = [numberIn(a) ?? a.value, numberIn(b) ?? b.value];
  const isSame = a.is === b.is || (numberIn(a) !== undefined && numberIn(b) !== undefined);
  if (isSame) return { holds: `${one} ${sign} ${other}` };
  return sign === '='
    ? { holds: 'false' }
    : `Columns "${a.name}" (${a.field.type}) and "${b.name}" (${b.field.type}) cannot be compared.`;
}

function oneOfPairs(a: Operand, b: Operand, pairs: Kwargs[string] & readonly (readonly unknown[])[]): string {
  const isOne = (operand: Operand, value: unknown) =>
    value === null ? `NOT ${operand.present}` : `coalesce(${isIn(operand, [value])}, false)`;
  return pairs.map(([one, other]) => `(${isOne(a, one)} AND ${isOne(b, other)})`).join(' OR ') || 'false';
}
