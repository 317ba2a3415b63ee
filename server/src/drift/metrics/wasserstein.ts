import type { Metric } from '../metric';
import { walk } from '../numerics/walk';

/**
 * First Wasserstein distance: how far, on average, a value must move for one side to become the other. In the column's
 * own unit, or in units of `normaliser`.
 */
export const wasserstein: Metric = {
  id: 'wasserstein',
  title: 'Wasserstein distance',
  needs: 'values',
  measure(reference, current, { normaliser = 1 }) {
    let distance = 0;
    let gap = 0;
    let last = 0;
    walk(reference, current, (value, i, j) => {
      if (gap > 0) distance += gap * (value - last);
      gap = Math.abs(i / reference.length - j / current.length);
      last = value;
    });
    return { statistic: distance / normaliser };
  },
};
