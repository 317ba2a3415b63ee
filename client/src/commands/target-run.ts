import * as vscode from 'vscode';
import type { RunReport } from '../../../server/src/protocol';
import type { Parts } from '../language-client';
import { timeOf } from '../views/node';
import type { Told } from '../views/provenance';
import { keyOf, titleOf } from '../views/run-node';
import { runWords, trackerName } from '../views/status';

/** A run, and the report that tells of it. */
export interface TargetRun extends Told {
  readonly run: RunReport;
}

/** Runs that a command was called with: rows of the view, or what a page names by id. */
export function runsOf([first, selected]: readonly unknown[]): readonly RunReport[] {
  const rows = Array.isArray(selected) && selected.length > 0 ? selected : [first];
  return rows.flatMap((candidate) => (isRow(candidate) ? [candidate.run] : []));
}

const isRow = (candidate: unknown): candidate is { readonly run: RunReport } =>
  typeof candidate === 'object' &&
  candidate !== null &&
  'run' in candidate &&
  typeof candidate.run === 'object' &&
  candidate.run !== null;

/** The run that a command is about: the row it was called on, the id it was given, else the one the person picks. */
export async function targetRun(
  { provenance }: Parts,
  args: readonly unknown[],
  placeHolder: string,
): Promise<TargetRun | undefined> {
  const [row] = runsOf(args);
  const told = await toldOr(provenance.told());
  const id = row?.id ?? idIn(args);
  const isListed = id === undefined ? told.report.runs.length > 0 : told.report.runs.some((run) => run.id === id);
  const all = isListed ? told : await toldOr(provenance.toldOfAll());
  // Two stores may know one id.
  const named = all.report.runs.find((run) => run.id === id && (!row || keyOf(run) === keyOf(row)));
  if (named) return { ...all, run: named };
  if (id !== undefined) throw new Error(vscode.l10n.t('No tracker here has a run {0} any more.', id));
  const run = await pickRun(all.report.runs, placeHolder);
  return run && { ...all, run };
}

/** All that a report tells, or one of its runs. */
export interface Source extends Told {
  /** By id. */
  readonly run: string | undefined;
}

/** The run that a command was called with, else the workspace or one of its runs, whichever the person picks. */
export async function sourceOf(
  parts: Parts,
  args: readonly unknown[],
  placeHolder: string,
): Promise<Source | undefined> {
  if (runsOf(args).length > 0 || idIn(args) !== undefined) {
    const target = await targetRun(parts, args, placeHolder);
    return target && { ...target, run: target.run.id };
  }
  const told = await toldOr(parts.provenance.toldOfAll());
  const workspace = {
    label: vscode.l10n.t('The workspace as it is'),
    iconPath: new vscode.ThemeIcon('root-folder'),
    run: undefined,
  };
  const picks = [workspace, ...told.report.runs.map((run) => ({ ...pickOfRun(run), run: run.id }))];
  const picked = await vscode.window.showQuickPick(picks, { placeHolder, matchOnDescription: true });
  return picked && { ...told, run: picked.run };
}

/** What stands behind the workspace. Rejects with a sentence when nothing is open. */
export async function toldOr(asked: Promise<Told | undefined>): Promise<Told> {
  const told = await asked;
  if (told) return told;
  throw new Error(vscode.l10n.t('Open and trust a folder of files first; provenance is told of what it holds.'));
}

const idIn = ([first]: readonly unknown[]): string | undefined => {
  if (typeof first === 'string') return first;
  if (typeof first !== 'object' || first === null || !('run' in first)) return undefined;
  return typeof first.run === 'string' ? first.run : undefined;
};

async function pickRun(runs: readonly RunReport[], placeHolder: string): Promise<RunReport | undefined> {
  if (runs.length === 0)
    throw new Error(vscode.l10n.t('There is no run of MLflow, Weights & Biases or DVC in this folder.'));
  const options = { placeHolder, matchOnDescription: true, matchOnDetail: true };
  return (await vscode.window.showQuickPick(runs.map(pickOfRun), options))?.run;
}

export interface RunPick extends vscode.QuickPickItem {
  readonly run: RunReport;
}

/** A run as a row of a pick list. */
export const pickOfRun = (run: RunReport): RunPick => ({
  label: titleOf(run),
  description: [trackerName(run.tracker), runWords(run.status), timeOf(run.startedAt ?? run.endedAt)]
    .filter(Boolean)
    .join(' · '),
  detail: Object.entries(run.metrics)
    .slice(0, 4)
    .map(([name, value]) => `${name} ${shortOf(value)}`)
    .join(' · '),
  run,
});

const shortOf = (value: unknown): string =>
  typeof value === 'number'
    ? value.toLocaleString(vscode.env.language, { maximumSignificantDigits: 4 })
    : String(value);
