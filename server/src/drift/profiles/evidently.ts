import type { ColumnType } from '../../protocol';
import { alignedOf, type ColumnPair, distinctOver, rowsOf, valuesOf } from '../column';
import { isRefusal, type Measurement, type MetricOptions } from '../metric';
import { members as metrics } from '../metrics';
import { totalVariation } from '../metrics/total-variation';
import { countsIn, sturgesEdges } from '../numerics/bins';
import { deviation } from '../numerics/moments';
import { samplesTaken } from '../numerics/permutations';
import { permutationsFor, permutedTotalVariation } from '../numerics/permuted-categories';
import { sharesOf } from '../numerics/shares';
import { type Asked, type Measured, notJudged, type Profile } from '../profile';
import { domainClassifier } from '../text-metrics/domain-classifier';

/** Up to so many reference rows tests are taken, beyond it distances. `stattests/registry.py`. */
const TEST_ROWS = 1000;
/** Area under the ROC curve that texts of a larger reference must exceed. `text_content_drift_abs.py`. */
const LEAST_AREA = 0.55;
/** Up to so many distinct values over both sides numbers are compared as categories. `stattests/registry.py`. */
const FEW_VALUES = 5;
/** An integer column with at most so many distinct values is categorical. `INTEGER_CARDINALITY_LIMIT`, core/datasets.py. */
const FEW_INTEGERS = 10;
/** Text with more distinct values than this share of its values is prose, not categories. `infer_column_type`. */
const PROSE = 0.5;
/** Numbers with more distinct reference values are binned, others compared value by value. `get_binned_data`. */
const BINNED_VALUES = 20;
/** A reference that varies less is taken to vary so much. `_wasserstein_distance_norm`. */
const LEAST_DEVIATION = 0.001;
/** What stands for an empty bin, unless a share as small occurs: then a millionth of the smallest. `get_binned_data`. */
const EMPTY_BIN = 0.0001;

interface Rule {
  readonly threshold: number;
  readonly judges: 'statistic' | 'pValue';
  readonly drifted: (score: number, threshold: number) => boolean;
  readonly takes: 'numbers' | 'categories' | 'both';
  readonly fillsEmptyBins?: boolean;
  readonly options?: MetricOptions;
}

const atLeast = (score: number, threshold: number): boolean => score >= threshold;
const above = (score: number, threshold: number): boolean => score > threshold;
const atMost = (score: number, threshold: number): boolean => score <= threshold;
const below = (score: number, threshold: number): boolean => score < threshold;

/** `legacy/calculations/stattests/*.py` of 0.7.23: which figure decides, its threshold, and how it is compared. */
const rules: Readonly<Record<string, Rule>> = {
  'anderson-darling': { threshold: 0.1, judges: 'pValue', drifted: below, takes: 'numbers' },
  'chi-square': {
    threshold: 0.05,
    judges: 'pValue',
    drifted: below,
    takes: 'categories',
    options: { expected: 'reference' },
  },
  'cramer-von-mises': { threshold: 0.1, judges: 'pValue', drifted: atMost, takes: 'numbers' },
  energy: { threshold: 0.1, judges: 'statistic', drifted: above, takes: 'numbers' },
  'epps-singleton': { threshold: 0.05, judges: 'pValue', drifted: below, takes: 'numbers' },
  'fisher-exact': { threshold: 0.1, judges: 'pValue', drifted: below, takes: 'categories' },
  'g-test': {
    threshold: 0.1,
    judges: 'pValue',
    drifted: below,
    takes: 'categories',
    options: { expected: 'reference' },
  },
  hellinger: { threshold: 0.1, judges: 'statistic', drifted: atLeast, takes: 'both' },
  'jensen-shannon': { threshold: 0.1, judges: 'statistic', drifted: atLeast, takes: 'both' },
  'kl-divergence': { threshold: 0.1, judges: 'statistic', drifted: atLeast, takes: 'both', fillsEmptyBins: true },
  ks: { threshold: 0.05, judges: 'pValue', drifted: atMost, takes: 'numbers' },
  'mann-whitney': {
    threshold: 0.05,
    judges: 'pValue',
    drifted: below,
    takes: 'numbers',
    options: { alternative: 'less' },
  },
  mmd: {
    threshold: 0.1,
    judges: 'pValue',
    drifted: below,
    takes: 'numbers',
    options: { bandwidth: 'evidently', permutations: 100, addOne: false },
  },
  psi: { threshold: 0.1, judges: 'statistic', drifted: atLeast, takes: 'both', fillsEmptyBins: true },
  't-test': { threshold: 0.05, judges: 'pValue', drifted: below, takes: 'numbers' },
  'total-variation': {
    threshold: 0.1,
    judges: 'pValue',
    drifted: below,
    takes: 'categories',
    options: { seed: 0, permutations: 1000, addOne: false },
  },
  wasserstein: { threshold: 0.1, judges: 'statistic', drifted: atLeast, takes: 'numbers' },
  'z-test': { threshold: 0.05, judges: 'pValue', drifted: below, takes: 'categories' },
};

