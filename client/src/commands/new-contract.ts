import * as vscode from 'vscode';
import type { Parts } from '../language-client';
import { barOf } from './bar';
import { openDraft } from './open-draft';
import { calledWith, pickOf } from './target';

/** Begins a contract from a data file, and leaves it in an editor for the person to review and save. */
export async function newContract(parts: Parts, args: readonly unknown[]): Promise<void> {
  const data = calledWith(args).uri ?? (await pickedData());
  if (!data) return;
  const title = vscode.l10n.t('Reading {0}', vscode.workspace.asRelativePath(data));
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  const draft = await vscode.window.withProgress(options, async (progress, token) => {
    try {
      return await parts.server.infer(data.fsPath, { token, onProgress: barOf(progress) });
    } catch (error) {
      if (token.isCancellationRequested) return undefined;
      throw error;
    }
  });
  if (draft) await openDraft(draft);
}

async function pickedData(): Promise<vscode.Uri | undefined> {
  const pattern = '**/*.{parquet,pq,csv,tsv,jsonl,ndjson}';
  const files = await vscode.workspace.findFiles(pattern, '**/{node_modules,.git,.dvc}/**', 1000);
  if (files.length === 0) throw new Error(vscode.l10n.t('There is no Parquet, CSV or JSON file in this workspace.'));
  const placeHolder = vscode.l10n.t('Which data is the contract about?');
  return (await vscode.window.showQuickPick(files.map(pickOf), { placeHolder, matchOnDescription: true }))?.uri;
}
