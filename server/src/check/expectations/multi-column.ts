import { type Measure, unjudged } from '../check';
import { noNumbers } from './column-map';
import { unknownIgnore } from './column-pair';
import { type Call, type Expected, type Family, joined, mapped, mappedBy } from './expectation';
import { COUNT, numberIn, type Operand } from './operand';

/** Expectations about several columns of a row. Missing values are like one another, but they add up to nothing. */
export const multiColumn: Family = {
  expect_compound_columns_to_be_unique: ofColumns(() => 'unique together', compound),
  expect_select_column_values_to_be_unique_within_record: ofColumns(() => 'different from one another', different),
  expect_multicolumn_values_to_be_unique: ofColumns(() => 'different from one another', different),
  expect_multicolumn_values_to_be_equal: ofColumns(
    () => 'equal',
    ([first, ...others], call, considered) =>
      mapped(call, {
        considered,
        holds: joined(first ? others.map((other) => `NOT ${differs(first, other)}`) : [], 'AND'),
      }),
  ),
  expect_multicolumn_sum_to_equal: ofColumns(({ sum_total }) => `such that they add up to ${sum_total}`, summed),
};

type OfColumns = (operands: readonly Operand[], call: Call, considered: string) => Measure;

const ignoring: Readonly<Record<string, (operands: readonly Operand[]) => string>> = {
  all_values_are_missing: (operands) =>
    joined(
      operands.map(({ present }) => present),
      'OR',
    ),
  any_value_is_missing: (operands) =>
    joined(
      operands.map(({ present }) => present),
      'AND',
    ),
  never: () => 'true',
};

function ofColumns(words: Expected['words'], measure: OfColumns): Expected {
  return {
    words,
    measure: (call) => {
      const { ignore_row_if = 'all_values_are_missing' } = call.kwargs;
      const considered = ignoring[String(ignore_row_if)];
      if (!considered) return unjudged(unknownIgnore(ignore_row_if, Object.keys(ignoring)));
      return measure(call.operands, call, considered(call.operands));
    },
  };
}

/** SQL, never NULL: whether two columns hold different values. No text is like a number. */
function differs(one: Operand, other: Operand): string {
  const [a, b] = [numberIn(one), numberIn(other)];
  if (a !== undefined && b !== undefined) return `(${a} IS DISTINCT FROM ${b})`;
  return one.is === other.is
    ? `(${one.value} IS DISTINCT FROM ${other.value})`
    : `(${one.present} OR ${other.present})`;
}

function different(operands: readonly Operand[], call: Call, considered: string): Measure {
  const pairs = operands.flatMap((one, index) => operands.slice(index + 1).map((other) => differs(one, other)));
  return mapped(call, { considered, holds: joined(pairs, 'AND') });
}

function compound(operands: readonly Operand[], call: Call, considered: string): Measure {
  const keys = operands.map(({ value }) => value);
  const { relation } = call.scope;
  const counted = `SELECT count(*) AS ${COUNT} FROM ${relation} WHERE ${considered} GROUP BY ${keys.join(', ')}`;
  const repeated = `SELECT row(${keys.join(', ')}) FROM ${relation} WHERE ${considered} GROUP BY ${keys.join(', ')} HAVING count(*) > 1`;
  return mappedBy(
    call,
    `SELECT coalesce(sum(${COUNT}), 0) AS considered, coalesce(sum(${COUNT}) FILTER (WHERE ${COUNT} > 1), 0) AS broken FROM (${counted})`,
    `${considered} AND row(${keys.join(', ')}) IN (${repeated})`,
  );
}

function summed(operands: readonly Operand[], call: Call, considered: string): Measure {
  const none = operands.find((operand) => numberIn(operand) === undefined);
  if (none) return unjudged(noNumbers(none));
  const sum = operands.map((operand) => numberIn(operand) ?? 'NULL').join(' + ');
  return mapped(call, { considered, holds: `(${sum}) = ${Number(call.kwargs.sum_total)}` });
}
