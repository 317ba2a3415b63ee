import { columnsOf } from '../../contract/model';
import { type Node, stringOf } from '../../text/tree';
import { argumentNode, rulesIn } from '../place';
import type { Finding, Rule } from '../rule';

export const invalidPattern: Rule = {
  code: 'contract/invalid-pattern',
  severity: 'error',
  documentation:
    'A pattern is no regular expression of ECMA-262, the dialect that ODCS names, so no value can be held against it.',
  check: (contract) => [
    ...contract.tables.flatMap((table) => columnsOf(table).flatMap(({ optionNodes }) => judged(optionNodes.pattern))),
    ...rulesIn(contract).flatMap(({ rule }) => judged(argumentNode(rule, 'pattern'))),
  ],
};

function judged(node: Node | undefined): readonly Finding[] {
  const pattern = stringOf(node);
  const reason = pattern === undefined ? undefined : refusal(pattern);
  if (!node || reason === undefined) return [];
  return [{ span: node.span, message: `This pattern is no regular expression: ${reason}.` }];
}

/** What the engine says against a pattern; undefined when it takes it, in Unicode mode or without. */
function refusal(pattern: string): string | undefined {
  if (refusalOf(pattern, 'u') === undefined) return undefined;
  return refusalOf(pattern, '');
}

function refusalOf(pattern: string, flags: string): string | undefined {
  try {
    new RegExp(pattern, flags);
    return undefined;
  } catch (error) {
    const words = error instanceof Error ? error.message : '';
    const reason = words.slice(words.lastIndexOf(': ') + 2);
    return `${reason.charAt(0).toLowerCase()}${reason.slice(1)}`;
  }
}