/** What differs between the versions of Evidently; their tests are the same. */
export interface Version extends Pick<Profile, 'id' | 'names' | 'typeOf'> {
  /** Why a column is left out, beyond what no version tests. */
  readonly obstacle: (pair: ColumnPair, type: ColumnType) => string | undefined;
  /** Whether its NumPy gives whole numbers no bin below 1, as NumPy does from 2.1. */
  readonly wholeBins: boolean;
}

/**
 * A version of Evidently: its choice of test by type, size and distinct values, its binning, its thresholds, and its verdict
 * on the dataset (half of the columns). Nulls, NaN and infinities are left out of each side by itself.
 */
export const evidentlyOf = (version: Version): Profile => ({
  id: version.id,
  names: version.names,
  methods: [...Object.keys(rules), domainClassifier.id],
  thresholds: {
    ...Object.fromEntries(Object.entries(rules).map(([id, { threshold }]) => [id, threshold])),
    [domainClassifier.id]: LEAST_AREA,
  },
  share: 0.5,
  readsRows: (pair, type, asked) =>
    obstacleOf(pair, type) === undefined && (type === 'text' || asked?.method === 'total-variation'),
  typeOf: version.typeOf,
  measure(pair, type, asked) {
    const obstacle = obstacleOf(pair, type) ?? version.obstacle(pair, type);
    if (obstacle) return notJudged(obstacle);
    if (type === 'text') return byClassifier(pair, asked);
    const method = asked?.method ?? choice(pair, type);
    const rule = rules[method];
    if (method === domainClassifier.id)
      return notJudged(`Evidently's ${method} is for text. Say that it is text with --type ${pair.name}=text.`);
    const numbers = valuesOf(pair) !== undefined;
    if (!rule) return notJudged(`Evidently has no ${method}.`);
    if (rule.takes === 'numbers' && !numbers)
      return notJudged(`Evidently's ${method} is for numbers, and this column holds categories.`);
    if (asked && rule.takes === 'categories' && type === 'numerical')
      return notJudged(
        `Evidently's ${method} is for categories. Say that it is one with --type ${pair.name}=categorical.`,
      );
    const as = asked && rule.takes === 'numbers' ? 'numerical' : type;
    return { ...(as === type ? {} : { type: as }), ...measured({ pair, type: as, method, rule, version }, asked) };
  },
});

/** Evidently 0.7, with NumPy 2.1 or later. */
export const evidently: Profile = evidentlyOf({
  id: 'evidently@0.7',
  names: ['evidently', 'evidently@0.7'],
  typeOf,
  obstacle: ({ current }, type) =>
    type === 'boolean' && current.nulls > 0
      ? 'Evidently does not recognise a boolean column with gaps, and leaves it out.'
      : undefined,
  wholeBins: true,
});

