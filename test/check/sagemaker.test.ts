import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { convert, inOdcsTerms } from '../../server/src/contract/convert';
import { odcs } from '../../server/src/contract/dialects/odcs';
import { sagemaker as dialect } from '../../server/src/contract/dialects/sagemaker';
import { columnsOf } from '../../server/src/contract/model';
import type { CheckJob, CheckResult } from '../../server/src/protocol';
import { sagemaker } from '../../server/src/report/sagemaker';
import { parseText } from '../../server/src/text/parse';
import { checkFiles } from './checking';

// The container of Model Monitor is closed. Shares are held against its documentation and published descriptions,
// distances against deequ 2.0.7, on which it is built.

const options = { color: false, quiet: false };

interface Feature {
  readonly name: string;
  readonly inferred_type: string;
  readonly [key: string]: unknown;
}

const fileOf = (features: readonly Feature[], config: object = {}): string =>
  JSON.stringify({ version: 0, features, monitoring_config: config });

async function checksOf(
  constraints: string,
  csv: string,
  job: Partial<CheckJob> = {},
  more: Readonly<Record<string, string>> = {},
): Promise<readonly CheckResult[]> {
  const { report } = await checkFiles(
    'constraints.json',
    { 'constraints.json': constraints, 'now.csv': csv, ...more },
    { job: { data: { '': 'now.csv' }, ...job } },
  );
  return report.checks;
}

const words = (checks: readonly CheckResult[]): readonly string[] =>
  checks.map(({ column, kind, status, observed }) => `${column} ${kind} ${status} ${observed}`);

