import * as vscode from 'vscode';
import type { Parts } from '../language-client';
import { run } from './run';
import { calledWith, contractFor } from './target';

/** Runs the checks of a contract, of one of its tables when a lens says which, and shows the result. */
export async function checkData(parts: Parts, args: readonly unknown[]): Promise<void> {
  const { uri, table } = calledWith(args);
  const contract = await contractFor(uri);
  if (!contract) return;
  const name = table ?? vscode.workspace.asRelativePath(contract);
  const title = vscode.l10n.t('Checking {0}', name);
  await run(parts, title, (watched) => parts.server.check({ uri: contract.toString(), table }, watched));
}
