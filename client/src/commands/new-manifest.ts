import * as vscode from 'vscode';
import type { Parts } from '../language-client';
import type { Told } from '../views/provenance';
import { pickOfRun, runsOf, targetRun, toldOr } from './target-run';

/** Begins a manifest from a run or from the workspace, and leaves it in an editor for the person to review and save. */
export async function newManifest(parts: Parts, args: readonly unknown[]): Promise<void> {
  const source = await sourceOf(parts, args);
  if (!source) return;
  const { path, text } = await parts.server.newManifest(source.uri.toString(), source.run);
  const uri = vscode.Uri.file(path).with({ scheme: 'untitled' });
  const document = await vscode.workspace.openTextDocument(uri);
  const edit = new vscode.WorkspaceEdit();
  // The same draft may be open already.
  edit.replace(uri, new vscode.Range(0, 0, document.lineCount, 0), text);
  await vscode.workspace.applyEdit(edit);
  await vscode.window.showTextDocument(document, { preview: false });
}

interface Source extends Told {
  readonly run: string | undefined;
}

async function sourceOf(parts: Parts, args: readonly unknown[]): Promise<Source | undefined> {
  const isNamed = runsOf(args).length > 0 || typeof args[0] === 'string' || hasRun(args[0]);
  if (isNamed) {
    const target = await targetRun(parts, args, '');
    return target && { ...target, run: target.run.id };
  }
  const told = await toldOr(parts.provenance.toldOfAll());
  const workspace = {
    label: vscode.l10n.t('The workspace as it is'),
    iconPath: new vscode.ThemeIcon('root-folder'),
    run: undefined,
  };
  const picks = [workspace, ...told.report.runs.map((run) => ({ ...pickOfRun(run), run: run.id }))];
  const placeHolder = vscode.l10n.t('Begin the manifest from...');
  const picked = await vscode.window.showQuickPick(picks, { placeHolder, matchOnDescription: true });
  return picked && { ...told, run: picked.run };
}

const hasRun = (arg: unknown): boolean => typeof arg === 'object' && arg !== null && 'run' in arg;