describe('constraints of SageMaker', () => {
  const plain = fileOf([
    { name: 'n', inferred_type: 'Integral', completeness: 1, num_constraints: { is_non_negative: true } },
    { name: 'x', inferred_type: 'Fractional', completeness: 0.5 },
    { name: 's', inferred_type: 'String', completeness: 0, string_constraints: { domains: ['a', 'b'] } },
    { name: 'u', inferred_type: 'Unknown' },
  ]);
  it('hold where the data are as the baseline', async () => {
    assert.deepEqual(words(await checksOf(plain, 'n,x,s,u\n1,1.5,a,\n2,,b,\n')), [
      'null missing_column_check passed 0',
      'null extra_column_check passed 0',
      'n data_type_check passed 1',
      'n completeness_check passed 1',
      'n is_non_negative skipped null',
      'x data_type_check passed 1',
      'x completeness_check passed 0.5',
      's data_type_check passed 1',
      's categorical_values_check passed 1',
    ]);
  });
  it('are violated by values of another type, nulls, values out of the domain and other columns', async () => {
    assert.deepEqual(words(await checksOf(plain, 'n,x,s,more\n1,1.5,a,1\n2x,,c,\n,,b,1\n')), [
      'null missing_column_check failed 1',
      'null extra_column_check failed 1',
      'n data_type_check failed 0.5',
      `n completeness_check failed ${2 / 3}`,
      'n is_non_negative skipped null',
      'x data_type_check passed 1',
      `x completeness_check failed ${1 / 3}`,
      's data_type_check passed 1',
      `s categorical_values_check failed ${2 / 3}`,
    ]);
  });
  it('are words of the service in constraint_violations.json', async () => {
    const rows = Array.from({ length: 1977 }, (_, row) => `${row < 1970 ? row : 'x'},a`).join('\n');
    const features = [
      { name: 'n', inferred_type: 'Integral', completeness: 1 },
      { name: 'gone', inferred_type: 'String', completeness: 1 },
      { name: 's', inferred_type: 'String', completeness: 1 },
    ];
    const { report } = await checkFiles(
      'constraints.json',
      { 'constraints.json': fileOf(features), 'now.csv': `n,s\n${rows}\n` },
      { job: { data: { '': 'now.csv' } } },
    );
    assert.deepEqual(JSON.parse(sagemaker.write(report, options)), {
      violations: [
        {
          feature_name: 'Missing columns',
          constraint_check_type: 'missing_column_check',
          description:
            'There are missing columns in current dataset (gone). Number of columns in current dataset: 2, Number of columns in baseline constraints: 3.',
        },
        {
          feature_name: 'n',
          constraint_check_type: 'data_type_check',
          description:
            'Data type match requirement is not met. Expected data type: Integral, Expected match: 100.0%. Observed: Only 99.64592817400101% of data is Integral.',
        },
      ],
    });
    const told = report.checks.find(({ status, column }) => status === 'failed' && column === 'n');
    assert.match(told?.message ?? '', /is Integral\. First: row 1,971 \(x\)\.$/);
  });
  it('are no shape for other reports of a check', async () => {
    const contract =
      'apiVersion: v3.1.0\nkind: DataContract\nid: t\nversion: 1.0.0\nstatus: active\nschema: [{name: t, properties: [{name: a}]}]\n';
    const { report } = await checkFiles('t.odcs.yaml', { 't.odcs.yaml': contract, 't.csv': 'a\n1\n' });
    assert.throws(() => sagemaker.write(report, options), /one constraints\.json/);
  });
  it('have thresholds: below them is a violation, at them is none', async () => {
    const file = (limit: number) =>
      fileOf(
        [
          { name: 'n', inferred_type: 'Integral' },
          { name: 's', inferred_type: 'String', string_constraints: { domains: ['a'] } },
        ],
        { datatype_check_threshold: limit, domain_content_threshold: limit },
      );
    const csv = 'n,s\n1,a\n2,a\n3,a\nx,b\n';
    const failed = async (limit: number) =>
      (await checksOf(file(limit), csv)).filter(({ status }) => status === 'failed').map(({ kind }) => kind);
    assert.deepEqual(await failed(0.75), []);
    assert.deepEqual(await failed(0.76), ['data_type_check', 'categorical_values_check']);
  });
  const types: readonly (readonly [string, string, number])[] = [
    ['Integral', "VALUES ('1'), ('-2'), ('+ 3'), ('4.0'), ('five'), (NULL)", 3 / 5],
    ['Fractional', "VALUES ('1.5'), ('-2e3'), ('.5'), ('1.'), ('NaN')", 2 / 5],
    ['String', "VALUES ('a'), ('true'), (''), ('7')", 3 / 4],
  ];
  for (const [type, values, share] of types)
    it(`know ${type} as deequ does`, async () => {
      const lines = values.matchAll(/'([^']*)'|NULL/g);
      const rows = [...lines].map(([, value]) => JSON.stringify({ v: value ?? null })).join('\n');
      const [check] = (
        await checksOf(
          fileOf([{ name: 'v', inferred_type: type }]),
          '',
          { data: { '': 'now.jsonl' } },
          { 'now.jsonl': rows },
        )
      ).filter(({ kind }) => kind === 'data_type_check');
      assert.equal(check?.observed, share);
    });
  it('look at values of CSV as they are written: a word for none is a word', async () => {
    const file = fileOf([
      { name: 's', inferred_type: 'String', completeness: 1, string_constraints: { domains: ['NA', 'null', 'x'] } },
      { name: 'f', inferred_type: 'Fractional', completeness: 1 },
      { name: 'n', inferred_type: 'Integral', completeness: 1 },
    ]);
    assert.deepEqual(words(await checksOf(file, 's,f,n\nNA,1.5,007\nnull,.5,1\nx,2,1\nNA,NaN,1.0\n')).slice(2), [
      's data_type_check passed 1',
      's completeness_check passed 1',
      's categorical_values_check passed 1',
      'f data_type_check failed 0.5',
      'f completeness_check passed 1',
      'n data_type_check failed 0.75',
      'n completeness_check passed 1',
    ]);
  });
  it('that are turned off are skipped, for the file and for a feature', async () => {
    const off = { evaluate_constraints: 'Disabled' };
    const feature = { name: 'n', inferred_type: 'Integral', completeness: 1 };
    const statuses = (checks: readonly CheckResult[]) => checks.map(({ kind, status }) => `${kind} ${status}`);
    const csv = 'n\nx\n';
    assert.deepEqual(statuses(await checksOf(fileOf([feature], off), csv)), [
      'missing_column_check skipped',
      'extra_column_check skipped',
      'data_type_check skipped',
      'completeness_check skipped',
    ]);
    assert.deepEqual(statuses(await checksOf(fileOf([{ ...feature, monitoring_config_overrides: off }]), csv)), [
      'missing_column_check passed',
      'extra_column_check passed',
      'data_type_check skipped',
      'completeness_check skipped',
    ]);
  });
  it('hold where there is no row, and say nothing of a column that is not there', async () => {
    const file = fileOf([
      { name: 'n', inferred_type: 'Integral', completeness: 1 },
      { name: 'gone', inferred_type: 'Integral' },
    ]);
    assert.deepEqual(
      (await checksOf(file, 'n\n')).map(({ column, status }) => `${column} ${status}`),
      ['null failed', 'null passed', 'n passed', 'n passed', 'gone skipped'],
    );
  });
});

