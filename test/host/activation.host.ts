import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands, extensions, Uri, window, workspace } from 'vscode';

const contract = `apiVersion: v3.1.0
kind: DataContract
id: orders
version: 1.0.0
status: active
schema:
  - name: orders
`;

describe('Activation', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-activation-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('leaves a YAML file alone that is not ours', async () => {
    await show('pipeline.yaml', 'steps:\n  - run: make\n');
    await rest(1_000);
    assert.equal(isLanguageClientLoaded(), false);
  });

  it('starts on a contract', async () => {
    await show('orders.odcs.yaml', contract);
    assert.ok(await soon(isLanguageClientLoaded), 'the language client is not loaded');
    assert.equal(plumbline().isActive, true);
  });

  it('registers every command of the manifest', async () => {
    const declared = plumbline().packageJSON.contributes.commands.map(({ command }: { command: string }) => command);
    const registered = new Set(await commands.getCommands(true));
    assert.notEqual(declared.length, 0);
    assert.deepEqual(
      declared.filter((command: string) => !registered.has(command)),
      [],
    );
  });

  async function show(name: string, text: string): Promise<void> {
    const file = join(folder, name);
    writeFileSync(file, text);
    await window.showTextDocument(await workspace.openTextDocument(Uri.file(file)));
  }
});

function plumbline() {
  const extension = extensions.getExtension('plumbline.plumbline');
  assert.ok(extension, 'the extension is not installed');
  return extension;
}

/** The extension shares this process, and its small entry loads the language client only for a file of ours. */
function isLanguageClientLoaded(): boolean {
  return Object.keys(createRequire(__filename).cache).some((file) => /dist[\\/]language-client\.js$/.test(file));
}

const rest = (ms: number) => new Promise((done) => setTimeout(done, ms));

async function soon(holds: () => boolean): Promise<boolean> {
  const end = Date.now() + 15_000;
  while (!holds() && Date.now() < end) await rest(100);
  return holds();
}
