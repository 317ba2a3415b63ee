/** Rows of a column in their order; a missing one is NaN or null. */
export type Rows = Float64Array | readonly (string | null)[];

/** The values of a column: numbers may be infinite, none is NaN or missing. */
export type Values = Float64Array | readonly string[];

export interface Chunk {
  /** First and last row, from 0: `0:199`. */
  readonly key: string;
  /** None when every row of it is missing. */
  readonly values: Values;
}

export function presentIn(rows: Rows): Values {
  if (!(rows instanceof Float64Array)) return rows.filter((value) => value !== null);
  const present = new Float64Array(rows.length);
  let size = 0;
  for (const value of rows) if (!Number.isNaN(value)) present[size++] = value;
  return present.subarray(0, size);
}

/** Neighbouring rows, `size` at a time, the last chunk with what is left. None at all for a size of 0. */
export function chunksOf(rows: Rows, size: number): readonly Chunk[] {
  if (size === 0) return [];
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, i) => {
    const end = Math.min((i + 1) * size, rows.length);
    const part = rows instanceof Float64Array ? rows.subarray(i * size, end) : rows.slice(i * size, end);
    return { key: `${i * size}:${end - 1}`, values: presentIn(part) };
  });
}
