import type { Metric } from '../metric';

/** Total variation: the share of rows that would have to change category for both sides to be alike. */
export const totalVariation: Metric = {
  id: 'total-variation',
  title: 'total variation',
  needs: 'shares',
  measure: (p, q) => ({ statistic: p.reduce((sum, share, bin) => sum + Math.abs(share - (q[bin] ?? 0)), 0) / 2 }),
};
