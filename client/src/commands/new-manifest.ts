import * as vscode from 'vscode';
import type { Parts } from '../language-client';
import { sourceOf } from './target-run';

/** Begins a manifest from a run or from the workspace, and leaves it in an editor for the person to review and save. */
export async function newManifest(parts: Parts, args: readonly unknown[]): Promise<void> {
  const source = await sourceOf(parts, args, vscode.l10n.t('Begin the manifest from...'));
  if (!source) return;
  const { path, text } = await parts.server.newManifest(source.uri.toString(), source.run);
  const uri = vscode.Uri.file(path).with({ scheme: 'untitled' });
  const document = await vscode.workspace.openTextDocument(uri);
  const edit = new vscode.WorkspaceEdit();
  // The same draft may be open already.
  edit.replace(uri, new vscode.Range(0, 0, document.lineCount, 0), text);
  await vscode.workspace.applyEdit(edit);
  await vscode.window.showTextDocument(document, { preview: false });
}
