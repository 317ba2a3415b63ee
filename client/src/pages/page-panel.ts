import * as vscode from 'vscode';
import type { Location } from '../../../server/src/protocol';
import { type PageKind, pageHtml } from './html';

const rootOf = (context: vscode.ExtensionContext): vscode.Uri =>
  vscode.Uri.joinPath(context.extensionUri, 'dist', 'page');

/** An empty panel for one of our pages, beside what is being edited, which keeps the focus. */
export function openPanel(context: vscode.ExtensionContext, viewType: string, title: string): vscode.WebviewPanel {
  const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
  const options = {
    enableScripts: true,
    enableFindWidget: true,
    enableForms: false,
    localResourceRoots: [rootOf(context)],
  };
  return vscode.window.createWebviewPanel(viewType, title, column, options);
}

/** Loads a page into a panel that was opened, or that VS Code kept over a reload. */
export function loadPage(context: vscode.ExtensionContext, panel: vscode.WebviewPanel, kind: PageKind): void {
  const icon = (theme: string) => vscode.Uri.joinPath(context.extensionUri, 'client', 'media', `tab-${theme}.svg`);
  panel.iconPath = { light: icon('light'), dark: icon('dark') };
  panel.webview.html = pageHtml(panel.webview, rootOf(context), kind);
}

/** An editor column other than the panel's, so that the page stays in sight beside the line it is about. */
export const besides = (panel: vscode.WebviewPanel | undefined): vscode.ViewColumn =>
  panel?.viewColumn === vscode.ViewColumn.One ? vscode.ViewColumn.Two : vscode.ViewColumn.One;

/** Opens a file at a place in it, in the editor that shows it already. */
export async function reveal({ path, range }: Location): Promise<void> {
  const uri = vscode.Uri.file(path);
  const open = vscode.window.visibleTextEditors.find((editor) => editor.document.uri.fsPath === uri.fsPath);
  const selection = new vscode.Range(range.start.line, range.start.character, range.start.line, range.start.character);
  await vscode.window.showTextDocument(uri, { viewColumn: open?.viewColumn ?? vscode.ViewColumn.One, selection });
}

/** Carries out what a page asked for; what goes wrong is told in a sentence, and logged. */
export async function carryOut(log: vscode.LogOutputChannel, action: () => unknown): Promise<void> {
  try {
    await action();
  } catch (error) {
    log.error(error instanceof Error ? error : String(error));
    void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
  }
}
