import type {
  CheckReport,
  CheckReports,
  DiffReport,
  DriftReport,
  DriftReports,
  LintReport,
  ProvenanceReport,
} from '../protocol';
import type { FailOn } from './usage';

/** How the command ends. Mildest first: of several the last one counts. */
export const exits = { clean: 0, failed: 1, usage: 2, engine: 3, cancelled: 130 } as const;

export type Exit = (typeof exits)[keyof typeof exits];

export const worst = (codes: readonly Exit[]): Exit =>
  Object.values(exits).findLast((exit) => codes.includes(exit)) ?? exits.clean;

/** A rule of severity info counts for nothing, one of severity warning only when warnings are asked for. */
export function exitOfCheck(report: CheckReport | CheckReports, failOn: FailOn): Exit {
  if (report.summary.status === 'error') return exits.engine;
  if (failOn === 'never') return exits.clean;
  if (report.summary.status === 'failed') return exits.failed;
  const checks = 'runs' in report ? report.runs.flatMap((run) => run.checks) : report.checks;
  const warns = checks.some(({ status, severity }) => status === 'warning' && severity === 'warning');
  return failOn === 'warning' && warns ? exits.failed : exits.clean;
}

export function exitOfDrift(report: DriftReport | DriftReports, failOn: FailOn): Exit {
  const runs = 'runs' in report ? report.runs : [report];
  return failOn !== 'never' && runs.some(({ dataset }) => dataset.drifted) ? exits.failed : exits.clean;
}

export const exitOfLint = ({ summary }: LintReport, failOn: FailOn): Exit =>
  exitOfFindings(summary.error, summary.warning, failOn);

export function exitOfDiff({ changes }: DiffReport, failOn: FailOn): Exit {
  const number = (severity: string) => changes.filter((change) => change.severity === severity).length;
  return exitOfFindings(number('error'), number('warning'), failOn);
}

export function exitOfProvenance({ findings }: ProvenanceReport, failOn: FailOn): Exit {
  const number = (severity: string) => findings.filter((finding) => finding.severity === severity).length;
  return exitOfFindings(number('error'), number('warning'), failOn);
}

function exitOfFindings(errors: number, warnings: number, failOn: FailOn): Exit {
  if (failOn === 'never') return exits.clean;
  return errors > 0 || (failOn === 'warning' && warnings > 0) ? exits.failed : exits.clean;
}
