import assert from 'node:assert/strict';
import { addressFor, resolveDataset } from '../../server/src/data/dataset';
import { start } from '../cli/command';
import { KEY, SECRET, type StandIn, standIn } from '../stores/lakefs-stand-in';
import { type Scratch, scratch } from '../world/repository';
import { listeningWorld } from '../world/worlds';

describe('an address in place of a path', function () {
  this.timeout(60_000);
  let lake: StandIn;
  let work: Scratch;
  beforeEach(async () => {
    lake = await standIn();
    work = scratch();
  });
  afterEach(async () => {
    await lake.close();
    work.remove();
  });

  it('is read by whoever knows its scheme, and told what to do by nobody else', async () => {
    assert.deepEqual(
      ['lakefs://r/m/a.csv', 'LAKEFS://r/m/a', 'runs:/1/a.csv', 'server:s/t', 's3://b/a.csv', 'C:\\a.csv', 'a.csv'].map(
        (ref) => addressFor(ref)?.prefix,
      ),
      ['lakefs://', 'lakefs://', 'runs:/', 'server:', undefined, undefined, undefined],
    );
    for (const [ref, mend] of [
      ['s3://b/a.csv', /"s3:\/\/b\/a\.csv" is not one\. Download it and give the path of the file\.$/],
      ['server:s/t', /Export the table to a Parquet or CSV file and give its path\.$/],
    ] as const)
      await assert.rejects(resolveDataset(ref, work.path, listeningWorld()), mend);
  });

  const run = (endpoint: string, ...args: readonly string[]) =>
    start(work.path, args, {
      HOME: work.path,
      XDG_CACHE_HOME: work.at('cache'),
      LAKECTL_SERVER_ENDPOINT_URL: endpoint,
      LAKECTL_CREDENTIALS_ACCESS_KEY_ID: KEY,
      LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY: SECRET,
    }).ended;
  const rows = (from: number) => `n\n${Array.from({ length: 200 }, (_, i) => from + i).join('\n')}\n`;

  it('is compared by the command line, which tells the commit', async () => {
    const commits = [0, 0.1, 500].map((from, i) => lake.commit(`Load ${i}`, { 'n.csv': rows(from) }));
    const [one = '', , last = ''] = commits;
    const sides = ['--reference', `lakefs://harbor-lake/${one}/n.csv`, '--current', 'lakefs://harbor-lake/main/n.csv'];
    const { exit, out, err } = await run(lake.endpoint, 'drift', ...sides, '--format', 'json');
    assert.equal(err, '');
    assert.equal(exit, 1);
    const { reference, current, dataset, notes } = JSON.parse(out);
    assert.deepEqual([reference.rows, current.rows, dataset.drifted], [200, 200, true]);
    assert.deepEqual(notes, [
      `lakefs://harbor-lake/main/n.csv was read at commit ${last.slice(0, 8)} of branch "main".`,
    ]);
    const found = await run(lake.endpoint, 'drift', ...sides, '--bisect', '--format', 'json');
    const { start: began } = JSON.parse(found.out);
    assert.deepEqual([began.first.commit, began.first.subject, began.versions], [last, 'Load 2', 2]);
    assert.ok(!`${out}${found.out}${found.err}`.includes(SECRET));
  });

  it('ends with 2 and one sentence when nobody answers', async () => {
    const { exit, err } = await run('http://127.0.0.1:1', 'profile', 'lakefs://harbor-lake/main/port_calls.csv');
    assert.equal(exit, 2);
    assert.match(err, /^The lakeFS server cannot be reached: http:\/\/127\.0\.0\.1:1 does not answer[^\n]*\n$/);
  });
});
