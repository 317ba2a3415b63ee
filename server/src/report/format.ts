import type {
  CheckPlan,
  CheckReport,
  CheckReports,
  DiffReport,
  DriftReport,
  DriftReports,
  LintReport,
  ProfileReport,
  ProvenanceReport,
  ReportPicture,
  TimelineReport,
} from '../protocol';
import { Unreadable } from '../world';

export type Report =
  | CheckReport
  | CheckPlan
  | CheckReports
  | DriftReport
  | DriftReports
  | ProfileReport
  | LintReport
  | DiffReport
  | ProvenanceReport
  | TimelineReport;

export interface WriteOptions {
  /** Colours and weights of a terminal. */
  readonly color: boolean;
  /** Findings only: no summary, no table of what is as it should be. */
  readonly quiet: boolean;
  /** Drawn elsewhere, for a format that shows pictures. */
  readonly pictures?: readonly ReportPicture[];
}

/** The comparison of two datasets that another system's shape is for. Throws `Unreadable` for any other report. */
export function comparisonOf(report: Report, system: string): DriftReport {
  if (report.verb === 'drift' && !('runs' in report)) return report;
  throw new Unreadable(`${system} has a shape for one drift comparison only. Use --format json for this report.`, '');
}

/** One way to write a report down. */
export interface Format {
  readonly id: string;
  /** The whole text, with a line end at its end. */
  write(report: Report, options: WriteOptions): string;
}
