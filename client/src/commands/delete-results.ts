import * as vscode from 'vscode';
import type { Parts } from '../language-client';
import { kindOf } from '../ours';
import { calledWith } from './target';

interface Choice extends vscode.QuickPickItem {
  /** The contract whose results are deleted; undefined for all. */
  readonly contract: vscode.Uri | undefined;
}

/** Deletes the results of a contract, or of the workspace, after the person has said so twice: which, and yes. */
export async function deleteResults({ server, panel }: Parts, args: readonly unknown[]): Promise<void> {
  const { uri } = calledWith(args);
  const choice = await chosen(uri ?? edited() ?? shownIn(panel.contract));
  if (!choice || !(await confirmed(choice.contract))) return;
  await server.deleteResults(choice.contract?.toString());
  panel.forget(choice.contract?.fsPath);
}

function edited(): vscode.Uri | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document && kindOf(document) === 'contract' ? document.uri : undefined;
}

const shownIn = (contract: string | undefined): vscode.Uri | undefined =>
  contract === undefined ? undefined : vscode.Uri.file(contract);

async function chosen(contract: vscode.Uri | undefined): Promise<Choice | undefined> {
  const all: Choice = { label: vscode.l10n.t('All results of this workspace'), contract: undefined };
  if (!contract) return all;
  const name = vscode.workspace.asRelativePath(contract);
  const choices: readonly Choice[] = [{ label: vscode.l10n.t('Results of {0}', name), contract }, all];
  return vscode.window.showQuickPick(choices, { placeHolder: vscode.l10n.t('Which results do you want to delete?') });
}

async function confirmed(contract: vscode.Uri | undefined): Promise<boolean> {
  const question = contract
    ? vscode.l10n.t('Delete the results of {0}?', vscode.workspace.asRelativePath(contract))
    : vscode.l10n.t('Delete all results of this workspace?');
  const detail = vscode.l10n.t('The history that trends are drawn from goes with them. This cannot be undone.');
  const yes = vscode.l10n.t('Delete');
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) === yes;
}
