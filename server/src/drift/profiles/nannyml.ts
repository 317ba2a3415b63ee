import type { ColumnType } from '../../protocol';
import { chunksOf, numbersIn, type Rows, sizeOf, textsIn, type Values, valuesIn } from '../chunks';
import { alignedCounts, type ColumnPair, type Side, typeOfStorage } from '../column';
import { isRefusal, type Measurement } from '../metric';
import { chiSquare } from '../metrics/chi-square';
import { hellinger } from '../metrics/hellinger';
import { jensenShannon } from '../metrics/jensen-shannon';
import { ks } from '../metrics/ks';
import { lInfinity } from '../metrics/l-infinity';
import { wasserstein } from '../metrics/wasserstein';
import { countsAmong, countsIn, doaneEdges, equalEdges } from '../numerics/bins';
import { deviation, mean } from '../numerics/moments';
import { sharesOf, total } from '../numerics/shares';
import { type Asked, anyColumn, type Measured, notJudged, type Profile } from '../profile';
import { pcaReconstruction } from '../table-metrics/pca-reconstruction';

/** `DefaultChunker.DEFAULT_CHUNK_COUNT`; what does not divide evenly is a chunk more. */
const CHUNKS = 10;
/** `std_upper_multiplier` of StandardDeviationThreshold. */
const DEVIATIONS = 3;
/** From so many reference values on, KS and Wasserstein look at as many equal bins instead. `calculation_method` auto. */
const EXACT_ROWS = 10_000;
const BINS = 10_000;
/** Chi-square alone is judged by its p-value. `Chi2Statistic.alert`. */
const LEVEL = 0.05;

interface Figure {
  readonly statistic: number;
  readonly pValue?: number;
}

/** A method that has seen the reference, or why it cannot. Numbers are ascending. */
type Fitted =
  | { readonly figure: (chunk: Values) => Figure; readonly parameters: Measured['parameters'] }
  | { readonly refusal: string };

interface Method {
  readonly numbers?: (reference: Float64Array) => Fitted;
  readonly categories?: (reference: ReadonlyMap<string, number>) => Fitted;
  /** A threshold that is as high is put here. `upper_threshold_limit`. */
  readonly most?: number;
}

/** `drift/univariate/methods.py` of 0.13.1. */
const methods: Readonly<Record<string, Method>> = {
  'chi-square': { categories: fitChiSquare },
  hellinger: {
    numbers: (reference) => fitBins(reference, hellinger.measure),
    categories: (reference) => fitShares(reference, hellinger.measure),
  },
  'jensen-shannon': {
    numbers: (reference) => fitBins(reference, jensenShannon.measure),
    categories: (reference) => fitShares(reference, jensenShannon.measure),
  },
  ks: { numbers: fitKolmogorov, most: 1 },
  'l-infinity': { categories: fitLargestShare },
  wasserstein: { numbers: fitWasserstein },
};

/**
 * NannyML's UnivariateDriftCalculator with its defaults: Jensen–Shannon distance in base 2 for every column; numbers in
 * the reference's bins by Doane's rule and one more for what lies outside, text and booleans by the reference's values
 * and one more for new ones. Hellinger, Kolmogorov–Smirnov, Wasserstein, chi-square and L-infinity by name.
 *
 * NannyML judges chunks of rows in their order. The threshold here is its own: mean plus three standard deviations (n)
 * of the figures of the reference's chunks, a tenth of the rows each, against the whole reference. The row of a column is
 * the whole current side as one chunk, which drifts when it is strictly above the threshold; how many of its tenths are,
 * and which is farthest, stands in the parameters, and in the reason where a tenth drifts and the whole does not. With
 * fewer than ten rows in the reference NannyML cuts no chunks, and nothing is judged. Chi-square has no such threshold: it
 * drifts at p < 0.05. A dataset, of which NannyML says nothing, drifts when any column does.
 *
 * Missing values and NaN are left out; infinities are not, so that binned methods refuse them as NumPy does. Dates and
 * times are left out.
 */
