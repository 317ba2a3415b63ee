import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands, env, TabInputTextDiff, Uri, window, workspace } from 'vscode';

const contract = (description: string) => `apiVersion: v3.1.0
kind: DataContract
id: orders
version: 1.0.0
status: active
description:
  purpose: ${description}
schema:
  - name: orders
`;

describe('Provenance of a run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-runs-'));
  const file = join(folder, 'orders.odcs.yaml');
  let first: string;
  let second: string;

  before(async () => {
    const git = (...args: string[]): string =>
      execFileSync('git', ['-C', folder, '-c', 'user.name=A', '-c', 'user.email=a@b.c', ...args], { encoding: 'utf8' });
    const commit = (description: string): string => {
      writeFileSync(file, contract(description));
      git('add', 'orders.odcs.yaml');
      git('commit', '-qm', description);
      return git('rev-parse', 'HEAD').trim();
    };
    git('init', '-q', '-b', 'main');
    first = commit('before');
    second = commit('after');
    writeRun(join(folder, 'mlruns/0'), 'a'.repeat(32), first);
    // The view goes with the editor to a file of ours.
    await window.showTextDocument(await workspace.openTextDocument(Uri.file(file)));
  });
  after(async () => {
    await commands.executeCommand('workbench.action.closeAllEditors');
    rmSync(folder, { recursive: true, force: true });
  });

  const run = { run: 'a'.repeat(32) };

  it('gives the contract as it was at its commit, read-only', async () => {
    await commands.executeCommand('plumbline.showProvenance', Uri.file(folder));
    await commands.executeCommand('plumbline.openContractAsOf', run);
    const editor = window.activeTextEditor;
    assert.equal(editor?.document.uri.scheme, 'plumbline-git');
    assert.match(editor.document.fileName, new RegExp(`orders \\(${first.slice(0, 7)}\\)\\.odcs\\.yaml$`));
    assert.equal(editor.document.languageId, 'yaml');
    assert.equal(editor.document.getText(), contract('before'));
    await commands.executeCommand('type', { text: 'x' });
    assert.equal(editor.document.getText(), contract('before'));
  });

  it('gives the commands that make it again', async () => {
    await env.clipboard.writeText('');
    await commands.executeCommand('plumbline.copyRecipe', run);
    assert.match(await env.clipboard.readText(), new RegExp(`^git worktree add --detach \\S+ ${first}$`, 'm'));
  });

  it('shows what differs between two commits in a diff editor', async () => {
    await commands.executeCommand('plumbline.compareCode', { before: first, after: second });
    const input = window.tabGroups.activeTabGroup.activeTab?.input;
    assert.ok(input instanceof TabInputTextDiff, 'no diff editor');
    const texts = await Promise.all(
      [input.original, input.modified].map(async (uri) => (await workspace.openTextDocument(uri)).getText()),
    );
    assert.deepEqual(texts, [contract('before'), contract('after')]);
  });

  it('begins a manifest that is not saved yet', async () => {
    await commands.executeCommand('plumbline.newManifest', run);
    const document = window.activeTextEditor?.document;
    assert.equal(document?.uri.scheme, 'untitled');
    assert.equal(document.uri.fsPath, join(folder, 'first-try.experiment.yaml'));
    assert.match(document.getText(), new RegExp(`commit: "?${first}`));
    assert.match(document.getText(), /tracker: mlflow/);
    await commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('is saved in the shapes of other systems, where the person says', async () => {
    const asked = window.showSaveDialog;
    const proposed: (string | undefined)[] = [];
    const save = async (args: object): Promise<string> => {
      const target = Uri.file(join(folder, 'saved.json'));
      rmSync(target.fsPath, { force: true });
      // There is no dialog for a test to answer.
      window.showSaveDialog = async (options) => {
        proposed.push(options?.defaultUri?.fsPath);
        return target;
      };
      try {
        await commands.executeCommand('plumbline.exportProvenance', args);
      } finally {
        window.showSaveDialog = asked;
      }
      return readFileSync(target.fsPath, 'utf8');
    };
    const events = (await save({ ...run, format: 'openlineage' })).trimEnd().split('\n');
    assert.deepEqual(
      events.map((line) => JSON.parse(line).eventType),
      ['START', 'COMPLETE'],
    );
    const { activity } = JSON.parse(await save({ ...run, format: 'prov' }));
    assert.equal(Object.keys(activity).length, 1);
    const crate = JSON.parse(await save({ uri: Uri.file(folder).toString(), format: 'ro-crate' }));
    assert.equal(crate['@graph'][0].conformsTo['@id'], 'https://w3id.org/ro/crate/1.1');
    assert.deepEqual(
      proposed,
      ['first-try.openlineage.jsonl', 'first-try.prov.json', 'ro-crate-metadata.json'].map((name) =>
        join(folder, name),
      ),
    );
  });

  it('is told as not there any more when it is gone', async () => {
    const uri = Uri.file(join(folder, 'none.yaml')).with({
      scheme: 'plumbline-git',
      query: JSON.stringify({ path: join(folder, 'none.yaml'), revision: first }),
    });
    await assert.rejects(Promise.resolve(workspace.openTextDocument(uri)), /was not there at/);
  });
});

/** A run as MLflow's file store keeps it. */
function writeRun(experiment: string, id: string, commit: string): void {
  const write = (path: string, text: string) => {
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text);
  };
  write(
    join(experiment, 'meta.yaml'),
    'artifact_location: mlruns/0\nexperiment_id: "0"\nlifecycle_stage: active\nname: Default\n',
  );
  const meta = `artifact_uri: mlruns/0/${id}/artifacts\nend_time: 1700000001000\nexperiment_id: '0'\nlifecycle_stage: active\nrun_id: ${id}\nrun_name: first try\nstart_time: 1700000000000\nstatus: 3\nuser_id: a\n`;
  write(join(experiment, id, 'meta.yaml'), meta);
  write(join(experiment, id, 'tags/mlflow.source.git.commit'), commit);
  write(join(experiment, id, 'params/depth'), '4');
}
