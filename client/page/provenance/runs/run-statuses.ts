import type { RunStatus, Tracker } from '../../../../server/src/protocol';
import type { StatusLook } from '../../parts/icon';

/** How a run ended, as a person would say it. */
export const runStatuses: Readonly<Record<RunStatus, StatusLook>> = {
  running: { word: 'Running', icon: 'sync', tone: 'quiet' },
  failed: { word: 'Failed', icon: 'error', tone: 'failed' },
  killed: { word: 'Killed', icon: 'circle-slash', tone: 'warning' },
  finished: { word: 'Finished', icon: 'pass', tone: 'passed' },
  queued: { word: 'Queued', icon: 'clock', tone: 'quiet' },
  scheduled: { word: 'Scheduled', icon: 'calendar', tone: 'quiet' },
  unknown: { word: 'Unknown', icon: 'question', tone: 'quiet' },
};

/** The order of the statuses on the page. */
export const runStatusOrder = Object.keys(runStatuses) as readonly RunStatus[];

/** A status that a newer tracker may know. */
export const lookOf = (status: string): StatusLook => runStatuses[status as RunStatus] ?? runStatuses.unknown;

const names: Readonly<Partial<Record<Tracker, string>>> = {
  git: 'Git',
  'git-lfs': 'Git LFS',
  dvc: 'DVC',
  lakefs: 'lakeFS',
  mlflow: 'MLflow',
  wandb: 'W&B',
};

/** A tracker by the name that it gives itself. */
export const trackerName = (tracker: Tracker): string => names[tracker] ?? tracker;
