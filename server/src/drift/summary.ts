import type { Datum } from '../protocol';
import type { Engine } from '../sql/engine';
import { identifier } from '../sql/fragment';
import type { Side, Storage } from './column';
import { columnOf, type DescribedColumn, type Description, MOST_EXPRESSIONS } from './describe';
import { ascending } from './numerics/sort';
import type { Profile } from './profile';

/** So many doubles of one side are held at a time: 128 MB. A single column may hold more. */
const HELD_NUMBERS = 2 ** 24;
/** Of a column with more categories than this only the most frequent are read, for the picture. */
const HELD_CATEGORIES = 200_000;
const SHOWN_CATEGORIES = 20;
/** Of so few rows many columns of categories are counted in one statement; of more, each by itself is quicker. */
const FEW_ROWS = 100_000;
const TOGETHER = 500;

/** What is read of one column: how it is stored, once both sides and the person's wish are known. */
export interface Wanted {
  readonly name: string;
  readonly storage: Storage;
}

/** Columns that are read in one pass of both sides, so that memory stays bounded however many there are. */
export function batches(columns: readonly Wanted[], rows: number): readonly (readonly Wanted[])[] {
  const size = Math.max(1, Math.min(MOST_EXPRESSIONS, Math.floor(HELD_NUMBERS / Math.max(1, rows))));
  return Array.from({ length: Math.ceil(columns.length / size) }, (_, i) => columns.slice(i * size, (i + 1) * size));
}

/** Of which columns rows are kept in their order, besides their summary. */
export type Order = Pick<Profile, 'inOrder' | 'countedUpTo'>;

/** One side of the columns of a batch: one scan for all its numbers, one for each column of categories. */
export async function sidesOf(
  engine: Engine,
  description: Description,
  batch: readonly Wanted[],
  order: Order = {},
): Promise<ReadonlyMap<string, Side>> {
  const sides = new Map<string, Side>();
  const numeric = batch.filter(({ storage }) => isNumeric(storage));
  const expressions = numeric.map((column, i) => `${numberOf(column)} AS c_${i}`);
  const mixed = order.inOrder ? numeric.filter(({ name }) => hasBothGaps(columnOf(description, name))) : [];
  mixed.forEach(({ name }, i) => {
    expressions.push(`CASE WHEN ${identifier(name)} IS NOT NULL THEN 1.0 END AS p_${i}`);
  });
  const arrays =
    numeric.length > 0 ? await engine.numbers(`SELECT ${expressions.join(', ')} FROM ${description.relation}`) : [];
  numeric.forEach(({ name }, i) => {
    const place = mixed.findIndex((column) => column.name === name);
    const present = place < 0 ? undefined : arrays[numeric.length + place];
    const read = { read: arrays[i] ?? new Float64Array(), present };
    sides.set(name, numbersSide(columnOf(description, name), description.rows, read, order));
  });
  const known = await countedTogether(engine, description, batch);
  for (const { name, storage } of batch.filter((column) => !isNumeric(column.storage)))
    sides.set(
      name,
      await categories(engine, description, { ...columnOf(description, name), storage }, order, known.get(name)),
    );
  return sides;
}

type Counts = ReadonlyMap<string, number>;

/** Counts of the columns of categories of a dataset with few rows; nothing when it has many, or only one such column. */
async function countedTogether(
  engine: Engine,
  description: Description,
  batch: readonly Wanted[],
): Promise<ReadonlyMap<string, Counts>> {
  const names = batch.filter(({ storage }) => storage !== 'other' && !isNumeric(storage)).map(({ name }) => name);
  const counts = new Map<string, Counts>();
  if (names.length < 2 || description.rows > FEW_ROWS) return counts;
  for (let start = 0; start < names.length; start += TOGETHER) {
    const some = names.slice(start, start + TOGETHER);
    const select = some.map((name, i) => `histogram(${identifier(name)}::VARCHAR) AS h_${i}`);
    const [row = {}] = await engine.rows(`SELECT ${select.join(', ')} FROM ${description.relation}`);
    some.forEach((name, i) => {
      counts.set(name, countsIn(row[`h_${i}`]));
    });
  }
  return counts;
}

/** A map of the engine's, which comes as a list of keys and values. */
function countsIn(map: Datum | undefined): Counts {
  const entries = Array.isArray(map) ? (map as readonly { readonly key: Datum; readonly value: Datum }[]) : [];
  return new Map(entries.map(({ key, value }) => [String(key), Number(value)]));
}

/** Whether it is read as doubles; times are, in milliseconds since 1970. */
export const isNumeric = (storage: Storage): boolean =>
  storage === 'integer' || storage === 'fractional' || storage === 'datetime';

/** Text that is asked to be numbers is read as far as it is; what is not is a null. */
export function numberOf({ name, storage }: Wanted): string {
  const column = identifier(name);
  return storage === 'datetime'
    ? `CASE WHEN isfinite(${column}) THEN epoch_ms(${column}) END`
    : `TRY_CAST(${column} AS DOUBLE)`;
}

/** What an engine gives for text: null where a row has none. */
export const labelOf = (value: Datum | undefined): string | null =>
  value === null || value === undefined ? null : String(value);

/** NaN and null look the same among doubles, so who reads rows in order needs to be told them apart. */
const hasBothGaps = ({ nulls, nan }: DescribedColumn): boolean => nulls > 0 && nan > 0;

interface NumbersRead {
  readonly read: Float64Array;
  readonly present: Float64Array | undefined;
}

