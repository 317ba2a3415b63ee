import type { Rule } from '../../contract/model';
import { engineName } from '../../contract/rule-engine';
import { members as ruleEngines } from '../../contract/rule-engines';
import { type Check, type CheckKind, rulesOf, type Subject, skipped, unjudged } from '../check';
import { members as customEngines } from '../custom';
import { ruled } from '../rule';
import { translatedCheck } from '../translated';

/** A rule of another engine: one that is checked here, one that means what a rule of ours does, or one to be skipped. */
export const custom: CheckKind = {
  id: 'custom',
  checks: (subject) =>
    rulesOf(subject)
      .filter(({ type }) => type === 'custom')
      .map((rule) => checkOf(subject, rule)),
};

function checkOf(subject: Subject, rule: Rule): Check {
  const name = engineName(rule.engine?.trim() ?? '');
  const engine = customEngines.find(({ names }) => names.includes(name));
  if (engine) return engine.check(subject, rule);
  const other = ruleEngines.find(({ names }) => names.includes(name));
  if (other) return translatedCheck(subject, rule, other.meaningOf(rule, subject.table, subject.column));
  return ruled(subject, rule, {
    kind: 'custom',
    expected: rule.description ?? `as ${rule.engine ?? 'another tool'} says`,
    measure: () =>
      rule.engine === undefined
        ? unjudged('A custom rule needs an "engine" that runs it.')
        : skipped(`Plumbline cannot run rules of the engine "${rule.engine}".`),
  });
}
