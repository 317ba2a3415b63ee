import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ProvenanceReport, RunReport } from '../../server/src/protocol';
import { provenanceOf } from '../../server/src/provenance/graph';
import { runDetails } from '../../server/src/provenance/runs';
import { Unreadable } from '../../server/src/world';
import { type Scratch, scratch } from '../world/repository';
import { listeningWorld } from '../world/worlds';

const fixture = 'test/fixtures/provenance/orchard';
/** Python's JSON has numbers that JSON lacks. */
const told = (name: string) =>
  JSON.parse(readFileSync(`${fixture}/tool-output/${name}`, 'utf8').replace(/: (NaN|-?Infinity)\b/g, ': "$1"'));

interface LayOut {
  layOutOrchard(folder: string, options?: { readonly modified?: boolean }): unknown;
}

interface MlflowRun {
  readonly data: {
    readonly params: Record<string, string>;
    readonly metrics: Record<string, number | string>;
    readonly tags: Record<string, string>;
  };
  readonly info: {
    readonly run_id: string;
    readonly run_name: string;
    readonly status: string;
    readonly start_time: number;
    readonly lifecycle_stage: string;
  };
}

/** Every file below a folder with its time and size: what a reader must not change. */
function contentsOf(folder: string): string {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => `${path} ${statSync(path).mtimeMs} ${statSync(path).size}`)
    .sort()
    .join('\n');
}

