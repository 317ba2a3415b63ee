import type { RuleEngine } from '../rule-engine';

export const dqx: RuleEngine = {
  id: 'dqx',
  names: ['dqx'],
  meaningOf: () => ({
    kind: 'custom',
    skipped: 'DQX rules do not run here: run them with DQX, or write the rule as a metric.',
  }),
};
