import * as vscode from 'vscode';
import type { Draft } from '../../../server/src/protocol';

/** Opens a text that is not saved yet under the name that it may get. */
export async function openDraft({ path, text }: Draft): Promise<void> {
  const uri = vscode.Uri.file(path).with({ scheme: 'untitled' });
  const document = await vscode.workspace.openTextDocument(uri);
  const edit = new vscode.WorkspaceEdit();
  // The same draft may be open already.
  edit.replace(uri, new vscode.Range(0, 0, document.lineCount, 0), text);
  await vscode.workspace.applyEdit(edit);
  await vscode.window.showTextDocument(document, { preview: false });
}
