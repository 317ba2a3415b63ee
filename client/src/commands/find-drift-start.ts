import * as vscode from 'vscode';
import type { DriftParams, DriftStart, StoredResult } from '../../../server/src/protocol';
import type { Parts } from '../language-client';
import { run } from './run';
import { pickOf } from './target';

const DATA_FILES = '**/*.{parquet,pq,csv,tsv,jsonl,ndjson}';
/** What the server takes for the first version there is. */
const OLDEST = 'oldest';

/** Looks through the Git history of a data file for the commit with which it drifted, and offers to open that. */
export async function findDriftStart(parts: Parts, [first]: readonly unknown[]): Promise<void> {
  const data = first instanceof vscode.Uri ? first : await pickData();
  if (!data) return;
  const revision = await sinceWhen();
  if (revision === undefined) return;
  const reference = revision === '' ? OLDEST : `${data.fsPath}@${revision}`;
  const preset = vscode.workspace.getConfiguration('plumbline').get<string>('drift.preset');
  await search(parts, { reference, current: data.fsPath, preset });
}

/** The same with all that a person would say given; `current` is a path. */
export async function search(parts: Parts, params: DriftParams): Promise<void> {
  const title = vscode.l10n.t('Finding where drift of {0} began', vscode.workspace.asRelativePath(params.current));
  let found: StoredResult | undefined;
  await run(parts, title, async (watched) => {
    found = await parts.server.driftStart(params, watched);
    return found;
  });
  if (found?.kind === 'drift' && found.report.start) await tell(found.report.start);
}

async function pickData(): Promise<vscode.Uri | undefined> {
  const files = await vscode.workspace.findFiles(DATA_FILES, '**/node_modules/**');
  if (files.length === 0)
    throw new Error(vscode.l10n.t('There is no data file in this workspace whose history could be looked through.'));
  const placeHolder = vscode.l10n.t('Look through the history of which data file?');
  return (await vscode.window.showQuickPick(files.map(pickOf), { placeHolder }))?.uri;
}

/** Empty for the oldest version; undefined when the person has turned away. */
function sinceWhen(): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    prompt: vscode.l10n.t('Commit, tag or branch at which the data were as they should be'),
    placeHolder: vscode.l10n.t('Leave empty for the oldest version'),
    validateInput: (value) =>
      /^[\w./~^{}-]*$/.test(value)
        ? undefined
        : vscode.l10n.t('A revision is a commit, tag or branch, such as HEAD~1 or v1.0.0.'),
  });
}

async function tell(start: DriftStart): Promise<void> {
  const { path, first, drifted, versions, comparisons } = start;
  const name = vscode.workspace.asRelativePath(path);
  if (!drifted) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No version of {0} has drifted.', name));
    return;
  }
  if (!first) {
    const message = vscode.l10n.t('Drift of {0} began with changes that are not committed yet.', name);
    void vscode.window.showInformationMessage(message);
    return;
  }
  const open = vscode.l10n.t('Open Commit');
  const message = vscode.l10n.t(
    'Drift of {0} began with {1} of {2}: {3} ({4} of {5} versions compared).',
    name,
    first.commit.slice(0, 7),
    first.date.slice(0, 10),
    first.subject,
    comparisons,
    versions,
  );
  if ((await vscode.window.showInformationMessage(message, open)) === open) await openCommit(path, first.commit);
}

/** In VS Code's own Git view where it has one, else its id is copied, by which any other tool finds it. */
async function openCommit(path: string, commit: string): Promise<void> {
  const known = await vscode.commands.getCommands(true);
  if (known.includes('git.viewCommit')) {
    try {
      await vscode.commands.executeCommand('git.viewCommit', vscode.Uri.file(path), commit);
      return;
    } catch {
      // Versions of the Git extension differ in what they take.
    }
  }
  await vscode.env.clipboard.writeText(commit);
  void vscode.window.showInformationMessage(vscode.l10n.t('The id of the commit is on the clipboard.'));
}
