import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNodeWorld } from '../../server/src/node-world';
import type { CheckLimit, CheckReport, CheckResult } from '../../server/src/protocol';
import {
  addRun,
  forgetAllRuns,
  forgetRuns,
  hasHistory,
  type Keeping,
  pastRuns,
} from '../../server/src/results/history';
import { pastCheckOf } from '../../server/src/results/record';
import type { World } from '../../server/src/world';

const DAY = 86_400_000;
const FIRST = Date.UTC(2026, 2, 10);

const check = (change: Partial<CheckResult> = {}): CheckResult =>
  ({
    id: 'orders/id/required',
    kind: 'required',
    status: 'failed',
    observed: 3,
    expected: 'no nulls',
    rows: 100,
    unexpectedCount: 3,
    samples: [{ row: 1, values: { id: 'a value of the data' } }],
    ...change,
  }) as CheckResult;

const reportOf = (startedAt: string, checks: readonly CheckResult[] = [check()], path = ''): CheckReport =>
  ({
    startedAt,
    contract: { version: '1.0.0' },
    data: [{ table: 'orders', ref: 'data/orders.csv', path, rows: 100 }],
    summary: { passed: 0, failed: 1, warning: 0, error: 0, skipped: 0, status: 'failed' },
    checks,
  }) as unknown as CheckReport;

