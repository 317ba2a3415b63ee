import type { Contract } from '../contract/model';
import type { CheckJob, CheckReport } from '../protocol';
import { Lines } from '../text/lines';
import { ENGINE, TOOL } from '../tool';
import type { Outcome } from './check';
import { resultOf } from './result';
import { checksFor } from './selection';
import { summaryOf } from './verdict';

/** Of a check whose turn did not come before the person had enough. */
export const cancelledBefore: Outcome = { verdict: 'skipped', message: 'Cancelled before it ran.' };

/** A report of a run that left nothing behind: all its checks are skipped when it was cancelled. */
export const reportOfCancelled = (job: CheckJob, contract: Contract, startedAt: Date, now: Date): CheckReport =>
  reportOf(job, contract, cancelledBefore, [startedAt, now]);

/** A report of a run whose engine died: nothing is known of any of its checks, for the reason given. */
export function reportOfDeath(
  job: CheckJob,
  contract: Contract,
  reason: string,
  startedAt: Date,
  now: Date,
): CheckReport {
  const report = reportOf(job, contract, { verdict: 'unjudged', message: reason }, [startedAt, now]);
  return { ...report, summary: { ...report.summary, status: 'error' } };
}

function reportOf(
  job: CheckJob,
  contract: Contract,
  outcome: Outcome,
  [startedAt, now]: readonly [Date, Date],
): CheckReport {
  const { path } = job.contract;
  const text = { path, lines: new Lines(contract.tree.text) };
  const checks = checksFor(job, contract).map((check) => resultOf(check, outcome, text));
  return {
    schemaVersion: 1,
    tool: TOOL,
    verb: 'check',
    contract: { path, dialect: contract.dialect, version: contract.version ?? null },
    engine: ENGINE,
    startedAt: startedAt.toISOString(),
    durationMs: now.getTime() - startedAt.getTime(),
    checks,
    summary: summaryOf(checks),
    data: [],
    provenance: [],
  };
}
