import type { Metric } from '../metric';

/** L-infinity: the largest change of any one share. */
export const lInfinity: Metric = {
  id: 'l-infinity',
  title: 'largest change of a share',
  needs: 'shares',
  measure: (p, q) => ({
    statistic: p.reduce((most, share, bin) => Math.max(most, Math.abs(share - (q[bin] ?? 0))), 0),
  }),
};
