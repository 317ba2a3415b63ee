import assert from 'node:assert/strict';
import { readFile, utimes } from 'node:fs/promises';
import { basename, relative } from 'node:path';
import { resolveDataset } from '../../server/src/data/dataset';
import { findDriftStart } from '../../server/src/drift/find-start';
import { runDrift } from '../../server/src/drift/run';
import { createNodeWorld } from '../../server/src/node-world';
import type { DriftJob } from '../../server/src/protocol';
import { Cancelled } from '../../server/src/sql/engine';
import { lakefsApi } from '../../server/src/stores/lakefs/api';
import { tidy } from '../../server/src/stores/lakefs/objects';
import { lakefsStateOf } from '../../server/src/stores/lakefs/state';
import { versionsOfObject } from '../../server/src/stores/lakefs/versions';
import type { World } from '../../server/src/world';
import { sessionOf } from '../drift/drifting';
import { normal } from '../drift/samples';
import { type Scratch, scratch } from '../world/repository';
import { KEY, SECRET, type StandIn, standIn } from './lakefs-stand-in';

const V1 = '506aa7cb90c329b011eae0c72bfd332b040690f55b3a53c804bd827130e40cc1';
const HEAD = '6a0e3ae67caa7a5546c0af643cdd5d62b3b0da1b7f4548b59a661c93a92188d4';

