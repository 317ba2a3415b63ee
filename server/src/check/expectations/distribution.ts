import { isMap } from '../../contract/expectations';
import { literal } from '../../sql/fragment';
import { counting, type Figures, type Measure, type Outcome, skipped, unjudged } from '../check';
import { listOf, noNumbers, ofColumn } from './column-map';
import { type Call, type Family, type Kwargs, partOf } from './expectation';
import { COUNT, isIn, listedIn, numberIn, type Operand, VALUE } from './operand';

/** Expectations that hold a column's shares against those of a partition. */
export const distribution: Family = {
  expect_column_kl_divergence_to_be_less_than: ofColumn(
    ({ threshold }) => (threshold === undefined ? 'measured' : `≤ ${threshold}`),
    (operand, call) => {
      const partition = partitionOf(call.kwargs);
      if (typeof partition === 'string') return unjudged(partition);
      if (!partition) {
        return skipped('Without "partition_object" the column is compared with itself, which tells nothing.');
      }
      return 'values' in partition ? ofValues(operand, call, partition) : ofBins(operand, call, partition);
    },
  ),
};

interface Holdouts {
  readonly weights: readonly number[];
  readonly tail: number;
  readonly internal: number;
}

interface Values extends Holdouts {
  readonly values: readonly unknown[];
}

interface Bins extends Holdouts {
  /** Edges; the outer ones may be infinite. */
  readonly bins: readonly number[];
  readonly tails: readonly number[] | undefined;
}

/** numpy's allclose to 1. */
const isOne = (weights: readonly number[]): boolean =>
  Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - 1) <= 1e-8 + 1e-5;

const INVALID =
  '"partition_object" is no partition: it needs "weights" that add up to 1, and as many "values" or one more of rising "bins".';

/** The partition, undefined when the expectation has none, or a text that says what is wrong with it. */
function partitionOf({ partition_object: given, ...kwargs }: Kwargs): Values | Bins | string | undefined {
  if (given === undefined) return undefined;
  if (!isMap(given)) return INVALID;
  const { tail_weight_holdout: tail = 0, internal_weight_holdout: internal = 0, threshold } = kwargs;
  if (typeof threshold === 'number' && threshold < 0) return '"threshold" must not be negative.';
  const weights = listOf(given.weights).map(Number);
  const holdouts = { weights, tail: Number(tail), internal: Number(internal) };
  const isShare = (value: number) => value >= 0 && value <= 1;
  if (!isShare(holdouts.tail)) return '"tail_weight_holdout" must be between 0 and 1.';
  if (!isShare(holdouts.internal)) return '"internal_weight_holdout" must be between 0 and 1.';
  const tails = given.tail_weights === undefined ? undefined : listOf(given.tail_weights).map(Number);
  if (tails && holdouts.tail !== 0) return '"tail_weight_holdout" must be 0 beside "tail_weights".';
  if (given.values !== undefined) {
    const values = listOf(given.values);
    if (values.length !== weights.length || !isOne(weights)) return INVALID;
    return holdouts.internal > 0 ? '"internal_weight_holdout" cannot be used for values.' : { ...holdouts, values };
  }
  const bins = listOf(given.bins).map(Number);
  const isRising = bins.every((edge, index) => index === 0 || edge > (bins[index - 1] ?? edge));
  const isWhole = isOne([...weights, ...(tails ?? [])]) && (tails === undefined || tails.length === 2);
  if (bins.length !== weights.length + 1 || !isRising || !isWhole) return INVALID;
  if (kwargs.bucketize_data === false) return 'A partition of bins needs "bucketize_data".';
  const [isOpenBelow, isOpenAbove] = [bins[0] === -Infinity, bins.at(-1) === Infinity];
  if (tails && (isOpenBelow || isOpenAbove)) return 'A partition with an infinite end has no "tail_weights".';
  if (isOpenBelow && isOpenAbove && holdouts.tail > 0)
    return '"tail_weight_holdout" cannot be used for a partition whose ends are infinite.';
  return { ...holdouts, bins, tails };
}

/** What is observed of one value or bin, and what was expected. */
type Share = readonly [observed: number, expected: number];

/** Σ p · ln(p / q) of both sides made to add up to 1, as scipy's entropy does. */
function divergence(shares: readonly Share[]): number {
  const observed = shares.reduce((sum, [p]) => sum + p, 0);
  const expected = shares.reduce((sum, [, q]) => sum + q, 0);
  return shares.reduce(
    (sum, [p, q]) => (p === 0 ? sum : sum + (p / observed) * Math.log(p / observed / (q / expected))),
    0,
  );
}

