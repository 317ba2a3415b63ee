import * as vscode from 'vscode';
import type { ProvenanceFocus } from '../../../server/src/protocol';
import type { Parts } from '../language-client';
import { calledWith } from './target';

/** Opens the panel of provenance about the file or folder it was called with, else about the folder being worked in. */
export async function showPanel(
  { provenancePanel }: Parts,
  args: readonly unknown[],
  view: 'graph' | 'runs',
): Promise<void> {
  const target = calledWith(args).uri ?? folderInUse();
  if (target?.scheme !== 'file') {
    throw new Error(vscode.l10n.t('Open a folder of files first; provenance is told of what it holds.'));
  }
  await provenancePanel.show(target, focusIn(args) ?? { view });
}

function folderInUse(): vscode.Uri | undefined {
  const edited = vscode.window.activeTextEditor?.document.uri;
  const folder = edited && vscode.workspace.getWorkspaceFolder(edited);
  return (folder ?? vscode.workspace.workspaceFolders?.[0])?.uri;
}

/** What a caller wants to be looked at: some `runs`, by id, or the versions of a `dataset`. */
function focusIn([first]: readonly unknown[]): ProvenanceFocus | undefined {
  if (typeof first !== 'object' || first === null) return undefined;
  const { runs, dataset } = first as Readonly<Record<string, unknown>>;
  if (typeof dataset === 'string') return { view: 'timeline', dataset };
  if (!Array.isArray(runs) || runs.length < 2) return undefined;
  return { view: 'compare', runs: runs.filter((run) => typeof run === 'string') };
}
