// Opens the sample workspace in a real VS Code with this extension in development.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { layOut } from '../samples/lay-out.mjs';
import { Failure, onPath, outputOf, root, run } from './run.mjs';
import { install, startServer, unavailable } from './vscode-host.mjs';

/** The sample workspace that the demo opens, and the contract in it that is shown first. */
export const demoFolder = join(root, '.demo/flights');
export const demoContract = 'contracts/flights.odcs.yaml';

/** Lays the sample workspace out anew; with `keep`, only when it is not there yet. Throws a Failure in one sentence. */
export function layOutDemo({ keep } = {}) {
  if (keep && existsSync(join(demoFolder, demoContract))) return;
  if (outputOf('git', ['--version']) === undefined) {
    throw new Failure('Git is not on PATH; the sample workspace is a Git repository and needs it.');
  }
  layOut(demoFolder);
}

/**
 * Opens the sample workspace: in the person's own VS Code when `code` is on PATH, else in the npm-hosted one, which then
 * runs until Ctrl-C. Throws a Failure where neither is possible.
 */
export async function openDemo() {
  if (onPath('code')) return openInCode();
  const missing = unavailable();
  if (missing) throw new Failure(`${missing} \`npm run demo -- --headless\` shows the same on the command line.`);
  return serve();
}

async function openInCode() {
  const file = join(demoFolder, demoContract);
  const code = await run('code', ['--new-window', `--extensionDevelopmentPath=${root}`, demoFolder, file]);
  if (code !== 0) throw new Failure(`\`code\` ended with ${code}; VS Code's own message is above.`);
  console.log(`VS Code shows ${demoFolder} with Plumbline.`);
}

async function serve() {
  const dataDir = join(root, '.vscode-test/demo');
  mkdirSync(dataDir, { recursive: true });
  const server = await startServer(await install(), { dataDir, extension: root });
  console.log(`
VS Code with Plumbline shows the sample workspace at

  ${server.pageUrl(demoFolder, { openFile: join(demoFolder, demoContract) })}

Open the address in a browser on this machine. Ctrl-C ends it.`);
  await new Promise(() => {});
}
