import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CheckResult } from '../../server/src/protocol';
import { checkText, tableContract, writeParquet } from './checking';

/** The one check of this kind over a column `v` that holds these values, one a line, empty lines being NULL. */
async function checkOf(kind: string, property: string, values: readonly string[]): Promise<CheckResult> {
  const csv = `id,v\n${values.map((value, index) => `${index + 1},${value}\n`).join('')}`;
  const { one } = await checkText(tableContract(`- name: v\n${property.replaceAll(/^/gm, '  ')}`), { 't.csv': csv });
  return one({ kind });
}

/** kind, property, values, observed, rows of the samples. */
const cases: readonly (readonly [string, string, readonly string[], number, readonly number[]])[] = [
  ['required', 'required: true', ['a', '', 'b', ''], 2, [2, 4]],
  ['required', 'required: true', ['a', 'ü'], 0, []],
  ['minLength', 'logicalType: string\nlogicalTypeOptions: {minLength: 2}', ['ab', 'é', '😀😀', 'e', ''], 2, [2, 4]],
  ['maxLength', 'logicalType: string\nlogicalTypeOptions: {maxLength: 2}', ['ab', 'abc', '😀😀', ''], 1, [2]],
  ['pattern', 'logicalType: string\nlogicalTypeOptions: {pattern: "^Ü+$"}', ['ÜÜ', 'U', ''], 1, [2]],
  ['minimum', 'logicalType: integer\nlogicalTypeOptions: {minimum: 3}', ['3', '2', 'x', '', '-7'], 2, [2, 5]],
  ['maximum', 'logicalType: number\nlogicalTypeOptions: {maximum: 0.1}', ['0.1', '0.10000001', '1e3', ''], 2, [2, 3]],
  ['exclusiveMinimum', 'logicalType: number\nlogicalTypeOptions: {exclusiveMinimum: 0}', ['0', '0.5', '-1'], 2, [1, 3]],
  [
    'exclusiveMaximum',
    'logicalType: integer\nlogicalTypeOptions: {exclusiveMaximum: 10}',
    ['10', '9', '11'],
    2,
    [1, 3],
  ],
  [
    'minimum',
    'logicalType: date\nlogicalTypeOptions: {minimum: "2020-01-02"}',
    ['2020-01-01', '2020-01-02', 'x'],
    1,
    [1],
  ],
  [
    'exclusiveMaximum',
    'logicalType: timestamp\nlogicalTypeOptions: {exclusiveMaximum: "2020-01-02T00:00:00"}',
    ['2020-01-01 23:59:59', '2020-01-02'],
    1,
    [2],
  ],
  ['maximum', 'logicalType: time\nlogicalTypeOptions: {maximum: "12:00:00"}', ['11:59:59', '12:00:01'], 1, [2]],
  ['multipleOf', 'logicalType: integer\nlogicalTypeOptions: {multipleOf: 5}', ['10', '11', '-5', '0', ''], 1, [2]],
  ['multipleOf', 'logicalType: number\nlogicalTypeOptions: {multipleOf: 0.1}', ['0.3', '0.35', '1.1', '7e5'], 1, [2]],
  ['columnType', 'logicalType: integer', ['1', '2.5', 'x', '', '3.0', '1e3', ' 4'], 2, [2, 3]],
  ['columnType', 'logicalType: integer', ['9223372036854775807', '9223372036854775808'], 1, [2]],
  ['columnType', 'logicalType: integer\nlogicalTypeOptions: {format: u64}', ['9223372036854775808', 'x'], 1, [2]],
  ['columnType', 'logicalType: number', ['1', '2.5', '-1e-5', 'NA', '1;2'], 2, [4, 5]],
  ['columnType', 'logicalType: boolean', ['true', 'False', 't', '1', 'maybe', '2'], 2, [5, 6]],
  [
    'columnType',
    'logicalType: date',
    ['2020-02-29', '2021-02-29', '2020-01-01 10:00:00', '2020-01-01 00:00:00', '01.02.2020'],
    3,
    [2, 3, 5],
  ],
  [
    'columnType',
    'logicalType: date\nlogicalTypeOptions: {format: dd/MM/yyyy}',
    ['29/02/2020', '2020-02-29', '31/04/2020'],
    2,
    [2, 3],
  ],
  [
    'columnType',
    'logicalType: timestamp',
    ['2020-01-01T00:00:00Z', '2020-01-01 10:00', '2020-13-01', 'now!'],
    2,
    [3, 4],
  ],
  ['columnType', 'logicalType: time', ['10:00:00', '25:00:00', '10:00:00.5'], 1, [2]],
  ['columnType', 'physicalType: BIGINT', ['1', 'x'], 1, [2]],
  ['columnType', 'logicalType: object', ['"{""a"": 1}"', '[1]', '{'], 2, [2, 3]],
  [
    'uniqueItems',
    'logicalType: array\nlogicalTypeOptions: {uniqueItems: true}',
    ['"[1,2]"', '"[1,1]"', 'x', ''],
    1,
    [2],
  ],
  ['minItems', 'logicalType: array\nlogicalTypeOptions: {minItems: 2}', ['"[1,2]"', '[1]', 'x', ''], 1, [2]],
  ['enum', 'enum: [{value: A}, {value: 1}]', ['A', '1', 'B', ''], 1, [3]],
  ['enum', 'logicalType: integer\nenum: [{value: 1}, {value: 2}]', ['1', '2.0', '3', ''], 1, [3]],
  [
    'format',
    'logicalType: string\nlogicalTypeOptions: {format: email}',
    ['a@b.co', 'a.b+c@d-e.org', 'a@', 'a b@c.d', '@c.de', ''],
    3,
    [3, 4, 5],
  ],
  [
    'format',
    'logicalType: string\nlogicalTypeOptions: {format: uuid}',
    ['7f1c7f0c-5b0e-4b8e-9a3f-0a1b2c3d4e5f', '7f1c7f0c5b0e4b8e9a3f0a1b2c3d4e5f'],
    1,
    [2],
  ],
  [
    'format',
    'logicalType: string\nlogicalTypeOptions: {format: uri}',
    ['https://a.b/c?d=e#f', 'urn:isbn:1', 'a.b', 'http://a b'],
    2,
    [3, 4],
  ],
  [
    'format',
    'logicalType: string\nlogicalTypeOptions: {format: hostname}',
    ['a.example', 'a', '-a.b', 'a_b', 'a..b'],
    3,
    [3, 4, 5],
  ],
  [
    'format',
    'logicalType: string\nlogicalTypeOptions: {format: ipv4}',
    ['1.2.3.4', '255.255.255.255', '256.1.1.1', '1.2.3', '01.2.3.4'],
    3,
    [3, 4, 5],
  ],
  [
    'format',
    'logicalType: string\nlogicalTypeOptions: {format: ipv6}',
    [
      '::',
      '::1',
      '1:2:3:4:5:6:7:8',
      'fe80::1:2',
      '1::',
      '::ffff:1.2.3.4',
      '1:2:3:4:5:6:1.2.3.4',
      '1:2::3:1.2.3.4',
      '1:2:3',
      ':1',
      '1::2::3',
      'g::',
    ],
    4,
    [9, 10, 11, 12],
  ],
  ['format', 'logicalType: string\nlogicalTypeOptions: {format: byte}', ['YQ==', 'YWI=', 'YWJj', 'YQ', 'Y'], 2, [4, 5]],
  ['format', 'logicalType: integer\nlogicalTypeOptions: {format: i8}', ['127', '-128', '128', '-129', ''], 2, [3, 4]],
  ['format', 'logicalType: integer\nlogicalTypeOptions: {format: u16}', ['65535', '-1', '65536'], 2, [2, 3]],
  ['nullValues', 'quality: [{metric: nullValues, mustBe: 0}]', ['', 'a', ''], 2, [1, 3]],
  [
    'missingValues',
    'quality: [{metric: missingValues, mustBe: 0, arguments: {missingValues: [NA, -1]}}]',
    ['', 'NA', '-1', '1'],
    3,
    [1, 2, 3],
  ],
  [
    'missingValues',
    'logicalType: integer\nquality: [{metric: missingValues, mustBe: 0, arguments: {missingValues: [NA, -1]}}]',
    ['', 'NA', '-1.0', '1'],
    3,
    [1, 2, 3],
  ],
  ['missingValues', 'quality: [{metric: missingValues, mustBe: 0}]', ['', 'NA'], 1, [1]],
  [
    'invalidValues',
    "quality: [{metric: invalidValues, mustBe: 0, arguments: {validValues: [it's, ü, null]}}]",
    ["it's", 'ü', 'x', ''],
    1,
    [3],
  ],
  [
    'invalidValues',
    'logicalType: integer\nquality: [{metric: invalidValues, mustBe: 0, arguments: {validValues: [1, 2]}}]',
    ['1', '2.0', '3', 'x', ''],
    2,
    [3, 4],
  ],
  [
    'invalidValues',
    'logicalType: boolean\nquality: [{metric: invalidValues, mustBe: 0, arguments: {validValues: [true]}}]',
    ['True', 't', 'false'],
    1,
    [3],
  ],
];

