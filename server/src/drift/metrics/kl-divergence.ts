import type { Metric } from '../metric';
import { divergence } from '../numerics/divergence';
import { sharesOf } from '../numerics/shares';

/**
 * Kullback–Leibler divergence of the reference from the current side: what it costs to take current for reference. Shares
 * are brought back to a sum of 1 first, which they exceed where a profile has filled empty bins.
 */
export const klDivergence: Metric = {
  id: 'kl-divergence',
  title: 'Kullback–Leibler divergence',
  needs: 'shares',
  measure: (p, q, { base = Math.E }) => ({ statistic: divergence(sharesOf(p), sharesOf(q)) / Math.log(base) }),
};
