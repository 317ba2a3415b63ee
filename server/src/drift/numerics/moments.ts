// Moments of finite values in any order, and quantiles of ascending ones. All are NaN of no values at all.
import { lowest } from './lowest';

/** Arithmetic mean. */
export function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Mean squared distance from the mean; `lost` degrees of freedom: 0 for the population form, 1 for the sample form. */
export function variance(values: Float64Array, lost: 0 | 1): number {
  const center = mean(values);
  let sum = 0;
  for (const value of values) sum += (value - center) * (value - center);
  return sum / (values.length - lost);
}

/** Standard deviation, population form unless a degree of freedom is `lost`. */
export const deviation = (values: Float64Array, lost: 0 | 1 = 0): number => Math.sqrt(variance(values, lost));

/** Third standardised moment, population form; 0 where nothing varies. `**` would take five times as long. */
export function skewness(values: Float64Array): number {
  const center = mean(values);
  const scale = deviation(values);
  if (!(scale > 0)) return 0;
  let sum = 0;
  for (const value of values) {
    const z = (value - center) / scale;
    sum += z * z * z;
  }
  return sum / values.length;
}

/** Linear between the neighbours, as NumPy's and pandas' default. */
export function quantile(sorted: Float64Array, share: number): number {
  const at = (sorted.length - 1) * share;
  const low = Math.floor(at);
  const below = sorted[low] ?? Number.NaN;
  return below + ((sorted[Math.ceil(at)] ?? Number.NaN) - below) * (at - low);
}

/** The quantile of both sides together, each ascending, of which at least one has values; they are never merged. */
export function pooledQuantile(one: Float64Array, other: Float64Array, share: number): number {
  const at = (one.length + other.length - 1) * share;
  const below = pooledAt(one, other, Math.floor(at));
  return below + (pooledAt(one, other, Math.ceil(at)) - below) * (at - Math.floor(at));
}

/** The value that has `place` values of both sides before it in their merged order. */
function pooledAt(one: Float64Array, other: Float64Array, place: number): number {
  // The fewest values of `one` before that place for which all that `other` must give are not above the next of `one`.
  const least = Math.max(0, place - other.length);
  const most = Math.min(place, one.length);
  const taken =
    least +
    lowest(most - least, (i) => {
      const next = one[least + i] ?? Number.POSITIVE_INFINITY;
      return (other[place - least - i - 1] ?? Number.NEGATIVE_INFINITY) <= next;
    });
  return Math.min(one[taken] ?? Number.POSITIVE_INFINITY, other[place - taken] ?? Number.POSITIVE_INFINITY);
}

/** Width of the middle half. */
export const interquartileRange = (sorted: Float64Array): number => quantile(sorted, 0.75) - quantile(sorted, 0.25);
