import type { Metric } from '../metric';
import { kolmogorovTwoSample } from '../numerics/kolmogorov';
import { largestBetween } from '../numerics/walk';

/**
 * Kolmogorov–Smirnov: the largest difference between the two distribution functions. Its p-value is exact up to 10,000
 * rows a side and asymptotic beyond, as SciPy's `ks_2samp`, or asymptotic at any size.
 */
export const ks: Metric = {
  id: 'ks',
  title: 'Kolmogorov–Smirnov',
  needs: 'values',
  measure(reference, current, { tail }) {
    const statistic = largestBetween(reference, current);
    return { statistic, pValue: kolmogorovTwoSample(statistic, reference.length, current.length, tail) };
  },
};
