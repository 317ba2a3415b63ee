import type { Metric } from '../metric';
import { areaBetween } from '../numerics/walk';

/**
 * First Wasserstein distance: how far, on average, a value must move for one side to become the other. In the column's
 * own unit, or in units of `normaliser`.
 */
export const wasserstein: Metric = {
  id: 'wasserstein',
  title: 'Wasserstein distance',
  needs: 'values',
  measure: (reference, current, { normaliser = 1 }) => ({
    statistic: areaBetween(reference, current, Math.abs) / normaliser,
  }),
};
