import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { type Scratch, scratch } from '../world/repository';
import { plumbline } from './command';

const contract = (id: string, tag: string) => `apiVersion: v3.1.0
kind: DataContract
id: ${id}
version: 1.0.0
status: active
schema:
  - name: ${id}
    properties:
      - name: id
        logicalType: integer
        quality:
          - {id: ${id}-known, metric: nullValues, mustBe: 0, tags: [${tag}]}
`;

describe('options of plumbline check', function () {
  this.timeout(30_000);
  let folder: Scratch;
  before(() => {
    folder = scratch();
    for (const [id, tag] of [
      ['orders', 'nightly'],
      ['customers', 'weekly'],
    ] as const) {
      writeFileSync(folder.at(`${id}.odcs.yaml`), contract(id, tag));
      writeFileSync(folder.at(`${id}.csv`), 'id,country\n1,DE\n,US\n');
    }
  });
  after(() => folder.remove());
  const run = (...args: readonly string[]) => plumbline(folder.path, 'check', ...args);
  const json = async (...args: readonly string[]) => JSON.parse((await run(...args, '--format', 'json')).out);
  const ids = ({ checks }: { checks: { id: string }[] }) => checks.map(({ id }) => id);

  it('--where leaves rows, of the only table or of the one named', async () => {
    for (const where of ["country='DE'", "orders=country = 'DE'"]) {
      const { checks, data } = await json('orders.odcs.yaml', '--where', where);
      assert.equal(checks.at(-1).rows, 1);
      assert.equal(data[0].where, where.replace('orders=', ''));
    }
    const bad = await run('orders.odcs.yaml', '--where', 'country = ');
    assert.deepEqual([bad.exit, bad.out], [2, '']);
    assert.match(bad.err, /^The filter "country =" is not valid SQL[^\n]*\n$/);
    const twice = await run('orders.odcs.yaml', '--where', 'true', '--where', 'false');
    assert.deepEqual([twice.exit, twice.err], [2, '--where says twice which rows of the table are wanted.\n']);
  });

  it('takes files of different dialects at once', async () => {
    const suite = {
      expectation_suite_name: 'orders',
      expectations: [{ expectation_type: 'expect_column_values_to_not_be_null', kwargs: { column: 'id' } }],
    };
    writeFileSync(folder.at('suite.json'), JSON.stringify(suite));
    writeFileSync(folder.at('schema.pbtxt'), 'feature { name: "id" type: INT presence { min_fraction: 1.0 } }\n');
    const files = ['orders.odcs.yaml', 'schema.pbtxt', 'suite.json'];
    const { runs, summary } = await json(...files, '--data', 'orders.csv');
    assert.deepEqual(
      runs.map(({ contract: { dialect, path } }: { contract: { dialect: string; path: string } }) => [dialect, path]),
      [
        ['odcs', 'orders.odcs.yaml'],
        ['tfdv', 'schema.pbtxt'],
        ['great-expectations', 'suite.json'],
      ],
    );
    for (const run of runs) assert.equal(run.summary.failed > 0, true, run.contract.dialect);
    assert.equal(summary.status, 'failed');
  });

  it('--checks, --dimension and --tag select', async () => {
    assert.deepEqual(ids(await json('orders.odcs.yaml', '--checks', 'orders/*/columnType,orders-known')), [
      'orders/id/columnType',
      'orders-known',
    ]);
    assert.deepEqual(ids(await json('orders.odcs.yaml', '--dimension', 'completeness')), ['orders-known']);
    assert.deepEqual(ids(await json('orders.odcs.yaml', '--tag', 'nightly')), ['orders-known']);
    const none = await run('orders.odcs.yaml', '--tag', 'weekly');
    assert.deepEqual([none.exit, none.out], [2, '']);
    assert.match(none.err, /^No check has the tag "weekly" that --tag asks for; there are nightly\.\n$/);
  });

  it('leaves out contracts of several that nothing is selected of', async () => {
    const { runs } = await json('orders.odcs.yaml', 'customers.odcs.yaml', '--tag', 'weekly');
    assert.deepEqual(runs.map(ids), [['customers-known']]);
    const none = await run('orders.odcs.yaml', 'customers.odcs.yaml', '--tag', 'yearly');
    assert.equal(none.exit, 2);
    assert.match(none.err, /^No check has the tag "yearly"/);
  });

  it('--metadata-only reads no row', async () => {
    const { checks } = await json('orders.odcs.yaml', '--metadata-only');
    assert.deepEqual(
      checks.map(({ status }: { status: string }) => status),
      ['passed', 'skipped', 'skipped'],
    );
  });

  it('--dry-run shows the SQL and checks nothing', async () => {
    const { exit, out, err } = await run('orders.odcs.yaml', '--dry-run');
    assert.deepEqual([exit, err], [0, '']);
    assert.match(out, /^-- orders\.odcs\.yaml\n\n-- Table orders: orders\.csv\n/);
    assert.match(
      out,
      /-- One pass over the rows, for "orders\/id\/columnType" and "orders-known"\nSELECT count\(\*\) AS f0.*;\n/,
    );
    assert.match(out, /-- {3}orders\/id\/columnPresent passed: /);
    const plan = await json('orders.odcs.yaml', '--dry-run');
    assert.deepEqual(Object.keys(plan), ['schemaVersion', 'tool', 'verb', 'contract', 'engine', 'tables']);
    assert.deepEqual([plan.verb, plan.contract.path], ['plan', 'orders.odcs.yaml']);
  });
});
