import assert from 'node:assert/strict';
import { realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  type CodeLens,
  commands,
  extensions,
  type Hover,
  type Location,
  languages,
  MarkdownString,
  Position,
  type TextDocument,
  Uri,
  window,
  workspace,
} from 'vscode';
import { layOutOrchard } from '../fixtures/provenance/orchard/lay-out.mjs';

const code = 'import pandas as pd\ndata = pd.read_csv("data/harvest.csv")\nplain = "data/none.csv"\n';

/** Code in a workspace that becomes one with runs and data while it is open. */
describe('Code that names data', () => {
  const folder = realpathSync(workspace.workspaceFolders?.[0]?.uri.fsPath ?? '');
  let project: string;

  before(async () => {
    project = layOutOrchard(folder, { from: resolve(__dirname, '../test/fixtures/provenance/orchard') });
    writeFileSync(join(project, 'src', 'read.py'), code);
    // Started by a contract or a tracker's files; these have come after the workspace was opened.
    await extensions.getExtension('plumbline.plumbline')?.activate();
  });
  after(() => {
    for (const name of ['orchard', 'orchard-store']) rmSync(join(folder, name), { recursive: true, force: true });
  });

  async function open(): Promise<TextDocument> {
    const document = await workspace.openTextDocument(Uri.file(join(project, 'src', 'read.py')));
    await window.showTextDocument(document);
    // A VS Code without its own extensions knows no Python by the name of a file.
    return document.languageId === 'python' ? document : languages.setTextDocumentLanguage(document, 'python');
  }

  it('is explained on hover, has a lens, and leads to the record', async () => {
    const { uri } = await open();
    const on = new Position(1, 22);
    const text = await until(async () => hoverText(uri, on), /Data \*\*orchard\/data\/harvest\.csv\*\*: DVC/);
    assert.match(text, /dirty-run/);
    const lenses = await commands.executeCommand<CodeLens[]>('vscode.executeCodeLensProvider', uri, 10);
    assert.deepEqual(
      lenses.map(({ range, command }) => [
        range.start.line,
        command?.title.replace(/[0-9a-f]{7}/, 'COMMIT').replace(/\d+ runs/, 'N runs'),
      ]),
      [[1, 'Data COMMIT · season-2 · N runs']],
    );
    const [place] = await commands.executeCommand<Location[]>('vscode.executeDefinitionProvider', uri, on);
    assert.equal(place?.uri.fsPath, join(project, 'data', 'harvest.csv.dvc'));
    assert.doesNotMatch(await hoverText(uri, new Position(2, 14)), /Data \*\*/);
  });

  it('is explained in the cells of a notebook too', async () => {
    const file = join(project, 'src', 'look.ipynb');
    const cell = { cell_type: 'code', metadata: {}, outputs: [], execution_count: null, source: code };
    const metadata = { language_info: { name: 'python' } };
    writeFileSync(file, JSON.stringify({ cells: [cell], metadata, nbformat: 4, nbformat_minor: 5 }));
    const notebook = await workspace.openNotebookDocument(Uri.file(file));
    await window.showNotebookDocument(notebook);
    const { document } = notebook.cellAt(0);
    if (document.languageId !== 'python') await languages.setTextDocumentLanguage(document, 'python');
    await until(
      async () => hoverText(document.uri, new Position(1, 22)),
      /Data \*\*orchard\/data\/harvest\.csv\*\*: DVC/,
    );
  });
});

async function hoverText(uri: Uri, position: Position): Promise<string> {
  const hovers = await commands.executeCommand<Hover[]>('vscode.executeHoverProvider', uri, position);
  return hovers
    .flatMap(({ contents }) => contents)
    .map((part) => (part instanceof MarkdownString ? part.value : String(part)))
    .join('\n');
}

async function until(answer: () => Promise<string>, expected: RegExp): Promise<string> {
  const end = Date.now() + 45_000;
  for (;;) {
    const text = await answer();
    if (expected.test(text) || Date.now() > end) {
      assert.match(text, expected);
      return text;
    }
    await new Promise((done) => setTimeout(done, 300));
  }
}
