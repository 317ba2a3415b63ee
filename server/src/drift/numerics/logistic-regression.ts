/** Pull of every weight but the first towards 0, in terms of rows. */
const RIDGE = 1;
/** Newton's method doubles the digits at each step; separable classes, which never settle, are stopped by the pull. */
const STEPS = 25;
const SETTLED = 1e-8;

/**
 * Logistic regression by Newton's method with a small quadratic penalty. Gives the weights of the constant and of each
 * feature.
 *
 * @param features Of each row; about as large as 1.
 */
export function logisticRegression(features: readonly Float64Array[], isSecond: readonly boolean[]): Float64Array {
  const size = (features[0]?.length ?? 0) + 1;
  const weights = new Float64Array(size);
  for (let step = 0; step < STEPS; step++) {
    const slope = new Float64Array(size);
    const curve = Array.from({ length: size }, () => new Float64Array(size));
    features.forEach((row, i) => {
      const p = chanceOf(weights, row);
      const weight = p * (1 - p);
      const residual = Number(isSecond[i]) - p;
      for (let a = 0; a < size; a++) {
        const value = a === 0 ? 1 : (row[a - 1] ?? 0);
        slope[a] = (slope[a] ?? 0) + residual * value;
        const line = curve[a] ?? slope;
        for (let b = 0; b <= a; b++) line[b] = (line[b] ?? 0) + weight * value * (b === 0 ? 1 : (row[b - 1] ?? 0));
      }
    });
    for (let a = 0; a < size; a++) {
      const pull = a === 0 ? 1e-9 : RIDGE;
      slope[a] = (slope[a] ?? 0) - pull * (weights[a] ?? 0);
      const line = curve[a];
      if (line) line[a] = (line[a] ?? 0) + pull;
    }
    const move = solved(curve, slope);
    for (let a = 0; a < size; a++) weights[a] = (weights[a] ?? 0) + (move[a] ?? 0);
    if (move.every((part) => Math.abs(part) < SETTLED)) break;
  }
  return weights;
}

/** The chance of the second class, 0 to 1. */
export function chanceOf(weights: Float64Array, row: Float64Array): number {
  let score = weights[0] ?? 0;
  for (let a = 0; a < row.length; a++) score += (weights[a + 1] ?? 0) * (row[a] ?? 0);
  return 1 / (1 + Math.exp(-score));
}

/** x of A·x = b, by Cholesky's factors. A is symmetric and positive definite; its lower half is read and overwritten. */
function solved(a: readonly Float64Array[], b: Float64Array): Float64Array {
  const at = (i: number, j: number): number => a[i]?.[j] ?? 0;
  const x = b.slice();
  for (let i = 0; i < b.length; i++)
    for (let j = 0; j <= i; j++) {
      let sum = at(i, j);
      for (let k = 0; k < j; k++) sum -= at(i, k) * at(j, k);
      const line = a[i];
      if (line) line[j] = i === j ? Math.sqrt(Math.max(sum, Number.MIN_VALUE)) : sum / at(j, j);
    }
  for (let i = 0; i < b.length; i++) {
    for (let k = 0; k < i; k++) x[i] = (x[i] ?? 0) - at(i, k) * (x[k] ?? 0);
    x[i] = (x[i] ?? 0) / at(i, i);
  }
  for (let i = b.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < b.length; k++) x[i] = (x[i] ?? 0) - at(k, i) * (x[k] ?? 0);
    x[i] = (x[i] ?? 0) / at(i, i);
  }
  return x;
}