describe('data in lakeFS', function () {
  this.timeout(60_000);
  let lake: StandIn;
  let home: Scratch;
  const told: string[] = [];
  const tell = (message: string) => void told.push(message);
  const log = { error: tell, warn: tell, info: tell, debug: tell };
  beforeEach(async () => {
    lake = await standIn();
    home = scratch();
    told.length = 0;
  });
  afterEach(async () => {
    await lake.close();
    home.remove();
  });

  type Variables = Readonly<Record<string, string | undefined>>;
  const variables = (): Variables => ({
    LAKECTL_SERVER_ENDPOINT_URL: lake.endpoint,
    LAKECTL_CREDENTIALS_ACCESS_KEY_ID: KEY,
    LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY: SECRET,
  });
  const worldOf = (set: Variables = variables(), trusted = true): World => {
    const node = createNodeWorld({ trusted, storage: home.at('storage'), temporary: home.at('temporary'), log });
    return { ...node, variable: (name) => set[name], places: { ...node.places, home: home.at('home') } };
  };
  const read = (ref: string, world = worldOf(), signal?: AbortSignal) => resolveDataset(ref, home.path, world, signal);
  const textOf = async (ref: string) => readFile((await read(ref)).paths[0] ?? '', 'utf8');
  const errorOf = (ref: string, world: World): Promise<Error> =>
    read(ref, world).then(
      () => new Error('It was read.'),
      (error: Error) => error,
    );
  const bytesAsked = () => lake.asked.filter((asked) => asked.includes('/objects?path=')).length;

  it('are read at a branch, tag, commit, the beginning of its id, and one before a branch', async () => {
    const [old, now] = ['id,eta\n1,2.5\n2,3.5\n', 'id,eta\n1,2.5\n2,3.5\n3,4.0\n'];
    for (const [ref, text] of [
      ['main', now],
      ['v1.0', old],
      [V1, old],
      ['506aa7cb', old],
      ['main~1', old],
      ['main@', now],
    ])
      assert.equal(await textOf(`lakefs://harbor-lake/${ref}/port_calls.csv`), text, ref);
    assert.equal(await textOf('lakefs://harbor-lake/v1.0/berths/deep/sør 1.csv'), 'id,len\nS1,320\n');
  });

  it('are pinned to the commit, which is told of a branch only, with what the branch holds without a commit', async () => {
    const main = await read('lakefs://harbor-lake/main/port_calls.csv');
    assert.deepEqual(main.version, {
      commit: HEAD,
      note: 'lakefs://harbor-lake/main/port_calls.csv was read at commit 6a0e3ae6 of branch "main".',
    });
    assert.deepEqual([main.path, main.format, main.sizeBytes], [main.ref, 'csv', 25]);
    assert.deepEqual((await read('lakefs://harbor-lake/v1.0/port_calls.csv')).version, { commit: V1 });
    const other = await read('lakefs://harbor-lake/exp-1/port_calls.csv');
    assert.match(
      other.version?.note ?? '',
      /branch "exp-1"\. What the branch holds since without a commit was not read\.$/,
    );
    assert.equal(await textOf('lakefs://harbor-lake/exp-1/port_calls.csv'), 'id,eta\n1,2.5\n2,3.5\n3,4.0\n');
    const before = lake.asked.filter((asked) => asked.includes('/objects?'));
    assert.ok(
      before.every((asked) => /refs\/[0-9a-f]{64}\//.test(asked)),
      before.join('\n'),
    );
  });

  it('are fetched once for the same content, at whatever ref', async () => {
    await read('lakefs://harbor-lake/v1.0/port_calls.csv');
    await read('lakefs://harbor-lake/main~1/port_calls.csv', worldOf());
    assert.equal(bytesAsked(), 1);
    await read('lakefs://harbor-lake/main/port_calls.csv');
    assert.equal(bytesAsked(), 2);
  });

  it('may be a folder, a pattern or a whole repository, with the partitions in the names of folders', async () => {
    lake.commit('Parts', {
      'sales/year=2025/a.csv': 'n\n1\n',
      'sales/year=2026/a.csv': 'n\n2\n3\n',
      'sales/README.md': 'Sales',
    });
    const names = async (ref: string) =>
      (await read(`lakefs://harbor-lake/main/${ref}`)).names.map((name) =>
        name.slice('lakefs://harbor-lake/main/'.length),
      );
    assert.deepEqual(await names('sales'), ['sales/year=2025/a.csv', 'sales/year=2026/a.csv']);
    assert.deepEqual(await names('berths/'), ['berths/deep/sør 1.csv', 'berths/north.csv']);
    assert.deepEqual(await names('berths/*.csv'), ['berths/north.csv']);
    assert.deepEqual(await names('**/{a,north}.csv'), ['berths/north.csv', ...(await names('sales'))]);
    assert.equal((await names('')).length, 5);
    const report = await runDrift(
      {
        kind: 'drift',
        folder: home.path,
        reference: 'lakefs://harbor-lake/main/sales/',
        current: 'lakefs://harbor-lake/main/sales/year=2026/',
      },
      sessionOf({ world: worldOf() }),
    );
    assert.deepEqual([report.reference.rows, report.current.rows], [3, 2]);
    assert.ok(report.columns.some(({ column }) => column === 'year'));
    assert.equal(report.notes?.length, 2);
  });

  it('are configured by the file of lakectl too, of which the environment wins, with /api/v1 or without', async () => {
    const file = (endpoint: string) =>
      home.write(
        'home/.lakectl.yaml',
        `credentials:\n  access_key_id: ${KEY}\n  secret_access_key: ${SECRET}\nserver:\n  endpoint_url: ${endpoint}\n`,
      );
    file(lake.endpoint);
    assert.equal((await lakefsApi(worldOf({}))).endpoint, `${lake.endpoint}/api/v1`);
    file(`${lake.endpoint}/api/v1/`);
    assert.equal((await read('lakefs://harbor-lake/v1.0/port_calls.csv', worldOf({}))).sizeBytes, 19);
    file('http://127.0.0.1:1');
    const set = { LAKECTL_SERVER_ENDPOINT_URL: `${lake.endpoint}/api/v1` };
    assert.equal((await read('lakefs://harbor-lake/main/port_calls.csv', worldOf(set))).sizeBytes, 25);
  });

  it('are asked of nobody before a server is named, and in a workspace that nobody trusts', async () => {
    const ref = 'lakefs://harbor-lake/main/port_calls.csv';
    await assert.rejects(
      read(ref, worldOf({})),
      /lakeFS is not set up here: the address of the server .* and the access key .* and its secret /,
    );
    await assert.rejects(
      read(ref, worldOf({ ...variables(), LAKECTL_SERVER_ENDPOINT_URL: undefined })),
      /lakeFS is not set up here: the address of the server \(LAKECTL_SERVER_ENDPOINT_URL\) is not known\. Run `lakectl config`/,
    );
    await assert.rejects(read(ref, worldOf(variables(), false)), /not asked in an untrusted workspace\. Trust/);
    assert.deepEqual(lake.asked, []);
  });

  it('say what is wrong and what would mend it', async () => {
    const says = (ref: string, words: RegExp) =>
      assert.rejects(read(ref), (error: Error) => error.name === 'Unreadable' && words.test(error.message));
    await says('lakefs://harbor-lake', /names no branch, tag or commit\. Write lakefs:\/\/REPOSITORY\/REF\/PATH\.$/);
    await says('lakefs://Harbor/main/a.csv', /names a repository that lakeFS cannot have/);
    await says('lakefs://harbor-lake/nope/a.csv', /"harbor-lake" has no branch, tag or commit "nope"\. .*branch list/);
    await says(
      'lakefs://no-such-repo/main/a.csv',
      /has no repository "no-such-repo"\. See them with: lakectl repo list$/,
    );
    await says('lakefs://harbor-lake/main/nope.csv', /no object at .*nope\.csv \(commit 6a0e3ae6\)\. .*lakectl fs ls/);
    lake.instead.set('/commits/', (response) => response.writeHead(500).end('oops'));
    await says('lakefs://harbor-lake/main/a.csv', /answers with status 500\. Look into its log/);
    lake.instead.set('/commits/', (response) => response.writeHead(200).end('<html>'));
    await says('lakefs://harbor-lake/main/a.csv', /does not answer as lakeFS does\. Check the address/);
    lake.instead.set('/commits/', (response) => response.destroy());
    await says('lakefs://harbor-lake/main/a.csv', /cannot be reached: http:\/\/127\.0\.0\.1:\d+ does not answer/);
  });

  it('never tell the secret', async () => {
    const set = { ...variables(), LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY: 'wrong-one' };
    const error = await errorOf('lakefs://harbor-lake/main/port_calls.csv', worldOf(set));
    assert.match(error.message, /does not take the keys \(401\)\. Correct them with `lakectl config`/);
    const odd = { ...variables(), LAKECTL_SERVER_ENDPOINT_URL: `ftp://ada:${SECRET}@x` };
    const other = await errorOf('lakefs://harbor-lake/main/a.csv', worldOf(odd));
    assert.match(other.message, /is no address\. Write it as https/);
    await read('lakefs://harbor-lake/main/port_calls.csv');
    const kept = await worldOf().glob(['**/*'], home.path);
    const written = await Promise.all(kept.map((path) => readFile(path, 'utf8')));
    const api = await lakefsApi(worldOf());
    const all = JSON.stringify([error.message, error.stack, other.message, told, kept, written, api, lake.asked]);
    for (const hidden of [SECRET, 'wrong-one', Buffer.from(`${KEY}:${SECRET}`).toString('base64')])
      assert.ok(!all.includes(hidden), `${hidden} was told`);
  });

  it('leave nothing behind when they are cut off, and stop when they are cancelled', async () => {
    const ref = 'lakefs://harbor-lake/main/port_calls.csv';
    lake.instead.set('/objects?path', (response) => response.writeHead(200).end('id,eta\n'));
    await assert.rejects(read(ref), /came 7 of 25 bytes\. Try again\./);
    lake.instead.set('/objects?path', (response) => {
      response.writeHead(200, { 'content-length': 25 }).write('id,eta\n');
      setTimeout(() => response.destroy(), 20);
    });
    await assert.rejects(read(ref), /cannot be reached/);
    const abort = new AbortController();
    lake.instead.set('/objects?path', (response) => {
      response.writeHead(200, { 'content-length': 25 }).write('id,eta\n');
      setTimeout(() => abort.abort(), 20);
    });
    await assert.rejects(read(ref, worldOf(), abort.signal), Cancelled);
    assert.deepEqual(await worldOf().glob(['**/*', '**/.*'], home.at('storage')), []);
    lake.instead.clear();
    assert.equal((await textOf(ref)).length, 25);
  });

  it('never lie outside of their place, whatever their names', async () => {
    lake.commit('Odd names', { '../../../x=../../evil.csv': 'n\n1\n', 'a/..': 'n\n1\n' });
    for (const name of ['../../../x=../../evil.csv', 'a/..']) {
      const found = await lakefsApi(worldOf()).then(() =>
        read(`lakefs://harbor-lake/main/${name}`).catch(() => undefined),
      );
      const outside = found?.paths.filter((path) => relative(home.at('storage', 'lakefs'), path).startsWith('..'));
      assert.deepEqual(outside ?? [], []);
    }
    const kept = await worldOf().glob(['**/*'], home.path);
    assert.ok(kept.length > 0 && kept.every((path) => path.startsWith(home.at('storage', 'lakefs'))), kept.join());
  });

  it('make room, the oldest first, but not of what is in use or new', async () => {
    const files = ['a', 'b', 'c'].map((name) => home.write(`storage/lakefs/${name}/${name}.csv`, '0123456789'));
    const day = 86_400_000;
    for (const [i, file] of files.entries()) {
      const time = new Date(Date.now() - (3 - i) * day);
      await utimes(file, time, time);
    }
    await read('lakefs://harbor-lake/main/port_calls.csv');
    await tidy(worldOf(), 45);
    const left = async () => (await worldOf().glob(['**/*'], home.at('storage/lakefs'))).map((path) => basename(path));
    assert.deepEqual((await left()).sort(), ['b.csv', 'c.csv', 'port_calls.csv']);
    await tidy(worldOf(), 0);
    assert.deepEqual(await left(), ['port_calls.csv']);
  });

  it('have a history of the commits that changed them, with sizes', async () => {
    const versions = await versionsOfObject('lakefs://harbor-lake/main/port_calls.csv', worldOf());
    assert.deepEqual(
      versions.map(({ address, commit, sizeBytes, checksum }) => [address, commit.message, sizeBytes, checksum]),
      [
        [`lakefs://harbor-lake/${HEAD}/port_calls.csv`, 'february load', 25, 'e13bd190b1dfeaf8c6f796fbea06367b'],
        [`lakefs://harbor-lake/${V1}/port_calls.csv`, 'january load', 19, '377d00730b89059cc3f85e1263a8a08b'],
      ],
    );
    const folder = await versionsOfObject('lakefs://harbor-lake/main/berths/', worldOf());
    assert.deepEqual(
      folder.map(({ commit }) => commit.id),
      [V1],
    );
  });

  it('come in pages', async () => {
    const api = await lakefsApi(worldOf());
    lake.commit(
      'Many',
      Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`many/${1000 + i}.txt`, String(i)])),
    );
    const found: string[] = [];
    for await (const { path } of api.objects('harbor-lake', 'main', 'many/')) found.push(path);
    assert.deepEqual([found.length, new Set(found).size, found.at(-1)], [1001, 1001, 'many/2000.txt']);
    assert.equal(lake.asked.filter((asked) => asked.includes('objects/ls')).length, 2);
  });

  it('are one object where one has the whole pattern as its name, and never more than are one dataset', async () => {
    lake.commit('Odd', { 'odd/{a}*.csv': 'n\n1\n', 'odd/a.csv': 'n\n2\n' });
    assert.equal(await textOf('lakefs://harbor-lake/main/odd/{a}*.csv'), 'n\n1\n');
    assert.equal(await textOf('lakefs://harbor-lake/main/odd/{a,b}.csv'), 'n\n2\n');
    lake.commit('Many', Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [`many/${i}.csv`, 'n\n'])));
    const ref = 'lakefs://harbor-lake/main/many/';
    await assert.rejects(read(ref), /has more than 10000 objects\. Name a folder or pattern with fewer\./);
    const { found, problems } = await lakefsStateOf(ref, worldOf());
    assert.equal(found.status, 'unknown');
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['lakefs/moving-reference', 'lakefs/too-many-objects'],
    );
  });

  describe('and drift', () => {
    const data = (mean: number, seed: number) => `x\n${normal(300, mean, 1, seed).join('\n')}\n`;
    const find = (reference: string, current = 'lakefs://harbor-lake/main/x.csv') => {
      const world = worldOf();
      const run = (one: DriftJob) => runDrift(one, sessionOf({ world }));
      const job: DriftJob = { kind: 'drift', folder: home.path, reference, current };
      return findDriftStart(job, { world, run, onProgress() {} });
    };
    const history = (means: readonly number[]) =>
      means.map((mean, i) => lake.commit(`Version ${i}`, { 'x.csv': data(mean, i), 'y.csv': String(i) }));

    it('began at the first commit whose data drift from the oldest', async () => {
      const commits = history([0, 0, 0, 0, 0, 2, 2, 2]);
      lake.commit('Another object', { 'z.csv': 'n\n1\n' });
      const { start, dataset, current } = await find('oldest');
      assert.deepEqual(start?.first, {
        commit: commits[5],
        author: 'ada',
        date: '2026-11-23T22:20:28.000Z',
        subject: 'Version 5',
      });
      assert.equal(start.before?.commit, commits[4]);
      assert.deepEqual([start.versions, start.uncommitted, dataset.drifted], [7, false, true]);
      assert.equal(current.ref, `lakefs://harbor-lake/${commits[5]}/x.csv`);
    });

    it('is looked for after the ref of the reference only, though that commit changed another object', async () => {
      const commits = history([5, 0, 0]);
      const between = lake.commit('Another object', { 'z.csv': 'n\n1\n' });
      const last = lake.commit('Last', { 'x.csv': data(2, 9) });
      const { start } = await find(`lakefs://harbor-lake/${between}/x.csv`);
      assert.deepEqual([start?.first?.commit, start?.versions, commits.length], [last, 1, 3]);
      await assert.rejects(
        find('lakefs://harbor-lake/main/x.csv'),
        /has no version after .*, so nothing can have drifted/,
      );
    });
  });
});