export const nannyml: Profile = {
  id: 'nannyml@0.13',
  names: ['nannyml', 'nannyml@0.13'],
  methods: Object.keys(methods),
  tableMethods: [pcaReconstruction.id],
  thresholds: { 'chi-square': LEVEL },
  share: 0,
  inOrder: true,
  typeOf: ({ storage }) => typeOfStorage[storage],
  measure,
  dataset: anyColumn,
};

function measure(pair: ColumnPair, type: ColumnType, asked: Asked | undefined): Measured {
  if (pair.storage === 'other') return notJudged('NannyML compares no nested or binary columns.');
  if (type === 'datetime') return notJudged('NannyML leaves dates and times out.');
  const id = asked?.method ?? 'jensen-shannon';
  const [reference, current] = [known(pair.reference, type), known(pair.current, type)];
  if (!reference || !current) return notJudged('It has too many categories to be counted without its rows.');
  if (sizeOf(reference.values) === 0) return notJudged('The reference side has no values.');
  if (sizeOf(current.values) === 0) return notJudged('The current side has no values.');
  const found = chunked(id, { reference, current });
  return 'refusal' in found ? notJudged(found.refusal) : judged(id, found, asked?.threshold);
}

/** One side of a column: its values, numbers ascending, and its rows in their order where these are known. */
interface Known {
  readonly values: Values;
  readonly rows?: Rows;
}

/** Numbers that are asked to be categories are their text. Undefined when not all categories were counted. */
function known({ sample, infinite }: Side, type: ColumnType): Known | undefined {
  if (sample.kind === 'categories') {
    if (sample.complete) return { values: sample.counts, rows: sample.inOrder };
    return sample.inOrder && { values: valuesIn(sample.inOrder), rows: sample.inOrder };
  }
  if (type !== 'numerical') {
    const rows = textsIn(sample.inOrder ?? sample.sorted);
    return { values: valuesIn(rows), rows: sample.inOrder && rows };
  }
  return {
    values: infinite > 0 && sample.inOrder ? numbersIn(sample.inOrder).sort() : sample.sorted,
    rows: sample.inOrder,
  };
}

/** What a method says of the whole current side and of its chunks. */
interface Chunked {
  readonly whole: Figure;
  readonly chunks: readonly (Figure & { readonly key: string })[];
  /** Undefined when the reference is too small to be cut, and for chi-square, which is judged by its p-value. */
  readonly threshold: number | undefined;
  readonly parameters: Measured['parameters'];
}

/** @param size Rows of a chunk; a tenth of each side when left out. */
export function chunked(
  id: string,
  { reference, current }: { readonly reference: Known; readonly current: Known },
  size?: number,
): Chunked | { readonly refusal: string } {
  const fitted = learned(id, reference.values);
  if ('refusal' in fitted) return fitted;
  const figuresOf = ({ rows = [] }: Known) =>
    chunksOf(rows, size ?? Math.floor(rows.length / CHUNKS))
      .filter(({ values }) => sizeOf(values) > 0)
      .map(({ key, values }) => ({ key, ...fitted.figure(values) }));
  const whole = fitted.figure(current.values);
  return {
    whole,
    chunks: figuresOf(current),
    threshold: whole.pValue === undefined ? thresholdOf(figuresOf(reference), methods[id]?.most) : undefined,
    parameters: fitted.parameters,
  };
}

function learned(id: string, reference: Values): Fitted {
  const { numbers, categories } = methods[id] ?? {};
  const fitted = reference instanceof Float64Array ? numbers?.(reference) : categories?.(reference);
  const other = numbers ? 'numbers, and this column holds categories' : 'categories, and this column holds numbers';
  return fitted ?? { refusal: `NannyML's ${id} is for ${other}.` };
}

function thresholdOf(figures: readonly Figure[], most = Number.POSITIVE_INFINITY): number | undefined {
  const kept = Float64Array.from(figures.map(({ statistic }) => statistic)).filter((value) => !Number.isNaN(value));
  return kept.length > 0 ? Math.min(most, mean(kept) + DEVIATIONS * deviation(kept)) : undefined;
}

