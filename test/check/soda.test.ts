import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formats } from '../../server/src/contract/soda/formats';
import type { CheckResult } from '../../server/src/protocol';
import { checkFile, checkFiles, checkText, tableContract } from './checking';

const home = 'test/fixtures/contract/soda';
const statuses: Readonly<Record<string, string>> = { pass: 'passed', fail: 'failed', warn: 'warning' };
const read = (name: string) => JSON.parse(readFileSync(join(home, name), 'utf8'));

const said: Readonly<Record<string, Readonly<Record<string, string>>>> = read('expected.json');
const orders = { orders: 'generate/orders.csv' };
const dataOf: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'checks.yml': { ...orders, customers: 'generate/customers.csv' },
  'contract.yml': orders,
};

for (const [file, checks] of Object.entries(said))
  describe(`checks of Soda in ${file}`, () => {
    let found: ReadonlyMap<string, CheckResult>;

    before(async () => {
      const { report } = await checkFile(join(home, 'generate', file), {
        job: { data: dataOf[file] ?? orders, folder: home },
      });
      found = new Map(report.checks.map((check) => [check.name, check]));
    });

    for (const [name, outcome] of Object.entries(checks)) {
      const word = outcome.toLowerCase().replace(/ed$/, '');
      it(`${name}: ${word}, as Soda itself`, () => {
        const check = found.get(name);
        assert.ok(check, 'no such check');
        assert.equal(check.status, statuses[word], check.message);
      });
    }

    it('are all told', () => assert.deepEqual([...found.keys()].toSorted(), Object.keys(checks).toSorted()));
  });

describe('named formats of Soda', () => {
  const { words, matching }: { words: readonly string[]; matching: Readonly<Record<string, readonly string[]>> } =
    read('formats.json');

  it('are those that Soda has', () => {
    assert.deepEqual(Object.keys(formats).toSorted(), Object.keys(matching).toSorted());
  });

  it('take the words that they take in Soda, as a metric and in a query', async () => {
    const checks = Object.entries(matching).flatMap(([name, taken]) =>
      ['', '      valid min length: 0\n'].map(
        (more) =>
          `  - invalid_count(word) = ${words.length - taken.length}:\n      name: ${name}${more && ' by query'}\n      valid format: ${name}\n${more}`,
      ),
    );
    const lines = words.map((word) => JSON.stringify({ word })).join('\n');
    const { report } = await checkFiles(
      'checks.yml',
      { 'checks.yml': `checks for words:\n${checks.join('')}`, 'words.json': lines },
      { job: { data: { words: 'words.json' } } },
    );
    assert.equal(report.checks.length, 2 * Object.keys(matching).length);
    for (const check of report.checks) assert.equal(check.status, 'passed', `${check.name}: ${check.message}`);
  });
});

describe('rules of Soda in a contract of ODCS', () => {
  const custom = (implementation: string) => `- type: custom\n  engine: soda\n  implementation: ${implementation}`;
  const indented = (text: string) => text.replaceAll(/^/gm, '    ');
  const run = async (atColumn: string, atTable = '') => {
    const columns = `- name: a\n  logicalType: integer\n  quality:\n${indented(custom(atColumn))}\n- name: b\n  logicalType: string`;
    const files = { 't.csv': 'a,b\n1,x\n,y\n3,y\n' };
    const { report } = await checkText(tableContract(columns, atTable && custom(atTable)), files);
    return report.checks.filter(({ kind }) => !kind.startsWith('column'));
  };

  it('are lines of SodaCL, checks of both versions, and any of them as a text', async () => {
    for (const [text, kind, status] of [
      ['missing_count = 1', 'missing_count', 'passed'],
      ['"missing_count: {warn: when > 0}"', 'missing_count', 'warning'],
      ['{type: no_missing_values}', 'no_missing_values', 'failed'],
      ['"type: missing_percent\\nmust_be_less_than: 34"', 'missing_percent', 'passed'],
      ['{missing: {threshold: {must_be: 0, level: warn}}}', 'missing', 'warning'],
      ['{invalid: {valid_max: 2}}', 'invalid', 'failed'],
      ['avg > 1', 'avg', 'passed'],
      ['{type: missing_cuont, must_be: 0}', 'missing_cuont', 'error'],
      ['missing_count', 'missing_count', 'error'],
      ['anomaly detection for row_count', 'anomaly detection', 'skipped'],
      ['change for row_count > 5', 'change over time', 'skipped'],
    ] as const) {
      const [check] = await run(text);
      assert.deepEqual([check?.kind, check?.status], [kind, status], `${text}: ${check?.message}`);
    }
  });

  it('stand at a table too', async () => {
    const [, ...atTable] = await run(
      'missing_count = 1',
      '{type: duplicate_percent, columns: [b], must_be_less_than: 34}',
    );
    assert.deepEqual(
      atTable.map(({ kind, status }) => [kind, status]),
      [['duplicate_percent', 'passed']],
    );
  });
});

describe('sections of SodaCL', () => {
  it('that are for many datasets are skipped, and no moment at all is never fresh', async () => {
    const checks =
      'for each dataset D:\n  datasets: [t]\n  checks: [row_count > 0]\nconfigurations for t:\n  valid values for a: [1]\nchecks for t:\n  - freshness(b) < 1d\n';
    const { report } = await checkFiles(
      'checks.yml',
      { 'checks.yml': checks, 't.csv': 'a,b\n1,\n2,\n' },
      { job: { data: { t: 't.csv' } } },
    );
    assert.deepEqual(
      report.checks.map(({ kind, status }) => [kind, status]),
      [
        ['for each dataset', 'skipped'],
        ['configurations', 'skipped'],
        ['freshness', 'failed'],
      ],
    );
    assert.match(report.checks[2]?.message ?? '', /no moment/);
  });
});
