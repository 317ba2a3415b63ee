import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openWorkbench, picturesOfFailures, type Workbench } from '../e2e/workbench';

const vsix = process.env.PLUMBLINE_VSIX ?? '';

/** Everything that may be in the package, and nothing else. */
const allowed = [
  /^(package\.json|package\.nls(\.[\w-]+)?\.json|readme\.md|changelog\.md|LICENSE\.txt|\.vsixmanifest)$/i,
  /^dist\/.+\.(js|css|ttf|wasm)$/,
  /^schemas\/[\w.-]+\.json$/,
  /^client\/media\/.+\.(svg|png|md|json)$/,
  /^l10n\/.+\.json$/,
  /^node_modules\/@duckdb\/node-bindings(-[a-z0-9]+-[a-z0-9]+(-musl)?)?\/[\w.-]+$/,
  /^node_modules\/detect-libc\/.+$/,
];

const needed = [
  ...['extension', 'language-client', 'server', 'worker', 'cli', 'page/main'].map((name) => `dist/${name}.js`),
  'dist/page/page.css',
  'package.json',
  'package.nls.json',
  'LICENSE.txt',
];

describe('The packaged extension', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'plumbline-vsix-'));
  const dataDir = join(scratch, 'vscode');
  const folder = join(scratch, 'flights');
  let workbench: Workbench;

  before(async () => {
    const samples = await import(pathToFileURL(resolve('samples/lay-out.mjs')).href);
    samples.layOut(folder);
    workbench = await openWorkbench({ folder, vsix, dataDir });
  });
  after(async () => {
    await workbench?.close();
    rmSync(scratch, { recursive: true, force: true });
  });
  picturesOfFailures(() => workbench);

  it('holds what it needs and nothing else', () => {
    const files = installedFiles(join(dataDir, 'extensions'));
    assert.deepEqual(
      files.filter((file) => !allowed.some((pattern) => pattern.test(file))),
      [],
      'unexpected files',
    );
    assert.deepEqual(
      needed.filter((file) => !files.includes(file)),
      [],
      'missing files',
    );
    const bindings = files.filter((file) => file.endsWith('/duckdb.node'));
    assert.equal(bindings.length, 1, `one native binding, not ${bindings.join(', ') || 'none'}`);
  });

  it('checks data', async () => {
    await workbench.openFile('contracts/flights.odcs.yaml');
    await workbench.run('Plumbline: Check Data');
    const verdict = workbench.webview().getByText(/\d+ of \d+ checks failed/);
    await verdict.first().waitFor({ timeout: 60_000 });
  });
});

/** Paths inside the one extension that is installed, with forward slashes. */
function installedFiles(extensions: string): string[] {
  const [extension, ...others] = readdirSync(extensions).filter((name) => name.startsWith('plumbline.plumbline-'));
  assert.ok(extension && others.length === 0, 'exactly one version is installed');
  return readdirSync(join(extensions, extension), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(extensions, extension).length + 1))
    .map((path) => path.replaceAll('\\', '/'));
}
