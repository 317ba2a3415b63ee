import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { changesBetween } from '../../server/src/contract/diff/changes';
import { type ChangeKind, changeKinds } from '../../server/src/contract/diff/kinds';
import { shiftOfPhysical } from '../../server/src/contract/diff/types';
import { bumped, versionVerdict } from '../../server/src/contract/diff/version';
import type { Contract } from '../../server/src/contract/model';
import { dialectOf } from '../../server/src/contract/recognise';
import { parseText } from '../../server/src/text/parse';

function read(text: string, path = 'orders.odcs.yaml'): Contract {
  const tree = parseText(path, text);
  assert.deepEqual(tree.issues, [], text);
  const contract = dialectOf(path, tree)?.read(tree);
  assert.ok(contract, text);
  return contract;
}

const head = 'apiVersion: v3.1.0\nkind: DataContract\nid: orders\nversion: 1.2.3\nstatus: active\n';
const inTable = (lines: string): Contract => read(`${head}schema:\n  - name: orders\n${lines}`);
const inColumn = (keys: string): Contract =>
  inTable(`    properties:\n      - {name: id}\n      - {name: amount, ${keys}}\n      - {name: at}\n`);
const inQuality = (rule: string): Contract => inColumn(`quality: [${rule}]`);
const atRoot = (lines: string): Contract => read(`${head}${lines}schema:\n  - name: orders\n`);

const said = (before: Contract, after: Contract) =>
  changesBetween(before, after).map(({ kind, path }) => `${kind} ${path}`);

type Case = readonly [
  before: string,
  after: string,
  there: string | readonly string[],
  back: string | readonly string[],
];

const list = (kinds: string | readonly string[]) => (typeof kinds === 'string' ? (kinds === '' ? [] : [kinds]) : kinds);
const seen = new Set<string>();

/** Both directions of each case. */
function holds(title: string, make: (part: string) => Contract, cases: readonly Case[], place = ''): void {
  for (const [before, after, there, back] of cases)
    it(`${title}: ${before || 'nothing'} → ${after || 'nothing'}`, () => {
      for (const [from, to, kinds] of [
        [before, after, there],
        [after, before, back],
      ] as const) {
        const found = changesBetween(make(from), make(to));
        for (const { kind } of found) seen.add(kind);
        assert.deepEqual(
          found.map(({ kind }) => kind),
          list(kinds),
        );
        for (const { path } of found) assert.ok(path.startsWith(place), path);
      }
    });
}

