import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { jobOf, type Monitor, obstaclesOf } from '../../server/src/drift/monitor';
import { monitorsIn } from '../../server/src/drift/monitor-file';
import { runDrift } from '../../server/src/drift/run';
import type { DriftColumn, DriftReport } from '../../server/src/protocol';
import { parseText } from '../../server/src/text/parse';
import { spelling } from '../../server/src/text/tree';
import { Unreadable } from '../../server/src/world';
import { columnOf, sessionOf } from './drifting';

const folder = 'test/fixtures/drift/monitors';
const scores = {
  reference: 'test/fixtures/drift/pairs/model_scores/reference.parquet',
  current: 'test/fixtures/drift/pairs/model_scores/current.parquet',
};

function read(name: string) {
  const path = resolve(folder, name);
  const file = monitorsIn(path, parseText(path, readFileSync(path, 'utf8')));
  assert.ok(file, `${name} is no file of monitors`);
  return { ...file, path };
}

function named(file: string, name: string): { readonly monitor: Monitor; readonly path: string } {
  const { monitors, path } = read(file);
  const monitor = monitors.find((candidate) => candidate.name === name);
  assert.ok(monitor, `${file} has ${monitors.map((one) => one.name).join(', ')}, and no ${name}`);
  return { monitor, path };
}

/** Runs a monitor, on the given data in place of those it names. */
function run(
  file: string,
  name: string,
  data: { readonly reference?: string; readonly current?: string } = {},
): Promise<DriftReport> {
  const { monitor, path } = named(file, name);
  return runDrift(jobOf(monitor, { path, home: dirname(path), folder: process.cwd(), ...data }), sessionOf());
}

const verdict = ({ method, threshold, drifted }: DriftColumn) => [method, threshold, drifted];

function near(actual: unknown, expected: number): void {
  assert.ok(
    typeof actual === 'number' && Math.abs(actual - expected) <= 1e-9 * Math.abs(expected),
    `${actual} is not ${expected}`,
  );
}

