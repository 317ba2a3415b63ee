import type { Rule } from '../../contract/model';
import { type CheckKind, rulesOf, skipped, unjudged } from '../check';
import { ruled } from '../rule';

/** Why a check of another tool does not run here, by its engine in small letters without dashes. */
const reasons: Readonly<Record<string, string>> = {
  plumbline: 'Drift is measured between two data sets: run Compare Data for Drift.',
  greatexpectations: 'Great Expectations rules inside a contract do not run here: run them with Great Expectations.',
  soda: 'Soda rules do not run here: run them with Soda, or write the rule as a metric.',
  dbt: 'dbt tests do not run here: run them with dbt, or write the rule as a metric.',
  dqx: 'DQX rules do not run here: run them with DQX, or write the rule as a metric.',
  montecarlo: 'Monte Carlo monitors run in Monte Carlo.',
};

export const custom: CheckKind = {
  id: 'custom',
  checks: (subject) =>
    rulesOf(subject)
      .filter(({ type }) => type === 'custom')
      .map((rule) =>
        ruled(subject, rule, {
          kind: 'custom',
          expected: rule.description ?? `as ${rule.engine ?? 'another tool'} says`,
          measure: () => reasonFor(rule),
        }),
      ),
};

function reasonFor({ engine }: Rule) {
  if (engine === undefined) return unjudged('A custom rule needs an "engine" that runs it.');
  const reason = reasons[engine.toLowerCase().replaceAll(/[-_ ]/g, '')];
  return skipped(reason ?? `Plumbline cannot run rules of the engine "${engine}".`);
}
