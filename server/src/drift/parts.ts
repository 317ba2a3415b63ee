import type { Datum } from '../protocol';
import type { Engine } from '../sql/engine';
import { identifier } from '../sql/fragment';
import type { Side } from './column';
import { columnOf, type Description, describeParts } from './describe';
import type { Cut, Place } from './slices';
import {
  countsSide,
  isCounted,
  isNumeric,
  keepsOrder,
  labelOf,
  numberOf,
  numbersSide,
  type Order,
  type Wanted,
} from './summary';

/** One side as it is cut: what each part has, before any column is read. */
export type Parts = readonly (readonly Description[])[];

/** By cut, and by the number of the part in it. */
export const partsOf = async (side: Description, cuts: readonly Cut[], engine: Engine): Promise<Parts> => {
  const parts: (readonly Description[])[] = [];
  for (const cut of cuts) parts.push(await describeParts(side, cut, engine));
  return parts;
};

/** Sides of a column by their place. */
export type Placed = (name: string, place: Place) => Side | undefined;

/** How one side is cut, and what its parts are. */
export interface Pieces {
  readonly cuts: readonly Cut[];
  readonly parts: Parts;
}

/** A side that is being read. */
interface Reading {
  readonly engine: Engine;
  readonly side: Description;
  readonly order: Order;
}

/** Of a column, by the number of the part; undefined for one without rows. */
type PartSides = readonly (Side | undefined)[];

/** The parts of the columns of a batch: one scan for the numbers of all cuts, one for each column of categories and cut. */
export async function placedSides(
  engine: Engine,
  side: Description,
  { cuts, parts }: Pieces,
  batch: readonly Wanted[],
  order: Order,
): Promise<Placed> {
  if (cuts.length === 0) return () => undefined;
  const reading = { engine, side, order };
  const numeric = batch.filter(({ storage }) => isNumeric(storage));
  const found: readonly Map<string, PartSides>[] =
    numeric.length > 0 ? await numberParts(reading, { cuts, parts }, numeric) : cuts.map(() => new Map());
  for (const column of batch.filter(({ storage }) => storage !== 'other' && !isNumeric(storage)))
    for (const [at, cut] of cuts.entries())
      found[at]?.set(column.name, await categoryParts(reading, cut, parts[at] ?? [], column.name));
  return (name, place) => (place === 'all' ? undefined : found[place.cut]?.get(name)?.[place.part]);
}

/** By cut, and by column. */
async function numberParts(
  { engine, side, order }: Reading,
  { cuts, parts }: Pieces,
  columns: readonly Wanted[],
): Promise<readonly Map<string, PartSides>[]> {
  const select = [
    ...columns.map((column, i) => `${numberOf(column)} AS c_${i}`),
    ...cuts.map(({ key }, i) => `${key} AS k_${i}`),
  ];
  const arrays = await engine.numbers(`SELECT ${select.join(', ')} FROM ${side.relation}`);
  return cuts.map((cut, at) => {
    const numbers = partNumbers(arrays[columns.length + at] ?? new Float64Array(), cut);
    const sidesOf = ({ name }: Wanted, i: number): PartSides =>
      dealt(arrays[i] ?? new Float64Array(), numbers, cut.parts.size).map((read, part) => {
        const described = parts[at]?.[part];
        return described && numbersSide(columnOf(described, name), described.rows, { read, present: undefined }, order);
      });
    return new Map(columns.map((column, i) => [column.name, sidesOf(column, i)]));
  });
}

async function categoryParts(
  reading: Reading,
  cut: Cut,
  parts: readonly Description[],
  name: string,
): Promise<PartSides> {
  const { engine, side, order } = reading;
  if (!isCounted(columnOf(side, name))) return [];
  const column = identifier(name);
  const counts = Array.from({ length: cut.parts.size }, () => new Map<string, number>());
  const rows = await engine.rows(
    `SELECT ${column}::VARCHAR AS value, ${cut.key} AS k, count(*) AS n FROM ${side.relation}
     WHERE ${column} IS NOT NULL GROUP BY 1, 2`,
  );
  for (const { value, k, n } of rows) counts[partOf(cut, k) ?? -1]?.set(String(value), Number(n));
  const most = Math.max(...counts.map(({ size }) => size));
  const inOrder = keepsOrder(most, order) ? await textParts(reading, cut, column) : [];
  return counts.map((map, part) => {
    const here = parts[part];
    if (!here) return undefined;
    const counted = countsSide(columnOf(here, name), here.rows, map);
    if (counted.sample.kind !== 'categories' || !keepsOrder(counted.distinct, order)) return counted;
    return { ...counted, sample: { ...counted.sample, inOrder: inOrder[part] } };
  });
}

/** The rows of a column of text by part, in their order. */
async function textParts(
  { engine, side }: Reading,
  cut: Cut,
  column: string,
): Promise<readonly (readonly (string | null)[])[]> {
  const texts = Array.from({ length: cut.parts.size }, (): (string | null)[] => []);
  const rows = await engine.rows(`SELECT ${column}::VARCHAR AS value, ${cut.key} AS k FROM ${side.relation}`);
  for (const { value, k } of rows) texts[partOf(cut, k) ?? -1]?.push(labelOf(value));
  return texts;
}

const partOf = ({ parts }: Cut, key: Datum | undefined): number | undefined =>
  key === null ? undefined : parts.get(Number(key));

/** The number of each row's part, −1 for rows in none. */
function partNumbers(keys: Float64Array, { parts }: Cut): Int32Array {
  const numbers = new Int32Array(keys.length);
  for (let row = 0; row < keys.length; row++) numbers[row] = parts.get(keys[row] as number) ?? -1;
  return numbers;
}

/** Values by part, in their order. */
function dealt(values: Float64Array, numbers: Int32Array, parts: number): readonly Float64Array[] {
  const sizes = new Int32Array(parts);
  for (const part of numbers) if (part >= 0) (sizes[part] as number)++;
  const dealt = Array.from(sizes, (size) => new Float64Array(size));
  sizes.fill(0);
  for (let row = 0; row < values.length; row++) {
    const part = numbers[row] as number;
    const own = dealt[part];
    if (own) own[(sizes[part] as number)++] = values[row] as number;
  }
  return dealt;
}