/** As pandas holds the current side: integers with gaps are floats there, booleans with gaps objects. */
function typeOf({ storage, current }: ColumnPair): ColumnType {
  if (storage === 'integer')
    return current.nulls === 0 && current.distinct <= FEW_INTEGERS ? 'categorical' : 'numerical';
  if (storage === 'fractional') return 'numerical';
  if (storage === 'boolean' || storage === 'datetime') return storage;
  return storage === 'text' && current.distinct <= current.size * PROSE ? 'categorical' : 'text';
}

function obstacleOf({ storage, reference, current }: ColumnPair, type: ColumnType): string | undefined {
  if (storage === 'other') return 'Evidently does not test nested or binary columns.';
  if (type === 'datetime') return 'Evidently does not test dates and times.';
  if (reference.size === 0 || current.size === 0)
    return `The ${reference.size === 0 ? 'reference' : 'current'} side has no values.`;
  return undefined;
}

/**
 * Up to TEST_ROWS reference rows the area must exceed what 95 % of random scores stay below, beyond them LEAST_AREA.
 * `text_content_drift.py`, `text_content_drift_abs.py`.
 */
function byClassifier(pair: ColumnPair, asked: Asked | undefined): Measured {
  const { id } = domainClassifier;
  if (asked && asked.method !== id) return notJudged(`Evidently's ${asked.method} is not for text; its ${id} is.`);
  const [reference, current] = [rowsOf(pair.reference), rowsOf(pair.current)];
  const measurement = domainClassifier.measure(reference, current, {});
  if (isRefusal(measurement)) return notJudged(measurement.refusal);
  const { statistic, parameters } = measurement;
  const random = pair.reference.size <= TEST_ROWS ? Number(parameters?.randomArea) : LEAST_AREA;
  const threshold = asked?.threshold ?? random;
  return {
    method: id,
    statistic,
    threshold,
    drifted: statistic > threshold,
    decidedBy: 'statistic',
    parameters: {
      ...parameters,
      ...samplesTaken([reference.length, current.length], [pair.reference.size, pair.current.size]),
    },
  };
}

function choice(pair: ColumnPair, type: ColumnType): string {
  const distinct = distinctOver(pair);
  const asNumbers = type === 'numerical' && distinct > FEW_VALUES;
  if (pair.reference.size > TEST_ROWS) return asNumbers ? 'wasserstein' : 'jensen-shannon';
  if (asNumbers) return 'ks';
  return distinct > 2 ? 'chi-square' : 'z-test';
}

/** A column, and how it is tested. */
interface Trial {
  readonly pair: ColumnPair;
  readonly type: ColumnType;
  readonly method: string;
  readonly rule: Rule;
  readonly version: Version;
}

function measured(trial: Trial, asked: Asked | undefined): Measured {
  const { method, rule } = trial;
  const threshold = asked?.threshold ?? rule.threshold;
  const { measurement, parameters } = method === 'total-variation' ? permutedFigure(trial) : figure(trial);
  if (isRefusal(measurement)) return notJudged(measurement.refusal);
  const score = rule.judges === 'pValue' ? measurement.pValue : measurement.statistic;
  const drifted = score !== undefined && rule.drifted(score, threshold);
  const reason = Number.isNaN(score)
    ? 'Nothing can vary here, so the test gives no p-value and Evidently no drift.'
    : undefined;
  const { statistic, pValue } = measurement;
  return {
    method,
    statistic,
    pValue,
    threshold,
    drifted,
    decidedBy: rule.judges,
    reason,
    parameters: { ...parameters, ...measurement.parameters },
  };
}

interface Figure {
  readonly measurement: Measurement;
  readonly parameters: Measured['parameters'];
}

