import { get } from '../../text/tree';
import { repeatedIn, rulesIn } from '../place';
import type { Rule } from '../rule';

export const duplicateRuleId: Rule = {
  code: 'contract/duplicate-rule-id',
  severity: 'error',
  documentation: 'Two quality rules have the same id, so their results cannot be told apart.',
  check: (contract) => {
    const ids = rulesIn(contract).flatMap(({ rule }) => {
      const span = get(rule.node, 'id')?.span;
      return rule.id !== undefined && span ? [{ name: rule.id, span }] : [];
    });
    return repeatedIn(ids).map(({ again, first }) => ({
      span: again.span,
      message: `Two quality rules have the id "${again.name}"; give this one an id that is unique.`,
      related: [{ span: first.span, message: `The first rule "${first.name}"` }],
    }));
  },
};
