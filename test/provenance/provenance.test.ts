import assert from 'node:assert/strict';
import { cpSync, readFileSync, renameSync, rmSync } from 'node:fs';
import type { CheckReport, FileVersion, ProvenanceReport } from '../../server/src/protocol';
import { provenanceOf } from '../../server/src/provenance/graph';
import { contentVersionOf, versionsOf, withVersions } from '../../server/src/provenance/versions';
import { Unreadable, type World } from '../../server/src/world';
import { repository, type Scratch, scratch } from '../world/repository';
import { gitOf, listeningWorld } from '../world/worlds';

const codes = ({ findings }: ProvenanceReport) => findings.map(({ code }) => code);

describe('provenance', () => {
  let repo: Scratch;
  let first: string;
  const world = listeningWorld();
  const edit = (name: string, replace: (text: string) => string) =>
    repo.write(name, replace(readFileSync(repo.at(name), 'utf8')));

  beforeEach(() => {
    repo = repository();
    cpSync('test/fixtures/cli/orders', repo.path, { recursive: true });
    rmSync(repo.at('misspelt.odcs.yaml'));
    first = repo.commit('Add contracts and data');
    edit('orders.experiment.yaml', (text) => text.replace('0123456', first.slice(0, 7)).replace('august', 'july'));
    repo.commit('Name the commit of the run');
    repo.git('tag', 'v1.0.0');
  });
  afterEach(() => repo.remove());

  it('of a contract names it, its data and the manifests beside it, each with its commit', async () => {
    const report = await provenanceOf(world, repo.at('orders.odcs.yaml'));
    const blob = repo.git('rev-parse', 'HEAD:data/orders.csv');
    assert.deepEqual(report.findings, []);
    assert.deepEqual(report.code, {
      commit: repo.git('rev-parse', 'HEAD'),
      branch: 'main',
      tag: 'v1.0.0',
      dirty: false,
      changed: [],
      remote: null,
    });
    assert.deepEqual(
      report.files.map(({ path, role, status, commit, tag }) => [
        path.slice(repo.path.length + 1),
        role,
        status,
        commit,
        tag,
      ]),
      [
        ['orders.odcs.yaml', 'contract', 'unchanged', first, 'v1.0.0'],
        ['data/orders.csv', 'data', 'unchanged', first, 'v1.0.0'],
        ['data/customers.csv', 'data', 'unchanged', first, 'v1.0.0'],
        ['orders.experiment.yaml', 'manifest', 'unchanged', report.code.commit, 'v1.0.0'],
      ],
    );
    assert.deepEqual(report.datasets[0], {
      path: 'data/orders.csv',
      tracker: 'git',
      version: blob,
      algorithm: 'sha1',
      sizeBytes: 97,
      status: 'unchanged',
      commit: first,
      contract: 'orders.odcs.yaml',
    });
  });

  it('of a folder finds every contract, its data, and what manifests name, each once', async () => {
    const report = await provenanceOf(world, repo.path);
    assert.deepEqual(report.files.map(({ path }) => path.slice(repo.path.length + 1)).sort(), [
      'clean.odcs.yaml',
      'data/customers.csv',
      'data/january.csv',
      'data/july.csv',
      'data/orders.csv',
      'orders.experiment.yaml',
      'orders.odcs.yaml',
      'warned.odcs.yaml',
    ]);
    assert.deepEqual(codes(report), []);
  });

  it('tells changed, untracked, ignored and missing files, each in one message at its place', async () => {
    repo.write('data/orders.csv', 'order_id\n1\n');
    repo.git('rm', '--quiet', '--cached', 'data/january.csv');
    repo.write('.gitignore', 'data/january.csv\n');
    repo.commit('Leave January out of Git');
    repo.write('data/orders.csv', 'order_id\n2\n');
    rmSync(repo.at('data/customers.csv'));
    const report = await provenanceOf(world, repo.path);
    const status = Object.fromEntries(report.datasets.map((dataset) => [dataset.path, dataset.status]));
    assert.deepEqual(status, {
      'data/orders.csv': 'modified',
      'data/customers.csv': 'missing',
      'data/january.csv': 'untracked',
      'data/july.csv': 'unchanged',
    });
    assert.deepEqual(
      report.findings
        .map(({ code, severity, message, location }) => [
          code,
          severity,
          message.split(/[ ;,]/)[0],
          location?.path.slice(repo.path.length + 1),
          location?.range.start.line,
        ])
        .sort(),
      [
        ['provenance/missing-data', 'error', 'data/customers.csv', 'orders.odcs.yaml', 44],
        ['provenance/uncommitted-change', 'warning', 'data/orders.csv', 'orders.odcs.yaml', 14],
        ['provenance/untracked-data', 'warning', 'data/january.csv', 'orders.experiment.yaml', 5],
      ],
    );
    assert.deepEqual([report.code.dirty, report.code.changed], [true, ['data/customers.csv', 'data/orders.csv']]);
  });

  it('holds a tree with nothing but untracked files for clean', async () => {
    repo.write('notes.txt', 'x');
    const { code } = await provenanceOf(world, repo.path);
    assert.deepEqual([code.dirty, code.changed], [false, []]);
  });

  it('takes the history of a moved file from its old name until the move is committed', async () => {
    repo.git('mv', 'data/orders.csv', 'data/moved.csv');
    const [version] = await versionsOf(world, [{ path: repo.at('data/moved.csv'), role: 'data' }]);
    assert.deepEqual([version?.status, version?.commit], ['modified', first]);
  });

  it('says that a manifest names a commit that is not there', async () => {
    edit('orders.experiment.yaml', (text) => text.replace(first.slice(0, 7), '0123456'));
    const report = await provenanceOf(world, repo.at('orders.experiment.yaml'));
    assert.ok(codes(report).includes('provenance/uncommitted-change'));
    const claim = report.findings.find(({ code }) => code === 'manifest/commit-unknown');
    assert.equal(claim?.severity, 'error');
    // The digits alone are a number to YAML; what is told is what is written.
    assert.match(claim?.message ?? '', /0123456/);
    assert.deepEqual(claim?.location?.range, { start: { line: 3, character: 30 }, end: { line: 3, character: 37 } });
  });

  it('leaves open in a shallow clone what is not in it', async () => {
    const clone = scratch();
    clone.git('clone', '--quiet', '--depth=1', `file://${repo.path}`, 'clone');
    const report = await provenanceOf(world, clone.at('clone'));
    const orders = report.files.find(({ path }) => path.endsWith('data/orders.csv'));
    assert.deepEqual([orders?.status, orders?.tracker, orders?.commit], ['unchanged', 'git', null]);
    assert.deepEqual(
      report.findings.map(({ code, severity }) => [code, severity]),
      [['provenance/shallow-clone', 'info']],
    );
    const manifest = await provenanceOf(world, clone.at('clone/orders.experiment.yaml'));
    assert.ok(codes(manifest).includes('manifest/commit-unverified'));
    assert.ok(!codes(manifest).includes('manifest/commit-unknown'));
    clone.remove();
  });

  it('answers in a detached work tree', async () => {
    const other = scratch();
    repo.git('worktree', 'add', '--quiet', '--detach', other.at('tree'), 'HEAD');
    const { code, findings } = await provenanceOf(world, other.at('tree/orders.odcs.yaml'));
    assert.deepEqual([code.branch, code.commit, code.dirty], [null, repo.git('rev-parse', 'HEAD'), false]);
    assert.deepEqual(findings, []);
    other.remove();
  });

  it('has one message for a folder without Git, and one for a repository without commits', async () => {
    const bare = scratch();
    cpSync('test/fixtures/cli/orders', bare.path, { recursive: true });
    rmSync(bare.at('orders.experiment.yaml'));
    const without = await provenanceOf(world, bare.path);
    assert.deepEqual(codes(without), ['provenance/no-repository']);
    assert.deepEqual(without.code, { commit: null, branch: null, tag: null, dirty: null, changed: [], remote: null });
    assert.deepEqual(new Set(without.files.map(({ status }) => status)), new Set(['unknown']));
    bare.git('init', '--quiet');
    const fresh = await provenanceOf(world, bare.path);
    assert.deepEqual(codes(fresh), ['provenance/no-commits']);
    assert.deepEqual(
      new Set(fresh.files.map(({ status, tracker }) => `${status} ${tracker}`)),
      new Set(['untracked none']),
    );
    bare.remove();
  });

  it('names what it cannot read and goes on with the rest', async () => {
    repo.write('broken.odcs.yaml', 'kind: DataContract\nname: [x\n');
    repo.write('empty.odcs.yaml', '');
    repo.write('latin1.experiment.yaml', Buffer.from([0xe4]));
    repo.commit('Add broken files');
    const report = await provenanceOf(world, repo.path);
    assert.deepEqual(codes(report), ['provenance/unreadable', 'provenance/unreadable', 'provenance/unreadable']);
    assert.deepEqual(report.findings.map(({ location }) => location?.path.slice(repo.path.length + 1)).sort(), [
      'broken.odcs.yaml',
      'empty.odcs.yaml',
      'latin1.experiment.yaml',
    ]);
    assert.equal(report.files.length, 11);
  });

  it('needs no Git in a world that is not trusted, and says so', async () => {
    const report = await provenanceOf(listeningWorld({ trusted: false }), repo.path);
    assert.deepEqual(codes(report), ['provenance/no-git']);
  });

  it('has the packages, images and notebooks below a folder, and not those of other people', async () => {
    repo.write('requirements.txt', 'numpy==2.1.0\n');
    repo.write('Dockerfile', 'FROM python:3.11\n');
    repo.write('.venv/lib/requirements.txt', 'numpy\n');
    repo.write(
      'look.ipynb',
      JSON.stringify({
        nbformat: 4,
        nbformat_minor: 5,
        metadata: { kernelspec: { name: 'python3' }, language_info: { name: 'python', version: '3.11.9' } },
        cells: [],
      }),
    );
    const { environment } = await provenanceOf(world, repo.path);
    assert.deepEqual(
      environment.lockFiles.map(({ path, pinned, packages }) => [path, pinned, packages]),
      [['requirements.txt', true, 1]],
    );
    assert.deepEqual(
      environment.images.map(({ path, image, digest }) => [path, image, digest]),
      [['Dockerfile', 'python:3.11', null]],
    );
    assert.deepEqual(environment.notebooks, [
      { path: 'look.ipynb', kernel: 'python3', language: 'python', version: '3.11.9', libraries: [] },
    ]);
  });

  it('rejects a target that is not there', async () => {
    await assert.rejects(() => provenanceOf(world, repo.at('nothing')), Unreadable);
  });

  it('takes data that were read at a revision from that revision', async () => {
    repo.write('data/orders.csv', 'order_id\n9\n');
    repo.commit('Other orders');
    rmSync(repo.at('data/orders.csv'));
    const at = { path: repo.at('data/orders.csv'), role: 'data' } as const;
    const [then, now] = await versionsOf(world, [{ ...at, revision: 'v1.0.0' }, at]);
    assert.deepEqual([then?.commit, then?.status], [first, 'unchanged']);
    assert.deepEqual([now?.commit, now?.status], [repo.git('rev-parse', 'HEAD'), 'missing']);
  });

  it('adds to a report the versions of its contract and of each file and pattern behind it', async () => {
    const data = [
      { table: 'a', ref: 'data/orders.csv@v1.0.0', path: repo.at('data/orders.csv'), rows: 1 },
      { table: 'b', ref: 'data/j*.csv', path: repo.at('data/j*.csv'), rows: 1 },
    ];
    const report = { verb: 'check', contract: { path: repo.at('orders.odcs.yaml') }, data } as unknown as CheckReport;
    repo.write('data/january.csv', 'changed');
    repo.write('data/orders.csv', 'changed');
    const { provenance } = await withVersions(world, report, repo.path);
    const seen = provenance.map(({ path, role, status, commit }: FileVersion) => [
      path.slice(repo.path.length + 1),
      role,
      status,
      commit,
    ]);
    assert.deepEqual(seen, [
      ['orders.odcs.yaml', 'contract', 'unchanged', first],
      ['data/orders.csv', 'data', 'unchanged', first],
      ['data/j*.csv', 'data', 'modified', first],
    ]);
  });

  it('gives the content version of a file only while the file is that version', async () => {
    const blob = repo.git('rev-parse', 'HEAD:data/july.csv');
    assert.deepEqual(await contentVersionOf(world, 'data/july.csv', repo.path), { tracker: 'git', version: blob });
    renameSync(repo.at('data/january.csv'), repo.at('data/july.csv'));
    assert.deepEqual(await contentVersionOf(world, 'data/july.csv', repo.path), { tracker: 'git', version: null });
    assert.deepEqual(await contentVersionOf(world, 'data/july.csv@v1.0.0', repo.path), {
      tracker: 'git',
      version: blob,
    });
    assert.deepEqual(await contentVersionOf(world, 's3://bucket/july.csv', repo.path), {
      tracker: 'none',
      version: null,
    });
  });

  it('asks about the work tree once, however many files it holds', async () => {
    const asked: string[] = [];
    const git = gitOf(world);
    const counting = new Proxy(git, {
      get:
        (target, name: keyof typeof git) =>
        (...args: never[]) => {
          asked.push(name);
          return (target[name] as (...args: never[]) => unknown)(...args);
        },
    });
    const files = ['orders', 'customers', 'january', 'july'].map((name) => ({
      path: repo.at(`data/${name}.csv`),
      role: 'data' as const,
    }));
    const listening: World = { ...world, git: counting };
    await versionsOf(listening, files);
    const count = (name: string) => asked.filter((one) => one === name).length;
    assert.deepEqual(
      ['changes', 'head', 'remote', 'blobs', 'lastCommits', 'lastCommit'].map(count),
      [1, 1, 1, 1, 1, 0],
    );
  });
});
