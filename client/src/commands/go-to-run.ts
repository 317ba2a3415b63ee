import * as vscode from 'vscode';
import type { Parts } from '../language-client';
import { targetRun } from './target-run';

/** Selects a run in the provenance view. */
export async function goToRun(parts: Parts, args: readonly unknown[]): Promise<void> {
  const target = await targetRun(parts, args, vscode.l10n.t('Go to which run?'));
  if (!target) return;
  await vscode.commands.executeCommand('plumbline.provenance.focus');
  await parts.provenance.reveal(target.run);
}
