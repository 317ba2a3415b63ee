import type { ColumnType } from '../../protocol';
import { identifier } from '../../sql/fragment';
import { alignedOf, type ColumnPair, namedSides, type Side, valuesOf, type WholeColumn } from '../column';
import type { DescribedColumn } from '../describe';
import { isRefusal, type Measurement } from '../metric';
import { chiSquare } from '../metrics/chi-square';
import { jensenShannon } from '../metrics/jensen-shannon';
import { ks } from '../metrics/ks';
import { psi } from '../metrics/psi';
import { wassersteinNormalized } from '../metrics/wasserstein-normalized';
import { deviation } from '../numerics/moments';
import { sharesOf } from '../numerics/shares';
import { type Asked, anyColumn, type Measured, notJudged, type Profile } from '../profile';

/** An integer column with a smaller share of distinct values is categorical. `get_numerical_and_categorical_cols`, df_utils.py. */
const FEW_DISTINCT = 0.05;
/** A reference that varies less is taken to vary so much. `_normalized_wasserstein`, numerical_data_drift_metrics.py. */
const LEAST_DEVIATION = 0.001;
/** From so many rows a side on the component refuses Kolmogorov–Smirnov. */
const KS_ROWS = 10_000;
/** Half the width, relative to the value, of the bin around the only value of both sides. `get_histogram_buckets`. */
const AROUND_ONE_VALUE = 0.005;
/** Widths that differ by less count as equal, and the bin is then computed. `RDD.histogram` of PySpark. */
const EVEN = 1e-10;

interface Rule {
  /** azure-ai-ml's defaults; 0.1 and 0.05 where it has none. */
  readonly threshold: number;
  readonly judges: 'statistic' | 'pValue';
  readonly takes: 'numerical' | 'categorical' | 'both';
  measure(pair: ColumnPair, numerical: boolean): Figure;
}

interface Figure {
  readonly measurement: Measurement;
  readonly parameters: Measured['parameters'];
}

const rules: Readonly<Record<string, Rule>> = {
  'chi-square': { threshold: 0.05, judges: 'pValue', takes: 'categorical', measure: byChiSquare },
  'jensen-shannon': { threshold: 0.1, judges: 'statistic', takes: 'both', measure: byJensenShannon },
  ks: { threshold: 0.05, judges: 'pValue', takes: 'numerical', measure: byKs },
  psi: { threshold: 0.1, judges: 'statistic', takes: 'both', measure: byPsi },
  'wasserstein-normalized': { threshold: 0.1, judges: 'statistic', takes: 'numerical', measure: byWasserstein },
};

/**
 * Azure Machine Learning's model monitoring, as its public components compute it (Azure/azureml-assets at 4b41f8c): rows
 * with a gap in any compared column are left out first, integers of few values are categories, and limits are compared as
 * 32-bit floats.
 */
export const azure: Profile = {
  id: 'azure',
  names: ['azure'],
  methods: Object.keys(rules),
  thresholds: Object.fromEntries(Object.entries(rules).map(([id, { threshold }]) => [id, threshold])),
  share: 0,
  countsIntegers: true,
  rows: (columns, other) => {
    const selected = columns.filter((column, i) => other[i] !== undefined && groupOf(column) === groupOf(other[i]));
    return selected.some(({ nulls, nan }) => nulls + nan > 0) ? selected.map(isWhole).join(' AND ') : undefined;
  },
  typeOf: ({ whole: { reference } }) => kindOf(reference),
  measure(pair, type, asked) {
    const numerical = type === 'numerical' && valuesOf(pair) !== undefined;
    const method = asked?.method ?? (numerical ? 'wasserstein-normalized' : 'jensen-shannon');
    const rule = rules[method];
    const obstacle = obstacleOf(pair, numerical);
    if (obstacle || !rule) return notJudged(obstacle ?? `Azure has no ${method}.`);
    if (rule.takes !== 'both' && numerical !== (rule.takes === 'numerical'))
      return notJudged(
        `Azure's ${method} is for ${rule.takes} columns. Say that it is one with --type ${pair.name}=${rule.takes}.`,
      );
    return measured(pair, numerical, method, rule, asked);
  },
  dataset: anyColumn,
};

