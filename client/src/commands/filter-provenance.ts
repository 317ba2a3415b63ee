import * as vscode from 'vscode';
import type { Parts } from '../language-client';

/** Asks for letters, and shows only what has them; all again when there are none. */
export async function filterProvenance({ provenance }: Parts): Promise<void> {
  const text = await vscode.window.showInputBox({
    prompt: vscode.l10n.t('Show only data, runs, models and files that contain'),
    placeHolder: vscode.l10n.t('A name, a status, a commit, or a parameter such as depth=4'),
    value: provenance.filterText,
  });
  if (text === undefined) return;
  provenance.filter(text.trim());
  await vscode.commands.executeCommand('plumbline.provenance.focus');
}
