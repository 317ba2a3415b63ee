/**
 * Distributions of the Kolmogorov–Smirnov statistics. The choice between the formulas is SciPy's 1.17
 * (`ks_2samp`, `kstwo.sf`), so that p-values agree with it even where a formula is an approximation; the formulas are
 * from the papers that each function names.
 */
import { binomial } from './distributions';
import { greatestCommonDivisor, roundHalfEven } from './whole';

const EXACT_ROWS = 10_000;
const SERIES_ROWS = 1_000_000;

/** Two-sided p-value of the largest difference `d` between the distribution functions of samples of `n` and `m`. */
export function kolmogorovTwoSample(d: number, n: number, m: number, method: 'auto' | 'asymptotic' = 'auto'): number {
  const exact = method === 'auto' && Math.max(n, m) <= EXACT_ROWS;
  const p = exact ? exactTwoSample(d, n, m) : kolmogorovTail(d, roundHalfEven((n * m) / (n + m)));
  return Math.min(1, Math.max(0, p));
}

function exactTwoSample(d: number, n: number, m: number): number {
  const divisor = greatestCommonDivisor(n, m);
  const steps = roundHalfEven(d * (n / divisor) * m);
  if (steps === 0) return 1;
  return n === m ? outsideSquare(n, steps) : outsideBand(Math.max(n, m), Math.min(n, m), divisor, steps);
}

/** Share of the paths from (0, 0) to (n, n) that leave the diagonals ±h: reflections, nested so that nothing cancels. */
function outsideSquare(n: number, h: number): number {
  let share = 0;
  for (let k = Math.floor(n / h); k >= 0; k--) {
    let ratio = 1;
    for (let j = 0; j < h; j++) ratio *= (n - k * h - j) / (n + k * h + j + 1);
    share = ratio * (1 - share);
  }
  return 2 * share;
}

/**
 * Share of the lattice paths from (0, 0) to (m, n), m ≥ n, that touch |x/m − y/n| ≥ h/lcm. A point outside counts 1, one
 * inside is the mean of its left and lower neighbour, weighted by the paths through them; only one column is kept.
 * J. L. Hodges, Arkiv för Matematik 3 (1958).
 */
function outsideBand(m: number, n: number, divisor: number, h: number): number {
  const mg = m / divisor;
  const ng = n / divisor;
  const column = new Float64Array(n + 1).fill(1);
  column.fill(0, 0, Math.min(Math.ceil(h / mg), n + 1));
  for (let x = 1; x <= m; x++) {
    const low = Math.min(Math.max(Math.floor((ng * x - h) / mg) + 1, 0), n);
    const high = Math.min(Math.ceil((ng * x + h) / mg), n + 1);
    if (high <= low) return 1;
    let below = low === 0 ? 0 : 1;
    for (let y = low; y < high; y++) {
      below = ((column[y] ?? 1) * x + below * y) / (x + y);
      column[y] = below;
    }
  }
  return column[n] ?? 1;
}

/** P(Dₙ ≥ d) of the two-sided one-sample statistic. R. Simard, P. L'Ecuyer, J. Stat. Soft. 39(11), 2011. */
export function kolmogorovTail(d: number, n: number): number {
  const t = n * d;
  if (d >= 1) return 0;
  if (d <= 0 || t <= 0.5) return 1;
  if (t <= 1) return 1 - smallest(t, n);
  if (t >= n - 1) return 2 * (1 - d) ** n;
  const square = t * d;
  if (d >= 0.5 || square > (n <= 140 ? 4 : 2.2)) return square >= 370 && n > 140 ? 0 : 2 * smirnovTail(d, n);
  if (n <= 140 || (n <= 100_000 && n * d ** 1.5 <= 1.4)) return 1 - durbin(d, n);
  return 1 - pelzGood(d, n);
}

/** n! (2d − 1/n)ⁿ, the first piece of the distribution function. */
function smallest(t: number, n: number): number {
  let product = 1;
  for (let i = 1; i <= n; i++) product *= (i / n) * (2 * t - 1);
  return product;
}

/**
 * P(Dₙ⁺ ≥ d), one-sided: the sum of Birnbaum and Tingey (1951), each term as a binomial probability. Past a million
 * rows the sum is too long, and the approximation of Maag and Dicaire, the one SciPy takes there, is as good.
 */
export function smirnovTail(d: number, n: number): number {
  if (n > SERIES_ROWS) return Math.exp(-((6 * n * d + 1) ** 2) / (18 * n));
  let sum = 0;
  for (let j = Math.floor(n * (1 - d)); j >= 0; j--) {
    const p = d + j / n;
    sum += (d / p) * binomial(j, n, p);
  }
  return sum;
}

