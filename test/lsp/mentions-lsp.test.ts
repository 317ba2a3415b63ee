import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CodeLens, Hover, InlayHint, Location, Registration } from 'vscode-languageserver/node';
import { layOutOrchard } from '../fixtures/provenance/orchard/lay-out.mjs';
import { able, Editor } from './editor';

/** An editor that can be offered more while it runs. */
const dynamic = {
  ...able,
  workspace: {
    ...able.workspace,
    inlayHint: { refreshSupport: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
  },
  textDocument: {
    ...able.textDocument,
    synchronization: { dynamicRegistration: true },
    hover: { dynamicRegistration: true },
  },
};

const code = [
  'import pandas as pd',
  '# 🛒 "data/harvest.csv"',
  '🍎 = "🛒", pd.read_csv("data/harvest.csv"), "data/harvest.csv"',
  'run = "orcharddirty"',
  'seen = "4bad57b"',
  'plain = "chosen", "ridge"',
  '',
];

describe('lsp/mentions', function () {
  this.timeout(60_000);
  let root: string;
  let project: string;
  let editor: Editor;
  const uriOf = (name: string) => pathToFileURL(join(project, name)).href;
  const at = (line: number, character: number) => ({ line, character });

  before(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'plumbline-mentions-')));
    project = layOutOrchard(root);
  });
  after(() => rmSync(root, { recursive: true, force: true }));
  afterEach(() => editor.stop());

  async function start(options: { trusted: boolean; folder?: string }): Promise<void> {
    editor = new Editor(dynamic);
    await editor.start(
      { trusted: options.trusted, storage: join(root, 'storage') },
      pathToFileURL(options.folder ?? project).href,
    );
    editor.tell('initialized', {});
  }
  const registered = () =>
    editor.hears<{ registrations: Registration[] }>('client/registerCapability', ({ registrations }) =>
      registrations.some(({ method }) => method === 'textDocument/hover'),
    );
  const isRegistered = () =>
    editor.heard.some(({ params }) => /"textDocument\/hover"/.test(JSON.stringify(params) ?? ''));
  const isEngineStarted = () =>
    editor.heard.some(({ params }) => /The engine's process is/.test(JSON.stringify(params) ?? ''));
  const refreshes = () => editor.heard.filter(({ method }) => method === 'workspace/codeLens/refresh').length;
  const ask = <R>(method: string, uri: string, rest: object = {}) =>
    editor.ask<R>(`textDocument/${method}`, { textDocument: { uri }, ...rest });
  const hover = async (uri: string, line: number, character: number) => {
    const found = await ask<Hover | null>('hover', uri, { position: at(line, character) });
    return found && { text: (found.contents as { value: string }).value, range: found.range };
  };

  it('offers code its features once the workspace is known', async () => {
    await start({ trusted: true });
    const { registrations } = await registered();
    const selectors = new Map(registrations.map(({ method, registerOptions }) => [method, registerOptions]));
    for (const method of ['didOpen', 'didChange', 'hover', 'codeLens', 'definition', 'inlayHint'])
      assert.match(JSON.stringify(selectors.get(`textDocument/${method}`)), /"python".*"vscode-notebook-cell"/, method);
    const watched = editor.heard.find(({ params }) => /didChangeWatchedFiles/.test(JSON.stringify(params) ?? ''));
    assert.match(JSON.stringify(watched?.params), /\*\.dvc/);
    assert.equal(isEngineStarted(), true);
  });

  it('tells of data, runs and commits where code names them, and leads to them', async () => {
    for (const end of ['\n', '\r\n']) {
      await start({ trusted: true });
      await registered();
      const uri = uriOf('src/read.py');
      editor.open(uri, code.join(end), 'python');
      const data = await hover(uri, 2, 30);
      assert.deepEqual(data?.range, { start: at(2, 24), end: at(2, 40) });
      assert.match(data?.text ?? '', /Data \*\*data\/harvest\.csv\*\*: DVC, 3\.69 KB/);
      assert.match(data?.text ?? '', /Last commit `[0-9a-f]{7}` by .* on 20\d\d-.*: Harvest of the second season/);
      assert.match(data?.text ?? '', /\*\*dirty-run\*\*, W&B, finished/);
      assert.match((await hover(uri, 3, 10))?.text ?? '', /Run \*\*dirty-run\*\*.*with uncommitted changes/s);
      assert.match(
        (await hover(uri, 4, 10))?.text ?? '',
        /Commit `4bad57b` by .*: Harvest of the second season \(in `season-2`\)/,
      );
      for (const [line, character] of [
        [0, 8],
        [1, 10],
        [5, 11],
        [5, 21],
        [2, 10],
      ] as const)
        assert.equal(await hover(uri, line, character), null, `${line}:${character}`);
      const place = await ask<Location>('definition', uri, { position: at(2, 30) });
      assert.equal(place.uri, uriOf('data/harvest.csv.dvc'));
      const lenses = await ask<CodeLens[]>('codeLens', uri);
      assert.deepEqual(
        lenses.map(({ range, command }) => [range.start.line, command?.title.replace(/[0-9a-f]{7}/, 'COMMIT')]),
        [
          [2, 'Data COMMIT · season-2 · 10 runs'],
          [3, 'Run dirty-run · finished · uncommitted changes'],
        ],
      );
      assert.deepEqual(lenses[0]?.command?.arguments, [{ uri: uriOf('data/harvest.csv') }]);
      const whole = { range: { start: at(0, 0), end: at(7, 0) } };
      assert.deepEqual(await ask<InlayHint[]>('inlayHint', uri, whole), []);
      if (end === '\n') await editor.stop();
    }
  });

  it('takes a cell for a text of its own beside its notebook, on another machine too', async () => {
    await start({ trusted: true });
    await registered();
    const { pathname } = new URL(uriOf('src/look.ipynb'));
    for (const uri of [`vscode-notebook-cell:${pathname}#W0sZmlsZQ==`, `vscode-notebook-cell://host+1${pathname}#W1`]) {
      editor.open(uri, 'pd.read_csv("data/harvest.csv")', 'python');
      assert.match((await hover(uri, 0, 20))?.text ?? '', /data\/harvest\.csv/, uri);
    }
  });

  it('has nothing for a text that names nothing', async () => {
    await start({ trusted: true });
    await registered();
    const uri = uriOf('src/other.py');
    editor.open(uri, 'print("data/none.csv", "hello", "train")\n', 'python');
    assert.equal(await hover(uri, 0, 10), null);
    assert.deepEqual(await ask('codeLens', uri), []);
    assert.equal(await ask('definition', uri, { position: at(0, 10) }), null);
  });

  it('knows stages and parameters, in the files that have them too', async () => {
    await start({ trusted: true });
    await registered();
    for (const name of ['params.yaml', 'dvc.yaml']) editor.open(uriOf(name), readFileSync(join(project, name), 'utf8'));
    assert.match((await hover(uriOf('params.yaml'), 3, 4))?.text ?? '', /train\.ridge.*Now `0\.5`.*Last run: `0\.5`/s);
    assert.match(
      (await hover(uriOf('dvc.yaml'), 10, 4))?.text ?? '',
      /Stage \*\*train\*\*.*Runs `python src\/train\.py`/s,
    );
    const place = await ask<Location>('definition', uriOf('dvc.yaml'), { position: at(18, 12) });
    assert.ok(place === null || place.uri.startsWith('file:'));
  });

  it('reads anew after a file has changed on disk that matters, and only then', async () => {
    await start({ trusted: true });
    await registered();
    const uri = uriOf('src/read.py');
    editor.open(uri, code.join('\n'), 'python');
    const before = refreshes();
    const change = (name: string) =>
      editor.tell('workspace/didChangeWatchedFiles', { changes: [{ uri: uriOf(name), type: 2 }] });
    const original = readFileSync(join(project, 'params.yaml'), 'utf8');
    try {
      writeFileSync(join(project, 'params.yaml'), original.replace('0.5', '0.75'));
      change('data/foreign.csv');
      editor.change(uri, 2, { start: at(0, 0), end: at(0, 0) }, ' ');
      await new Promise((done) => setTimeout(done, 2500));
      assert.equal(refreshes(), before);
      change('params.yaml');
      const end = Date.now() + 30_000;
      while (refreshes() === before && Date.now() < end) await new Promise((done) => setTimeout(done, 50));
      editor.open(uriOf('params.yaml'), readFileSync(join(project, 'params.yaml'), 'utf8'));
      assert.match((await hover(uriOf('params.yaml'), 3, 4))?.text ?? '', /Now `0\.75`, `0\.5` in the last commit/);
    } finally {
      writeFileSync(join(project, 'params.yaml'), original);
    }
  });

  it('does none of it in a workspace that nobody trusts, until somebody does', async () => {
    await start({ trusted: false });
    const uri = uriOf('src/read.py');
    editor.open(uri, code.join('\n'), 'python');
    await new Promise((done) => setTimeout(done, 1500));
    assert.equal(await hover(uri, 2, 30), null);
    assert.equal(isRegistered(), false);
    editor.tell('plumbline/trustGranted', undefined);
    await registered();
    assert.match((await hover(uri, 2, 30))?.text ?? '', /data\/harvest\.csv/);
  });

  it('costs a folder nothing that holds nothing of ours', async () => {
    const folder = mkdtempSync(join(root, 'foreign-'));
    writeFileSync(join(folder, 'a.py'), 'open("a.csv")\n');
    writeFileSync(join(folder, 'a.csv'), 'a\n1\n');
    await start({ trusted: true, folder });
    const uri = pathToFileURL(join(folder, 'a.py')).href;
    editor.open(uri, 'open("a.csv")\n', 'python');
    await new Promise((done) => setTimeout(done, 1500));
    assert.equal(await hover(uri, 0, 8), null);
    assert.equal(isRegistered(), false);
    assert.equal(isEngineStarted(), false);
  });

  it('learns of a workspace that becomes one of ours while it is open', async () => {
    const folder = mkdtempSync(join(root, 'young-'));
    await start({ trusted: true, folder });
    await editor.hears('client/registerCapability');
    writeFileSync(join(folder, 'Dockerfile'), 'FROM python:3.11-slim\n');
    writeFileSync(join(folder, 'dvc.yaml'), 'stages: {}\n');
    const change = { uri: pathToFileURL(join(folder, 'dvc.yaml')).href, type: 1 };
    editor.tell('workspace/didChangeWatchedFiles', { changes: [change] });
    await registered();
    const uri = pathToFileURL(join(folder, 'a.sh')).href;
    editor.open(uri, 'docker run python:3.11-slim\n', 'shellscript');
    assert.match((await hover(uri, 0, 14))?.text ?? '', /\*\*Not pinned\*\*/);
  });
});
