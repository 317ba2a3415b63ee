import * as vscode from 'vscode';
import type { Parts } from '../language-client';
import { whole } from '../views/provenance-tree';
import { codeOf, titleOf } from '../views/run-node';
import { gitDocument } from './git-document';
import { pickOf } from './target';
import { type TargetRun, targetRun } from './target-run';

/** Shows the contract of a run's data as it was at the commit of the run. */
export async function openContractAsOf(parts: Parts, args: readonly unknown[]): Promise<void> {
  const target = await targetRun(parts, args, vscode.l10n.t('Open the contract as of which run?'));
  if (!target) return;
  const revision = codeOf(target.run);
  if (revision === null)
    throw new Error(vscode.l10n.t('{0} recorded no commit, so its contract is not known.', titleOf(target.run)));
  const contract = await contractOf(target);
  if (!contract) return;
  await vscode.window.showTextDocument(gitDocument({ path: contract.fsPath, revision }, 'with commit'));
}

/** The contract of the data that the run names; among those of the workspace when that is none or several. */
async function contractOf({ run, report, home }: TargetRun): Promise<vscode.Uri | undefined> {
  const used = new Set(run.datasets.map(({ path }) => path));
  const own = report.datasets.flatMap(({ path, contract }) =>
    used.has(path) && contract !== null ? [whole(home, contract)] : [],
  );
  const known = report.files.filter(({ role }) => role === 'contract').map(({ path }) => path);
  const paths = [...new Set(own.length > 0 ? own : known)];
  const files =
    paths.length > 0
      ? paths.map((path) => vscode.Uri.file(path))
      : await vscode.workspace.findFiles('**/*.odcs.{yaml,yml,json}', '**/node_modules/**');
  if (files.length === 0) throw new Error(vscode.l10n.t('There is no data contract in this workspace.'));
  if (files.length === 1) return files[0];
  const placeHolder = vscode.l10n.t('Which data contract?');
  return (await vscode.window.showQuickPick(files.map(pickOf), { placeHolder }))?.uri;
}
