import type { ColumnType } from '../../protocol';
import { identifier } from '../../sql/fragment';
import { alignedOf, type ColumnPair, isComplete, typeOfStorage, valuesOf } from '../column';
import type { DescribedColumn } from '../describe';
import { isRefusal, type MetricOptions } from '../metric';
import { members as metrics } from '../metrics';
import { type Asked, anyColumn, type Measured, notJudged, type Profile } from '../profile';

/** `p_val`, the default of every detector. */
const LEVEL = 0.05;
/** Text with more distinct values than this share of its values, and than `FEW_VALUES`, is prose or a key. */
const PROSE = 0.5;
const FEW_VALUES = 20;

interface Detector {
  /** The class whose figure it is. */
  readonly name: string;
  readonly takes: 'numbers' | 'categories' | 'zeros and ones';
  readonly options: MetricOptions;
  /** Whether its figures are kept as 32-bit floats. `feature_score` of each class. */
  readonly single: boolean;
}

/** Of the detectors that draw random orders, `n_permutations`; of their random numbers Alibi's own are not to be had. */
const drawn: MetricOptions = { permutations: 100, addOne: false, bandwidth: 'alibi' };

/** `cd/{ks,chisquare,cvm,fet,mmd,lsdd}.py` of 0.13.0 with their defaults; TabularDrift has the first two. */
const detectors: Readonly<Record<string, Detector>> = {
  'chi-square': {
    name: 'ChiSquareDrift',
    takes: 'categories',
    options: { expected: 'pooled', yates: true },
    single: true,
  },
  'cramer-von-mises': { name: 'CVMDrift', takes: 'numbers', options: {}, single: true },
  'fisher-exact': { name: 'FETDrift', takes: 'zeros and ones', options: { alternative: 'less' }, single: false },
  ks: { name: 'KSDrift', takes: 'numbers', options: { tail: 'asymptotic' }, single: true },
  lsdd: { name: 'LSDDDrift', takes: 'numbers', options: drawn, single: true },
  mmd: { name: 'MMDDrift', takes: 'numbers', options: drawn, single: true },
};

/** What p-values are held against: corrected for the number of columns (`batch`), or each by itself (`feature`). */
export type Correction = 'bonferroni' | 'fdr' | 'none';

/**
 * Alibi Detect's TabularDrift with its defaults: Kolmogorov–Smirnov with asymptotic p-values for numbers, chi-square with
 * Yates' correction for text and booleans, and, named, CVMDrift,
 * FETDrift (which asks whether the share of ones grew), MMDDrift and LSDDDrift, each on one column.
 * A column drifts when its p-value is below 0.05 / columns (Bonferroni, `drift_type` batch), the dataset when any does:
 * that is Alibi's verdict, which has no share of columns. p-values and distances are rounded to 32 bits, as there, before
 * they are compared.
 *
 * Alibi has no notion of a missing value. Rows with a gap, NaN or infinity in any compared column are left out of all, as
 * its users must before they build the array. It is told which columns are categories; here text is one unless most of
 * its values occur once, and integers are numbers. A threshold that is asked for stands as it is, uncorrected.
 */
export const alibi: Profile = alibiWith('bonferroni', 'alibi');

/** A profile of the same tests under another correction. */
export function alibiWith(correction: Correction, name: string): Profile {
  return {
    id: `${name}@0.13`,
    names: [name, `${name}@0.13`],
    methods: Object.keys(detectors),
    thresholds: Object.fromEntries(Object.keys(detectors).map((id) => [id, LEVEL])),
    share: 0,
    rows: withoutGaps,
    typeOf,
    measure,
    decide: (measured) => corrected(measured, correction),
    dataset: (judged) => ({
      ...anyColumn(judged),
      threshold: correction === 'bonferroni' ? LEVEL / Math.max(1, judged.length) : LEVEL,
      method: correction === 'none' ? 'any' : correction,
    }),
  };
}

function withoutGaps(columns: readonly DescribedColumn[]): string | undefined {
  const conditions = columns
    .filter(({ storage }) => storage !== 'datetime' && storage !== 'other')
    .map(({ name, physicalType }) =>
      /^(FLOAT|DOUBLE)$/.test(physicalType) ? `isfinite(${identifier(name)})` : `${identifier(name)} IS NOT NULL`,
    );
  return conditions.length > 0 ? conditions.join(' AND ') : undefined;
}