function outcomeOf(call: Call, value: number): Outcome {
  const threshold = call.kwargs.threshold as number | undefined;
  const isKnown = Number.isFinite(value);
  const holds = threshold === undefined || value <= threshold;
  const found = isKnown
    ? `is ${value.toPrecision(4)}`
    : 'is infinite: the column has values that the partition gives no weight';
  const message = `The Kullback–Leibler divergence of ${partOf(call)} should be ${call.words}${holds ? ', and' : ', but'} ${found}.`;
  return {
    verdict: holds ? 'holds' : 'fails',
    observed: isKnown ? value : null,
    ...(threshold === undefined
      ? {}
      : { limit: { figure: isKnown ? value : null, threshold, breaks: 'above' as const } }),
    message,
  };
}

function ofValues(operand: Operand, call: Call, { values, weights, tail }: Values): Measure {
  const counts = `SELECT ${operand.value} AS ${VALUE}, count(*) AS ${COUNT} FROM ${call.scope.relation} WHERE ${operand.present} GROUP BY ${operand.value}`;
  const grouped: Operand = { ...operand, value: VALUE, text: `CAST(${VALUE} AS VARCHAR)` };
  const isListed = `coalesce(${isIn(grouped, values)}, false)`;
  const known = values.map((value, i) => {
    const [listed] = listedIn(grouped, [value]);
    return `coalesce(sum(${COUNT}) FILTER (WHERE ${listed === undefined ? 'false' : isIn(grouped, [value])}), 0) AS n${i}`;
  });
  return {
    via: 'statement',
    of: call.scope,
    // Of the values that the partition lacks the sum of n · ln n is enough, since all of them weigh the same.
    sql:
      `SELECT ${[...known, `count(*) FILTER (WHERE NOT ${isListed}) AS others`].join(', ')}, ` +
      `coalesce(sum(${COUNT}) FILTER (WHERE NOT ${isListed}), 0) AS rest, coalesce(sum(${COUNT} * ln(${COUNT})) FILTER (WHERE NOT ${isListed}), 0) AS logs FROM (${counts})`,
    judge: (figures) => outcomeOf(call, divergenceOfValues(figures, weights, tail)),
  };
}

function divergenceOfValues(figures: Figures, weights: readonly number[], tail: number): number {
  const { others = 0, rest = 0, logs = 0 } = figures;
  const observed = weights.map((_, i) => figures[`n${i}`] ?? 0);
  const total = observed.reduce((sum, n) => sum + n, rest);
  if (others === 0) return divergence(weights.map((weight, i) => [(observed[i] ?? 0) / total, weight]));
  const scaled = weights.map((weight) => weight * (1 - tail));
  const expected = scaled.reduce((sum, weight) => sum + weight, tail);
  const listed = scaled.map((weight, i) => {
    const p = (observed[i] ?? 0) / total;
    return p === 0 ? 0 : p * Math.log(p / (weight / expected));
  });
  const unlisted = logs / total - (rest / total) * Math.log(total * (tail / others / expected));
  return listed.reduce((sum, part) => sum + part, unlisted);
}

function ofBins(operand: Operand, call: Call, partition: Bins): Measure {
  const value = numberIn(operand);
  if (value === undefined) return unjudged(noNumbers(operand));
  const { bins } = partition;
  const last = bins.length - 2;
  const within = bins.slice(0, -1).map((edge, i): readonly [string, string] => {
    // The last bin holds its upper edge too.
    const below = `${value} ${i === last ? '<=' : '<'} ${literal(bins[i + 1] ?? edge)}`;
    return [`b${i}`, counting(`${value} >= ${literal(edge)} AND ${below}`)];
  });
  return {
    via: 'scan',
    of: call.scope,
    figures: {
      ...Object.fromEntries(within),
      present: counting(operand.present),
      below: counting(`${value} < ${literal(bins[0] ?? 0)}`),
      above: counting(`${value} > ${literal(bins.at(-1) ?? 0)}`),
    },
    judge: (figures) => outcomeOf(call, divergence(sharesOf(figures, partition))),
  };
}

/** Bins with the tails beside them, where the partition's own ends are finite. */
function sharesOf(figures: Figures, { bins, weights, tail, internal, tails }: Bins): readonly Share[] {
  const total = figures.present ?? 0;
  const share = (name: string) => (figures[name] ?? 0) / total;
  const empty = weights.filter((weight) => weight === 0).length;
  const expected = weights.map((weight) =>
    weight === 0 && internal > 0 ? internal / empty : weight * (1 - tail - internal),
  );
  const inside = expected.map((weight, i): Share => [share(`b${i}`), weight]);
  const [isOpenBelow, isOpenAbove] = [bins[0] === -Infinity, bins.at(-1) === Infinity];
  const held = isOpenBelow || isOpenAbove ? tail : tail / 2;
  const before: readonly Share[] = isOpenBelow ? [] : [[share('below'), tails?.[0] ?? held]];
  const after: readonly Share[] = isOpenAbove ? [] : [[share('above'), tails?.[1] ?? held]];
  return [...before, ...inside, ...after];
}
