/** Thirty rules of ten columns, as a contract, as SQL by hand, and as data for the other packages: all check the same. */
import { COLUMNS } from './data.mjs';

/** By column: its type in a contract, and what its values may be. Every column is required. */
export const rules = {
  id: { type: 'integer', unique: true },
  amount: { type: 'number', minimum: 0, maximum: 1_000_000 },
  temperature: { type: 'number', minimum: -100, maximum: 150 },
  distance: { type: 'number', minimum: 0, maximum: 1000 },
  delay: { type: 'number', minimum: 0, maximum: 10_000 },
  age: { type: 'integer', minimum: 18, maximum: 78 },
  count: { type: 'integer', minimum: 0, maximum: 10_000 },
  carrier: { type: 'string', pattern: '^c[0-9]+$', maxLength: 3 },
  city: { type: 'string', pattern: '^city [0-9]+$', maxLength: 8 },
  code: { type: 'string', pattern: '^[0-9]+-[0-9]+$', maxLength: 7 },
};

/** How many rules there are, the count of rows included. */
export const ruleCount = COLUMNS.reduce((sum, name) => sum + Object.keys(rules[name]).length, 1);

/** A contract over one file of so many rows, as JSON, which is YAML too. */
export function contractOf(path, rows) {
  const properties = Object.entries(rules).map(([name, { type, unique, ...options }]) => ({
    name,
    logicalType: type,
    required: true,
    ...(unique ? { unique } : { logicalTypeOptions: options }),
  }));
  const quality = [{ metric: 'rowCount', mustBe: rows }];
  return JSON.stringify({
    ...{ apiVersion: 'v3.1.0', kind: 'DataContract', id: 'bench', name: 'bench', version: '1.0.0', status: 'active' },
    servers: [{ server: 'local', type: 'local', path, format: 'parquet' }],
    schema: [{ name: 'rows', physicalType: 'table', properties, quality }],
  });
}

/** The same in one scan, as somebody would write it who knows DuckDB: counts of rows that break each rule. */
export function sqlOf(path) {
  const broken = {
    minimum: (name, limit) => `${name} < ${limit}`,
    maximum: (name, limit) => `${name} > ${limit}`,
    pattern: (name, pattern) => `NOT regexp_matches(${name}, '${pattern}')`,
    maxLength: (name, length) => `length(${name}) > ${length}`,
  };
  const counts = Object.entries(rules).flatMap(([name, { type: _, unique, ...options }]) => [
    `count(*) - count("${name}")`,
    ...(unique ? [`count("${name}") - count(DISTINCT "${name}")`] : []),
    ...Object.entries(options).map(([rule, limit]) => `count(*) FILTER (WHERE ${broken[rule](`"${name}"`, limit)})`),
  ]);
  return `SELECT count(*), ${counts.join(', ')} FROM '${path}'`;
}
