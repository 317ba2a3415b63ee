import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import {
  CancellationTokenSource,
  type CodeAction,
  type CodeLens,
  type Diagnostic,
  type DocumentSymbol,
  type Hover,
} from 'vscode-languageserver/node';
import type { StoredResult, TableInfo } from '../../server/src/protocol';
import { repository, type Scratch } from '../world/repository';
import { able, Editor } from './editor';

const contract = `apiVersion: v3.1.0
kind: DataContract
id: x
name: shop
version: 1.0.0
status: active
servers:
  - {server: local, type: local, path: orders.csv, format: csv}
schema:
  - name: orders
    properties:
      - name: id
        logicalType: integer
        required: true
      - name: amount
        logicalType: number
        quality:
          - id: amount_there
            metric: nullValues
            mustBe: 0
`;
const at = (line: number, character: number) => ({ line, character });
const codes = (diagnostics: readonly Diagnostic[]) => diagnostics.map(({ code }) => code);

describe('lsp', function () {
  this.timeout(30_000);
  let folder: Scratch;
  let editor: Editor;
  const uriOf = (name: string) => pathToFileURL(folder.at(name)).href;

  before(() => {
    folder = repository();
    folder.write('shop.odcs.yaml', contract);
    folder.write('orders.csv', 'id,amount\n1,10\n2,\n3,30\n');
    folder.write('storage/.gitkeep', '');
    folder.commit('Add orders');
  });
  after(() => folder.remove());
  beforeEach(() => {
    editor = new Editor(able);
  });
  afterEach(() => editor.stop());
  const start = (trusted = true) => editor.start({ trusted, storage: folder.at('storage') });

  it('says what it can do', async () => {
    const { capabilities } = await start();
    assert.equal(capabilities.hoverProvider, true);
    assert.equal(capabilities.documentSymbolProvider, true);
    assert.ok(capabilities.diagnosticProvider && capabilities.completionProvider && capabilities.codeLensProvider);
  });

  it('follows edits, and offers the fix of what is wrong', async () => {
    await start();
    const uri = uriOf('edited.odcs.yaml');
    editor.open(uri, contract);
    assert.deepEqual(await editor.diagnostics(uri), []);
    editor.change(uri, 2, { start: at(12, 8), end: at(12, 19) }, 'logicalTyp');
    const [diagnostic, ...others] = await editor.diagnostics(uri);
    assert.deepEqual(others, []);
    assert.equal(diagnostic?.code, 'schema/unknown-key');
    assert.equal(diagnostic?.source, 'Plumbline');
    assert.match(diagnostic?.codeDescription?.href ?? '', /^https:.*#schema-unknown-key$/);
    assert.deepEqual(diagnostic?.range, { start: at(12, 8), end: at(12, 18) });
    const [action] = await editor.ask<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: diagnostic?.range,
      context: { diagnostics: [] },
    });
    assert.equal(action?.isPreferred, true);
    const [edit] = action?.edit?.changes?.[uri] ?? [];
    assert.deepEqual(edit, { range: diagnostic?.range, newText: 'logicalType' });
    editor.change(uri, 3, diagnostic?.range ?? { start: at(0, 0), end: at(0, 0) }, edit?.newText ?? '');
    assert.deepEqual(await editor.diagnostics(uri), []);
  });

  it('counts in UTF-16 and knows Windows line ends', async () => {
    await start();
    const uri = uriOf('windows.odcs.yaml');
    editor.open(uri, contract.replace('name: shop', 'name: "🛒🛒" # 🛒\ndomian: x').replaceAll('\n', '\r\n'));
    const [diagnostic] = await editor.diagnostics(uri);
    assert.deepEqual(diagnostic?.range, { start: at(4, 0), end: at(4, 6) });
    editor.change(uri, 2, { start: at(3, 7), end: at(3, 9) }, '');
    editor.change(uri, 3, { start: at(4, 0), end: at(4, 6) }, 'domain');
    assert.deepEqual(await editor.diagnostics(uri), []);
  });

  it('completes, explains, outlines and puts lenses over tables', async () => {
    await start();
    const uri = uriOf('shop.odcs.yaml');
    editor.open(uri, contract);
    const items = await editor.completion(uri, 12, 21);
    assert.ok(items.some(({ label }) => label === 'integer'));
    const textDocument = { uri };
    const hover = await editor.ask<Hover>('textDocument/hover', { textDocument, position: at(3, 1) });
    assert.match(
      JSON.stringify(hover.contents),
      /Contract name.*Last commit .* by A\. Author on 2026-01-02: Add orders/,
    );
    const lenses = await editor.ask<CodeLens[]>('textDocument/codeLens', { textDocument });
    assert.deepEqual(
      lenses.map(({ command }) => command?.title.replaceAll(/[0-9a-f]{7}/g, 'COMMIT')),
      ['Check data', 'Compare with…', 'Provenance: COMMIT, data COMMIT'],
    );
    assert.deepEqual(lenses[0]?.command?.arguments, [{ uri, table: 'orders' }]);
    const symbols = await editor.ask<DocumentSymbol[]>('textDocument/documentSymbol', { textDocument });
    assert.deepEqual(
      symbols.map(({ name }) => name),
      ['local', 'orders'],
    );
  });

  it('leaves files alone that are not ours', async () => {
    await start();
    const uri = uriOf('pod.yaml');
    editor.open(uri, 'apiVersion: v1\nkind: Pod\napiVersion: v2\n');
    assert.deepEqual(await editor.diagnostics(uri), []);
    assert.deepEqual(await editor.completion(uri, 2, 0), []);
  });

  it('runs a check with progress, keeps the result, and marks the lines that failed until they change', async () => {
    await start();
    const uri = uriOf('shop.odcs.yaml');
    editor.open(uri, contract);
    const tables = await editor.ask<TableInfo[]>('plumbline/tables', { uri });
    assert.deepEqual(
      tables.map(({ table, path }) => [table, path]),
      [['orders', folder.at('orders.csv')]],
    );
    const result = await editor.ask<StoredResult>('plumbline/check', { uri, workDoneToken: 'run-1' });
    assert.equal(result.kind, 'check');
    assert.deepEqual(codesOf(result), ['check/nullValues']);
    await editor.hears<{ token: string; value: { kind: string } }>(
      '$/progress',
      ({ token, value }) => token === 'run-1' && value.kind === 'end',
    );
    const [id] = [await editor.hears<string>('plumbline/resultStored')].flat();
    assert.equal(id, result.id);
    assert.deepEqual(await editor.ask('plumbline/result', { id }), result);
    assert.deepEqual(await editor.ask('plumbline/latest', { uri }), result);
    const [failed] = await editor.diagnostics(uri);
    assert.equal(failed?.code, 'check/nullValues');
    assert.equal(failed?.range.start.line, 18);
    const lenses = await editor.ask<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } });
    assert.match(lenses.at(-1)?.command?.title ?? '', /^1 of \d+ checks failed$/);
    editor.change(uri, 2, { start: at(0, 0), end: at(0, 0) }, '# A line above moves nothing.\n');
    assert.equal((await editor.diagnostics(uri))[0]?.range.start.line, 19);
  });

  it('finds results of an earlier session again', async () => {
    await start();
    const latest = await editor.ask<StoredResult>('plumbline/latest', {});
    assert.equal(latest.contract, folder.at('shop.odcs.yaml'));
    assert.equal(await editor.ask('plumbline/result', { id: '99-nothing' }), null);
  });

  it('stops a run that is cancelled', async () => {
    await start();
    const cancel = new CancellationTokenSource();
    const running = editor.ask('plumbline/check', { uri: uriOf('shop.odcs.yaml') }, cancel.token);
    cancel.cancel();
    await assert.rejects(running, /Cancelled/);
  });

  it('answers a sentence to what cannot be done, and lives on', async () => {
    await start();
    const broken = folder.write('broken.odcs.yaml', 'schema: [');
    const foreign = folder.write('foreign.yaml', 'a: 1\n');
    const lost = folder.write('lost.odcs.yaml', contract.replace('orders.csv', 'nowhere.csv'));
    const sentence = /^\S[^\n]*[.]$/;
    for (const path of [broken, foreign, folder.at('missing.odcs.yaml')]) {
      const running = editor.ask('plumbline/check', { uri: pathToFileURL(path).href });
      await assert.rejects(running, ({ message }: Error) => sentence.test(message) || assert.fail(message));
    }
    await editor.ask('plumbline/check', { uri: pathToFileURL(lost).href }).then(
      (result) => assert.match(JSON.stringify(result), /nowhere\.csv/),
      ({ message }: Error) => assert.match(message, sentence),
    );
    await assert.rejects(editor.ask('plumbline/unheardOf', {}), /Unhandled method/);
    await assert.rejects(editor.ask('plumbline/check', null), /log says more|Plumbline/);
    assert.equal(await editor.ask('textDocument/hover', { textDocument: {}, position: at(0, 0) }), null);
    const uri = uriOf('shop.odcs.yaml');
    editor.open(uri, contract);
    await assert.rejects(editor.ask('textDocument/hover', { textDocument: { uri } }), /its log says more/);
    assert.equal(await editor.ask('textDocument/hover', { textDocument: { uri }, position: at(9999, 9999) }), null);
    assert.deepEqual(codes(await editor.diagnostics(uri)), []);
    assert.equal(editor.exitCode, null);
  });

  it('runs nothing in Restricted Mode until the workspace is trusted', async () => {
    await start(false);
    const uri = uriOf('shop.odcs.yaml');
    editor.open(uri, contract);
    await assert.rejects(editor.ask('plumbline/check', { uri }), /Trust this workspace first\.$/);
    const lenses = await editor.ask<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } });
    assert.deepEqual(lenses, []);
    editor.tell('plumbline/trustGranted', undefined);
    const result = await editor.ask<StoredResult>('plumbline/check', { uri });
    assert.equal(result.kind, 'check');
  });

  it('sends diagnostics to an editor that does not ask', async () => {
    await editor.stop();
    editor = new Editor({ textDocument: { publishDiagnostics: {} } });
    const { capabilities } = await start();
    assert.equal(capabilities.diagnosticProvider, undefined);
    const uri = uriOf('pushed.odcs.yaml');
    editor.open(uri, contract.replace('status: active', 'statis: active'));
    const pushed = (version: number) =>
      editor.hears<{ uri: string; version: number; diagnostics: Diagnostic[] }>(
        'textDocument/publishDiagnostics',
        (params) => params.uri === uri && params.version === version,
      );
    assert.deepEqual(codes((await pushed(1)).diagnostics), ['schema/unknown-key']);
    editor.change(uri, 2, { start: at(5, 4), end: at(5, 5) }, 'u');
    assert.deepEqual((await pushed(2)).diagnostics, []);
  });
});

const codesOf = (result: StoredResult): readonly string[] =>
  result.kind === 'check'
    ? result.report.checks.filter(({ status }) => status === 'failed').map(({ kind }) => `check/${kind}`)
    : [];