/** Total variation, with Evidently's own seed and rows in their order, so that its random orders are these. */
function permutedFigure({ pair, rule: { options = {} } }: Trial): Figure {
  const { labels, reference, current } = alignedOf(pair);
  const [before, after] = [rowsOf(pair.reference), rowsOf(pair.current)];
  const numbers = new Map(labels.map((label, index) => [label, index]));
  const rows = Uint32Array.from([...before, ...after], (label) => numbers.get(label) ?? 0);
  const permutations = permutationsFor(rows.length, options.permutations ?? 0);
  const distance = totalVariation.measure(sharesOf(reference), sharesOf(current), {});
  if (isRefusal(distance)) return { measurement: distance, parameters: {} };
  const pValue = permutedTotalVariation(rows, before.length, labels.length, { ...options, permutations });
  return {
    measurement: { ...distance, pValue },
    parameters: {
      ...options,
      permutations,
      categories: labels.length,
      ...samplesTaken([before.length, after.length], [pair.reference.size, pair.current.size]),
    },
  };
}

function figure({ pair, type, method, rule, version }: Trial): Figure {
  const metric = metrics.find(({ id }) => id === method);
  if (!metric) return { measurement: { refusal: `Plumbline has no ${method}.` }, parameters: {} };
  if (metric.needs === 'shares') {
    const { reference, current, parameters } = binned(pair, type, method, version);
    const fill = (shares: Float64Array): Float64Array => (rule.fillsEmptyBins ? filled(shares) : shares);
    return {
      measurement: metric.measure(fill(reference), fill(current), {}),
      parameters: { base: 'e', ...parameters },
    };
  }
  if (metric.needs === 'counts') {
    const { labels, reference, current } = alignedOf(pair);
    if (method === 'fisher-exact' && pair.reference.size !== pair.current.size)
      return { measurement: { refusal: "Evidently's Fisher test needs as many rows on both sides." }, parameters: {} };
    const options = rule.options ?? {};
    return {
      measurement: metric.measure(reference, current, options),
      parameters: { ...options, categories: labels.length },
    };
  }
  const [reference, current] = valuesOf(pair) ?? [new Float64Array(), new Float64Array()];
  if (method !== 'wasserstein')
    return { measurement: metric.measure(reference, current, rule.options ?? {}), parameters: { ...rule.options } };
  const normaliser = Math.max(deviation(reference), LEAST_DEVIATION);
  return {
    measurement: metric.measure(reference, current, { normaliser }),
    parameters: { normaliser, normalisedBy: 'standard deviation of the reference, at least 0.001' },
  };
}

interface Binned {
  readonly reference: Float64Array;
  readonly current: Float64Array;
  readonly parameters: Measured['parameters'];
}

/** Shares per bin or value. Hellinger alone lays its edges by the number of distinct values instead of that of rows. */
function binned(pair: ColumnPair, type: ColumnType, method: string, { wholeBins }: Version): Binned {
  const values = type === 'numerical' ? valuesOf(pair) : undefined;
  const overDistinct = method === 'hellinger';
  if (!values || (!overDistinct && pair.reference.distinct <= BINNED_VALUES)) {
    const { labels, reference, current } = alignedOf(pair);
    return { reference: sharesOf(reference), current: sharesOf(current), parameters: { categories: labels.length } };
  }
  const [reference, current] = values;
  const edges = sturgesEdges({
    low: Math.min(reference[0] ?? 0, current[0] ?? 0),
    high: Math.max(reference.at(-1) ?? 0, current.at(-1) ?? 0),
    size: overDistinct ? distinctOver(pair) : reference.length + current.length,
    whole: wholeBins && pair.storage === 'integer' && pair.reference.nulls === 0 && pair.current.nulls === 0,
  });
  return {
    reference: sharesOf(countsIn(reference, edges)),
    current: sharesOf(countsIn(current, edges)),
    parameters: {
      bins: edges.length - 1,
      binning: overDistinct ? 'sturges over the distinct values of both sides' : 'sturges over both sides',
    },
  };
}

function filled(shares: Float64Array): Float64Array {
  const least = shares.reduce((smallest, share) => (share > 0 && share < smallest ? share : smallest), 1);
  const empty = least <= EMPTY_BIN ? least / 1e6 : EMPTY_BIN;
  return shares.map((share) => (share === 0 ? empty : share));
}
