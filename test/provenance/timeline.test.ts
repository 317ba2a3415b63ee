import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createNodeWorld } from '../../server/src/node-world';
import type { Progress, TimelineJob, TimelineReport } from '../../server/src/protocol';
import { runTimeline } from '../../server/src/provenance/timeline/timeline';
import type { Session } from '../../server/src/session';
import { Cancelled } from '../../server/src/sql/engine';
import { openDuckDB } from '../../server/src/sql/engines/duckdb';
import { Unreadable } from '../../server/src/world';
import { layOutOrchard } from '../fixtures/provenance/orchard/lay-out.mjs';
import { KEY, SECRET, standIn } from '../stores/lakefs-stand-in';
import { repository, type Scratch, scratch } from '../world/repository';

const quiet = { error() {}, warn() {}, info() {}, debug() {} };
const hash = (algorithm: string, content: string) => createHash(algorithm).update(content).digest('hex');
const numbers = (from: number) => Array.from({ length: 200 }, (_, i) => from + i);
const table = (from: number) => `n\n${numbers(from).join('\n')}\n`;

interface Opened {
  readonly session: Session;
  /** Engines that were opened. */
  count(): number;
  readonly progress: Progress[];
}

/** A session that keeps what it learns in a folder of the test. */
function sessionIn(
  place: Scratch,
  more: Partial<Session> = {},
  variables: Readonly<Record<string, string>> = {},
): Opened {
  let opened = 0;
  const progress: Progress[] = [];
  const world = createNodeWorld({
    trusted: true,
    storage: place.at('storage'),
    temporary: place.at('temporary'),
    log: quiet,
  });
  return {
    progress,
    count: () => opened,
    session: {
      world: { ...world, variable: (name) => variables[name] ?? world.variable(name) },
      open: (options) => {
        opened++;
        return openDuckDB({ ...options, temporary: place.at('temporary') });
      },
      signal: new AbortController().signal,
      onProgress: (told) => void progress.push(told),
      ...more,
    },
  };
}

