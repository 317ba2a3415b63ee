import { metricOf } from '../../contract/metrics';
import { itemsOf, type Node } from '../../text/tree';
import { rulesIn } from '../place';
import type { Finding, Rule } from '../rule';

export const impossibleThreshold: Rule = {
  code: 'contract/impossible-threshold',
  severity: 'error',
  documentation:
    'A rule compares a count with a negative number, or a percentage with one outside 0 to 100, which no data can reach.',
  check: (contract) =>
    rulesIn(contract).flatMap(({ rule }) =>
      rule.type === 'library' && metricOf(rule.metric)
        ? rule.operators.flatMap(({ node }) => numbersIn(node).flatMap((number) => judged(number, rule.unit)))
        : [],
    ),
};

const numbersIn = (node: Node): readonly Node[] => (node.kind === 'list' ? itemsOf(node) : [node]);

function judged(node: Node, unit: string | undefined): readonly Finding[] {
  if (node.kind !== 'scalar' || typeof node.value !== 'number') return [];
  if (node.value < 0) return [{ span: node.span, message: `A count is never ${node.value}; write 0 or more.` }];
  if (unit !== 'percent' || node.value <= 100) return [];
  return [{ span: node.span, message: `A percentage is never ${node.value}; write a number from 0 to 100.` }];
}
