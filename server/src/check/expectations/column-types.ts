import { nothing, unjudged } from '../check';
import { list } from '../words';
import { listOf, ofColumn } from './column-map';
import { type Call, type Expected, type Family, type Kwargs, subjectOf } from './expectation';
import type { Operand } from './operand';

/** The type of a whole column, as it is stored, in the words of numpy, Python, Spark and SQL. */
export const columnTypes: Family = {
  expect_column_values_to_be_of_type: typed(({ type_ }) => [type_]),
  expect_column_values_to_be_in_type_list: typed(({ type_list }) => listOf(type_list)),
  expect_column_type_to_be: typed(({ type_ }) => [type_]),
};

/** Engine's type → what it is called elsewhere, numpy's name first. */
const names: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^TINYINT$/, ['int8', 'ByteType', 'TINYINT', 'int']],
  [/^SMALLINT$/, ['int16', 'ShortType', 'SMALLINT', 'int']],
  [/^INTEGER$/, ['int32', 'IntegerType', 'INTEGER', 'INT', 'int', 'integer']],
  [/^BIGINT$/, ['int64', 'LongType', 'BIGINT', 'int', 'integer', 'Int64']],
  [/^UTINYINT$/, ['uint8', 'int']],
  [/^USMALLINT$/, ['uint16', 'int']],
  [/^UINTEGER$/, ['uint32', 'int']],
  [/^UBIGINT$/, ['uint64', 'int']],
  [/^FLOAT$/, ['float32', 'FloatType', 'REAL', 'FLOAT4']],
  [/^DOUBLE$/, ['float64', 'float', 'double', 'DoubleType', 'DOUBLE', 'FLOAT', 'FLOAT8', 'DOUBLE_PRECISION', 'float_']],
  [/^DECIMAL/, ['Decimal', 'DecimalType', 'DECIMAL', 'NUMERIC', 'decimal']],
  [
    /^VARCHAR$/,
    [
      'str',
      'object',
      'string',
      'unicode',
      'StringType',
      'VARCHAR',
      'TEXT',
      'STRING',
      'str_',
      'object_',
      'O',
      'StringDtype',
    ],
  ],
  [/^BOOLEAN$/, ['bool', 'bool_', 'boolean', 'BooleanType', 'BOOLEAN', 'BOOL']],
  [/^DATE$/, ['date', 'object', 'DateType', 'DATE', 'datetime.date']],
  [/^TIMESTAMP WITH TIME ZONE$/, ['DatetimeTZDtype', 'TimestampType', 'TIMESTAMP', 'TIMESTAMPTZ', 'datetime']],
  [
    /^TIMESTAMP/,
    [
      'datetime64',
      'datetime64[ns]',
      'datetime64[us]',
      'Timestamp',
      'TimestampType',
      'TIMESTAMP',
      'DATETIME',
      'datetime',
    ],
  ],
  [/^TIME/, ['time', 'object', 'TIME']],
  [/^BLOB$/, ['bytes', 'object', 'BinaryType', 'BYTES', 'BLOB']],
  [/(\[\d*\])$/, ['list', 'object', 'ArrayType', 'ARRAY']],
  [/^(STRUCT|MAP)/, ['dict', 'object', 'StructType', 'MapType', 'STRUCT', 'MAP']],
];

const known = new Set(names.flatMap(([, words]) => words.map(wordOf)));

/** Lengths and scales are no part of a type's name. */
function wordOf(type: string): string {
  return type.replace(/\(.*\)$/, '').trim();
}

function typed(typesIn: (kwargs: Kwargs) => readonly unknown[]): Expected {
  return ofColumn(
    (kwargs) => `of type ${list(typesIn(kwargs))}`,
    (operand, call) => measured(operand, call, typesIn(call.kwargs).map(String)),
  );
}

function measured({ field }: Operand, call: Call, wanted: readonly string[]) {
  const unknown = wanted.find((type) => !known.has(wordOf(type)));
  if (unknown !== undefined && wanted.length === 1) {
    return unjudged(`"${unknown}" is no type of numpy, Python, Spark or SQL that Plumbline knows.`);
  }
  const [, words = [field.type]] = names.find(([pattern]) => pattern.test(field.type)) ?? [];
  const holds = wanted.some((type) => words.includes(wordOf(type)));
  return nothing({
    verdict: holds ? 'holds' : 'fails',
    observed: words[0] ?? field.type,
    message: `${subjectOf(call)} should be ${call.words}${holds ? ', and' : ', but'} is ${words[0]} (${field.type}).`,
  });
}
