/** What the standard says of a library metric: where it stands, and what it is given. */
export interface Metric {
  readonly levels: readonly ('table' | 'column')[];
  readonly arguments: readonly string[];
  /** At least one of them is needed. */
  readonly needed: readonly string[];
}

/** ODCS 3.1, "Library metrics". `duplicateValues` needs its columns only on a table. */
export const metrics: Readonly<Record<string, Metric>> = {
  nullValues: { levels: ['column'], arguments: [], needed: [] },
  missingValues: { levels: ['column'], arguments: ['missingValues'], needed: [] },
  invalidValues: { levels: ['column'], arguments: ['validValues', 'pattern'], needed: ['validValues', 'pattern'] },
  duplicateValues: { levels: ['column', 'table'], arguments: ['properties'], needed: [] },
  rowCount: { levels: ['table'], arguments: [], needed: [] },
};

export const metricOf = (name: string | undefined): Metric | undefined =>
  name !== undefined && Object.hasOwn(metrics, name) ? metrics[name] : undefined;
