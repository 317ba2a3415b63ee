import type { DriftColumn } from '../protocol';
import { comparisonOf, type Format } from './format';
import { statisticsText } from './sagemaker-statistics';

interface Violation {
  readonly feature_name: string;
  readonly constraint_check_type: string;
  readonly description: string;
}

/**
 * SageMaker Model Monitor's files: a profile as statistics.json, a drift report as constraint_violations.json: what
 * drifted, and columns that only one side has. Keys, their order and the check types are the service's; its full sentences
 * are not public.
 */
export const sagemaker: Format = {
  id: 'sagemaker',
  write(report) {
    if (report.verb === 'profile') return statisticsText(report);
    const drift = comparisonOf(report, 'SageMaker');
    const rows = drift.columns.filter(({ column, segment, window }) => column !== null && !segment && !window);
    const violations = [...rows.filter(({ drifted }) => drifted).map(drifted), ...oneSided(rows)];
    return `${JSON.stringify({ violations }, undefined, 2)}\n`;
  },
};

/** A verdict by p-value drifts below its threshold, which the service's one sentence has no words for. */
function drifted({ column, type, method, statistic, pValue, threshold, decidedBy }: DriftColumn): Violation {
  const description =
    decidedBy === 'pValue'
      ? `Baseline drift p-value: ${pValue} of ${method} is below threshold: ${threshold}`
      : `${type === 'numerical' ? 'Numerical' : 'Categorical'} distance: ${statistic} exceeds threshold: ${threshold}`;
  return { feature_name: column ?? '', constraint_check_type: 'baseline_drift_check', description };
}

function oneSided(rows: readonly DriftColumn[]): readonly Violation[] {
  const names = (moved: string) => rows.filter((row) => row.moved === moved).map(({ column }) => column);
  const [gone, added] = [names('column gone'), names('column new')];
  const both = rows.length - gone.length - added.length;
  const counts = `Number of columns in current dataset: ${both + added.length}, Number of columns in baseline constraints: ${both + gone.length}`;
  return [
    ...told(
      'missing_column_check',
      'Missing columns',
      `There are missing columns in current dataset (${gone.join(', ')}). ${counts}`,
      gone,
    ),
    ...told(
      'extra_column_check',
      'Extra columns',
      `There are extra columns in current dataset (${added.join(', ')}). ${counts}`,
      added,
    ),
  ];
}

const told = (type: string, feature: string, description: string, columns: readonly unknown[]): readonly Violation[] =>
  columns.length > 0 ? [{ feature_name: feature, constraint_check_type: type, description }] : [];
