import type { Metric } from '../metric';
import { normalTail } from '../numerics/distributions';
import { walk } from '../numerics/walk';

/** Below this size of the smaller side, and without ties, the exact distribution of U is used, as SciPy does. */
const EXACT_ROWS = 8;

/**
 * Mann–Whitney U of the reference: in how many pairs its value is the larger one, ties counting half. Normal with
 * corrections for ties and continuity, as SciPy's `mannwhitneyu`.
 */
export const mannWhitney: Metric = {
  id: 'mann-whitney',
  title: 'Mann–Whitney U',
  needs: 'values',
  measure(reference, current, { alternative = 'two-sided' }) {
    const [n, m] = [reference.length, current.length];
    const { u, ties } = pairs(reference, current);
    const extreme = alternative === 'less' ? n * m - u : Math.max(u, n * m - u);
    const tail = ties === 0 && Math.min(n, m) <= EXACT_ROWS ? exactTail(extreme, n, m) : tailOf(extreme, n, m, ties);
    return { statistic: u, pValue: Math.min(1, tail * (alternative === 'less' ? 1 : 2)) };
  },
};

/** U of the reference, and the sum of t³ − t over groups of t equal values. */
function pairs(reference: Float64Array, current: Float64Array): { u: number; ties: number } {
  let [u, ties, lastI, lastJ] = [0, 0, 0, 0];
  walk(reference, current, (_, i, j) => {
    const equal = i - lastI + j - lastJ;
    ties += equal ** 3 - equal;
    u += (i - lastI) * (lastJ + (j - lastJ) / 2);
    [lastI, lastJ] = [i, j];
  });
  return { u, ties };
}

function tailOf(u: number, n: number, m: number, ties: number): number {
  const size = n + m;
  const spread = Math.sqrt(((n * m) / 12) * (size + 1 - ties / (size * (size - 1))));
  return normalTail((u - (n * m) / 2 - 0.5) / spread);
}

/** P(U ≥ u) without ties. The ways to each U are the coefficients of a Gaussian binomial. */
function exactTail(u: number, n: number, m: number): number {
  const ways = new Float64Array(n * m + 1);
  ways[0] = 1;
  const small = Math.min(n, m);
  const large = Math.max(n, m);
  for (let i = 1; i <= small; i++) {
    for (let at = ways.length - 1; at >= large + i; at--) ways[at] = (ways[at] ?? 0) - (ways[at - large - i] ?? 0);
    for (let at = i; at < ways.length; at++) ways[at] = (ways[at] ?? 0) + (ways[at - i] ?? 0);
  }
  const sum = (from: number): number => ways.subarray(from).reduce((total, way) => total + way, 0);
  return sum(u) / sum(0);
}
