import type { Metric } from '../metric';
import { studentTails } from '../numerics/distributions';
import { mean, variance } from '../numerics/moments';

/** Student's t-test with equal variances: did the mean move? NaN where neither side varies nor differs. */
export const tTest: Metric = {
  id: 't-test',
  title: 't-test',
  needs: 'values',
  measure(reference, current) {
    const [n, m] = [reference.length, current.length];
    if (n + m < 3) return { refusal: 'A t-test needs at least three values over both sides.' };
    const pooled = (variance(reference, 0) * n + variance(current, 0) * m) / (n + m - 2);
    const t = (mean(reference) - mean(current)) / Math.sqrt(pooled * (1 / n + 1 / m));
    return { statistic: t, pValue: studentTails(t, n + m - 2) };
  },
};