describe('drift/monitors', () => {
  describe('are read with their places from', () => {
    const files: readonly (readonly [
      file: string,
      format: string,
      monitors: readonly (readonly [string, string])[],
    ])[] = [
      [
        'delays.experiment.yaml',
        'manifest',
        [
          ['inputs', 'inputs'],
          ['quality', 'quality'],
          ['misspelt', 'misspelt'],
        ],
      ],
      [
        'azure.yml',
        'azure-ml',
        [
          ['inputs', 'inputs'],
          ['outputs', 'outputs'],
          ['quality', 'quality'],
        ],
      ],
      [
        'schema.pbtxt',
        'tfdv-schema',
        [
          ['skew', 'infinity_norm'],
          ['drift', 'infinity_norm'],
        ],
      ],
      ['constraints.json', 'sagemaker-constraints', [['baseline_drift_check', '{']]],
      [
        'vertex-job.yaml',
        'vertex',
        [
          ['skew', 'segment: {value: 0.09}'],
          ['drift', '{segment: {value: 0.2}}'],
        ],
      ],
      [
        'vertex-monitor.json',
        'vertex',
        [
          ['feature drift', '{'],
          ['feature attribution', '{ "features": ["segment"] }'],
        ],
      ],
      [
        'vertex-sdk.yaml',
        'vertex',
        [
          ['skew', '{segment: 0.05}'],
          ['drift', '0.2'],
        ],
      ],
    ];
    for (const [name, format, monitors] of files) {
      it(name, () => {
        const file = read(name);
        assert.equal(file.format, format);
        const shown = file.monitors.map((monitor) => [monitor.name, spelling(file.tree, monitor.node).split('\n')[0]]);
        assert.deepEqual(shown, monitors);
      });
    }

    it('nothing else: statistics of a baseline, a contract, an empty text', () => {
      for (const text of [
        '{"version": 0.0, "dataset": {"item_count": 1}, "features": [{"name": "a", "inferred_type": "String"}]}',
        'kind: DataContract',
        '',
      ])
        assert.equal(monitorsIn('/x.json', parseText('/x.json', text)), undefined);
      assert.equal(monitorsIn('/config.pbtxt', parseText('/config.pbtxt', 'model { name: "a" }')), undefined);
    });
  });

  describe('say what of them is not run', () => {
    const told = (name: string): readonly string[] => {
      const { monitors, tree } = read(name);
      return monitors.flatMap((monitor) =>
        obstaclesOf(monitor).map(
          ({ what, node }) => `${monitor.name} at ${spelling(tree, node).split('\n')[0]}: ${what}`,
        ),
      );
    };

    it('of a manifest', () => {
      const [quality, misspelt, ...others] = told('delays.experiment.yaml');
      assert.equal(
        quality,
        'quality at quality: It watches the quality of predictions, and Plumbline measures drift only.',
      );
      assert.match(misspelt ?? '', /^misspelt at misspelt: There is no preset "evidenly"; presets are .*\bevidently\b/);
      assert.deepEqual(others, []);
    });

    it('of Azure Machine Learning', () => {
      assert.deepEqual(told('azure.yml'), [
        'outputs at "azureml:train:3": Its reference data, azureml:train:3, lie elsewhere; download them and name the file there, or with --reference FILE on the command line.',
        'outputs at "azureml:scored:1": Its current data, azureml:scored:1, lie elsewhere; download them and name the file there, or with --current FILE on the command line.',
        'outputs at 10: The 10 most important features are not known here, so all are compared; list them under "features".',
        'outputs at {lookback_window_size: P7D}: No window is cut out, so all rows are compared; name the data of that time.',
        'quality at quality: It is a signal of data quality, which "Check data" runs.',
      ]);
    });

    it('of TFDV', () => {
      assert.deepEqual(
        told('schema.pbtxt').filter((line) => !/names no/.test(line)),
        [
          'drift at normalized_abs_difference: Plumbline does not measure normalized_abs_difference of "y_pred"; it measures infinity_norm and jensen_shannon_divergence.',
          'drift at infinity_norm: The infinity_norm of "y_true" has no threshold to hold it against.',
          'drift at num_examples_drift_comparator: Plumbline does not run num_examples_drift_comparator; compare the numbers of rows by hand.',
        ],
      );
    });

    it('of SageMaker', () => {
      assert.deepEqual(
        told('constraints.json').filter((line) => !/names no/.test(line)),
        ['baseline_drift_check at "empty": The type of "empty" is Unknown, so it is not compared.'],
      );
    });

    it('of Vertex AI', () => {
      assert.ok(
        told('vertex-job.yaml').includes(
          'drift at {segment: {value: 0.1}}: Plumbline does not measure drift of attributions; only the features themselves are compared.',
        ),
      );
      assert.ok(
        told('vertex-job.yaml').some((line) =>
          line.startsWith('skew at "gs://bucket/train.csv": Its reference data, gs://bucket/train.csv, lie elsewhere;'),
        ),
      );
    });
  });

  it('whose data lie elsewhere, or that are of another kind, say so in one sentence', () => {
    const job = (file: string, name: string) => () => {
      const { monitor, path } = named(file, name);
      return jobOf(monitor, { path, home: dirname(path), folder: process.cwd() });
    };
    const says = (message: string) => (error: unknown) => error instanceof Unreadable && error.message === message;
    assert.throws(
      job('azure.yml', 'outputs'),
      says(
        'Monitor "outputs" cannot be run: Its reference data, azureml:train:3, lie elsewhere; download them and name the file there, or with --reference FILE on the command line.',
      ),
    );
    assert.throws(
      job('schema.pbtxt', 'skew'),
      says(
        'Monitor "skew" cannot be run: It names no reference data; name them on the command line with --reference FILE.',
      ),
    );
    assert.throws(
      job('azure.yml', 'quality'),
      says('Monitor "quality" is not run: It is a signal of data quality, which "Check data" runs.'),
    );
  });

  it('name their data from where the report is read', () => {
    const { monitor, path } = named('azure.yml', 'inputs');
    const home = dirname(path);
    const there = jobOf(monitor, { path, home, folder: home });
    assert.equal(there.reference, '../pairs/model_scores/reference.parquet');
    const here = jobOf(monitor, { path, home, folder: process.cwd(), current: 'other.parquet' });
    assert.deepEqual([here.reference, here.current], [scores.reference, 'other.parquet']);
  });

  // The figures are those that the real packages compute on these data.
  describe('are run as they stand:', () => {
    it('a manifest, with its share in place of the preset’s', async () => {
      const report = await run('delays.experiment.yaml', 'inputs');
      assert.deepEqual(
        report.columns.map(({ column }) => column),
        ['two', 'three', 'week'],
      );
      assert.equal(report.preset, 'evidently@0.7');
      assert.deepEqual([report.dataset.threshold, report.dataset.method], [0.3, 'share']);
    });

    it('Azure Machine Learning, one metric a type, the first that is set', async () => {
      const report = await run('azure.yml', 'inputs');
      assert.equal(report.preset, 'azure');
      assert.deepEqual(
        report.columns.map(({ column }) => column),
        ['y_pred_proba', 'y_pred', 'segment'],
      );
      assert.deepEqual(verdict(columnOf(report, 'y_pred_proba')), ['wasserstein-normalized', 0.05, true]);
      near(columnOf(report, 'y_pred_proba').statistic, 0.05033244332924701);
      assert.deepEqual(verdict(columnOf(report, 'y_pred')), ['chi-square', 0.02, false]);
      near(columnOf(report, 'y_pred').pValue, 0.03662119514695028);
      assert.deepEqual(verdict(columnOf(report, 'segment')), ['chi-square', 0.02, true]);
      assert.equal(report.dataset.drifted, true);
    });

    it('Azure Machine Learning, on a segment of data that stand in for its own', async () => {
      const report = await run('azure.yml', 'outputs', scores);
      assert.ok(report.reference.rows > 0 && report.reference.rows < 2000, `${report.reference.rows} rows`);
      const { histogram } = columnOf(report, 'segment').current;
      assert.ok(histogram && 'categories' in histogram);
      assert.deepEqual([...histogram.categories].sort(), ['shop', 'web']);
      assert.equal(columnOf(report, 'y_pred').type, 'categorical');
      assert.deepEqual(verdict(columnOf(report, 'y_pred_proba')).slice(0, 2), ['wasserstein-normalized', 0.1]);
    });

    it('TFDV, each comparator by itself, strictly above its threshold', async () => {
      const drifted = await run('schema.pbtxt', 'drift', scores);
      assert.deepEqual(
        drifted.columns.map(({ column }) => column),
        ['segment', 'y_pred_proba', 'y_pred'],
      );
      assert.deepEqual(verdict(columnOf(drifted, 'segment')), ['l-infinity', 0.09, true]);
      near(columnOf(drifted, 'segment').statistic, 0.09716666666666673);
      assert.deepEqual(verdict(columnOf(drifted, 'y_pred_proba')), ['jensen-shannon', 0.007, false]);
      near(columnOf(drifted, 'y_pred_proba').statistic, 0.006291830442591576);
      assert.deepEqual(verdict(columnOf(drifted, 'y_pred')), ['jensen-shannon', 5e-4, true]);
      const skew = await run('schema.pbtxt', 'skew', scores);
      assert.deepEqual(skew.columns.map(verdict), [['l-infinity', 0.1, false]]);
      assert.equal(skew.dataset.drifted, false);
    });

    it('SageMaker, Simple and Robust, a feature’s own threshold before the shared one', async () => {
      const simple = await run('constraints.json', 'baseline_drift_check', scores);
      assert.deepEqual(
        simple.columns.map(({ column }) => column),
        ['segment', 'y_pred_proba'],
      );
      assert.deepEqual(verdict(columnOf(simple, 'segment')), ['l-infinity', 0.09, true]);
      near(columnOf(simple, 'segment').statistic, 0.09716666666666673);
      assert.deepEqual(verdict(columnOf(simple, 'y_pred_proba')), ['quantile-sketch', 0.03, true]);
      near(columnOf(simple, 'y_pred_proba').statistic, 0.035848086511037436);
      const robust = await run('constraints-robust.json', 'baseline_drift_check', scores);
      assert.deepEqual(verdict(columnOf(robust, 'segment')), ['l-infinity', 0.03, true]);
      near(columnOf(robust, 'segment').statistic, 0.03568496207090913);
      assert.deepEqual(verdict(columnOf(robust, 'y_pred_proba')), ['quantile-sketch', 0.03, false]);
    });

    it('SageMaker, against the statistics beside the constraints', async () => {
      const report = await run('baseline/constraints.json', 'baseline_drift_check', { current: scores.current });
      assert.equal(report.reference.ref, `${folder}/baseline/statistics.json`);
      assert.equal(report.reference.rows, 1000);
      const segment = columnOf(report, 'segment');
      const { histogram } = segment.current;
      assert.ok(histogram && 'categories' in histogram);
      const share = (name: string) => (histogram.counts[histogram.categories.indexOf(name)] ?? 0) / report.current.rows;
      assert.deepEqual(verdict(segment), ['l-infinity', 0.2, true]);
      near(segment.statistic, Math.abs(0.9 - share('web')));
    });

    it('Vertex AI, version 1, with and without a default', async () => {
      const skew = await run('vertex-job.yaml', 'skew', scores);
      assert.deepEqual(
        skew.columns.map((column) => [column.column, ...verdict(column)]),
        [
          ['segment', 'l-infinity', 0.09, true],
          ['y_pred_proba', 'jensen-shannon', 0.007, false],
        ],
      );
      const drifted = await run('vertex-job.yaml', 'drift', scores);
      assert.deepEqual(Object.fromEntries(drifted.columns.map((column) => [column.column, verdict(column)])), {
        y_pred_proba: ['jensen-shannon', 0.006, true],
        y_pred: ['jensen-shannon', 0.006, false],
        y_true: ['jensen-shannon', 0.006, false],
        segment: ['l-infinity', 0.2, false],
      });
    });

    it('Vertex AI, version 2, from its own paths', async () => {
      const report = await run('vertex-monitor.json', 'feature drift');
      assert.deepEqual(
        report.columns.map((column) => [column.column, ...verdict(column)]),
        [
          ['segment', 'l-infinity', 0.05, true],
          ['y_pred_proba', 'jensen-shannon', 0.3, false],
        ],
      );
    });

    it('Vertex AI’s booleans, which TFDV takes for numbers', async () => {
      const pair = 'test/fixtures/drift/pairs/bools_dates';
      const report = await run('vertex-sdk.yaml', 'drift', {
        reference: `${pair}/reference.parquet`,
        current: `${pair}/current.parquet`,
      });
      assert.deepEqual(verdict(columnOf(report, 'shift')), ['jensen-shannon', 0.2, false]);
      assert.deepEqual(verdict(columnOf(report, 'hour')), ['jensen-shannon', 0.2, true]);
    });
  });
});

