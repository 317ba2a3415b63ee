import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { convert } from '../../server/src/contract/convert';
import { negated } from '../../server/src/contract/dbt/sql';
import { modelNamed, testOf, thresholdOf } from '../../server/src/contract/dbt/test';
import { dbt } from '../../server/src/contract/dialects/dbt';
import { odcs } from '../../server/src/contract/dialects/odcs';
import { type Contract, columnsOf } from '../../server/src/contract/model';
import { dialectOf } from '../../server/src/contract/recognise';
import { glanceOf } from '../../server/src/glance';
import { diagnosticsOf } from '../../server/src/language/diagnostics';
import type { CheckResult } from '../../server/src/protocol';
import { Lines } from '../../server/src/text/lines';
import { parseText } from '../../server/src/text/parse';
import { checkFiles, checkText, tableContract } from '../check/checking';
import { assertGolden } from '../golden';

const home = 'test/fixtures/contract/dbt';
const shop = readFileSync(`${home}/shop/schema.yml`, 'utf8');

const read = (text: string): Contract => dbt.read(parseText('schema.yml', text));
const table = ({ tables }: Contract, name: string) => {
  const found = tables.find((candidate) => candidate.name === name);
  assert.ok(found, `no table ${name}`);
  return found;
};

describe('schemas of dbt', function () {
  this.timeout(30_000);

  it('are known by their version and a list of what dbt builds', () => {
    for (const [text, is] of [
      ['version: 2\nmodels:\n  - name: a\n', true],
      ['sources:\n  - name: raw\n    tables: [{name: a}]\nversion: 2\n', true],
      ['version: "2"\nservices: {web: {image: x}}\nmodels: {llm: {model: ai/x}}\n', false],
      ['name: shop\nversion: 2\nmodels:\n  shop: {+materialized: table}\n', false],
      ['version: 2\njobs:\n  build: {}\n', false],
      ['version: 1\nmodels:\n  - name: a\n', false],
      ['version: 2\nmodels: []\n', false],
    ] as const) {
      assert.equal(dialectOf('any.yml', parseText('any.yml', text))?.id === 'dbt', is, text);
      if (is) assert.equal(glanceOf('any.yml', text), 'contract');
    }
    assert.equal(glanceOf('docker-compose.yml', 'version: "2"\nservices: {}\n'), undefined);
  });

  it('give a table for each model, seed and table of a source, at its place', () => {
    const contract = read(shop);
    const { text } = contract.tree;
    assert.deepEqual(
      contract.tables.map(({ name, physicalName, described, nameNode }) => [
        name,
        physicalName,
        described ?? false,
        new Lines(text).position(nameNode.span.start).line + 1,
      ]),
      [
        ['raw.orders', 'orders_landing', true, 6],
        ['orders', 'orders', false, 13],
        ['customers', 'customers', true, 59],
      ],
    );
    const orders = table(contract, 'orders');
    assert.deepEqual(orders.about, { description: 'One row an order.', tags: ['sales'], custom: { owner: 'shop' } });
    assert.deepEqual(
      columnsOf(orders).map(({ path, logicalType, required, primaryKeyPosition }) => [
        path,
        logicalType,
        required,
        primaryKeyPosition,
      ]),
      [
        ['id', 'integer', true, 1],
        ['line', 'integer', false, 2],
        ['customer', 'integer', false, undefined],
        ['amount', 'number', false, undefined],
        ['status', 'string', false, undefined],
      ],
    );
    assert.equal(columnsOf(table(contract, 'customers'))[0]?.required, false, 'a constraint that is not enforced');
  });

  describe('with an enforced contract', () => {
    let checks: readonly CheckResult[];
    const one = (words: Partial<CheckResult>): CheckResult => {
      const found = checks.filter((check) =>
        Object.entries(words).every(([key, value]) => check[key as keyof CheckResult] === value),
      );
      assert.equal(found.length, 1, JSON.stringify(checks.map(({ id }) => id)));
      return found[0] as CheckResult;
    };

    before(async () => {
      const files = {
        'schema.yml': shop,
        'orders.csv': 'id,line,customer,amount\n1,1,1,5.50\n1,1,7,-3\nx,2,1,2000\n',
        'customers.csv': 'id\n1\n2\n2\n',
      };
      const job = { data: { orders: 'orders.csv', customers: 'customers.csv' } };
      ({ checks } = (await checkFiles('schema.yml', files, { job })).report);
    });

    it('demand the columns and their types', () => {
      assert.equal(one({ table: 'orders', column: 'status', kind: 'columnPresent' }).status, 'failed');
      const id = one({ table: 'orders', column: 'id', kind: 'columnType' });
      assert.deepEqual([id.status, id.unexpectedCount], ['failed', 1]);
      assert.equal(
        checks.some(({ table: name, kind }) => name === 'customers' && /^column/.test(kind)),
        false,
      );
    });
    it('hold each constraint', () => {
      const statuses = [
        one({ table: 'orders', kind: 'primaryKey' }),
        one({ table: 'orders', id: 'amount_sound' }),
        one({ table: 'orders', kind: 'sql', column: 'amount' }),
        one({ table: 'orders', kind: 'foreignKey' }),
        one({ table: 'orders', kind: 'required', column: 'id' }),
      ].map(({ status }) => status);
      assert.deepEqual(statuses, ['failed', 'failed', 'failed', 'failed', 'passed']);
    });
    it('run the tests beside, at the word that names each', () => {
      const range = one({ kind: 'dbt_utils.accepted_range' });
      assert.deepEqual([range.status, range.unexpectedCount, range.column], ['warning', 1, 'amount']);
      assert.equal(range.location.range.start.line + 1, 42);
      assert.deepEqual(
        range.samples.map(({ values }) => values.amount),
        [-3],
      );
      const twice = one({ table: 'customers', kind: 'unique' });
      assert.deepEqual([twice.status, twice.unexpectedCount], ['failed', 1]);
    });
    it('say why a test is skipped, or cannot be judged', () => {
      const said = checks
        .filter(({ column }) => column === 'status')
        .map(({ status, message }) => `${status} ${message}`);
      assert.deepEqual(said.slice(2), [
        'error Column "status" is not in the data, so this cannot be checked.',
        'skipped {{ var("status") }} is computed by dbt when it runs, so its value is not known here.',
        'error Column "status" is not in the data, so this cannot be checked.',
        'skipped "elementary.column_anomalies" is no test of dbt itself, dbt_utils or dbt_expectations, so it is skipped.',
        'skipped "not_nul" is no test of dbt itself, dbt_utils or dbt_expectations, so it is skipped. Did you mean "not_null"?',
      ]);
      const landing = one({ table: 'raw.orders', kind: 'not_null' });
      assert.equal(landing.status, 'skipped');
    });
  });

  it('compare with no model that the file does not describe', async () => {
    const schema =
      "version: 2\nmodels:\n  - name: t\n    columns:\n      - name: a\n        data_tests: [{relationships: {to: ref('u'), field: a}}]\n";
    const { report } = await checkFiles(
      's.yml',
      { 's.yml': schema, 't.csv': 'a\n1\n' },
      { job: { data: { t: 't.csv' } } },
    );
    assert.deepEqual(
      report.checks.map(({ status, message }) => [status, message]),
      [['skipped', "ref('u') is not described in this file, so its rows cannot be compared with."]],
    );
  });

  it('may stand in rules of ODCS, as a map or as text, with the filter and severity of either', async () => {
    const rule = (implementation: string, more = '') =>
      `- {type: custom, engine: dbt, implementation: ${implementation}${more}}`;
    const quality = [
      rule('not_null'),
      rule('"not_null: {config: {where: b > 1}}"', ', severity: warning'),
      rule('{accepted_values: {values: [x], config: {severity: warn}}}'),
      rule('"- dbt_utils.not_constant"'),
      rule('{dbt_utils.expression_is_true: {expression: "<> "}}'),
      rule('[not_null, unique]'),
    ];
    const contract = tableContract(
      `- name: a\n  logicalType: string\n  quality:\n${quality.map((line) => `    ${line}`).join('\n')}\n- name: b\n  logicalType: integer`,
    );
    const { report } = await checkText(
      contract,
      { 't.csv': 'a,b\nx,1\n,1\n,2\ny,3\n' },
      { job: { data: { t: 't.csv' } } },
    );
    const checks = report.checks.filter(({ kind }) => !kind.startsWith('column'));
    assert.deepEqual(
      checks.map(({ kind, status, unexpectedCount }) => [kind, status, unexpectedCount]),
      [
        ['not_null', 'failed', 2],
        ['not_null', 'warning', 1],
        ['accepted_values', 'warning', 1],
        ['dbt_utils.not_constant', 'passed', 0],
        ['dbt_utils.expression_is_true', 'error', null],
        ['custom', 'error', null],
      ],
    );
  });

  it('become ODCS, where it has words for them', () => {
    for (const [name, path] of [
      ['shop', `${home}/shop/schema.yml`],
      ['seeds', `${home}/generate/seeds/schema.yml`],
    ] as const) {
      const contract = read(readFileSync(path, 'utf8'));
      const made = convert(contract, odcs);
      assertGolden(`${home}/${name}-as-odcs.odcs.yaml`, made.text);
      const again = convert(odcs.read(parseText('a.odcs.yaml', made.text)), dbt);
      assertGolden(`${home}/${name}-as-odcs-as-dbt.yml`, again.text);
    }
  });

  it('are told what is wrong with them while they are written', () => {
    const text = [
      'version: 2',
      'models:',
      '  - name: a',
      '    descripton: Slip.',
      '    config: {contract: {enforced: true}}',
      '    constraints: [{type: primary, columns: [id]}]',
      '    columns:',
      '      - name: id',
      '        tests: [unique]',
      '        data_tests: [not_null]',
      '      - name: kind',
      '        data_type: varchar',
      '        data_tests:',
      '          - accepted_value: {values: [x]}',
      '          - relationships: {to: ref("b"), field: kin}',
      '  - name: b',
      '    columns:',
      '      - name: kind',
      '        constraints: [{type: not_null}]',
      '',
    ].join('\n');
    const { dialect, diagnostics } = diagnosticsOf('schema.yml', text);
    assert.equal(dialect, 'dbt');
    assert.deepEqual(
      diagnostics.map(({ range, severity, message }) => `${range.start.line + 1} ${severity} ${message}`),
      [
        '4 warning dbt knows no "descripton" here. Did you mean "description"?',
        '6 error "primary" is no constraint of dbt. Did you mean "primary_key"?',
        '8 error The contract of "a" is enforced, so "id" needs a "data_type".',
        '9 error dbt refuses "tests" beside "data_tests": move them there.',
        '14 warning "accepted_value" is no test of dbt itself, dbt_utils or dbt_expectations, so it is skipped. Did you mean "accepted_values"?',
        '15 warning Table "b" describes no column "kin". Did you mean "kind"?',
        '19 warning dbt looks at constraints only where "contract: {enforced: true}" stands in the config of the model.',
      ],
    );
    for (const path of [`${home}/shop/schema.yml`, `${home}/generate/seeds/schema.yml`]) {
      const { diagnostics: told } = diagnosticsOf(path, readFileSync(path, 'utf8'));
      assert.deepEqual(
        told.filter(({ severity }) => severity === 'error'),
        [],
        path,
      );
    }
  });

  it('are read as far as they go, whatever is cut out of them', () => {
    for (let cut = 0; cut < shop.length; cut += 37) {
      const broken = shop.slice(0, cut) + shop.slice(cut + 13);
      const { diagnostics } = diagnosticsOf('schema.yml', broken);
      assert.ok(Array.isArray(diagnostics));
      convert(read(broken), odcs);
    }
    for (const odd of ['version: 2\nmodels: [{name: a, columns: [{name: b, tests: [1, [], {}, {x: 1}, null]}]}]\n']) {
      const contract = read(odd);
      assert.equal(contract.tables[0]?.columns[0]?.rules.length, 5);
      convert(contract, odcs);
      diagnosticsOf('schema.yml', odd);
    }
  });
});

