import { eigen } from '../numerics/eigen';
import { deviation, mean } from '../numerics/moments';
import type { Table, TableMetric } from '../table-metric';

/** Share of the reference's variance that the components kept explain. NannyML 0.13.1's `n_components`. */
const EXPLAINED = 0.65;
/** Chunks into which NannyML cuts the reference when nobody says how. */
const CHUNKS = 10;
/** Standard deviations of its chunks' errors from their mean at which NannyML draws the lines. */
const DEVIATIONS = 3;
/** Rotating so many axes takes seconds. */
const MOST_COLUMNS = 200;

/**
 * How badly the reference's principal components give rows back: the mean length of what they lose. It grows when columns no
 * longer depend on each other as they did, even where each alone looks the same. NannyML 0.13.1's
 * `DataReconstructionDriftCalculator`: gaps are filled with the mean or most frequent label, labels stand as their share of
 * the reference, columns are scaled to its mean and deviation. Its lines are 3 deviations around the mean error of the
 * reference's chunks.
 */
export const pcaReconstruction: TableMetric = {
  id: 'pca-reconstruction',
  title: 'PCA reconstruction error',
  measure(reference, current, { threshold }) {
    if (reference.columns.length < 2) return { refusal: 'PCA reconstruction needs at least two columns.' };
    if (reference.columns.length > MOST_COLUMNS)
      return { refusal: `PCA reconstruction takes at most ${MOST_COLUMNS} columns. Choose them with --columns.` };
    if (reference.rows < 2 * CHUNKS)
      return { refusal: `PCA reconstruction needs at least ${2 * CHUNKS} rows in the reference.` };
    const encoders = reference.columns.map(encoderOf);
    const encoded = (table: Table): readonly Float64Array[] =>
      table.columns.map((column, i) => encoders[i]?.(column) ?? new Float64Array());
    const before = encoded(reference);
    const components = componentsOf(before);
    const errors = errorsOf(before, components);
    const chunks = chunkMeans(errors);
    const centre = mean(chunks);
    const spread = deviation(chunks);
    const lower = centre - DEVIATIONS * spread;
    const hasLower = threshold === undefined && lower >= 0;
    const upper = threshold ?? centre + DEVIATIONS * spread;
    const found = errorsOf(encoded(current), components);
    const statistic = mean(found);
    const outside = (value: number): boolean => value >= upper || (hasLower && value <= lower);

    return {
      statistic,
      threshold: upper,
      drifted: outside(statistic),
      parameters: {
        columns: before.length,
        components: components.length,
        explained: EXPLAINED,
        ...(hasLower ? { lowerThreshold: lower } : {}),
        referenceError: mean(errors),
        chunkRows: chunkRows(found.length),
        chunksOutside: chunkMeans(found).filter(outside).length,
      },
    };
  },
};

type Column = Table['columns'][number];

/** From a column of either side to numbers of mean 0 and deviation 1 in the reference. */
function encoderOf(column: Column): (other: Column) => Float64Array {
  const number = numberOf(column);
  const values = number(column);
  const centre = mean(values);
  const spread = deviation(values) || 1;
  return (other) => number(other).map((value) => (value - centre) / spread);
}

function numberOf(column: Column): (other: Column) => Float64Array {
  if (column instanceof Float64Array) {
    const filler = mean(column.filter((value) => !Number.isNaN(value)));
    return (other) => Float64Array.from(other as Float64Array, (value) => (Number.isNaN(value) ? filler : value));
  }
  const counts = new Map<string, number>();
  for (const label of column) if (label !== null) counts.set(label, (counts.get(label) ?? 0) + 1);
  const [[frequent] = ['']] = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  const gaps = column.length - [...counts.values()].reduce((sum, count) => sum + count, 0);
  counts.set(frequent, (counts.get(frequent) ?? 0) + gaps);
  return (other) =>
    Float64Array.from(
      other as readonly (string | null)[],
      (label) => (counts.get(label ?? frequent) ?? 0) / column.length,
    );
}

/** The fewest directions of most variance that explain more than EXPLAINED of it, each as weights of the columns. */
function componentsOf(columns: readonly Float64Array[]): readonly (readonly number[])[] {
  const { values, vectors } = eigen(
    columns.map((a) => columns.map((b) => mean(a.map((value, i) => value * (b[i] ?? 0))))),
  );
  const all = values.reduce((sum, value) => sum + value, 0);
  const order = values.map((_, k) => k).sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0));
  let explained = 0;
  let kept = 0;
  while (kept < order.length && explained <= EXPLAINED * all) explained += values[order[kept++] ?? 0] ?? 0;
  return order.slice(0, kept).map((k) => vectors.map((row) => row[k] ?? 0));
}

/** Of each row, the length of what the components lose. */
function errorsOf(columns: readonly Float64Array[], components: readonly (readonly number[])[]): Float64Array {
  return Float64Array.from({ length: columns[0]?.length ?? 0 }, (_, row) => {
    let square = 0;
    for (const column of columns) square += (column[row] ?? 0) ** 2;
    for (const component of components) {
      let along = 0;
      component.forEach((weight, i) => {
        along += weight * (columns[i]?.[row] ?? 0);
      });
      square -= along ** 2;
    }
    return Math.sqrt(Math.max(0, square));
  });
}

const chunkRows = (rows: number): number => Math.max(1, Math.floor(rows / CHUNKS));

/** Means of equal chunks in the order of rows; what is left over is a chunk too. */
function chunkMeans(errors: Float64Array): Float64Array {
  const size = chunkRows(errors.length);
  return Float64Array.from({ length: Math.ceil(errors.length / size) }, (_, i) =>
    mean(errors.subarray(i * size, (i + 1) * size)),
  );
}
