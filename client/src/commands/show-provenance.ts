import * as vscode from 'vscode';
import type { Parts } from '../language-client';
import { kindOf } from '../ours';
import { calledWith } from './target';

/** Brings the provenance view to the front, about the file it was called with, else the one of ours being edited, else all. */
export async function showProvenance({ provenance }: Parts, args: readonly unknown[]): Promise<void> {
  const edited = vscode.window.activeTextEditor?.document;
  provenance.about(calledWith(args).uri ?? (edited && kindOf(edited) ? edited.uri : undefined));
  await vscode.commands.executeCommand('plumbline.provenance.focus');
}
