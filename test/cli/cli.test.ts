import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { assertGolden } from '../golden';
import { repository, type Scratch, scratch } from '../world/repository';
import { cli, type Ended, plumbline, start } from './command';

const golden = (name: string, text: string) => assertGolden(`test/fixtures/cli/${name}.golden`, text);

/** One sentence for the person: no stack, no second line, and it ends as a sentence does. */
function assertSentence({ err }: Ended, says: RegExp): void {
  assert.match(err, says);
  assert.match(err, /^[^\n]+\n$/);
  assert.doesNotMatch(err, /^\s+at |undefined|\[object/);
}

describe('the command line', function () {
  this.timeout(30_000);
  let repo: Scratch;
  before(() => {
    repo = repository();
    cpSync('test/fixtures/cli/orders', repo.path, { recursive: true });
    repo.commit('Add contracts and data');
    repo.git('tag', 'v1.0.0');
  });
  after(() => repo.remove());
  const run = (...args: readonly string[]) => plumbline(repo.path, ...args);

  describe('writes text', () => {
    const cases: Readonly<Record<string, readonly [exit: number, ...args: string[]]>> = {
      check: [1, 'check', 'orders.odcs.yaml'],
      'check-several': [1, 'check', 'clean.odcs.yaml', 'warned.odcs.yaml', 'orders.odcs.yaml'],
      'check-quiet': [1, 'check', 'orders.odcs.yaml', '--quiet'],
      'check-clean': [0, 'check', 'clean.odcs.yaml'],
      drift: [1, 'drift', '--reference', 'data/january.csv', '--current', 'data/july.csv'],
      profile: [0, 'profile', 'data/january.csv'],
      provenance: [1, 'provenance'],
      lint: [1, 'lint', 'orders.odcs.yaml', 'misspelt.odcs.yaml'],
      help: [0, '--help'],
      'help-check': [0, 'check', '--help'],
      'help-drift': [0, 'drift', '--help'],
    };
    for (const [name, [exit, ...args]] of Object.entries(cases)) {
      it(`for plumbline ${args.join(' ')}`, async () => {
        const ended = await run(...args);
        assert.equal(ended.err, '');
        golden(name, ended.out);
        assert.equal(ended.exit, exit);
      });
    }

    it('for a problem matcher, from the folder that one is in', async () => {
      const { out } = await plumbline(repo.at('data'), 'check', '../orders.odcs.yaml', '--quiet');
      const pattern = /^(.+):(\d+):(\d+) (error|warning|info) (\S+) (.+)$/;
      for (const line of out.trimEnd().split('\n')) assert.match(line, pattern);
    });
  });

  describe('writes JSON with the keys in their order', () => {
    const json = async (...args: readonly string[]) => {
      const { out, err } = await run(...args, '--format', 'json', '--fail-on', 'never');
      assert.equal(err, '');
      return JSON.parse(out);
    };
    const begins = (value: object, keys: string) => {
      const expected = keys.split(' ');
      assert.deepEqual(Object.keys(value).slice(0, expected.length), expected);
    };
    const checkKeys =
      'id name table column dimension kind status severity observed expected rows unexpectedCount unexpectedPercent samples message location';

    it('of check', async () => {
      const report = await json('check', 'orders.odcs.yaml');
      begins(report, 'schemaVersion tool verb contract engine startedAt durationMs checks summary');
      begins(report.contract, 'path dialect version');
      assert.deepEqual(report.contract, { path: 'orders.odcs.yaml', dialect: 'odcs', version: '1.2.0' });
      for (const check of report.checks) begins(check, checkKeys);
      begins(report.summary, 'passed failed warning error skipped status');
      const maximum = report.checks.find((check: { kind: string }) => check.kind === 'maximum');
      assert.deepEqual(
        [maximum.table, maximum.column, maximum.status, maximum.unexpectedCount, maximum.rows],
        ['orders', 'amount', 'failed', 1, 5],
      );
      assert.deepEqual(maximum.location, {
        path: 'orders.odcs.yaml',
        range: { start: { line: 34, character: 19 }, end: { line: 34, character: 22 } },
      });
      const [contract, orders] = report.provenance;
      assert.deepEqual([contract.role, contract.status, contract.tag], ['contract', 'unchanged', 'v1.0.0']);
      assert.deepEqual([orders.path, orders.commit], ['data/orders.csv', repo.git('rev-parse', 'HEAD')]);
    });

    it('of check with several contracts', async () => {
      const report = await json('check', 'clean.odcs.yaml', 'orders.odcs.yaml');
      begins(report, 'schemaVersion tool verb startedAt durationMs runs summary');
      for (const one of report.runs)
        begins(one, 'schemaVersion tool verb contract engine startedAt durationMs checks summary');
      const sum = (key: string) =>
        report.runs.reduce(
          (total: number, { summary }: { summary: Record<string, number> }) => total + (summary[key] ?? 0),
          0,
        );
      for (const key of ['passed', 'failed', 'warning', 'error', 'skipped'])
        assert.equal(report.summary[key], sum(key));
      assert.equal(report.summary.status, 'failed');
    });

    it('of drift', async () => {
      const report = await json(
        'drift',
        '--reference',
        'data/january.csv',
        '--current',
        'data/july.csv',
        '--method',
        'amount=psi:0.5',
      );
      begins(report, 'schemaVersion tool verb preset reference current durationMs columns dataset');
      for (const column of report.columns) {
        begins(column, 'column type method statistic pValue threshold drifted reason segment window reference current');
        assert.ok('histogram' in column.reference);
      }
      begins(report.dataset, 'drifted driftedColumns columns share threshold method');
      const [amount] = report.columns;
      assert.deepEqual([amount.column, amount.method, amount.threshold, amount.drifted], ['amount', 'psi', 0.5, true]);
      assert.ok(String(amount.statistic).length > 8, 'the statistic is not rounded');
    });

    it('of profile, which it also keeps', async () => {
      const report = await json('profile', 'data/january.csv', '--save', 'kept/january.profile.json');
      begins(report, 'schemaVersion tool verb ref rows sizeBytes version columns');
      assert.deepEqual(report.version, { tracker: 'git', version: repo.git('rev-parse', 'HEAD:data/january.csv') });
      for (const column of report.columns) {
        begins(
          column,
          'column type physicalType nulls distinct distinctExact min max mean standardDeviation quantiles top histogram',
        );
      }
      assert.deepEqual(JSON.parse(readFileSync(repo.at('kept/january.profile.json'), 'utf8')), report);
      rmSync(repo.at('kept'), { recursive: true });
    });

    it('of lint', async () => {
      const report = await json('lint', 'misspelt.odcs.yaml');
      begins(report, 'schemaVersion tool verb files summary');
      const [file] = report.files;
      begins(file, 'path dialect diagnostics');
      assert.deepEqual([file.path, file.dialect], ['misspelt.odcs.yaml', 'odcs']);
      for (const diagnostic of file.diagnostics) begins(diagnostic, 'code severity message range fix');
      assert.ok(file.diagnostics.some(({ range }: { range: { start: { line: number } } }) => range.start.line === 7));
    });

    it('of provenance', async () => {
      const report = await json('provenance', 'orders.odcs.yaml');
      begins(report, 'schemaVersion tool verb target code datasets runs environment findings');
      begins(report.code, 'commit branch tag dirty changed remote');
      for (const dataset of report.datasets)
        begins(dataset, 'path tracker version algorithm sizeBytes status commit contract');
      assert.deepEqual(report.environment, { lockFiles: [], images: [], notebooks: [] });
      assert.equal(report.target, 'orders.odcs.yaml');
    });

    it('into a file, and then says nothing', async () => {
      const { out, err, exit } = await run(
        'check',
        'clean.odcs.yaml',
        '--format',
        'json',
        '--output',
        'made/report.json',
      );
      assert.deepEqual([out, err, exit], ['', '', 0]);
      assert.equal(JSON.parse(readFileSync(repo.at('made/report.json'), 'utf8')).verb, 'check');
      rmSync(repo.at('made'), { recursive: true });
    });
  });

  describe('exits', () => {
    const cases: readonly (readonly [exit: number, ...args: string[]])[] = [
      [0, 'check', 'clean.odcs.yaml'],
      [0, 'check', 'warned.odcs.yaml'],
      [1, 'check', 'warned.odcs.yaml', '--fail-on', 'warning'],
      [0, 'check', 'clean.odcs.yaml', '--fail-on', 'warning'],
      [1, 'check', 'orders.odcs.yaml'],
      [0, 'check', 'orders.odcs.yaml', '--fail-on', 'never'],
      [0, 'check', 'clean.odcs.yaml', '--data', 'data/customers.csv'],
      [0, 'check', 'clean.odcs.yaml', '--data', 'customers=data/customers.csv@v1.0.0'],
      [1, 'drift', '--reference', 'data/january.csv', '--current', 'data/july.csv'],
      [0, 'drift', '--reference', 'data/january.csv', '--current', 'data/july.csv', '--fail-on', 'never'],
      [0, 'drift', '--reference', 'data/january.csv', '--current', 'data/january.csv'],
      [0, 'lint', 'clean.odcs.yaml'],
      [0, 'lint', 'misspelt.odcs.yaml', '--fail-on', 'never'],
      [0, 'provenance', 'clean.odcs.yaml', '--fail-on', 'never'],
      [0, '--version'],
    ];
    for (const [exit, ...args] of cases) {
      it(`${exit} after plumbline ${args.join(' ')}`, async () => {
        const ended = await run(...args);
        assert.equal(ended.err, '');
        assert.equal(ended.exit, exit);
      });
    }
  });

  describe('says in one sentence, and exits 2, when it is used wrongly:', () => {
    const cases: readonly (readonly [says: RegExp, ...args: string[]])[] = [
      [/Missing required argument 'contracts'\. See: plumbline check --help/, 'check'],
      [/Unknown option '--bogus'\. See: plumbline check --help/, 'check', 'x', '--bogus'],
      [/Unknown command 'chek'\. Did you mean check\? See: plumbline --help/, 'chek'],
      [/'--current <REF>' not specified\. See: plumbline drift --help/, 'drift', '--reference', 'a'],
      [
        /plumbline provenance does not write "xml"; its --format takes text, json, junit, sarif, markdown, html, openlineage, prov or ro-crate\./,
        'provenance',
        '--format',
        'xml',
      ],
      [/--fail-on takes error, warning or never, not "info"\./, 'lint', 'x', '--fail-on', 'info'],
      [/--threads takes a whole number from 1, not "many"\./, 'check', 'x', '--threads', 'many'],
      [/--memory takes a size such as 2GB, not "lots"\./, 'check', 'x', '--memory', 'lots'],
      [/--data takes TABLE=REF or REF, and "orders=" lacks a part\./, 'check', 'x', '--data', 'orders='],
      [/--data gives the table "a" twice\./, 'check', 'x', '--data', 'a=1.csv', '--data', 'a=2.csv'],
      [/--method takes COLUMN=METHOD/, 'drift', '--reference', 'a', '--current', 'b', '--method', 'psi'],
      [
        /The threshold in --method a=psi:x is no number\./,
        'drift',
        '--reference',
        'a',
        '--current',
        'b',
        '--method',
        'a=psi:x',
      ],
      [
        /--type takes COLUMN=numerical, categorical or text, not "a=number"\./,
        'drift',
        '--reference',
        'a',
        '--current',
        'b',
        '--type',
        'a=number',
      ],
      [/'--stdio' not specified/, 'lsp'],
    ];
    for (const [says, ...args] of cases) {
      it(`plumbline ${args.join(' ')}`, async () => {
        const ended = await run(...args);
        assertSentence(ended, says);
        assert.deepEqual([ended.exit, ended.out], [2, '']);
      });
    }

    it('plumbline, which prints the help', async () => {
      const { exit, err } = await run();
      assert.equal(exit, 2);
      assert.match(err, /^Usage: plumbline/);
    });
  });

  describe('says in one sentence, and exits 2, what it cannot read:', () => {
    let folder: Scratch;
    before(() => {
      folder = scratch();
      folder.write('empty.odcs.yaml', '');
      folder.write('other.yaml', 'a: 1\n');
      folder.write('broken.odcs.yaml', 'kind: DataContract\nname: [x\n');
      folder.write('latin1.odcs.yaml', Buffer.from([0x61, 0x3a, 0xe4]));
      folder.write('clean.odcs.yaml', readFileSync('test/fixtures/cli/orders/clean.odcs.yaml'));
      folder.write('corrupt.parquet', 'PAR1 and then nothing of use');
      folder.write('empty.csv', '');
      folder.write('no.format', 'a,b\n');
    });
    after(() => folder.remove());
    const cases: readonly (readonly [says: RegExp, ...args: string[]])[] = [
      [/missing\.odcs\.yaml does not exist; check the spelling of its path\./, 'check', 'missing.odcs.yaml'],
      [/empty\.odcs\.yaml is empty\./, 'check', 'empty.odcs.yaml'],
      [/other\.yaml is not a data contract .*a contract says "kind: DataContract"\./, 'check', 'other.yaml'],
      [/broken\.odcs\.yaml:2:9 cannot be read: /, 'check', 'broken.odcs.yaml'],
      [/latin1\.odcs\.yaml is not valid UTF-8 text; save it as UTF-8\./, 'check', 'latin1.odcs.yaml'],
      [/ is a folder; name a file in it\./, 'check', '.'],
      [/where the data of table "customers" are/, 'check', 'clean.odcs.yaml'],
      [/no data at .*nothing\.csv/, 'check', 'clean.odcs.yaml', '--data', 'nothing.csv'],
      [/no table "orders"/, 'check', 'clean.odcs.yaml', '--data', 'orders=empty.csv'],
      [/corrupt\.parquet cannot be read as Parquet/, 'check', 'clean.odcs.yaml', '--data', 'corrupt.parquet'],
      [/empty\.csv is empty/, 'check', 'clean.odcs.yaml', '--data', 'empty.csv'],
      [/clean\.odcs\.yaml@v9/, 'check', 'clean.odcs.yaml@v9'],
      [/no\.format is in no format that Plumbline reads/, 'profile', 'no.format'],
      [/corrupt\.parquet cannot be read as Parquet/, 'profile', 'corrupt.parquet'],
      [/in no Git repository/, 'profile', 'data.csv@v1.0.0'],
      [/no data at .*b\.csv/, 'drift', '--reference', 'a.csv', '--current', 'b.csv'],
      [/There is no preset "psi"/, 'drift', '--reference', 'empty.csv', '--current', 'empty.csv', '--preset', 'psi'],
      [/nothing does not exist/, 'provenance', 'nothing'],
      [/other\.yaml is neither a data contract nor an experiment manifest/, 'lint', 'other.yaml'],
      [/nothing\.yaml does not exist/, 'lint', 'nothing.yaml'],
      [/is a folder; name a file to write/, 'provenance', '--output', '.'],
    ];
    for (const [says, ...args] of cases) {
      it(`plumbline ${args.join(' ')}`, async () => {
        const ended = await plumbline(folder.path, ...args);
        assertSentence(ended, says);
        assert.deepEqual([ended.exit, ended.out], [2, '']);
      });
    }

    it('and goes on with the contracts that it can read', async () => {
      const { exit, err, out } = await plumbline(
        folder.path,
        'check',
        'empty.odcs.yaml',
        'clean.odcs.yaml',
        '--data',
        'customers=customers.csv',
      );
      assert.equal(exit, 2);
      assert.equal(err.trimEnd().split('\n').length, 2);
      assert.equal(out, '');
      folder.write('customers.csv', 'customer_id\n1\n');
      const again = await plumbline(folder.path, 'check', 'empty.odcs.yaml', 'clean.odcs.yaml', '--format', 'json');
      assert.equal(again.exit, 2);
      assert.equal(JSON.parse(again.out).runs.length, 1);
    });

    it('a revision of a repository without commits', async () => {
      const fresh = repository();
      fresh.write('a.csv', 'x\n1\n');
      const ended = await plumbline(fresh.path, 'profile', 'a.csv@v1');
      assertSentence(ended, /no revision "v1", which "a\.csv@v1" names/);
      assert.equal(ended.exit, 2);
      fresh.remove();
    });
  });

  describe('in a folder that Git does not know', () => {
    it('checks all the same, and leaves the versions open', async () => {
      const folder = scratch();
      cpSync('test/fixtures/cli/orders', folder.path, { recursive: true });
      const { exit, err, out } = await plumbline(folder.path, 'check', 'clean.odcs.yaml', '--format', 'json');
      assert.deepEqual([exit, err], [0, '']);
      assert.deepEqual(
        JSON.parse(out).provenance.map(({ status, commit }: Record<string, unknown>) => [status, commit]),
        [
          ['unknown', null],
          ['unknown', null],
        ],
      );
      folder.remove();
    });
  });

  describe('while it works', () => {
    let folder: Scratch;
    before(() => {
      folder = scratch();
      folder.write('a.csv', 'x\n1\n');
      folder.write(
        'endless.odcs.yaml',
        [
          'apiVersion: v3.1.0',
          'kind: DataContract',
          'id: endless',
          'version: 1.0.0',
          'status: active',
          'schema:',
          '  - name: a',
          '    properties:',
          '      - name: x',
          '    quality:',
          '      - type: sql',
          '        query: SELECT count(*) FROM range(3000000) a, range(3000000) b WHERE a.range * b.range % 7 = 3',
          '        mustBe: 0',
          '',
        ].join('\n'),
      );
    });
    after(() => folder.remove());
    /** Waits for the engine to be in the middle of its work. */
    const working = async (pid: number | undefined): Promise<number> => {
      for (;;) {
        const processes = execFileSync('ps', ['-e', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
        const worker = new RegExp(`^\\s*(\\d+)\\s+${pid}\\s.*worker\\.js`, 'm').exec(processes)?.[1];
        if (worker !== undefined) {
          await pause(1500);
          return Number(worker);
        }
        await pause(50);
      }
    };
    // The processes of a command are looked up as Linux has them.
    if (process.platform === 'linux') {
      it('stops at Ctrl-C, says so, exits 130 and leaves nothing behind', async () => {
        const temporary = folder.at('temporary');
        mkdirSync(temporary);
        const { child, ended } = start(folder.path, ['check', 'endless.odcs.yaml'], { TMPDIR: temporary });
        const worker = await working(child.pid);
        const asked = performance.now();
        child.kill('SIGINT');
        const { exit, out, err } = await ended;
        assert.deepEqual([exit, err], [130, 'Cancelled.\n']);
        assert.match(out, /skipped a sql: Cancelled before it ran\./);
        assert.ok(performance.now() - asked < 5000, 'it took too long to stop');
        assert.equal(existsSync(`/proc/${worker}`), false);
        assert.deepEqual(readdirSync(temporary), []);
      });

      it('reports at Ctrl-C what was done before', async () => {
        folder.write(
          'quick.odcs.yaml',
          readFileSync(folder.at('endless.odcs.yaml'), 'utf8').replace(/ {4}quality:[\s\S]*$/, ''),
        );
        const { child, ended } = start(folder.path, [
          'check',
          'quick.odcs.yaml',
          'endless.odcs.yaml',
          '--format',
          'json',
        ]);
        await working(child.pid);
        child.kill('SIGINT');
        const { exit, out } = await ended;
        assert.equal(exit, 130);
        assert.deepEqual(
          JSON.parse(out).runs.map((run: { contract: { path: string } }) => run.contract.path),
          ['quick.odcs.yaml', 'endless.odcs.yaml'],
        );
      });

      it('says that the engine died, and exits 3', async () => {
        const { child, ended } = start(folder.path, ['check', 'endless.odcs.yaml']);
        process.kill(await working(child.pid), 'SIGKILL');
        const ending = await ended;
        assertSentence(ending, /The engine ended before it was done \(signal SIGKILL\)/);
        assert.match(ending.out, /error: 0 passed, 0 failed, 0 warnings, 2 errors, 0 skipped/);
        assert.equal(ending.exit, 3);
      });
    }

    it('ends in peace when nobody reads on', () => {
      const shell = execFileSync('sh', ['-c', `"${process.execPath}" "${cli}" drift --help | head -1`], {
        encoding: 'utf8',
      });
      assert.match(shell, /^Usage: plumbline drift/);
    });
  });

  it('tells its version before anybody waits', async () => {
    const quickest = { node: Number.POSITIVE_INFINITY, plumbline: Number.POSITIVE_INFINITY };
    for (let round = 0; round < 7; round++) {
      let begun = performance.now();
      execFileSync(process.execPath, ['--eval', '0']);
      quickest.node = Math.min(quickest.node, performance.now() - begun);
      begun = performance.now();
      const out = execFileSync(process.execPath, [cli, '--version'], { encoding: 'utf8' });
      quickest.plumbline = Math.min(quickest.plumbline, performance.now() - begun);
      assert.equal(out, `${JSON.parse(readFileSync('package.json', 'utf8')).version}\n`);
    }
    // Against Node's own start, since a busy machine slows both. Starting a verb takes more than that.
    assert.ok(quickest.plumbline < 3 * quickest.node, JSON.stringify(quickest));
  });
});
