import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { convert, inOdcsTerms, writable } from '../../server/src/contract/convert';
import type { Dialect, Written } from '../../server/src/contract/dialect';
import { greatExpectations } from '../../server/src/contract/dialects/great-expectations';
import { odcs } from '../../server/src/contract/dialects/odcs';
import {
  type Column,
  type Contract,
  columnsOf,
  primaryKeyOf,
  type Rule,
  type Table,
} from '../../server/src/contract/model';
import { yamlText } from '../../server/src/contract/writing';
import { validate } from '../../server/src/schema/validate';
import { Lines } from '../../server/src/text/lines';
import { parseText } from '../../server/src/text/parse';
import { parseYaml } from '../../server/src/text/yaml';
import { assertGolden } from '../golden';
import { sequence } from '../random';

const home = 'test/fixtures/contract/conversions';

const readBy = (dialect: Dialect, { text, suffix }: Written): Contract => {
  const path = `contract${suffix}`;
  const tree = parseText(path, text);
  assert.deepEqual(tree.issues, [], text);
  assert.ok(dialect.recognises(path, tree), `${dialect.id} does not recognise what it wrote:\n${text}`);
  return dialect.read(tree);
};

const told = ({ tree }: Contract, { losses }: Written): string =>
  losses
    .map(({ message, node }) => {
      const { line, character } = new Lines(tree.text).position(node.span.start);
      return `${line + 1}:${character + 1} ${message}\n`;
    })
    .join('');

describe('conversions of contracts', () => {
  for (const name of existsSync(home) ? readdirSync(home).filter((file) => /^from-\w+\./.test(file)) : [])
    for (const dialect of writable)
      it(`${name} as ${dialect.id}`, () => {
        const tree = parseText(name, readFileSync(join(home, name), 'utf8'));
        const from = [odcs, greatExpectations].find((candidate) => candidate.recognises(name, tree));
        assert.ok(from, 'nobody reads it');
        if (from === dialect) return;
        const contract = from.read(tree);
        const made = convert(contract, dialect);
        assertGolden(join(home, `${name.replace(/\..*/, '')}-as-${dialect.id}${made.suffix}`), made.text);
        assertGolden(join(home, `${name.replace(/\..*/, '')}-as-${dialect.id}.losses`), told(contract, made));
      });

  it('of ODCS to itself keep every word that the model has, and are valid', () => {
    for (let seed = 1; seed <= 150; seed++) {
      const contract = random(seed);
      const made = convert(contract, odcs);
      assert.deepEqual(made.losses, [], made.text);
      assert.deepEqual(
        validate(parseYaml(made.text), 'odcs-3.1.0').filter(({ severity }) => severity === 'error'),
        [],
        made.text,
      );
      assert.deepEqual(whole(readBy(odcs, made)), whole(contract), `seed ${seed}`);
    }
  });

  for (const dialect of writable) {
    it(`to ${dialect.id} and back change nothing that it can say, and drop nothing in silence`, () => {
      for (let seed = 1; seed <= 150; seed++) {
        const contract = random(seed);
        const made = convert(contract, dialect);
        const back = inOdcsTerms(readBy(dialect, made)).contract;
        const again = convert(back, dialect);
        const twice = inOdcsTerms(readBy(dialect, again)).contract;
        assert.deepEqual(demands(twice), demands(back), `seed ${seed}\n${made.text}\n${again.text}`);
        for (const gone of missing(contract, back))
          assert.ok(
            made.losses.some(({ node }) => node.span.start >= gone.start && node.span.start < gone.end),
            `seed ${seed}: ${gone.what} is gone, and nobody is told\n${contract.tree.text}\n${made.text}`,
          );
      }
    });
  }
});

/** All of a contract but places. */
function whole({ tree, dialect, apiVersion, ...rest }: Contract): unknown {
  const bare = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(bare);
    if (typeof value !== 'object' || value === null) return value;
    const kept = Object.entries(value).filter(
      ([key, part]) => !/node/i.test(key) && part !== undefined && JSON.stringify(part) !== '{}',
    );
    return Object.fromEntries(kept.map(([key, part]) => [key, bare(part)]));
  };
  return bare(rest);
}

/** What is demanded of the data, however it is said, in an order of its own. */
function demands({ tables }: Contract): readonly string[] {
  return tables
    .flatMap((table) => {
      const key = primaryKeyOf(table);
      return [
        ...columnsOf(table).flatMap((column) => demandsOf(column).map((demand) => `${column.path}: ${demand}`)),
        ...(key.length > 1 ? [`unique together ${key.map(({ path }) => path)}`] : []),
        ...(key.length === 1 ? [`${key[0]?.path}: unique`] : []),
        ...table.rules.map(ruleWords),
      ];
    })
    .toSorted()
    .filter((demand, at, all) => demand !== all[at - 1]);
}

const demandsOf = (column: Column): readonly string[] => [
  'is there',
  `type ${column.logicalType ?? ''}`,
  ...(column.required || column.primaryKey ? ['required'] : []),
  ...(column.unique ? ['unique'] : []),
  ...(column.values ? [`in ${JSON.stringify(column.values)}`] : []),
  ...Object.entries(column.options).map(([option, value]) => `${option} ${JSON.stringify(value)}`),
  ...column.rules.map(ruleWords),
];

