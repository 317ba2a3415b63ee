import type { Metric } from '../metric';
import { eigen } from '../numerics/eigen';
import { bandwidthOf, likeness } from '../numerics/kernel';
import { generatorFrom } from '../numerics/mersenne';
import { deviation, mean } from '../numerics/moments';
import { PERMUTATIONS, permuted, SEED, sampled, samplesTaken } from '../numerics/permutations';

/** Each value is held against every centre, of which there are more with more values. */
const MOST_ROWS = 2000;
/** One reference value in so many is a centre. Alibi Detect 0.13.0, cd/lsdd.py. */
const ROWS_A_CENTRE = 20;
/** Regularisation may change the estimate by at most this share. `lambda_rd_max` there. */
const MOST_DIFFERENCE = 0.2;
const CANDIDATES = Array.from({ length: 10 }, (_, power) => 4 ** -power);

/**
 * Least-squares density difference: the squared difference of the two densities, modelled by Gaussian kernels at centres that
 * are drawn from the reference. L. Bu, C. Alippi, D. Zhao, IEEE Trans. Neural Netw. Learn. Syst. 29(3), 2018, as Alibi Detect
 * scales it. The p-value is by permutations.
 */
export const lsdd: Metric = {
  id: 'lsdd',
  title: 'least-squares density difference',
  needs: 'values',
  measure(reference, current, options) {
    const { seed = SEED, permutations = PERMUTATIONS } = options;
    const generator = generatorFrom(seed);
    const [before, after] = [sampled(reference, MOST_ROWS, generator), sampled(current, MOST_ROWS, generator)];
    const centres = Math.floor(before.length / ROWS_A_CENTRE);
    if (centres === 0)
      return { refusal: `Least-squares density difference needs ${ROWS_A_CENTRE} values in the reference.` };
    const scaled = scaling(before);
    const values = scaled(before);
    const bandwidth = bandwidthOf(values, 'alibi');
    if (!(bandwidth > 0))
      return { refusal: 'Least-squares density difference has no bandwidth here: half of the reference is one value.' };
    const order = generator.permutation(values.length);
    const pick = (indices: Uint32Array): Float64Array => Float64Array.from(indices, (index) => values[index] ?? 0);
    const [at, rest] = [distinct(pick(order.subarray(0, centres))), pick(order.subarray(centres))];
    const rows = kernelRows(Float64Array.from([...rest, ...scaled(after)]), at, bandwidth);
    const difference = differenceOf(rows, rest.length);
    const model = modelOf(at, bandwidth);
    const orders = generatorFrom(seed);
    const trials = Array.from({ length: permutations }, () => model.along(difference(orders.permutation(rows.length))));
    const lambda = CANDIDATES.find((candidate) => model.relativeDifference(trials, candidate) < MOST_DIFFERENCE);
    if (lambda === undefined)
      return {
        refusal: 'Least-squares density difference finds no regularisation here: too many values are the same.',
      };
    const estimate = (rowsInOrder: Uint32Array): number => model.estimate(model.along(difference(rowsInOrder)), lambda);
    const observed = estimate(Uint32Array.from({ length: rows.length }, (_, i) => i));
    return {
      statistic: observed,
      pValue: permuted(rows.length, observed, Math.abs(observed), options, estimate),
      parameters: {
        bandwidth,
        centres: at.length,
        regularisation: lambda,
        seed,
        permutations,
        ...samplesTaken([before.length, after.length], [reference.length, current.length]),
      },
    };
  },
};

/** To the reference's mean and sample deviation. */
function scaling(reference: Float64Array): (values: Float64Array) => Float64Array {
  const [centre, spread] = [mean(reference), deviation(reference, 1) + 1e-12];
  return (values) => values.map((value) => (value - centre) / spread);
}

/** Centres that are the same say nothing twice; Alibi moves them apart by random millionths instead. */
const distinct = (centres: Float64Array): Float64Array => Float64Array.from(new Set(centres));

const kernelRows = (values: Float64Array, centres: Float64Array, bandwidth: number): readonly Float64Array[] =>
  Array.from(values, (value) => centres.map((centre) => likeness(value, centre, bandwidth)));

/** Mean kernels of the first n rows of an order less those of the others. */
function differenceOf(rows: readonly Float64Array[], n: number): (order: Uint32Array) => Float64Array {
  return (order) => {
    const difference = new Float64Array(rows[0]?.length ?? 0);
    order.forEach((index, place) => {
      const weight = place < n ? 1 / n : -1 / (rows.length - n);
      const row = rows[index];
      for (let k = 0; k < difference.length; k++) difference[k] = (difference[k] ?? 0) + weight * (row?.[k] ?? 0);
    });
    return difference;
  };
}

/** The quadratic forms of the model, in the directions of the eigenvectors of the centres' own kernels. */
function modelOf(centres: Float64Array, bandwidth: number) {
  const { values, vectors } = eigen(
    Array.from(centres, (a) => Array.from(centres, (b) => likeness(a, b, Math.SQRT2 * bandwidth))),
  );
  const along = (difference: Float64Array): Float64Array =>
    Float64Array.from(values, (_, k) => difference.reduce((sum, value, i) => sum + value * (vectors[i]?.[k] ?? 0), 0));
  const form = (parts: Float64Array, weight: (value: number) => number): number =>
    parts.reduce((sum, part, k) => sum + part * part * weight(values[k] ?? 0), 0);
  return {
    along,
    relativeDifference: (trials: readonly Float64Array[], lambda: number): number =>
      trials.reduce(
        (sum, parts) =>
          sum +
          1 -
          form(parts, (value) => value / (value + lambda) ** 2) / form(parts, (value) => 1 / (value + lambda)),
        0,
      ) / trials.length,
    estimate: (parts: Float64Array, lambda: number): number =>
      form(parts, (value) => 2 / (value + lambda) - value / (value + lambda) ** 2),
  };
}
