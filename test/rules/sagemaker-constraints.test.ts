import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { diagnosticsOf } from '../../server/src/language/diagnostics';

/** Line and column, severity, message and fix of what is told of constraints, but for what their monitor needs. */
const told = (text: string): readonly string[] =>
  diagnosticsOf('/constraints.json', text)
    .diagnostics.filter(({ code }) => code !== 'monitor/not-run')
    .map(
      ({ range: { start }, severity, message, fix }) =>
        `${start.line + 1}:${start.character + 1} ${severity} ${message}${fix === null ? '' : ` [${fix}]`}`,
    );

const withFeature = (inside: string): string => `{"version": 0.0, "features": [{"name": "a", ${inside}}]}`;
const withConfig = (inside: string): string =>
  `{"features": [{"name": "a", "inferred_type": "Integral"}],\n"monitoring_config": {${inside}}}`;

describe('constraints of SageMaker, as they are written', () => {
  it('are a dialect of their own, and statistics are not', () => {
    const home = 'test/fixtures/drift/monitors';
    const dialectOf = (path: string) => diagnosticsOf(path, readFileSync(path, 'utf8')).dialect;
    assert.equal(dialectOf(`${home}/constraints.json`), 'sagemaker');
    assert.equal(dialectOf(`${home}/baseline/statistics.json`), null);
    assert.equal(dialectOf(`${home}/vertex-monitor.json`), null);
  });
  it('of services and of the SDK are sound', () => {
    for (const name of ['constraints.json', 'constraints-robust.json', 'baseline/constraints.json'])
      assert.deepEqual(told(readFileSync(`test/fixtures/drift/monitors/${name}`, 'utf8')), []);
  });

  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    [
      'a key that is nearly one',
      withFeature('"inferred_type": "String", "completness": 1.0'),
      [
        '1:72 warning Model Monitor knows no "completness" here. Did you mean "completeness"? [Change to "completeness"]',
      ],
    ],
    [
      'a type that is none',
      withFeature('"inferred_type": "Integer"'),
      ['1:62 error "inferred_type" is "Integral", "Fractional", "String" or "Unknown".'],
    ],
    [
      'no type beside one that has it',
      '{"features": [{"name": "a", "inferred_type": "String"}, {"name": "b"}]}',
      ['1:66 error A feature needs an inferred_type: Integral, Fractional, String or Unknown.'],
    ],
    ['no name', '{"features": [{"inferred_type": "String"}]}', ['1:16 error A feature needs a name: add "name": "…".']],
    [
      'two of one name',
      '{"features": [{"name": "a", "inferred_type": "String"}, {"name": "a", "inferred_type": "String"}]}',
      ['1:66 error The column "a" is here twice; give this one a name that is unique.'],
    ],
    [
      'shares as percentages',
      withFeature('"inferred_type": "String", "completeness": 95'),
      ['1:88 error "completeness" is a number from 0 to 1. Write 0.95 for 95 %.'],
    ],
    [
      'shares below none and words for them',
      withConfig('"datatype_check_threshold": -1, "domain_content_threshold": "0.5"'),
      [
        '2:51 error "datatype_check_threshold" is a number from 0 to 1.',
        '2:83 error "domain_content_threshold" is a number from 0 to 1.',
      ],
    ],
    [
      'words that are nearly Enabled',
      withConfig('"evaluate_constraints": "enabled", "emit_metrics": true'),
      [
        '2:47 error "evaluate_constraints" is "Enabled" or "Disabled". [Change to "Enabled"]',
        '2:74 error "emit_metrics" is "Enabled" or "Disabled".',
      ],
    ],
    [
      'methods',
      withConfig('"distribution_constraints": {"comparison_method": "robust", "categorical_drift_method": "PSI"}'),
      [
        '2:73 error "comparison_method" is "Robust" or "Simple". [Change to "Robust"]',
        '2:111 error "categorical_drift_method" is "LInfinity" or "ChiSquared".',
      ],
    ],
    [
      'a domain twice, and one of a number',
      '{"features": [{"name": "a", "inferred_type": "String", "string_constraints": {"domains": ["x", "x"]}},\n{"name": "b", "inferred_type": "Integral", "string_constraints": {"domains": ["1"]}}]}',
      [
        '1:96 warning "x" is in the domain twice.',
        '2:44 warning "string_constraints" says nothing of a feature that is Integral.',
      ],
    ],
    [
      'overrides of a feature, looked at as the rest',
      withFeature(
        '"inferred_type": "String", "monitoringConfigOverrides": {"distribution_constraints": {"comparison_threshold": 7}}',
      ),
      ['1:155 error "comparison_threshold" is a number from 0 to 1. Write 0.07 for 7 %.'],
    ],
    [
      'things that are no objects',
      '{"features": [1, {"name": "a", "inferred_type": "String"}], "monitoring_config": []}',
      ['1:15 error A feature is an object with a name.', '1:82 error "monitoring_config" is an object.'],
    ],
  ];
  for (const [name, text, findings] of cases) it(name, () => assert.deepEqual(told(text), findings));
});
