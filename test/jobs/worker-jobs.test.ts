import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Jobs } from '../../server/src/jobs';
import { createNodeWorld } from '../../server/src/node-world';
import type { CheckJob, Progress } from '../../server/src/protocol';
import { Cancelled, EngineDied } from '../../server/src/sql/engine';
import { createJobs, type WorkerOptions } from '../../server/src/worker-jobs';
import { Unreadable } from '../../server/src/world';
import { type Scratch, scratch } from '../world/repository';

const workerPath = resolve('dist/worker.js');

describe('jobs in a process of their own', function () {
  this.timeout(60_000);
  let folder: Scratch;
  let jobs: Jobs;
  let warned: string[];
  /** Processes in the order of their starts. */
  let pids: number[];

  before(() => {
    assert.ok(existsSync(workerPath), 'Build first: there is no dist/worker.js.');
    folder = scratch();
    folder.write('data/numbers.csv', 'n\n1\n2\n3\n');
    folder.write('quick.odcs.yaml', contract('SELECT count(*) FROM numbers'));
    folder.write(
      'slow.odcs.yaml',
      contract('SELECT count(*) FROM range(100000) a, range(100000) b WHERE a.range + b.range = 3'),
    );
    // Some two seconds: long enough to be killed in, short enough to be run anew.
    folder.write(
      'lasting.odcs.yaml',
      contract('SELECT count(*) % 2 + 2 FROM range(40000) a, range(2500) b WHERE a.range + b.range < 3'),
    );
  });
  after(() => folder.remove());
  afterEach(() => jobs.dispose());

  function begin(options: Omit<WorkerOptions, 'workerPath'> = {}): void {
    warned = [];
    pids = [];
    const nothing = () => undefined;
    const log = {
      error: nothing,
      info: nothing,
      warn: (message: string) => void warned.push(message),
      debug: (message: string) =>
        void pids.push(...[...message.matchAll(/process is (\d+)/g)].map(([, pid]) => Number(pid))),
    };
    const world = createNodeWorld({
      trusted: true,
      storage: folder.at('storage'),
      temporary: folder.at('temporary'),
      log,
    });
    jobs = createJobs(world, { workerPath, ...options });
  }

  function run(
    name: string,
    abort = new AbortController(),
    onProgress: (progress: Progress) => void = () => undefined,
  ) {
    const job: CheckJob = { kind: 'check', contract: { path: folder.at(`${name}.odcs.yaml`) }, folder: folder.path };
    return jobs.run(job, { signal: abort.signal, onProgress });
  }

  /** Starts a job and waits until it is at its second step, the query of its author. */
  async function started(name: string, abort?: AbortController) {
    const told: string[] = [];
    const work = new EventEmitter();
    const working = once(work, 'begun');
    const ended = run(name, abort, ({ message, step, share = 0 }) => {
      told.push(message);
      if (step !== undefined && share >= 0.5) work.emit('begun');
    });
    // Whoever waits for the work to begin hears of its end later.
    ended.catch(() => undefined);
    await working;
    return { ended, told };
  }

  const kill = (pid = pids.at(-1)) => process.kill(pid ?? assert.fail('no process has been started'), 'SIGKILL');
  const sqlOf = async (report: ReturnType<typeof run>) =>
    (await report).checks.find(({ kind }) => kind === 'sql')?.observed;

  it('runs one', async () => {
    begin();
    assert.equal(await sqlOf(run('quick')), 3);
    assert.equal(pids.length, 1);
  });

  it('runs two at once in one process', async () => {
    begin();
    const slow = new AbortController();
    const { ended } = await started('slow', slow);
    assert.equal(await sqlOf(run('quick')), 3);
    slow.abort();
    await assert.rejects(ended, Cancelled);
    assert.equal(pids.length, 1);
  });

  it('starts no job that is cancelled already', async () => {
    begin();
    await assert.rejects(run('quick', aborted()), Cancelled);
    assert.deepEqual(pids, []);
  });

  it('stops one that is cancelled, tells what it knew by then, and runs the next in the same process', async () => {
    begin();
    const abort = new AbortController();
    const { ended } = await started('slow', abort);
    abort.abort();
    const error = await ended.then(
      () => assert.fail('it was not cancelled'),
      (reason) => reason,
    );
    assert.ok(error instanceof Cancelled);
    assert.deepEqual(
      error.partial?.checks.map(({ kind, status, message }) => [kind, status, status === 'skipped' && message]),
      [
        ['columnPresent', 'passed', false],
        ['columnType', 'passed', false],
        ['sql', 'skipped', 'Cancelled before it ran.'],
      ],
    );
    assert.equal(await sqlOf(run('quick')), 3);
    assert.equal(pids.length, 1);
  });

  it('gives a job whose process is killed to a new one, and logs that in one line', async () => {
    begin({ retries: 1 });
    const { ended, told } = await started('lasting');
    kill();
    assert.equal(await sqlOf(ended), 2);
    assert.equal(pids.length, 2);
    assert.deepEqual(warned, ['The engine ended (signal SIGKILL) and its work begins anew.']);
    assert.ok(told.includes('The engine ended (signal SIGKILL); starting it again'), told.join(' | '));
  });

  it('gives it up when the new one dies too', async () => {
    begin({ retries: 1 });
    const { ended } = await started('lasting');
    kill();
    while (pids.length < 2) await pause(20);
    kill();
    await assert.rejects(ended, EngineDied);
    assert.equal(await sqlOf(run('quick')), 3);
  });

  it('says in one sentence that its process died when it may not try again', async () => {
    begin({ retries: 0 });
    const { ended } = await started('slow');
    kill();
    await assert.rejects(ended, {
      name: 'EngineDied',
      message: 'The engine ended before it was done (signal SIGKILL). Run it again: it starts anew.',
    });
    assert.deepEqual(warned, []);
    assert.equal(await sqlOf(run('quick')), 3);
  });

  it('ends a process that does not react, and loses no other job by it', async () => {
    begin({ retries: 0 });
    const abort = new AbortController();
    const { ended } = await started('slow', abort);
    const { ended: sibling } = await started('lasting');
    // Stopped by the system, it hears nothing any more.
    process.kill(pids[0] ?? 0, 'SIGSTOP');
    abort.abort();
    await assert.rejects(ended, Cancelled);
    assert.equal(await sqlOf(sibling), 2);
    assert.equal(pids.length, 2);
    assert.deepEqual(warned, []);
  });

  it('ends its process when there is nothing to do, and starts another for the next job', async () => {
    begin({ idleMs: 50 });
    assert.equal(await sqlOf(run('quick')), 3);
    await gone(pids[0]);
    assert.equal(await sqlOf(run('quick')), 3);
    assert.equal(pids.length, 2);
    assert.deepEqual(warned, []);
  });

  it('tells what a person has to mend by itself, and lives on', async () => {
    begin();
    await assert.rejects(run('nothing'), Unreadable);
    assert.equal(await sqlOf(run('quick')), 3);
    assert.equal(pids.length, 1);
  });

  it('says that the engine died where its program is not there', async () => {
    begin();
    jobs = createJobs(
      createNodeWorld({ trusted: true, storage: folder.at('s'), temporary: folder.at('t'), log: silent }),
      {
        workerPath: folder.at('worker.js'),
      },
    );
    await assert.rejects(run('quick'), EngineDied);
  });

  it('leaves no process and no job behind when it is disposed of', async () => {
    begin();
    const { ended } = await started('slow');
    jobs.dispose();
    await assert.rejects(ended, Cancelled);
    await gone(pids[0]);
    assert.deepEqual(warned, []);
  });
});

const silent = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined };

function aborted(): AbortController {
  const abort = new AbortController();
  abort.abort();
  return abort;
}

/** Waits until there is no such process. */
async function gone(pid = 0): Promise<void> {
  for (let tries = 0; tries < 250; tries++) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await pause(20);
  }
  assert.fail(`process ${pid} is still there`);
}

const contract = (query: string): string => `apiVersion: v3.1.0
kind: DataContract
id: numbers
version: 1.0.0
status: active
schema:
  - name: numbers
    properties:
      - name: n
        logicalType: integer
    quality:
      - id: asked
        type: sql
        query: ${query}
        mustBeGreaterThan: 0
`;
