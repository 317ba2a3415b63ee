import type { ColumnType } from '../protocol';
import type { DescribedColumn } from './describe';
import { distinctOf, walk } from './numerics/walk';
import type { Sketch } from './sketches/sketch';

/** How a column is stored, in the words that matter to statistics. */
export type Storage = 'integer' | 'fractional' | 'boolean' | 'datetime' | 'text' | 'other';

/** One side of a column, read: its finite numbers in ascending order (times as milliseconds since 1970), or its categories. */
export type Sample =
  | {
      readonly kind: 'values';
      readonly sorted: Float64Array;
      /** Every row in its order, infinities too, NaN where it has no value; only for a profile that asks for it. */
      readonly inOrder?: Float64Array;
      /** NaN where such a row has no value at all; left out unless the column has both nulls and NaN. */
      readonly present?: Float64Array;
      /** The sketch that was kept in place of the rows, for a side that was saved as one. */
      readonly sketch?: Sketch;
      /** The share of the rows by which the distribution function may be off, for a side that was not kept whole. */
      readonly rankError?: number;
    }
  | {
      readonly kind: 'categories';
      readonly counts: ReadonlyMap<string, number>;
      /** False when there are so many that only the most frequent were read. */
      readonly complete: boolean;
      /** Every row in its order, null where it has no value; only for a profile that asks for it. */
      readonly inOrder?: readonly (string | null)[];
    };

export interface Side {
  readonly rows: number;
  readonly nulls: number;
  readonly nan: number;
  readonly infinite: number;
  /** How many of the infinite ones are above all numbers; 0 when left out. */
  readonly positiveInfinite?: number;
  /** Values that statistics can use: not null, not NaN, finite. */
  readonly size: number;
  readonly distinct: number;
  readonly sample: Sample;
}

/** A column that both sides have. */
export interface ColumnPair {
  readonly name: string;
  readonly storage: Storage;
  /** What the person says it is, whatever the profile would say. */
  readonly asked: ColumnType | undefined;
  readonly reference: Side;
  readonly current: Side;
  /** The column of either side as it is stored, before the profile left out rows. */
  readonly whole: { readonly reference: WholeColumn; readonly current: WholeColumn };
}

export interface WholeColumn extends DescribedColumn {
  readonly rows: number;
}

/** Counts per category in one order for both sides: numbers by size, text by code point, as Python sorts. */
export interface Aligned {
  readonly labels: readonly string[];
  readonly reference: Float64Array;
  readonly current: Float64Array;
}

/** Both sides' numbers; undefined for a column of categories. */
export function valuesOf({ reference, current }: ColumnPair): readonly [Float64Array, Float64Array] | undefined {
  return reference.sample.kind === 'values' && current.sample.kind === 'values'
    ? [reference.sample.sorted, current.sample.sorted]
    : undefined;
}

/** Whether every value of both sides was read; of text with very many categories only the most frequent are. */
export const isComplete = ({ reference, current }: ColumnPair): boolean =>
  [reference, current].every(({ sample }) => sample.kind === 'values' || sample.complete);

export function alignedOf(pair: ColumnPair): Aligned {
  const values = valuesOf(pair);
  return values ? runs(...values) : merged(categoriesOf(pair.reference), categoriesOf(pair.current));
}

/** Distinct values over both sides. */
export function distinctOver(pair: ColumnPair): number {
  const values = valuesOf(pair);
  if (values) return distinctOf(...values);
  return new Set([...categoriesOf(pair.reference).keys(), ...categoriesOf(pair.current).keys()]).size;
}

const none: ReadonlyMap<string, number> = new Map();

const categoriesOf = ({ sample }: Side): ReadonlyMap<string, number> =>
  sample.kind === 'categories' ? sample.counts : none;

function runs(reference: Float64Array, current: Float64Array): Aligned {
  const labels: string[] = [];
  const counts: [number[], number[]] = [[], []];
  let [lastI, lastJ] = [0, 0];
  walk(reference, current, (value, i, j) => {
    labels.push(String(value));
    counts[0].push(i - lastI);
    counts[1].push(j - lastJ);
    [lastI, lastJ] = [i, j];
  });
  return { labels, reference: Float64Array.from(counts[0]), current: Float64Array.from(counts[1]) };
}

function merged(reference: ReadonlyMap<string, number>, current: ReadonlyMap<string, number>): Aligned {
  const labels = [...new Set([...reference.keys(), ...current.keys()])].sort(byCodePoint);
  const counts = (side: ReadonlyMap<string, number>) => Float64Array.from(labels, (label) => side.get(label) ?? 0);
  return { labels, reference: counts(reference), current: counts(current) };
}

/** UTF-16 order, which `<` gives, differs from it for characters beyond the basic plane. */
export function byCodePoint(a: string, b: string): number {
  for (let i = 0; i < Math.min(a.length, b.length); ) {
    const [x, y] = [a.codePointAt(i) ?? 0, b.codePointAt(i) ?? 0];
    if (x !== y) return x - y;
    i += x > 0xffff ? 2 : 1;
  }
  return a.length - b.length;
}
