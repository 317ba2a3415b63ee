import type { ColumnType } from '../protocol';
import type { DescribedColumn } from './describe';
import { distinctOf, walk } from './numerics/walk';
import type { Bucket } from './sketches/approximate-histogram';
import type { Sketch } from './sketches/sketch';
import { byCodePoint } from './texts/by-code-point';

/** How a column is stored, in the words that matter to statistics. */
export type Storage = 'integer' | 'fractional' | 'boolean' | 'datetime' | 'text' | 'other';

/** What a column is by its storage alone, as most systems have it and a report says where no profile has looked. */
export const typeOfStorage: Readonly<Record<Storage, ColumnType>> = {
  integer: 'numerical',
  fractional: 'numerical',
  boolean: 'boolean',
  datetime: 'datetime',
  text: 'categorical',
  other: 'text',
};

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
      /** The histogram that was kept in place of the rows, for a side of TensorFlow Data Validation's statistics. */
      readonly histogram?: readonly Bucket[];
      /** The share of the rows by which the distribution function may be off, for a side that was not kept whole. */
      readonly rankError?: number;
      /** Whether the first and last value may be others than the least and greatest of the rows, which were not kept. */
      readonly openEnds?: boolean;
    }
  | {
      readonly kind: 'categories';
      readonly counts: ReadonlyMap<string, number>;
      /** False when there are so many that only the most frequent were read. */
      readonly complete: boolean;
      /** Whether the counts are those of TensorFlow Data Validation's statistics, which keep the most frequent values. */
      readonly ranked?: boolean;
      /** Every row in its order, null where it has no value; only for a profile that asks for it. */
      readonly inOrder?: readonly (string | null)[];
    };

/** Share of the rows: with a larger error of a side's distribution a verdict on it would be the error's. */
const LARGEST_ERROR = 0.02;

/** Whether so little was kept of the side that its values are no more than a guess. */
export const isGuess = ({ sample }: Pick<Side, 'sample'>): boolean =>
  sample.kind === 'values' && (sample.rankError ?? 0) > LARGEST_ERROR;

/** One side of a column: rows = nulls + nan + infinite + size. */
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
  /** Mean and median of the values, for a side that was saved with them and not whole. */
  readonly kept?: { readonly mean: number; readonly median: number };
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

/** A column of one side as it is stored, in how many rows. */
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

/** Both sides with what a sentence calls them. */
export const namedSides = ({ reference, current }: Pick<ColumnPair, 'reference' | 'current'>) =>
  [
    ['reference', reference],
    ['current', current],
  ] as const;

/** Whether every value of both sides was read; of text with very many categories only the most frequent are. */
export const isComplete = ({ reference, current }: ColumnPair): boolean =>
  [reference, current].every(({ sample }) => sample.kind === 'values' || sample.complete);

/** What is counted of both sides, per category or, of numbers, per distinct value. */
export function alignedOf(pair: ColumnPair): Aligned {
  const values = valuesOf(pair);
  if (values) return runs(...values);
  const [before, after] = [categoriesOf(pair.reference), categoriesOf(pair.current)];
  return alignedCounts(before, after, labelsOver(before, after).sort(byCodePoint));
}

/** Distinct values over both sides. */
export function distinctOver(pair: ColumnPair): number {
  const values = valuesOf(pair);
  if (values) return distinctOf(...values);
  return labelsOver(categoriesOf(pair.reference), categoriesOf(pair.current)).length;
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

/** The counts of both sides per label of either, in the order in which labels come, or in that of `labels`. */
export function alignedCounts(
  reference: ReadonlyMap<string, number>,
  current: ReadonlyMap<string, number>,
  labels: readonly string[] = labelsOver(reference, current),
): Aligned {
  const counts = (side: ReadonlyMap<string, number>) => Float64Array.from(labels, (label) => side.get(label) ?? 0);
  return { labels, reference: counts(reference), current: counts(current) };
}

const labelsOver = (a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): string[] => [
  ...new Set([...a.keys(), ...b.keys()]),
];

/** The values of a side as text, in the order of their rows; where that was not read, ascending. */
export function rowsOf({ sample }: Side): readonly string[] {
  if (sample.kind === 'values')
    return Array.from((sample.inOrder ?? sample.sorted).filter(Number.isFinite), (value) => String(value));
  if (sample.inOrder) return sample.inOrder.filter((value) => value !== null);
  const labels = [...sample.counts.keys()].sort(byCodePoint);
  return labels.flatMap((label) => Array<string>(sample.counts.get(label) ?? 0).fill(label));
}
