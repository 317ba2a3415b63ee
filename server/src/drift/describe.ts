import { columnsOf, type Dataset, type Files, relationOf } from '../data/dataset';
import type { Datum } from '../protocol';
import type { Engine, Row } from '../sql/engine';
import { identifier } from '../sql/fragment';
import type { Storage } from './column';
import type { Saved } from './reference';
import type { Cut } from './slices';

/** One dataset as it is before any column is read: a single scan for all columns together. */
export interface Description {
  readonly dataset: Files;
  readonly relation: string;
  readonly rows: number;
  readonly columns: readonly DescribedColumn[];
  /** What was kept in place of the rows, which then no relation has. */
  readonly saved?: Saved;
}

/** A column as it is before its values are read. */
export interface DescribedColumn {
  readonly name: string;
  /** The engine's word for its type. */
  readonly physicalType: string;
  readonly storage: Storage;
  readonly nulls: number;
  readonly nan: number;
  /** Estimated, for text only: whether its categories fit into memory. */
  readonly categories: number;
  /** Distinct values, for integers only, when they were asked for. */
  readonly distinct?: number;
}

/** Which rows are described, and what is counted of them. */
export interface DescribeOptions {
  /** SQL that is true for the rows that are looked at; all rows when left out. */
  readonly where?: string;
  /** Distinct values of integers are counted, for profiles that tell codes from numbers by them. */
  readonly countIntegers?: boolean;
}

/** What one statement asks for: an engine takes much more than twice as long to plan one that is twice as wide. */
export const MOST_EXPRESSIONS = 1000;

const storages: readonly (readonly [RegExp, Storage])[] = [
  [/\]$|^(STRUCT|MAP|UNION|BLOB|BIT)/, 'other'],
  [/^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER)$/, 'integer'],
  [/^(FLOAT|DOUBLE|DECIMAL)/, 'fractional'],
  [/^BOOLEAN$/, 'boolean'],
  [/^(DATE|TIMESTAMP)/, 'datetime'],
  [/./, 'text'],
];

/** By the engine's word for a type. */
export const storageOf = (type: string): Storage => storages.find(([pattern]) => pattern.test(type))?.[1] ?? 'text';

/** Rejects with `Unreadable` when the data cannot be read at all. */
export async function describe(
  dataset: Dataset,
  engine: Engine,
  { where, countIntegers = false }: DescribeOptions = {},
): Promise<Description> {
  const columns = await columnsOf(dataset, engine);
  const all = relationOf(dataset);
  const relation = where === undefined ? all : `(SELECT * FROM ${all} WHERE ${where})`;
  const facts = columns.flatMap(({ name, type }, i) => [
    ...gapsOf(name, type, i),
    ...(storageOf(type) === 'text' ? [`approx_count_distinct(${identifier(name)}) AS d_${i}`] : []),
    ...(countIntegers && storageOf(type) === 'integer' ? [`count(DISTINCT ${identifier(name)}) AS d_${i}`] : []),
  ]);
  const row: Record<string, Datum> = {};
  for (let start = 0; start === 0 || start < facts.length; start += MOST_EXPRESSIONS) {
    const some = facts.slice(start, start + MOST_EXPRESSIONS);
    const [found] = await engine.rows(`SELECT ${['count(*) AS n', ...some].join(', ')} FROM ${relation}`);
    Object.assign(row, found);
  }
  const rows = Number(row.n ?? 0);
  return {
    dataset,
    relation,
    rows,
    columns: columns.map(({ name, type }, i) => ({
      name,
      physicalType: type,
      storage: storageOf(type),
      ...countedGaps(row, rows, i),
      ...(storageOf(type) === 'integer' && countIntegers
        ? { categories: 0, distinct: Number(row[`d_${i}`] ?? 0) }
        : { categories: Number(row[`d_${i}`] ?? 0) }),
    })),
  };
}

function gapsOf(name: string, type: string, i: number): readonly string[] {
  const column = identifier(name);
  const nan = /^(FLOAT|DOUBLE)$/.test(type) ? [`count(CASE WHEN isnan(${column}) THEN 1 END) AS nan_${i}`] : [];
  return [`count(${column}) AS n_${i}`, ...nan];
}

const countedGaps = (row: Row, rows: number, i: number) => ({
  nulls: rows - Number(row[`n_${i}`] ?? 0),
  nan: Number(row[`nan_${i}`] ?? 0),
});

/** Each part of a cut as a dataset of its own, in one scan. Estimates of categories are those of the whole. */
export async function describeParts(
  whole: Description,
  { key, parts }: Cut,
  engine: Engine,
): Promise<readonly Description[]> {
  const facts = whole.columns.flatMap(({ name, physicalType }, i) => gapsOf(name, physicalType, i));
  const found = await engine.rows(
    `SELECT ${[`${key} AS k`, 'count(*) AS n', ...facts].join(', ')} FROM ${whole.relation} GROUP BY 1`,
  );
  const described: Description[] = Array.from({ length: parts.size }, () => ({ ...whole, rows: 0, columns: [] }));
  for (const row of found) {
    const part = row.k === null ? undefined : parts.get(Number(row.k));
    if (part === undefined) continue;
    const rows = Number(row.n);
    described[part] = {
      ...whole,
      rows,
      columns: whole.columns.map((column, i) => ({ ...column, ...countedGaps(row, rows, i) })),
    };
  }
  return described;
}

const indexes = new WeakMap<Description, ReadonlyMap<string, DescribedColumn>>();

/** Ten thousand columns that are each looked for among ten thousand would take a while. */
function described(description: Description, name: string): DescribedColumn | undefined {
  let index = indexes.get(description);
  if (!index) {
    index = new Map(description.columns.map((column) => [column.name, column]));
    indexes.set(description, index);
  }
  return index.get(name);
}

/** Whether a side has a column of that name. */
export const has = (description: Description, name: string): boolean => described(description, name) !== undefined;

/** The column of that name; one of nulls where there is none. */
export const columnOf = (description: Description, name: string): DescribedColumn =>
  described(description, name) ?? {
    name,
    physicalType: '',
    storage: 'other',
    nulls: description.rows,
    nan: 0,
    categories: 0,
  };
