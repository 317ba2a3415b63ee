/** Rows of a column in their order; a missing one is NaN or null. */
export type Rows = Float64Array | readonly (string | null)[];

/** The values of a column: numbers, infinities too, or how often each text occurs. */
export type Values = Float64Array | ReadonlyMap<string, number>;

/** Neighbouring rows of a column. */
export interface Chunk {
  /** First and last row, from 0: `0:199`. */
  readonly key: string;
  /** None when every row of it is missing. */
  readonly values: Values;
}

/** How many values there are. */
export const sizeOf = (values: Values): number =>
  values instanceof Float64Array ? values.length : [...values.values()].reduce((sum, count) => sum + count, 0);

/** What of the rows is not missing, numbers in their order. */
export function valuesIn(rows: Rows): Values {
  if (rows instanceof Float64Array) return numbersIn(rows);
  const counts = new Map<string, number>();
  for (const value of rows) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** The numbers of the rows, infinities too, in their order. */
export function numbersIn(rows: Float64Array): Float64Array {
  const present = new Float64Array(rows.length);
  let size = 0;
  for (const value of rows) if (!Number.isNaN(value)) present[size++] = value;
  return present.subarray(0, size);
}

/** Numbers as text, null where a row has none. */
export const textsIn = (rows: Float64Array): readonly (string | null)[] =>
  Array.from(rows, (value) => (Number.isNaN(value) ? null : String(value)));

/** Neighbouring rows, `size` at a time, the last chunk with what is left. None at all for a size of 0. */
export function chunksOf(rows: Rows, size: number): readonly Chunk[] {
  if (size === 0) return [];
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, i) => {
    const end = Math.min((i + 1) * size, rows.length);
    const part = rows instanceof Float64Array ? rows.subarray(i * size, end) : rows.slice(i * size, end);
    return { key: `${i * size}:${end - 1}`, values: valuesIn(part) };
  });
}