describe('baseline drift of SageMaker', () => {
  const constraints = 'test/fixtures/drift/monitors/baseline/constraints.json';
  const csv = (web: number) =>
    `segment\n${Array.from({ length: 1000 }, (_, row) => (row < web ? 'web' : 'shop')).join('\n')}\n`;
  const drift = async (file: string, web: number, job: Partial<CheckJob> = {}, more = {}) =>
    (await checksOf(readFileSync(file, 'utf8'), csv(web), job, more)).find(
      ({ kind }) => kind === 'baseline_drift_check',
    );
  it('is measured against the statistics beside the constraints', async () => {
    const statistics = readFileSync('test/fixtures/drift/monitors/baseline/statistics.json', 'utf8');
    const more = { 'statistics.json': statistics };
    const [same, moved] = [await drift(constraints, 900, {}, more), await drift(constraints, 600, {}, more)];
    assert.deepEqual([same?.status, same?.observed], ['passed', 0]);
    assert.equal(moved?.status, 'failed');
    assert.ok(Math.abs(Number(moved?.observed) - 0.3) < 1e-12);
    assert.equal(moved?.message, `Categorical distance: ${moved?.observed} exceeds threshold: 0.2.`);
  });
  it('is measured against what the person names, and skipped without any', async () => {
    const more = { 'before.csv': csv(950) };
    const found = await drift(constraints, 600, { reference: { '': 'before.csv' } }, more);
    assert.ok(Math.abs(Number(found?.observed) - 0.35) < 1e-12);
    assert.equal((await drift(constraints, 600))?.status, 'skipped');
  });
});

interface Distances {
  readonly results: readonly {
    readonly case: string;
    readonly results: readonly { readonly column: string; readonly metric: string; readonly value: number }[];
  }[];
}

const GOLDEN = '../shared/golden';
if (existsSync(GOLDEN)) {
  describe('baseline drift of SageMaker is as deequ 2.0.7 measures it', () => {
    const { results }: Distances = JSON.parse(readFileSync(join(GOLDEN, 'expected/deequ-2.0.7.json'), 'utf8'));
    const types: Readonly<Record<string, string>> = {
      numerical_simple: 'Fractional',
      categorical_linf_simple: 'String',
    };
    for (const golden of results.filter(({ case: name }) => ['cat_low', 'model_scores', 'nulls'].includes(name)))
      it(golden.case, async () => {
        const expected = golden.results.filter(({ metric }) => types[metric]);
        const distribution_constraints = { comparison_threshold: 0.05, comparison_method: 'Simple' };
        const features = expected.map(({ column, metric }) => ({ name: column, inferred_type: types[metric] ?? '' }));
        const data = (side: string) => ({ '': resolve(GOLDEN, 'data', golden.case, `${side}.parquet`) });
        const { report } = await checkFiles(
          'constraints.json',
          { 'constraints.json': fileOf(features, { distribution_constraints }) },
          { job: { data: data('current'), reference: data('reference') } },
        );
        for (const { column, value } of expected) {
          const found = report.checks.find((one) => one.kind === 'baseline_drift_check' && one.column === column);
          assert.ok(Math.abs(Number(found?.observed) - value) < 1e-9, `${column}: ${found?.observed} for ${value}`);
          assert.equal(found?.status, value > 0.05 ? 'failed' : 'passed', column);
        }
      });
  });
}

