import { type Contract, columnsOf, type Relationship, type Table, type Word } from '../../contract/model';
import { targetOf } from '../../contract/references';
import { get } from '../../text/tree';
import { startOf } from '../place';
import { unknownPart } from '../reference';
import type { Finding, Rule } from '../rule';

export const relationshipUnknownColumn: Rule = {
  code: 'contract/relationship-unknown-column',
  severity: 'error',
  documentation:
    'A relationship names a table or column that the contract does not have, or different numbers of columns on both sides, so it cannot be checked.',
  check: (contract) =>
    contract.tables.flatMap((table) => [
      ...table.relationships.flatMap((relationship) => [
        ...unknownIn(contract, relationship.from, table),
        ...judged(contract, relationship),
      ]),
      ...columnsOf(table).flatMap((column) =>
        column.relationships.flatMap((relationship) => judged(contract, relationship)),
      ),
    ]),
};

const judged = (contract: Contract, relationship: Relationship): readonly Finding[] => [
  ...unknownIn(contract, relationship.to, undefined),
  ...uneven(relationship),
];

function unknownIn(contract: Contract, words: readonly Word[], within: Table | undefined): readonly Finding[] {
  return words.flatMap((word) => {
    const target = targetOf(contract, word.text, within);
    const finding = target && unknownPart(contract, word, target);
    return finding ? [finding] : [];
  });
}

/** Both sides of a relationship pair off: equally many columns. */
function uneven({ from, to, node }: Relationship): readonly Finding[] {
  if (from.length === to.length || from.length === 0 || to.length === 0) return [];
  const message = `This relationship starts at ${from.length} and ends at ${to.length} columns; name equally many on both sides.`;
  return [{ span: startOf(get(node, 'to') ?? node), message }];
}
