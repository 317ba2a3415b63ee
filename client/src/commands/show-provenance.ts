import * as vscode from 'vscode';
import type { Parts } from '../language-client';
import { calledWith } from './target';

/** Brings the provenance view to the front, about the file it was called with. */
export async function showProvenance({ provenance }: Parts, args: readonly unknown[]): Promise<void> {
  const uri = calledWith(args).uri ?? vscode.window.activeTextEditor?.document.uri;
  if (uri) provenance.about(uri);
  await vscode.commands.executeCommand('plumbline.provenance.focus');
}
