import assert from 'node:assert/strict';
import { repository, type Scratch } from '../world/repository';
import { start } from './command';

const table = (from: number) => `n\n${Array.from({ length: 200 }, (_, i) => from + i).join('\n')}\n`;

describe('the timeline on the command line', function () {
  this.timeout(60_000);
  let repo: Scratch;
  beforeEach(() => {
    repo = repository();
    for (const from of [0, 500, 1000]) {
      repo.write('data/a.csv', table(from));
      repo.commit(`From ${from}`);
    }
  });
  afterEach(() => repo.remove());

  const run = (...args: readonly string[]) =>
    start(repo.path, ['provenance', ...args], { XDG_CACHE_HOME: repo.at('.git/cache') }).ended;

  it('is a table with the newest version first', async () => {
    repo.git('tag', 'v3');
    const { exit, out, err } = await run('data/a.csv', '--timeline', '--most', '2');
    assert.deepEqual([exit, err], [0, '']);
    const lines = out.split('\n').map((line) => line.replace(/ {2,}/g, ' | '));
    const [newest = '', middle = ''] = ['HEAD', 'HEAD~1'].map((revision) =>
      repo.git('rev-parse', revision).slice(0, 7),
    );
    assert.equal(lines[0], 'data/a.csv');
    assert.equal(lines[1], ' | version | date | author | subject | bytes | rows | columns | drift | runs');
    assert.match(
      lines[2] ?? '',
      new RegExp(
        `^ \\| ${newest} \\(in v3\\) \\| 2026-01-04 \\| A\\. Author \\| From 1000 \\| [\\d,]+ \\| 200 \\| 1 \\| drifted, 1 of 1 column: n: `,
      ),
    );
    assert.ok(lines[3]?.includes(middle));
    assert.equal(lines[4], ' | 1 older version; see more with --most');
  });

  it('is one object in JSON, with references that read each version again', async () => {
    const { exit, out } = await run('data/a.csv', '--timeline', '--format', 'json');
    const report = JSON.parse(out);
    assert.equal(exit, 0);
    assert.deepEqual(Object.keys(report), ['schemaVersion', 'tool', 'verb', 'dataset', 'versions', 'older']);
    assert.equal(
      Object.keys(report.versions[0]).join(' '),
      'tracker ref version algorithm commit author date subject tag sizeBytes rows columns changes drift note runs reason',
    );
    const { ended } = start(repo.path, ['profile', report.versions[2].ref, '--format', 'json']);
    assert.equal(JSON.parse((await ended).out).columns[0].max, 199);
  });

  it('says in one sentence what is wrong with what it was asked', async () => {
    for (const [args, message] of [
      [['--timeline'], /^--timeline takes a dataset: plumbline provenance FILE --timeline\n$/],
      [['data/a.csv', '--timeline', '--most', '0'], /^--most takes a whole number from 1, not "0"\.\n$/],
      [['none.csv', '--timeline'], /^There is no data at [^\n]*none\.csv, and no commit has any\. Check the path\.\n$/],
    ] as const) {
      const { exit, err } = await run(...args);
      assert.equal(exit, 2);
      assert.match(err, message);
    }
  });
});
