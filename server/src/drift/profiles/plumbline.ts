import type { ColumnType } from '../../protocol';
import { alignedOf, type ColumnPair, distinctOver, namedSides, rowsOf, typeOfStorage, valuesOf } from '../column';
import { isRefusal, type Measurement, type Metric } from '../metric';
import { members as metrics } from '../metrics';
import { chiSquare } from '../metrics/chi-square';
import { jensenShannon } from '../metrics/jensen-shannon';
import { ks } from '../metrics/ks';
import { wasserstein } from '../metrics/wasserstein';
import { benjaminiHochberg } from '../numerics/benjamini-hochberg';
import { countsIn, doaneEdges, pooled } from '../numerics/bins';
import { deviation, interquartileRange } from '../numerics/moments';
import { samplesTaken } from '../numerics/permutations';
import { sharesOf, total } from '../numerics/shares';
import { type Asked, type Measured, notJudged, type Profile } from '../profile';
import { members as tableMetrics } from '../table-metrics';
import type { TextMetric } from '../text-metric';
import { members as textMetrics } from '../text-metrics';

/** A numeric column must move by this much of the reference's own spread, on average over its values. */
const EFFECT = 0.1;
/** A categorical column must be this far from the reference beyond what sampling gives: Jensen–Shannon in base 2, 0 to 1. */
const DISTANCE = 0.1;
/** Area under the ROC curve that a classifier of texts must reach, beside what chance gives, as Evidently has it. */
const AREA = 0.55;
/** Share of the columns called different that may be so by chance. */
const LEVEL = 0.05;
/** With fewer values on a side not even a shift of the whole distribution would show. */
const LEAST_VALUES = 20;
/** Whole numbers with at most so many distinct values over both sides are codes or grades. */
const FEW_INTEGERS = 10;
/** Text with more distinct values than this share of its values names single rows. */
const PROSE = 0.5;
/** Of a normal distribution, the interquartile range is this many standard deviations. */
const IQR_DEVIATIONS = 1.3489795003921634;
/** Chi-square is not to be trusted on categories of which fewer rows are expected; they are pooled. W. G. Cochran, 1954. */
const LEAST_EXPECTED = 5;
/** Share that stands for an empty bin where a logarithm would be infinite. */
const EMPTY_BIN = 0.0001;

/** Thresholds of methods that a person asks for: of the statistic, or of the p-value where there is one. */
const thresholds: Readonly<Record<string, number>> = {
  'domain-classifier': AREA,
  energy: 0.1,
  hellinger: 0.1,
  'jensen-shannon': DISTANCE,
  'jensen-shannon-divergence': DISTANCE ** 2,
  'kl-divergence': 0.1,
  'l-infinity': 0.1,
  psi: 0.2,
  'quantile-sketch': 0.1,
  'total-variation': 0.1,
  wasserstein: EFFECT,
  'wasserstein-normalized': EFFECT,
};

/**
 * Plumbline's own: a column has drifted when it moved by enough to matter AND by more than chance would. With many rows
 * everything is significant, with few anything looks large; each alone is a false alarm.
 *
 * Numbers: Wasserstein distance in the column's unit, of which EFFECT reference spreads matter (the spread is the
 * interquartile range in terms of a normal standard deviation; the standard deviation where half of the values are one),
 * with the p-value of Kolmogorov–Smirnov. Categories: Jensen–Shannon distance in base 2 with the p-value of chi-square.
 * p-values are adjusted by Benjamini–Hochberg over the columns, and over those of all segments and windows.
 */
export const plumbline: Profile = {
  id: 'plumbline',
  names: ['plumbline'],
  methods: [...metrics, ...textMetrics].map(({ id }) => id),
  tableMethods: tableMetrics.map(({ id }) => id),
  thresholds: Object.fromEntries([...metrics, ...textMetrics].map(({ id }) => [id, thresholds[id] ?? LEVEL])),
  share: 0.5,
  readsRows: (pair, _type, asked) => pair.storage === 'text' && textMetrics.some(({ id }) => id === asked?.method),
  typeOf,
  measure(pair, type, asked) {
    const text = textMetrics.find(({ id }) => id === asked?.method);
    const obstacle = obstacleOf(pair, text ? 'categorical' : type);
    if (obstacle) return notJudged(obstacle);
    if (text) return byText(pair, text, asked?.threshold);
    if (asked) return byMethod(pair, type, asked);
    const values = type === 'numerical' ? valuesOf(pair) : undefined;
    return values ? byWasserstein(values, undefined) : byJensenShannon(pair, undefined);
  },
  weighsSlices: true,
  decide,
};

function typeOf(pair: ColumnPair): ColumnType {
  const { storage, reference, current } = pair;
  if (storage === 'integer') return distinctOver(pair) <= FEW_INTEGERS ? 'categorical' : 'numerical';
  const single = [reference, current].some(({ distinct, size }) => distinct > LEAST_VALUES && distinct > size * PROSE);
  return storage === 'text' && single ? 'text' : typeOfStorage[storage];
}

