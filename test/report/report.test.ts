import assert from 'node:assert/strict';
import type { CheckReport, CheckResult, DriftReport, LintReport } from '../../server/src/protocol';
import { formats } from '../../server/src/report/formats';
import { json } from '../../server/src/report/json';
import { withPathsFrom } from '../../server/src/report/paths';
import { tableOf } from '../../server/src/report/table';
import { text } from '../../server/src/report/text';

const plain = { color: false, quiet: false };
const range = { start: { line: 4, character: 2 }, end: { line: 4, character: 9 } };
const tool = { name: 'plumbline', version: '1.2.3' } as const;

const check: CheckResult = {
  message: 'Column "amount" has\n  3 nulls.',
  location: { range, path: '/work/orders.odcs.yaml' },
  id: 'orders/amount/nullValues',
  name: 'nulls',
  table: 'orders',
  column: 'amount',
  dimension: null,
  kind: 'nullValues',
  status: 'failed',
  severity: 'error',
  observed: Number.NaN,
  expected: '= 0',
  rows: 1000,
  unexpectedCount: 3,
  unexpectedPercent: 0.1 + 0.2,
  samples: [],
};

const report = (checks: readonly CheckResult[]): CheckReport => ({
  summary: { status: 'failed', skipped: 0, error: 0, warning: 0, failed: 1, passed: 0 },
  provenance: [],
  data: [{ table: 'orders', ref: 'orders.csv', path: '/work/orders.csv', rows: 1000 }],
  checks,
  durationMs: 5,
  startedAt: '2026-01-01T00:00:00.000Z',
  engine: { version: '1', name: 'duckdb' },
  contract: { version: null, path: '/work/orders.odcs.yaml', dialect: 'odcs' },
  verb: 'check',
  tool,
  schemaVersion: 1,
});

describe('reports as JSON', () => {
  const written = (...checks: CheckResult[]) => JSON.parse(json.write(report(checks), plain));

  it('has its keys in the order that is fixed, whatever order they come in', () => {
    const value = written(check);
    assert.deepEqual(Object.keys(value).slice(0, 9), [
      'schemaVersion',
      'tool',
      'verb',
      'contract',
      'engine',
      'startedAt',
      'durationMs',
      'checks',
      'summary',
    ]);
    assert.deepEqual(Object.keys(value.contract), ['path', 'dialect', 'version']);
    assert.deepEqual(
      Object.keys(value.checks[0]).join(' '),
      'id name table column dimension kind status severity observed expected rows unexpectedCount unexpectedPercent samples message location',
    );
    assert.deepEqual(Object.keys(value.checks[0].location), ['path', 'range']);
    assert.deepEqual(Object.keys(value.summary), ['passed', 'failed', 'warning', 'error', 'skipped', 'status']);
  });

  it('spells what is no number, keeps every digit, and has null for what does not apply', () => {
    const observed = { keys: Number.POSITIVE_INFINITY, surplus: Number.NEGATIVE_INFINITY, used: 'keys' };
    const [first, second] = written(check, { ...check, observed }).checks;
    assert.equal(first.observed, 'NaN');
    assert.equal(first.unexpectedPercent, 0.30000000000000004);
    assert.equal(first.dimension, null);
    assert.deepEqual(second.observed, { keys: 'Infinity', surplus: '-Infinity', used: 'keys' });
  });

  it('writes a key that is missing as null, and keeps one it does not know', () => {
    const { column: _left, ...without } = { ...check, later: 1 };
    const [value] = written(without as unknown as CheckResult).checks;
    assert.equal(value.column, null);
    assert.equal(value.later, 1);
  });
});

