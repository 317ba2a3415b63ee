import { isRefusal, type Metric } from '../../../drift/metric';
import { chiSquare } from '../../../drift/metrics/chi-square';
import { hellinger } from '../../../drift/metrics/hellinger';
import { jensenShannon } from '../../../drift/metrics/jensen-shannon';
import { klDivergence } from '../../../drift/metrics/kl-divergence';
import { lInfinity } from '../../../drift/metrics/l-infinity';
import { psi } from '../../../drift/metrics/psi';
import { totalVariation } from '../../../drift/metrics/total-variation';
import { amount, number } from '../../../text/words';
import { counting, type Figures, type Measure, measureOf, type Outcome, unjudged } from '../../check';
import { isIn, numberIn, type Operand, operandOf } from '../../expectations/operand';
import { list, percent } from '../../words';
import { quantileSql } from './aggregate';
import { type Form, type FormWords, type Given, isShare, mapOf } from './form';

/** How the values of a column are spread: shares of its categories, or ranges of its quantiles. */
export const distribution: Form = {
  word: 'distribution',
  example: '{distribution: {shares: {DE: 0.6, US: 0.4}, tolerance: 0.05}}',
  takes: ['shares', 'tolerance', 'method', 'threshold', 'quantiles', 'where'],
  operators: false,
  rule({ column }, given) {
    if (!column) return 'A distribution is of a column. Move the rule to a property.';
    const { where } = given;
    if (where !== undefined && typeof where !== 'string') return '"where" of a distribution is a condition in SQL.';
    if ((given.shares === undefined) === (given.quantiles === undefined))
      return 'A distribution needs either "shares" of values or "quantiles" with their ranges.';
    const made = given.shares === undefined ? quantilesRule(given) : sharesRule(given);
    if (typeof made === 'string') return made;
    return {
      expected: made.expected,
      filter: where,
      measure: (data) => measureOf(data, column, (field) => made.measure(operandOf(field, column.path))),
    };
  },
};

type OperandRule = Pick<FormWords, 'expected'> & { measure(operand: Operand): Measure };

interface Shares {
  readonly values: readonly string[];
  /** Beside each value, and at the end that of all other values. */
  readonly expected: readonly number[];
}

/** How far shares may be from those that are expected. */
interface Limit {
  readonly words: string;
  judge(expected: Float64Array, observed: Float64Array, rows: number): Judged;
}

type Judged = { readonly holds: boolean; readonly figure: number; readonly words: string };

function sharesRule(given: Given): OperandRule | string {
  const shares = sharesOf(given.shares);
  if (typeof shares === 'string') return shares;
  const limit = limitOf(given, shares);
  if (typeof limit === 'string') return limit;
  const words = shares.values.map((value, i) => `${value} ${percent(100 * (shares.expected[i] ?? 0))}`);
  return { expected: `${list(words)}, ${limit.words}`, measure: (operand) => ofShares(operand, shares, limit) };
}

/** Shares as decimals add up to a little more or less than they should. */
const ROUNDING = 1e-9;

function sharesOf(given: unknown): Shares | string {
  const map = mapOf(given) ?? {};
  const values = Object.keys(map);
  if (values.length === 0 || !Object.values(map).every(isShare))
    return '"shares" needs values with their shares from 0 to 1, for instance {DE: 0.6, US: 0.4}.';
  const shares = Object.values(map).map(Number);
  const sum = shares.reduce((total, share) => total + share, 0);
  if (sum > 1 + ROUNDING) return `The "shares" add up to ${number(sum)}, and cannot be more than 1.`;
  return { values, expected: [...shares, sum > 1 - ROUNDING ? 0 : 1 - sum] };
}

/** Distances are those of drift, logarithms to base 2 as there. */
const metrics: readonly Metric[] = [totalVariation, jensenShannon, hellinger, psi, klDivergence, lInfinity, chiSquare];

function limitOf({ tolerance, method, threshold }: Given, shares: Shares): Limit | string {
  if ((tolerance === undefined) === (method === undefined))
    return '"shares" need either a "tolerance", such as 0.05, or a "method" with its "threshold".';
  if (tolerance !== undefined)
    return isShare(tolerance) ? tolerated(Number(tolerance), shares) : '"tolerance" is a share from 0 to 1.';
  const metric = metrics.find(({ id }) => id === method);
  if (!metric) return `"method" of a distribution is one of ${metrics.map(({ id }) => id).join(', ')}.`;
  if (typeof threshold !== 'number') return `"${metric.id}" needs a "threshold", a number.`;
  return metric.needs === 'counts' ? tested(metric, threshold) : distant(metric, threshold);
}

function tolerated(tolerance: number, { values }: Shares): Limit {
  return {
    words: `each within ${number(100 * tolerance)} points`,
    judge(expected, observed) {
      const distances = observed.map((share, i) => Math.abs(share - (expected[i] ?? 0)));
      const far = [...distances.keys()].filter((i) => (distances[i] ?? 0) > tolerance + ROUNDING);
      const words = far.map(
        (i) =>
          `${values[i] ?? 'other values'} ${percent(100 * (observed[i] ?? 0))} instead of ${percent(100 * (expected[i] ?? 0))}`,
      );
      const figure = Math.max(...distances);
      return {
        holds: far.length === 0,
        figure,
        words: far.length === 0 ? `no share is more than ${number(100 * figure)} points off` : list(words),
      };
    },
  };
}

const distant = (metric: Metric, threshold: number): Limit => ({
  words: `${metric.id} ≤ ${threshold}`,
  judge(expected, observed) {
    const measured = metric.measure(expected, observed, { base: 2 });
    const figure = isRefusal(measured) ? Number.NaN : measured.statistic;
    return { holds: figure <= threshold, figure, words: `${metric.id} is ${shown(figure)}` };
  },
});