describe('changes between two contracts', () => {
  const types = (looser: string) => [looser, { 'type-widened': 'type-narrowed' }[looser] ?? looser] as const;
  const wider = types('type-widened');
  const other = ['type-changed', 'type-changed'] as const;
  holds(
    'a type',
    inColumn,
    [
      ['logicalType: integer', 'logicalType: number', ...wider],
      ['logicalType: string', 'logicalType: date', ...other],
      ['logicalType: string', '', ...wider],
      ['physicalType: int', 'physicalType: bigint', ...wider],
      ['physicalType: INTEGER', 'physicalType: int', '', ''],
      ['physicalType: varchar(10)', 'physicalType: text', ...wider],
      ['physicalType: "decimal(10,2)"', 'physicalType: "decimal(12,2)"', ...wider],
      ['physicalType: "decimal(10,2)"', 'physicalType: "decimal(10,4)"', ...other],
      ['physicalType: struct', 'physicalType: json', ...other],
    ],
    'schema/orders/amount',
  );

  const looser = ['limit-loosened', 'limit-tightened'] as const;
  const options = (written: string) => inColumn(`logicalType: number, logicalTypeOptions: {${written}}`);
  holds(
    'an option',
    options,
    [
      ['maxLength: 5', 'maxLength: 9', ...looser],
      ['minLength: 9', 'minLength: 5', ...looser],
      ['minimum: 1', 'minimum: 0', ...looser],
      ['exclusiveMinimum: 0', 'minimum: 0', ...looser],
      ['maximum: 10', '', ...looser],
      ['maximum: 2024-01-01', 'maximum: 2025-01-01', ...looser],
      ['multipleOf: 10', 'multipleOf: 5', ...looser],
      ['multipleOf: 3', 'multipleOf: 5', 'limit-changed', 'limit-changed'],
      ['uniqueItems: true', 'uniqueItems: false', ...looser],
      ['format: i32', 'format: i64', ...looser],
      ['format: email', 'format: uri', 'limit-changed', 'limit-changed'],
      ['pattern: a', 'pattern: b', 'limit-changed', 'limit-changed'],
    ],
    'schema/orders/amount/',
  );

  holds('a column', inColumn, [
    ['required: true', '', 'column-optional', 'column-required'],
    ['unique: true', 'unique: false', 'unique-removed', 'unique-added'],
    ['primaryKey: true', '', 'primary-key-changed', 'primary-key-added'],
    ['partitioned: true', '', 'partition-changed', 'partition-added'],
    ['enum: [{value: 1}]', 'enum: [{value: 1}, {value: 2}]', 'values-added', 'values-removed'],
    ['enum: [{value: 1}]', '', 'values-added', 'values-removed'],
    [
      'enum: [{value: 1}]',
      'enum: [{value: 2}]',
      ['values-added', 'values-removed'],
      ['values-added', 'values-removed'],
    ],
    ['classification: internal', 'classification: confidential', 'classification-raised', 'classification-changed'],
    ['classification: blue', 'classification: red', 'classification-changed', 'classification-changed'],
    ['description: a', 'description: b', 'words-changed', 'words-changed'],
    ['relationships: [{to: other.id}]', '', 'relationship-removed', 'relationship-added'],
    [
      'logicalType: object, properties: [{name: a}, {name: b}]',
      'logicalType: object, properties: [{name: a}]',
      'column-removed',
      'column-added',
    ],
    [
      'logicalType: array, items: {logicalType: integer}',
      'logicalType: array, items: {logicalType: number}',
      'type-widened',
      'type-narrowed',
    ],
  ]);

  const accepts = ['rule-loosened', 'rule-tightened'] as const;
  const asks = ['rule-changed', 'rule-changed'] as const;
  const nulls = 'metric: nullValues';
  const invalid = 'metric: invalidValues, mustBe: 0';
  const sql = 'type: sql, query: select 1';
  holds(
    'a rule',
    inQuality,
    [
      ['{metric: nullValues, mustBe: 0}', '', 'rule-removed', 'rule-added'],
      [`{${nulls}, mustBe: 0}`, `{${nulls}, mustBeLessThan: 5}`, ...accepts],
      [`{${nulls}, mustBe: 0}`, `{${nulls}, mustBeLessThan: 1}`, '', ''],
      [`{${nulls}, mustBe: 0}`, `{${nulls}, mustBe: 0, unit: percent}`, '', ''],
      [`{${nulls}, mustBeLessThan: 5}`, `{${nulls}, mustBeLessThan: 5, unit: percent}`, ...asks],
      [`{${nulls}, mustBeLessOrEqualTo: 4}`, `{${nulls}, mustBeLessThan: 5}`, '', ''],
      [`{${nulls}, mustBeLessOrEqualTo: 4, unit: percent}`, `{${nulls}, mustBeLessThan: 5, unit: percent}`, ...accepts],
      [`{${nulls}, mustBeBetween: [2, 4]}`, `{${nulls}, mustBeBetween: [1, 5]}`, ...accepts],
      [`{${nulls}, mustBeBetween: [2, 4]}`, `{${nulls}, mustBeBetween: [3, 5]}`, ...asks],
      [`{${nulls}, mustNotBeBetween: [1, 5]}`, `{${nulls}, mustNotBeBetween: [2, 4]}`, ...accepts],
      [`{${sql}, mustBe: 5}`, `{${sql}, mustBeGreaterOrEqualTo: 5}`, ...accepts],
      [`{${sql}, mustBeGreaterThan: 5}`, `{${sql}, mustNotBe: 5}`, ...accepts],
      [`{${sql}, mustBe: true}`, `{${sql}, mustBe: false}`, ...asks],
      [`{${sql}, mustBe: 5}`, '{type: sql, query: select 2, mustBe: 5}', ...asks],
      [`{${invalid}, arguments: {validValues: [a]}}`, `{${invalid}, arguments: {validValues: [b, a]}}`, ...accepts],
      [`{${invalid}, arguments: {validValues: [a]}}`, `{${invalid}, arguments: {validValues: [b]}}`, ...asks],
      [`{${invalid}, arguments: {pattern: a}}`, `{${invalid}, arguments: {pattern: b}}`, ...asks],
      [
        '{metric: missingValues, mustBe: 0, arguments: {missingValues: [null, x]}}',
        '{metric: missingValues, mustBe: 0, arguments: {missingValues: [null]}}',
        ...accepts,
      ],
      [
        `{${nulls}, mustBe: 0, severity: error}`,
        `{${nulls}, mustBe: 0, severity: warning}`,
        'severity-lowered',
        'severity-raised',
      ],
      ['{type: text, description: a}', '{type: text, description: b}', ...asks],
      [
        '{type: custom, engine: greatExpectations, implementation: {type: expect_column_values_to_be_between, kwargs: {min_value: 1, max_value: 5}}}',
        '{type: custom, engine: greatExpectations, implementation: {type: expect_column_values_to_be_between, kwargs: {max_value: 9, min_value: 1}}}',
        ...accepts,
      ],
      [
        '{type: custom, engine: greatExpectations, implementation: {type: expect_column_values_to_not_be_null}}',
        '{type: custom, engine: greatExpectations, implementation: {type: expect_column_values_to_not_be_null, kwargs: {mostly: 0.9}}}',
        ...accepts,
      ],
    ],
    'schema/orders/amount/quality/',
  );

  const sla = (written: string) => atRoot(`slaProperties: [${written}]\n`);
  const level = ['sla-loosened', 'sla-tightened'] as const;
  holds(
    'a service level',
    sla,
    [
      ['{property: latency, value: 4, unit: h}', '{property: ly, value: 1, unit: d}', ...level],
      ['{property: freshness, value: 24, unit: h}', '{property: freshness, value: 1, unit: d}', '', ''],
      ['{property: retention, value: 2, unit: y}', '{property: retention, value: 1, unit: y}', ...level],
      ['{property: availability, value: 99.9 %}', '{property: availability, value: 99 %}', ...level],
      ['{property: endOfSupport, value: 2030-01-01}', '{property: endOfSupport, value: 2029-01-01}', ...level],
      ['{property: mood, value: good}', '{property: mood, value: bad}', 'sla-changed', 'sla-changed'],
      [
        '{property: latency, value: 4, unit: h, element: orders.a}',
        '{property: latency, value: 4, unit: h, element: orders.b}',
        'sla-changed',
        'sla-changed',
      ],
      ['{property: latency, value: 4, unit: h}', '', 'sla-removed', 'sla-added'],
    ],
    'slaProperties/',
  );

  const servers = (written: string) => atRoot(`servers: [${written}]\n`);
  holds(
    'a server',
    servers,
    [
      ['{server: a, type: local, path: x, format: csv}', '', 'server-removed', 'server-added'],
      ['{server: a, type: local, path: x}', '{server: b, type: local, path: x}', 'server-renamed', 'server-renamed'],
      ['{server: a, type: local, path: x}', '{server: a, type: local, path: y}', 'server-changed', 'server-changed'],
      ['{server: a, type: local, description: x}', '{server: a, type: local, description: y}', '', ''],
    ],
    'servers/',
  );

  holds('the contract', (keys) => read(`${head.replace('status: active\n', '')}${keys}\nschema: []\n`), [
    ['status: active', 'status: deprecated', 'status-changed', 'status-changed'],
    ['description: {purpose: a}', 'description: {purpose: b}', 'words-changed', 'words-changed'],
  ]);
  holds('the contract', (id) => read(head.replace('id: orders', id)), [
    ['id: orders', 'id: other', 'id-changed', 'id-changed'],
  ]);

  holds('a table', (tables) => read(`${head}schema: ${tables}\n`), [
    ['[{name: a}, {name: b}]', '[{name: a}]', 'table-removed', 'table-added'],
    [
      '[{name: a, properties: [{name: x}, {name: y}]}]',
      '[{name: b, properties: [{name: x}, {name: y}]}]',
      'table-renamed',
      'table-renamed',
    ],
    [
      '[{name: a, properties: [{name: x}]}]',
      '[{name: b, properties: [{name: z}]}]',
      ['table-removed', 'table-added'],
      ['table-removed', 'table-added'],
    ],
    ['[{name: a, physicalName: t1}]', '[{name: a, physicalName: t2}]', 'table-renamed', 'table-renamed'],
    [
      '[{name: a, properties: [{name: x, primaryKey: true, primaryKeyPosition: 1}, {name: y, primaryKey: true, primaryKeyPosition: 2}]}]',
      '[{name: a, properties: [{name: x, primaryKey: true, primaryKeyPosition: 2}, {name: y, primaryKey: true, primaryKeyPosition: 1}]}]',
      'primary-key-reordered',
      'primary-key-reordered',
    ],
  ]);

  describe('columns with another name', () => {
    const columns = (...written: readonly string[]) =>
      inTable(`    properties:\n${written.map((column) => `      - {${column}}\n`).join('')}`);
    const cases: readonly (readonly [string, readonly string[], readonly string[], readonly string[]])[] = [
      [
        'by its place',
        ['name: id', 'name: amount, logicalType: number', 'name: at'],
        ['name: id', 'name: total, logicalType: number', 'name: at'],
        ['column-renamed schema/orders/total'],
      ],
      [
        'by its letters, moved',
        ['name: order_amount, logicalType: number', 'name: a', 'name: b'],
        ['name: a', 'name: b', 'name: c', 'name: orderAmount, logicalType: number'],
        ['column-renamed schema/orders/orderAmount', 'column-added schema/orders/c'],
      ],
      [
        'by its text, moved',
        ['name: x, description: The price., logicalType: number', 'name: a', 'name: b'],
        ['name: a', 'name: b', 'name: total, description: The price., logicalType: number'],
        ['column-renamed schema/orders/total'],
      ],
      [
        'by its name in the store',
        ['name: x, physicalName: c7', 'name: a', 'name: b'],
        ['name: a', 'name: b', 'name: total, physicalName: c7', 'name: d'],
        ['column-renamed schema/orders/total', 'column-added schema/orders/d'],
      ],
      [
        'not of another type',
        ['name: id', 'name: amount, logicalType: number', 'name: at'],
        ['name: id', 'name: total, logicalType: date', 'name: at'],
        ['column-removed schema/orders/amount', 'column-added schema/orders/total'],
      ],
      [
        'not elsewhere with another name',
        ['name: note, logicalType: string', 'name: a', 'name: b'],
        ['name: a', 'name: b', 'name: country, logicalType: string'],
        ['column-removed schema/orders/note', 'column-added schema/orders/country'],
      ],
      [
        'with what else has changed of it',
        ['name: id', 'name: amount, required: true', 'name: at'],
        ['name: id', 'name: amounts', 'name: at'],
        ['column-renamed schema/orders/amounts', 'column-optional schema/orders/amounts/required'],
      ],
      [
        'in a key',
        ['name: id, primaryKey: true', 'name: at'],
        ['name: order_id, primaryKey: true', 'name: at'],
        ['column-renamed schema/orders/order_id'],
      ],
    ];
    for (const [title, before, after, expected] of cases)
      it(title, () => assert.deepEqual(said(columns(...before), columns(...after)).sort(), [...expected].sort()));

    it('among five thousand, in little time', function () {
      this.timeout(20_000);
      const many = (prefix: string) =>
        columns(...Array.from({ length: 5000 }, (_, at) => `name: ${prefix}_${at}, logicalType: integer`));
      const [before, after] = [many('old'), many('new')];
      const started = performance.now();
      const found = changesBetween(before, after);
      assert.ok(performance.now() - started < 5000);
      assert.equal(found.length, 5000);
      assert.ok(found.every(({ kind }) => kind === 'column-renamed'));
    });
  });

  it('tells each kind of change in some case, and every one that it tells is in the table', () => {
    for (const kind of ['column-renamed', 'column-removed', 'column-added']) seen.add(kind);
    assert.deepEqual([...seen].sort(), Object.keys(changeKinds).sort());
  });

  it('marks what changed, or what it is gone from', () => {
    const after = inColumn('required: false');
    const at = (before: Contract) =>
      changesBetween(before, after).map(({ span }) => after.tree.text.slice(span.start, span.end));
    assert.deepEqual(at(inColumn('required: true')), ['false']);
    assert.deepEqual(at(inColumn('logicalType: string, required: false')), ['amount']);
    assert.deepEqual(
      at(inTable('    properties: [{name: id}, {name: amount}, {name: at}, {name: gone, logicalType: date}]\n')),
      ['orders'],
    );
    const none = read(head);
    const [change] = changesBetween(inTable(''), none);
    assert.equal(none.tree.text.slice(change?.span.start, change?.span.end), '1.2.3');
  });

  it('says what was and what is, as a person would', () => {
    const messages = (before: Contract, after: Contract) => changesBetween(before, after).map(({ message }) => message);
    assert.deepEqual(
      messages(
        inColumn('logicalType: integer, required: true, quality: [{metric: nullValues, mustBe: 0}]'),
        inColumn('logicalType: number, quality: [{metric: nullValues, mustBeLessThan: 5}]'),
      ),
      [
        'Column "amount" may be empty, and was required.',
        'Column "amount" takes more values than before: its type is number, where it was integer.',
        'The rule nullValues of column "amount" accepts more than before: mustBeLessThan 5, where it was mustBe 0.',
      ],
    );
  });

  it('is silent of a contract and itself, whatever its dialect', () => {
    for (const path of [
      'test/fixtures/contract/conversions/from-orders.odcs.yaml',
      'samples/flights/contracts/flights.odcs.yaml',
    ]) {
      const text = readFileSync(path, 'utf8');
      assert.deepEqual(said(read(text, path), read(text, path)), []);
      // Blanks and comments are no changes, though nothing is letter by letter what it was.
      const respelt = text.replaceAll(/^( *- name: .*)$/gm, '$1 # more');
      assert.deepEqual(said(read(text, path), read(respelt, path)), []);
    }
  });

  it('reads other dialects in the same terms', () => {
    const dbt = (test: string) =>
      read(
        `version: 2\nmodels:\n  - name: orders\n    columns:\n      - name: id\n        data_type: int\n${test}`,
        'models/schema.yml',
      );
    assert.deepEqual(said(dbt('        data_tests: [not_null]\n'), dbt('')).length, 1);
    const suite = (max: number) =>
      read(
        JSON.stringify({
          name: 's',
          expectations: [
            { type: 'expect_column_values_to_be_between', kwargs: { column: 'a', min_value: 0, max_value: max } },
          ],
          meta: { great_expectations_version: '1.0.0' },
        }),
        'suite.json',
      );
    const kindsOf = (before: Contract, after: Contract): readonly ChangeKind[] =>
      changesBetween(before, after).map(({ kind }) => kind);
    assert.deepEqual(kindsOf(suite(5), suite(9)), ['rule-loosened']);
    assert.deepEqual(kindsOf(suite(9), suite(5)), ['rule-tightened']);
  });

  describe('types of stores', () => {
    const cases: readonly (readonly [string, string, string])[] = [
      ['varchar(10)', 'VARCHAR( 10 )', 'same'],
      ['uint8', 'smallint', 'looser'],
      ['smallint', 'uint8', 'tighter'],
      ['int', 'uint32', 'other'],
      ['int', 'double', 'looser'],
      ['bigint', 'double', 'other'],
      ['int', 'decimal(10,0)', 'looser'],
      ['bigint', 'decimal(18,0)', 'tighter'],
      ['decimal(4,0)', 'smallint', 'looser'],
      ['decimal(5,0)', 'smallint', 'tighter'],
      ['decimal(2,0)', 'uint8', 'other'],
      ['decimal(4,0)', 'int', 'looser'],
      ['timestamp(3)', 'timestamp(6)', 'looser'],
      ['timestamp', 'timestamptz', 'other'],
      ['int8', 'bigint', 'other'],
      ['varchar(max)', 'varchar(10)', 'tighter'],
    ];
    for (const [before, after, expected] of cases)
      it(`${before} → ${after}`, () => assert.equal(shiftOfPhysical(before, after), expected));
  });

  describe('versions', () => {
    it('come after one another by what has changed', () => {
      const cases = [
        ['1.2.3', 'major', '2.0.0'],
        ['1.2.3', 'minor', '1.3.0'],
        ['1.2.3', 'patch', '1.2.4'],
        ['v1.2', 'major', 'v2.0.0'],
        ['0.4.1', 'major', '0.5.0'],
        ['0.4.1', 'minor', '0.4.2'],
        ['2.0.0-rc.1', 'major', '2.0.0'],
        ['June', 'major', undefined],
      ] as const;
      for (const [version, bump, expected] of cases) assert.equal(bumped(version, bump), expected);
    });

    const verdict = (version: string, column: string) => {
      const [before, after] = [inColumn('required: true'), inColumn(column)];
      const now = { ...after, version };
      return versionVerdict(before, now, changesBetween(before, now));
    };
    it('are enough from the one on that is called for, candidates of it too', () => {
      const enough = ['2.0.0', '2.0.0-rc.1', '3.1.0', 'June'];
      for (const version of enough) assert.equal(verdict(version, '').enough, true, version);
      for (const version of ['1.2.3', '1.3.0', '1.9.9', '0.9.0'])
        assert.equal(verdict(version, '').enough, false, version);
    });
    it('need not change when nothing has', () => {
      assert.deepEqual(verdict('1.2.3', 'required: true'), {
        bump: 'none',
        before: '1.2.3',
        after: '1.2.3',
        needed: undefined,
        enough: true,
      });
      assert.deepEqual(verdict('1.2.3', 'required: true, unique: true'), {
        bump: 'minor',
        before: '1.2.3',
        after: '1.2.3',
        needed: '1.3.0',
        enough: false,
      });
    });
  });
});
