import { columnsOf, type Table } from '../../contract/model';
import { columnCalled } from '../../contract/references';
import { didYouMean, slipsOf } from '../../text/nearest';
import { itemsOf, type Node, wordOf } from '../../text/tree';
import { argumentNode, replacement, rulesIn } from '../place';
import type { Finding, Rule } from '../rule';

export const ruleUnknownColumn: Rule = {
  code: 'contract/rule-unknown-column',
  severity: 'error',
  documentation: 'A quality rule counts duplicates over a column that its table does not have.',
  check: (contract) =>
    rulesIn(contract).flatMap(({ rule, table }) =>
      rule.metric === 'duplicateValues'
        ? itemsOf(argumentNode(rule, 'properties')).flatMap((node) => judged(node, table))
        : [],
    ),
};

function judged(node: Node, table: Table): readonly Finding[] {
  const name = wordOf(node);
  if (name === undefined || columnCalled(table, name)) return [];
  const meant = slipsOf(
    name,
    columnsOf(table).map(({ path }) => path),
  );
  const message = `Table "${table.name}" has no column "${name}".${didYouMean(meant)}`;
  return [{ span: node.span, message, ...(meant[0] ? { fix: replacement(node.span, meant[0]) } : {}) }];
}
