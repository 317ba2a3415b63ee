import { isGreatExpectations } from '../../contract/expectations';
import type { Rule } from '../../contract/model';
import { type CheckKind, type Data, type Measure, measureOf, rulesOf, type Subject, skipped, unjudged } from '../check';
import { driftMeasure, driftWishOf, isComplaint, wordsOf } from '../drift-rule';
import { expectationCheck } from '../expectations/check';
import { ruled } from '../rule';

/** Why a check of another tool does not run here, by its engine in small letters without dashes. */
const reasons: Readonly<Record<string, string>> = {
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
        isGreatExpectations(rule.engine)
          ? expectationCheck(subject, rule)
          : ruled(subject, rule, {
              kind: 'custom',
              expected: expectedOf(rule),
              measure: (data) => measureFor(subject, rule, data),
            }),
      ),
};

/** How an engine's name is told from another, however it is spelt: `great-expectations`, `greatExpectations`. */
const nameOf = (engine: string): string => engine.toLowerCase().replaceAll(/[-_ ]/g, '');

function expectedOf({ engine, implementation, description }: Rule): string {
  const wish = engine !== undefined && nameOf(engine) === 'plumbline' ? driftWishOf(implementation) : undefined;
  return wish && !isComplaint(wish) ? wordsOf(wish) : (description ?? `as ${engine ?? 'another tool'} says`);
}

function measureFor({ table, column }: Subject, { engine, implementation }: Rule, data: Data): Measure {
  if (engine === undefined) return unjudged('A custom rule needs an "engine" that runs it.');
  if (nameOf(engine) === 'plumbline') {
    const wish = driftWishOf(implementation);
    if (isComplaint(wish)) return unjudged(wish.complaint);
    return column
      ? measureOf(data, column, ({ name }) => driftMeasure(wish, column.path, name))
      : driftMeasure(wish, table.name);
  }
  const reason = reasons[nameOf(engine)];
  return skipped(reason ?? `Plumbline cannot run rules of the engine "${engine}".`);
}
