import { chiSquareTail } from '../distributions';
import type { Metric } from '../metric';
import { total } from '../shares';

/**
 * Pearson's chi-square of the counts. Against `reference` it asks whether the current rows could come from exactly the
 * reference's shares (SciPy's `chisquare`), against `pooled` whether both could come from the same unknown ones
 * (`chi2_contingency` without Yates' correction). A category that only the current side has is impossible under the
 * first: the statistic is infinite and p 0. One category alone cannot vary: p is NaN against the reference and 1 pooled, as
 * the two functions have it.
 */
export const chiSquare: Metric = {
  id: 'chi-square',
  title: 'chi-square',
  needs: 'counts',
  measure(reference, current, { expected = 'pooled' }) {
    if (expected === 'pooled' && reference.length < 2) return { statistic: 0, pValue: 1 };
    const statistic = expected === 'reference' ? fromReference(reference, current) : fromPooled(reference, current);
    return { statistic, pValue: chiSquareTail(statistic, reference.length - 1) };
  },
};

function fromReference(reference: Float64Array, current: Float64Array): number {
  const scale = total(current) / total(reference);
  return reference.reduce((sum, count, category) => sum + term(current[category] ?? 0, count * scale), 0);
}

function fromPooled(reference: Float64Array, current: Float64Array): number {
  const [n, m] = [total(reference), total(current)];
  return reference.reduce((sum, count, category) => {
    const other = current[category] ?? 0;
    const both = (count + other) / (n + m);
    return sum + term(count, both * n) + term(other, both * m);
  }, 0);
}

const term = (observed: number, expected: number): number =>
  observed === expected ? 0 : (observed - expected) ** 2 / expected;
