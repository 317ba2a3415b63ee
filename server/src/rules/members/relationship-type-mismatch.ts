import { type Column, type Contract, columnsOf, type Relationship, type Table, type Word } from '../../contract/model';
import { targetOf } from '../../contract/references';
import { get } from '../../text/tree';
import { nameSpan } from '../place';
import type { Finding, Rule } from '../rule';

export const relationshipTypeMismatch: Rule = {
  code: 'contract/relationship-type-mismatch',
  severity: 'warning',
  documentation: 'Both ends of a relationship have different logical types, so their values can hardly be equal.',
  check: (contract) =>
    contract.tables.flatMap((table) =>
      [...table.relationships, ...columnsOf(table).flatMap(({ relationships }) => relationships)].flatMap(
        (relationship) => judged(contract, table, relationship),
      ),
    ),
};

const judged = (contract: Contract, table: Table, { from, to }: Relationship): readonly Finding[] =>
  from.length !== to.length
    ? []
    : from.flatMap((word, index) => {
        const other = to[index];
        const start = targetOf(contract, word.text, table)?.column;
        const end = other && targetOf(contract, other.text)?.column;
        return other && start && end ? mismatch(other, start, end) : [];
      });

function mismatch({ node }: Word, start: Column, end: Column): readonly Finding[] {
  if (!start.logicalType || !end.logicalType || start.logicalType === end.logicalType) return [];
  const numbers = ['integer', 'number'];
  if (numbers.includes(start.logicalType) && numbers.includes(end.logicalType)) return [];
  const message = `"${start.path}" is of type ${start.logicalType}, but "${end.path}" is of type ${end.logicalType}; give both ends one type.`;
  const related = { span: get(end.node, 'logicalType')?.span ?? nameSpan(end), message: `The type of "${end.path}"` };
  return [{ span: node.span, message, related: [related] }];
}
