import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import type { CheckResult } from '../../server/src/protocol';
import { type Checked, checkFile } from './checking';

const folder = 'test/fixtures/check';

describe('the worked example of the ODCS page', () => {
  let checked: Checked;
  before(async () => {
    checked = await checkFile(`${folder}/orders.odcs.yaml`);
  });

  const figure = ({ observed }: CheckResult) =>
    observed !== null && typeof observed === 'object' ? observed[String(observed.used)] : observed;

  for (const [id, status, observed] of [
    ['order_id_twice', 'passed', 1],
    ['tenant_null', 'failed', 2],
    ['tenant_null_share', 'passed', 100 / 3],
    ['tenant_twice_share', 'failed', 200 / 3],
    ['email_null', 'passed', 2],
    ['email_missing_all', 'passed', 4],
    ['email_missing_one', 'passed', 3],
    ['country_list', 'warning', 2],
    ['country_pattern', 'passed', 1],
    ['country_both', 'passed', 2],
    ['country_lookahead', 'passed', 2],
    ['country_no_argument', 'error', null],
    ['pair_twice', 'failed', 1],
    ['rows_six_low', 'passed', 6],
    ['rows_six_high', 'passed', 6],
    ['rows_not_six', 'failed', 6],
    ['total', 'passed', 210],
    ['no_such_column', 'error', null],
    ['writes', 'error', null],
    ['prose', 'skipped', null],
  ] as const) {
    it(`${id}: ${status}, ${observed}`, () => {
      const check = checked.one({ id });
      assert.equal(check.status, status, check.message);
      assert.equal(figure(check), observed);
    });
  }

  it('tells all three numbers of duplicates, and says when they would not agree', () => {
    const order = checked.one({ id: 'order_id_twice' });
    assert.deepEqual(order.observed, { keys: 1, surplus: 2, rows: 3, used: 'keys' });
    assert.match(order.message, /would not agree here: 1 repeated value, 2 surplus rows, 3 rows in all/);
    assert.deepEqual(checked.one({ id: 'pair_twice' }).observed, { keys: 1, surplus: 1, rows: 2, used: 'keys' });
    const share = checked.one({ id: 'tenant_twice_share' });
    assert.deepEqual(share.observed, { keys: 200 / 6, surplus: 200 / 6, rows: 400 / 6, used: 'rows' });
    assert.equal(share.unexpectedCount, 4);
  });

  it('says in one sentence what is wrong, with the first row', () => {
    assert.equal(
      checked.one({ id: 'tenant_null' }).message,
      'Column "tenant": 2 of 6 rows are null, but the rule says < 2. First: row 5.',
    );
    assert.equal(
      checked.one({ column: 'amount', kind: 'minimum' }).message,
      'Column "amount" should be at least 20, but 1 of 6 rows is below. First: row 1 (10).',
    );
    assert.equal(
      checked.one({ id: 'country_no_argument' }).message,
      '"invalidValues" needs "validValues" or "pattern" under "arguments".',
    );
  });

  it('checks what the schema itself says', () => {
    assert.equal(checked.one({ column: 'amount', kind: 'minimum' }).unexpectedCount, 1);
    assert.equal(checked.one({ column: 'amount', kind: 'exclusiveMaximum' }).unexpectedCount, 1);
    assert.equal(checked.one({ column: 'order_id', kind: 'required' }).status, 'passed');
    assert.equal(checked.one({ column: 'amount', kind: 'columnType' }).status, 'passed');
  });

  it('shows rows that fail', () => {
    assert.deepEqual(checked.one({ id: 'country_list' }).samples, [
      { row: 4, values: { country: 'XX' } },
      { row: 5, values: { country: 'de' } },
    ]);
    assert.deepEqual(checked.one({ id: 'pair_twice' }).samples, [
      { row: 1, values: { tenant: 'a', order_id: 1 } },
      { row: 2, values: { tenant: 'a', order_id: 1 } },
    ]);
  });

  it('writes no file, whatever the SQL of the contract says', () => {
    assert.equal(checked.one({ id: 'writes' }).status, 'error');
    for (const place of ['escaped.csv', `${folder}/escaped.csv`]) assert.equal(existsSync(place), false, place);
  });

  it('gives each check an id of its own and its place in the contract', () => {
    const { checks } = checked.report;
    assert.equal(new Set(checks.map(({ id }) => id)).size, checks.length);
    const { range } = checked.one({ id: 'tenant_null' }).location;
    assert.deepEqual(range, { start: { line: 20, character: 38 }, end: { line: 20, character: 48 } });
  });

  it('sums up', () => {
    const { checks, summary, data } = checked.report;
    assert.equal(summary.passed + summary.failed + summary.warning + summary.error + summary.skipped, checks.length);
    assert.deepEqual(
      { ...summary, passed: 0 },
      { passed: 0, failed: 6, warning: 1, error: 3, skipped: 1, status: 'failed' },
    );
    assert.deepEqual(
      data.map(({ table, rows }) => [table, rows]),
      [['orders', 6]],
    );
  });

  it('reads the rows once for all that can be counted at once', () => {
    const scans = checked.statements.filter((sql) => /^SELECT count\(\*\) AS f0/.test(sql));
    assert.equal(scans.length, 1);
    assert.equal(checked.statements.filter((sql) => /AS keys/.test(sql)).length, 3);
  });
});
