import type { Engine } from '../sql/engine';
import { identifier } from '../sql/fragment';
import type { Side, Storage } from './column';
import type { DescribedColumn, Description } from './describe';
import type { Profile } from './profile';
import { walk } from './walk';

/** So many doubles of one side are held at a time: 128 MB. A single column may hold more. */
const HELD_NUMBERS = 2 ** 24;
/** Of a column with more categories than this only the most frequent are read, for the picture. */
const HELD_CATEGORIES = 200_000;
const SHOWN_CATEGORIES = 20;

/** What is read of one column: how it is stored, once both sides and the person's wish are known. */
export interface Wanted {
  readonly name: string;
  readonly storage: Storage;
}

/** Columns that are read in one pass of both sides, so that memory stays bounded however many there are. */
export function batches(columns: readonly Wanted[], rows: number): readonly (readonly Wanted[])[] {
  const size = Math.max(1, Math.floor(HELD_NUMBERS / Math.max(1, rows)));
  return Array.from({ length: Math.ceil(columns.length / size) }, (_, i) => columns.slice(i * size, (i + 1) * size));
}

/** Of which columns rows are kept in their order, besides their summary. */
type Order = Pick<Profile, 'inOrder' | 'countedUpTo'>;

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
    sides.set(name, numbers(columnOf(description, name), description.rows, read, order));
  });
  for (const { name, storage } of batch.filter((column) => !isNumeric(column.storage)))
    sides.set(name, await categories(engine, description, columnOf(description, name), storage, order));
  return sides;
}

export const columnOf = (description: Description, name: string): DescribedColumn =>
  description.columns.find((column) => column.name === name) ?? {
    name,
    physicalType: '',
    storage: 'other',
    nulls: description.rows,
    nan: 0,
    categories: 0,
  };

const isNumeric = (storage: Storage): boolean =>
  storage === 'integer' || storage === 'fractional' || storage === 'datetime';

/** Text that is asked to be numbers is read as far as it is; what is not is a null. */
function numberOf({ name, storage }: Wanted): string {
  const column = identifier(name);
  return storage === 'datetime'
    ? `CASE WHEN isfinite(${column}) THEN epoch_ms(${column}) END`
    : `TRY_CAST(${column} AS DOUBLE)`;
}

/** NaN and null look the same among doubles, so who reads rows in order needs to be told them apart. */
const hasBothGaps = ({ nulls, nan }: DescribedColumn): boolean => nulls > 0 && nan > 0;

interface NumbersRead {
  readonly read: Float64Array;
  readonly present: Float64Array | undefined;
}

function numbers(column: DescribedColumn, rows: number, { read, present }: NumbersRead, order: Order): Side {
  const finite = finiteOf(read).sort();
  const infinite = read.length - finite.length - gaps(read);
  let distinct = 0;
  walk(finite, new Float64Array(), () => distinct++);
  const nulls = rows - finite.length - infinite - column.nan;
  const keepsOrder = order.inOrder && (distinct > (order.countedUpTo ?? 0) || infinite > 0);
  return {
    rows,
    nulls,
    nan: column.nan,
    infinite,
    ...(infinite > 0 ? { positiveInfinite: positiveInfinite(read) } : {}),
    size: finite.length,
    distinct,
    sample: { kind: 'values', sorted: finite, ...(keepsOrder ? { inOrder: read, present } : {}) },
  };
}

/** `filter` of a typed array takes several times as long. */
function finiteOf(read: Float64Array): Float64Array {
  const finite = new Float64Array(read.length);
  let size = 0;
  for (const value of read) if (Number.isFinite(value)) finite[size++] = value;
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

async function categories(
  engine: Engine,
  { relation, rows }: Description,
  { name, nulls, categories: estimate }: DescribedColumn,
  storage: Storage,
  order: Order,
): Promise<Side> {
  const size = rows - nulls;
  const side = { rows, nulls, nan: 0, infinite: 0, size };
  if (storage === 'other')
    return { ...side, distinct: 0, sample: { kind: 'categories', counts: new Map(), complete: false } };
  const complete = estimate <= HELD_CATEGORIES;
  const column = identifier(name);
  const found = await engine.rows(
    `SELECT ${column}::VARCHAR AS value, count(*) AS n FROM ${relation} WHERE ${column} IS NOT NULL GROUP BY 1
     ${complete ? '' : `ORDER BY n DESC LIMIT ${SHOWN_CATEGORIES}`}`,
  );
  const counts = new Map(found.map((row) => [String(row.value), Number(row.n)]));
  const distinct = complete ? counts.size : estimate;
  const keepsOrder = order.inOrder === true && distinct > (order.countedUpTo ?? 0);
  const rowsInOrder = keepsOrder ? { inOrder: await labels(engine, relation, column) } : {};
  return { ...side, distinct, sample: { kind: 'categories', counts, complete, ...rowsInOrder } };
}

async function labels(engine: Engine, relation: string, column: string): Promise<readonly (string | null)[]> {
  const rows = await engine.rows(`SELECT ${column}::VARCHAR AS value FROM ${relation}`);
  return rows.map(({ value }) => (value === null || value === undefined ? null : String(value)));
}
