import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  commands,
  Disposable,
  EventEmitter,
  type ExtensionContext,
  extensions,
  FileSystemError,
  type LogOutputChannel,
  TabInputWebview,
  Uri,
  ViewColumn,
  type WebviewPanel,
  window,
  workspace,
} from 'vscode';
import { ResultsPanel } from '../../client/src/results/panel';
import type { Server } from '../../client/src/server';

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
`;

describe('Results as files', () => {
  const folder = realpathSync(mkdtempSync(join(workspace.workspaceFolders?.[0]?.uri.fsPath ?? tmpdir(), 'export-')));
  const uri = Uri.file(join(folder, 'orders.odcs.yaml'));
  before(async () => {
    writeFileSync(uri.fsPath, contract);
    writeFileSync(join(folder, 'orders.csv'), 'id\n1\n\n3\n');
    await commands.executeCommand('plumbline.checkData', uri);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** What was proposed and what was saved. */
  const exported = async (wish: object): Promise<{ readonly proposed: string | undefined; readonly text: string }> => {
    const target = Uri.file(join(folder, 'saved'));
    const asked = window.showSaveDialog;
    let proposed: string | undefined;
    // There is no dialog for a test to answer.
    window.showSaveDialog = async (options) => {
      proposed = options?.defaultUri?.path.split('/').at(-1);
      return target;
    };
    try {
      await commands.executeCommand('plumbline.exportResult', wish);
    } finally {
      window.showSaveDialog = asked;
    }
    return { proposed, text: readFileSync(target.fsPath, 'utf8') };
  };

  it('are saved in every shape, each under its name', async () => {
    const shapes: readonly (readonly [string, string, RegExp])[] = [
      ['json', 'orders-check.json', /^\{\n {2}"schemaVersion"/],
      ['csv', 'orders-check.csv', /^id,name,table/],
      ['html', 'orders-check.html', /^<!DOCTYPE html>/],
      ['markdown', 'orders-check.md', /1 failed/],
      ['junit', 'orders-check.junit.xml', /<testsuites [^>]*failures="1"/],
      ['sarif', 'orders-check.sarif', /"version": ?"2\.1\.0"/],
    ];
    for (const [format, name, start] of shapes) {
      const { proposed, text } = await exported({ format });
      assert.equal(proposed, name);
      assert.match(text, start, format);
    }
  });

  it('that cannot be saved are told of in a sentence', async () => {
    const denied = () => {
      throw FileSystemError.NoPermissions();
    };
    const provider = workspace.registerFileSystemProvider('denied', {
      onDidChangeFile: new EventEmitter<never>().event,
      watch: () => new Disposable(() => undefined),
      stat: () => {
        throw FileSystemError.FileNotFound();
      },
      readDirectory: () => [],
      readFile: denied,
      createDirectory: () => undefined,
      writeFile: denied,
      delete: denied,
      rename: denied,
    });
    const [save, tell] = [window.showSaveDialog, window.showErrorMessage];
    const told: string[] = [];
    window.showErrorMessage = async (message: string) => {
      told.push(message);
      return undefined;
    };
    try {
      for (const target of [Uri.parse('denied:/out/orders.json'), Uri.file(folder)]) {
        window.showSaveDialog = async () => target;
        await Promise.resolve(commands.executeCommand('plumbline.exportResult', { format: 'json' })).catch(
          () => undefined,
        );
      }
    } finally {
      window.showSaveDialog = save;
      window.showErrorMessage = tell;
      provider.dispose();
    }
    assert.equal(told.length, 2, told.join(' | '));
    assert.match(told[0] ?? '', /^\S*orders\.json may not be written by you\. Save it in another folder\.$/);
    assert.match(told[1] ?? '', /is a folder\. Save it under another name\.$/);
  });

  it('whose pictures cannot be saved are told of in the same sentence', async () => {
    const heard = new EventEmitter<unknown>();
    const extension = extensions.all.find(({ packageJSON }) => packageJSON.name === 'plumbline');
    assert.ok(extension, 'the extension is not there');
    const panel = {
      webview: {
        onDidReceiveMessage: heard.event,
        cspSource: '',
        asWebviewUri: (at: Uri) => at,
        postMessage: () => true,
      },
      onDidDispose: () => new Disposable(() => undefined),
      dispose: () => undefined,
    };
    const results = new ResultsPanel(
      { extensionUri: extension.extensionUri } as ExtensionContext,
      {} as Server,
      { error: () => undefined } as unknown as LogOutputChannel,
    );
    results.restore(panel as unknown as WebviewPanel, async () => undefined);
    const [save, tell] = [window.showSaveDialog, window.showErrorMessage];
    try {
      const told = new Promise<string>((resolve) => {
        window.showErrorMessage = async (message: string) => {
          resolve(message);
          return undefined;
        };
      });
      window.showSaveDialog = async () => Uri.file(folder);
      heard.fire({ type: 'save', name: 'chart.png', mime: 'image/png', content: '' });
      assert.match(await told, /^\S+ is a folder\. Save it under another name\.$/);
    } finally {
      window.showSaveDialog = save;
      window.showErrorMessage = tell;
      results.dispose();
      heard.dispose();
    }
  });

  it('never come over the contract when they are shown again', async () => {
    const panels = () =>
      window.tabGroups.all.flatMap(({ tabs }) => tabs.filter(({ input }) => input instanceof TabInputWebview));
    await commands.executeCommand('plumbline.openResults');
    const [panel] = panels();
    assert.ok(panel, 'there is no panel');
    // Both in one group, the contract in front.
    await commands.executeCommand('workbench.action.joinAllGroups');
    await window.showTextDocument(uri, { viewColumn: ViewColumn.One });
    await commands.executeCommand('plumbline.checkData', uri);
    assert.equal(panels().length, 1);
    assert.ok(
      window.visibleTextEditors.some(({ document }) => document.uri.fsPath === uri.fsPath),
      'it is covered',
    );
    assert.equal(panels()[0]?.isActive, true);
    assert.equal(window.activeTextEditor?.document.uri.fsPath, uri.fsPath);
  });

  it('take the pictures of the panel along', async () => {
    const pictures = [{ caption: 'orders', svg: '<svg xmlns="http://www.w3.org/2000/svg"/>' }];
    const { text } = await exported({ format: 'html', pictures });
    assert.match(text, /<img alt="orders" src="data:image\/svg\+xml;base64,/);
  });
});
