import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { firstOf } from '../../server/src/drift/bisect';
import { findDriftStart } from '../../server/src/drift/find-start';
import { runDrift } from '../../server/src/drift/run';
import { createNodeWorld } from '../../server/src/node-world';
import type { DriftJob, DriftReport } from '../../server/src/protocol';
import { Unreadable } from '../../server/src/world';
import { repository, type Scratch, scratch } from '../world/repository';
import { sessionOf } from './drifting';
import { normal } from './samples';

describe('halving', () => {
  it('finds the first version of any place, in about as many questions as bits', async () => {
    for (const size of [1, 2, 3, 10, 100, 1000]) {
      const versions = Array.from({ length: size }, (_, i) => i);
      for (const turn of new Set([0, 1, size >> 1, size - 1].filter((place) => place < size))) {
        const { first, before, comparisons } = await firstOf(versions, async (version) => version >= turn);
        assert.deepEqual([first, before], [turn, turn === 0 ? undefined : turn - 1]);
        assert.ok(comparisons <= Math.ceil(Math.log2(size)) + 1, `${comparisons} of ${size}`);
      }
    }
  });

  it('asks once when nothing began, and not at all of nothing', async () => {
    assert.deepEqual(await firstOf([1, 2, 3], async () => false), { first: undefined, before: 3, comparisons: 1 });
    assert.deepEqual(await firstOf([], async () => true), { first: undefined, before: undefined, comparisons: 0 });
  });
});

describe('where drift began', function () {
  this.timeout(120_000);
  const quiet = { error() {}, warn() {}, info() {}, debug() {} };
  let repo: Scratch;
  let temporary: Scratch;
  beforeEach(() => {
    repo = repository();
    temporary = scratch();
  });
  afterEach(() => {
    repo.remove();
    temporary.remove();
  });

  const data = (mean: number, seed: number) => `x\n${normal(300, mean, 1, seed).join('\n')}\n`;
  const find = (job: Partial<DriftJob>): Promise<DriftReport> => {
    const world = createNodeWorld({ trusted: true, storage: temporary.path, temporary: temporary.path, log: quiet });
    const run = (one: DriftJob) => runDrift(one, sessionOf({ world }));
    return findDriftStart(
      { kind: 'drift', folder: repo.path, reference: 'oldest', current: 'x.csv', ...job },
      { world, run, onProgress() {} },
    );
  };
  /** A version a commit; the ids. */
  const history = (means: readonly number[]): readonly string[] =>
    means.map((mean, i) => {
      repo.write('x.csv', data(mean, i));
      return repo.commit(`Version ${i}`);
    });

  it('is the first commit whose data drift from the oldest', async () => {
    const commits = history([0, 0, 0, 0, 0, 2, 2, 2]);
    const { start, dataset, current } = await find({});
    assert.equal(start?.first?.commit, commits[5]);
    assert.equal(start?.first?.subject, 'Version 5');
    assert.equal(start?.before?.commit, commits[4]);
    assert.deepEqual([start?.versions, start?.drifted, start?.uncommitted, dataset.drifted], [7, true, false, true]);
    assert.ok((start?.comparisons ?? 9) <= 4);
    assert.ok(current.ref.endsWith(`x.csv@${commits[5]}`));
  });

  it('is looked for after the revision of the reference only', async () => {
    const commits = history([5, 0, 0, 2]);
    repo.git('tag', 'v1', commits[1] ?? '');
    const { start } = await find({ reference: 'x.csv@v1' });
    assert.deepEqual([start?.first?.commit, start?.versions], [commits[3], 2]);
  });

  it('may be the changes that no commit has yet', async () => {
    const commits = history([0, 0]);
    repo.write('x.csv', data(3, 9));
    const { start } = await find({});
    assert.deepEqual(
      [start?.drifted, start?.uncommitted, start?.first, start?.before?.commit],
      [true, true, null, commits[1]],
    );
  });

  it('is nowhere when the newest version has not drifted', async () => {
    history([0, 0, 0]);
    const { start, dataset } = await find({});
    assert.deepEqual([start?.drifted, start?.first, start?.comparisons, dataset.drifted], [false, null, 1, false]);
  });

  it('needs a history', async () => {
    repo.write('x.csv', data(0, 1));
    await assert.rejects(
      find({}),
      (error: Error) => error instanceof Unreadable && /has no commit yet/.test(error.message),
    );
    repo.commit('The only one');
    await assert.rejects(
      find({}),
      (error: Error) => error instanceof Unreadable && /no version after/.test(error.message),
    );
  });

  it('tells data at a tag from data of the same name at the same tag elsewhere, as CSV and Parquet', async () => {
    repo.write('a/x.csv', data(0, 1));
    repo.write('b/x.csv', data(4, 2));
    repo.commit('Two files of one name');
    repo.git('tag', 'v1');
    const world = createNodeWorld({ trusted: true, storage: temporary.path, temporary: temporary.path, log: quiet });
    const compare = (reference: string, current: string) =>
      runDrift({ kind: 'drift', folder: repo.path, reference, current }, sessionOf({ world }));
    const apart = await compare('a/x.csv@v1', 'b/x.csv@v1');
    assert.equal(apart.dataset.drifted, true);
    assert.ok(Math.abs(Number(apart.columns[0]?.reference.mean)) < 0.5, 'the reference is the other file');
    const parquet = 'samples/flights/data/flights_2013-01.parquet';
    repo.write('f.parquet', readFileSync(parquet));
    repo.commit('Flights');
    repo.git('tag', 'v2');
    repo.write('f.parquet', readFileSync('samples/flights/data/flights_2013-07.parquet'));
    const flights = await compare('f.parquet@v2', 'f.parquet');
    assert.equal(flights.columns.find(({ column }) => column === 'dep_delay')?.drifted, true);
    assert.equal((await compare('f.parquet@v2', `${process.cwd()}/${parquet}`)).dataset.driftedColumns, 0);
  });
});