describe('the timeline of a dataset', function () {
  this.timeout(60_000);
  let place: Scratch;
  let repo: Scratch;
  beforeEach(() => {
    place = scratch();
    repo = repository();
  });
  afterEach(() => {
    place.remove();
    repo.remove();
  });

  const timeline = (dataset: string, more: Partial<TimelineJob> = {}, opened = sessionIn(place)) =>
    runTimeline({ kind: 'timeline', dataset, folder: repo.path, ...more }, opened.session);
  const subjects = ({ versions }: TimelineReport) => versions.map(({ subject }) => subject);
  const brief = ({ versions }: TimelineReport) =>
    versions.map(({ ref, rows, changes, drift }) => [
      ref.replace(/@.*/, ''),
      rows,
      changes.map(({ kind, column, before, after }) => `${kind} ${column} ${before} ${after}`).join(),
      drift?.drifted ?? null,
    ]);

  describe('in Git', () => {
    it('tells each version with its size, schema and drift against the one before, the newest first', async () => {
      repo.write('data/a.csv', table(0));
      const first = repo.commit('Begin');
      repo.write('notes.md', 'Nothing of the data.');
      repo.commit('Write notes');
      repo.write('data/a.csv', table(500));
      repo.commit('Move all values');
      repo.git('tag', 'v2');
      repo.write(
        'data/a.csv',
        `n,place\n${numbers(500)
          .map((n) => `${n},x`)
          .join('\n')}\n`,
      );
      repo.commit('Add the place');
      repo.write(
        'data/a.csv',
        `n,place\n${numbers(500)
          .map((n) => `${n}.5,x`)
          .join('\n')}\n`,
      );
      repo.commit('Measure halves');
      const report = await timeline('data/a.csv');
      assert.deepEqual(subjects(report), ['Measure halves', 'Add the place', 'Move all values', 'Begin']);
      assert.deepEqual(brief(report), [
        ['data/a.csv', 200, 'type n BIGINT DOUBLE', false],
        ['data/a.csv', 200, 'added place null VARCHAR', false],
        ['data/a.csv', 200, '', true],
        ['data/a.csv', 200, '', null],
      ]);
      const [, , moved, begin] = report.versions;
      assert.deepEqual(moved?.drift?.moved.length, 1);
      assert.match(moved?.drift?.moved[0] ?? '', /^n: /);
      assert.equal(moved?.tag, 'v2');
      assert.deepEqual(
        [begin?.commit, begin?.ref, begin?.tracker, begin?.algorithm, begin?.author, begin?.date?.slice(0, 10)],
        [first, `data/a.csv@${first.slice(0, 10)}`, 'git', 'sha1', 'A. Author', '2026-01-02'],
      );
      assert.equal(begin?.version, repo.git('rev-parse', `${first}:data/a.csv`));
      assert.equal(begin?.sizeBytes, table(0).length);
      assert.equal(report.older, 0);
    });

    it('follows renames, and a commit that only renamed made no version', async () => {
      repo.write('old.csv', table(0));
      repo.commit('Begin');
      repo.git('mv', 'old.csv', 'new.csv');
      repo.commit('Rename');
      repo.write('new.csv', table(9));
      repo.commit('Change');
      const report = await timeline('new.csv');
      assert.deepEqual(subjects(report), ['Change', 'Begin']);
      assert.deepEqual(
        report.versions.map(({ ref, rows }) => [ref.replace(/@.*/, ''), rows]),
        [
          ['new.csv', 200],
          ['old.csv', 200],
        ],
      );
    });

    it('has what no commit has yet first, and only when it is another content', async () => {
      const path = repo.write('a.csv', table(0));
      repo.commit('Begin');
      assert.equal((await timeline('a.csv')).versions.length, 1);
      repo.write('a.csv', table(500));
      const { versions } = await timeline(path);
      assert.deepEqual([versions[0]?.ref, versions[0]?.commit, versions[0]?.subject], [path, null, null]);
      assert.equal(versions[0]?.version, repo.git('hash-object', 'a.csv'));
      assert.equal(versions[0]?.drift?.drifted, true);
      assert.equal(versions[1]?.ref, `${path}@${versions[1]?.commit?.slice(0, 10)}`);
    });

    it('counts versions beyond those asked for, and compares the oldest one shown with the next', async () => {
      for (const from of [0, 500, 1000, 1500]) {
        repo.write('a.csv', table(from));
        repo.commit(`From ${from}`);
      }
      const report = await timeline('a.csv', { most: 2 });
      assert.deepEqual([report.versions.length, report.older], [2, 2]);
      assert.equal(report.versions[1]?.drift?.drifted, true);
    });

    it('tells why a version cannot be read, and the others all the same', async () => {
      repo.write('a.csv', table(0));
      repo.commit('Begin');
      repo.write('a.csv', '');
      repo.commit('Lose it');
      repo.write('a.csv', table(1));
      repo.commit('Bring it back');
      const { versions } = await timeline('a.csv');
      assert.deepEqual(
        versions.map(({ rows, drift, reason }) => [rows, drift, reason !== null]),
        [
          [200, null, false],
          [null, null, true],
          [200, null, false],
        ],
      );
      assert.match(versions[1]?.reason ?? '', /a\.csv is empty: it has not even a header\.$/);
    });

    it('finds what Git LFS kept for each version, and says how to bring what is not here', async () => {
      const pointer = (content: string) =>
        `version https://git-lfs.github.com/spec/v1\noid sha256:${hash('sha256', content)}\nsize ${content.length}\n`;
      const oid = hash('sha256', table(0));
      repo.write('.gitattributes', '*.csv filter=lfs diff=lfs merge=lfs -text\n');
      repo.write(`.git/lfs/objects/${oid.slice(0, 2)}/${oid.slice(2, 4)}/${oid}`, table(0));
      repo.write('a.csv', pointer(table(0)));
      repo.commit('Begin');
      repo.write('a.csv', pointer(table(7)));
      repo.commit('Change elsewhere');
      const { versions } = await timeline('a.csv');
      assert.deepEqual(
        versions.map(({ tracker, algorithm, version, rows }) => [tracker, algorithm, version, rows]),
        [
          ['git-lfs', 'sha256', hash('sha256', table(7)), null],
          ['git-lfs', 'sha256', oid, 200],
        ],
      );
      assert.match(versions[0]?.reason ?? '', /git lfs fetch/);
    });

    it('gives the versions of a folder without their content, and says why', async () => {
      repo.write('parts/a.csv', table(0));
      repo.commit('Begin');
      const { versions } = await timeline('parts');
      assert.equal(versions[0]?.version, repo.git('rev-parse', 'HEAD:parts'));
      assert.match(versions[0]?.reason ?? '', /no folder out of Git's history/);
    });
  });

  it('of a file in no repository is the file', async () => {
    const lone = scratch();
    lone.write('a.csv', table(0));
    const report = await runTimeline(
      { kind: 'timeline', dataset: 'a.csv', folder: lone.path },
      sessionIn(place).session,
    );
    lone.remove();
    assert.deepEqual(brief(report), [['a.csv', 200, '', null]]);
    assert.deepEqual([report.versions[0]?.tracker, report.versions[0]?.version], ['none', hash('md5', table(0))]);
  });

  it('refuses what has neither data nor history in one sentence', async () => {
    for (const [dataset, why] of [
      ['none.csv', /There is no data at .*none\.csv, and no commit has any\. Check the path\.$/],
      ['*.csv', /has no versions to tell\. Name a file or folder/],
      ['s3://bucket/a.csv', /has no versions to tell/],
    ] as const)
      await assert.rejects(timeline(dataset), (error) => error instanceof Unreadable && why.test(error.message));
  });

  it('reads no content twice, in however many commits it is, and forgets nothing between processes', async () => {
    for (const from of [0, 500, 0, 500]) {
      repo.write('a.csv', table(from));
      repo.commit(`From ${from}`);
    }
    const first = sessionIn(place);
    const report = await timeline('a.csv', {}, first);
    // Two contents, and one comparison each way.
    assert.equal(first.count(), 4);
    const second = sessionIn(place);
    assert.deepEqual(await timeline('a.csv', {}, second), report);
    assert.equal(second.count(), 0);
  });

  it('stops when nobody waits any more, and tells how far it is until then', async () => {
    for (const from of [0, 500, 1000]) {
      repo.write('a.csv', table(from));
      repo.commit(`From ${from}`);
    }
    const abort = new AbortController();
    const told: Progress[] = [];
    const opened = sessionIn(place, {
      signal: abort.signal,
      onProgress: (progress) => {
        told.push(progress);
        if (/From 500/.test(progress.message)) abort.abort();
      },
    });
    await assert.rejects(timeline('a.csv', {}, opened), Cancelled);
    assert.ok(told.some(({ message }) => /^Reading [0-9a-f]{7} From 1000$/.test(message)));
    assert.ok(!told.some(({ message }) => /From 0/.test(message)));
  });

  describe('in DVC', () => {
    let project: string;
    beforeEach(() => {
      project = layOutOrchard(place.path);
    });
    const of = (dataset: string) => timeline(dataset, { folder: project });

    it('has both seasons of a file with the runs that had them', async () => {
      const { versions, older } = await of('data/harvest.csv');
      assert.deepEqual(
        versions.map(({ tracker, version, tag, subject, sizeBytes, reason }) => [
          tracker,
          version,
          tag,
          subject,
          sizeBytes,
          reason,
        ]),
        [
          ['dvc', '3426b77c6b9dd26c96500efe717168db', 'season-2', 'Harvest of the second season', 3686, null],
          ['dvc', '6a8e1c24c36f5a3de924d1bda3568f28', 'season-1', 'Harvest of the first season', 2942, null],
        ],
      );
      assert.equal(older, 0);
      assert.ok((versions[0]?.rows ?? 0) > (versions[1]?.rows ?? 0));
      assert.notEqual(versions[0]?.drift, null);
      assert.ok((versions[0]?.runs.length ?? 0) > 0, JSON.stringify(versions));
    });

    it('has those of an output of a stage, of a folder, and of a file within one', async () => {
      for (const dataset of ['data/grown.csv', 'data/weather', 'data/weather/2025.csv']) {
        const { versions } = await of(dataset);
        assert.deepEqual(
          versions.map(({ tag, reason }) => [tag, reason]),
          [
            ['season-2', null],
            ['season-1', null],
          ],
          dataset,
        );
      }
    });

    it('has what was changed since first', async () => {
      rmSync(project, { recursive: true });
      project = layOutOrchard(place.path, { modified: true });
      for (const dataset of ['data/harvest.csv', 'data/weather']) {
        const { versions } = await of(dataset);
        assert.deepEqual(
          versions.map(({ commit, tag }) => [commit === null, tag]),
          [
            [true, null],
            [false, 'season-2'],
            [false, 'season-1'],
          ],
          dataset,
        );
        assert.notEqual(versions[0]?.rows, null);
        assert.deepEqual(versions[0]?.runs, [], 'no run had it');
        assert.ok((versions[1]?.runs.length ?? 0) > 0);
      }
    });

    it('says how to bring a version that is nowhere on this machine, with what it still knows of it', async () => {
      const before = await of('data/harvest.csv');
      rmSync(`${place.path}/orchard-store`, { recursive: true });
      rmSync(`${project}/.dvc/cache`, { recursive: true, force: true });
      const { versions } = await of('data/harvest.csv');
      assert.match(versions[1]?.reason ?? '', /Run: dvc fetch --all-commits data\/harvest\.csv$/);
      assert.equal(versions[1]?.rows, before.versions[1]?.rows);
      rmSync(place.at('storage'), { recursive: true });
      const [, unknown] = (await of('data/harvest.csv')).versions;
      assert.deepEqual([unknown?.rows, unknown?.sizeBytes, unknown?.drift], [null, 2942, null]);
    });
  });

  const keysTo = (endpoint: string) => ({
    LAKECTL_SERVER_ENDPOINT_URL: endpoint,
    LAKECTL_CREDENTIALS_ACCESS_KEY_ID: KEY,
    LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY: SECRET,
  });

  it('of a file that lakectl cloned has those commits too, and what was changed since first', async () => {
    const lake = await standIn();
    try {
      const [, head] = [0, 500].map((from) => lake.commit(`From ${from}`, { 'n.csv': table(from) }));
      repo.write('lake/.lakefs_ref.yaml', `src: lakefs://harbor-lake/main/\nat_head: ${head}\nactive_operation: ""\n`);
      repo.write('lake/n.csv', table(500));
      repo.write('.gitignore', 'lake\n');
      const read = (endpoint: string) => timeline('lake/n.csv', {}, sessionIn(place, {}, keysTo(endpoint)));
      assert.deepEqual(subjects(await read(lake.endpoint)), ['From 500', 'From 0']);
      repo.write('lake/n.csv', table(900));
      const changed = await read(lake.endpoint);
      assert.deepEqual(subjects(changed), [null, 'From 500', 'From 0']);
      assert.deepEqual([changed.versions[0]?.ref, changed.versions[0]?.drift?.drifted], ['lake/n.csv', true]);
      assert.deepEqual(subjects(await read('http://127.0.0.1:1')), [null], 'without a server it is the file');
    } finally {
      await lake.close();
    }
  });

  it('in lakeFS has the commits that changed the object', async () => {
    const lake = await standIn();
    try {
      const commits = [0, 500].map((from) => lake.commit(`From ${from}`, { 'n.csv': table(from) }));
      const variables = keysTo(lake.endpoint);
      const read = () => timeline('lakefs://harbor-lake/main/n.csv', {}, sessionIn(place, {}, variables));
      const report = await read();
      assert.deepEqual(
        report.versions.map(({ tracker, ref, subject, rows, sizeBytes }) => [tracker, ref, subject, rows, sizeBytes]),
        [
          ['lakefs', `lakefs://harbor-lake/${commits[1]}/n.csv`, 'From 500', 200, table(500).length],
          ['lakefs', `lakefs://harbor-lake/${commits[0]}/n.csv`, 'From 0', 200, table(0).length],
        ],
      );
      assert.equal(report.versions[0]?.drift?.drifted, true);
      assert.ok(!JSON.stringify(report).includes(SECRET));
      const asked = lake.asked.length;
      assert.deepEqual(await read(), report);
      assert.ok(!lake.asked.slice(asked).some((request) => /\/objects\?/.test(request)), 'no content is brought twice');
    } finally {
      await lake.close();
    }
  });
});
