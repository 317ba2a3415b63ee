export type Level = 'column' | 'table';

/** What the standard says of a library metric: where it stands, and what it is given. */
export interface Metric {
  readonly levels: readonly Level[];
  readonly takes: readonly string[];
  /** At least one of these is needed at the level. */
  readonly needs: Partial<Readonly<Record<Level, readonly string[]>>>;
  /** The dimension of a rule that names none. */
  readonly dimension: string;
}

/** ODCS 3.1, "Library metrics". */
const metrics: Readonly<Record<string, Metric>> = {
  nullValues: { levels: ['column'], takes: [], needs: {}, dimension: 'completeness' },
  missingValues: { levels: ['column'], takes: ['missingValues'], needs: {}, dimension: 'completeness' },
  invalidValues: {
    levels: ['column'],
    takes: ['validValues', 'pattern'],
    needs: { column: ['validValues', 'pattern'] },
    dimension: 'conformity',
  },
  duplicateValues: {
    levels: ['column', 'table'],
    takes: ['properties'],
    needs: { table: ['properties'] },
    dimension: 'uniqueness',
  },
  rowCount: { levels: ['table'], takes: [], needs: {}, dimension: 'completeness' },
};

/** Undefined for a word that is no metric of the standard's. */
export const metricOf = (name: string | undefined): Metric | undefined =>
  name !== undefined && Object.hasOwn(metrics, name) ? metrics[name] : undefined;

export const metricNames: readonly string[] = Object.keys(metrics);
