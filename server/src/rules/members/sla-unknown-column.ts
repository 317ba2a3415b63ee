import { targetOf } from '../../contract/references';
import { unknownPart } from '../reference';
import type { Finding, Rule } from '../rule';

export const slaUnknownColumn: Rule = {
  code: 'contract/sla-unknown-column',
  severity: 'error',
  documentation:
    'An SLA property is about a table or column that the contract does not have, so the promise is about nothing.',
  check: (contract) => {
    const only = contract.tables.length === 1 ? contract.tables[0] : undefined;
    const words = contract.sla.flatMap(({ elements }) => elements);
    return [...words, ...(contract.slaDefaultElement ? [contract.slaDefaultElement] : [])].flatMap(
      (word): Finding[] => {
        const target = targetOf(contract, word.text, only);
        const finding = target && contract.tables.length > 0 ? unknownPart(contract, word, target) : undefined;
        return finding ? [finding] : [];
      },
    );
  },
};
