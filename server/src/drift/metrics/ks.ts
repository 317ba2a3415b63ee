import type { Metric } from '../metric';
import { kolmogorovTwoSample } from '../numerics/kolmogorov';
import { walk } from '../numerics/walk';

/**
 * Kolmogorov–Smirnov: the largest difference between the two distribution functions. Its p-value is exact up to 10,000
 * rows a side and asymptotic beyond, as SciPy's `ks_2samp`, or asymptotic at any size.
 */
export const ks: Metric = {
  id: 'ks',
  title: 'Kolmogorov–Smirnov',
  needs: 'values',
  measure(reference, current, { tail }) {
    const [n, m] = [reference.length, current.length];
    let statistic = 0;
    walk(reference, current, (_, i, j) => {
      statistic = Math.max(statistic, Math.abs(i / n - j / m));
    });
    return { statistic, pValue: kolmogorovTwoSample(statistic, n, m, tail) };
  },
};
