import { Unreadable } from '../../world';
import type { Side, Storage } from '../column';
import type { Reference, SavedColumn } from '../reference';
import type { Bucket } from '../sketches/approximate-histogram';
import { spread } from '../sketches/spread';

/**
 * A snapshot of Evidently that compared two datasets, of which it keeps the reference's distributions: of 0.4 to 0.6
 * (`Report.save`) in its results, of 0.7 (`Snapshot.dumps`, a workspace's files) in the pictures of its value drift. Of
 * categories that is every value with its count; of numbers a histogram, unless they are few whole ones. Gaps are not kept:
 * a column has as many as it has rows fewer than the fullest one.
 */
export const evidentlySnapshot: Reference = {
  id: 'evidently-snapshot',
  read({ json }, path) {
    const content = recordOf(json);
    const drifts = driftsIn(content);
    if (!drifts) {
      if (!isReport(content)) return undefined;
      throw new Unreadable(
        `${path} is a report of Evidently that keeps figures and no distributions. Save the snapshot: Report.save of Evidently up to 0.6, Snapshot.dumps of 0.7.`,
        path,
      );
    }
    const found = drifts.filter(({ column }) => column !== '');
    if (found.length === 0)
      throw new Unreadable(
        `${path} is a snapshot of Evidently without the drift of any column, so it keeps no distributions of a reference. Save one of DataDriftPreset.`,
        path,
      );
    const rows = Math.max(0, ...found.map(({ points }) => totalOf(points)));
    return { title: "Evidently's snapshot", rows, columns: found.map((drift) => columnOf(drift, rows)) };
  },
};

type Json = Readonly<Record<string, unknown>>;

/** What a snapshot keeps of one column: values or edges in x, counts in y; no points where it keeps none. */
interface Drift {
  readonly column: string;
  readonly points: Points | undefined;
}

interface Points {
  readonly x: readonly unknown[];
  readonly y: readonly number[];
}

const recordOf = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.map(recordOf) : []);

/** Undefined for what is no snapshot. */
function driftsIn({ suite, metric_results: results, report }: Json): readonly Drift[] | undefined {
  const legacy = recordOf(suite).metric_results;
  if (Array.isArray(legacy)) return unique(listOf(legacy).flatMap(legacyDrifts));
  if (typeof report !== 'object' || typeof results !== 'object' || results === null) return undefined;
  return unique(Object.values(results).map(recordOf).flatMap(valueDrift));
}

/** A column that several metrics are about stands in each of them. */
const unique = (drifts: readonly Drift[]): readonly Drift[] => [
  ...new Map(
    drifts
      .toSorted((a, b) => Number(b.points === undefined) - Number(a.points === undefined))
      .map((d) => [d.column, d]),
  ).values(),
];

/** Of all columns (DataDriftTable), or of one (ColumnDriftMetric). */
function legacyDrifts(result: Json): readonly Drift[] {
  const columns = result.drift_by_columns ? Object.values(recordOf(result.drift_by_columns)).map(recordOf) : [result];
  return columns
    .filter(({ column_name, drift_score }) => typeof column_name === 'string' && drift_score !== undefined)
    .map(({ column_name, reference }) => ({
      column: String(column_name),
      points: pointsOf(recordOf(recordOf(reference).distribution)),
    }));
}

function valueDrift({ metric_value_location: location, widget }: Json): readonly Drift[] {
  const { type, column } = recordOf(recordOf(recordOf(location).metric).params);
  if (type !== 'evidently:metric_v2:ValueDrift' || typeof column !== 'string') return [];
  const graphs = listOf(widget)
    .flatMap(({ tabs }) => listOf(tabs))
    .map((tab) => recordOf(tab.widget));
  const traces = graphs.flatMap(({ params }) => listOf(recordOf(params).data));
  // The same bars stand there twice, the second time as percentages which nobody sees at first.
  const bars = traces.find(
    ({ name, type: kind, visible }) => name === 'reference' && kind === 'bar' && visible === true,
  );
  return [{ column, points: bars && pointsOf(bars) }];
}

function pointsOf({ x, y }: Json): Points | undefined {
  if (!Array.isArray(x) || !Array.isArray(y) || !y.every((count) => Number.isInteger(count) && count >= 0))
    return undefined;
  return x.length === y.length || x.length === y.length + 1 ? { x, y } : undefined;
}

/** The figures of a report, as `Report.json` and `Snapshot.json` write them. */
function isReport({ metrics, tests, version }: Json): boolean {
  const [first] = listOf(metrics);
  if (!first) return false;
  const legacy = typeof version === 'string' && typeof first.metric === 'string' && 'result' in first;
  return legacy || (Array.isArray(tests) && typeof first.metric_name === 'string' && 'config' in first);
}

const totalOf = (points: Points | undefined): number => points?.y.reduce((sum, count) => sum + count, 0) ?? 0;

function columnOf({ column: name, points }: Drift, rows: number): SavedColumn {
  const storage = storageOf(points);
  const side = points && sideOf(points, storage, rows);
  const { nulls = 0, distinct = 0 } = side ?? {};
  const described = {
    name,
    physicalType: words[storage] ?? 'text',
    storage,
    nulls,
    nan: 0,
    categories: distinct,
    distinct,
  };
  return { ...described, side };
}

const words: Readonly<Partial<Record<Storage, string>>> = {
  integer: 'numbers',
  fractional: 'numbers',
  boolean: 'booleans',
};

function storageOf(points: Points | undefined): Storage {
  const { x = [], y = [] } = points ?? {};
  if (x.length > 0 && x.every((value) => typeof value === 'boolean')) return 'boolean';
  if (x.length === 0 || !x.every((value) => typeof value === 'number')) return 'text';
  // Edges tell nothing of the values between them.
  return x.length === y.length && x.every(Number.isInteger) ? 'integer' : 'fractional';
}

function sideOf({ x, y }: Points, storage: Storage, rows: number): Side {
  const size = totalOf({ x, y });
  const side = { rows, nulls: rows - size, nan: 0, infinite: 0, size };
  if (storage !== 'integer' && storage !== 'fractional') {
    const counts = new Map(x.map((value, i) => [String(value), y[i] ?? 0]));
    return { ...side, distinct: counts.size, sample: { kind: 'categories', counts, complete: true } };
  }
  const { sorted, rankError } = spread({
    histograms: [bucketsOf(x.map(Number), y)],
    size,
    isWhole: storage === 'integer',
  });
  // Edges are those of both sides together.
  const sample = { kind: 'values', sorted, ...(rankError > 0 ? { rankError, openEnds: true } : {}) } as const;
  return { ...side, distinct: x.length === y.length ? x.length : new Set(sorted).size, sample };
}

/** Values are buckets without width. */
const bucketsOf = (x: readonly number[], y: readonly number[]): readonly Bucket[] =>
  y
    .map((count, i) => ({ low: x[i] ?? 0, high: x[x.length === y.length ? i : i + 1] ?? 0, count }))
    .sort((a, b) => a.low - b.low);
