import { normalTail } from '../numerics/distributions';
import { chanceOf, logisticRegression } from '../numerics/logistic-regression';
import { generatorFrom } from '../numerics/mersenne';
import { SEED, samplesTaken } from '../numerics/permutations';
import { rocArea } from '../numerics/roc';
import type { Table, TableMetric } from '../table-metric';

/** Rows of a side that are looked at. */
const MOST_ROWS = 5000;
const LEAST_ROWS = 20;
const FOLDS = 5;
/** Area that is no chance and large enough to matter; Evidently draws the line for texts here. */
const THRESHOLD = 0.55;
const LEVEL = 0.05;
/** Labels of a column that are looked at by themselves. */
const LABELS = 10;
/** Up to so many features each pair is multiplied, so that a change in how they depend on each other shows. */
const PAIRED = 12;
const MOST_FEATURES = 100;
/** Numbers farther out than so many quartiles count as that far. */
const FARTHEST = 5;

/**
 * Can a classifier tell the rows of both sides apart? The area under its ROC curve, 0.5 for chance, over rows that it was not
 * fitted on, by five folds. A logistic regression on the columns, their squares and products, scaled by the reference; labels
 * and gaps are columns of 0 and 1. The p-value is that of the Mann–Whitney test that the area is.
 */
export const domainClassifier: TableMetric = {
  id: 'domain-classifier',
  title: 'domain classifier',
  measure(reference, current, { seed = SEED, threshold = THRESHOLD }) {
    if (Math.min(reference.rows, current.rows) < LEAST_ROWS)
      return { refusal: `A domain classifier needs at least ${LEAST_ROWS} rows on each side.` };
    const generator = generatorFrom(seed);
    const chosen = [reference, current].map(({ rows }) =>
      Array.from(generator.permutation(rows).subarray(0, MOST_ROWS)),
    );
    const [before = [], after = []] = chosen;
    const features = expanded(featuresOf(reference, current, before, after));
    const isCurrent = [...before.map(() => false), ...after.map(() => true)];
    const folds = [...before.keys(), ...after.keys()].map((place) => place % FOLDS);
    const statistic = rocArea(heldOutScores(features, isCurrent, folds), isCurrent);
    const [n, m] = [before.length, after.length];
    const pValue = normalTail((statistic - 0.5) / Math.sqrt((n + m + 1) / (12 * n * m)));
    return {
      statistic,
      pValue,
      threshold,
      drifted: statistic >= threshold && pValue <= LEVEL,
      parameters: {
        seed,
        folds: FOLDS,
        features: features[0]?.length ?? 0,
        level: LEVEL,
        ...samplesTaken([n, m], [reference.rows, current.rows]),
      },
    };
  },
};

/** Of each row the chance of the current side, 0 to 1, by a regression on the rows of the other folds. */
function heldOutScores(
  features: readonly Float64Array[],
  isCurrent: readonly boolean[],
  folds: readonly number[],
): Float64Array {
  const scores = new Float64Array(features.length);
  for (let fold = 0; fold < FOLDS; fold++) {
    const isFitted = (_: unknown, row: number): boolean => folds[row] !== fold;
    const weights = logisticRegression(features.filter(isFitted), isCurrent.filter(isFitted));
    features.forEach((row, i) => {
      if (folds[i] === fold) scores[i] = chanceOf(weights, row);
    });
  }
  return scores;
}

/** One row of numbers about as large as 1 for each row chosen, the reference's first. */
function featuresOf(
  reference: Table,
  current: Table,
  before: readonly number[],
  after: readonly number[],
): readonly (readonly number[])[] {
  const readers = reference.columns.flatMap((column, i) => {
    const other = current.columns[i] ?? [];
    return column instanceof Float64Array
      ? numbersOf(column, other as Float64Array, before)
      : labelsOf(column, other as readonly (string | null)[], before, after);
  });
  const rowOf = (isCurrent: boolean) => (row: number) => readers.map((read) => read(isCurrent, row));
  return [...before.map(rowOf(false)), ...after.map(rowOf(true))];
}

type Reader = (isCurrent: boolean, row: number) => number;

/** Distance from the median in quartiles, which no outlier moves, and whether there is a number at all. */
function numbersOf(reference: Float64Array, current: Float64Array, rows: readonly number[]): readonly Reader[] {
  const sorted = Float64Array.from(rows, (row) => reference[row] ?? Number.NaN)
    .filter(Number.isFinite)
    .sort();
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  const spread = at(0.75) - at(0.25) || Math.max(Math.abs((sorted.at(-1) ?? 0) - (sorted[0] ?? 0)), 1);
  const scaled = (value: number): number =>
    Number.isNaN(value) ? 0 : Math.max(-FARTHEST, Math.min(FARTHEST, (value - at(0.5)) / spread));
  const value: Reader = (isCurrent, row) => (isCurrent ? current : reference)[row] ?? Number.NaN;
  const hasGaps = [reference, current].some((side) => side.some(Number.isNaN));
  return [
    (isCurrent, row) => scaled(value(isCurrent, row)),
    ...(hasGaps ? [(isCurrent: boolean, row: number) => Number(Number.isNaN(value(isCurrent, row)))] : []),
  ];
}

/** Whether a row has each of the most frequent labels of both sides; all others, and none, are told apart by none of them. */
function labelsOf(
  reference: readonly (string | null)[],
  current: readonly (string | null)[],
  before: readonly number[],
  after: readonly number[],
): readonly Reader[] {
  const counts = new Map<string | null, number>();
  for (const label of [...before.map((row) => reference[row]), ...after.map((row) => current[row])])
    counts.set(label ?? null, (counts.get(label ?? null) ?? 0) + 1);
  const frequent = [...counts]
    .sort(([a, n], [b, m]) => m - n || (String(a) < String(b) ? -1 : 1))
    .slice(0, LABELS)
    .map(([label]) => label);
  return frequent.map(
    (label): Reader =>
      (isCurrent, row) =>
        Number(((isCurrent ? current : reference)[row] ?? null) === label),
  );
}

/** With squares and, of few, products. */
function expanded(rows: readonly (readonly number[])[]): readonly Float64Array[] {
  return rows.map((row) => {
    const kept = row.slice(0, MOST_FEATURES);
    const products = kept.flatMap((a, i) =>
      kept.length <= PAIRED ? kept.slice(i).map((b) => a * b) : kept.length <= MOST_FEATURES / 2 ? [a * a] : [],
    );
    return Float64Array.from([...kept, ...products]);
  });
}
