import type { Metric } from '../metric';
import { areaBetween } from '../numerics/walk';

/** Energy distance, as SciPy's `energy_distance`: the root of twice the squared gap between the distribution functions. */
export const energy: Metric = {
  id: 'energy',
  title: 'energy distance',
  needs: 'values',
  measure: (reference, current) => ({
    statistic: Math.sqrt(2 * areaBetween(reference, current, (difference) => difference ** 2)),
  }),
};