/**
 * P(Dₙ < d) exactly, as the n-th power of a matrix. J. Durbin (1973); G. Marsaglia, W. W. Tsang, J. Wang, J. Stat. Soft.
 * 8(18), 2003.
 */
function durbin(d: number, n: number): number {
  const k = Math.ceil(n * d);
  const size = 2 * k - 1;
  let { matrix, exponent } = power(durbinMatrix(k - n * d, size), size, n);
  let p = matrix[(k - 1) * size + k - 1] ?? 0;
  for (let i = 1; i <= n; i++) {
    p = (p * i) / n;
    if (p < 1e-140) {
      p *= 1e140;
      exponent -= 140;
    }
  }
  return p * 10 ** exponent;
}

function durbinMatrix(h: number, size: number): Float64Array {
  const factorial = [1];
  for (let i = 1; i <= size; i++) factorial.push((factorial[i - 1] ?? 1) * i);
  const matrix = new Float64Array(size * size);
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      if (row - column + 1 < 0) continue;
      const corner = row === size - 1 && column === 0;
      const edge = column === 0 ? h ** (row + 1) : row === size - 1 ? h ** (size - column) : 0;
      const both = corner ? 1 - 2 * h ** size + Math.max(2 * h - 1, 0) ** size : 1 - edge;
      matrix[row * size + column] = both / (factorial[row - column + 1] ?? Number.POSITIVE_INFINITY);
    }
  return matrix;
}

/** The n-th power as matrix × 10^exponent: its entries outgrow a double. */
function power(base: Float64Array, size: number, n: number): { matrix: Float64Array; exponent: number } {
  if (n === 1) return { matrix: base, exponent: 0 };
  const half = power(base, size, Math.floor(n / 2));
  const square = multiply(half.matrix, half.matrix, size);
  const matrix = n % 2 === 0 ? square : multiply(square, base, size);
  const middle = Math.floor(size / 2) * (size + 1);
  if ((matrix[middle] ?? 0) <= 1e140) return { matrix, exponent: 2 * half.exponent };
  return { matrix: matrix.map((entry) => entry * 1e-140), exponent: 2 * half.exponent + 140 };
}

function multiply(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const product = new Float64Array(size * size);
  for (let row = 0; row < size; row++)
    for (let k = 0; k < size; k++) {
      const factor = a[row * size + k] ?? 0;
      for (let column = 0; column < size; column++) {
        const at = row * size + column;
        product[at] = (product[at] ?? 0) + factor * (b[k * size + column] ?? 0);
      }
    }
  return product;
}

/** P(Dₙ < d) by the limit and three corrections of it. W. Pelz, I. J. Good, J. R. Stat. Soc. B 38(2), 1976. */
function pelzGood(d: number, n: number): number {
  const z = Math.sqrt(n) * d;
  const [z2, z3, z4, z6] = [z ** 2, z ** 3, z ** 4, z ** 6];
  const [pi2, pi4, pi6] = [Math.PI ** 2, Math.PI ** 4, Math.PI ** 6];
  let [k0, k1, k2, k3] = [0, 0, 0, 0];
  for (let k = Math.ceil((16 * z) / Math.PI); k > 0; k--) {
    const odd = (2 * k - 1) ** 2;
    const weight = Math.exp((-odd * pi2) / (8 * z2));
    k0 += weight;
    k1 += weight * ((pi2 / 4) * odd - z2);
    k2 += weight * (6 * z6 + 2 * z4 + (pi2 / 4) * (2 * z4 - 5 * z2) * odd + (pi4 / 16) * (1 - 2 * z2) * odd ** 2);
    k3 +=
      weight *
      (-30 * z6 -
        90 * z ** 8 +
        (pi2 / 4) * (135 * z4 - 96 * z6) * odd +
        (pi4 / 16) * (212 * z4 - 60 * z2) * odd ** 2 +
        (pi6 / 64) * (5 - 30 * z2) * odd ** 3);
  }
  let [even2, even3] = [0, 0];
  for (let k = Math.ceil((16 * z) / Math.PI); k > 0; k--) {
    const weight = k * k * Math.exp((-k * k * pi2) / (2 * z2));
    even2 += weight;
    even3 += weight * (3 * z2 - pi2 * k * k);
  }
  const root = Math.sqrt(2 * Math.PI);
  return (
    (root / z) * k0 +
    ((root / (6 * z4)) * k1) / Math.sqrt(n) +
    ((root / (72 * z ** 7)) * k2 - ((pi2 * root) / (36 * z3)) * even2) / n +
    ((root / (6480 * z ** 10)) * k3 + ((pi2 * root) / (216 * z6)) * even3) / n ** 1.5
  );
}
