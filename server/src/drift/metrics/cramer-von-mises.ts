import type { Metric } from '../metric';
import { logGamma } from '../numerics/distributions';
import { walk } from '../numerics/walk';
import { greatestCommonDivisor } from '../numerics/whole';

/** Up to this many rows on the larger side p is exact. SciPy and Evidently draw the line there. */
const EXACT_ROWS = 20;

/**
 * Cramér–von Mises: the squared gap between the distribution functions, over all values. T. W. Anderson, Ann. Math. Stat.
 * 33(3), 1962.
 */
export const cramerVonMises: Metric = {
  id: 'cramer-von-mises',
  title: 'Cramér–von Mises',
  needs: 'values',
  measure(reference, current) {
    const [n, m] = [reference.length, current.length];
    if (n < 2 || m < 2) return { refusal: 'Cramér–von Mises needs at least two values on each side.' };
    const u = rankGaps(reference, current);
    const [product, size] = [n * m, n + m];
    const statistic = u / (product * size) - (4 * product - 1) / (6 * size);
    return { statistic, pValue: Math.max(n, m) <= EXACT_ROWS ? exactTail(u, n, m) : limitTail(statistic, n, m) };
  },
};

/** n Σ(rank − i)² + m Σ(rank − j)² with middle ranks for ties: equation 10. */
function rankGaps(reference: Float64Array, current: Float64Array): number {
  let [ofReference, ofCurrent, lastI, lastJ] = [0, 0, 0, 0];
  walk(reference, current, (_, i, j) => {
    const rank = (lastI + lastJ + 1 + i + j) / 2;
    for (let at = lastI + 1; at <= i; at++) ofReference += (rank - at) ** 2;
    for (let at = lastJ + 1; at <= j; at++) ofCurrent += (rank - at) ** 2;
    [lastI, lastJ] = [i, j];
  });
  return reference.length * ofReference + current.length * ofCurrent;
}

/** P(T ≥ t) over all paths. Y. Xiao, A. Gordon, A. Yakovlev, J. Stat. Soft. 17(8), 2006. */
function exactTail(u: number, n: number, m: number): number {
  const multiple = leastCommonMultiple(n, m);
  const limit = Math.floor((multiple ** 2 * (n + m) * (6 * u - n * m * (4 * n * m - 1))) / (6 * (n * m) ** 2));
  let column: Map<number, number>[] = Array.from({ length: n + 1 }, (_, v) => new Map(v === 0 ? [[0, 1]] : []));
  for (let j = 0; j <= m; j++) {
    let below = new Map<number, number>();
    column = column.map((left, i) => {
      const gap = ((multiple / n) * i - (multiple / m) * j) ** 2;
      below = shifted(left, below, gap);
      return below;
    });
  }
  let [beyond, all] = [0, 0];
  for (const [value, ways] of column[n] ?? []) {
    all += ways;
    if (value >= limit) beyond += ways;
  }
  return beyond / all;
}

function shifted(a: Map<number, number>, b: Map<number, number>, by: number): Map<number, number> {
  const sum = new Map<number, number>();
  for (const part of [a, b]) for (const [value, ways] of part) sum.set(value + by, (sum.get(value + by) ?? 0) + ways);
  return sum;
}

function limitTail(t: number, n: number, m: number): number {
  const [product, size] = [n * m, n + m];
  const expected = (1 + 1 / size) / 6;
  const variance =
    ((size + 1) * (4 * product * size - 3 * (n * n + m * m) - 2 * product)) / (45 * size ** 2 * 4 * product);
  const normalised = 1 / 6 + (t - expected) / Math.sqrt(45 * variance);
  return normalised < 0.003 ? 1 : Math.max(0, 1 - limitShare(normalised));
}

/**
 * Limiting distribution function. S. Csörgő, J. Faraway, J. R. Stat. Soc. B 58(1), 1996, equation 1.2. The sum ends at the
 * same small term as SciPy's, so that p-values agree where that cut shows.
 */
function limitShare(x: number): number {
  let sum = 0;
  for (let k = 0; ; k++) {
    const y = 4 * k + 1;
    const q = (y * y) / (16 * x);
    const weight = Math.exp(logGamma(k + 0.5) - logGamma(k + 1)) / (Math.PI ** 1.5 * Math.sqrt(x));
    const term = weight * Math.sqrt(y) * Math.exp(-q) * besselK(0.25, q);
    sum += term;
    if (Math.abs(term) < 1e-7) return sum;
  }
}

/** Modified Bessel function of the second kind, by the trapezoid rule on ∫ exp(−x cosh t) cosh(νt) dt: exact to 1e-15. */
function besselK(order: number, x: number): number {
  const step = 1 / 32;
  let sum = Math.exp(-x) / 2;
  for (let t = step; ; t += step) {
    const term = Math.exp(-x * Math.cosh(t)) * Math.cosh(order * t);
    sum += term;
    if (term <= sum * 1e-18) return sum * step;
  }
}

const leastCommonMultiple = (a: number, b: number): number => (a / greatestCommonDivisor(a, b)) * b;
