import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { parse } from 'yaml';
import { repository, type Scratch } from '../world/repository';
import { cli, plumbline } from './command';

interface Step {
  readonly id: string;
  readonly run: string;
  readonly env?: Readonly<Record<string, string>>;
}
const action = parse(readFileSync('action.yml', 'utf8'));
const steps: readonly Step[] = action.runs.steps;
const hooks: readonly { id: string; entry: string; files: string }[] = parse(
  readFileSync('.pre-commit-hooks.yaml', 'utf8'),
);

describe('in a pipeline', function () {
  this.timeout(60_000);
  let repo: Scratch;
  before(() => {
    repo = repository();
    cpSync('test/fixtures/cli/orders', repo.path, { recursive: true });
    repo.commit('Add contracts and data');
  });
  after(() => repo.remove());

  /** Runs the step as the runner does, with the inputs given, else their defaults. */
  function runCheck(given: Readonly<Record<string, string>>) {
    const step = steps.find(({ id }) => id === 'check');
    assert.ok(step?.env);
    const input = (name: string): string => given[name] ?? action.inputs[name].default ?? '';
    const env = Object.fromEntries(
      Object.entries(step.env).map(([name, words]) => {
        const [, key = ''] = /^\$\{\{ inputs\.([\w-]+)/.exec(words) ?? [];
        return [name, input(key)];
      }),
    );
    for (const file of ['summary.md', 'output']) writeFileSync(repo.at(file), '');
    const files = { GITHUB_STEP_SUMMARY: repo.at('summary.md'), GITHUB_OUTPUT: repo.at('output') };
    const ended = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
      cwd: repo.path,
      env: { ...process.env, ...env, ...files },
      encoding: 'utf8',
    });
    return { ...ended, output: readFileSync(repo.at('output'), 'utf8') };
  }

  it('the action writes SARIF, JUnit and the summary in one run, and ends as the check does', () => {
    const { status, output, stderr } = runCheck({ contracts: '*rders.odcs.yaml\nclean.odcs.yaml\n', cli });
    assert.deepEqual([status, stderr], [1, '']);
    assert.equal(output, 'exit=1\nsarif=plumbline.sarif\njunit=plumbline.xml\n');
    const [{ results }] = JSON.parse(readFileSync(repo.at('plumbline.sarif'), 'utf8')).runs;
    assert.deepEqual(
      results.map(({ ruleId }: { ruleId: string }) => ruleId),
      ['check/invalidValues', 'check/maximum', 'check/foreignKey'],
    );
    assert.match(readFileSync(repo.at('summary.md'), 'utf8'), /^### Plumbline check: \d+ passed.*2 failed\n/);
    const suites = readFileSync(repo.at('plumbline.xml'), 'utf8').match(/<testsuite name="[^"]+"/g);
    assert.deepEqual(suites, ['<testsuite name="orders.odcs.yaml"', '<testsuite name="clean.odcs.yaml"']);
  });

  it('the action takes what it is given for no part of its script', () => {
    const { status } = runCheck({ contracts: '$(touch taken); `touch taken`', 'fail-on': 'never', cli });
    assert.equal(status, 2);
    assert.ok(!existsSync(repo.at('taken')));
    for (const { run } of steps) assert.doesNotMatch(run, /\$\{\{/);
  });

  it('the action builds with what is in the repository', () => {
    const build = steps.find(({ id }) => id === 'build');
    assert.ok(build);
    execFileSync('bash', ['-n', '-c', build.run]);
    // The registry is not asked: what it would install lies here already.
    mkdirSync(repo.at('registry'), { recursive: true });
    writeFileSync(repo.at('registry/npm'), '#!/bin/bash\necho "$PWD $*" >> "$NPM_CALLS"\n');
    writeFileSync(repo.at('registry/node'), '#!/bin/bash\necho "$PWD node $*" >> "$NPM_CALLS"\n');
    for (const program of ['npm', 'node']) chmodSync(repo.at(`registry/${program}`), 0o755);
    writeFileSync(repo.at('output'), '');
    const ran = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', build.run], {
      cwd: repo.path,
      env: {
        PATH: `${repo.at('registry')}${delimiter}${process.env.PATH}`,
        GITHUB_ACTION_PATH: process.cwd(),
        GITHUB_OUTPUT: repo.at('output'),
        NPM_CALLS: repo.at('calls'),
      },
      encoding: 'utf8',
    });
    assert.deepEqual([ran.status, ran.stderr], [0, '']);
    assert.equal(readFileSync(repo.at('output'), 'utf8'), `cli=${cli}\n`);
    assert.deepEqual(readFileSync(repo.at('calls'), 'utf8').trim().split('\n'), [
      `${process.cwd()} ci --no-audit --no-fund --loglevel=error`,
      `${process.cwd()} node esbuild.mjs --production`,
    ]);
    for (const [, file = ''] of build.run.matchAll(/node (\S+\.mjs)/g)) assert.ok(existsSync(file), file);
  });

  it('each hook runs on the files that it is for', () => {
    mkdirSync(repo.at('bin'), { recursive: true });
    // What `npm link` puts on the PATH.
    writeFileSync(repo.at('bin/plumbline'), `#!/bin/bash\nexec "${process.execPath}" "${cli}" "$@"\n`);
    chmodSync(repo.at('bin/plumbline'), 0o755);
    const files = repo.git('ls-files').split('\n');
    const env = { ...process.env, PATH: `${repo.at('bin')}${delimiter}${process.env.PATH}` };
    const ends = hooks.map(({ id, entry, files: pattern }) => {
      const chosen = files.filter((file) => new RegExp(pattern).test(file) && /^(clean|orders)\.odcs/.test(file));
      assert.deepEqual(chosen, ['clean.odcs.yaml', 'orders.odcs.yaml']);
      const { status, stdout } = spawnSync('bash', ['-c', `${entry} "$@"`, id, ...chosen], {
        cwd: repo.path,
        env,
        encoding: 'utf8',
      });
      return [id, status, /orders\.odcs\.yaml:35:20 error check\/maximum/.test(stdout)];
    });
    assert.deepEqual(ends, [
      ['plumbline-lint', 0, false],
      ['plumbline-check', 1, true],
    ]);
  });

  it('a format that a verb has nothing for is told before anything is read', async () => {
    const { exit, out, err } = await plumbline(repo.path, 'profile', 'nowhere.csv', '--format', 'junit');
    assert.deepEqual([exit, out], [2, '']);
    assert.equal(err, 'plumbline profile does not write "junit"; its --format takes text, json or sagemaker.\n');
  });

  for (const args of [
    ['lint', 'misspelt.odcs.yaml'],
    ['drift', '--reference', 'data/january.csv', '--current', 'data/july.csv'],
    ['provenance', 'orders.experiment.yaml'],
  ])
    it(`${args[0]} writes each of them`, async () => {
      for (const [format, begins] of [
        ['junit', '<?xml'],
        ['sarif', '{'],
        ['markdown', '### Plumbline'],
        ['html', '<!DOCTYPE html>'],
      ] as const) {
        const { out, err } = await plumbline(repo.path, ...args, '--format', format);
        assert.equal(err, '');
        assert.ok(out.startsWith(begins), out.slice(0, 80));
      }
    });
});
