import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { plumbline } from './command';

const folder = 'test/fixtures/drift/monitors';
const scores = ['reference', 'current'].flatMap((side) => [
  `--${side}`,
  resolve(`test/fixtures/drift/pairs/model_scores/${side}.parquet`),
]);
const run = (...args: readonly string[]) => plumbline(folder, 'drift', ...args);

describe('cli/monitors', function () {
  this.timeout(60_000);

  it('runs all monitors of a file, lists those it does not run, and exits 1 when one drifted', async () => {
    const { out, err, exit } = await run('--monitor', 'azure.yml', ...scores, '--format', 'json');
    assert.deepEqual([err, exit], ['', 1]);
    const report = JSON.parse(out);
    assert.deepEqual(Object.keys(report), [
      'schemaVersion',
      'tool',
      'verb',
      'startedAt',
      'durationMs',
      'runs',
      'notRun',
      'summary',
    ]);
    assert.deepEqual(
      report.runs.map(({ monitor, preset }: { monitor: unknown; preset: string }) => [monitor, preset]),
      [
        [{ path: 'azure.yml', name: 'inputs', limited: ['y_pred_proba', 'y_pred', 'segment'] }, 'azure'],
        [{ path: 'azure.yml', name: 'outputs' }, 'azure'],
      ],
    );
    assert.deepEqual([report.notRun[0].name, report.notRun[0].location.range.start.line], ['quality', 31]);
    assert.deepEqual(report.summary, { drifted: 1, notDrifted: 1, notRun: 1 });
    assert.ok(report.runs[1].notes.some((note: string) => note.startsWith('The 10 most important features')));
  });

  it('runs one of them on its own data, as the plain report', async () => {
    const { out, exit } = await run('--monitor', 'azure.yml', '--only', 'inputs', '--format', 'json');
    const report = JSON.parse(out);
    assert.deepEqual(
      [report.monitor.name, report.reference.ref, exit],
      ['inputs', '../pairs/model_scores/reference.parquet', 1],
    );
  });

  it('exits 0 when none drifted, and 2 when the data lie elsewhere', async () => {
    assert.equal((await run('--monitor', 'schema.pbtxt', '--only', 'skew', ...scores)).exit, 0);
    const { err, exit } = await run('--monitor', 'azure.yml', '--only', 'outputs');
    assert.match(
      err,
      /^Monitor "outputs" cannot be run: Its reference data, azureml:train:3, lie elsewhere; .*--reference FILE on the command line\.\n$/,
    );
    assert.equal(exit, 2);
  });

  it('says in one sentence what is wrong about the command line', async () => {
    const cases: readonly (readonly [RegExp, readonly string[]])[] = [
      [
        /azure\.yml has no monitor "none"; its monitors are inputs, outputs, quality\./,
        ['--monitor', 'azure.yml', '--only', 'none'],
      ],
      [/--preset cannot stand beside --monitor/, ['--monitor', 'azure.yml', '--preset', 'evidently']],
      [/'--reference <REF>' not specified\. See: plumbline drift --help/, []],
      [/package\.json has no monitor that Plumbline knows/, ['--monitor', resolve('package.json')]],
    ];
    for (const [says, args] of cases) {
      const { err, exit } = await run(...args);
      assert.match(err, says);
      assert.deepEqual([err.trim().split('\n').length, exit], [1, 2]);
    }
  });

  it('lints files of every format', async () => {
    const files = [
      'azure.yml',
      'schema.pbtxt',
      'constraints.json',
      'vertex-job.yaml',
      'vertex-monitor.json',
      'delays.experiment.yaml',
    ];
    const { out, err, exit } = await plumbline(folder, 'lint', ...files, '--format', 'json');
    assert.deepEqual([err, exit], ['', 0]);
    const codes = JSON.parse(out).files.map(({ diagnostics }: { diagnostics: { code: string }[] }) => [
      ...new Set(diagnostics.map(({ code }) => code)),
    ]);
    assert.deepEqual(
      codes,
      files.map(() => ['monitor/not-run']),
    );
  });
});