function judged(
  id: string,
  { whole, chunks, threshold: own, parameters }: Chunked,
  asked: number | undefined,
): Measured {
  const decidedBy = whole.pValue === undefined ? 'statistic' : 'pValue';
  const threshold = asked ?? (decidedBy === 'pValue' ? LEVEL : own);
  const measured = { method: id, ...whole, parameters };
  if (Number.isNaN(whole.statistic)) return { ...measured, reason: 'Its infinities leave the distance undefined.' };
  if (threshold === undefined)
    return {
      ...measured,
      reason:
        'NannyML takes its threshold from ten chunks of the reference, which needs ten rows whose order is known.',
    };
  const isAlert = ({ statistic, pValue }: Figure): boolean =>
    pValue === undefined ? statistic > threshold : pValue < threshold;
  const [first, ...others] = chunks;
  const farthest = others.reduce((most, chunk) => (chunk.statistic > (most?.statistic ?? 0) ? chunk : most), first);
  const alerts = chunks.filter(isAlert).length;
  const drifted = isAlert(whole);
  const part = `As a whole it has not drifted, but ${alerts} of its ${chunks.length} chunks have, rows ${farthest?.key.replace(':', ' to ')} the most.`;
  return {
    ...measured,
    threshold,
    drifted,
    decidedBy,
    ...(alerts > 0 && !drifted ? { reason: part } : {}),
    parameters: {
      ...parameters,
      ...(threshold === own ? { thresholdFrom: 'mean + 3 standard deviations over chunks of the reference' } : {}),
      chunks: chunks.length,
      alerts,
      ...(farthest ? { farthestChunk: farthest.key, farthest: farthest.statistic } : {}),
    },
  };
}

type Distance = typeof jensenShannon.measure;

const UNBINNABLE = { refusal: 'NannyML bins the range of the reference, which is not finite: it has infinities.' };

const isBinnable = (sorted: Float64Array): boolean => Number.isFinite(sorted[0]) && Number.isFinite(sorted.at(-1));

function fitBins(reference: Float64Array, measure: Distance): Fitted {
  if (!isBinnable(reference)) return UNBINNABLE;
  const edges = doaneEdges(reference, false);
  const counts = countsIn(reference, edges);
  const figure = numeric((chunk) => againstBins(counts, countsAmong(chunk, edges), chunk.length, measure));
  return {
    figure,
    parameters: {
      base: 2,
      bins: edges.length - 1,
      binning: 'doane over the reference, and one bin for what lies outside',
    },
  };
}

function fitShares(reference: ReadonlyMap<string, number>, measure: Distance): Fitted {
  const labels = [...reference.keys()];
  const counts = Float64Array.from(reference.values());
  const figure = textual((chunk) => {
    const found = Float64Array.from(labels, (label) => chunk.get(label) ?? 0);
    return againstBins(counts, found, sizeOf(chunk), measure);
  });
  return {
    figure,
    parameters: { base: 2, categories: labels.length, binning: 'values of the reference, and one bin for new ones' },
  };
}

/** Shares per bin, with one more for what the current side has outside of all. */
function againstBins(reference: Float64Array, current: Float64Array, size: number, measure: Distance): Figure {
  const [p, q] = [new Float64Array(reference.length + 1), new Float64Array(reference.length + 1)];
  p.set(sharesOf(reference));
  q.set(current.map((count) => count / size));
  q[current.length] = (size - total(current)) / size;
  return figureOf(measure(p, q, { base: 2 }));
}

/** The p-value of `ks_2samp` is thrown away there; here it is not computed exactly in the first place. */
function fitKolmogorov(reference: Float64Array): Fitted {
  if (reference.length < EXACT_ROWS || reference[0] === reference.at(-1))
    return {
      figure: numeric((chunk) => ({
        statistic: figureOf(ks.measure(reference, chunk.slice().sort(), { tail: 'asymptotic' })).statistic,
      })),
      parameters: {},
    };
  if (!isBinnable(reference)) return UNBINNABLE;
  const edges = equalEdges(reference[0] ?? 0, reference.at(-1) ?? 0, BINS);
  const known = cumulated(sharesOf(countsIn(reference, edges)), 0);
  const figure = numeric((chunk) => {
    const below = chunk.reduce((count, value) => (value < (edges[0] ?? 0) ? count + 1 : count), 0);
    const found = cumulated(
      countsAmong(chunk, edges).map((count) => count / chunk.length),
      below / chunk.length,
    );
    return { statistic: known.reduce((most, share, bin) => Math.max(most, Math.abs(share - (found[bin] ?? 0))), 0) };
  });
  return { figure, parameters: binnedRange };
}