function measured(
  pair: ColumnPair,
  numerical: boolean,
  method: string,
  rule: Rule,
  asked: Asked | undefined,
): Measured {
  const { measurement, parameters } = rule.measure(pair, numerical);
  if (isRefusal(measurement)) return notJudged(measurement.refusal);
  const threshold = asked?.threshold ?? rule.threshold;
  const score = (rule.judges === 'pValue' ? measurement.pValue : measurement.statistic) ?? Number.NaN;
  return {
    method,
    statistic: measurement.statistic,
    pValue: measurement.pValue,
    threshold,
    drifted: rule.judges === 'pValue' ? isBelow(score, threshold) : isAbove(score, threshold),
    decidedBy: rule.judges,
    reason: Number.isNaN(score) ? notANumber[rule.judges] : undefined,
    parameters: { ...parameters, ...keptRows(pair) },
  };
}

const notANumber: Readonly<Record<Rule['judges'], string>> = {
  pValue: 'The test gives no number here, which Azure does not count as drift.',
  statistic: 'The distance is not a number here, which Spark orders above every limit, so Azure counts it as drift.',
};

/** Spark orders NaN above every number. */
const isAbove = (value: number, limit: number): boolean =>
  Number.isNaN(value) || Math.fround(value) > Math.fround(limit);
const isBelow = (value: number, limit: number): boolean => Math.fround(value) < Math.fround(limit);

/** Rows that are left of each side, when some were left out. */
const keptRows = ({ reference, current, whole }: ColumnPair): Measured['parameters'] =>
  reference.rows === whole.reference.rows && current.rows === whole.current.rows
    ? {}
    : { referenceRows: reference.rows, currentRows: current.rows };

const isWhole = ({ name, physicalType }: DescribedColumn): string =>
  /^(FLOAT|DOUBLE)$/.test(physicalType)
    ? `(${identifier(name)} IS NOT NULL AND NOT isnan(${identifier(name)}))`
    : `${identifier(name)} IS NOT NULL`;

/** Types that Azure takes for the same: all whole numbers, all fractions, else equal ones. */
const groupOf = (column: DescribedColumn | undefined): string =>
  column?.storage === 'integer' || column?.storage === 'fractional' ? column.storage : (column?.physicalType ?? '');

function kindOf({ storage, distinct = 0, nulls, rows }: WholeColumn): ColumnType {
  if (storage === 'fractional') return 'numerical';
  if (storage === 'integer')
    return (distinct + (nulls > 0 ? 1 : 0)) / rows < FEW_DISTINCT ? 'categorical' : 'numerical';
  return storage === 'boolean' || storage === 'datetime' ? storage : 'categorical';
}

function obstacleOf(pair: ColumnPair, numerical: boolean): string | undefined {
  const { whole, reference, current, asked, storage } = pair;
  if (storage === 'other') return 'Plumbline does not compare nested and binary columns.';
  if (groupOf(whole.reference) !== groupOf(whole.current) && asked === undefined)
    return `Azure leaves out a column whose type changed, here from ${whole.reference.physicalType} to ${whole.current.physicalType}.`;
  if (whole.reference.physicalType.startsWith('DECIMAL') && asked === undefined)
    return 'Azure leaves out decimal columns. Say what it is with --type.';
  for (const [name, side] of namedSides(pair))
    if (side.size + side.infinite === 0)
      return `Azure fails when no rows are left, and every row of the ${name} side has a gap in a compared column.`;
  if (!numerical && reference.infinite + current.infinite > 0)
    return 'Plumbline does not count infinite numbers as categories.';
  return undefined;
}

function byChiSquare(pair: ColumnPair): Figure {
  const { labels, reference, current } = alignedOf(pair);
  return {
    measurement: chiSquare.measure(reference, current, { expected: 'reference' }),
    parameters: { expected: 'reference', categories: labels.length },
  };
}

function byKs(pair: ColumnPair): Figure {
  const { reference, current } = pair;
  if (Math.max(reference.rows, current.rows) >= KS_ROWS)
    return refused('Azure refuses Kolmogorov–Smirnov from 10,000 rows a side on. Use wasserstein-normalized.');
  // SciPy 1.13 looks for NaN by summing, and opposite infinities have none.
  if (hasBothInfinities(reference) || hasBothInfinities(current))
    return { measurement: { statistic: Number.NaN, pValue: Number.NaN }, parameters: {} };
  return { measurement: ks.measure(withInfinities(reference), withInfinities(current), {}), parameters: {} };
}

function byWasserstein(pair: ColumnPair): Figure {
  const [reference, current] = valuesOf(pair) ?? [new Float64Array(), new Float64Array()];
  const normaliser = Math.max(deviation(reference, 1), LEAST_DEVIATION);
  const infinite = pair.reference.infinite + pair.current.infinite > 0;
  const parameters = { normaliser, normalisedBy: 'sample standard deviation of the reference, at least 0.001' };
  if (infinite) return { measurement: { statistic: Number.NaN }, parameters: {} };
  return { measurement: wassersteinNormalized.measure(reference, current, { normaliser }), parameters };
}