describe('checks over one column', () => {
  for (const [kind, property, values, observed, rows] of cases) {
    it(`${kind} ${property.replaceAll('\n', ', ')}: ${observed} of ${values.length}`, async () => {
      const check = await checkOf(kind, property, values);
      assert.equal(check.observed, observed, check.message);
      assert.equal(check.status, observed === 0 ? 'passed' : 'failed', check.message);
      assert.equal(check.unexpectedCount, observed);
      assert.equal(check.rows, values.length);
      assert.deepEqual(
        check.samples.map(({ row }) => row),
        rows,
      );
    });

    it(`${kind} ${property.replaceAll('\n', ', ')}: nothing to find in an empty table`, async () => {
      const check = await checkOf(kind, property, []);
      assert.deepEqual([check.status, check.observed, check.unexpectedPercent], ['passed', 0, 0], check.message);
    });
  }

  it('a value that does not convert is shown as it is written', async () => {
    const check = await checkOf('columnType', 'logicalType: integer', ['1', 'x']);
    assert.deepEqual(check.samples, [{ row: 2, values: { v: 'x' } }]);
    assert.equal(
      check.message,
      'Column "v" should be an integer, but 1 of 2 rows cannot be read as one. First: row 2 (x).',
    );
  });

  it('rows are held against percent exactly', async () => {
    const rule = (limit: string) => `quality: [{metric: nullValues, unit: percent, mustBeLessThan: ${limit}}]`;
    const check = await checkOf('nullValues', rule('33.33333333333333'), ['', 'a', 'b']);
    assert.deepEqual([check.status, check.observed, check.unexpectedCount], ['failed', 100 / 3, 1]);
    assert.equal((await checkOf('nullValues', rule('33.333333333333336'), ['', 'a', 'b'])).status, 'passed');
  });
});

