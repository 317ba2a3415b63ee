import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { signatureOf, testNames } from '../../server/src/contract/dbt/signatures';
import type { Contract } from '../../server/src/contract/model';
import type { CheckResult } from '../../server/src/protocol';
import { checkFile } from './checking';

const home = 'test/fixtures/contract/dbt';
const statuses: Readonly<Record<string, string>> = { pass: 'passed', fail: 'failed', warn: 'warning' };

interface Said {
  readonly status: string;
  readonly failures: number | null;
}

const data = { orders: 'generate/seeds/orders.csv', customers: 'generate/seeds/customers.csv' };

const said: Readonly<Record<string, Said>> = JSON.parse(readFileSync(join(home, 'expected.json'), 'utf8'));

describe('tests of dbt', function () {
  this.timeout(60_000);

  let found: ReadonlyMap<string, CheckResult>;

  before(async () => {
    const { report } = await checkFile(join(home, 'generate/seeds/schema.yml'), { job: { data, folder: home } });
    found = new Map(report.checks.map((check) => [check.id, check]));
  });

  for (const [name, { status, failures }] of Object.entries(said))
    it(`${name}: ${status}, ${failures}, as dbt itself`, () => {
      const check = found.get(name);
      assert.ok(check, 'no such check');
      assert.deepEqual([check.status, check.unexpectedCount], [statuses[status], failures], check.message);
    });

  it('say the same in words of ODCS, wherever those can say it', async () => {
    const path = join(home, 'seeds-as-odcs.odcs.yaml');
    // Without types of its own a contract of ODCS reads files of text as text.
    const alter = (contract: Contract) => ({
      ...contract,
      tables: contract.tables.map((table) => ({ ...table, described: true })),
    });
    const { report } = await checkFile(path, { job: { data, folder: home }, alter });
    const inTerms = report.checks.filter(
      ({ name, kind }) => said[name] && !/^(dbt_|not_null|unique|accepted|relationships)/.test(kind),
    );
    const verdicts = new Map<string, string>();
    // Two bounds that a value may not meet are two rules of ODCS.
    for (const { name, status } of inTerms) if (verdicts.get(name) !== 'failed') verdicts.set(name, status);
    const expected = [...verdicts.keys()].map((name) => [name, statuses[said[name]?.status ?? '']]);
    assert.deepEqual([...verdicts], expected);
    assert.ok(verdicts.size > 35, `only ${verdicts.size} are said in words of ODCS`);
  });

  it('are all among them, but for those that do not run', () => {
    const text = readFileSync(join(home, 'generate/seeds/schema.yml'), 'utf8');
    const absent = testNames.filter((name) => !signatureOf(name)?.unrun && !text.includes(`- ${name}:`));
    assert.deepEqual(absent, []);
  });

  it('are skipped where they are switched off', () => {
    const check = found.get('id_unique_off');
    assert.equal(check?.status, 'skipped');
    assert.match(check.message, /enabled: false/);
    assert.equal(found.size, Object.keys(said).length + 1);
  });
});