/** One side of numbers as they were read. */
export function numbersSide(column: DescribedColumn, rows: number, { read, present }: NumbersRead, order: Order): Side {
  const finite = ascending(finiteOf(read));
  const infinite = finite.length === read.length ? 0 : read.length - finite.length - gaps(read);
  const distinct = distinctIn(finite);
  const nulls = rows - finite.length - infinite - column.nan;
  const keepsRows = order.inOrder && (distinct > (order.countedUpTo ?? 0) || infinite > 0);
  return {
    rows,
    nulls,
    nan: column.nan,
    infinite,
    ...(infinite > 0 ? { positiveInfinite: positiveInfinite(read) } : {}),
    size: finite.length,
    distinct,
    sample: { kind: 'values', sorted: finite, ...(keepsRows ? { inOrder: read, present } : {}) },
  };
}

function distinctIn(sorted: Float64Array): number {
  let distinct = 0;
  let last = Number.NaN;
  for (let i = 0; i < sorted.length; i++) {
    const value = sorted[i] as number;
    if (value !== last) distinct++;
    last = value;
  }
  return distinct;
}

/** `filter` of a typed array takes several times as long. */
function finiteOf(read: Float64Array): Float64Array {
  const finite = new Float64Array(read.length);
  let size = 0;
  for (let i = 0; i < read.length; i++) {
    const value = read[i] as number;
    if (Number.isFinite(value)) finite[size++] = value;
  }
  return finite.subarray(0, size);
}

function positiveInfinite(read: Float64Array): number {
  let count = 0;
  for (const value of read) if (value === Number.POSITIVE_INFINITY) count++;
  return count;
}

function gaps(read: Float64Array): number {
  let count = 0;
  for (const value of read) if (Number.isNaN(value)) count++;
  return count;
}

/** One side of categories that were all counted. */
export function countsSide({ nulls, categories: estimate }: DescribedColumn, rows: number, counts: Counts): Side {
  const complete = estimate <= HELD_CATEGORIES;
  return {
    rows,
    nulls,
    nan: 0,
    infinite: 0,
    size: rows - nulls,
    distinct: complete ? counts.size : estimate,
    sample: { kind: 'categories', counts, complete },
  };
}

/** Whether all categories of a column are read, or only the most frequent, for the picture. */
export const isCounted = ({ categories: estimate, storage }: DescribedColumn): boolean =>
  storage !== 'other' && estimate <= HELD_CATEGORIES;

async function categories(
  engine: Engine,
  { relation, rows }: Description,
  described: DescribedColumn,
  order: Order,
  known: Counts | undefined,
): Promise<Side> {
  if (described.storage === 'other') {
    const nothing = countsSide(described, rows, new Map());
    return { ...nothing, distinct: 0, sample: { kind: 'categories', counts: new Map(), complete: false } };
  }
  const column = identifier(described.name);
  const side = countsSide(described, rows, known ?? (await counted(engine, relation, column, isCounted(described))));
  if (!keepsOrder(side.distinct, order) || side.sample.kind !== 'categories') return side;
  return { ...side, sample: { ...side.sample, inOrder: await labels(engine, relation, column, side.distinct) } };
}

/** Whether text of so many distinct values is read row by row. */
export const keepsOrder = (distinct: number, { inOrder, countedUpTo = 0 }: Order): boolean =>
  inOrder === true && distinct > countedUpTo;

async function counted(engine: Engine, relation: string, column: string, complete: boolean): Promise<Counts> {
  const found = await engine.rows(
    `SELECT ${column}::VARCHAR AS value, count(*) AS n FROM ${relation} WHERE ${column} IS NOT NULL GROUP BY 1
     ${complete ? '' : `ORDER BY n DESC LIMIT ${SHOWN_CATEGORIES}`}`,
  );
  return new Map(found.map((row) => [String(row.value), Number(row.n)]));
}

/** Of so few distinct texts every row is read as a number that stands for its text, in a fraction of the time. */
const CODED_TEXTS = 20_000;

async function labels(
  engine: Engine,
  relation: string,
  column: string,
  distinct: number,
): Promise<readonly (string | null)[]> {
  return (
    (distinct <= CODED_TEXTS ? await coded(engine, relation, column) : undefined) ?? spelt(engine, relation, column)
  );
}

async function spelt(engine: Engine, relation: string, column: string): Promise<readonly (string | null)[]> {
  const rows = await engine.rows(`SELECT ${column}::VARCHAR AS value FROM ${relation}`);
  return rows.map(({ value }) => labelOf(value));
}

/** Undefined where two texts have the same code. */
async function coded(
  engine: Engine,
  relation: string,
  column: string,
): Promise<readonly (string | null)[] | undefined> {
  // As many bits as a double holds.
  const code = `CASE WHEN ${column} IS NOT NULL THEN (hash(${column}::VARCHAR) >> 11)::DOUBLE END`;
  const known = await engine.rows(
    `SELECT DISTINCT ${column}::VARCHAR AS value, ${code} AS code FROM ${relation} WHERE ${column} IS NOT NULL`,
  );
  const texts = new Map(known.map(({ value, code: number }) => [Number(number), String(value)]));
  if (texts.size < known.length) return undefined;
  const [codes = new Float64Array()] = await engine.numbers(`SELECT ${code} AS code FROM ${relation}`);
  return Array.from(codes, (number) => texts.get(number) ?? null);
}