const tested = (metric: Metric, threshold: number): Limit => ({
  words: `${metric.id} p-value ≥ ${threshold}`,
  judge(expected, observed, rows) {
    // What is neither expected nor there is no category.
    const places = [...expected.keys()].filter((i) => (expected[i] ?? 0) > 0 || (observed[i] ?? 0) > 0);
    const counts = (shares: Float64Array, of: number) => Float64Array.from(places, (i) => (shares[i] ?? 0) * of);
    const measured = metric.measure(counts(expected, 1), counts(observed, rows), { expected: 'reference' });
    const figure = isRefusal(measured) ? Number.NaN : (measured.pValue ?? Number.NaN);
    return { holds: figure >= threshold, figure, words: `${metric.id} has p = ${shown(figure)}` };
  },
});

const shown = (figure: number): string =>
  Number.isFinite(figure) ? String(Number(figure.toPrecision(4))) : 'infinite';

function ofShares(operand: Operand, { values, expected }: Shares, limit: Limit): Measure {
  const counts = values.map((value, i) => [`n${i}`, counting(isIn(operand, [typed(operand, value)]))] as const);
  return {
    via: 'scan',
    of: operand.field.scope,
    figures: { present: counting(operand.present), ...Object.fromEntries(counts) },
    judge: (figures) => sharesOutcome(operand, values, expected, limit, figures),
  };
}

/** A key of the contract is a text; beside numbers and booleans it is one of them. */
function typed({ is }: Operand, value: string): unknown {
  if (is === 'boolean') return value === 'true';
  return is === 'number' ? Number(value) : value;
}

function sharesOutcome(
  { name }: Operand,
  values: readonly string[],
  expected: readonly number[],
  limit: Limit,
  figures: Figures,
): Outcome {
  const rows = figures.present ?? 0;
  if (!(rows > 0))
    return { verdict: 'unjudged', message: `Column "${name}" has no values whose shares could be told.` };
  const counts = values.map((_, i) => figures[`n${i}`] ?? 0);
  const others = rows - counts.reduce((sum, count) => sum + count, 0);
  const observed = Float64Array.from([...counts, others], (count) => count / rows);
  const { holds, figure, words } = limit.judge(Float64Array.from(expected), observed, rows);
  return {
    verdict: holds ? 'holds' : 'fails',
    observed: Number.isFinite(figure) ? figure : null,
    message: `Column "${name}": of ${amount(rows, 'value')}, ${words}; the rule says ${limit.words}.`,
  };
}

interface Range {
  readonly quantile: number;
  readonly low: number;
  readonly high: number;
}

function quantilesRule({ quantiles, tolerance, method, threshold }: Given): OperandRule | string {
  if ([tolerance, method, threshold].some((word) => word !== undefined))
    return '"quantiles" have ranges of their own: leave tolerance, method and threshold to "shares".';
  const ranges = Object.entries(mapOf(quantiles) ?? {}).map(([quantile, range]) => rangeOf(quantile, range));
  if (ranges.length === 0 || ranges.includes(undefined))
    return '"quantiles" needs places from 0 to 1 with their ranges, for instance {0.5: [10, 20], 0.95: [null, 100]}.';
  const whole = ranges.filter((range) => range !== undefined);
  return { expected: whole.map(rangeWords).join(', '), measure: (operand) => ofQuantiles(operand, whole) };
}

function rangeOf(quantile: string, given: unknown): Range | undefined {
  const place = quantile.trim() === '' ? Number.NaN : Number(quantile);
  const [low, high, ...more] = Array.isArray(given) ? given : [undefined];
  const isEnd = (end: unknown) => end === null || typeof end === 'number';
  if (!isShare(place) || more.length > 0 || !isEnd(low) || !isEnd(high)) return undefined;
  return { quantile: place, low: low ?? Number.NEGATIVE_INFINITY, high: high ?? Number.POSITIVE_INFINITY };
}

function rangeWords({ quantile, low, high }: Range): string {
  const is = Number.isFinite(low)
    ? Number.isFinite(high)
      ? `between ${number(low)} and ${number(high)}`
      : `≥ ${number(low)}`
    : `≤ ${number(high)}`;
  return `${quantile} quantile ${is}`;
}

function ofQuantiles(operand: Operand, ranges: readonly Range[]): Measure {
  const value = numberIn(operand);
  if (value === undefined)
    return unjudged(`Column "${operand.name}" is ${operand.field.type}, and quantiles are of numbers.`);
  return {
    via: 'scan',
    of: operand.field.scope,
    figures: Object.fromEntries(ranges.map(({ quantile }, i) => [`q${i}`, quantileSql(value, quantile)])),
    judge: (figures) => quantilesOutcome(operand.name, ranges, figures),
  };
}

function quantilesOutcome(column: string, ranges: readonly Range[], figures: Figures): Outcome {
  const found = ranges.map((range, i) => ({ ...range, value: figures[`q${i}`] ?? Number.NaN }));
  if (found.some(({ value }) => Number.isNaN(value)))
    return { verdict: 'unjudged', message: `Column "${column}" has no values to take quantiles of.` };
  const outside = found.filter(({ value, low, high }) => value < low || value > high);
  const words = (some: typeof found) =>
    some.map(({ quantile, value }) => `the ${quantile} quantile is ${number(value)}`);
  return {
    verdict: outside.length === 0 ? 'holds' : 'fails',
    observed: Object.fromEntries(found.map(({ quantile, value }) => [String(quantile), value])),
    message:
      outside.length === 0
        ? `Column "${column}": ${words(found).join(', ')}, and the rule says so.`
        : `Column "${column}": ${words(outside).join(', ')}, but the rule says ${outside.map(rangeWords).join(', ')}.`,
  };
}
