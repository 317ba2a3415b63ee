import * as vscode from 'vscode';
import { kindOf } from '../ours';

/** Where a command was called from: a lens gives an address and a table, a menu the resource, the palette nothing. */
export interface Called {
  readonly uri: vscode.Uri | undefined;
  readonly table: string | undefined;
}

export function calledWith([first]: readonly unknown[]): Called {
  if (first instanceof vscode.Uri) return { uri: first, table: undefined };
  if (typeof first !== 'object' || first === null || !('uri' in first)) return { uri: undefined, table: undefined };
  const { uri, table } = first as { uri: unknown; table?: unknown };
  return { uri: vscode.Uri.parse(String(uri)), table: typeof table === 'string' ? table : undefined };
}

/** The contract a command is about: the one it was called with, the one being edited, else the one the person picks. */
export async function contractFor(uri: vscode.Uri | undefined): Promise<vscode.Uri | undefined> {
  if (uri) return uri;
  const edited = vscode.window.activeTextEditor?.document;
  if (edited && kindOf(edited) === 'contract') return edited.uri;
  const files = await vscode.workspace.findFiles('**/*.odcs.{yaml,yml,json}', '**/node_modules/**');
  if (files.length === 0) {
    throw new Error(
      vscode.l10n.t('There is no data contract in this workspace. A contract is a file named like "orders.odcs.yaml".'),
    );
  }
  if (files.length === 1) return files[0];
  const picked = await vscode.window.showQuickPick(files.map(pickOf), {
    placeHolder: vscode.l10n.t('Which data contract?'),
  });
  return picked?.uri;
}

export interface FilePick extends vscode.QuickPickItem {
  readonly uri: vscode.Uri;
}

/** A file as a row of a pick list. */
export function pickOf(uri: vscode.Uri): FilePick {
  const relative = vscode.workspace.asRelativePath(uri);
  const name = relative.split('/').at(-1) ?? relative;
  return {
    label: name,
    description: relative === name ? undefined : relative.slice(0, -name.length - 1),
    iconPath: vscode.ThemeIcon.File,
    resourceUri: uri,
    uri,
  } as FilePick;
}
