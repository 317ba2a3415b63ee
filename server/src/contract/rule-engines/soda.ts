import type { RuleEngine } from '../rule-engine';

export const soda: RuleEngine = {
  id: 'soda',
  names: ['soda'],
  meaningOf: () => ({
    kind: 'custom',
    skipped: 'Soda rules do not run here: run them with Soda, or write the rule as a metric.',
  }),
};