describe('constraints of SageMaker in ODCS', () => {
  const read = (text: string) => dialect.read(parseText('constraints.json', text));
  it('are facts of columns, and shares rules', () => {
    const contract = read(
      fileOf([
        { name: 'n', inferred_type: 'Integral', completeness: 1, num_constraints: { is_non_negative: true } },
        { name: 's', inferred_type: 'String', completeness: 0.95, string_constraints: { domains: ['a', 'b'] } },
      ]),
    );
    const [table] = inOdcsTerms(contract).contract.tables;
    assert.ok(table);
    const [n, s] = columnsOf(table);
    assert.deepEqual([n?.logicalType, n?.required, n?.options.minimum], ['integer', true, 0]);
    assert.deepEqual([s?.logicalType, s?.required, s?.values], ['string', false, ['a', 'b']]);
    assert.deepEqual(
      s?.rules.map(({ metric, unit, operators: [first] }) => [metric, unit, first?.keyword, first?.value]),
      [['nullValues', 'percent', 'mustBeLessOrEqualTo', 5]],
    );
  });
  it('come back as they were, drift and shares and what is turned off', () => {
    const file = {
      version: 0,
      features: [
        {
          name: 'n',
          inferred_type: 'Integral',
          completeness: 1,
          num_constraints: { is_non_negative: false },
          monitoring_config_overrides: { distribution_constraints: { comparison_threshold: 0.3 } },
        },
        { name: 's', inferred_type: 'String', completeness: 0.9, string_constraints: { domains: ['a'] } },
        {
          name: 'free',
          inferred_type: 'String',
          completeness: 0,
          monitoring_config_overrides: { distribution_constraints: { perform_comparison: 'Disabled' } },
        },
      ],
      monitoring_config: {
        evaluate_constraints: 'Enabled',
        emit_metrics: 'Enabled',
        datatype_check_threshold: 0.8,
        domain_content_threshold: 0.7,
        distribution_constraints: {
          perform_comparison: 'Enabled',
          comparison_threshold: 0.1,
          comparison_method: 'Simple',
          categorical_comparison_threshold: 0.1,
          categorical_drift_method: 'LInfinity',
        },
      },
    };
    const contract = read(JSON.stringify(file));
    const asOdcs = convert(contract, odcs);
    const back = convert(odcs.read(parseText('c.odcs.yaml', asOdcs.text)), dialect);
    assert.deepEqual(JSON.parse(back.text), reordered(file));
  });
});

/** The first feature that is compared says what the file says of all. */
const reordered = (file: { features: readonly object[]; monitoring_config: { distribution_constraints: object } }) => {
  const [n, s, free] = file.features;
  const { monitoring_config_overrides: _, ...plain } = n as Record<string, unknown>;
  return {
    ...file,
    features: [
      plain,
      {
        ...s,
        monitoring_config_overrides: { distribution_constraints: { categorical_comparison_threshold: 0.1 } },
      },
      free,
    ],
    monitoring_config: {
      ...file.monitoring_config,
      distribution_constraints: {
        ...file.monitoring_config.distribution_constraints,
        comparison_threshold: 0.3,
        categorical_comparison_threshold: 0.3,
      },
    },
  };
};