// As a second process: adds runs of its own when it was started by the test below.
if (process.env.PLUMBLINE_TEST_HISTORY) {
  void addMany(JSON.parse(process.env.PLUMBLINE_TEST_HISTORY), 'second').then(() => process.exit());
} else {
  describe('the history of checks', () => {
    let home: string;
    let contract: string;
    const warned: string[] = [];
    const files = (): readonly string[] => {
      const all = readdirSync(join(home, '.plumbline'), { recursive: true, encoding: 'utf8' });
      return all.filter((name) => name.endsWith('.jsonl')).sort();
    };
    const fileAt = (index: number) => join(home, '.plumbline', files()[index] ?? '');
    /** The world at a time. */
    const at = (time: number): World => ({ ...worldOf(home, warned), now: () => new Date(time) });
    const add = (time: number, keeping: Partial<Keeping> = {}, checks?: readonly CheckResult[]) =>
      addRun(at(time), reportOf(new Date(time).toISOString(), checks), contract, {
        by: 'editor',
        base: home,
        ...keeping,
      });
    const values = async (time = FIRST) =>
      (await pastRuns(at(time), contract, home)).map(({ checks }) => checks['orders/id/required']?.value);
    const withValue = (value: number) => [check({ unexpectedCount: value })];

    beforeEach(() => {
      home = mkdtempSync(join(tmpdir(), 'plumbline-history-'));
      contract = join(home, 'contracts', 'orders.odcs.yaml');
      warned.length = 0;
    });
    afterEach(() => rmSync(home, { recursive: true, force: true }));

    it('gives the runs of a contract in their order, with figures and no row of the data', async () => {
      await add(FIRST + 2000, {}, withValue(5));
      await add(FIRST, {}, withValue(3));
      assert.deepEqual(await values(), [3, 5]);
      const [run] = await pastRuns(at(FIRST), contract, home);
      assert.deepEqual(run?.checks, { 'orders/id/required': { status: 'failed', value: 3, unexpected: 3, rows: 100 } });
      assert.deepEqual([run?.by, run?.contractVersion, run?.data[0]?.ref], ['editor', '1.0.0', 'data/orders.csv']);
      assert.ok(!readFileSync(fileAt(0), 'utf8').includes('a value of the data'));
      assert.deepEqual(await pastRuns(at(FIRST), join(home, 'other.odcs.yaml'), home), []);
    });

    it('has no run on some of the rows only', async () => {
      const { data, ...others } = reportOf('2026-03-10T00:00:00Z');
      const report = { ...others, data: data.map((one) => ({ ...one, where: 'id > 5' })) };
      await addRun(at(FIRST), report, contract, { by: 'command-line', base: home });
      assert.ok(!existsSync(join(home, '.plumbline')));
    });

    it('is kept out of Git by a file that a person may delete', async () => {
      const ignore = join(home, '.plumbline', '.gitignore');
      await add(FIRST);
      assert.match(readFileSync(ignore, 'utf8'), /^\*$/m);
      rmSync(ignore);
      await add(FIRST + 1);
      assert.ok(!existsSync(ignore));
    });

    it('is given to Git when it is shared, but not where a person has written what Git ignores', async () => {
      const ignore = join(home, '.plumbline', '.gitignore');
      await add(FIRST);
      await add(FIRST + 1, { shared: true });
      assert.ok(!existsSync(ignore));
      assert.match(readFileSync(join(home, '.plumbline', '.gitattributes'), 'utf8'), /merge=union/);
      writeFileSync(ignore, 'history/private-*\n');
      await add(FIRST + 2, { shared: true });
      assert.equal(readFileSync(ignore, 'utf8'), 'history/private-*\n');
    });

    it('lies with the repository, or with the folder that has one already', async () => {
      mkdirSync(join(home, '.git'));
      assert.equal(await hasHistory(at(FIRST), contract), false);
      await addRun(at(FIRST), reportOf('2026-03-10T00:00:00Z'), contract, {
        by: 'command-line',
        base: join(home, 'contracts'),
      });
      assert.equal(await hasHistory(at(FIRST), contract), true);
      assert.ok(existsSync(join(home, '.plumbline', 'history')));
      assert.deepEqual(await values(), [3]);
    });

    it('leaves out a line that a crash cut off, within a letter too, tells it once, and goes on in a new line', async () => {
      await add(FIRST, {}, withValue(1));
      const half = Buffer.from(JSON.stringify({ v: 1, id: 'x', startedAt: 'é' }));
      appendFileSync(fileAt(0), half.subarray(0, half.indexOf(0xc3) + 1));
      assert.deepEqual(await values(), [1]);
      await add(FIRST + 1, {}, withValue(2));
      assert.deepEqual(await values(), [1, 2]);
      assert.equal(warned.length, 1, warned.join('\n'));
      assert.match(warned[0] ?? '', /cut off/);
    });

    it('leaves lines of other versions where they are', async () => {
      await add(FIRST, {}, withValue(1));
      const others = [
        '{"v":2,"id":"new"}',
        '[]',
        '{"v":1,"id":"x","startedAt":"never","checks":{},"data":[],"summary":{}}',
      ];
      appendFileSync(fileAt(0), `${others.join('\n')}\n`);
      await add(FIRST + 1, {}, withValue(2));
      assert.deepEqual(await values(), [1, 2]);
      for (const line of others) assert.ok(readFileSync(fileAt(0), 'utf8').includes(line));
      assert.match(warned.join('\n'), /another version of Plumbline/);
    });

    it('counts a run once that a merge of branches brought twice', async () => {
      await add(FIRST);
      appendFileSync(fileAt(0), readFileSync(fileAt(0)));
      assert.deepEqual(await values(), [3]);
    });

    /** Runs of each process that are kept, by number, after both have added theirs at once. */
    async function afterBoth(many: Omit<Many, 'contract'>) {
      const env = { ...process.env, PLUMBLINE_TEST_HISTORY: JSON.stringify({ contract, ...many }) };
      const child = fork(__filename, { env });
      const ended = new Promise((done) => child.once('exit', done));
      await addMany({ contract, ...many }, 'first');
      assert.equal(await ended, 0);
      const texts = files().map((name) => readFileSync(join(home, '.plumbline', name), 'utf8'));
      const lines = texts.flatMap((text) => text.split('\n')).filter((line) => line !== '');
      const all = lines.map((line) => JSON.parse(line));
      const of = (name: string): readonly number[] =>
        all
          .filter((run) => run.contractVersion === name)
          .map((run) => run.checks['check-0'].value)
          .sort((a, b) => a - b);
      return { lines, numbers: [of('first'), of('second')] };
    }
    const upTo = (end: number, length: number) => Array.from({ length }, (_, index) => end - length + index);

    it('loses no run and mixes none when two processes write at once', async function () {
      this.timeout(30_000);
      const { lines, numbers } = await afterBoth({ runs: 40, checks: 3000, maxMegabytes: 0 });
      assert.deepEqual(numbers, [upTo(40, 40), upTo(40, 40)]);
      assert.ok((lines[0]?.length ?? 0) > 50_000, 'a line is longer than what a pipe takes at once');
    });

    it('loses none but the oldest when two processes write and make room at once', async function () {
      this.timeout(30_000);
      const { numbers } = await afterBoth({ runs: 200, checks: 20, maxMegabytes: 0.1 });
      for (const kept of numbers) assert.deepEqual(kept, upTo(200, kept.length));
      assert.ok(numbers.flat().length > 20 && numbers.flat().length < 300, `${numbers.flat().length} are kept`);
    });

    it('forgets months that are over for longer than is kept, and shows nothing that is older', async () => {
      const limits = { maxDays: 40, maxMegabytes: 0 };
      await add(FIRST, { limits }, withValue(1));
      await add(FIRST + 39 * DAY, { limits }, withValue(2));
      assert.deepEqual(await values(FIRST + 39 * DAY), [1, 2]);
      assert.deepEqual(await values(FIRST + 41 * DAY), [2]);
      await add(FIRST + 70 * DAY, { limits }, withValue(3));
      assert.deepEqual(
        files().map((name) => name.slice(-13)),
        ['2026-04.jsonl', '2026-05.jsonl'],
      );
      assert.deepEqual(await values(FIRST + 70 * DAY), [2, 3]);
    });

    it('forgets the oldest beyond its size, and never the newest', async () => {
      const limits = { maxDays: 0, maxMegabytes: 0.008 };
      for (let run = 1; run <= 60; run++) await add(FIRST + run, { limits }, withValue(run));
      const kept = await values();
      assert.equal(kept.at(-1), 60);
      assert.ok(kept.length > 10 && kept.length < 40, `${kept.length} runs`);
      assert.equal(kept[0], 61 - kept.length, 'no gap');
      await add(FIRST + 61, { limits: { maxDays: 0, maxMegabytes: 0.0001 } }, withValue(61));
      assert.equal((await values()).at(-1), 61);
    });

    it('has its limits beside it, so that the command line keeps to those of the editor', async () => {
      await add(FIRST, { limits: { maxDays: 2000, maxMegabytes: 1 } }, withValue(1));
      await add(FIRST + 1000 * DAY, { by: 'command-line' }, withValue(2));
      assert.deepEqual(await values(FIRST + 1000 * DAY), [1, 2]);
      writeFileSync(join(home, '.plumbline', 'history', 'limits.json'), '{"maxDays": "x"');
      assert.deepEqual(await values(FIRST + 1000 * DAY), [2]);
    });

    it('is forgotten for one contract, or all, and leaves what is not its own', async () => {
      const other = join(home, 'other.odcs.yaml');
      await add(FIRST);
      await addRun(at(FIRST), reportOf('2026-03-10T00:00:00Z'), other, { by: 'editor', base: home });
      await forgetRuns(at(FIRST), contract, home);
      assert.deepEqual([(await values()).length, (await pastRuns(at(FIRST), other, home)).length], [0, 1]);
      writeFileSync(fileAt(0).replace(/[^/\\]+$/, 'notes.jsonl'), 'mine');
      await forgetAllRuns(at(FIRST), home);
      assert.equal((await pastRuns(at(FIRST), other, home)).length, 0);
      assert.equal(files().length, 1);
      await add(FIRST);
      assert.deepEqual(await values(), [3]);
    });

    it('that cannot be written is told, and the run goes on', async () => {
      writeFileSync(join(home, '.plumbline'), 'a file');
      await add(FIRST);
      assert.match(warned.join('\n'), /could not be added to the history/);
      assert.deepEqual(await values(), []);
    });

    it('reads fewer runs of a contract with thousands of checks', async () => {
      const many = Array.from({ length: 5000 }, (_, index) => check({ id: `c${index}` }));
      for (let run = 0; run < 12; run++) await add(FIRST + run, {}, many);
      assert.equal((await pastRuns(at(FIRST), contract, home)).length, 10);
    });
  });

  describe('what the history keeps of a check', () => {
    const figures = (change: Partial<CheckResult>) => {
      const { status: _, rows: __, unexpected: ___, ...others } = pastCheckOf(check(change));
      return others;
    };

    const limit = (
      operator: CheckLimit['operator'],
      values: readonly number[],
      unit: CheckLimit['unit'] = 'rows',
    ): CheckLimit => ({ operator, values, unit });

    it('is the figure of a rule about one, with its bounds', () => {
      const rule = { kind: 'missingValues', observed: 0.95 };
      assert.deepEqual(figures({ ...rule, limits: [limit('mustBeLessThan', [1], 'percent')] }), {
        value: 0.95,
        high: 1,
        isPercent: true,
      });
      assert.deepEqual(figures({ ...rule, limits: [limit('mustBe', [0])] }), { value: 0.95, low: 0, high: 0 });
      assert.deepEqual(figures({ kind: 'rowCount', observed: 7, limits: [limit('mustBeBetween', [-1, 31_000])] }), {
        value: 7,
        low: -1,
        high: 31_000,
      });
      assert.deepEqual(figures({ kind: 'rowCount', observed: 7, limits: [limit('mustBeGreaterOrEqualTo', [3])] }), {
        value: 7,
        low: 3,
      });
      assert.deepEqual(figures({ kind: 'sql', observed: 7, limits: [limit('mustNotBe', [3])] }), { value: 7 });
      const two = [limit('mustBeGreaterThan', [3]), limit('mustBeLessOrEqualTo', [9]), limit('mustBeLessThan', [8])];
      assert.deepEqual(figures({ kind: 'sql', observed: 7, limits: two }), { value: 7, low: 3, high: 8 });
      const age = { kind: 'freshness', observed: 1.5, unexpectedCount: null };
      assert.deepEqual(figures({ ...age, limits: [limit('mustBeLessThan', [2], 'days')] }), {
        value: 1.5,
        high: 2,
        inDays: true,
      });
    });

    it('is of several figures the one that the verdict used', () => {
      const observed = { keys: 1, surplus: 2, rows: 3, used: 'surplus' };
      assert.equal(figures({ kind: 'duplicateValues', observed, limits: [limit('mustBe', [0])] }).value, 2);
    });

    it('is the statistic and limit of a comparison', () => {
      const limit = { figure: 0.2, threshold: 0.1, breaks: 'above' as const };
      assert.deepEqual(figures({ kind: 'custom', limit }), { value: 0.2, high: 0.1 });
    });

    it('is else the rows that break it; a bound of a row is none of their number', () => {
      assert.deepEqual(figures({ kind: 'minimum', observed: 3, expected: '≥ 2' }), { value: 3 });
      assert.deepEqual(figures({ kind: 'columnPresent', observed: true, unexpectedCount: null }), { value: null });
      assert.deepEqual(
        figures({ kind: 'sql', observed: 'NaN', unexpectedCount: null, limits: [limit('mustBe', [0])] }),
        {
          value: null,
        },
      );
    });
  });
}

function worldOf(home: string, warned: string[]): World {
  const ignore = () => undefined;
  const log = { error: ignore, info: ignore, debug: ignore, warn: (message: string) => void warned.push(message) };
  return createNodeWorld({ trusted: false, storage: join(home, 'storage'), temporary: join(home, 'tmp'), log });
}

interface Many {
  readonly contract: string;
  readonly runs: number;
  /** Checks of each run. */
  readonly checks: number;
  readonly maxMegabytes: number;
}

/** Adds runs one after the other, numbered by how many rows break the first check. */
async function addMany({ contract, runs, checks, maxMegabytes }: Many, name: string): Promise<void> {
  const base = join(contract, '..', '..');
  for (let run = 0; run < runs; run++) {
    const all = Array.from({ length: checks }, (_, index) => check({ id: `check-${index}`, unexpectedCount: run }));
    const report = { ...reportOf(new Date().toISOString(), all), contract: { version: name } } as CheckReport;
    await addRun(worldOf(base, []), report, contract, { by: 'editor', base, limits: { maxDays: 0, maxMegabytes } });
  }
}
