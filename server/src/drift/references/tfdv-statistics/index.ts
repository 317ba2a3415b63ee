import { Unreadable } from '../../../world';
import type { Side, Storage } from '../../column';
import type { Reference, SavedColumn } from '../../reference';
import type { Bucket } from '../../sketches/approximate-histogram';
import { spread } from '../../sketches/spread';
import { type Common, type DatasetStatistics, datasetsIn, type Feature, type Numbers, type Strings } from './file';

/**
 * Statistics of TensorFlow Data Validation (`DatasetFeatureStatisticsList`) as text, as a message or as a TFRecord. Its
 * own presets compare the histograms and counts that the file keeps, as `validate_statistics` does; others get an even
 * spread of the rows between the edges that are known, and the error that this may have.
 */
export const tfdvStatistics: Reference = {
  id: 'tfdv-statistics',
  read(content, path) {
    const datasets = datasetsIn(content, path);
    if (!datasets) return undefined;
    const { features, num_examples: rows = 0 } = chosen(datasets, path);
    const columns = features.flatMap((feature) => columnOf(feature, rows));
    return { title: "TFDV's statistics", rows, columns };
  },
};

/** What TFDV calls the slice of all rows. `DEFAULT_SLICE_KEY`. */
const ALL = 'All Examples';

function chosen(datasets: readonly DatasetStatistics[], path: string): DatasetStatistics {
  const [first, ...others] = datasets;
  const all = others.length > 0 ? datasets.find(({ name }) => name === ALL) : first;
  if (all) return all;
  const what = first
    ? `keeps statistics of ${datasets.map(({ name }) => `"${name ?? ''}"`).join(', ')} and none of "${ALL}". Keep one of them`
    : 'keeps statistics of no dataset. Write it anew';
  throw new Unreadable(`${path} ${what} with tfdv.write_stats_text.`, path);
}

/** What TFDV's sketch may be off by, and the thousandth of the rows that its standard histogram is put together from. */
const SKETCH_ERROR = 0.011;

const storages: Readonly<Record<string, Storage>> = { INT: 'integer', FLOAT: 'fractional', STRING: 'text' };

/** Nothing for a structure, whose parts are features of their own. An INT is what is not written, being protobuf's zero. */
function columnOf(feature: Feature, rows: number): readonly SavedColumn[] {
  const { name, path, type = 'INT', num_stats: numbers, string_stats: strings } = feature;
  if (type === 'STRUCT') return [];
  const storage = storages[type] ?? 'other';
  const kept = numbers ? numeric(numbers, rows, storage) : strings ? textual(strings, rows) : nothing;
  const { side } = kept;
  return [
    {
      name: name ?? path?.step.join('.') ?? '',
      physicalType: type,
      storage,
      nulls: side?.nulls ?? 0,
      nan: side?.nan ?? 0,
      categories: side?.distinct ?? 0,
      distinct: side?.distinct ?? 0,
      ...kept,
    },
  ];
}

type Kept = Pick<SavedColumn, 'side' | 'lacks' | 'flags' | 'alike'>;
const nothing: Kept = { side: undefined };
const none: Common = { num_non_missing: undefined, num_missing: undefined, tot_num_values: undefined };

function rowsOf(common: Common | undefined, rows: number) {
  const { num_non_missing: present = 0, num_missing, tot_num_values } = common ?? none;
  const nulls = num_missing ?? Math.max(0, rows - present);
  return { nulls, values: tot_num_values || present };
}

function numeric(statistics: Numbers, rows: number, storage: Storage): Kept {
  const { common_stats: common, histograms, mean = 0, median = 0 } = statistics;
  const standard = histograms.find(({ type }) => type !== 'QUANTILES');
  const { nulls, values } = rowsOf(common, rows);
  if (!standard) return { side: undefined, lacks: 'no histogram of this column' };
  const histogram = standard.buckets.map(bucketOf);
  const isOpen = ({ low, high }: Bucket): boolean => low !== high && !(Number.isFinite(low) && Number.isFinite(high));
  if (histogram.some(isOpen)) return { side: undefined, lacks: 'a histogram of this column that is open at an end' };
  const nan = standard.num_nan ?? 0;
  const infinite = Math.round(total(histogram.filter(({ low }) => !Number.isFinite(low))));
  const size = Math.max(0, values - nan - infinite);
  const quantiles = histograms.find(({ type }) => type === 'QUANTILES')?.buckets.map(bucketOf) ?? [];
  const isWhole = storage === 'integer';
  const { sorted, rankError } = spread({ histograms: [histogram, quantiles], size, isWhole, edgeError: SKETCH_ERROR });
  const side: Side = {
    rows: nulls + values,
    nulls,
    nan,
    infinite,
    positiveInfinite: Math.round(total(histogram.filter(({ low }) => low === Number.POSITIVE_INFINITY))),
    size,
    distinct: Math.min(size, new Set(sorted).size),
    kept: { mean, median },
    sample: { kind: 'values', sorted, histogram, ...(rankError > 0 ? { rankError } : {}) },
  };
  return { side, ...(storage === 'integer' ? flagsOf(statistics, side) : {}) };
}

const bucketOf = ({ low_value = 0, high_value = 0, sample_count = 0 }): Bucket => ({
  low: low_value,
  high: high_value,
  count: sample_count,
});

const total = (buckets: readonly Bucket[]): number => buckets.reduce((sum, { count }) => sum + count, 0);

/** Zeros and ones may be booleans, which TFDV has no type for. */
function flagsOf({ min = 0, max = 0, num_zeros: zeros = 0 }: Numbers, side: Side): Partial<Kept> {
  if (min < 0 || max > 1) return {};
  const counts = new Map(
    [['false', zeros] as const, ['true', side.size - zeros] as const].filter(([, count]) => count > 0),
  );
  const { kept: _, ...rest } = side;
  const sample = { kind: 'categories', counts, complete: true, ranked: true } as const;
  return { alike: ['boolean'], flags: { ...rest, distinct: counts.size, sample } };
}

function textual({ common_stats, unique = 0, top_values, rank_histogram }: Strings, rows: number): Kept {
  const { nulls, values } = rowsOf(common_stats, rows);
  const ranked = rank_histogram?.buckets.map(({ label = '', sample_count = 0 }) => [label, sample_count] as const);
  const top = top_values.map(({ value = '', frequency = 0 }) => [value, frequency] as const);
  const counts = new Map(ranked ?? top);
  if (counts.size === 0 && values > 0) return nothing;
  const held = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const complete = counts.size >= unique && held >= values;
  const sample = { kind: 'categories', counts, complete, ranked: ranked !== undefined || complete } as const;
  return { side: { rows: nulls + values, nulls, nan: 0, infinite: 0, size: values, distinct: unique, sample } };
}
