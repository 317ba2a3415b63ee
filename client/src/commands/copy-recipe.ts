import * as vscode from 'vscode';
import type { Parts } from '../language-client';
import { titleOf } from '../views/run-node';
import { targetRun } from './target-run';

/** Puts the commands that make a run again on the clipboard. */
export async function copyRecipe(parts: Parts, args: readonly unknown[]): Promise<void> {
  const target = await targetRun(parts, args, vscode.l10n.t('Copy the recipe of which run?'));
  if (!target) return;
  await vscode.env.clipboard.writeText(await parts.server.recipe(target.uri.toString(), target.run.id));
  vscode.window.setStatusBarMessage(vscode.l10n.t('Recipe of {0} copied.', titleOf(target.run)), 3000);
}
