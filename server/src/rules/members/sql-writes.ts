import { get } from '../../text/tree';
import { rulesIn, spanWithin } from '../place';
import type { Finding, Rule } from '../rule';

export const sqlWrites: Rule = {
  code: 'contract/sql-writes',
  severity: 'error',
  documentation: 'The query of a quality rule does something else than read; such a query is never run.',
  check: (contract) =>
    rulesIn(contract).flatMap(({ rule }): Finding[] => {
      const node = get(rule.node, 'query');
      const [, word] = /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/|\()*([a-z]+)/i.exec(rule.query ?? '') ?? [];
      if (node?.kind !== 'scalar' || word === undefined || reading.has(word.toUpperCase())) return [];
      const span = spanWithin(contract.tree, node, word);
      return [{ span, message: `A quality rule may only read, but this query starts with ${word}; write one SELECT.` }];
    }),
};

const reading: ReadonlySet<string> = new Set(['SELECT', 'WITH', 'FROM', 'VALUES', 'TABLE']);
