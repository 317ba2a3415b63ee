import { checkTypes, SAGEMAKER } from '../contract/sagemaker';
import { columnsWords, distanceWords } from '../contract/sagemaker-violations';
import type { CheckReport, CheckResult, DriftColumn } from '../protocol';
import { Unreadable } from '../world';
import { comparisonOf, type Format, type Report } from './format';
import { statisticsText } from './sagemaker-statistics';

interface Violation {
  readonly feature_name: string;
  readonly constraint_check_type: string;
  readonly description: string;
}

/**
 * SageMaker Model Monitor's files: a profile as statistics.json; as constraint_violations.json a drift report, with what
 * drifted and columns that only one side has, and a check of constraints. Keys, their order and the check types are the
 * service's; of its sentences only some are public.
 */
export const sagemaker: Format = {
  id: 'sagemaker',
  write(report) {
    if (report.verb === 'profile') return statisticsText(report);
    const violations = report.verb === 'check' ? ofCheck(report) : ofDrift(report);
    return `${JSON.stringify({ violations }, undefined, 2)}\n`;
  },
};

function ofDrift(report: Report): readonly Violation[] {
  const drift = comparisonOf(report, 'SageMaker');
  const rows = drift.columns.filter(({ column, segment, window }) => column !== null && !segment && !window);
  return [...rows.filter((row) => row.drifted).map(drifted), ...oneSided(rows)];
}

const drifted = (row: DriftColumn): Violation => violation(row.column, 'baseline_drift_check', distanceWords(row));

function ofCheck(report: Extract<Report, { verb: 'check' }>): readonly Violation[] {
  if ('runs' in report || report.contract.dialect !== SAGEMAKER)
    throw new Unreadable(
      'SageMaker has a shape for the check of one constraints.json of its own. Use --format json for this report.',
      '',
    );
  return report.checks.filter(isViolation).map(({ column, kind, message }) =>
    // Which row shows it is nothing that the service tells.
    violation(column ?? columnless[kind], kind, message.split(' First: row ')[0] ?? message),
  );
}

const isViolation = ({ kind, status }: CheckReport['checks'][number]): boolean =>
  status === 'failed' && checkTypes.some((type) => type === kind);

/** What the service names in place of a feature. */
const columnless: Readonly<Record<CheckResult['kind'], string>> = {
  missing_column_check: 'Missing columns',
  extra_column_check: 'Extra columns',
};

const violation = (feature: string | null | undefined, type: string, description: string): Violation => ({
  feature_name: feature ?? '',
  constraint_check_type: type,
  description,
});

function oneSided(rows: readonly DriftColumn[]): readonly Violation[] {
  const names = (moved: string) => rows.filter((row) => row.moved === moved).map(({ column }) => column);
  const [gone, added] = [names('column gone'), names('column new')];
  const both = rows.length - gone.length - added.length;
  const told = (type: string, what: 'missing' | 'extra', columns: readonly (string | null)[]): readonly Violation[] =>
    columns.length > 0
      ? [violation(columnless[type], type, columnsWords(what, columns, both + added.length, both + gone.length))]
      : [];
  return [...told('missing_column_check', 'missing', gone), ...told('extra_column_check', 'extra', added)];
}
