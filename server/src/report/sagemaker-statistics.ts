import { weightedItems } from '../drift/sketches/sketch';
import type { ProfileColumn, ProfileReport } from '../protocol';

/** `number_of_buckets` of a column's histogram. */
const BUCKETS = 10;
/** Named in each sketch: its shrinking factor and its size. */
const PARAMETERS = { c: 0.64, k: 2048 };

/**
 * A profile with sketches as the statistics.json of a Model Monitor baseline. Keys and their order are the service's; it
 * knows numbers and strings, so that booleans, dates and times are strings. The sketch of up to 2,050 values is the values
 * themselves; of more it is deequ's, of the rows in one partition.
 */
export function statisticsText({ rows, columns }: ProfileReport): string {
  const features = columns.map((column) => featureOf(column, rows));
  return `${JSON.stringify({ version: 0, dataset: { item_count: rows }, features }, jsonValue, 2)}\n`;
}

/** As deequ writes them in text; JSON has no word for NaN and the infinities. */
const jsonValue = (_key: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;

function featureOf(column: ProfileColumn, rows: number) {
  const { column: name, physicalType, nulls } = column;
  const common = { num_present: rows - nulls, num_missing: nulls };
  if (column.sketch && nulls < rows)
    return {
      name,
      inferred_type: /INT/.test(physicalType) ? 'Integral' : 'Fractional',
      numerical_statistics: { common, ...numbersOf(column) },
    };
  const inferred_type = nulls < rows ? 'String' : 'Unknown';
  return { name, inferred_type, string_statistics: { common, ...textsOf(column) } };
}

function numbersOf({ mean, min, max, sketch }: ProfileColumn) {
  const { levels = [], sum, deviation: std_dev } = sketch ?? {};
  const kll = {
    buckets: bucketsOf(levels, Number(min), Number(max)),
    sketch: { parameters: PARAMETERS, data: levels },
  };
  return { mean, sum, std_dev, min, max, distribution: { kll } };
}

/**
 * Equal in width, each from its lower bound up to the next. The last has its upper bound too, which rounding may put below
 * the largest value; deequ does not count that one then.
 */
function bucketsOf(levels: readonly (readonly number[])[], low: number, high: number) {
  const items = weightedItems({ levels, rankError: 0 });
  const bound = (i: number): number => low + ((high - low) * i) / BUCKETS;
  return Array.from({ length: BUCKETS }, (_, i) => {
    const [lower_bound, upper_bound] = [bound(i), bound(i + 1)];
    const isIn = ([value]: readonly [number, number]): boolean =>
      value >= lower_bound && (i === BUCKETS - 1 ? value <= upper_bound : value < upper_bound);
    const count = items.filter(isIn).reduce((sum, [, weight]) => sum + weight, 0);
    return { lower_bound, upper_bound, count };
  });
}

function textsOf({ distinct, kept, physicalType }: ProfileColumn) {
  // Of times beyond some thousand not each one is kept.
  if (!kept || kept.between) return { distinct_count: distinct };
  const buckets = kept.values.map((value, i) => ({ value: textOf(value, physicalType), count: kept.counts[i] ?? 0 }));
  return { distinct_count: distinct, distribution: { categorical: { buckets } } };
}

/** Times are kept as milliseconds since 1970. */
function textOf(value: number | string, physicalType: string): string {
  if (typeof value === 'string') return value;
  const iso = new Date(value).toISOString();
  return physicalType === 'DATE' ? iso.slice(0, 10) : iso.replace('T', ' ').replace(/(\.0+)?Z$/, '');
}
