import type { Metric } from '../metric';
import { bandwidthOf, likeness } from '../numerics/kernel';
import { generatorFrom } from '../numerics/mersenne';
import { PERMUTATIONS, permuted, SEED, sampled, samplesTaken } from '../numerics/permutations';

/** Each value is held against every other, so no more than this are taken of a side. */
const MOST_ROWS = 2000;

/**
 * Squared maximum mean discrepancy with a Gaussian kernel, unbiased: how much more alike values are within a side than across.
 * About 0, below it too, when both sides are alike. A. Gretton et al., J. Mach. Learn. Res. 13, 2012. The p-value is by
 * permutations; the bandwidth is that of the reference.
 */
export const mmd: Metric = {
  id: 'mmd',
  title: 'maximum mean discrepancy',
  needs: 'values',
  measure(reference, current, options) {
    const { seed = SEED, permutations = PERMUTATIONS } = options;
    const generator = generatorFrom(seed);
    const sides = [sampled(reference, MOST_ROWS, generator), sampled(current, MOST_ROWS, generator)] as const;
    const [n, m] = [sides[0].length, sides[1].length];
    if (n < 2 || m < 2) return { refusal: 'Maximum mean discrepancy needs at least two values on each side.' };
    const bandwidth = bandwidthOf(sides[0], options.bandwidth ?? 'alibi');
    if (bandwidth === 0)
      return { refusal: 'Maximum mean discrepancy has no bandwidth here: half of the reference is one value.' };
    const discrepancy = discrepancyOf(likenesses(sides, bandwidth), n, m);
    const observed = discrepancy(Uint32Array.from({ length: n + m }, (_, i) => i));
    return {
      statistic: observed,
      pValue: permuted(n + m, observed, 1, options, discrepancy),
      parameters: {
        bandwidth,
        seed,
        permutations,
        ...samplesTaken([n, m], [reference.length, current.length]),
      },
    };
  },
};

/** Likeness of every value of both sides to every other, row by row; 0 to itself. */
function likenesses([reference, current]: readonly [Float64Array, Float64Array], bandwidth: number): Float64Array {
  const both = Float64Array.from([...reference, ...current]);
  const size = both.length;
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < i; j++) {
      const alike = likeness(both[i] ?? 0, both[j] ?? 0, bandwidth);
      matrix[i * size + j] = alike;
      matrix[j * size + i] = alike;
    }
  return matrix;
}

/**
 * The discrepancy when the first n of an order are the reference. Of what is within a side and across, only the part within
 * the smaller side is summed; sums of rows give the rest.
 */
function discrepancyOf(matrix: Float64Array, n: number, m: number): (order: Uint32Array) => number {
  const size = n + m;
  const sums = new Float64Array(size);
  for (let i = 0; i < size; i++) sums[i] = matrix.subarray(i * size, (i + 1) * size).reduce((sum, k) => sum + k, 0);
  const all = sums.reduce((sum, row) => sum + row, 0);
  return (order) => {
    const smaller = (n <= m ? order.subarray(0, n) : order.subarray(n)).slice().sort();
    let inside = 0;
    let touched = 0;
    for (let a = 0; a < smaller.length; a++) {
      const row = (smaller[a] ?? 0) * size;
      touched += sums[smaller[a] ?? 0] ?? 0;
      for (let b = 0; b < a; b++) inside += matrix[row + (smaller[b] ?? 0)] ?? 0;
    }
    inside *= 2;
    const across = touched - inside;
    const outside = all - inside - 2 * across;
    const [withinReference, withinCurrent] = n <= m ? [inside, outside] : [outside, inside];
    return withinReference / (n * (n - 1)) + withinCurrent / (m * (m - 1)) - (2 * across) / (n * m);
  };
}
