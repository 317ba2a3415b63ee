import type { Metric } from '../metric';
import { normalTail } from '../numerics/distributions';
import { total } from '../numerics/shares';

/**
 * Two-proportion z-test with pooled variance: did the share of rows outside the first category change? One and the same
 * category on both sides cannot differ: z 0, p 1.
 */
export const zTest: Metric = {
  id: 'z-test',
  title: 'Z-test',
  needs: 'counts',
  measure(reference, current) {
    const [n, m] = [total(reference), total(current)];
    if (reference.length < 2) return { statistic: 0, pValue: 1 };
    const before = 1 - (reference[0] ?? 0) / n;
    const after = 1 - (current[0] ?? 0) / m;
    const both = (before * n + after * m) / (n + m);
    const z = (before - after) / Math.sqrt(both * (1 - both) * (1 / n + 1 / m));
    return { statistic: z, pValue: 2 * normalTail(Math.abs(z)) };
  },
};
