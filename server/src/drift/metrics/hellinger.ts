import type { Metric } from '../metric';

/** Hellinger distance: 0 when both samples fill the bins alike, 1 when they share none. */
export const hellinger: Metric = {
  id: 'hellinger',
  title: 'Hellinger distance',
  needs: 'shares',
  measure(p, q) {
    const overlap = p.reduce((sum, share, bin) => sum + Math.sqrt(share * (q[bin] ?? 0)), 0);
    return { statistic: Math.sqrt(1 - Math.min(1, overlap)) };
  },
};
