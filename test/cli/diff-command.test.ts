import assert from 'node:assert/strict';
import type { DiffReport } from '../../server/src/protocol';
import { repository, type Scratch } from '../world/repository';
import { plumbline } from './command';

const contract = (version: string, amount: string, more = '') => `apiVersion: v3.1.0
kind: DataContract
id: orders
version: ${version}
status: active
schema:
  - name: orders
    properties:
      - name: id
        logicalType: integer
      - name: amount
        ${amount}
${more}`;

const column = '      - name: at\n        logicalType: date\n';

describe('the command line tells what has changed of a contract', function () {
  this.timeout(60_000);
  let repo: Scratch;
  before(() => {
    repo = repository();
    repo.write('orders.odcs.yaml', contract('1.2.0', 'logicalType: integer'));
    repo.commit('One');
    repo.git('tag', 'v1.2.0');
    repo.git('checkout', '--quiet', '-b', 'work');
  });
  after(() => repo.remove());
  const run = (...args: readonly string[]) => plumbline(repo.path, ...args);

  it('nothing, since the branch left the main one', async () => {
    const { exit, out, err } = await run('diff', 'orders.odcs.yaml');
    assert.deepEqual([exit, err], [0, '']);
    const [head = '', nothing] = out.split('\n');
    assert.match(
      head,
      /^orders\.odcs\.yaml@[0-9a-f]{7} \(in common with main\) \(version 1\.2\.0\) → orders\.odcs\.yaml/,
    );
    assert.equal(nothing, 'Nothing has changed.');
  });

  it('what breaks, on its line, with the version that it calls for', async () => {
    repo.write('orders.odcs.yaml', contract('1.2.0', 'logicalType: number', column));
    // A commit of the branch is no place to compare with.
    repo.commit('Two');
    const { exit, out } = await run('diff', 'orders.odcs.yaml', '--against', 'v1.2.0');
    assert.equal(exit, 1);
    assert.equal(
      out,
      `orders.odcs.yaml:12:22 error diff/type-widened Column "amount" takes more values than before: its type is number, where it was integer.
orders.odcs.yaml:13:15 warning diff/column-added Column "at" is new.

orders.odcs.yaml@v1.2.0 (version 1.2.0) → orders.odcs.yaml (version 1.2.0)
Changes: 1 breaking, 1 compatible, 0 cosmetic.
This calls for a major version: 2.0.0.
`,
    );
    assert.equal((await run('diff', 'orders.odcs.yaml')).exit, 1);
    assert.equal((await run('diff', 'orders.odcs.yaml', '--fail-on', 'never')).exit, 0);
  });

  it('as JSON, with the keys that other programs read', async () => {
    const { out } = await run('diff', 'orders.odcs.yaml', '--against', 'v1.2.0', '--format', 'json');
    const report = JSON.parse(out) as DiffReport;
    assert.deepEqual(Object.keys(report).slice(0, 8), [
      'schemaVersion',
      'tool',
      'verb',
      'from',
      'to',
      'changes',
      'bump',
      'neededVersion',
    ]);
    assert.deepEqual(
      [report.verb, report.bump, report.neededVersion, report.versionIsEnough],
      ['diff', 'major', '2.0.0', false],
    );
    assert.deepEqual(report.changes[0], {
      kind: 'type-widened',
      impact: 'breaking',
      path: 'schema/orders/amount/logicalType',
      message: 'Column "amount" takes more values than before: its type is number, where it was integer.',
      before: 'integer',
      after: 'number',
      severity: 'error',
      location: {
        path: 'orders.odcs.yaml',
        range: { start: { line: 11, character: 21 }, end: { line: 11, character: 27 } },
      },
    });
  });

  it('fine as soon as the version says so', async () => {
    repo.write('orders.odcs.yaml', contract('2.0.0', 'logicalType: number', column));
    const { exit, out } = await run('diff', 'orders.odcs.yaml');
    assert.equal(exit, 0);
    assert.match(out, /:12:22 info diff\/type-widened /);
    assert.match(out, /This calls for a major version, and 2\.0\.0 is enough\.\n$/);
  });

  it('what is compatible fails where warnings do', async () => {
    repo.write('orders.odcs.yaml', contract('1.2.1', 'logicalType: integer', column));
    assert.equal((await run('diff', 'orders.odcs.yaml')).exit, 0);
    assert.equal((await run('diff', 'orders.odcs.yaml', '--fail-on', 'warning')).exit, 1);
  });

  it('between two files, and a file at two revisions', async () => {
    repo.write('other.odcs.yaml', contract('1.3.0', 'logicalType: string'));
    const files = await run('diff', 'orders.odcs.yaml@v1.2.0', 'other.odcs.yaml');
    assert.equal(files.exit, 1);
    assert.match(files.out, /^other\.odcs\.yaml:12:22 error diff\/type-changed/);
    const revisions = await run('diff', 'orders.odcs.yaml@work', 'orders.odcs.yaml@v1.2.0', '--format', 'json');
    const { from, to, changes } = JSON.parse(revisions.out) as DiffReport;
    assert.deepEqual([from.revision, to.revision], ['work', 'v1.2.0']);
    assert.deepEqual(
      changes.map(({ kind }) => kind),
      ['column-removed', 'type-narrowed'],
    );
  });

  it('in the other forms of reports', async () => {
    for (const [format, expected] of [
      ['junit', /<failure .*Column &quot;at&quot; is gone\./],
      ['sarif', /"ruleId": "diff\/column-removed"/],
      ['markdown', /failed \| orders\.odcs\.yaml \(orders\.odcs\.yaml:4\) \| schema\/orders\/at|Column "at" is gone/],
      ['html', /Column &quot;at&quot; is gone\./],
    ] as const) {
      const { exit, out } = await run('diff', 'orders.odcs.yaml@work', 'orders.odcs.yaml@v1.2.0', '--format', format);
      assert.deepEqual([format, exit], [format, 1]);
      assert.match(out, expected);
    }
  });

  it('says in one sentence why it cannot', async () => {
    const cases: readonly (readonly [RegExp, ...string[]])[] = [
      [
        /^There is no commit v9 in the repository of .*orders\.odcs\.yaml\. "git fetch" may bring it\.\n$/,
        'orders.odcs.yaml',
        '--against',
        'v9',
      ],
      [/^--against is for one contract; /, 'orders.odcs.yaml', 'other.odcs.yaml', '--against', 'v1.2.0'],
      [/other\.odcs\.yaml was not there at /, 'other.odcs.yaml'],
      [/has no commit v9\./, 'orders.odcs.yaml@v9', 'orders.odcs.yaml'],
    ];
    for (const [expected, ...args] of cases) {
      const { exit, out, err } = await run('diff', ...args);
      assert.deepEqual([exit, out], [2, '']);
      assert.match(err, expected);
    }
  });

  it('says so where no commit is there', async () => {
    const empty = repository();
    try {
      empty.write('orders.odcs.yaml', contract('1.2.0', 'logicalType: integer'));
      const { exit, err } = await plumbline(empty.path, 'diff', 'orders.odcs.yaml');
      assert.equal(exit, 2);
      assert.match(err, /lies in no Git repository with a commit to compare with\./);
    } finally {
      empty.remove();
    }
  });
});