describe('reports as text', () => {
  it('starts each finding with its place from 1, its severity and its code, on one line', () => {
    const [line] = text.write(withPathsFrom(report([check]), '/work'), plain).split('\n');
    assert.equal(line, 'orders.odcs.yaml:5:3 error check/nullValues Column "amount" has 3 nulls.');
  });

  it('gives a rule that only warns its own severity, and one that cannot be judged that of an error', () => {
    const of = (status: CheckResult['status'], severity: CheckResult['severity']) => ({ ...check, status, severity });
    const written = text.write(
      report([of('warning', 'warning'), of('warning', 'info'), of('error', 'info'), of('passed', 'error')]),
      { ...plain, quiet: true },
    );
    assert.deepEqual(
      written
        .trimEnd()
        .split('\n')
        .map((line) => line.split(' ')[1]),
      ['warning', 'info', 'error'],
    );
  });

  it('is coloured only when it is asked to be', () => {
    assert.ok(!text.write(report([check]), plain).includes('\u001b['));
    assert.ok(text.write(report([check]), { ...plain, color: true }).includes('\u001b[31merror\u001b[39m'));
  });

  it('says nothing at all, quietly, when nothing is wrong', () => {
    assert.equal(text.write(report([{ ...check, status: 'passed' }]), { color: false, quiet: true }), '');
  });

  it('shows small, large and missing figures of a drift report', () => {
    const side = { histogram: null, rows: 1, nulls: 0, mean: null, median: null };
    const column = {
      column: 'x',
      type: 'numerical',
      method: 'ks',
      threshold: 0.05,
      drifted: true,
      reason: null,
      segment: null,
      window: null,
      parameters: {},
      moved: null,
      reference: side,
      current: side,
    } as const;
    const drift = {
      schemaVersion: 1,
      tool,
      verb: 'drift',
      preset: 'plumbline',
      reference: { ref: 'a', rows: 1 },
      current: { ref: 'b', rows: 12345 },
      startedAt: '',
      durationMs: 1,
      columns: [
        { ...column, statistic: 0.123456, pValue: 3.21e-12 },
        { ...column, statistic: 'Infinity', pValue: null, drifted: null },
      ],
      dataset: { drifted: true, driftedColumns: 1, columns: 2, share: 0.5, threshold: 0.5, method: 'share' },
      engine: { name: 'duckdb', version: '1' },
      provenance: [],
    } as unknown as DriftReport;
    assert.equal(
      text.write(drift, plain),
      [
        'a (1 rows) → b (12,345 rows), preset plumbline',
        '  column  type       method  statistic    p-value  threshold  drifted',
        '  x       numerical  ks         0.1235  3.210e-12       0.05  yes',
        '  x       numerical  ks       Infinity                  0.05',
        '  drifted: 1 column of 2 drifted (50 %; 50 % would be drift of the dataset)',
        '',
      ].join('\n'),
    );
  });

  it('counts what lint found', () => {
    const diagnostic = { code: 'schema/unknown-key', severity: 'error', message: 'No.', range, fix: null } as const;
    const lint: LintReport = {
      schemaVersion: 1,
      tool,
      verb: 'lint',
      files: [{ path: 'a.yaml', dialect: 'odcs', diagnostics: [diagnostic] }],
      summary: { error: 1, warning: 0, info: 0, hint: 0, files: 1 },
    };
    assert.equal(
      text.write(lint, plain),
      'a.yaml:5:3 error schema/unknown-key No.\n\n1 file: 1 error, 0 warnings, 0 info, 0 hints\n',
    );
  });
});

describe('paths and tables of reports', () => {
  it('writes paths from the folder, and leaves alone what lies elsewhere', () => {
    const elsewhere = { ...check, location: { path: '/other/x.yaml', range } };
    const { checks, contract, data } = withPathsFrom(report([check, elsewhere]), '/work');
    assert.deepEqual(
      [contract.path, data[0]?.path, ...checks.map(({ location }) => location.path)],
      ['orders.odcs.yaml', 'orders.csv', 'orders.odcs.yaml', '/other/x.yaml'],
    );
  });

  it('lines columns up, numbers to the right', () => {
    assert.deepEqual(
      tableOf(
        ['name', 'rows'],
        [
          ['größe', '1,000'],
          ['b', '20 %'],
        ],
      ),
      ['name    rows', 'größe  1,000', 'b       20 %'],
    );
    assert.deepEqual(tableOf(['name'], []), ['name']);
  });

  it('knows text, JSON and the shapes of other systems', () => {
    assert.deepEqual(
      formats.map(({ id }) => id),
      [
        'text',
        'json',
        'junit',
        'sarif',
        'markdown',
        'html',
        'evidently',
        'sagemaker',
        'openlineage',
        'prov',
        'ro-crate',
      ],
    );
  });
});
