import * as vscode from 'vscode';
import type { RevisionInfo } from '../../../server/src/protocol';
import type { Parts } from '../language-client';
import { timeOf } from '../views/node';

/** Rows of a pick list; a person finds older ones by typing their id. */
const MOST = 500;

/** What a person may write as a revision. */
export const REVISION = /^[\w][\w./~^@{}-]*$/;

/** A commit or tag of the file's or folder's history, or one that the person types; undefined when they turn away. */
export async function pickRevision(
  { server }: Parts,
  uri: vscode.Uri,
  placeHolder: string,
): Promise<string | undefined> {
  const revisions = await server.revisions(uri.toString());
  const other = { label: vscode.l10n.t('Another revision...'), iconPath: new vscode.ThemeIcon('edit') };
  const picks = [
    ...revisions.slice(0, MOST).map(pickOf),
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    other,
  ];
  const picked = await vscode.window.showQuickPick<vscode.QuickPickItem & { revision?: string }>(picks, {
    placeHolder,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked === other ? typed() : picked?.revision;
}

const pickOf = ({ commit, tag, author, date, subject }: RevisionInfo) => ({
  label: tag ?? commit.slice(0, 7),
  iconPath: new vscode.ThemeIcon(tag === null ? 'git-commit' : 'tag'),
  description: subject,
  detail: [tag === null ? undefined : commit.slice(0, 7), author, timeOf(date)].filter(Boolean).join(' · '),
  revision: tag ?? commit,
});

const typed = (): Thenable<string | undefined> =>
  vscode.window.showInputBox({
    prompt: vscode.l10n.t('Commit, tag or branch'),
    value: 'HEAD~1',
    validateInput: (value) =>
      REVISION.test(value)
        ? undefined
        : vscode.l10n.t('A revision is a commit, tag or branch, such as HEAD~1 or v1.0.0.'),
  });
