import * as vscode from 'vscode';
import type { ContractDraft } from '../../../server/src/protocol';
import type { Parts } from '../language-client';
import { openDraft } from './open-draft';
import { calledWith, contractFor } from './target';

/** Writes a contract in another format, unsaved, and tells what that format cannot say. `args[1]` may name the format. */
export async function convertContract(parts: Parts, args: readonly unknown[]): Promise<void> {
  const contract = await contractFor(calledWith(args).uri);
  if (!contract) return;
  const to = typeof args[1] === 'string' ? args[1] : await pickedDialect(parts);
  if (to === undefined) return;
  const draft = await parts.server.convert(contract.toString(), to);
  await openDraft(draft);
  // Whoever is told goes on without an answer.
  if (draft.losses.length > 0) void tellLosses(contract, draft.losses);
}

async function pickedDialect({ server }: Parts): Promise<string | undefined> {
  const picks = (await server.dialects()).map(({ id, title }) => ({ label: title, description: id, id }));
  const picked = await vscode.window.showQuickPick(picks, { placeHolder: vscode.l10n.t('Convert the contract to...') });
  return picked?.id;
}

async function tellLosses(contract: vscode.Uri, losses: ContractDraft['losses']): Promise<void> {
  const show = vscode.l10n.t('Show Them');
  const message =
    losses.length === 1
      ? vscode.l10n.t('One thing of the contract has no words in this format.')
      : vscode.l10n.t('{0} things of the contract have no words in this format.', losses.length);
  if ((await vscode.window.showWarningMessage(message, show)) === undefined) return;
  const picks = losses.map(({ message: label, range }) => ({
    label,
    description: vscode.l10n.t('line {0}', range.start.line + 1),
    range,
  }));
  const picked = await vscode.window.showQuickPick(picks, { placeHolder: vscode.l10n.t('Left out') });
  if (!picked) return;
  const { start, end } = picked.range;
  const selection = new vscode.Range(start.line, start.character, end.line, end.character);
  await vscode.window.showTextDocument(contract, { selection });
}
