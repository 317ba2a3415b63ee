import assert from 'node:assert/strict';
import { checkText, tableContract } from './checking';

describe('columns that the contract does not describe', () => {
  const asking = (value: string) =>
    `${tableContract('- {name: id, logicalType: integer}')}    customProperties: [{property: undocumentedColumns, value: ${value}}]\n`;

  it('are no fault where nobody asks', async () => {
    const { report } = await checkText(tableContract('- {name: id, logicalType: integer}'), {
      't.csv': 'id,more\n1,2\n',
    });
    assert.ok(report.checks.every(({ kind }) => kind !== 'undocumentedColumn'));
    const off = await checkText(asking('off'), { 't.csv': 'id,more\n1,2\n' });
    assert.ok(off.report.checks.every(({ kind }) => kind !== 'undocumentedColumn'));
  });

  it('are told with the severity that the table asks for, without a look at rows', async () => {
    const files = { 't.csv': 'ID,more,x y\n1,2,3\n' };
    for (const [value, status] of [
      ['warning', 'warning'],
      ['error', 'failed'],
      ['info', 'warning'],
    ] as const) {
      const { one } = await checkText(asking(value), files, { job: { metadataOnly: true } });
      const check = one({ kind: 'undocumentedColumn' });
      assert.deepEqual([check.status, check.observed], [status, 2]);
      assert.equal(check.message, 'Table "t" has 2 columns that the contract does not describe: more, x y.');
    }
    const { one } = await checkText(asking('error'), { 't.csv': 'id\n1\n' });
    assert.equal(one({ kind: 'undocumentedColumn' }).status, 'passed');
  });
});

describe('the frequency of data', () => {
  const contract = (value: string) =>
    `${tableContract('- {name: at, logicalType: timestamp}')}slaProperties:\n  - {property: Frequency, ${value}, element: t.at}\n`;
  const csv = 'at\n2026-01-04T00:00:00\n2026-01-01T00:00:00\n\n2026-01-02T00:00:00\n2026-01-02T00:00:00\n';
  const frequency = async (value: string, text = csv) =>
    (await checkText(contract(value), { 't.csv': text })).one({ kind: 'frequency' });

  it('is the longest gap between two moments that follow each other', async () => {
    const passed = await frequency('value: 2, unit: d');
    assert.deepEqual([passed.status, passed.observed, passed.expected], ['passed', 2, '≤ 2 days']);
    assert.deepEqual(passed.limits, [{ operator: 'mustBeLessOrEqualTo', values: [2], unit: 'days' }]);
    const failed = await frequency('value: 1, unit: d');
    assert.equal(failed.status, 'failed');
    assert.equal(
      failed.message,
      'The longest gap between two moments of "at" is 2 days, but should be at most 24 hours.',
    );
  });

  it('needs two moments and a period', async () => {
    assert.match(
      (await frequency('value: 1, unit: d', 'at\n2026-01-04T00:00:00\n')).message,
      /holds 1 moment, and it takes two/,
    );
    assert.equal((await frequency('value: often')).status, 'error');
  });
});
