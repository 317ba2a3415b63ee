import type { CheckResult, CheckStatus, Severity, Summary } from '../protocol';
import type { Outcome } from './check';

/** Words that contracts use for how bad a broken rule is, in small letters. */
const severities: Readonly<Record<string, Severity>> = {
  error: 'error',
  critical: 'error',
  blocker: 'error',
  fatal: 'error',
  high: 'error',
  major: 'error',
  warning: 'warning',
  warn: 'warning',
  low: 'warning',
  minor: 'warning',
  trivial: 'warning',
  info: 'info',
  information: 'info',
};

/** A rule without a severity is an error; so is one whose severity nobody knows, and `known` tells. */
export function severityOf(word: string | undefined): { readonly severity: Severity; readonly known: boolean } {
  const severity = word === undefined ? 'error' : severities[word.trim().toLowerCase()];
  return { severity: severity ?? 'error', known: severity !== undefined };
}

const statuses: Readonly<Record<Outcome['verdict'], (severity: Severity) => CheckStatus>> = {
  holds: () => 'passed',
  fails: (severity) => (severity === 'error' ? 'failed' : 'warning'),
  unjudged: () => 'error',
  skipped: () => 'skipped',
};

export const statusOf = (verdict: Outcome['verdict'], severity: Severity): CheckStatus => statuses[verdict](severity);

/** Counts by status. A check that cannot be judged fails its contract, since nobody knows that the data are sound. */
export function summaryOf(checks: readonly Pick<CheckResult, 'status'>[]): Summary {
  const count = (status: CheckStatus) => checks.filter((check) => check.status === status).length;
  const failed = count('failed');
  const error = count('error');
  return {
    passed: count('passed'),
    failed,
    warning: count('warning'),
    error,
    skipped: count('skipped'),
    status: failed + error > 0 ? 'failed' : 'passed',
  };
}
