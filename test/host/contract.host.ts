import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CodeLens,
  type CompletionList,
  commands,
  type Hover,
  languages,
  MarkdownString,
  Position,
  Range,
  Uri,
  window,
  workspace,
} from 'vscode';

const contract = `apiVersion: v3.1.0
kind: DataContract
id: orders
version: 1.0.0
status: active
schema:
  - name: orders
    properties:
      - name: id
        logicalType: integer
        required: true
      - name: amount
        logicalType: number
        logicalTypeOptions:
          minimum: 0
`;

/** What VS Code asks of a language, answered for a contract in a repository. */
describe('A contract in the editor', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'plumbline-contract-')));
  const uri = Uri.file(join(folder, 'orders.odcs.yaml'));
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=A. Author', '-c', 'user.email=author@example.org', ...args], { cwd: folder });

  before(async () => {
    mkdirSync(join(folder, 'data'));
    writeFileSync(uri.fsPath, contract);
    writeFileSync(join(folder, 'data/orders.csv'), 'id,amount\n1,5\n,-2\n3,-1\n');
    git('init', '--quiet', '--initial-branch=main');
    git('add', '--all');
    git('commit', '--quiet', '--message', 'Add orders');
    git('tag', 'v1.0.0');
    await window.showTextDocument(await workspace.openTextDocument(uri));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  afterEach(() => workspace.getConfiguration('plumbline').update('codeLens.enable', undefined, true));

  const problems = () =>
    languages.getDiagnostics(uri).map(({ code }) => (typeof code === 'object' ? code.value : code));
  const lenses = async () =>
    ((await commands.executeCommand<CodeLens[]>('vscode.executeCodeLensProvider', uri, 100)) ?? []).map(
      ({ command }) => command?.title ?? '',
    );

  it('has its mistakes marked as they are typed, and unmarked', async () => {
    const editor = await window.showTextDocument(uri);
    await editor.edit((edit) => edit.insert(new Position(10, 16), 'x'));
    await until(() => problems().length > 0, 'no diagnostics');
    assert.deepEqual(
      languages.getDiagnostics(uri).map(({ source, range }) => [source, range.start.line]),
      [['Plumbline', 10]],
    );
    await commands.executeCommand('undo');
    await until(() => problems().length === 0, 'diagnostics stay');
  });

  it('says its version on hover over its first keys', async () => {
    await until(async () => /Last commit/.test(await hoverAt(2, 1)), 'no version');
    const text = await hoverAt(2, 1);
    for (const part of ['A. Author', 'Add orders', 'v1.0.0', 'main', String(new Date().getUTCFullYear())]) {
      assert.ok(text.includes(part), `${part} is not in: ${text}`);
    }
  });

  it('says that it was edited since', async () => {
    const editor = await window.showTextDocument(uri);
    await editor.edit((edit) => edit.insert(new Position(15, 0), '# edited\n'));
    await editor.document.save();
    await until(async () => /changed since/.test(await hoverAt(2, 1)), 'the edit is not told');
    await editor.edit((edit) => edit.delete(new Range(15, 0, 16, 0)));
    await editor.document.save();
  });

  it('means something to whoever hovers over a key', async () => {
    assert.match(await hoverAt(10, 10), /required/i);
  });

  it('completes keys', async () => {
    const list = await commands.executeCommand<CompletionList>(
      'vscode.executeCompletionItemProvider',
      uri,
      new Position(10, 8),
    );
    const labels = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    assert.ok(labels.includes('unique'), labels.join(', '));
  });

  it('has what can be done with a table above it, unless the settings hide that', async () => {
    await until(async () => (await lenses()).length > 0, 'no lenses');
    assert.deepEqual(
      (await lenses()).map((title) => title.replace(/:.*/, '')),
      ['Check data', 'Compare with…', 'Provenance'],
    );
    await workspace.getConfiguration('plumbline').update('codeLens.enable', false, true);
    await until(async () => (await lenses()).length === 0, 'the lenses stay');
  });

  it('is checked by the command, and what does not hold is marked where it is stated', async () => {
    await window.showTextDocument(uri);
    await commands.executeCommand('plumbline.checkData');
    await until(() => problems().some((code) => String(code).startsWith('check/')), 'no diagnostics of checks');
    assert.deepEqual(
      languages
        .getDiagnostics(uri)
        .map(({ code, range }) => [typeof code === 'object' ? code.value : code, range.start.line]),
      [
        ['check/required', 10],
        ['check/minimum', 14],
      ],
    );
  });

  it('is written in another format by the command, unsaved', async () => {
    void commands.executeCommand('plumbline.convertContract', uri, 'great-expectations');
    await until(() => draft()?.uri.path.endsWith('/orders.json') === true, 'no suite is opened');
    const { expectations } = JSON.parse(draft()?.getText() ?? '{}');
    assert.ok(expectations.some(({ type }: { type: string }) => type === 'expect_column_values_to_not_be_null'));
    await commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('tells what another format has no words for, and goes to where it stands', async () => {
    const said = Uri.file(join(folder, 'promised.odcs.yaml'));
    writeFileSync(said.fsPath, `${contract}slaProperties:\n  - {property: latency, value: 4, unit: d}\n`);
    const [warn, pick] = [window.showWarningMessage, window.showQuickPick];
    let warned = '';
    let labels: readonly string[] = [];
    // There is nobody to answer.
    Object.assign(window, {
      showWarningMessage: async (message: string, show: string) => {
        warned = message;
        return show;
      },
      showQuickPick: async (picks: readonly { readonly label: string }[]) => {
        labels = picks.map(({ label }) => label);
        return picks.at(-1);
      },
    });
    try {
      await commands.executeCommand('plumbline.convertContract', said, 'great-expectations');
      await until(() => window.activeTextEditor?.document.uri.fsPath === said.fsPath, 'the contract is not shown');
      assert.match(warned, /^(One thing|\d+ things) of the contract ha(s|ve) no words in this format\.$/);
      assert.match(labels.at(-1) ?? '', /^The service level is left out/);
      assert.equal(window.activeTextEditor?.selection.start.line, 16);
    } finally {
      Object.assign(window, { showWarningMessage: warn, showQuickPick: pick });
    }
    await commands.executeCommand('workbench.action.closeActiveEditor');
    await commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('is begun from data by the command, under a name that no file has', async () => {
    await commands.executeCommand('plumbline.newContract', Uri.file(join(folder, 'data/orders.csv')));
    assert.ok(draft()?.uri.path.endsWith('/data/orders.odcs.yaml'), draft()?.uri.path);
    assert.match(draft()?.getText() ?? '', /- name: amount\n +logicalType: integer\n/);
    await commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  /** The draft in the active editor. */
  function draft() {
    const document = window.activeTextEditor?.document;
    return document?.isUntitled ? document : undefined;
  }

  async function hoverAt(line: number, character: number): Promise<string> {
    const hovers = await commands.executeCommand<Hover[]>(
      'vscode.executeHoverProvider',
      uri,
      new Position(line, character),
    );
    return hovers
      .flatMap(({ contents }) => contents)
      .map((content) => (content instanceof MarkdownString ? content.value : String(content)))
      .join('\n');
  }
});

async function until(holds: () => boolean | Promise<boolean>, otherwise: string): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > end) assert.fail(otherwise);
    await new Promise((done) => setTimeout(done, 100));
  }
}
