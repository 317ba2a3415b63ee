import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckResult } from '../../server/src/protocol';
import { checkFile } from './checking';

const home = 'test/fixtures/contract/dbt';
const statuses: Readonly<Record<string, string>> = { pass: 'passed', fail: 'failed', warn: 'warning' };

interface Said {
  readonly status: string;
  readonly failures: number | null;
}

const said: Readonly<Record<string, Said>> = JSON.parse(readFileSync(join(home, 'expected.json'), 'utf8'));

describe('tests of dbt', function () {
  this.timeout(60_000);

  let found: ReadonlyMap<string, CheckResult>;

  before(async () => {
    const data = {
      orders: 'generate/seeds/orders.csv',
      customers: 'generate/seeds/customers.csv',
    };
    const { report } = await checkFile(join(home, 'generate/seeds/schema.yml'), { job: { data, folder: home } });
    found = new Map(report.checks.map((check) => [check.id, check]));
  });

  for (const [name, { status, failures }] of Object.entries(said))
    it(`${name}: ${status}, ${failures}, as dbt itself`, () => {
      const check = found.get(name);
      assert.ok(check, 'no such check');
      assert.deepEqual([check.status, check.unexpectedCount], [statuses[status], failures], check.message);
    });

  it('are skipped where they are switched off', () => {
    const check = found.get('id_unique_off');
    assert.equal(check?.status, 'skipped');
    assert.match(check.message, /enabled: false/);
    assert.equal(found.size, Object.keys(said).length + 1);
  });
});