describe('uniqueness', () => {
  const property = 'logicalType: integer\nunique: true';

  it('unique compares values, not how they are written', async () => {
    const check = await checkOf('unique', property, ['1', '1.0', '2', '', '', 'x', 'x', 'y']);
    assert.deepEqual(check.observed, { keys: 2, surplus: 2, rows: 4, used: 'keys' });
    assert.deepEqual(
      check.samples.map(({ row }) => row),
      [1, 2, 6, 7],
    );
    assert.equal(
      check.message,
      'Column "v" should be unique, but 2 values occur more than once, in 4 rows. First: row 1 (1).',
    );
  });

  it('NULL is no duplicate', async () => {
    assert.equal((await checkOf('unique', property, ['', '', '1'])).status, 'passed');
    assert.equal((await checkOf('unique', property, [])).status, 'passed');
  });

  it('a primary key is filled and unique, in all its columns together', async () => {
    const key =
      '- {name: a, primaryKey: true, primaryKeyPosition: 2}\n- {name: b, primaryKey: true, primaryKeyPosition: 1}';
    const { one } = await checkText(tableContract(key), { 't.csv': 'a,b\n1,1\n1,2\n1,1\n,1\n2,\n' });
    const check = one({ kind: 'primaryKey' });
    assert.deepEqual(check.observed, { nulls: 2, keys: 1, surplus: 1, rows: 2, used: 'keys' });
    assert.deepEqual(
      [check.status, check.column, check.unexpectedCount, check.name],
      ['failed', null, 4, 'b, a primaryKey'],
    );
    assert.deepEqual(
      check.samples.map(({ row, values }) => [row, values]),
      [
        [1, { b: '1', a: '1' }],
        [3, { b: '1', a: '1' }],
        [4, { b: '1', a: null }],
        [5, { b: null, a: '2' }],
      ],
    );
    const sound = await checkText(tableContract(key), { 't.csv': 'a,b\n1,1\n1,2\n' });
    assert.equal(sound.one({ kind: 'primaryKey' }).status, 'passed');
  });

  it('checks of one key share one statement', async () => {
    const contract = tableContract('- name: v\n  unique: true\n  quality:\n    - {metric: duplicateValues, mustBe: 0}');
    const { statements } = await checkText(contract, { 't.csv': 'v,w\n1,1\n' });
    assert.equal(statements.filter((sql) => sql.includes('AS keys')).length, 1);
  });
});

