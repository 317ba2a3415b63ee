/** Expectations about one figure of a column, and the SELECT that gives it; of no values the sum is 0, as in pandas. */
export const figures: Readonly<Record<string, string>> = {
  expect_column_min_to_be_between: 'SELECT min({property}) FROM {object}',
  expect_column_max_to_be_between: 'SELECT max({property}) FROM {object}',
  expect_column_mean_to_be_between: 'SELECT avg({property}) FROM {object}',
  expect_column_median_to_be_between: 'SELECT median({property}) FROM {object}',
  expect_column_sum_to_be_between: 'SELECT coalesce(sum({property}), 0) FROM {object}',
  expect_column_stdev_to_be_between: 'SELECT stddev_samp({property}) FROM {object}',
  expect_column_unique_value_count_to_be_between: 'SELECT count(DISTINCT {property}) FROM {object}',
  expect_column_proportion_of_unique_values_to_be_between:
    'SELECT coalesce(1.0 * count(DISTINCT {property}) / nullif(count({property}), 0), 0) FROM {object}',
};

/** What Great Expectations may call the type of a column that holds a logical type: names of pandas, Spark and SQL. */
export const typeLists: Readonly<Record<string, readonly string[]>> = {
  integer: [
    'int',
    'int8',
    'int16',
    'int32',
    'int64',
    'Int64',
    'INTEGER',
    'BIGINT',
    'SMALLINT',
    'IntegerType',
    'LongType',
  ],
  number: [
    'float',
    'float32',
    'float64',
    'DOUBLE',
    'FLOAT',
    'REAL',
    'DECIMAL',
    'NUMERIC',
    'DoubleType',
    'FloatType',
    'DecimalType',
    'int',
    'int32',
    'int64',
    'INTEGER',
    'BIGINT',
    'IntegerType',
    'LongType',
  ],
  string: ['str', 'string', 'object', 'VARCHAR', 'TEXT', 'STRING', 'StringType'],
  boolean: ['bool', 'boolean', 'BOOLEAN', 'BooleanType'],
  date: ['date', 'DATE', 'DateType'],
  timestamp: ['datetime64[ns]', 'datetime64', 'Timestamp', 'TIMESTAMP', 'TIMESTAMPTZ', 'DATETIME', 'TimestampType'],
  time: ['time', 'TIME'],
  object: ['dict', 'STRUCT', 'StructType'],
  array: ['list', 'ARRAY', 'ArrayType'],
};

/** `int64` of numpy is `integer`; undefined for a name that several logical types go by, or none. */
export function logicalTypeCalled(name: string): string | undefined {
  const word = name.replace(/\(.*\)$/, '').trim();
  return Object.entries(typeLists).find(([, names]) => names.includes(word) && word !== 'object')?.[0];
}

/** The bounds of an expectation as operators of ODCS, with what each compares. */
export function operatorsIn(kwargs: Readonly<Record<string, unknown>>): readonly (readonly [string, unknown])[] {
  const { value, min_value: low, max_value: high, strict_min, strict_max } = kwargs;
  if (value !== undefined) return [['mustBe', value]];
  if (low !== undefined && low === high) return [['mustBe', low]];
  if (low !== undefined && high !== undefined && strict_min !== true && strict_max !== true)
    return [['mustBeBetween', [low, high]]];
  return [
    ...(low === undefined
      ? []
      : [[strict_min === true ? 'mustBeGreaterThan' : 'mustBeGreaterOrEqualTo', low] as const]),
    ...(high === undefined ? [] : [[strict_max === true ? 'mustBeLessThan' : 'mustBeLessOrEqualTo', high] as const]),
  ];
}

/** An operator of ODCS as the bounds of an expectation; undefined for one that is no range. */
export function boundsIn(keyword: string, value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (keyword === 'mustBe') return { min_value: value, max_value: value };
  if (keyword === 'mustBeGreaterThan') return { min_value: value, strict_min: true };
  if (keyword === 'mustBeGreaterOrEqualTo') return { min_value: value };
  if (keyword === 'mustBeLessThan') return { max_value: value, strict_max: true };
  if (keyword === 'mustBeLessOrEqualTo') return { max_value: value };
  return keyword === 'mustBeBetween' && Array.isArray(value) ? { min_value: value[0], max_value: value[1] } : undefined;
}
