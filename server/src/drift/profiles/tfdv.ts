import type { ColumnType } from '../../protocol';
import { textsIn } from '../chunks';
import { alignedCounts, alignedOf, type ColumnPair, type Side, typeOfStorage } from '../column';
import { isRefusal } from '../metric';
import { jensenShannon } from '../metrics/jensen-shannon';
import { lInfinity } from '../metrics/l-infinity';
import { sharesOf, total } from '../numerics/shares';
import { type Asked, anyColumn, type Measured, notJudged, type Profile } from '../profile';
import { alignedHistograms, approximateHistogram, type Bucket } from '../sketches/approximate-histogram';
import { rankHistogram, SKETCHED_VALUES, sketched } from '../sketches/frequent-values';

/** TFDV has no threshold but the one in a comparator; Vertex AI, which computes the same figures, takes this one. */
const THRESHOLD = 0.3;
const METHODS = ['jensen-shannon', 'l-infinity'];

/**
 * TensorFlow Data Validation's drift and skew measures, as `validate_statistics` computes them from statistics that
 * `generate_statistics_from_dataframe` made: L-infinity for text, dates and times, and the Jensen–Shannon divergence (not
 * its root) in base 2 for numbers and booleans, named `jensen-shannon` here as there. It is approximate there too: each
 * side's ten equal buckets are filled from a thousand quantiles of a sketch, and both histograms cut at all edges. The sketch
 * looks at rows in their order; so does that of text with more than 1,024 values, of which the 1,000 most frequent count.
 * A pipeline on many workers merges sketches in an order that nobody knows: beyond 5,701 distinct numbers its figures
 * differ in the third digit, and its text is counted exactly.
 *
 * A column drifts strictly above its threshold. TFDV takes it from the schema's comparator and judges nothing without one;
 * `--method amount=jensen-shannon:0.05` says it here, else it is 0.3, Vertex AI's. A dataset drifts when any column does.
 *
 * Nulls and NaN are missing, as in a data frame, and take no part. Infinities are buckets of their own which never match
 * those of the other side.
 */
export const tfdv: Profile = tfdvUnder('tfdv@1.16', ['tfdv', 'tfdv@1.16']);

/** A profile of the same figures, for a system that computes them with TFDV. */
export function tfdvUnder(id: string, names: readonly string[]): Profile {
  return {
    id,
    names,
    methods: METHODS,
    thresholds: Object.fromEntries(METHODS.map((method) => [method, THRESHOLD])),
    share: 0,
    inOrder: true,
    countedUpTo: SKETCHED_VALUES,
    takesKept: (sample) => (sample.kind === 'values' ? sample.histogram !== undefined : sample.ranked === true),
    typeOf: ({ storage }) => typeOfStorage[storage],
    measure,
    dataset: anyColumn,
  };
}

function measure(pair: ColumnPair, type: ColumnType, asked: Asked | undefined): Measured {
  if (pair.storage === 'other') return notJudged('TFDV measures no drift of nested or binary columns here.');
  const asNumbers = type === 'numerical' || (type === 'boolean' && pair.asked === undefined);
  const method = asked?.method ?? (asNumbers ? 'jensen-shannon' : 'l-infinity');
  const isCounted = [pair.reference, pair.current].every(
    ({ sample }) => sample.kind === 'values' || sample.complete || sample.ranked || sample.inOrder,
  );
  if (!asNumbers && !isCounted) return notJudged('It has too many values to be counted without its rows.');
  if (method === 'l-infinity' && asNumbers)
    return notJudged(`TFDV's l-infinity is for text. Say that it is one with --type ${pair.name}=categorical.`);
  if (!asNumbers && pair.reference.sample.kind === 'values' && pair.reference.sample.histogram)
    return notJudged('The reference keeps a histogram of this column, and no counts of its values.');
  const { sides, parameters } = asNumbers ? byHistogram(pair) : byValue(pair);
  const empty = sides.findIndex((counts) => total(counts) === 0);
  if (empty >= 0) return notJudged(`The ${empty === 0 ? 'reference' : 'current'} side has no values.`);
  const [p, q] = [sharesOf(sides[0]), sharesOf(sides[1])];
  const measurement = method === 'l-infinity' ? lInfinity.measure(p, q, {}) : jensenShannon.measure(p, q, { base: 2 });
  if (isRefusal(measurement)) return notJudged(measurement.refusal);
  const isRoot = method === 'jensen-shannon';
  const statistic = isRoot ? Math.min(1, measurement.statistic ** 2) : measurement.statistic;
  const threshold = asked?.threshold ?? THRESHOLD;
  return {
    method,
    statistic,
    threshold,
    drifted: statistic > threshold,
    decidedBy: 'statistic',
    parameters: {
      ...(isRoot ? { form: 'divergence', base: 2 } : {}),
      ...parameters,
      ...(asked?.threshold === undefined ? { thresholdFrom: "Vertex AI's default" } : {}),
    },
  };
}

interface Counted {
  readonly sides: readonly [Float64Array, Float64Array];
  readonly parameters: Measured['parameters'];
}

function byHistogram(pair: ColumnPair): Counted {
  const [before, after] = [histogramOf(pair.reference), histogramOf(pair.current)];
  const sides = alignedHistograms(before, after);
  return {
    sides,
    parameters: { bins: sides[0].length, binning: 'ten equal buckets a side, cut at the edges of both' },
  };
}

const histogramOf = (side: Side): readonly Bucket[] =>
  (side.sample.kind === 'values' ? side.sample.histogram : undefined) ?? approximateHistogram(numbersOf(side));

/** In their order where that matters; false and true are 0 and 1. */
function numbersOf({ sample }: Side): Float64Array {
  if (sample.kind === 'values') return sample.inOrder ?? sample.sorted;
  const zeros = sample.counts.get('false') ?? 0;
  return new Float64Array(zeros + (sample.counts.get('true') ?? 0)).fill(1, zeros);
}

function byValue(pair: ColumnPair): Counted {
  const { labels, reference, current } = alignedCounts(...countsOf(pair));
  return { sides: [reference, current], parameters: { categories: labels.length } };
}

function countsOf(pair: ColumnPair): readonly [Counts, Counts] {
  const { labels, reference, current } = alignedOf(pair);
  const [before, after] = [
    { side: pair.reference, counts: reference },
    { side: pair.current, counts: current },
  ].map(({ side, counts }) => {
    const rows = side.distinct > SKETCHED_VALUES ? textsOf(side) : undefined;
    const known = (): Counts => new Map(labels.flatMap((label, at) => (counts[at] ? [[label, counts[at]]] : [])));
    return rankHistogram(rows ? sketched(rows) : known());
  });
  return [before ?? new Map(), after ?? new Map()];
}

type Counts = ReadonlyMap<string, number>;

/** Undefined when the order of the rows is not known; their counts are then exact, as a pipeline's on workers are. */
function textsOf({ sample }: Side): readonly (string | null)[] | undefined {
  if (sample.kind === 'categories') return sample.inOrder;
  return sample.inOrder && textsIn(sample.inOrder);
}
