import * as vscode from 'vscode';
import type { TableInfo } from '../../../server/src/protocol';
import type { Parts } from '../language-client';
import { codeOf, titleOf } from '../views/run-node';
import { pickRevision } from './revision';
import { run } from './run';
import { calledWith, contractFor } from './target';
import { runsOf } from './target-run';

/** Runs the checks of a contract on its data as they were at a commit: that of a run, or one that the person picks. */
export async function checkDataAsOf(parts: Parts, args: readonly unknown[]): Promise<void> {
  const [target] = runsOf(args);
  const contract = await contractFor(target ? undefined : calledWith(args).uri);
  if (!contract) return;
  const uri = contract.toString();
  const tables = (await parts.server.tables(uri)).filter(({ path }) => path !== undefined);
  const [first] = tables;
  if (!first?.path)
    throw new Error(vscode.l10n.t('This contract names no data file, so there is no history to check.'));
  const revision = target
    ? codeOf(target)
    : await pickRevision(parts, vscode.Uri.file(first.path), vscode.l10n.t('Check the data as of which commit?'));
  if (revision === undefined) return;
  if (revision === null)
    throw new Error(vscode.l10n.t('{0} recorded no commit, so its data are not known.', target ? titleOf(target) : ''));
  const name = vscode.workspace.asRelativePath(contract);
  const title = vscode.l10n.t('Checking {0} as of {1}', name, revision.slice(0, 12));
  await run(parts, title, (watched) => parts.server.check({ uri, data: dataAt(tables, revision) }, watched));
}

const dataAt = (tables: readonly TableInfo[], revision: string): Readonly<Record<string, string>> =>
  Object.fromEntries(tables.map(({ table, path }) => [table, `${path}@${revision}`]));
