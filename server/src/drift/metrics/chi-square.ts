import type { Metric } from '../metric';
import { chiSquareTail } from '../numerics/distributions';
import { total } from '../numerics/shares';

/**
 * Pearson's chi-square of the counts. Against `reference` it asks whether the current rows could come from exactly the
 * reference's shares (SciPy's `chisquare`), against `pooled` whether both could come from the same unknown ones
 * (`chi2_contingency`, whose correction for two by two is Yates'). A category that only the current side has is impossible under the
 * first: the statistic is infinite and p 0. One category alone cannot vary: p is NaN against the reference and 1 pooled, as
 * the two functions have it.
 */
export const chiSquare: Metric = {
  id: 'chi-square',
  title: 'chi-square',
  needs: 'counts',
  measure(reference, current, { expected = 'pooled', yates = false }) {
    if (expected === 'pooled' && reference.length < 2) return { statistic: 0, pValue: 1 };
    const correction = yates && reference.length === 2 ? 0.5 : 0;
    const statistic =
      expected === 'reference' ? fromReference(reference, current) : fromPooled(reference, current, correction);
    return { statistic, pValue: chiSquareTail(statistic, reference.length - 1) };
  },
};

function fromReference(reference: Float64Array, current: Float64Array): number {
  const scale = total(current) / total(reference);
  return reference.reduce((sum, count, category) => sum + term(current[category] ?? 0, count * scale), 0);
}

/** @param correction how far, at most, an observed count is moved towards the expected one. */
function fromPooled(reference: Float64Array, current: Float64Array, correction: number): number {
  const [n, m] = [total(reference), total(current)];
  return reference.reduce((sum, count, category) => {
    const other = current[category] ?? 0;
    const both = (count + other) / (n + m);
    return sum + term(count, both * n, correction) + term(other, both * m, correction);
  }, 0);
}

const term = (observed: number, expected: number, correction = 0): number =>
  observed === expected ? 0 : Math.max(0, Math.abs(observed - expected) - correction) ** 2 / expected;
