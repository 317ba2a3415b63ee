// Mocha in a real extension host: VS Code's own program when there is one, else the npm-hosted VS Code.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadedVsCode, installedVsCode, screen } from './electron.mjs';
import { run } from './run.mjs';
import { install, launchBrowser, startServer, unavailable } from './vscode-host.mjs';

const limit = 5 * 60_000;

/**
 * Runs the tests that `testsEntry` exports as `run`.
 * @param {Job} job
 * @returns {Promise<import('./mocha.mjs').Summary & { host?: string, reason?: string }>} `reason` says why nothing could run
 * @typedef {{ extensionPath: string, testsEntry: string, workspace: string }} Job absolute paths
 */
export async function runHostTests(job) {
  const host = await chooseHost();
  if (host.reason) return { passed: 0, failed: 0, skipped: 1, output: '', reason: host.reason };
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-host-tests-'));
  const summaryFile = join(folder, 'summary.json');
  try {
    const ended = await host.run({ ...job, summaryFile });
    return { ...summaryOf(summaryFile, ended), host: host.name };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The first host that this machine can run; else the reason why there is none. */
async function chooseHost() {
  const screenCommand = screen();
  const program = screenCommand && (installedVsCode() ?? (await downloadedVsCode()));
  if (program) return { name: program, run: (job) => runInElectron(program, screenCommand, job) };
  const reason = unavailable();
  return reason ? { reason } : { name: 'npm-hosted VS Code', run: runInServer };
}

async function runInElectron(program, screenCommand, { extensionPath, testsEntry, workspace, summaryFile }) {
  const options = {
    vscodeExecutablePath: program,
    extensionDevelopmentPath: extensionPath,
    extensionTestsPath: testsEntry,
    extensionTestsEnv: { PLUMBLINE_TEST_SUMMARY: summaryFile },
    launchArgs: [workspace, '--disable-extensions'],
  };
  const [command, ...args] = [
    ...screenCommand,
    process.execPath,
    join(import.meta.dirname, 'electron.mjs'),
    JSON.stringify(options),
  ];
  return `VS Code ended with ${await run(command, args, { timeout: limit, shell: false })}`;
}

async function runInServer({ extensionPath, testsEntry, workspace, summaryFile }) {
  const host = await install();
  const server = await startServer(host, { tests: true, env: { PLUMBLINE_TEST_SUMMARY: summaryFile } });
  const browser = await launchBrowser(host);
  try {
    const page = await browser.newPage();
    // The workbench calls these two on its window when extension tests end and log.
    const log = [];
    await page.exposeFunction('codeAutomationLog', (_type, args) => log.push(withoutStack(args.join(' '))));
    const ended = new Promise((done) => page.exposeFunction('codeAutomationExit', done));
    await page.goto(
      server.pageUrl(workspace, { extensionDevelopmentPath: extensionPath, extensionTestsPath: testsEntry }),
    );
    const code = await Promise.race([ended, after(limit)]);
    return `VS Code ended with ${code}:\n${log.join('\n')}`;
  } finally {
    await browser.close();
    server.stop();
    rmSync(server.dataDir, { recursive: true, force: true });
  }
}

const withoutStack = (text) => text.replace(/\n\s+at .*/g, '');

const after = (ms) =>
  new Promise((done) => setTimeout(() => done(`no answer within ${ms / 60_000} minutes`), ms).unref());

/** A host that ended before its tests did has left no summary: that is one failure. */
function summaryOf(file, ended) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {
      passed: 0,
      failed: 1,
      skipped: 0,
      output: `The extension host's tests did not come to their end. ${ended}`,
    };
  }
}
