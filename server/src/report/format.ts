import type { CheckReport, CheckReports, DriftReport, LintReport, ProfileReport, ProvenanceReport } from '../protocol';

export type Report = CheckReport | CheckReports | DriftReport | ProfileReport | LintReport | ProvenanceReport;

export interface WriteOptions {
  /** Colours and weights of a terminal. */
  readonly color: boolean;
  /** Findings only: no summary, no table of what is as it should be. */
  readonly quiet: boolean;
}

/** One way to write a report down. */
export interface Format {
  readonly id: string;
  /** The whole text, with a line end at its end. */
  write(report: Report, options: WriteOptions): string;
}