describe('presence and type', () => {
  it('a missing column fails once, and its other checks say why they cannot run', async () => {
    const contract = tableContract(
      '- name: a\n- name: b\n  logicalType: integer\n  required: true\n  logicalTypeOptions: {minimum: 1}\n  unique: true\n  quality: [{metric: nullValues, mustBe: 0}]',
      '- {metric: duplicateValues, arguments: {properties: [a, b]}, mustBe: 0}',
    );
    const { report, one } = await checkText(contract, { 't.csv': 'a,c\n1,1\n' });
    assert.equal(
      one({ column: 'b', kind: 'columnPresent' }).message,
      'Column "b" is not in the data, which have a, c.',
    );
    assert.equal(one({ column: 'b', kind: 'columnPresent' }).status, 'failed');
    assert.equal(one({ column: 'a', kind: 'columnPresent' }).status, 'passed');
    const others = report.checks.filter(
      ({ column, kind }) => (column === 'b' && kind !== 'columnPresent') || kind === 'duplicateValues',
    );
    assert.equal(others.length, 6);
    for (const check of others) {
      assert.deepEqual(
        [check.status, check.message],
        ['error', 'Column "b" is not in the data, so this cannot be checked.'],
        check.id,
      );
    }
  });

  it('a column is found by its physical name, and in other letter case', async () => {
    const contract = tableContract('- {name: amount, physicalName: amt}\n- {name: city}');
    const { one } = await checkText(contract, { 't.csv': 'amt,City\n1,x\n' });
    assert.equal(one({ column: 'amount', kind: 'columnPresent' }).status, 'passed');
    assert.equal(
      one({ column: 'city', kind: 'columnPresent' }).message,
      'Column "city" is in the data, written "City" there.',
    );
  });

  it('typed data are compared by their types, without a look at a row', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plumbline-types-'));
    const path = join(folder, 't.parquet');
    await writeParquet(
      path,
      "SELECT 1::INTEGER AS a, 1.5::DOUBLE AS b, '7' AS c, DATE '2020-01-01' AS d, 1::DECIMAL(9,2) AS e, 1::DECIMAL(9,0) AS f, TIMESTAMP '2020-01-01' AS g, true AS h, [1,2] AS i, {'x': 1} AS j",
    );
    const wanted = {
      a: 'number',
      b: 'integer',
      c: 'integer',
      d: 'date',
      e: 'number',
      f: 'integer',
      g: 'date',
      h: 'boolean',
      i: 'array',
      j: 'object',
    };
    const properties = Object.entries(wanted).map(([name, type]) => `- {name: ${name}, logicalType: ${type}}`);
    const { one, statements } = await checkText(tableContract(properties.join('\n')), {
      't.parquet': readFileSync(path),
    });
    rmSync(folder, { recursive: true });
    const failed = Object.keys(wanted).filter((column) => one({ column, kind: 'columnType' }).status !== 'passed');
    assert.deepEqual(failed, ['b', 'c', 'g']);
    assert.equal(
      one({ column: 'b', kind: 'columnType' }).message,
      'Column "b" should be an integer, but is stored as DOUBLE.',
    );
    assert.deepEqual(
      [one({ column: 'b', kind: 'columnType' }).observed, one({ column: 'b', kind: 'columnType' }).expected],
      ['DOUBLE', 'integer'],
    );
    assert.equal(statements.length, 0);
  });

  it('JSON keeps texts that look like dates, and tells numbers from texts', async () => {
    const json = '{"d":"2020-01-01","n":1,"m":1,"s":5}\n{"d":"2020-13-01","n":2.5,"m":"x","s":6}\n';
    const contract = tableContract(
      '- {name: d, logicalType: date}\n- {name: n, logicalType: integer}\n- {name: m, logicalType: integer}\n- {name: s, logicalType: string}\n- name: d2\n  physicalName: d\n  logicalType: string\n  logicalTypeOptions: {maxLength: 10}',
    );
    const { one } = await checkText(contract, { 't.json': json });
    const told = (column: string) => [
      one({ column, kind: 'columnType' }).status,
      one({ column, kind: 'columnType' }).observed,
    ];
    assert.deepEqual(told('d'), ['failed', 1]);
    assert.deepEqual(told('n'), ['failed', 1]);
    assert.deepEqual(told('m'), ['failed', 1]);
    assert.deepEqual(told('s'), ['failed', 'BIGINT']);
    assert.equal(one({ column: 'd2', kind: 'maxLength' }).status, 'passed');
  });

  it('looks into objects and, element by element, into arrays', async () => {
    const json =
      '{"id":1,"address":{"city":"Oslo"},"tags":["a","bb",null]}\n{"id":2,"address":{"city":null},"tags":[]}\n{"id":3,"address":{"city":"X"},"tags":["ccc","ccc"]}\n';
    const contract = tableContract(
      [
        '- {name: id, primaryKey: true}',
        '- name: address',
        '  logicalType: object',
        '  properties:',
        '    - {name: city, logicalType: string, required: true}',
        '    - {name: zip, logicalType: string}',
        '- name: tags',
        '  logicalType: array',
        '  logicalTypeOptions: {minItems: 1, maxItems: 2, uniqueItems: true}',
        '  items: {logicalType: string, required: true, logicalTypeOptions: {maxLength: 2}}',
      ].join('\n'),
    );
    const { one } = await checkText(contract, { 't.json': json });
    assert.equal(one({ column: 'address.zip', kind: 'columnPresent' }).status, 'failed');
    const city = one({ column: 'address.city', kind: 'required' });
    assert.deepEqual([city.observed, city.samples], [1, [{ row: 2, values: { 'address.city': null, id: 2 } }]]);
    const tag = one({ column: 'tags[]', kind: 'maxLength' });
    assert.deepEqual(
      [tag.observed, tag.rows, tag.samples],
      [
        2,
        5,
        [
          { row: 3, values: { 'tags[]': 'ccc' } },
          { row: 3, values: { 'tags[]': 'ccc' } },
        ],
      ],
    );
    assert.equal(
      one({ column: 'tags[]', kind: 'required' }).message,
      'Column "tags[]" should be filled, but 1 of 5 elements leaves it empty. First: row 1.',
    );
    const counts = ['minItems', 'maxItems', 'uniqueItems'].map((kind) => one({ kind }).observed);
    assert.deepEqual(counts, [1, 1, 1]);
  });
});

