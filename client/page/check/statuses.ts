import type { CheckStatus } from '../../../server/src/protocol';
import type { StatusLook } from '../parts/icon';

/** The worst first, which is the order of the counts and of the rows. */
export const statuses: Readonly<Record<CheckStatus, StatusLook>> = {
  failed: { word: 'Failed', icon: 'error', tone: 'failed' },
  error: { word: 'Error', icon: 'issues', tone: 'error' },
  warning: { word: 'Warning', icon: 'warning', tone: 'warning' },
  skipped: { word: 'Skipped', icon: 'debug-step-over', tone: 'skipped' },
  passed: { word: 'Passed', icon: 'pass', tone: 'passed' },
};

/** The statuses in their order. */
export const statusOrder = Object.keys(statuses) as readonly CheckStatus[];
