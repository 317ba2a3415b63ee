import assert from 'node:assert/strict';
import type { CheckJob } from '../../server/src/protocol';
import { repository, type Scratch } from '../world/repository';
import { checkFile, tableContract } from './checking';

const csv = (rows: number): string => `v\n${Array.from({ length: rows }, (_, i) => i % 10).join('\n')}\n`;

describe('a rule on the change of rows', function () {
  this.timeout(20_000);
  let folder: Scratch;
  before(() => {
    folder = repository();
    folder.write('t.csv', csv(80));
    folder.write('other.csv', csv(200));
    folder.commit('eighty');
    folder.git('tag', 'first');
    folder.write('t.csv', csv(100));
    folder.commit('a hundred');
    folder.write('unrelated.txt', 'x');
    folder.commit('something else');
  });
  after(() => folder.remove());
  afterEach(() => folder.git('checkout', '--quiet', '--', '.'));

  const outcome = async (given: string, rule = '', job: Partial<CheckJob> = {}) => {
    const quality = `- {id: volume, type: custom, engine: plumbline, implementation: {rowCountChange: ${given}}${rule}}`;
    const path = folder.write('t.odcs.yaml', tableContract('- name: v\n  logicalType: integer', quality));
    const { one } = await checkFile(path, { job });
    return one({ id: 'volume' });
  };

  it('counts against the version that the last commit of the data replaced', async () => {
    const check = await outcome('{mustBeGreaterOrEqualTo: 0}');
    assert.deepEqual(
      [check.status, check.observed, check.rows, check.expected],
      ['passed', 20, 100, 'a change of rows ≥ 0 since the version before'],
    );
    assert.match(
      check.message,
      /^Table "t" has 100 rows, and t\.csv@[0-9a-f]{7} has 80: \+20 rows, and the rule says ≥ 0\.$/,
    );
  });

  it('counts changed files against what is committed', async () => {
    folder.write('t.csv', csv(70));
    const check = await outcome('{unit: percent, mustBeBetween: [-10, 10]}');
    assert.deepEqual([check.status, check.observed], ['failed', -30]);
    assert.match(check.message, /has 100: -30 rows or -30 %, but the rule says between -10 and 10 %\./);
  });

  it('knows what came before a revision', async () => {
    const job = { data: { t: 't.csv@HEAD' }, folder: folder.path };
    assert.equal((await outcome('{mustBe: 20}', '', job)).status, 'passed');
    const first = await outcome('{mustBe: 20}', '', { ...job, data: { t: 't.csv@first' } });
    assert.equal(first.status, 'error');
    assert.match(first.message, /No version of .*t\.csv before this one is known/);
  });

  it('takes any reference in place of the version before, from the contract on', async () => {
    assert.equal((await outcome('{reference: t.csv@first, mustBe: 20}')).status, 'passed');
    const other = await outcome('{reference: other.csv, unit: percent, mustBe: -50}');
    assert.deepEqual([other.status, other.observed], ['passed', -50]);
    assert.equal(other.expected, 'a change of rows = -50 % since other.csv');
  });

  it('counts on both sides only rows that a filter leaves', async () => {
    const filter = ', customProperties: [{property: filter, value: "v < 5"}]';
    const check = await outcome('{mustBe: 10}', filter);
    assert.deepEqual([check.status, check.rows], ['passed', 50]);
    assert.match(check.message, /has 50 rows, and t\.csv@.* has 40: \+10 rows/);
    const where = await outcome('{mustBe: 2}', '', { where: { t: 'v = 3' } });
    assert.deepEqual([where.status, where.rows], ['passed', 10]);
  });

  it('is judged by a share exactly, and not from no rows at all', async () => {
    folder.write('none.csv', 'v\n');
    const none = await outcome('{reference: none.csv, unit: percent, mustBeLessThan: 5}');
    assert.equal(none.status, 'error');
    assert.match(none.message, /a change from no rows has no percentage\. Use unit: rows/);
    assert.equal((await outcome('{reference: none.csv, mustBe: 100}')).status, 'passed');
  });

  it('is an error, with the mend, when it cannot be judged', async () => {
    const cases: readonly (readonly [string, RegExp])[] = [
      ['{reference: gone.csv, mustBe: 0}', /no data at .*gone\.csv/],
      ['{reference: t.csv@nope, mustBe: 0}', /no revision "nope"/],
      ['{reference: 3, mustBe: 0}', /is the name of data/],
      ['{unit: dozen, mustBe: 0}', /"dozen" is no unit\. Write rows or percent/],
      ['{}', /names no bound\. Add one/],
      ['{mustBeGreaterThanOrEqualTo: 0}', /Write "mustBeGreaterOrEqualTo"/],
      ['{since: yesterday, mustBe: 0}', /has no "since"\. It takes reference, unit, an operator/],
      ['3', /needs words below it, for instance \{rowCountChange/],
    ];
    for (const [given, message] of cases) {
      const check = await outcome(given);
      assert.equal(check.status, 'error', given);
      assert.match(check.message, message);
    }
  });

  it('says where no earlier version is known', async () => {
    const lone = repository();
    try {
      lone.write('t.csv', csv(3));
      const rule = '- {id: volume, type: custom, engine: plumbline, implementation: {rowCountChange: {mustBe: 0}}}';
      const path = lone.write('t.odcs.yaml', tableContract('- name: v', rule));
      const status = async () => (await checkFile(path)).one({ id: 'volume' });
      assert.match((await status()).message, /No version of .*t\.csv before this one is known/);
      lone.commit('first');
      assert.deepEqual([(await status()).status, (await status()).observed], ['error', null]);
    } finally {
      lone.remove();
    }
  });
});
