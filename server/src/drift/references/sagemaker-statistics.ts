import { Unreadable } from '../../world';
import type { Side, Storage } from '../column';
import type { Reference, SavedColumn } from '../reference';
import { type Sketch, sketchOf, weightedItems, weightOf } from '../sketches/sketch';

/**
 * The statistics.json of a SageMaker Model Monitor baseline. Its sketches are compared item by item, as the service does;
 * its features know but numbers and strings.
 */
export const sagemakerStatistics: Reference = {
  id: 'sagemaker-statistics',
  read({ json: content }, path) {
    const { dataset, features } = recordOf(content);
    if (!Array.isArray(features) || !features.every(isFeature)) return undefined;
    const rows = recordOf(dataset).item_count;
    if (typeof rows !== 'number')
      throw new Unreadable(
        `${path} holds constraints of SageMaker and no distributions. Give the statistics.json beside it.`,
        path,
      );
    return { title: "SageMaker's statistics.json", rows, columns: features.map((feature) => columnOf(feature, rows)) };
  },
};

interface Feature {
  readonly name: string;
  readonly inferred_type: string;
  readonly numerical_statistics?: unknown;
  readonly string_statistics?: unknown;
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

function isFeature(value: unknown): value is Feature {
  const { name, inferred_type } = recordOf(value);
  return typeof name === 'string' && typeof inferred_type === 'string';
}

const storages: Readonly<Record<string, Storage>> = { Integral: 'integer', Fractional: 'fractional' };

function columnOf({ name, inferred_type, ...feature }: Feature, rows: number): SavedColumn {
  const statistics = recordOf(feature.numerical_statistics ?? feature.string_statistics);
  const common = recordOf(statistics.common);
  const nulls = Number(common.num_missing ?? 0);
  const storage = storages[inferred_type] ?? 'text';
  const distribution = recordOf(statistics.distribution);
  const side = storage === 'text' ? categories(distribution, rows, nulls) : numbers(distribution, rows, nulls);
  return {
    name,
    physicalType: inferred_type,
    storage,
    ...(storage === 'text' ? { alike: ['boolean'] } : {}),
    nulls,
    nan: side?.nan ?? 0,
    categories: side?.distinct ?? 0,
    distinct: side?.distinct ?? 0,
    side,
  };
}

function numbers({ kll }: Readonly<Record<string, unknown>>, rows: number, nulls: number): Side | undefined {
  const data = recordOf(recordOf(kll).sketch).data;
  if (!Array.isArray(data) || !data.every(Array.isArray)) return undefined;
  const levels = data.map((level: readonly unknown[]) => level.map(Number));
  // How often the levels were compacted follows from the number of rows, when they were in one partition.
  const rankError = levels.length > 1 ? sketchOf(counting(weightOf({ levels, rankError: 0 }))).rankError : 0;
  const sketch: Sketch = { levels, rankError };
  const items = weightedItems(sketch);
  const size = items.reduce((sum, [, weight]) => sum + weight, 0);
  const sorted = new Float64Array(size);
  let at = 0;
  for (const [value, weight] of items) {
    sorted.fill(value, at, at + weight);
    at += weight;
  }
  const finite = sorted.filter(Number.isFinite);
  const above = sorted.filter((value) => value === Number.POSITIVE_INFINITY).length;
  return {
    rows,
    nulls,
    nan: weightOf(sketch) - size,
    infinite: size - finite.length,
    positiveInfinite: above,
    size: finite.length,
    distinct: items.length,
    sample: {
      kind: 'values',
      sorted: finite,
      sketch,
      ...(rankError > 0 ? { rankError: rankError / size, openEnds: true } : {}),
    },
  };
}

function* counting(size: number): Iterable<number> {
  for (let value = 0; value < size; value++) yield value;
}

function categories({ categorical }: Readonly<Record<string, unknown>>, rows: number, nulls: number): Side | undefined {
  const { buckets } = recordOf(categorical);
  if (!Array.isArray(buckets)) return undefined;
  const counts = new Map(buckets.map(recordOf).map(({ value, count }) => [String(value), Number(count)]));
  const held = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const complete = held >= rows - nulls;
  const size = rows - nulls;
  return {
    rows,
    nulls,
    nan: 0,
    infinite: 0,
    size,
    distinct: counts.size,
    sample: { kind: 'categories', counts, complete },
  };
}
