import * as vscode from 'vscode';
import type { CodeChange, RunReport } from '../../../server/src/protocol';
import type { Parts } from '../language-client';
import { codeOf, titleOf } from '../views/run-node';
import { gitDocument } from './git-document';
import { pickRevision } from './revision';
import { runsOf, targetRun, toldOr } from './target-run';

/** A commit with the name by which a person knows it. */
interface Side {
  readonly revision: string;
  readonly name: string;
}

/** The older and the newer side, and any place in their repository. */
interface Sides {
  readonly before: Side;
  readonly after: Side;
  readonly uri: vscode.Uri;
}

/**
 * Shows what differs between the code of two runs or commits in VS Code's own diff editors. Called with
 * `{ before, after, uri? }`, two rows of runs, one, or nothing; what is missing is asked for.
 */
export async function compareCode(parts: Parts, args: readonly unknown[]): Promise<void> {
  const sides = await sidesOf(parts, args);
  if (!sides) return;
  const { before, after, uri } = sides;
  const changes = await parts.server.codeChanges(uri.toString(), before.revision, after.revision);
  if (changes.length === 0) {
    const message = vscode.l10n.t('{0} and {1} have the same code.', before.name, after.name);
    void vscode.window.showInformationMessage(message);
    return;
  }
  await show(changes, sides);
}

async function sidesOf(parts: Parts, args: readonly unknown[]): Promise<Sides | undefined> {
  const named = revisionsIn(args);
  const uri = named?.uri ?? (await toldOr(parts.provenance.told())).uri;
  if (named) return { uri, before: sideOf(named.before), after: sideOf(named.after) };
  const runs = runsOf(args);
  const [older, newer] = [...runs].sort((a, b) => startOf(a) - startOf(b));
  if (older && newer) return { uri, before: sideOfRun(older), after: sideOfRun(newer) };
  const target = await targetRun(parts, args, vscode.l10n.t('Compare the code of which run?'));
  if (!target) return undefined;
  const after = sideOfRun(target.run);
  const before = await pickRevision(parts, uri, vscode.l10n.t('Compare the code of {0} with...', after.name));
  return before === undefined ? undefined : { uri, before: sideOf(before), after };
}

interface Named {
  readonly before: string;
  readonly after: string;
  readonly uri: vscode.Uri | undefined;
}

function revisionsIn([first]: readonly unknown[]): Named | undefined {
  if (typeof first !== 'object' || first === null) return undefined;
  const { before, after, uri } = first as Readonly<Record<string, unknown>>;
  if (typeof before !== 'string' || typeof after !== 'string') return undefined;
  return { before, after, uri: typeof uri === 'string' ? vscode.Uri.parse(uri) : undefined };
}

const startOf = ({ startedAt, endedAt }: RunReport): number => Date.parse(startedAt ?? endedAt ?? '') || 0;

const sideOf = (revision: string): Side => ({ revision, name: shortOf(revision) });

function sideOfRun(run: RunReport): Side {
  const revision = codeOf(run);
  if (revision !== null) return { revision, name: `${titleOf(run)} (${shortOf(revision)})` };
  throw new Error(vscode.l10n.t('{0} recorded no commit, so its code is not known.', titleOf(run)));
}

const shortOf = (revision: string): string => (/^[0-9a-f]{12,}$/.test(revision) ? revision.slice(0, 7) : revision);

// ------------------------------------------------------------------------------------------------------ diffs

/** Both documents of a change; the one that is not there is undefined. */
interface Documents {
  readonly label: vscode.Uri;
  readonly before: vscode.Uri | undefined;
  readonly after: vscode.Uri | undefined;
}

/** One changed file is shown at once; of several the person picks one, or all in one editor. */
async function show(changes: readonly CodeChange[], sides: Sides): Promise<void> {
  const { before, after } = sides;
  const title = `${before.name} ↔ ${after.name}`;
  const [only] = changes;
  if (changes.length === 1 && only) return showOne(only, sides);
  const all = {
    label: vscode.l10n.t('All {0} files', changes.length),
    iconPath: new vscode.ThemeIcon('diff-multiple'),
    change: undefined,
  };
  const picks = [all, ...changes.map(pickOf)];
  const placeHolder = vscode.l10n.t('Which file of {0}?', title);
  const picked = await vscode.window.showQuickPick(picks, { placeHolder, matchOnDescription: true });
  if (!picked) return;
  if (picked.change) return showOne(picked.change, sides);
  const resources = changes
    .map((change) => documentsOf(change, sides))
    .map((one) => [one.label, one.before, one.after]);
  await vscode.commands.executeCommand('vscode.changes', title, resources);
}

async function showOne(change: CodeChange, sides: Sides): Promise<void> {
  const { before, after } = documentsOf(change, sides);
  const nothing = gitDocument({ path: change.path, revision: undefined });
  const name = vscode.workspace.asRelativePath(change.path);
  const title = `${name}: ${sides.before.name} ↔ ${sides.after.name}`;
  await vscode.commands.executeCommand('vscode.diff', before ?? nothing, after ?? nothing, title);
}

const documentsOf = ({ path, from, state }: CodeChange, { before, after }: Sides): Documents => ({
  label: vscode.Uri.file(path),
  before: state === 'added' ? undefined : gitDocument({ path: from ?? path, revision: before.revision }),
  after: state === 'deleted' ? undefined : gitDocument({ path, revision: after.revision }),
});

function pickOf(change: CodeChange) {
  const { path, from, state } = change;
  const words = {
    added: vscode.l10n.t('added'),
    deleted: vscode.l10n.t('deleted'),
    modified: vscode.l10n.t('changed'),
    renamed: vscode.l10n.t('renamed from {0}', vscode.workspace.asRelativePath(from ?? path)),
  };
  return {
    label: vscode.workspace.asRelativePath(path),
    description: words[state],
    iconPath: new vscode.ThemeIcon(`diff-${state}`),
    change,
  };
}
