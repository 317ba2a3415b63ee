import type { Metric } from '../metric';
import { jensenShannon } from './jensen-shannon';

/** Jensen–Shannon divergence, the square of the distance: 0 when both samples fill the bins alike, ln 2 (1 in base 2) when they share none. */
export const jensenShannonDivergence: Metric = {
  id: 'jensen-shannon-divergence',
  title: 'Jensen–Shannon divergence',
  needs: 'shares',
  measure(p, q, options) {
    const distance = jensenShannon.measure(p, q, options);
    return 'refusal' in distance ? distance : { statistic: distance.statistic ** 2 };
  },
};