function obstacleOf(pair: ColumnPair, type: ColumnType): string | undefined {
  const { storage, asked } = pair;
  if (storage === 'other') return 'Nested and binary columns are not compared.';
  if (type === 'datetime') return 'Dates and times move on by themselves, so they are shown and not judged.';
  for (const [name, { size, rows }] of namedSides(pair)) {
    if (rows === 0) return `The ${name} side has no rows.`;
    if (size === 0 && asked === 'numerical') return `The ${name} side has no value that is a number.`;
    if (size === 0) return `The ${name} side has no values: all ${rows} rows are empty.`;
    if (size < LEAST_VALUES)
      return `The ${name} side has only ${size} values, too few to tell drift from chance; ${LEAST_VALUES} are needed.`;
  }
  if (asked === 'text') return 'Text is shown and not judged.';
  if (type === 'text')
    return 'Most values occur once, like names or prose, so their shares say nothing; methods for text, such as domain-classifier, do.';
  return undefined;
}

/** The p-value decides where there is one; of the classifier, its area. */
function byText(pair: ColumnPair, metric: TextMetric, asked: number | undefined): Measured {
  if (valuesOf(pair)) return notJudged(`${metric.title} is for text, and this column holds numbers.`);
  const [reference, current] = [rowsOf(pair.reference), rowsOf(pair.current)];
  const measurement = metric.measure(reference, current, {});
  if (isRefusal(measurement)) return notJudged(measurement.refusal);
  const { statistic, pValue, parameters } = measurement;
  const threshold = asked ?? (pValue === undefined ? Math.max(AREA, Number(parameters?.randomArea)) : LEVEL);
  return {
    type: 'text',
    method: metric.id,
    statistic,
    pValue,
    threshold,
    drifted: pValue === undefined ? statistic > threshold : pValue <= threshold,
    decidedBy: pValue === undefined ? 'statistic' : 'pValue',
    parameters: {
      ...parameters,
      ...samplesTaken([reference.length, current.length], [pair.reference.size, pair.current.size]),
    },
  };
}

function byMethod(pair: ColumnPair, type: ColumnType, asked: Asked): Measured {
  const metric = metrics.find(({ id }) => id === asked.method);
  if (!metric) return notJudged(`There is no method ${asked.method}.`);
  const values = valuesOf(pair);
  if (metric.needs === 'values' && !values)
    return notJudged(`${metric.title} is for numbers, and this column holds categories.`);
  if (metric === wasserstein && values) return { ...as(type, 'numerical'), ...byWasserstein(values, asked.threshold) };
  if (metric === jensenShannon && type !== 'numerical') return byJensenShannon(pair, asked.threshold);
  if (metric.needs === 'counts' && type === 'numerical')
    return notJudged(`${metric.title} is for categories. Say that it is one with --type ${pair.name}=categorical.`);
  return { ...as(type, metric.needs === 'values' ? 'numerical' : type), ...single(pair, type, metric, asked) };
}

const as = (type: ColumnType, measuredAs: ColumnType): Partial<Measured> =>
  type === measuredAs ? {} : { type: measuredAs };

/** One figure and one line: the p-value decides where the method gives one. */
function single(pair: ColumnPair, type: ColumnType, metric: Metric, asked: Asked): Measured {
  const { measurement, parameters } = figure(pair, type, metric);
  if (isRefusal(measurement)) return notJudged(measurement.refusal);
  const threshold = asked.threshold ?? thresholds[metric.id] ?? LEVEL;
  const { statistic, pValue } = measurement;
  const own = { ...parameters, ...measurement.parameters };
  const decidedBy = pValue === undefined ? 'statistic' : 'pValue';
  const drifted = pValue === undefined ? statistic >= threshold : pValue <= threshold;
  return { method: metric.id, statistic, pValue, threshold, drifted, decidedBy, parameters: own };
}

function figure(
  pair: ColumnPair,
  type: ColumnType,
  metric: Metric,
): { readonly measurement: Measurement; readonly parameters: Measured['parameters'] } {
  const values = valuesOf(pair);
  if (metric.needs === 'values' && values) return { measurement: metric.measure(...values, {}), parameters: {} };
  if (metric.needs === 'shares' && values && type === 'numerical') {
    const edges = doaneEdges(pooled(...values), pair.storage === 'integer');
    const [reference, current] = values.map((side) => filled(sharesOf(countsIn(side, edges)), metric));
    const measurement = metric.measure(reference ?? new Float64Array(), current ?? new Float64Array(), { base: 2 });
    return { measurement, parameters: { base: 2, bins: edges.length - 1, binning: 'doane over both sides' } };
  }
  const { labels, reference, current } = alignedOf(pair);
  if (metric.needs === 'counts')
    return { measurement: metric.measure(reference, current, {}), parameters: { categories: labels.length } };
  const shares = [reference, current].map((side) => filled(sharesOf(side), metric));
  const measurement = metric.measure(shares[0] ?? reference, shares[1] ?? current, { base: 2 });
  return { measurement, parameters: { base: 2, categories: labels.length } };
}

