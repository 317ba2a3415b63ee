import type { Contract } from '../../contract/model';
import { get } from '../../text/tree';
import { type CheckKind, type Measure, nothing } from '../check';
import { demanding, implied } from '../demand';
import { familyOf, fits, type LogicalType, logicalTypeOf } from '../logical-type';
import type { Field } from '../source';
import { withArticle } from '../words';

/**
 * A typed file holds what the contract says. In a file of text every value must convert: one that does not is one more
 * wrong value with its row, and never the end of the run.
 */
export const columnType: CheckKind = {
  id: 'columnType',
  byDeclaration: true,
  checks: ({ contract, column }) => {
    const logical = column && logicalTypeOf(column.logicalType, column.physicalType);
    if (!column || !logical) return [];
    const node = get(column.node, 'logicalType') ?? get(column.node, 'physicalType');
    const expected = column.logicalType ?? column.physicalType ?? logical;
    const measure = (field: Field) => typeMeasure(field, logical, expected, contract);
    return [implied(column, { kind: 'columnType', dimension: 'conformity', expected, node, measure })];
  },
};

function typeMeasure(field: Field, logical: LogicalType, expected: string, contract: Contract): Measure {
  return field.untyped && field.value !== field.stored
    ? everyValue(field, expected)
    : storedType(field, logical, expected, contract);
}

const everyValue = (field: Field, expected: string): Measure =>
  demanding(field, {
    be: withArticle(expected),
    broken: ['cannot be read as one', 'cannot be read as one'],
    predicate: `${field.stored} IS NOT NULL AND ${field.value} IS NULL`,
  });

function storedType(field: Field, logical: LogicalType, expected: string, contract: Contract): Measure {
  const { column, type } = field;
  const family = familyOf(type);
  // Before 3.1 the standard had no `timestamp`: a `date` was a moment too.
  const isOld = /^v?(2|3\.0)\b/.test(contract.apiVersion ?? '') && logical === 'date' && family === 'timestamp';
  if (isOld || fits(family, logical)) {
    return nothing({
      verdict: 'holds',
      observed: type,
      message: `Column "${column.path}" is stored as ${type}, which is ${withArticle(expected)}.`,
    });
  }
  const message = `Column "${column.path}" should be ${withArticle(expected)}, but is stored as ${type}.`;
  return nothing({ verdict: 'fails', observed: type, message });
}
