// VS Code's own program: finding it, or downloading it for tests.
//   node scripts/electron.mjs '{"vscodeExecutablePath":…}'   runs extension tests in it; host-tests.mjs starts this, under xvfb-run where there is no screen
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure, main, onPath, root } from './run.mjs';

/** Where the program lies, seen from the folder of the `code` command. */
const programs = {
  linux: ['../code', '../codium', '../code-insiders'],
  darwin: ['../../../MacOS/Electron', '../../../MacOS/Code'],
  win32: ['../Code.exe', '../VSCodium.exe'],
};

const downloads = 'https://update.code.visualstudio.com';
const probeLimit = 5_000;

/** The VS Code installed here: `$VSCODE_PATH`, or the one whose `code` command is on PATH. Undefined when there is none. */
export function installedVsCode() {
  if (process.env.VSCODE_PATH) {
    if (existsSync(process.env.VSCODE_PATH)) return process.env.VSCODE_PATH;
    throw new Failure(`VSCODE_PATH names ${process.env.VSCODE_PATH}, where no file is.`);
  }
  const command = onPath('code');
  if (!command) return undefined;
  const folder = dirname(realpathSync(command));
  return (programs[process.platform] ?? []).map((path) => join(folder, path)).find((path) => existsSync(path));
}

/** How programs with a window are started here: as they are, or under xvfb-run. Undefined when neither can be. */
export function screen() {
  if (process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY) return [];
  const xvfb = onPath('xvfb-run');
  return xvfb && [xvfb, '-a'];
}

/** A stable VS Code in .vscode-test, downloaded when it is not there; undefined when the download cannot be reached in seconds. */
export async function downloadedVsCode() {
  const reached = await fetch(`${downloads}/api/releases/stable`, { signal: AbortSignal.timeout(probeLimit) }).then(
    (response) => response.ok,
    () => false,
  );
  if (!reached) return undefined;
  const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
  return downloadAndUnzipVSCode({ version: 'stable', cachePath: join(root, '.vscode-test') });
}

if (process.argv[1] === import.meta.filename) {
  await main(async () => {
    const { runTests } = await import('@vscode/test-electron');
    process.exitCode = await runTests(JSON.parse(process.argv[2] ?? '{}'));
  });
}
