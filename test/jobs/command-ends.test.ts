import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { cli, type Ended, start } from '../cli/command';
import { type Scratch, scratch } from '../world/repository';

describe('the command line, when a check does not come to its end', function () {
  this.timeout(60_000);
  let folder: Scratch;

  before(() => {
    folder = scratch();
    folder.write('data/numbers.csv', 'n\n1\n2\n3\n');
    folder.write('slow.odcs.yaml', contract);
    folder.write('other.odcs.yaml', contract.replace(/ {4}quality:[\s\S]*/, ''));
  });
  after(() => folder.remove());

  /** Runs until the engine's process has been at work for a while, then does that. */
  async function interrupted(args: readonly string[], act: (child: ChildProcess) => void): Promise<Ended> {
    const { child, ended } = start(folder.path, args);
    await atWork(child);
    act(child);
    return ended;
  }

  const kill = (child: ChildProcess) => process.kill(engineOf(child) ?? assert.fail('there is no engine'), 'SIGKILL');
  const statuses = (report: Report) => report.checks.map(({ kind, status }) => [kind, status]);

  describe('because the engine died', () => {
    const sentence = 'The engine ended before it was done (signal SIGKILL). Run it again: it starts anew.';

    it('reports every check as an error, as JSON', async () => {
      const { exit, out, err } = await interrupted(['check', 'slow.odcs.yaml', '--format', 'json'], kill);
      assert.equal(err, `${sentence}\n`);
      assert.equal(exit, 3);
      const report: Report = JSON.parse(out);
      assert.deepEqual(statuses(report), [
        ['columnPresent', 'error'],
        ['columnType', 'error'],
        ['sql', 'error'],
      ]);
      assert.deepEqual(
        report.checks.map(({ message }) => message),
        [sentence, sentence, sentence],
      );
      assert.deepEqual(report.summary, { passed: 0, failed: 0, warning: 0, error: 3, skipped: 0, status: 'error' });
      assert.equal(report.contract.path, 'slow.odcs.yaml');
      assert.equal(report.engine.name, 'duckdb');
      assert.match(report.engine.version, /^\d+\.\d+\.\d+$/);
    });

    it('reports them in text', async () => {
      const { exit, out, err } = await interrupted(['check', 'slow.odcs.yaml'], kill);
      assert.deepEqual([exit, err], [3, `${sentence}\n`]);
      assert.match(out, /^slow\.odcs\.yaml:12:13 error check\/sql The engine ended before it was done/m);
    });

    it('goes on with the next contract', async () => {
      const args = [
        'check',
        'slow.odcs.yaml',
        'other.odcs.yaml',
        '--data',
        'numbers=data/numbers.csv',
        '--format',
        'json',
      ];
      const { exit, out } = await interrupted(args, kill);
      const { runs, summary } = JSON.parse(out);
      assert.deepEqual(
        runs.map((run: Report) => run.summary.status),
        ['error', 'passed'],
      );
      assert.deepEqual([exit, summary.status], [3, 'error']);
      assert.deepEqual(runs[0].engine, runs[1].engine);
    });

    it('writes nothing but the sentence for drift', async () => {
      const rows = Array.from({ length: 3_000_000 }, (_, row) => `${row},${row % 97},${Math.sqrt(row)}`).join('\n');
      folder.write('a.csv', `x,y,z\n${rows}\n`);
      const { child, ended } = start(folder.path, ['drift', '--reference', 'a.csv', '--current', 'a.csv']);
      await atWork(child);
      kill(child);
      const { exit, out, err } = await ended;
      assert.deepEqual([exit, out, err], [3, '', `${sentence}\n`]);
    });
  });

  describe('because it is cancelled', () => {
    const whatItHas = [
      ['columnPresent', 'passed'],
      ['columnType', 'passed'],
      ['sql', 'skipped'],
    ];

    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      it(`by ${signal}: reports what it has`, async () => {
        const args = ['check', 'slow.odcs.yaml', '--format', 'json'];
        const { exit, out, err } = await interrupted(args, (child) => child.kill(signal));
        assert.deepEqual([exit, err], [130, 'Cancelled.\n']);
        const report: Report = JSON.parse(out);
        assert.deepEqual(statuses(report), whatItHas);
        assert.equal(report.checks[2]?.message, 'Cancelled before it ran.');
        assert.deepEqual(report.summary, { passed: 2, failed: 0, warning: 0, error: 0, skipped: 1, status: 'passed' });
      });
    }

    it('by Ctrl-C in a terminal, which the engine hears too', async () => {
      const child = spawn(process.execPath, [cli, 'check', 'slow.odcs.yaml', '--format', 'json'], {
        cwd: folder.path,
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let out = '';
      child.stdout.setEncoding('utf8').on('data', (text) => {
        out += text;
      });
      const exit = new Promise<number | null>((done) => child.on('close', done));
      await atWork(child);
      process.kill(-(child.pid ?? 0), 'SIGINT');
      assert.equal(await exit, 130);
      assert.deepEqual(statuses(JSON.parse(out)), whatItHas);
    });

    it('reports what it has in text', async () => {
      const { exit, out } = await interrupted(['check', 'slow.odcs.yaml'], (child) => child.kill('SIGINT'));
      assert.equal(exit, 130);
      assert.match(out, /skipped numbers .*: Cancelled before it ran\./);
      assert.match(out, /2 passed, 0 failed, 0 warnings, 0 errors, 1 skipped/);
    });

    it('leaves the other contracts out', async () => {
      const args = ['check', 'slow.odcs.yaml', 'other.odcs.yaml', '--format', 'json'];
      const { exit, out } = await interrupted(args, (child) => child.kill('SIGINT'));
      assert.equal(exit, 130);
      assert.deepEqual(
        JSON.parse(out).runs.map((run: Report) => run.contract.path),
        ['slow.odcs.yaml'],
      );
    });

    it('reports every check as skipped when the engine does not react', async () => {
      const args = ['check', 'slow.odcs.yaml', '--format', 'json'];
      const { exit, out, err } = await interrupted(args, (child) => {
        process.kill(engineOf(child) ?? assert.fail('there is no engine'), 'SIGSTOP');
        child.kill('SIGINT');
      });
      assert.deepEqual([exit, err], [130, 'Cancelled.\n']);
      assert.equal(JSON.parse(out).summary.skipped, 3);
    });
  });
});

interface Report {
  readonly contract: { readonly path: string };
  readonly engine: { readonly name: string; readonly version: string };
  readonly checks: readonly { readonly kind: string; readonly status: string; readonly message: string }[];
  readonly summary: Readonly<Record<string, string | number>>;
}

/** The one child of a process, by the system's own list. */
function engineOf({ pid }: ChildProcess): number | undefined {
  const list = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  const rows = list.split('\n').map((line) => line.trim().split(/\s+/));
  const row = rows.find(
    ([, parent, ...args]) => Number(parent) === pid && args.some((arg) => arg.endsWith('worker.js')),
  );
  return row && Number(row[0]);
}

/** Waits until the engine has used processor time enough to have loaded and to be well in its work. */
async function atWork(child: ChildProcess): Promise<void> {
  let engine = engineOf(child);
  while (engine === undefined) {
    await pause(20);
    engine = engineOf(child);
  }
  while (secondsOf(engine) < 2) await pause(100);
}

function secondsOf(pid: number): number {
  const [hours = 0, minutes = 0, seconds = 0] = execFileSync('ps', ['-o', 'time=', '-p', String(pid)], {
    encoding: 'utf8',
  })
    .trim()
    .split(':')
    .map(Number);
  return hours * 3600 + minutes * 60 + seconds;
}

const contract = `apiVersion: v3.1.0
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
      - id: slow
        name: Slow
        type: sql
        query: SELECT count(*) FROM range(100000) a, range(100000) b WHERE a.range + b.range = 3
        mustBe: 4
`;
