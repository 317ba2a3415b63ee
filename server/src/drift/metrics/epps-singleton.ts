import type { Metric } from '../metric';
import { pooled } from '../numerics/bins';
import { chiSquareTail } from '../numerics/distributions';
import { eigen } from '../numerics/eigen';
import { interquartileRange, mean } from '../numerics/moments';

/** Points at which the characteristic functions are compared, in units of half the interquartile range. */
const POINTS = [0.4, 0.8];
/**
 * Below this share of the largest, an eigenvalue is rounding. SciPy cuts at 1e-15, amid the rounding of columns with two or
 * three values, and takes some of it for directions in which they vary.
 */
const ROUNDING = 1e-12;
/** Variances of cosines that are rounding altogether: neither side varies. */
const NOTHING = 1e-24;

/**
 * Epps–Singleton: do the characteristic functions agree? Holds for discrete data too. T. W. Epps, K. J. Singleton, J. Stat.
 * Comput. Simul. 26, 1986, with the correction for small samples, as SciPy's `epps_singleton_2samp`.
 */
export const eppsSingleton: Metric = {
  id: 'epps-singleton',
  title: 'Epps–Singleton',
  needs: 'values',
  measure(reference, current) {
    const [n, m] = [reference.length, current.length];
    if (n < 5 || m < 5) return { refusal: 'Epps–Singleton needs at least five values on each side.' };
    const scale = interquartileRange(pooled(reference, current)) / 2;
    if (scale === 0)
      return { refusal: 'Epps–Singleton needs values that vary: the middle half of both sides together is one value.' };
    const [before, after] = [momentsOf(reference, scale), momentsOf(current, scale)];
    const size = n + m;
    const covariance = before.covariance.map((row, i) =>
      row.map((entry, j) => (size / n) * entry + (size / m) * (after.covariance[i]?.[j] ?? 0)),
    );
    const difference = before.means.map((value, i) => value - (after.means[i] ?? 0));
    const { distance, rank } = mahalanobis(difference, covariance);
    const statistic = size * distance * smallSample(n, m);
    return { statistic, pValue: statistic === Number.POSITIVE_INFINITY ? 0 : chiSquareTail(statistic, rank) };
  },
};

function smallSample(n: number, m: number): number {
  return Math.max(n, m) < 25 ? 1 / (1 + (n + m) ** -0.45 + 10.1 * (n ** -1.7 + m ** -1.7)) : 1;
}

/** Means and covariances of the cosines and sines. */
function momentsOf(values: Float64Array, scale: number): { means: number[]; covariance: number[][] } {
  const waves = [Math.cos, Math.sin].flatMap((wave) =>
    POINTS.map((point) => values.map((value) => wave((point / scale) * value))),
  );
  const means = waves.map(mean);
  const centred = waves.map((wave, i) => wave.map((value) => value - (means[i] ?? 0)));
  const covariance = centred.map((a) =>
    centred.map((b) => a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0) / a.length),
  );
  return { means, covariance };
}

/** x·C⁻¹·x in the directions in which C varies, and how many these are. */
function mahalanobis(
  x: readonly number[],
  covariance: readonly (readonly number[])[],
): { distance: number; rank: number } {
  const { values, vectors } = eigen(covariance);
  const largest = Math.max(...values);
  if (largest < NOTHING) return { distance: x.some((entry) => entry !== 0) ? Number.POSITIVE_INFINITY : 0, rank: 0 };
  let [distance, rank] = [0, 0];
  values.forEach((value, k) => {
    if (value <= ROUNDING * largest) return;
    const along = x.reduce((sum, entry, i) => sum + entry * (vectors[i]?.[k] ?? 0), 0);
    distance += along ** 2 / value;
    rank++;
  });
  return { distance, rank };
}
