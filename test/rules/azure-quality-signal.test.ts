import assert from 'node:assert/strict';
import { diagnosticsOf } from '../../server/src/language/diagnostics';

/** Line and column, severity, message and fix of what is told of a signal, but that it is no comparison. */
const told = (signal: string): readonly string[] =>
  diagnosticsOf(
    '/monitor.yml',
    `monitoring_signals:\n  quality:\n    type: data_quality\n${signal.replaceAll(/^/gm, '    ')}\n`,
  )
    .diagnostics.filter(({ code }) => code !== 'monitor/not-run')
    .map(
      ({ range: { start }, severity, message, fix }) =>
        `${start.line + 1}:${start.character + 1} ${severity} ${message}${fix === null ? '' : ` [${fix}]`}`,
    );

describe('data quality signals of Azure ML, as they are written', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    [
      'a sound one',
      'features: [a]\nfeature_type_override: {a: categorical}\nmetric_thresholds: {numerical: {null_value_rate: 0.1}, categorical: {out_of_bounds_rate: 0}}',
      [],
    ],
    [
      'a metric that is nearly one',
      'metric_thresholds: {numerical: {null_values_rate: 0.1}}',
      [
        '4:37 error A data quality signal has no "null_values_rate" here, but "null_value_rate", "data_type_error_rate" and "out_of_bounds_rate". Did you mean "null_value_rate"? [Change to "null_value_rate"]',
      ],
    ],
    [
      'a kind that is none, and shares that are none',
      'metric_thresholds: {numeric: {}, categorical: {null_value_rate: 5, out_of_bounds_rate: much}}\nfeature_type_override: {a: text}',
      [
        '4:25 error A data quality signal has no "numeric" here, but "numerical" and "categorical". Did you mean "numerical"? [Change to "numerical"]',
        '4:69 error "null_value_rate" is a number from 0 to 1.',
        '4:92 error "out_of_bounds_rate" is a number from 0 to 1.',
        '5:32 error A feature is "numerical" or "categorical".',
      ],
    ],
    [
      'what is not done',
      'features: {top_n_feature_importance: 3}\nproduction_data:\n  data_window: {lookback_window_size: P1D}\n  pre_processing_component: azureml:p:1',
      [
        '4:16 info The most important features are not known here, so all are looked at; list them under "features".',
        '6:7 info No window is cut out, so all rows are looked at; name the data of that time.',
        '7:7 info No pre-processing is run; name data that have gone through it.',
      ],
    ],
  ];
  for (const [name, signal, findings] of cases) it(name, () => assert.deepEqual(told(signal), findings));
});
