import {
  type Complaint,
  complaintsOf,
  type Expectation,
  expectationOf,
  expectationTypes,
  isParameter,
  type Signature,
  signatureOf,
} from '../../contract/expectations';
import type { Rule } from '../../contract/model';
import { didYouMean, slipsOf } from '../../text/nearest';
import { get } from '../../text/tree';
import { type Check, type Data, type Measure, type Subject, skipped, unjudged } from '../check';
import { ruled } from '../rule';
import type { Scope, Source } from '../source';
import { type Call, type Kwargs, mapWords } from './expectation';
import { type Operand, operandOf } from './operand';
import { expectedOf } from './registry';
import { ConditionRefused, rowConditionSql } from './row-condition';

/** The check of a rule that holds an expectation of Great Expectations. */
export function expectationCheck(subject: Subject, rule: Rule): Check {
  const expectation = expectationOf(rule.implementation, subject.column?.path);
  if (typeof expectation === 'string') {
    return ruled(subject, rule, { kind: 'custom', expected: 'an expectation', measure: () => unjudged(expectation) });
  }
  const { type, kwargs } = expectation;
  const column = typeof kwargs.column === 'string' ? kwargs.column : undefined;
  const check = ruled(subject, rule, {
    kind: type,
    expected: wordsOf(expectation),
    measure: (data) => measureOf(subject, expectation, data),
  });
  return {
    ...check,
    name: rule.name ?? [column, type].filter(Boolean).join(' '),
    column: column ?? check.column,
    node: placeIn(rule) ?? check.node,
  };
}

/** In a suite the word that names the type; a rule of a contract has its own place. */
const placeIn = ({ node }: Rule) =>
  get(node, 'expectation_type') ?? (get(node, 'kwargs') ? get(node, 'type') : undefined);

function wordsOf({ type, kwargs }: Expectation): string {
  const signature = signatureOf(type);
  const expected = expectedOf(type);
  if (!signature || !expected || complaintsOf({ type, kwargs }, signature).length > 0 || parameterIn(kwargs))
    return `as ${type} says`;
  return mapWords(expected.words(kwargs), kwargs);
}

const parameterIn = (kwargs: Kwargs): string | undefined =>
  Object.entries(kwargs).find(([, value]) => isParameter(value))?.[0];

function measureOf(subject: Subject, expectation: Expectation, data: Data): Measure {
  const { type, kwargs } = expectation;
  const signature = signatureOf(type);
  if (!signature) {
    return skipped(
      `"${type}" is no core expectation that Plumbline knows.${didYouMean(slipsOf(type, expectationTypes))}`,
    );
  }
  const [complaint]: readonly Complaint[] = complaintsOf(expectation, signature);
  if (complaint) return unjudged(complaint.message);
  const parameter = parameterIn(kwargs);
  if (parameter !== undefined) {
    return skipped(`"${parameter}" is a parameter of the suite, whose value is known when Great Expectations runs.`);
  }
  const expected = expectedOf(type);
  if (!expected) return skipped(signature.unrun ?? `Plumbline does not run ${type}.`);
  const call = callOf(subject, expectation, signature, data);
  return 'via' in call ? call : expected.measure(call);
}

/** The expectation with its columns found and its rows filtered, or why that cannot be. */
function callOf(subject: Subject, { type, kwargs }: Expectation, signature: Signature, data: Data): Call | Measure {
  const { source } = data;
  const operands: Operand[] = [];
  for (const name of namesOf(kwargs, signature, type)) {
    const field = source.named(name);
    if (!field) return unjudged(`Column "${name}" is not in the data, so this cannot be checked.`);
    if (field.scope !== source.scope)
      return unjudged(`Column "${name}" is inside an array, which an expectation cannot look at.`);
    operands.push(operandOf(field, name));
  }
  const scope = scopeOf(kwargs.row_condition, source);
  if ('via' in scope) return scope;
  return {
    type,
    kwargs,
    data,
    scope,
    operands,
    words: wordsOf({ type, kwargs }),
    tableNamed: (name) => tableNamed(subject, data, name),
  };
}

function namesOf(
  { column, column_A, column_B, column_list }: Kwargs,
  { domain }: Signature,
  type: string,
): readonly string[] {
  if (domain === 'column' || type === 'expect_column_type_to_be') return [String(column)];
  if (domain === 'pair') return [String(column_A), String(column_B)];
  return domain === 'columns' && Array.isArray(column_list) ? column_list.map(String) : [];
}

function scopeOf(condition: unknown, source: Source): Scope | Measure {
  if (condition === undefined || condition === '') return source.scope;
  try {
    const sql = rowConditionSql(condition, (name) => {
      const field = source.named(name);
      return field && operandOf(field, name);
    });
    const { relation, numbered, unit } = source.scope;
    return {
      relation: `(SELECT * FROM ${relation} WHERE ${sql})`,
      numbered: `(SELECT * FROM ${numbered} WHERE ${sql})`,
      unit,
    };
  } catch (error) {
    if (!(error instanceof ConditionRefused)) throw error;
    return error.verdict === 'skipped' ? skipped(error.message) : unjudged(error.message);
  }
}

function tableNamed({ contract }: Subject, data: Data, name: string): Source | string {
  const table = contract.tables.find((candidate) => candidate.name === name || candidate.physicalName === name);
  return table ? data.sourceOf(table) : `Table "${name}" is not in this file, so its rows cannot be counted.`;
}
