/** Types of the specification by the logical type of ODCS that holds the same values; the first is written. */
const types: Readonly<Record<string, readonly string[]>> = {
  string: ['string', 'text', 'varchar'],
  integer: ['integer', 'int', 'long', 'bigint'],
  number: ['number', 'decimal', 'numeric', 'float', 'double'],
  boolean: ['boolean'],
  timestamp: ['timestamp', 'timestamp_tz', 'timestamp_ntz'],
  date: ['date'],
  time: ['time'],
  array: ['array'],
  object: ['object', 'record', 'struct', 'map'],
};

/** Undefined for a word that the specification lacks, and for bytes and null, of which ODCS has no logical type. */
export function logicalTypeOf(type: string | undefined, hasFields: boolean): string | undefined {
  if (type === undefined) return hasFields ? 'object' : undefined;
  return Object.entries(types).find(([, words]) => words.includes(type.toLowerCase()))?.[0];
}

/** The specification's word for a logical type of ODCS. */
export const typeFor = (logicalType: string): string | undefined =>
  Object.hasOwn(types, logicalType) ? types[logicalType]?.[0] : { map: 'map', vector: 'array' }[logicalType];
