/** Words of warehouses for their types, and the logical type that each holds; the first that fits counts. */
const families: readonly (readonly [RegExp, string])[] = [
  [/^(array|list)\b|\[\d*\]$/i, 'array'],
  [/^(struct|record|object|jsonb?|variant|super|map)\b/i, 'object'],
  [/^(decimal|numeric|number)\s*\(\s*\d+\s*(,\s*0\s*)?\)/i, 'integer'],
  [/^u?(tiny|small|medium|big|huge|byte)?int(eger)?\d*\b|^(long|short)$/i, 'integer'],
  [/^(decimal|numeric|number|bignumeric|float\d*|double|real)\b/i, 'number'],
  [/^bool(ean)?\b/i, 'boolean'],
  [/^(timestamp|datetime)/i, 'timestamp'],
  [/^date\b/i, 'date'],
  [/^time\b/i, 'time'],
  [/^(national )?(n?var)?n?char|^(n?text|string|uuid|character)\b/i, 'string'],
];

/** The logical type of a warehouse's word; undefined for one that names none. */
export const logicalTypeIn = (dataType: string): string | undefined =>
  families.find(([pattern]) => pattern.test(dataType.trim()))?.[1];

/** A word that DuckDB, Postgres and Snowflake know for each logical type. */
export const dataTypes: Readonly<Record<string, string>> = {
  string: 'varchar',
  integer: 'bigint',
  number: 'double precision',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
  time: 'time',
  object: 'json',
};
