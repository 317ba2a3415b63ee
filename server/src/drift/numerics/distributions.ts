/**
 * Tails of the distributions that tests are read against. Every tail keeps its relative precision (1e-12 or better, down
 * to 1e-300), since verdicts are drawn far out. Libraries were measured first: those that are as exact bring more than
 * two hundred packages.
 */

const SMALLEST = Number.MIN_VALUE / Number.EPSILON;
const ROUNDS = 100_000;

/** Share of the standard normal distribution above `z`. */
export const normalTail = (z: number): number => (z < 0 ? 1 - normalTail(-z) : gammaTail(0.5, (z * z) / 2) / 2);

/** Share of the chi-square distribution above `x`; NaN when nothing is free to vary. */
export const chiSquareTail = (x: number, freedom: number): number =>
  freedom > 0 ? gammaTail(freedom / 2, x / 2) : Number.NaN;

/** Share of Student's distribution further from 0 than `t`, on both sides. */
export function studentTails(t: number, freedom: number): number {
  if (!Number.isFinite(t)) return Number.isNaN(t) ? Number.NaN : 0;
  const whole = freedom + t * t;
  return betaShare(freedom / whole, (t * t) / whole, freedom / 2, 0.5);
}

/** Natural logarithm of the gamma function for x > 0, by Stirling's series from 12 on and recursion below. */
export function logGamma(x: number): number {
  let shift = 0;
  let at = x;
  for (let product = 1; at < 12; shift = Math.log(product)) product *= at++;
  return (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + stirlingSeries(at) - shift;
}

/**
 * Chance of `successes` in `trials` at chance `p` each, by Loader's saddle point expansion: exact to a few units in the
 * last place where factorials would have lost half the digits. C. Loader, Fast and Accurate Computation of Binomial
 * Probabilities (2000).
 */
export function binomial(successes: number, trials: number, p: number): number {
  const failures = trials - successes;
  if (p <= 0) return successes === 0 ? 1 : 0;
  if (p >= 1) return failures === 0 ? 1 : 0;
  if (successes === 0) return Math.exp(trials * Math.log1p(-p));
  if (failures === 0) return Math.exp(trials * Math.log(p));
  const exponent =
    stirlingError(trials) -
    stirlingError(successes) -
    stirlingError(failures) -
    deviance(successes, trials * p) -
    deviance(failures, trials * (1 - p));
  return Math.exp(exponent) * Math.sqrt(trials / (2 * Math.PI * successes * failures));
}

/** Chance that `drawn` of `size` items, `marked` of them marked, hold `hits` marked ones. */
export function hypergeometric(hits: number, size: number, marked: number, drawn: number): number {
  const p = drawn / size;
  return (binomial(hits, marked, p) * binomial(drawn - hits, size - marked, p)) / binomial(drawn, size, p);
}

/** Upper regularised incomplete gamma function: by its series below the bend, by Lentz's continued fraction above it. */
function gammaTail(a: number, x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x <= 0) return 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a));
  return x < a + 1 ? 1 - scale * gammaSeries(a, x) : scale * gammaFraction(a, x);
}

function gammaSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < ROUNDS && term > sum * Number.EPSILON; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

function gammaFraction(a: number, x: number): number {
  return lentz(x + 1 - a, (n) => ({ numerator: -n * (n - a), denominator: x + 2 * n + 1 - a }));
}

/** Lower regularised incomplete beta function of `x`; `rest` is 1 − x, which the caller knows to more digits. */
function betaShare(x: number, rest: number, a: number, b: number): number {
  if (x <= 0 || rest <= 0) return x <= 0 ? 0 : 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - betaShare(rest, x, b, a);
  const logX = x < 0.5 ? Math.log(x) : Math.log1p(-rest);
  const logRest = rest < 0.5 ? Math.log(rest) : Math.log1p(-x);
  const logBeta = a > b ? logGamma(b) - logGammaStep(a, b) : logGamma(a) - logGammaStep(b, a);
  const scale = Math.exp(a * logX + b * logRest - logBeta);
  return (scale / a) * lentz(1, (n) => ({ numerator: betaStep(x, a, b, n), denominator: 1 }));
}

/** ln Γ(x + step) − ln Γ(x), without the cancellation that a large x would bring. */
function logGammaStep(x: number, step: number): number {
  if (x < 12) return logGamma(x + step) - logGamma(x);
  const sum = x + step;
  return step * Math.log(sum) + (x - 0.5) * Math.log1p(step / x) - step + stirlingSeries(sum) - stirlingSeries(x);
}

function betaStep(x: number, a: number, b: number, n: number): number {
  const half = Math.floor(n / 2);
  return n % 2 === 0
    ? (half * (b - half) * x) / ((a + n - 1) * (a + n))
    : (-(a + half) * (a + b + half) * x) / ((a + n - 1) * (a + n));
}

/** 1 ÷ (first + n₁ ÷ (d₁ + n₂ ÷ (d₂ + …))), by the modified method of Lentz. */
function lentz(first: number, step: (n: number) => { numerator: number; denominator: number }): number {
  let c = 1 / SMALLEST;
  let d = 1 / (Math.abs(first) < SMALLEST ? SMALLEST : first);
  let value = d;
  for (let n = 1; n < ROUNDS; n++) {
    const { numerator, denominator } = step(n);
    d = 1 / apart(denominator + numerator * d);
    c = apart(denominator + numerator / c);
    const change = d * c;
    value *= change;
    if (Math.abs(change - 1) < Number.EPSILON) break;
  }
  return value;
}

const apart = (x: number): number => (Math.abs(x) < SMALLEST ? SMALLEST : x);

/** What Stirling's formula leaves of ln Γ(x) for x ≥ 12. */
function stirlingSeries(x: number): number {
  const r = 1 / (x * x);
  return (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r * (1 / 1188 - r * (691 / 360360 - r / 156)))))) / x;
}

/** ln n! less Stirling's formula for it. */
function stirlingError(n: number): number {
  return n >= 12 ? stirlingSeries(n) : logGamma(n + 1) - (n + 0.5) * Math.log(n) + n - 0.5 * Math.log(2 * Math.PI);
}

/** x ln(x ÷ mean) + mean − x without cancellation where both are close. */
function deviance(x: number, mean: number): number {
  const difference = x - mean;
  if (Math.abs(difference) >= 0.1 * (x + mean)) return x * Math.log(x / mean) + mean - x;
  const v = difference / (x + mean);
  let term = 2 * x * v;
  let sum = difference * v;
  for (let n = 3; n < ROUNDS; n += 2) {
    term *= v * v;
    const next = sum + term / n;
    if (next === sum) break;
    sum = next;
  }
  return sum;
}
