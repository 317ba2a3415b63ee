import type { DriftColumn } from '../../../server/src/protocol';
import type { StatusLook } from '../parts/icon';

/** How a column can end. */
export type DriftStatus = 'drifted' | 'within' | 'unjudged';

/** The worst first. */
export const driftStatuses: Readonly<Record<DriftStatus, StatusLook>> = {
  drifted: { word: 'Drifted', icon: 'error', tone: 'failed' },
  within: { word: 'Within limit', icon: 'pass', tone: 'passed' },
  unjudged: { word: 'Not judged', icon: 'debug-step-over', tone: 'skipped' },
};

/** The statuses in their order. */
export const driftOrder = Object.keys(driftStatuses) as readonly DriftStatus[];

/** How a column ended. */
export function driftStatus({ drifted }: DriftColumn): DriftStatus {
  if (drifted === null) return 'unjudged';
  return drifted ? 'drifted' : 'within';
}
