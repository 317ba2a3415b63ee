interface Level {
  /** The key of its value. */
  readonly value: string;
  /** The key of the column that shows it. */
  readonly column?: string;
  /** All that ODCS has a place for. */
  readonly keys: readonly string[];
}

const level = (value: string, column?: string): Level => ({
  value,
  ...(column === undefined ? {} : { column }),
  keys: column === undefined ? [value] : [value, column],
});

/** The service levels of the specification that ODCS has a property for, of the same name. */
export const levels: Readonly<Record<string, Level>> = {
  freshness: level('threshold', 'timestampField'),
  latency: level('threshold', 'processedTimestampField'),
  retention: level('period', 'timestampField'),
  frequency: level('interval'),
  availability: level('percentage'),
};