/** A rule by what it demands; one that only says what the schema could is that. */
function ruleWords(rule: Rule): string {
  const { metric, operators, arguments: given, query, unit, filter, implementation } = rule;
  const isNone = operators.length === 1 && operators[0]?.keyword === 'mustBe' && operators[0].value === 0 && !filter;
  if (isNone && metric === 'nullValues') return 'required';
  if (isNone && metric === 'duplicateValues' && !given.properties) return 'unique';
  if (isNone && metric === 'duplicateValues') return `unique together ${given.properties}`;
  if (isNone && metric === 'invalidValues' && given.pattern === undefined)
    return `in ${JSON.stringify(given.validValues)}`;
  if (isNone && metric === 'invalidValues' && given.validValues === undefined)
    return `pattern ${JSON.stringify(given.pattern)}`;
  const compared = operators.map(({ keyword, value }) => [keyword, value]);
  return JSON.stringify([metric, given, query, compared, unit, filter, implementation]);
}

interface Gone {
  readonly what: string;
  readonly start: number;
  readonly end: number;
}

/** The demands of the first contract's columns that the second has not, with the place where a loss must be told. */
function missing(before: Contract, after: Contract): readonly Gone[] {
  const kept = new Set(demands(after));
  // That there are items says a list already.
  const columns = (table: Table) => columnsOf(table).filter(({ path }) => !path.endsWith('[]'));
  return before.tables.flatMap((table) =>
    columns(table).flatMap((column) =>
      demandsOf(column)
        .filter((demand) => ['is there', 'required', 'unique'].includes(demand))
        .filter((demand) => !kept.has(`${column.path}: ${demand}`))
        .map((demand) => ({ what: `${column.path}: ${demand}`, ...column.node.span })),
    ),
  );
}

/** A contract of ODCS by chance, of all that the formats may have in common and more. */
function random(seed: number): Contract {
  const next = sequence(seed);
  const some = (share: number) => next() < share;
  const one = <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)] as T;
  const maybe = (share: number, values: object): object => (some(share) ? values : {});
  const optionsFor: Readonly<Record<string, () => object>> = {
    string: () => ({
      ...maybe(0.5, { minLength: 1 }),
      ...maybe(0.5, { maxLength: 40 }),
      ...maybe(0.5, { pattern: one(['^[A-Z]{2}$', '^\\d+$', 'x']) }),
    }),
    integer: () => ({ ...maybe(0.5, { minimum: -3 }), ...maybe(0.5, { exclusiveMaximum: 900 }) }),
    number: () => ({ ...maybe(0.5, { exclusiveMinimum: 0 }), ...maybe(0.5, { maximum: 0.5 }) }),
  };
  const rule = (): object =>
    one<object>([
      { metric: 'nullValues', mustBe: 0 },
      { metric: 'nullValues', unit: 'percent', mustBeLessOrEqualTo: 5 },
      { metric: 'missingValues', arguments: { missingValues: [null, 'N/A'] }, mustBe: 0 },
      { metric: 'invalidValues', arguments: { validValues: ['a', 'b'] }, mustBe: 0, severity: 'warning' },
      { metric: 'duplicateValues', mustBeLessThan: 3 },
      { type: 'sql', query: 'SELECT count(*) FROM {object} WHERE {property} < 4', mustBe: 0 },
      { type: 'sql', query: 'SELECT avg({property}) FROM {object}', mustBeBetween: [1, 5] },
      { type: 'text', description: 'Ask the owner.' },
      { type: 'custom', engine: 'dqx', implementation: 'is_not_null' },
      { id: 'rule-1', metric: 'nullValues', mustBe: 0, customProperties: [{ property: 'filter', value: 'x > 1' }] },
    ]);
  const column = (name: string): object => {
    const logicalType = one(['string', 'integer', 'number', 'boolean', 'date', 'timestamp']);
    const options = optionsFor[logicalType]?.() ?? {};
    return {
      name,
      logicalType,
      ...(Object.keys(options).length > 0 ? { logicalTypeOptions: options } : {}),
      ...maybe(0.2, { physicalType: logicalType === 'integer' ? 'BIGINT' : 'VARCHAR' }),
      ...maybe(0.2, { description: 'What it is: "quoted" # and more' }),
      ...maybe(0.4, { required: true }),
      ...maybe(0.2, { unique: true }),
      ...maybe(0.1, { primaryKey: true }),
      ...maybe(0.1, {
        tags: ['a'],
        classification: 'internal',
        customProperties: [{ property: 'k', value: [1, { x: 'y' }] }],
      }),
      ...maybe(0.3, { quality: [rule()] }),
    };
  };
  const nested = { name: 'address', logicalType: 'object', properties: [column('city')] };
  const list = { name: 'words', logicalType: 'array', items: { logicalType: 'string' } };
  const value = {
    apiVersion: 'v3.1.0',
    kind: 'DataContract',
    id: `c${seed}`,
    name: 'orders',
    version: '1.0.0',
    status: 'active',
    ...maybe(0.3, { domain: 'sales', description: { purpose: 'For tests.', usage: 'None.' } }),
    ...maybe(0.3, { servers: [{ server: 'here', type: 'local', path: 'data/orders.csv', format: 'csv' }] }),
    schema: [
      {
        name: 'orders',
        ...maybe(0.3, { physicalName: 'orders_v1' }),
        ...maybe(0.3, { description: 'Orders.' }),
        properties: [...['a', 'b', 'c'].map(column), ...(some(0.3) ? [nested] : []), ...(some(0.3) ? [list] : [])],
        ...maybe(0.4, {
          quality: [
            one<object>([
              { metric: 'rowCount', mustBeGreaterThan: 0 },
              { metric: 'duplicateValues', arguments: { properties: ['a', 'b'] }, mustBe: 0 },
              { metric: 'rowCount', mustBeBetween: [1, 9] },
            ]),
          ],
        }),
      },
    ],
    ...maybe(0.3, { slaProperties: [{ property: 'latency', value: 4, unit: 'd', element: 'orders.a' }] }),
  };
  return odcs.read(parseYaml(yamlText(value)));
}