/** Of the shares that a logarithm is taken of; the other metrics know what an empty bin is. */
const filled = (shares: Float64Array, { id }: Metric): Float64Array =>
  id === 'psi' || id === 'kl-divergence' ? shares.map((share) => share || EMPTY_BIN) : shares;

function byWasserstein(
  [reference, current]: readonly [Float64Array, Float64Array],
  asked: number | undefined,
): Measured {
  const distance = wasserstein.measure(reference, current, {});
  const chance = ks.measure(reference, current, {});
  if (isRefusal(distance)) return notJudged(distance.refusal);
  const quartiles = interquartileRange(reference) / IQR_DEVIATIONS;
  const normaliser = quartiles > 0 ? quartiles : deviation(reference);
  const limit = asked ?? EFFECT;
  return {
    method: wasserstein.id,
    statistic: distance.statistic,
    pValue: isRefusal(chance) ? undefined : chance.pValue,
    threshold: limit * normaliser,
    drifted: distance.statistic > 0 && distance.statistic >= limit * normaliser,
    decidedBy: 'statistic',
    parameters: {
      normaliser,
      normalisedBy:
        quartiles > 0 ? 'interquartile range of the reference / 1.349' : 'standard deviation of the reference',
      ...(normaliser > 0 ? { effect: distance.statistic / normaliser } : {}),
      effectThreshold: limit,
      test: ks.id,
    },
  };
}

function byJensenShannon(pair: ColumnPair, asked: number | undefined): Measured {
  const { labels, reference, current } = alignedOf(pair);
  const distance = jensenShannon.measure(sharesOf(reference), sharesOf(current), { base: 2 });
  if (isRefusal(distance)) return notJudged(distance.refusal);
  const noise = samplingNoise(labels.length, total(reference), total(current));
  const threshold = asked ?? Math.sqrt(DISTANCE ** 2 + noise);
  const kept = withoutRare(reference, current);
  const chance = chiSquare.measure(...kept, { expected: 'pooled' });
  return {
    method: jensenShannon.id,
    statistic: distance.statistic,
    pValue: isRefusal(chance) ? undefined : chance.pValue,
    threshold,
    drifted: distance.statistic >= threshold,
    decidedBy: 'statistic',
    parameters: {
      base: 2,
      categories: labels.length,
      samplingNoise: noise,
      testedCategories: kept[0].length,
      test: chiSquare.id,
    },
  };
}

/**
 * Divergence in bits that two samples of the same categories show on average: an eighth of the chi-square that they would.
 * With thousands of categories it alone is larger than the limit.
 */
const samplingNoise = (categories: number, n: number, m: number): number =>
  ((categories - 1) * (1 / n + 1 / m)) / (8 * Math.LN2);

/** Categories of which too few rows are expected on the smaller side, as one. */
function withoutRare(reference: Float64Array, current: Float64Array): readonly [Float64Array, Float64Array] {
  const [n, m] = [total(reference), total(current)];
  const least = (LEAST_EXPECTED * (n + m)) / Math.min(n, m);
  const kept: [number[], number[]] = [[], []];
  const rare: [number, number] = [0, 0];
  reference.forEach((count, category) => {
    const other = current[category] ?? 0;
    if (count + other >= least) {
      kept[0].push(count);
      kept[1].push(other);
    } else {
      rare[0] += count;
      rare[1] += other;
    }
  });
  if (rare[0] + rare[1] > 0) {
    kept[0].push(rare[0]);
    kept[1].push(rare[1]);
  }
  return [Float64Array.from(kept[0]), Float64Array.from(kept[1])];
}

/** Effects that chance would give as well are none; the p-values are told adjusted beside the plain ones. */
function decide(measured: readonly Measured[]): readonly Measured[] {
  const tested = measured.filter(hasTest);
  const adjusted = benjaminiHochberg(tested.map(({ pValue }) => pValue ?? 1));
  const places = new Map(tested.map((column, place) => [column, place]));
  return measured.map((column) => {
    const p = adjusted[places.get(column) ?? -1];
    if (p === undefined) return column;
    const parameters = { ...column.parameters, adjustedPValue: p, level: LEVEL };
    const significant = p <= LEVEL;
    if (column.drifted && !significant)
      return {
        ...column,
        drifted: false,
        parameters,
        reason: 'It moved by enough to matter, but so few values often do by chance.',
      };
    if (!column.drifted && significant)
      return { ...column, parameters, reason: 'It did move, but by too little to matter.' };
    return { ...column, parameters };
  });
}

const hasTest = ({ parameters, pValue }: Measured): boolean => parameters.test !== undefined && pValue !== undefined;
