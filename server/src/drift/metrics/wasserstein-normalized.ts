import type { Metric } from '../metric';
import { deviation } from '../numerics/moments';
import { wasserstein } from './wasserstein';

/**
 * First Wasserstein distance in units of `normaliser`; when that is left out, of the standard deviation of the reference
 * (population form), and infinite where the reference does not vary and the sides differ.
 */
export const wassersteinNormalized: Metric = {
  id: 'wasserstein-normalized',
  title: 'normalised Wasserstein distance',
  needs: 'values',
  measure(reference, current, { normaliser = deviation(reference) }) {
    const distance = wasserstein.measure(reference, current, {});
    if ('refusal' in distance || distance.statistic === 0) return distance;
    return { statistic: distance.statistic / normaliser };
  },
};
