import * as vscode from 'vscode';
import type { Server } from '../server';

/** Read-only documents with the text of a file at a commit. */
export const GIT_SCHEME = 'plumbline-git';

/** A file at a commit; without one it is a document with nothing in it, the other side of a file that was added or deleted. */
interface Version {
  readonly path: string;
  readonly revision: string | undefined;
}

/** The document of a file at a commit. Its own name tells the commit when it stands alone in an editor. */
export function gitDocument({ path, revision }: Version, name: 'plain' | 'with commit' = 'plain'): vscode.Uri {
  const file = vscode.Uri.file(path);
  const shown = name === 'plain' || revision === undefined ? file.path : withCommit(file.path, revision);
  return file.with({ scheme: GIT_SCHEME, path: shown, query: JSON.stringify({ path, revision }) });
}

/** `orders.odcs.yaml` → `orders (4bad57b).odcs.yaml`, so that the endings still say what it is. */
const withCommit = (path: string, revision: string): string =>
  path.replace(/(?<=\/[^/.][^/.]*)(?=\.[^/]*$)/, ` (${revision.slice(0, 7)})`);

/** The text of such a document. Rejects with a sentence for the person. */
export async function textOf(uri: vscode.Uri, server: Server): Promise<string> {
  if (!vscode.workspace.isTrusted)
    throw new Error(vscode.l10n.t('Plumbline does not ask Git in Restricted Mode. Trust this workspace first.'));
  const { path, revision } = versionIn(uri.query);
  return revision === undefined ? '' : server.textAt(vscode.Uri.file(path).toString(), revision);
}

function versionIn(query: string): Version {
  try {
    const { path, revision } = JSON.parse(query) as Partial<Version>;
    if (typeof path === 'string') return { path, revision: typeof revision === 'string' ? revision : undefined };
  } catch {
    // Told below.
  }
  throw new Error(vscode.l10n.t('This address names no file at a commit.'));
}
