import type { ColumnType } from '../../protocol';
import { alignedOf, type ColumnPair, namedSides, type Side } from '../column';
import { chiSquare } from '../metrics/chi-square';
import { lInfinity } from '../metrics/l-infinity';
import { chiSquareTail } from '../numerics/distributions';
import { sharesOf, total } from '../numerics/shares';
import { type Asked, anyColumn, type Measured, notJudged, type Profile } from '../profile';
import { type Ranks, type Sketch, sketchDistance, sketchOf, weightOf } from '../sketches/sketch';

/** What sampling may do to a distance, times √((n + m) ÷ nm): about the critical value of Kolmogorov–Smirnov at 0.3 %. `Distance.scala`. */
const CHANCE = 1.8;
/** `comparison_threshold` of the constraints that Model Monitor suggests. */
const THRESHOLD = 0.1;
/** Chi-square merges categories while more than this share of them have too few expected rows. `Distance.scala`. */
const FEW_SHARE = 0.2;
const FEW_ROWS = 5;
const FEW_ROWS_OF_TWO = 10;

/** A version of deequ, and what a constraints file asks of the comparison. */
export interface Comparison {
  readonly id: string;
  readonly names: readonly string[];
  readonly ranks: Ranks;
  /** Whether what sampling may do is taken off a distance: `comparison_method` of a constraints file. */
  readonly method?: 'Robust' | 'Simple';
}

/**
 * SageMaker Model Monitor, whose closed container is built on deequ: distances of quantile sketches and of shares, less what
 * sampling may do (`Robust`). Up to deequ 2.0.7 a sketch ranks distinct values instead of rows; the service names 2.0.2.
 */
export const sagemaker: Profile = comparing({
  id: 'sagemaker@2.0',
  names: ['sagemaker', 'sagemaker@2.0'],
  ranks: 'distinct values',
});

/** A profile of the same figures under another comparison. */
export function comparing({ id, names, ranks, method: comparison = 'Robust' }: Comparison): Profile {
  return {
    id,
    names,
    methods: ['chi-square', 'l-infinity', 'quantile-sketch'],
    thresholds: { 'chi-square': THRESHOLD, 'l-infinity': THRESHOLD, 'quantile-sketch': THRESHOLD },
    share: 0,
    inOrder: 'numbers',
    typeOf,
    measure(pair, type, asked) {
      const numerical = type === 'numerical' && pair.reference.sample.kind === 'values';
      const method = asked?.method ?? (numerical ? 'quantile-sketch' : 'l-infinity');
      const obstacle = obstacleOf(pair, numerical, method);
      if (obstacle) return notJudged(obstacle);
      if (method === 'quantile-sketch') return bySketch(pair, ranks, comparison, asked);
      return method === 'l-infinity' ? byLInfinity(pair, comparison, asked) : byChiSquare(pair, asked);
    },
    dataset: anyColumn,
  };
}

/** Its files know no booleans and no times: both are strings there. */
function typeOf({ storage }: ColumnPair): ColumnType {
  if (storage === 'integer' || storage === 'fractional') return 'numerical';
  return storage === 'boolean' || storage === 'datetime' ? storage : 'categorical';
}

function obstacleOf(pair: ColumnPair, numerical: boolean, method: string): string | undefined {
  if (pair.storage === 'other') return 'Model Monitor does not compare nested and binary columns.';
  if (numerical !== (method === 'quantile-sketch'))
    return numerical
      ? `Model Monitor's ${method} is for strings. Say that it is one with --type ${pair.name}=categorical.`
      : "Model Monitor's quantile sketch is for numbers, and this column holds strings.";
  for (const [name, side] of namedSides(pair))
    if (side.size + side.infinite + side.nan === 0)
      return `The ${name} side has no values, with which the comparison of Model Monitor fails.`;
  if (!numerical && pair.reference.infinite + pair.current.infinite + pair.reference.nan + pair.current.nan > 0)
    return 'Plumbline does not count NaN and infinite numbers as strings.';
  return undefined;
}

type Method = NonNullable<Comparison['method']>;

function bySketch(pair: ColumnPair, ranks: Ranks, comparison: Method, asked: Asked | undefined): Measured {
  const [reference, current] = [sketchOfSide(pair.reference), sketchOfSide(pair.current)];
  const found = sketchDistance(reference, current, ranks);
  if (!found) return notJudged('A side has no values.');
  const { distance, n, m } = found;
  return judged('quantile-sketch', figures[comparison](distance, n, m), asked, {
    distance,
    comparison,
    ranks,
    n,
    m,
    sketch: 'KLL, k 2048, c 0.64',
    levels: Math.max(reference.levels.length, current.levels.length),
    // Of what the sketches left out; the rank rule of old versions ranks other things than rows.
    sketchError: reference.rankError / weightOf(reference) + current.rankError / weightOf(current),
  });
}

