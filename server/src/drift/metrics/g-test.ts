import type { Metric } from '../metric';
import { chiSquareTail } from '../numerics/distributions';
import { total } from '../numerics/shares';

/**
 * G-test, the likelihood ratio form of chi-square: could both sides come from the same shares? Against `reference` the
 * counts are held against the reference's own as they stand, which has a meaning only when both sides have as many rows
 * (SciPy's `power_divergence` refuses otherwise).
 */
export const gTest: Metric = {
  id: 'g-test',
  title: 'G-test',
  needs: 'counts',
  measure(reference, current, { expected = 'pooled' }) {
    const [n, m] = [total(reference), total(current)];
    if (expected === 'reference' && n !== m)
      return {
        refusal: `The G-test here needs as many rows on both sides, but the reference has ${n} and current ${m}.`,
      };
    const statistic = reference.reduce((sum, count, category) => {
      const other = current[category] ?? 0;
      if (expected === 'reference') return sum + term(other, count);
      const both = (count + other) / (n + m);
      return sum + term(count, both * n) + term(other, both * m);
    }, 0);
    return { statistic, pValue: chiSquareTail(statistic, reference.length - 1) };
  },
};

const term = (observed: number, expected: number): number =>
  observed === 0 ? 0 : 2 * observed * Math.log(observed / expected);
