import type { RuleEngine } from '../rule-engine';

export const monteCarlo: RuleEngine = {
  id: 'monteCarlo',
  names: ['montecarlo'],
  meaningOf: () => ({ kind: 'custom', skipped: 'Monte Carlo monitors run in Monte Carlo.' }),
};
