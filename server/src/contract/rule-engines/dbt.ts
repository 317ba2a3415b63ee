import type { RuleEngine } from '../rule-engine';

export const dbt: RuleEngine = {
  id: 'dbt',
  names: ['dbt'],
  meaningOf: () => ({
    kind: 'custom',
    skipped: 'dbt tests do not run here: run them with dbt, or write the rule as a metric.',
  }),
};
