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

/** The parts of the columns of a batch: one scan for the numbers of all cuts, one for each column of categories and cut. */
export async function placedSides(
  engine: Engine,
  side: Description,
  { cuts, parts }: { readonly cuts: readonly Cut[]; readonly parts: Parts },
  batch: readonly Wanted[],
  order: Order,
): Promise<Placed> {
  const found = cuts.map(() => new Map<string, readonly (Side | undefined)[]>());
  if (cuts.length > 0) {
    await readNumbers();
    for (const column of batch.filter(({ storage }) => storage !== 'other' && !isNumeric(storage)))
      for (const [at, cut] of cuts.entries()) found[at]?.set(column.name, await readCategories(column, cut, at));
  }
  return (name, place) => (place === 'all' ? undefined : found[place.cut]?.get(name)?.[place.part]);

  async function readNumbers(): Promise<void> {
    const numeric = batch.filter(({ storage }) => isNumeric(storage));
    if (numeric.length === 0) return;
    const select = [
      ...numeric.map((column, i) => `${numberOf(column)} AS c_${i}`),
      ...cuts.map(({ key }, i) => `${key} AS k_${i}`),
    ];
    const arrays = await engine.numbers(`SELECT ${select.join(', ')} FROM ${side.relation}`);
    for (const [at, cut] of cuts.entries()) {
      const numbers = partNumbers(arrays[numeric.length + at] ?? new Float64Array(), cut);
      numeric.forEach((column, i) => {
        const values = dealt(arrays[i] ?? new Float64Array(), numbers, cut.parts.size);
        const sides = values.map((read, part) => {
          const described = parts[at]?.[part];
          return (
            described &&
            numbersSide(columnOf(described, column.name), described.rows, { read, present: undefined }, order)
          );
        });
        found[at]?.set(column.name, sides);
      });
    }
  }

  async function readCategories({ name }: Wanted, cut: Cut, at: number): Promise<readonly (Side | undefined)[]> {
    const column = identifier(name);
    const described = columnOf(side, name);
    if (!isCounted(described)) return [];
    const counts = Array.from({ length: cut.parts.size }, () => new Map<string, number>());
    const rows = await engine.rows(
      `SELECT ${column}::VARCHAR AS value, ${cut.key} AS k, count(*) AS n FROM ${side.relation}
       WHERE ${column} IS NOT NULL GROUP BY 1, 2`,
    );
    for (const { value, k, n } of rows) {
      const part = k === null ? undefined : cut.parts.get(Number(k));
      if (part !== undefined) counts[part]?.set(String(value), Number(n));
    }
    const most = Math.max(...counts.map(({ size }) => size));
    const inOrder = keepsOrder(most, order) ? await readOrder(column, cut) : [];
    return counts.map((map, part) => {
      const here = parts[at]?.[part];
      if (!here) return undefined;
      const counted = countsSide(columnOf(here, name), here.rows, map);
      if (counted.sample.kind !== 'categories' || !keepsOrder(counted.distinct, order)) return counted;
      return { ...counted, sample: { ...counted.sample, inOrder: inOrder[part] } };
    });
  }

  async function readOrder(column: string, cut: Cut): Promise<readonly (string | null)[][]> {
    const texts = Array.from({ length: cut.parts.size }, (): (string | null)[] => []);
    for (const { value, k } of await engine.rows(
      `SELECT ${column}::VARCHAR AS value, ${cut.key} AS k FROM ${side.relation}`,
    )) {
      const part = k === null ? undefined : cut.parts.get(Number(k));
      if (part !== undefined) texts[part]?.push(labelOf(value));
    }
    return texts;
  }
}

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