function fitWasserstein(reference: Float64Array): Fitted {
  if (reference.length < EXACT_ROWS)
    return { figure: numeric((chunk) => exactWasserstein(reference, chunk)), parameters: { normaliser: 1 } };
  if (!isBinnable(reference)) return UNBINNABLE;
  const edges = equalEdges(reference[0] ?? 0, reference.at(-1) ?? 0, BINS);
  const known = cumulated(sharesOf(countsIn(reference, edges)), 0);
  return {
    figure: numeric((chunk) => ({ statistic: binnedWasserstein(known, edges, chunk) })),
    parameters: { normaliser: 1, ...binnedRange },
  };
}

const binnedRange = { bins: BINS, binning: 'equal over the range of the reference' };

/** SciPy's is NaN as soon as one infinity occurs twice, since it takes the differences of all neighbours. */
function exactWasserstein(reference: Float64Array, chunk: Float64Array): Figure {
  const infinities = [reference, chunk].flatMap((side) => [...side.filter((value) => !Number.isFinite(value))]);
  if (new Set(infinities).size < infinities.length) return { statistic: Number.NaN };
  return figureOf(wasserstein.measure(reference, chunk.slice().sort(), {}));
}

/**
 * What lies outside of the reference's range moves to its ends; inside, the gap between the distribution functions times the
 * width. As there, one row more is counted as below the range when any is.
 */
function binnedWasserstein(known: Float64Array, edges: Float64Array, chunk: Float64Array): number {
  const [low, high] = [edges[0] ?? 0, edges[BINS] ?? 0];
  let [below, outside] = [0, 0];
  for (const value of chunk) {
    if (value < low) below++;
    outside += Math.max(0, low - value, value - high);
  }
  const shareBelow = below > 0 ? (below + 1) / chunk.length : 0;
  const found = cumulated(
    countsAmong(chunk, edges).map((count) => count / chunk.length),
    0,
  );
  const gaps = known.reduce((sum, share, bin) => sum + Math.abs(share - ((found[bin] ?? 0) + shareBelow)), 0);
  return gaps * ((edges[1] ?? 0) - low) + outside / chunk.length;
}

function cumulated(shares: Float64Array, start: number): Float64Array {
  let sum = 0;
  return shares.map((share) => {
    sum += share;
    return start + sum;
  });
}

function fitChiSquare(reference: ReadonlyMap<string, number>): Fitted {
  const figure = textual((chunk) => {
    const counts = alignedCounts(reference, chunk);
    return figureOf(chiSquare.measure(counts.reference, counts.current, { yates: true }));
  });
  return { figure, parameters: { yates: reference.size <= 2, categories: reference.size } };
}

function fitLargestShare(reference: ReadonlyMap<string, number>): Fitted {
  const figure = textual((chunk) => {
    const counts = alignedCounts(reference, chunk);
    return figureOf(lInfinity.measure(sharesOf(counts.reference), sharesOf(counts.current), {}));
  });
  return { figure, parameters: { categories: reference.size } };
}

const figureOf = (measurement: Measurement): Figure =>
  isRefusal(measurement) ? { statistic: Number.NaN } : { statistic: measurement.statistic, pValue: measurement.pValue };

/** A column is numbers or text on both sides. */
const numeric =
  (figure: (chunk: Float64Array) => Figure) =>
  (chunk: Values): Figure =>
    figure(chunk instanceof Float64Array ? chunk : new Float64Array());

const textual =
  (figure: (chunk: ReadonlyMap<string, number>) => Figure) =>
  (chunk: Values): Figure =>
    figure(chunk instanceof Float64Array ? new Map() : chunk);