describe('rules that cannot be judged say what would mend them', () => {
  for (const [rules, level, status, message] of [
    [
      '{metric: nullValues, mustBe: 0}',
      'table',
      'error',
      '"nullValues" is about a column, not a table. Move the rule to a property.',
    ],
    [
      '{metric: rowCount, mustBe: 1}',
      'column',
      'error',
      '"rowCount" is about a table, not a column. Move the rule to the schema object.',
    ],
    [
      '{metric: nullValue, mustBe: 0}',
      'column',
      'error',
      '"nullValue" is no metric. Write one of nullValues, missingValues, invalidValues, duplicateValues, rowCount.',
    ],
    [
      '{metric: duplicateValues, mustBe: 0}',
      'table',
      'error',
      '"duplicateValues" needs "properties" under "arguments".',
    ],
    [
      '{metric: duplicateValues, mustBe: 0, arguments: {properties: [v, w]}}',
      'table',
      'error',
      'Table "t" has no column "w"; it has v.',
    ],
    [
      '{metric: nullValues, mustBe: 0, arguments: {x: 1}}',
      'column',
      'error',
      '"nullValues" has no argument "x". It takes none.',
    ],
    [
      '{metric: missingValues, mustBe: 0, arguments: {x: 1}}',
      'column',
      'error',
      '"missingValues" has no argument "x". It takes missingValues.',
    ],
    [
      '{metric: nullValues, mustBe: 0, unit: permille}',
      'column',
      'error',
      '"permille" is no unit. Write rows or percent.',
    ],
    ['{metric: nullValues}', 'column', 'error', 'The rule names no bound. Add one, for instance "mustBe: 0".'],
    [
      '{metric: invalidValues, mustBe: 0, arguments: {pattern: 5}}',
      'column',
      'error',
      '"pattern" must be a text, not 5.',
    ],
    ['{type: sql, mustBe: 0}', 'table', 'error', 'A rule of type sql needs a "query".'],
    ['{type: quality, mustBe: 0}', 'table', 'error', '"quality" is no type of rule. Write library, sql, text, custom.'],
    ['{type: text, description: d}', 'table', 'skipped', 'This rule is for people to read.'],
    [
      '{type: custom, engine: great-expectations, implementation: x}',
      'table',
      'error',
      'A rule of Great Expectations holds one expectation. Write "implementation: {type: expect_column_values_to_not_be_null, kwargs: {…}}".',
    ],
    [
      '{type: custom, engine: plumbline, implementation: {drift: {}}}',
      'column',
      'error',
      'A rule of the engine plumbline needs "implementation: {drift: {reference: FILE}}" to compare with.',
    ],
    [
      '{type: custom, engine: nobody, implementation: x}',
      'table',
      'skipped',
      'Plumbline cannot run rules of the engine "nobody".',
    ],
    [
      '{rule: minCheck, mustBe: 0}',
      'column',
      'skipped',
      '"rule: minCheck" has no agreed meaning. Write one of the metrics nullValues, missingValues, invalidValues, duplicateValues, rowCount.',
    ],
    [
      '{metric: nullValues, mustBe: 0, severity: dreadful}',
      'column',
      'failed',
      'Column "v": 1 of 2 rows is null, but the rule says = 0. First: row 2. "dreadful" is no severity that Plumbline knows, so it counts as error.',
    ],
    [
      '{metric: nullValues, mustBe: 0, severity: minor}',
      'column',
      'warning',
      'Column "v": 1 of 2 rows is null, but the rule says = 0. First: row 2.',
    ],
    [
      '{metric: nullValues, mustBe: 0, severity: INFO}',
      'column',
      'warning',
      'Column "v": 1 of 2 rows is null, but the rule says = 0. First: row 2.',
    ],
  ] as const) {
    it(`${rules} on a ${level}: ${status}`, async () => {
      const rule = rules.replace('{', '{id: r, ');
      const contract =
        level === 'table'
          ? tableContract('- name: v', `- ${rule}`)
          : tableContract(`- name: v\n  quality:\n    - ${rule}`);
      const { one } = await checkText(contract, { 't.csv': 'v,w\n1,1\n,2\n' });
      const check = one({ id: 'r' });
      assert.deepEqual([check.status, check.message], [status, message]);
    });
  }

  it('old words of 3.0 run where they have one meaning', async () => {
    const contract = tableContract(
      '- name: v\n  quality:\n    - {id: a, rule: nullCheck, mustBe: 1}\n    - {id: b, rule: validValues, validValues: [1]}\n    - {id: c, rule: duplicateCount, mustBe: 0}',
      '- {id: d, rule: rowCount, mustBe: 3}',
    ).replace('v3.1.0', 'v3.0.2');
    const { one } = await checkText(contract, { 't.csv': 'v,w\n1,1\n,2\n2,2\n' });
    assert.deepEqual(
      ['a', 'b', 'c', 'd'].map((id) => [one({ id }).kind, one({ id }).status]),
      [
        ['nullValues', 'passed'],
        ['invalidValues', 'failed'],
        ['duplicateValues', 'passed'],
        ['rowCount', 'passed'],
      ],
    );
  });
});