function typeOf({ storage, reference, current }: ColumnPair): ColumnType {
  const single = [reference, current].some(({ distinct, size }) => distinct > FEW_VALUES && distinct > size * PROSE);
  return storage === 'text' && single ? 'text' : typeOfStorage[storage];
}

function obstacleOf(pair: ColumnPair, type: ColumnType): string | undefined {
  if (pair.storage === 'other') return 'Alibi Detect tests no nested or binary columns.';
  if (type === 'datetime') return 'Alibi Detect tests no dates and times.';
  if (type === 'text') return 'Most values occur once, and Alibi Detect would be told of no categories here.';
  if (!isComplete(pair)) return 'It has too many categories for a chi-square test.';
  if (pair.reference.size === 0 || pair.current.size === 0)
    return `No row of the ${pair.reference.size === 0 ? 'reference' : 'current'} side has a value in every column.`;
  return undefined;
}

function measure(pair: ColumnPair, type: ColumnType, asked: Asked | undefined): Measured {
  const obstacle = obstacleOf(pair, type);
  if (obstacle) return notJudged(obstacle);
  const method = asked?.method ?? (type === 'numerical' ? 'ks' : 'chi-square');
  const detector = detectors[method];
  const metric = metrics.find(({ id }) => id === method);
  if (!detector || !metric) return notJudged(`Alibi Detect has no ${method}.`);
  const sides = sidesOf(pair, detector);
  if (typeof sides === 'string') return notJudged(sides);
  const measurement = metric.measure(...sides, detector.options);
  if (isRefusal(measurement)) return notJudged(measurement.refusal);
  const round = detector.single ? Math.fround : (figure: number) => figure;
  const pValue = round(measurement.pValue ?? Number.NaN);
  const threshold = asked?.threshold ?? LEVEL;
  const measuredAs = detector.takes === 'numbers' ? 'numerical' : type === 'numerical' ? 'categorical' : type;
  return {
    ...(measuredAs === type ? {} : { type: measuredAs }),
    method,
    statistic: round(measurement.statistic),
    pValue,
    threshold,
    drifted: pValue < round(threshold),
    decidedBy: 'pValue',
    parameters: {
      detector: detector.name,
      ...(detector.options.yates ? { yates: sides[0].length === 2, categories: sides[0].length } : {}),
      ...(detector.options.tail ? { pValueMethod: detector.options.tail } : {}),
      ...(detector.options.alternative ? { alternative: 'the share of ones grew' } : {}),
      ...measurement.parameters,
      correction: asked?.threshold === undefined ? 'none' : 'own threshold',
    },
  };
}

/** What the metric is given of both sides, or why the detector refuses them. */
function sidesOf(pair: ColumnPair, { name, takes }: Detector): readonly [Float64Array, Float64Array] | string {
  if (takes === 'numbers')
    return valuesOf(pair) ?? `Alibi Detect's ${name} is for numbers, and this column holds categories.`;
  const { labels, reference, current } = alignedOf(pair);
  if (takes === 'zeros and ones' && !labels.every((label) => /^([01]|true|false)$/.test(label)))
    return `Alibi Detect's ${name} is for columns of 0 and 1, or true and false.`;
  return [reference, current];
}

function corrected(measured: readonly Measured[], correction: Correction): readonly Measured[] {
  if (correction === 'none') return measured;
  const tested = measured.filter(({ pValue, parameters }) => pValue !== undefined && parameters.correction === 'none');
  const limits = correction === 'fdr' ? stepUp(tested) : tested.map(() => LEVEL / tested.length);
  return measured.map((column) => {
    const threshold = limits[tested.indexOf(column)];
    if (threshold === undefined) return column;
    const pValue = column.pValue ?? Number.NaN;
    const drifted = correction === 'fdr' ? pValue < threshold : pValue < Math.fround(threshold);
    return { ...column, threshold, drifted, parameters: { ...column.parameters, correction, columns: tested.length } };
  });
}

/**
 * Benjamini and Hochberg's limits, as `utils/statstest.py` has them: the largest 0.05·i/n that the i-th smallest p-value is
 * below is the limit of all; where none is below its own, each keeps that.
 */
function stepUp(tested: readonly Measured[]): readonly number[] {
  const rising = tested.map(({ pValue = Number.NaN }) => pValue).sort((a, b) => a - b);
  const own = (rank: number): number => (LEVEL * (rank + 1)) / tested.length;
  const last = rising.findLastIndex((p, rank) => p < own(rank));
  return tested.map(({ pValue = Number.NaN }) => own(last < 0 ? rising.indexOf(pValue) : last));
}
