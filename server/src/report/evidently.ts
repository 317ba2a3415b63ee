import { createHash } from 'node:crypto';
import type { DriftColumn, DriftReport } from '../protocol';
import { comparisonOf, type Format } from './format';

/** Names of methods as Evidently shows them. `display_name` in legacy/calculations/stattests. */
const names: Readonly<Record<string, string>> = {
  'anderson-darling': 'Anderson-Darling',
  'chi-square': 'chi-square p_value',
  'cramer-von-mises': 'Cramer-von Mises',
  energy: 'Energy-distance',
  'epps-singleton': 'Epps-Singleton',
  'fisher-exact': "Fisher's Exact test",
  'g-test': 'g_test',
  hellinger: 'Hellinger distance',
  'jensen-shannon': 'Jensen-Shannon distance',
  'kl-divergence': 'Kullback-Leibler divergence',
  ks: 'K-S p_value',
  'mann-whitney': 'Mann-Whitney U-rank test',
  mmd: 'empirical_mmd',
  psi: 'PSI',
  't-test': 't_test',
  'total-variation': 'Total-Variation-Distance',
  wasserstein: 'Wasserstein distance (normed)',
  'z-test': 'Z-test p_value',
};

/**
 * A drift report as Evidently 0.7 writes the snapshot of its drift preset with tests (`Snapshot.json()`): the same keys in
 * the same order, columns of numbers first, ids that are Evidently's own fingerprints. Columns that are not judged, segments and windows have no
 * place there.
 */
export const evidently: Format = {
  id: 'evidently',
  write(report) {
    const drift = comparisonOf(report, 'Evidently');
    const [numbers, others] = [true, false].map((numerical) =>
      drift.columns.filter((column) => isJudged(column) && (column.type === 'numerical') === numerical),
    );
    const judged = [...(numbers ?? []), ...(others ?? [])];
    const metrics = [countOf(drift), ...judged.map(metricOf)];
    const tests = [shareTest(drift), ...judged.map(columnTest)];
    return `${JSON.stringify({ metrics, tests }, finite)}\n`;
  },
};

const isJudged = ({ column, drifted, segment, window }: DriftColumn): boolean =>
  column !== null && drifted !== null && !segment && !window;

const MODULE = 'evidently.metrics.column_statistics';
const DEFAULT_SHARE = 0.5;

const countParams = ({ dataset }: DriftReport) => ({
  type: 'evidently:metric_v2:DriftedColumnsCount',
  drift_share: dataset.threshold,
});

const countId = ({ dataset: { threshold } }: DriftReport): string =>
  fingerprint('DriftedColumnsCount', threshold === DEFAULT_SHARE ? '()' : `(('drift_share', ${float(threshold)}),)`);

const countOf = (report: DriftReport) => ({
  id: countId(report),
  metric_name: `DriftedColumnsCount(drift_share=${float(report.dataset.threshold)})`,
  config: countParams(report),
  value: { count: report.dataset.driftedColumns, share: report.dataset.share },
});

const columnParams = ({ column, method, threshold }: DriftColumn) => ({
  type: 'evidently:metric_v2:ValueDrift',
  column,
  method: names[method ?? ''] ?? method,
  threshold,
});

const columnId = ({ column }: DriftColumn): string =>
  fingerprint('ValueDrift', `(('column', ${literal(column ?? '')}),)`);

function metricOf(column: DriftColumn) {
  const config = columnParams(column);
  return {
    id: columnId(column),
    metric_name: `ValueDrift(column=${column.column},method=${config.method},threshold=${config.threshold})`,
    config,
    value: scoreOf(column),
  };
}

const scoreOf = ({ decidedBy, pValue, statistic }: DriftColumn) => (decidedBy === 'pValue' ? pValue : statistic);

const status = (drifted: boolean | null): string => (drifted ? 'FAIL' : 'SUCCESS');

const shown = { is_critical: true, alias: null, label_filters: null };

function shareTest(report: DriftReport) {
  const { share, threshold, drifted } = report.dataset;
  const test = { type: 'evidently:test_v2:LessThanMetricTest', ...shown, threshold };
  const fingerprint = countId(report);
  return {
    id: 'lt',
    name: `Share of Drifted Columns: Less ${threshold.toFixed(3)}`,
    description: `Share of Drifted Columns: Actual value ${share.toFixed(3)} ${drifted ? '>=' : '<'} ${threshold.toFixed(3)}`,
    metric_config: { metric_id: fingerprint, params: countParams(report) },
    test_config: test,
    status: status(drifted),
    bound_test: { type: 'evidently:bound_test:CountBoundTest', test, metric_fingerprint: fingerprint, is_count: false },
  };
}

function columnTest(column: DriftColumn) {
  const params = columnParams(column);
  const id = columnId(column);
  return {
    id: 'drift',
    name: `Value Drift for column ${column.column}`,
    description: `Drift score is ${Number(scoreOf(column)).toFixed(2)}. The drift detection method is ${params.method}. The drift threshold is ${Number(params.threshold).toFixed(2)}.`,
    metric_config: { metric_id: id, params },
    test_config: {},
    status: status(column.drifted),
    bound_test: {
      type: 'evidently:bound_test:ValueDriftBoundTest',
      test: { type: 'evidently:test_v2:ValueDriftTest', ...shown },
      metric_fingerprint: id,
    },
  };
}

/** MD5 of the class and its arguments as Python writes them. `EvidentlyBaseModel.get_fingerprint`, pydantic_utils.py. */
const fingerprint = (name: string, parts: string): string =>
  createHash('md5').update(`${MODULE}.${name}${parts}`).digest('hex');

/** A number as Python writes a float. */
const float = (value: number): string => (Number.isInteger(value) ? `${value}.0` : String(value));

/** A string as Python's `repr` writes it. */
function literal(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
  return `${quote}${quote === "'" ? escaped.replaceAll("'", "\\'") : escaped}${quote}`;
}

/** JSON has no NaN and no infinity, which reports carry by their names. */
const finite = (key: string, value: unknown): unknown => (key === 'value' && typeof value === 'string' ? null : value);
