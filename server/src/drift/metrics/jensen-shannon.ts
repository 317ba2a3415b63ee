import type { Metric } from '../metric';
import { divergence } from '../numerics/divergence';

/** Jensen–Shannon distance: 0 when both samples fill the bins alike; the root of ln 2 (1 in base 2) when they share none. */
export const jensenShannon: Metric = {
  id: 'jensen-shannon',
  title: 'Jensen–Shannon distance',
  needs: 'shares',
  measure(p, q, { base = Math.E }) {
    const middle = p.map((share, bin) => (share + (q[bin] ?? 0)) / 2);
    const nats = (divergence(p, middle) + divergence(q, middle)) / 2;
    return { statistic: Math.sqrt(Math.max(0, nats) / Math.log(base)) };
  },
};
