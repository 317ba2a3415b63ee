import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { dvc } from '../../server/src/stores/trackers/dvc';
import type { Git, World } from '../../server/src/world';
import { repository, type Scratch } from '../world/repository';
import { gitOf, listeningWorld } from '../world/worlds';

const EXPERIMENTS = 60;

/** A world whose questions to Git are counted by their names. */
function counting(world: World): { readonly world: World; readonly asked: Map<string, number> } {
  const asked = new Map<string, number>();
  const git = new Proxy(gitOf(world), {
    get: (target, name: keyof Git & string) => {
      const question = target[name] as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => {
        asked.set(name, (asked.get(name) ?? 0) + 1);
        return question(...args);
      };
    },
  });
  return { world: { ...world, git }, asked };
}

describe('experiments of DVC, many at once', function () {
  this.timeout(30_000);
  let repo: Scratch;

  /** Experiments of one baseline, each with its own parameter, metric and lock file, made without a process for each. */
  before(() => {
    repo = repository();
    repo.write('.dvc/config', '');
    repo.write('dvc.yaml', 'stages:\n  train:\n    cmd: train\n    params: [depth]\n    metrics: [metrics.json]\n');
    repo.write('params.yaml', 'depth: 0\nrate: 0.5\n');
    repo.write('metrics.json', '{"mae": 9}\n');
    const baseline = repo.commit('Baseline');
    const file = (name: string, text: string) => `M 100644 inline ${name}\ndata ${Buffer.byteLength(text)}\n${text}\n`;
    const commits = Array.from({ length: EXPERIMENTS }, (_, at) => {
      const ref = `refs/exps/${baseline.slice(0, 2)}/${baseline.slice(2)}/exp-${at}`;
      const head = `commit ${ref}\ncommitter A <a@b.c> ${1_700_000_000 + at} +0000\ndata 1\nx\nfrom ${baseline}\n`;
      // The last is its baseline over again.
      if (at === EXPERIMENTS - 1) return `${head}\n`;
      const lock = `schema: '2.0'\nstages:\n  train:\n    cmd: train\n    params:\n      params.yaml:\n        depth: ${at}\n`;
      return `${head}${file('params.yaml', `depth: ${at}\nrate: 0.5\n`)}${file('metrics.json', `{"mae": ${at / 2}}`)}${file('dvc.lock', lock)}\n`;
    });
    execFileSync('git', ['fast-import', '--quiet'], { cwd: repo.path, input: commits.join('') });
  });
  after(() => repo.remove());

  it('are read with as many questions as a few are', async () => {
    const { world, asked } = counting(listeningWorld());
    const { found } = await dvc.read(repo.path, world);
    assert.equal(found.runs.length, EXPERIMENTS);
    for (const run of found.runs) {
      const at = Number(run.name?.slice('exp-'.length));
      const isSame = at === EXPERIMENTS - 1;
      assert.deepEqual([run.params.depth, run.params.rate, run.metrics.mae], isSame ? [0, 0.5, 9] : [at, 0.5, at / 2]);
    }
    assert.equal(asked.get('show'), undefined);
    assert.equal(asked.get('differences'), 1);
    assert.ok((asked.get('contents') ?? 0) <= 10, `${asked.get('contents')} questions about contents`);
    const all = [...asked.values()].reduce((sum, count) => sum + count, 0);
    assert.ok(all <= 20, `${all} questions to Git about ${EXPERIMENTS} experiments`);
    // What was read once is not asked for again.
    asked.clear();
    await dvc.read(repo.path, world);
    assert.equal(asked.get('contents'), undefined);
  });

  it('end when nobody waits for them any more', async () => {
    const { world } = counting(listeningWorld());
    const stop = new AbortController();
    const reading = dvc.read(repo.path, world, stop.signal);
    stop.abort(new Error('enough'));
    await assert.rejects(reading, /enough/);
    const { found } = await dvc.read(repo.path, world);
    assert.equal(found.runs.find(({ name }) => name === 'exp-3')?.metrics.mae, 1.5);
  });
});

describe('contents of many blobs', () => {
  let repo: Scratch;
  const git = gitOf(listeningWorld());

  before(() => {
    repo = repository();
  });
  after(() => repo.remove());

  it('come one after the other, without what is too large, no blob or not there', async () => {
    const large = 'x'.repeat(300_000);
    repo.write('a.txt', 'one\ntwo\n');
    repo.write('empty', '');
    repo.write('binary', Buffer.from([0, 10, 255, 10]));
    repo.write('large', large);
    const commit = repo.commit('All');
    const blob = (name: string) => repo.git('rev-parse', `HEAD:${name}`);
    const absent = 'f'.repeat(40);
    const ids = [blob('a.txt'), absent, blob('large'), commit, blob('empty'), 'HEAD\nx', blob('binary'), blob('a.txt')];
    const found: (readonly [string, string | undefined])[] = [];
    for await (const [id, bytes] of git.contents(repo.path, ids, { largest: 1000 }))
      found.push([id, bytes && Buffer.from(bytes).toString('latin1')]);
    assert.deepEqual(found, [
      [blob('a.txt'), 'one\ntwo\n'],
      [absent, undefined],
      [blob('large'), undefined],
      [commit, undefined],
      [blob('empty'), ''],
      [blob('binary'), '\0\n\xff\n'],
    ]);
    for await (const [, bytes] of git.contents(repo.path, [blob('large')], { largest: 1_000_000 }))
      assert.equal(Buffer.from(bytes ?? []).toString(), large);
  });

  it('are not waited for when the signal is aborted, and none where no repository is', async () => {
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    const all = async (root: string, signal?: AbortSignal) => {
      const told: unknown[] = [];
      for await (const one of git.contents(root, ['f'.repeat(40)], { largest: 1, signal })) told.push(one);
      return told;
    };
    await assert.rejects(all(repo.path, stop.signal), /enough/);
    assert.deepEqual(await all('/nowhere'), []);
  });
});
