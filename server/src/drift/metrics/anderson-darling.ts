import type { Metric } from '../metric';
import { walk } from '../numerics/walk';

/** The least and greatest p-value that Scholz and Stephens' table covers; SciPy clips to them. */
const [LEAST, GREATEST] = [0.001, 0.25];
/** Critical values of two samples at those levels, from the same table: b₀ + b₁ + b₂. */
const [OFTEN, SELDOM] = [0.325, 6.546];
/** ln p as a parabola of the statistic, least squares over the seven levels of the table, as SciPy fits it. */
const PARABOLA = [0.01819809457411147, -1.0082265644652515, -1.077770279820484] as const;

/**
 * Anderson–Darling of two samples with middle ranks: like Cramér–von Mises, with more weight on the tails. Standardised, so
 * that 0 is expected. F. W. Scholz, M. A. Stephens, J. Am. Stat. Assoc. 82, 1987, equation 7, as SciPy's `anderson_ksamp`.
 */
export const andersonDarling: Metric = {
  id: 'anderson-darling',
  title: 'Anderson–Darling',
  needs: 'values',
  measure(reference, current) {
    const size = reference.length + current.length;
    if (size < 4) return { refusal: 'Anderson–Darling needs at least four values over both sides.' };
    const first = Math.min(reference[0] ?? 0, current[0] ?? 0);
    if (first === Math.max(reference.at(-1) ?? 0, current.at(-1) ?? 0))
      return { refusal: 'Anderson–Darling needs at least two different values over both sides.' };
    const statistic = (midranks(reference, current) - 1) / Math.sqrt(variance(reference.length, current.length));
    return { statistic, pValue: pValueOf(statistic) };
  },
};

function midranks(reference: Float64Array, current: Float64Array): number {
  const [n, m] = [reference.length, current.length];
  const size = n + m;
  let [ofReference, ofCurrent, lastI, lastJ] = [0, 0, 0, 0];
  walk(reference, current, (_, i, j) => {
    const equal = i - lastI + j - lastJ;
    const rank = lastI + lastJ + equal / 2;
    const weight = equal / size / (rank * (size - rank) - (size * equal) / 4);
    ofReference += weight * ((size * (i + lastI)) / 2 - rank * n) ** 2;
    ofCurrent += weight * ((size * (j + lastJ)) / 2 - rank * m) ** 2;
    [lastI, lastJ] = [i, j];
  });
  return ((ofReference / n + ofCurrent / m) * (size - 1)) / size;
}

/** Variance of the statistic under no difference: equation 4 for two samples. */
function variance(n: number, m: number): number {
  const size = n + m;
  const inverse = 1 / n + 1 / m;
  let [h, g] = [0, 0];
  for (let i = 2; i < size; i++) {
    h += 1 / (size - i + 1);
    g += h / i;
  }
  h += 1;
  const a = 4 * g - 6 + (10 - 6 * g) * inverse;
  const b = (2 * g - 4) * 4 + 16 * h + (2 * g - 14 * h - 4) * inverse - 8 * h + 4 * g - 6;
  const c = (6 * h + 2 * g - 2) * 4 + (4 * h - 4 * g + 6) * 2 + (2 * h - 6) * inverse + 4 * h;
  const d = (2 * h + 6) * 4 - 8 * h;
  return (a * size ** 3 + b * size ** 2 + c * size + d) / ((size - 1) * (size - 2) * (size - 3));
}

function pValueOf(statistic: number): number {
  if (statistic < OFTEN) return GREATEST;
  if (statistic > SELDOM) return LEAST;
  return Math.exp(PARABOLA.reduce((sum, coefficient) => sum * statistic + coefficient, 0));
}