function byJensenShannon(pair: ColumnPair, numerical: boolean): Figure {
  const counted = countsOf(pair, numerical);
  if ('refusal' in counted) return refused(counted.refusal);
  const { reference, current, parameters } = counted;
  const measurement = jensenShannon.measure(sharesOf(reference), sharesOf(current), { base: 2 });
  return { measurement, parameters: { base: 2, ...parameters } };
}

/** Every bin or category is taken to hold one row more. */
function byPsi(pair: ColumnPair, numerical: boolean): Figure {
  const counted = countsOf(pair, numerical);
  if ('refusal' in counted) return refused(counted.refusal);
  const { reference, current, parameters } = counted;
  const smoothed = (counts: Float64Array, rows: number): Float64Array =>
    counts.map((count) => (count + 1) / (rows + counts.length));
  return {
    measurement: psi.measure(smoothed(reference, pair.reference.rows), smoothed(current, pair.current.rows), {}),
    parameters: { base: 'e', smoothing: 'one row more in each', ...parameters },
  };
}

const refused = (refusal: string): Figure => ({ measurement: { refusal }, parameters: {} });

interface Counts {
  readonly reference: Float64Array;
  readonly current: Float64Array;
  readonly parameters: Measured['parameters'];
}

function countsOf(pair: ColumnPair, numerical: boolean): Counts | { readonly refusal: string } {
  const values = numerical ? valuesOf(pair) : undefined;
  if (!values) {
    const { labels, reference, current } = alignedOf(pair);
    return { reference, current, parameters: { categories: labels.length } };
  }
  if (pair.reference.infinite + pair.current.infinite > 0)
    return { refusal: 'Azure cannot lay bins over infinite numbers, and its whole run fails with them.' };
  const edges = edgesOf(...values);
  const [reference, current] = [histogram(values[0], edges), histogram(values[1], edges)];
  return { reference, current, parameters: { bins: edges.length - 1, binning: 'Sturges over the smaller side' } };
}

/** The last edge is added up, so it can lie one unit in the last place below the largest value, which then is not counted. */
function edgesOf(reference: Float64Array, current: Float64Array): Float64Array {
  const low = Math.min(reference[0] ?? 0, current[0] ?? 0);
  const high = Math.max(reference.at(-1) ?? 0, current.at(-1) ?? 0);
  if (low === high) {
    const around = low === 0 ? AROUND_ONE_VALUE : AROUND_ONE_VALUE * Math.abs(low);
    return Float64Array.of(low - around, low + around);
  }
  const bins = Math.ceil(Math.log2(Math.min(reference.length, current.length)) + 1);
  const width = (high - low) / bins;
  return Float64Array.from({ length: bins + 1 }, (_, bin) => low + bin * width);
}

/** `RDD.histogram` of PySpark, whose bin of a value is computed where the widths are even and searched where not. */
function histogram(values: Float64Array, edges: Float64Array): Float64Array {
  const bins = edges.length - 1;
  const [first, last] = [edges[0] ?? 0, edges[bins] ?? 0];
  const widths = edges.subarray(1).map((edge, bin) => edge - (edges[bin] ?? 0));
  const even = Math.max(...widths) - Math.min(...widths) < EVEN;
  const step = (last - first) / bins;
  const counts = new Float64Array(bins);
  let searched = 0;
  for (const value of values) {
    if (value < first || value > last) continue;
    while (searched < bins && (edges[searched + 1] ?? Number.POSITIVE_INFINITY) <= value) searched++;
    const bin = Math.min(bins - 1, even ? Math.trunc((value - first) / step) : searched);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

function hasBothInfinities({ infinite, positiveInfinite = 0 }: Side): boolean {
  return positiveInfinite > 0 && positiveInfinite < infinite;
}

function withInfinities({ sample, infinite, positiveInfinite = 0 }: Side): Float64Array {
  const sorted = sample.kind === 'values' ? sample.sorted : new Float64Array();
  if (infinite === 0) return sorted;
  const all = new Float64Array(sorted.length + infinite).fill(Number.POSITIVE_INFINITY);
  all.fill(Number.NEGATIVE_INFINITY, 0, infinite - positiveInfinite);
  all.set(sorted, infinite - positiveInfinite);
  return all;
}
