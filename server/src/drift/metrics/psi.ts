import type { Metric } from '../metric';

/** Population stability index: the divergences both ways added. Infinite when a bin is empty on one side only. */
export const psi: Metric = {
  id: 'psi',
  title: 'population stability index',
  needs: 'shares',
  measure: (p, q) => ({ statistic: p.reduce((sum, share, bin) => sum + term(share, q[bin] ?? 0), 0) }),
};

const term = (p: number, q: number): number => (p === q ? 0 : (p - q) * Math.log(p / q));
