import { type CheckKind, rulesOf, skipped } from '../check';
import { ruled } from '../rule';

/** Rules for people: told, and never run. */
export const text: CheckKind = {
  id: 'text',
  checks: (subject) =>
    rulesOf(subject)
      .filter(({ type }) => type === 'text')
      .map((rule) =>
        ruled(subject, rule, {
          kind: 'text',
          expected: rule.description ?? rule.name ?? 'a rule in words',
          measure: () => skipped('This rule is for people to read.'),
        }),
      ),
};
