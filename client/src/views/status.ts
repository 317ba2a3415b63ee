import * as vscode from 'vscode';
import type { DatasetStatus, RunStatus, Tracker } from '../../../server/src/protocol';
import { coloured } from './node';

/** The icon of a dataset's status. */
export const statusIcon = (status: DatasetStatus): vscode.ThemeIcon => statusIcons()[status];

const statusIcons = (): Readonly<Record<DatasetStatus, vscode.ThemeIcon>> => ({
  unchanged: coloured('pass', 'pass'),
  modified: coloured('diff-modified', 'warning'),
  missing: coloured('error', 'error'),
  pointer: coloured('link', 'warning'),
  'not-in-cache': coloured('cloud', 'warning'),
  untracked: coloured('question', 'muted'),
  unknown: coloured('question', 'muted'),
});

/** A status as a person would say it: of a file in Git, or of data that another tracker keeps. */
export function statusWords(status: DatasetStatus, tracker: Tracker = 'git'): string {
  const inGit = tracker === 'git' || tracker === 'none';
  const words: Readonly<Record<DatasetStatus, string>> = {
    unchanged: inGit ? vscode.l10n.t('as committed') : vscode.l10n.t('as recorded'),
    modified: vscode.l10n.t('edited since'),
    missing: vscode.l10n.t('missing'),
    pointer: vscode.l10n.t('pointer only'),
    'not-in-cache': vscode.l10n.t('not in the cache'),
    untracked: vscode.l10n.t('not in Git'),
    unknown: vscode.l10n.t('unknown'),
  };
  return words[status];
}

export const runIcon = (status: RunStatus): vscode.ThemeIcon => runIcons()[status];

const runIcons = (): Readonly<Record<RunStatus, vscode.ThemeIcon>> => ({
  queued: coloured('circle-outline', 'muted'),
  scheduled: coloured('circle-outline', 'muted'),
  running: new vscode.ThemeIcon('play-circle'),
  finished: coloured('pass', 'pass'),
  failed: coloured('error', 'error'),
  killed: coloured('circle-slash', 'warning'),
  unknown: coloured('question', 'muted'),
});

export const runWords = (status: RunStatus): string =>
  ({
    queued: vscode.l10n.t('queued'),
    scheduled: vscode.l10n.t('scheduled'),
    running: vscode.l10n.t('running'),
    finished: vscode.l10n.t('finished'),
    failed: vscode.l10n.t('failed'),
    killed: vscode.l10n.t('killed'),
    unknown: vscode.l10n.t('end unknown'),
  })[status];

/** Trackers as they call themselves. */
export const trackerName = (tracker: Tracker): string =>
  ({
    git: 'Git',
    'git-lfs': 'Git LFS',
    dvc: 'DVC',
    lakefs: 'lakeFS',
    mlflow: 'MLflow',
    wandb: 'Weights & Biases',
    none: vscode.l10n.t('No tracker'),
  })[tracker];