interface Golden {
  readonly results: readonly {
    readonly case: string;
    readonly drift: Readonly<Record<string, readonly { readonly value: number; readonly threshold: number }[]>>;
  }[];
}

const golden = '../shared/golden';
if (existsSync(golden))
  describe('drift/monitors over all schemas that TFDV itself judged', function () {
    this.timeout(60_000);
    const { results } = JSON.parse(readFileSync(`${golden}/expected/tfdv-1.16.1.json`, 'utf8')) as Golden;
    for (const { case: name, drift } of results)
      it(name, async () => {
        const data = (side: string) => `${golden}/data/${name}/${side}.parquet`;
        const path = resolve(golden, 'schemas', `${name}.pbtxt`);
        const monitors = monitorsIn(path, parseText(path, readFileSync(path, 'utf8')))?.monitors ?? [];
        const [monitor] = monitors;
        assert.ok(monitor && monitors.length === 1);
        const run = {
          path,
          home: dirname(path),
          folder: process.cwd(),
          reference: data('reference'),
          current: data('current'),
        };
        const report = await runDrift(jobOf(monitor, run), sessionOf());
        const judged = report.columns.filter(({ drifted }) => drifted !== null);
        const told = judged.map(({ column, threshold, drifted }) => [column, threshold, drifted]);
        const theirs = Object.entries(drift).flatMap(([column, [first]]) =>
          first ? [[column, first.threshold, first.value > first.threshold]] : [],
        );
        assert.deepEqual(told.sort(), theirs.sort());
      });
  });