describe('provenance of a project made with Git, DVC, MLflow and W&B', function () {
  this.timeout(30_000);
  const world = listeningWorld();
  let clean: Scratch;
  let modified: Scratch;
  let report: ProvenanceReport;
  const home = () => clean.at('orchard');

  before(async () => {
    const { layOutOrchard }: LayOut = await import(pathToFileURL(resolve(`${fixture}/lay-out.mjs`)).href);
    clean = scratch();
    modified = scratch();
    layOutOrchard(clean.path);
    layOutOrchard(modified.path, { modified: true });
    report = await provenanceOf(world, home());
  });
  after(() => {
    clean.remove();
    modified.remove();
  });

  const statuses = ({ datasets }: ProvenanceReport) =>
    Object.fromEntries(datasets.map(({ path, status }) => [path, status]));
  const runsOf = (tracker: string, store?: string): readonly RunReport[] =>
    report.runs.filter((run) => run.tracker === tracker && (store === undefined || run.store === store));
  const run = (name: string): RunReport => {
    const found = report.runs.find((one) => one.name === name);
    assert.ok(found, `${name} is among ${report.runs.map((one) => one.name)}`);
    return found;
  };

  it('has every dataset of DVC as DVC has it, before an edit and after', async () => {
    assert.deepEqual(told('clean/dvc-data-status.json'), {});
    assert.deepEqual(statuses(report), {
      'data/harvest.csv': 'unchanged',
      'data/weather': 'unchanged',
      'data/grown.csv': 'unchanged',
      'models/yield.json': 'unchanged',
    });
    const edited = await provenanceOf(world, modified.at('orchard'));
    const { uncommitted, not_in_cache: notInCache } = told('modified/dvc-data-status.json');
    const changed = Object.entries(statuses(edited)).filter(([, status]) => status === 'modified');
    for (const [path] of changed)
      assert.ok(uncommitted.modified.some((name: string) => name.replace(/\/$/, '') === path));
    assert.deepEqual(changed.map(([path]) => path).sort(), ['data/harvest.csv', 'data/weather']);
    assert.deepEqual(notInCache, ['models/yield.json']);
    // It lies on disk as recorded; only the cache could not bring it back.
    assert.equal(statuses(edited)['models/yield.json'], 'unchanged');
    assert.ok(edited.findings.some(({ code, message }) => code === 'dvc/not-in-cache' && /yield\.json/.test(message)));
    for (const stage of ['prepare', 'train'])
      assert.ok(edited.findings.some(({ code, message }) => code === 'dvc/stage-stale' && message.includes(stage)));
  });

  for (const [store, folder] of [
    ['mlruns', 'mlflow-files'],
    ['mlflow.db', 'mlflow-sqlite'],
  ] as const) {
    it(`has the runs of ${store} as MLflow tells them`, () => {
      const all: readonly MlflowRun[] = told(`${folder}/runs.json`);
      const expected = all.filter(({ info }) => info.lifecycle_stage === 'active');
      assert.ok(expected.length < all.length, 'one of them was deleted');
      const runs = runsOf('mlflow', store);
      assert.deepEqual(runs.map(({ id }) => id).sort(), expected.map(({ info }) => info.run_id).sort());
      for (const { info, data } of expected) {
        const found = runs.find(({ id }) => id === info.run_id);
        assert.equal(found?.name, info.run_name);
        assert.equal(found?.status, info.status.toLowerCase());
        assert.equal(found?.startedAt, new Date(info.start_time).toISOString());
        assert.equal(found?.commit, data.tags['mlflow.source.git.commit']);
        assert.deepEqual(found?.params, data.params);
        const metrics = Object.entries(data.metrics).map(([name, value]) => [name, String(value).toLowerCase()]);
        assert.deepEqual(
          Object.entries(found?.metrics ?? {})
            .map(([name, value]) => [name, String(value).toLowerCase()])
            .sort(),
          metrics.sort(),
        );
      }
    });
  }

  it('knows that the commit of a run exists, and what MLflow does not record', () => {
    for (const one of report.runs) assert.equal(one.commitExists, true, one.name ?? one.id);
    assert.equal(run('chosen').dirty, null);
    assert.equal(run('dirty-run').dirty, true);
    assert.ok(
      report.findings.some(({ code, message }) => code === 'wandb/uncommitted' && message.includes('orcharddirty')),
    );
  });

  it('joins the data of a W&B run to those of DVC by their content, and says whether they lie on disk', async () => {
    const [data] = run('clean-run').datasets.filter(({ path }) => path === 'data/harvest.csv');
    assert.deepEqual([data?.joinedBy, data?.current], ['hash', true]);
    const edited = await provenanceOf(world, modified.at('orchard'));
    const same = edited.runs.find(({ id }) => id === run('clean-run').id)?.datasets[0];
    assert.deepEqual([same?.joinedBy, same?.current], ['hash', false]);
  });

  it('has the experiments of DVC with their parameters and metrics', () => {
    const { experiments } = told('history/dvc-exp-show.json')[1];
    for (const { revs } of experiments) {
      const [{ rev, name, data }] = revs;
      const found = runsOf('dvc').find(({ id }) => id === rev);
      assert.equal(found?.name, name);
      const { prepare, train } = data.params['params.yaml'].data;
      assert.equal(found?.params['prepare.youngest'], prepare.youngest);
      assert.equal(found?.params['train.ridge'], train.ridge);
      assert.equal(found?.metrics.mae_kg, data.metrics['metrics/train.json'].data.mae_kg);
    }
    assert.equal(runsOf('dvc').length, experiments.length);
  });

  it('leads from a model version to its run', () => {
    const models = report.models.filter(({ name }) => name === 'orchard-yield');
    assert.deepEqual(
      models.map(({ version, aliases, runExists }) => [version, aliases, runExists]),
      [
        ['1', ['champion'], true],
        ['1', ['champion'], true],
      ],
    );
    for (const { run: id } of models) assert.equal(report.runs.find((one) => one.id === id)?.name, 'chosen');
  });

  it('tells one run by the beginning of its id, and its histories when asked', async () => {
    const { id, store } = run('ridge-10');
    const one = await provenanceOf(world, join(home(), id.slice(0, 8)));
    assert.deepEqual([one.runs.map((found) => found.id), one.code], [[id], report.code]);
    const details = await runDetails(world, { kind: 'runDetails', tracker: 'mlflow', store: join(home(), store), id });
    const folder = store === 'mlruns' ? 'mlflow-files' : 'mlflow-sqlite';
    const expected: readonly { readonly step: number; readonly value: number }[] = told(
      `${folder}/metric-histories.json`,
    )[id].loss;
    assert.deepEqual(
      details.histories.loss?.map(({ step, value }) => [step, value]),
      expected.map(({ step, value }) => [step, value]),
    );
    await assert.rejects(provenanceOf(world, join(home(), 'seasons')), Unreadable, 'two runs are called so');
    await assert.rejects(provenanceOf(world, join(home(), 'nobody')), Unreadable);
  });

  it('tells of one file what concerns it', async () => {
    const one = await provenanceOf(world, clean.at('orchard/data/harvest.csv'));
    assert.deepEqual(
      one.datasets.map(({ path, tracker }) => [path, tracker]),
      [['data/harvest.csv', 'dvc']],
    );
    assert.ok(one.runs.length > 0);
    for (const { datasets } of one.runs) assert.ok(datasets.some(({ path }) => path === 'data/harvest.csv'));
  });

  it('joins as many runs to their data when the project is below the folder that is open', async () => {
    rmSync(modified.at('orchard/.git'), { recursive: true });
    const below = await provenanceOf(world, modified.path);
    const joined = (one: ProvenanceReport, path: string) =>
      one.runs.filter(({ tracker, datasets }) => tracker !== 'dvc' && datasets.some((data) => data.path === path))
        .length;
    assert.equal(joined(below, 'orchard/data/harvest.csv'), joined(report, 'data/harvest.csv'));
    assert.ok(joined(report, 'data/harvest.csv') > 0);
  });

  it('writes nothing', async () => {
    const before = contentsOf(clean.path);
    await provenanceOf(world, home());
    assert.equal(contentsOf(clean.path), before);
  });
});