describe('words of dbt', () => {
  it('refuse by a NOT that is all of a condition', () => {
    const conditions = ['NOT (a > 1)', "not (a = ')' and (b))", 'NOT (a) OR (b)', 'NOT a', 'a'];
    assert.deepEqual(conditions.map(negated), ['a > 1', "a = ')' and (b)", undefined, undefined, undefined]);
  });
  it('name models with and without braces', () => {
    const names = ["ref('a')", '{{ ref("p", "a") }}', "source('raw', 'a')", "ref('a', v=2)", "var('x')", 'a'];
    assert.deepEqual(names.map(modelNamed), [
      { source: undefined, name: 'a' },
      { source: undefined, name: 'a' },
      { source: 'raw', name: 'a' },
      { source: undefined, name: 'a' },
      undefined,
      undefined,
    ]);
  });
  it('limit the number of failures', () => {
    const meets = ['>10', '!= 0', '<= 3', 'between 2 and 4', 'not between 2 and 4', '= 3'].map((words) =>
      [0, 3, 11].map((failures) => thresholdOf(words)?.meets(failures)),
    );
    assert.deepEqual(meets, [
      [false, false, true],
      [false, true, true],
      [true, true, false],
      [false, true, false],
      [true, false, true],
      [false, true, false],
    ]);
    assert.equal(thresholdOf('many'), undefined);
  });
  it('stand in several forms', () => {
    const forms = [
      'dbt.unique',
      { accepted_values: { values: ['a'], where: 'x > 1' } },
      { name: 'mine', test_name: 'accepted_values', values: ['a'], config: { where: 'x > 1' } },
      'accepted_values: {arguments: {values: [a]}, config: {where: x > 1}}',
    ].map((form) => {
      const test = testOf(form);
      return typeof test === 'string' ? test : [test.name, test.arguments, test.config];
    });
    const same = ['accepted_values', { values: ['a'] }, { where: 'x > 1' }];
    assert.deepEqual(forms, [['unique', {}, {}], same, same, same]);
  });
});
