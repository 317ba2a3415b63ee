import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolveDataset } from '../../server/src/data/dataset';
import { findDriftStart } from '../../server/src/drift/find-start';
import { runDrift } from '../../server/src/drift/run';
import type { DriftJob } from '../../server/src/protocol';
import { sessionOf } from '../drift/drifting';
import { normal } from '../drift/samples';
import { repository, type Scratch } from '../world/repository';
import { listeningWorld } from '../world/worlds';

const md5Of = (content: string) => createHash('md5').update(content).digest('hex');

describe('data in DVC', () => {
  let repo: Scratch;
  const world = listeningWorld();
  const dataset = (ref: string, folder = repo.path) => resolveDataset(ref, folder, world);
  const content = async (ref: string) => readFile((await dataset(ref)).paths[0] ?? '', 'utf8');
  /** Puts content where DVC 3 would, and gives its md5. */
  const keep = (text: string, { store = '.dvc/cache', suffix = '' } = {}) => {
    const md5 = md5Of(text);
    repo.write(`${store}/files/md5/${md5.slice(0, 2)}/${md5.slice(2)}${suffix}`, text);
    return md5 + suffix;
  };
  /** Records content under a name, as `dvc add` does. */
  const add = (name: string, md5: string) =>
    repo.write(`${name}.dvc`, `outs:\n- md5: ${md5}\n  hash: md5\n  path: ${name.split('/').at(-1)}\n`);
  const addFolder = (name: string, files: Readonly<Record<string, string>>) => {
    const entries = Object.entries(files).map(([relpath, text]) => ({ md5: keep(text), relpath }));
    return add(name, keep(JSON.stringify(entries), { suffix: '.dir' }));
  };
  beforeEach(() => {
    repo = repository();
    repo.write('.gitignore', '/.dvc/cache\n/remote\n*.csv\n');
    repo.write('.dvc/config', '[core]\n    remote = store\n');
  });
  afterEach(() => repo.remove());

  it('are read from the cache, as the record at a revision names them', async () => {
    add('data/a.csv', keep('a\n1\n'));
    repo.commit('One row');
    add('data/a.csv', keep('a\n1\n2\n'));
    repo.write('data/a.csv', 'a\n1\n2\n3\n');
    const { names, path, format, sizeBytes } = await dataset('data/a.csv@HEAD');
    assert.deepEqual([names, path, format, sizeBytes], [[repo.at('data/a.csv')], repo.at('data/a.csv'), 'csv', 4]);
    assert.equal(await content('data/a.csv@HEAD'), 'a\n1\n');
    assert.equal(await content('data/a.csv'), 'a\n1\n2\n3\n');
    rmSync(repo.at('data/a.csv'));
    assert.equal(await content('data/a.csv'), 'a\n1\n2\n');
  });

  it('are read where nobody trusts the workspace, since no program is run for it', async () => {
    add('a.csv', keep('a\n1\n'));
    const { paths } = await resolveDataset('a.csv', repo.path, listeningWorld({ trusted: false }));
    assert.equal(await readFile(paths[0] ?? '', 'utf8'), 'a\n1\n');
  });

  it('of DVC 2 lie at another place', async () => {
    const md5 = md5Of('a\n1\n');
    repo.write(`.dvc/cache/${md5.slice(0, 2)}/${md5.slice(2)}`, 'a\n1\n');
    repo.write('a.csv.dvc', `outs:\n- md5: ${md5}\n  size: 4\n  path: a.csv\n`);
    assert.equal(await content('a.csv'), 'a\n1\n');
  });

  it('may be named by a number and by a path that starts elsewhere', async () => {
    const md5 = '12345678901234567890123456789012';
    repo.write(`.dvc/cache/files/md5/${md5.slice(0, 2)}/${md5.slice(2)}`, 'a\n1\n');
    for (const spelt of [md5, `'${md5}'`]) {
      repo.write('data/a.csv.dvc', `wdir: ..\nouts:\n- md5: ${spelt}\n  hash: md5\n  path: data/a.csv\n`);
      assert.equal(await content('data/a.csv'), 'a\n1\n');
    }
  });

  it('are a folder, a folder in it or a file in it', async () => {
    addFolder('data/berths', { 'deep/south.csv': 'a\n2\n', 'north.csv': 'a\n1\n', 'notes.txt': 'no data' });
    repo.commit('Berths');
    for (const at of ['', '@HEAD']) {
      const named = async (ref: string) => (await dataset(ref + at)).names.map((name) => name.slice(repo.path.length));
      assert.deepEqual(await named('data/berths'), ['/data/berths/deep/south.csv', '/data/berths/north.csv']);
      assert.deepEqual(await named('data/berths/deep'), ['/data/berths/deep/south.csv']);
      assert.equal(await content(`data/berths/north.csv${at}`), 'a\n1\n');
      await assert.rejects(
        dataset(`data/berths/west.csv${at}`),
        /west\.csv.* has no data files\. Name a file or folder that has\.$/,
      );
    }
  });

  it('come out of a stage of a pipeline, whose paths start at its folder', async () => {
    const stage = (path: string, md5: string) =>
      `    cmd: make\n    outs:\n    - path: ${path}\n      hash: md5\n      md5: ${md5}\n`;
    repo.write(
      'dvc.yaml',
      'stages:\n  features:\n    wdir: data\n    foreach: [x]\n    do: {cmd: make, outs: [x.csv]}\n',
    );
    repo.write(
      'dvc.lock',
      `schema: '2.0'\nstages:\n  prepare:\n${stage('out/a.csv', keep('a\n1\n'))}  features@x:\n${stage('x.csv', keep('x\n1\n'))}`,
    );
    repo.commit('Pipeline');
    for (const at of ['', '@HEAD']) {
      assert.equal(await content(`out/a.csv${at}`), 'a\n1\n');
      assert.equal(await content(`data/x.csv${at}`), 'x\n1\n');
    }
    await assert.rejects(dataset('out/b.csv@HEAD'), /b\.csv is not in Git at revision "HEAD"/);
    await assert.rejects(dataset('out/b.csv'), /There is no data at/);
  });

  it('lie in the cache that the settings name, else in a remote that is a folder', async () => {
    repo.write('.dvc/config', `['remote "away"']\n    url = s3://bucket\n['remote "store"']\n    url = ../remote\n`);
    add('a.csv', keep('a\n1\n', { store: 'remote' }));
    assert.equal((await dataset('a.csv')).paths[0]?.startsWith(repo.at('remote')), true);
    repo.write('.dvc/config.local', '# mine\n[cache]\n    dir = "../shared cache"\n');
    keep('a\n1\n', { store: 'shared cache' });
    assert.equal((await dataset('a.csv')).paths[0]?.startsWith(repo.at('shared cache')), true);
  });

  it('belong to the nearest project', async () => {
    repo.write('sub/.dvc/config', '');
    const md5 = keep('a\n1\n', { store: 'sub/.dvc/cache' });
    add('sub/a.csv', md5);
    assert.equal(await content('sub/a.csv'), 'a\n1\n');
    add('b.csv', md5);
    await assert.rejects(dataset('b.csv'), /DVC's cache does not hold/);
  });

  it('say how to bring them where they are not', async () => {
    add('data/a.csv', md5Of('a\n1\n'));
    add('data/my file.csv', md5Of('a\n1\n'));
    repo.commit('Not pushed');
    await assert.rejects(
      dataset('data/a.csv'),
      /^Unreadable: DVC's cache does not hold .*data\/a\.csv\. Run: dvc pull data\/a\.csv$/,
    );
    await assert.rejects(dataset('data/my file.csv'), /Run: dvc pull "data\/my file\.csv"$/);
    await assert.rejects(
      dataset('data/a.csv@HEAD'),
      /^Unreadable: DVC's cache does not hold .*data\/a\.csv at "HEAD"\. Run: dvc fetch --all-commits data\/a\.csv$/,
    );
  });

  it('say what is wrong with their record', async () => {
    repo.write('a.csv.dvc', 'outs:\n- md5: 1234\n  hash: md5\n  path: a.csv\n');
    repo.write('b.csv.dvc', '<<<<<<< ours\n');
    for (const name of ['a', 'b'])
      await assert.rejects(
        dataset(`${name}.csv`),
        new RegExp(
          `^Unreadable: .*${name}\\.csv\\.dvc has no md5 for .*${name}\\.csv\\. Write it anew with: dvc commit$`,
        ),
      );
    add('c', keep('[{"md5": "../../etc", "relpath": "a.csv"}]', { suffix: '.dir' }));
    add('d', keep('[', { suffix: '.dir' }));
    for (const name of ['c', 'd'])
      await assert.rejects(
        dataset(name),
        new RegExp(
          `^Unreadable: DVC's list of the files of .*/${name}, .*\\.dir, is damaged\\. Delete it and run: dvc pull ${name}$`,
        ),
      );
  });

  it('never name a file outside of their folder', async () => {
    addFolder('data/berths', { '../../secret.csv': 'a\n1\n', 'a.csv': 'a\n2\n' });
    assert.deepEqual((await dataset('data/berths')).names, [repo.at('data/berths/a.csv')]);
  });

  describe('and drift', function () {
    this.timeout(60_000);
    const rows = (mean: number, seed: number) => `x\n${normal(300, mean, 1, seed).join('\n')}\n`;
    const lock = (md5: string, other: number) =>
      `schema: '2.0'\nstages:\n  make:\n    cmd: make ${other}\n    outs:\n    - path: x.csv\n      hash: md5\n      md5: ${md5}\n`;
    const find = (reference: string) =>
      findDriftStart(
        { kind: 'drift', folder: repo.path, reference, current: 'x.csv' },
        { world, run: (job: DriftJob) => runDrift(job, sessionOf({ world })), onProgress() {} },
      );

    it('began at a commit of the record, of which those count that changed the data', async () => {
      const means = [0, 0, 0, 2, 2];
      const commits = means.flatMap((mean, i) => {
        repo.write('dvc.lock', lock(keep(rows(mean, i)), i));
        const changed = repo.commit(`Version ${i}`);
        repo.write('dvc.lock', lock(keep(rows(mean, i)), i + 100));
        repo.commit('Another command, the same data');
        return [changed];
      });
      const { start, dataset: found } = await find('oldest');
      assert.deepEqual([start?.first?.commit, start?.before?.commit], [commits[3], commits[2]]);
      assert.deepEqual([start?.versions, start?.uncommitted, found.drifted], [4, false, true]);
      repo.git('tag', 'v2', commits[2] ?? '');
      assert.equal((await find('x.csv@v2')).start?.versions, 2);
    });

    it('may have begun with a record that no commit has yet', async () => {
      add('x.csv', keep(rows(0, 1)));
      repo.commit('One');
      add('x.csv', keep(rows(2, 2)));
      const { start } = await find('oldest');
      assert.deepEqual([start?.uncommitted, start?.versions], [true, 1]);
    });
  });
});
