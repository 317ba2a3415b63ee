import * as vscode from 'vscode';
import type { Draft } from '../../../server/src/protocol';

interface Asked {
  /** Of the dialog. */
  readonly title: string;
  /** Kinds of files that the dialog offers, each with its endings. */
  readonly filters: Readonly<Record<string, string[]>>;
  /** What is told after it was saved, given its name. */
  readonly told: (name: string) => string;
}

/** Saves a text where the person says, under the name that is proposed, and offers to open it. */
export async function saveDraft({ path, text }: Draft, { title, filters, told }: Asked): Promise<void> {
  const target = await vscode.window.showSaveDialog({ title, defaultUri: vscode.Uri.file(path), filters });
  if (!target) return;
  await written(target, text);
  void offer(target, told(vscode.workspace.asRelativePath(target)));
}

/** Writes a file that the person chose. Rejects with one sentence that says what is wrong and what would help. */
export async function written(target: vscode.Uri, content: string | Uint8Array): Promise<void> {
  try {
    await vscode.workspace.fs.writeFile(target, typeof content === 'string' ? Buffer.from(content) : content);
  } catch (error) {
    const name = vscode.workspace.asRelativePath(target);
    const code = error instanceof vscode.FileSystemError ? error.code : '';
    throw new Error(
      reasons[code]?.(name) ?? vscode.l10n.t('{0} could not be written. Save it in another folder.', name),
    );
  }
}

/** What is wrong, by the codes of VS Code's files. */
const reasons: Readonly<Record<string, (name: string) => string>> = {
  NoPermissions: (name) => vscode.l10n.t('{0} may not be written by you. Save it in another folder.', name),
  FileIsADirectory: (name) => vscode.l10n.t('{0} is a folder. Save it under another name.', name),
};

async function offer(target: vscode.Uri, message: string): Promise<void> {
  const open = vscode.l10n.t('Open');
  if ((await vscode.window.showInformationMessage(message, open)) === open)
    await vscode.commands.executeCommand('vscode.open', target);
}