function byLInfinity(pair: ColumnPair, comparison: Method, asked: Asked | undefined): Measured {
  const { labels, reference, current } = alignedOf(pair);
  const found = lInfinity.measure(sharesOf(reference), sharesOf(current), {});
  if ('refusal' in found) return notJudged(found.refusal);
  const statistic = figures[comparison](found.statistic, total(current), total(reference));
  const parameters = { distance: found.statistic, comparison, categories: labels.length };
  return judged('l-infinity', statistic, asked, parameters);
}

function judged(
  method: string,
  statistic: number,
  asked: Asked | undefined,
  parameters: Measured['parameters'],
): Measured {
  const threshold = asked?.threshold ?? THRESHOLD;
  return { method, statistic, threshold, drifted: statistic > threshold, decidedBy: 'statistic', parameters };
}

const figures: Readonly<Record<Method, (distance: number, n: number, m: number) => number>> = {
  Robust: (distance, n, m) => Math.max(0, distance - CHANCE * Math.sqrt((n + m) / (n * m))),
  Simple: (distance) => distance,
};

/**
 * Shares of the current rows whose value the reference knows, against the reference's; categories of few expected rows are
 * merged. How the service compares is not public: a p-value below the threshold is taken for drift.
 */
function byChiSquare(pair: ColumnPair, asked: Asked | undefined): Measured {
  const { reference, current } = alignedOf(pair);
  const known = reference.map((count, i) => (count > 0 ? (current[i] ?? 0) : 0));
  const scale = total(known) / total(reference);
  const groups = merged(
    Array.from(reference, (count, i) => ({ expected: count * scale, observed: known[i] ?? 0 })).filter(
      (_, i) => (reference[i] ?? 0) > 0,
    ),
  );
  if (groups.length < 2)
    return notJudged('Chi-square gives no figure: fewer than two categories have enough expected rows.');
  const [expected, observed] = [groups.map((one) => one.expected), groups.map((one) => one.observed)];
  const found = chiSquare.measure(Float64Array.from(expected), Float64Array.from(observed), { expected: 'reference' });
  if ('refusal' in found) return notJudged(found.refusal);
  const threshold = asked?.threshold ?? THRESHOLD;
  const pValue = chiSquareTail(found.statistic, groups.length - 1);
  const parameters = { expected: 'reference', groups: groups.length };
  return {
    method: 'chi-square',
    statistic: found.statistic,
    pValue,
    threshold,
    drifted: pValue < threshold,
    decidedBy: 'pValue',
    parameters,
  };
}

interface Group {
  readonly expected: number;
  readonly observed: number;
}

/** The smallest goes into the second smallest. Equal ones go in the order of a hash map in deequ, in ours of their values here. */
function merged(groups: readonly Group[]): readonly Group[] {
  let left = groups.toSorted((a, b) => a.expected - b.expected);
  while (left.length >= 2 && hasTooFew(left)) {
    const [smallest, second, ...others] = left;
    if (!smallest || !second) break;
    const both = { expected: smallest.expected + second.expected, observed: smallest.observed + second.observed };
    left = [both, ...others].sort((a, b) => a.expected - b.expected);
  }
  return left;
}

function hasTooFew(groups: readonly Group[]): boolean {
  const limit = groups.length > 2 ? FEW_ROWS : FEW_ROWS_OF_TWO;
  const allowed = groups.length > 2 ? Math.floor(FEW_SHARE * groups.length) : 0;
  return groups.filter(({ expected }) => expected < limit).length > allowed;
}

/** Nulls are passed over; NaN is an item. */
function sketchOfSide({ sample, nan, infinite, positiveInfinite = 0 }: Side): Sketch {
  if (sample.kind === 'categories') return sketchOf([]);
  if (sample.sketch) return sample.sketch;
  if (sample.inOrder) return sketchOf(rowsOf(sample.inOrder, nan, sample.present));
  return sketchOf([
    ...new Float64Array(infinite - positiveInfinite).fill(Number.NEGATIVE_INFINITY),
    ...sample.sorted,
    ...new Float64Array(positiveInfinite).fill(Number.POSITIVE_INFINITY),
    ...new Float64Array(nan).fill(Number.NaN),
  ]);
}

function* rowsOf(rows: Float64Array, nan: number, present: Float64Array | undefined): Iterable<number> {
  // Without it every NaN is one, or every NaN is a null, unless it was not asked which: then they come last.
  const gaps = present ? 0 : rows.reduce((sum, value) => sum + Number(Number.isNaN(value)), 0);
  for (const [i, value] of rows.entries())
    if (!Number.isNaN(value) || (present ? present[i] === 1 : gaps === nan)) yield value;
  if (!present && gaps !== nan) for (let i = 0; i < nan; i++) yield Number.NaN;
}
