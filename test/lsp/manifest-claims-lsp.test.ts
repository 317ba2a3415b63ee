import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CodeAction, CodeLens, Hover } from 'vscode-languageserver/node';
import { type Scratch, scratch } from '../world/repository';
import { able, Editor } from './editor';

const manifest = `apiVersion: plumbline.dev/v1
kind: Experiment
name: yield
owners: [{name: Orchard team, contact: orchard@example.org, role: owner}]
code: {commit: 4bad57b833c6f5ca13c6f72dfa66f48b05a75d87}
data:
  - {name: harvest, ref: data/harvest.csv, version: "md5:3426b77c6b9dd26c96500efe717168db"}
runs:
  - {tracker: mlflow, id: 4343380df69d41768acc415230c5e00b}
parameters:
  ridge: 5
`;

describe('lsp: the claims of a manifest', function () {
  this.timeout(60_000);
  let place: Scratch;
  let home: string;
  let editor: Editor;
  const uri = () => pathToFileURL(join(home, 'yield.experiment.yaml')).href;
  const told = async () => (await editor.diagnostics(uri())).filter(({ code }) => String(code).startsWith('manifest/'));

  before(async () => {
    const script = resolve('test/fixtures/provenance/orchard/lay-out.mjs');
    const { layOutOrchard } = await import(pathToFileURL(script).href);
    place = scratch();
    home = layOutOrchard(place.path);
    writeFileSync(join(home, 'yield.experiment.yaml'), manifest);
  });
  after(() => place.remove());
  beforeEach(() => {
    editor = new Editor(able);
  });
  afterEach(() => editor.stop());

  const refreshes = () => editor.heard.filter(({ method }) => method === 'workspace/diagnostic/refresh').length;

  /** Until diagnostics are as they should be, however long that takes until the test's own limit. */
  async function until(fits: (codes: readonly unknown[]) => boolean): Promise<void> {
    while (!fits((await told()).map(({ code }) => code))) await new Promise((done) => setTimeout(done, 100));
  }

  it('are judged when it is opened, and again when a file changes that they are about', async () => {
    await editor.start({ trusted: true, storage: place.path });
    editor.open(uri(), manifest);
    await editor.hears('workspace/diagnostic/refresh');
    await until((codes) => codes.includes('manifest/parameter-false'));
    const [wrong] = (await told()).filter(({ code }) => code === 'manifest/parameter-false');
    assert.match(String(wrong?.message), /^ridge is "0\.5" in run 4343380df69d41768acc415230c5e00b, not 5/);
    assert.equal(wrong?.range.start.line, 10);
    assert.ok(!(await told()).some(({ code }) => code === 'manifest/data-version-false'));

    const data = join(home, 'data/harvest.csv');
    writeFileSync(data, `${readFileSync(data, 'utf8')}\n`);
    editor.tell('workspace/didChangeWatchedFiles', { changes: [{ uri: pathToFileURL(data).href, type: 2 }] });
    await until((codes) => codes.includes('manifest/data-version-false'));
  });

  it('are a lens, a hover and a fix, and no more when they are edited', async () => {
    await editor.start({ trusted: true, storage: place.path });
    editor.open(uri(), manifest);
    await until((codes) => codes.includes('manifest/parameter-false'));
    const textDocument = { uri: uri() };
    const lenses = await editor.ask<CodeLens[]>('textDocument/codeLens', { textDocument });
    const lens = lenses.find(({ command }) => command?.title.startsWith('Reproducibility: '));
    assert.equal(lens?.command?.command, 'plumbline.showProvenance');
    assert.deepEqual(lens?.command?.arguments, [{ uri: uri() }]);
    const at = { line: 10, character: 9 };
    const hover = await editor.ask<Hover>('textDocument/hover', { textDocument, position: at });
    assert.match(JSON.stringify(hover.contents), /\*\*False\*\*: ridge is/);
    const range = { start: at, end: { line: 10, character: 10 } };
    const asked = { textDocument, range, context: { diagnostics: [], only: ['quickfix'] } };
    const [fix] = await editor.ask<CodeAction[]>('textDocument/codeAction', asked);
    assert.deepEqual(fix?.edit?.changes?.[uri()], [
      { range: { ...range, start: { line: 10, character: 9 } }, newText: '0.5' },
    ]);

    const before = refreshes();
    editor.change(uri(), 2, range, '0.25');
    assert.ok(!(await told()).some(({ code }) => code === 'manifest/parameter-false'));
    await new Promise((done) => setTimeout(done, 1500));
    assert.equal(refreshes(), before, 'Typing has nothing judged.');
  });

  it('are not judged in a folder that is not trusted, and at once when it is', async () => {
    await editor.start({ trusted: false, storage: place.path });
    editor.open(uri(), manifest);
    await new Promise((done) => setTimeout(done, 1500));
    assert.deepEqual(await told(), []);
    editor.tell('plumbline/trustGranted', undefined);
    await until((codes) => codes.includes('manifest/parameter-false'));
  });
});
