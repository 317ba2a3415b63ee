// npm test: everything that must hold, and one closing line `N passed, N failed, N skipped`.
//   npm test [-- --quick | --only unit|host|e2e|package]
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runHostTests } from './host-tests.mjs';
import { ensureInstalled } from './install.mjs';
import { packageVsix } from './package.mjs';
import { Failure, main, mustRun, root, run } from './run.mjs';
import { install, unavailable } from './vscode-host.mjs';

const out = join(root, 'out');
const none = { passed: 0, failed: 0, skipped: 0 };

/** In their order. Each `run` gives the counts of its tests, and throws a Failure where no test could be counted. */
const stages = [
  { id: 'lint', title: 'Types, lint and import rules', run: lint },
  { id: 'build', title: 'Build', run: build },
  { id: 'unit', title: 'Unit and golden tests', run: unitTests },
  { id: 'host', title: 'Tests in the extension host', run: hostTests },
  {
    id: 'e2e',
    title: 'Tests of the workbench by keyboard',
    run: () => inWorkbench(() => mocha(filesOf('e2e'), driven)),
  },
  { id: 'package', title: 'Tests of the packaged extension', run: () => inWorkbench(packaged) },
];
const driven = { timeout: 120_000, reporter: 'spec' };
/** Whatever hangs ends here; the slowest stage takes ten minutes on two cores, and the whole has half an hour. */
const stageLimit = 15 * 60_000;

async function lint() {
  const checks = [
    ['typecheck', 'The types do not fit'],
    ['lint', 'Lint has complaints'],
  ];
  const complaints = [];
  for (const [script, otherwise] of checks) {
    const code = await run('npm', ['run', '--silent', script]);
    if (code !== 0) complaints.push(otherwise);
  }
  if (complaints.length > 0) throw new Failure(`${complaints.join('; ')}.`);
  return none;
}

/** Compiled tests of sources that are gone would run on, so the old ones go first. */
async function build() {
  mkdirSync(out, { recursive: true });
  for (const file of compiled('(test|host|e2e|vsix)')) rmSync(file);
  await mustRun('node', ['esbuild.mjs', '--production'], 'The build failed');
  await mustRun('node', ['esbuild.mjs', '--tests'], 'The build of the tests failed');
  return none;
}

const compiled = (kind) =>
  readdirSync(out)
    .filter((name) => new RegExp(`\\.${kind}\\.js$`).test(name))
    .map((name) => join(out, name));

/** Shared out among two processes, since one keeps one core busy: a file is a world of its own, with its own folders. */
async function unitTests() {
  const files = filesOf('test');
  const shares = [0, 1].map((share) => files.filter((_, index) => index % 2 === share));
  const counts = await Promise.all(shares.map((share) => mocha(share, { timeout: 30_000, reporter: 'dot' })));
  const sum = (key) => counts.reduce((total, count) => total + count[key], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}

function filesOf(kind) {
  const files = compiled(kind);
  if (files.length === 0) throw new Failure(`No out/*.${kind}.js was built.`);
  return files;
}

/** Runs test files in a process of its own, so that a crash or a hang is one failure and not the end of the run. */
async function mocha(files, { timeout, reporter, env }) {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-test-'));
  const summaryFile = join(folder, 'summary.json');
  try {
    const args = [join(root, 'scripts/mocha.mjs'), summaryFile, String(timeout), reporter, ...files];
    const code = await run(process.execPath, args, {
      env: { ...process.env, ...env },
      timeout: stageLimit,
      shell: false,
    });
    const counts = summaryIn(summaryFile);
    if (!counts) throw new Failure(`The tests did not come to their end (exit ${code}).`);
    if (code !== 0 && counts.failed === 0) throw new Failure(`The tests passed, but their process ended with ${code}.`);
    return counts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function summaryIn(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

async function hostTests() {
  const workspace = mkdtempSync(join(tmpdir(), 'plumbline-foreign-'));
  const job = { extensionPath: root, testsEntry: join(out, 'host/index.js'), workspace };
  const result = await runHostTests(job).finally(() => rmSync(workspace, { recursive: true, force: true }));
  if (result.host) console.log(`in ${result.host}\n${result.output}`);
  return result;
}

/** Tests that drive the served workbench in a Chromium of npm. */
async function inWorkbench(tests) {
  const reason = unavailable();
  if (reason) return { ...none, skipped: 1, reason };
  await install();
  return tests();
}

async function packaged() {
  const vsix = await packageVsix();
  return mocha(filesOf('vsix'), { ...driven, env: { PLUMBLINE_VSIX: vsix } });
}

/** The stages asked for; the build comes before any tests. */
function chosen({ quick, only }) {
  const wanted = only ?? (quick ? 'unit' : undefined);
  if (!wanted) return stages;
  if (!stages.some(({ id }) => id === wanted)) {
    throw new Failure(`--only takes one of ${stages.map(({ id }) => id).join(', ')}.`);
  }
  return stages.filter(({ id }) => id === wanted || (id === 'build' && wanted !== 'lint'));
}

/** A stage that breaks counts as one failed test. */
async function countsOf(stage) {
  console.log(`\n── ${stage.title} ──`);
  const started = Date.now();
  const counts = await stage.run().catch((error) => {
    console.log(error instanceof Failure ? error.message : error);
    return { ...none, failed: 1 };
  });
  if (counts.reason) console.log(`Skipped: ${counts.reason}`);
  const { passed, failed, skipped } = counts;
  console.log(
    `${stage.title}: ${passed} passed, ${failed} failed, ${skipped} skipped in ${((Date.now() - started) / 1000).toFixed(1)} s`,
  );
  return counts;
}

await main(async () => {
  const { values } = parseArgs({ options: { quick: { type: 'boolean' }, only: { type: 'string' } } });
  const asked = chosen(values);
  await ensureInstalled();
  const total = { ...none };
  for (const stage of asked) {
    const counts = await countsOf(stage);
    for (const key of Object.keys(none)) total[key] += counts[key];
    if (stage.id === 'build' && counts.failed > 0) break;
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  process.exitCode = total.failed > 0 ? 1 : 0;
});
