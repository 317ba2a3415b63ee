import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProvenanceReport, RunReport } from '../../server/src/protocol';
import { provenanceOf } from '../../server/src/provenance/graph';
import { type Ingredients, recipeFor, recipeOf } from '../../server/src/provenance/recipe';
import type { World } from '../../server/src/world';
import { layOutOrchard } from '../fixtures/provenance/orchard/lay-out.mjs';
import { listeningWorld } from '../world/worlds';

const commit = '4bad57b833c6f5ca13c6f72dfa66f48b05a75d87';

const run: RunReport = {
  id: 'a1b2',
  tracker: 'mlflow',
  store: 'mlruns',
  name: 'best one',
  experiment: 'yield',
  status: 'finished',
  startedAt: null,
  endedAt: null,
  commit,
  commitExists: true,
  branch: null,
  dirty: null,
  entrypoint: 'src/train.py',
  parent: null,
  user: null,
  params: { ridge: '0.1' },
  metrics: {},
  tags: {},
  datasets: [],
  models: [],
  environment: null,
  image: null,
  artifacts: null,
  location: { path: '/w/mlruns', range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } } },
};
const from = (changes: Partial<RunReport>, others: Partial<Ingredients> = {}): readonly string[] =>
  recipeOf({ run: { ...run, ...changes }, home: '/w', data: [], lockFiles: [], patch: undefined, ...others }).split(
    '\n',
  );

/** What a shell would run. */
const commands = (lines: readonly string[]) => lines.filter((line) => line !== '' && !line.startsWith('#'));

describe('A reproduction recipe', () => {
  it('checks out the commit and starts the script', () => {
    assert.deepEqual(from({}), [
      '# Makes the mlflow run best one (a1b2) again, from what its tracker kept.',
      '',
      '# Code',
      `git worktree add --detach ../w-best-one ${commit}`,
      'cd ../w-best-one',
      '# Whether there were uncommitted changes was not recorded.',
      '',
      '# Environment',
      '# Neither the run nor its commit names the packages.',
      '',
      '# Data',
      '# The run recorded no data that it read.',
      '',
      '# Run',
      'python src/train.py',
      '# The run had these parameters; how to give them was not recorded:',
      '#   ridge = 0.1',
      '',
    ]);
  });

  it('has no command for what is not known', () => {
    assert.deepEqual(commands(from({ commit: null, entrypoint: null })), []);
  });

  it('starts a project of MLflow with its parameters', () => {
    const tags = { 'mlflow.source.type': 'PROJECT', 'mlflow.project.entryPoint': 'train' };
    assert.equal(
      commands(from({ tags, params: { ridge: '0.1', note: 'two words' } })).at(-1),
      "mlflow run . --entry-point train --experiment-name yield -P ridge=0.1 -P 'note=two words'",
    );
  });

  it('takes an experiment of DVC by its own commit', () => {
    const lines = from({ tracker: 'dvc', id: '07e691fcc40e16ece7b4a3785a3d9c1c747603e0', name: 'steeper' });
    assert.deepEqual(commands(lines), [
      'git worktree add --detach ../w-steeper 07e691fcc40e16ece7b4a3785a3d9c1c747603e0',
      'cd ../w-steeper',
      'dvc repro --force',
    ]);
  });

  const installs: readonly (readonly [string, string, string])[] = [
    ['uv', 'uv.lock', 'uv sync --locked'],
    ['uv', 'model/uv.lock', 'uv sync --locked --project model'],
    ['poetry', 'poetry.lock', 'poetry install'],
    ['pdm', 'pdm.lock', 'pdm sync'],
    ['requirements', 'requirements.txt', 'pip install -r requirements.txt'],
    ['conda', 'environment.yml', 'conda env create --file environment.yml'],
    ['conda-lock', 'conda-lock.yml', 'conda-lock install --prefix ./.conda conda-lock.yml'],
    ['pixi', 'pixi.lock', 'pixi install --locked'],
    ['npm', 'package-lock.json', 'npm ci'],
    ['renv', 'renv.lock', "Rscript -e 'renv::restore()'"],
  ];
  for (const [kind, path, command] of installs) {
    it(`installs from ${path} of ${kind}`, () => {
      const lines = commands(from({}, { lockFiles: [{ path, kind, pinned: true, packages: 3 }] }));
      assert.equal(lines[2], command);
    });
  }

  it('takes a pinned file before one that leaves versions open, and names the other', () => {
    const lockFiles = [
      { path: 'requirements.txt', kind: 'requirements', pinned: false, packages: 3 },
      { path: 'uv.lock', kind: 'uv', pinned: true, packages: 3 },
    ];
    const lines = from({}, { lockFiles });
    assert.equal(commands(lines)[2], 'uv sync --locked');
    assert.ok(lines.includes('# There is also: pip install -r requirements.txt'));
  });

  const input = {
    name: 'harvest',
    role: 'input',
    version: '3426',
    algorithm: 'md5',
    context: null,
    source: null,
    path: 'data/harvest.csv',
    joinedBy: 'hash',
    current: true,
  } as const;
  const dataset = (tracker: 'dvc' | 'git' | 'git-lfs') => ({
    path: 'data/harvest.csv',
    tracker,
    version: '3426',
    algorithm: 'md5',
    sizeBytes: 1,
    status: 'unchanged' as const,
    commit: null,
    contract: null,
  });

  it('brings data by the tool that keeps them, and says which version they were', () => {
    const lines = (tracker: 'dvc' | 'git' | 'git-lfs') => from({ datasets: [input] }, { data: [dataset(tracker)] });
    assert.ok(lines('dvc').includes('dvc pull data/harvest.csv'));
    assert.ok(lines('dvc').includes('# harvest was md5 3426.'));
    assert.ok(lines('git-lfs').includes('git lfs pull --include data/harvest.csv'));
    assert.ok(lines('git').includes('# data/harvest.csv is in the commit.'));
  });

  it('brings data of lakeFS, and says where others lay', () => {
    const lost = { ...input, path: null, joinedBy: null };
    const lake = from({ datasets: [{ ...lost, source: 'lakefs://orchard/3f2c/harvest.csv' }] });
    assert.ok(lake.includes('lakectl fs download lakefs://orchard/3f2c/harvest.csv harvest.csv'));
    const other = from({ datasets: [{ ...lost, source: 'https://example.org/h.csv' }] });
    assert.ok(other.includes('# harvest has to be brought by hand. It lay at https://example.org/h.csv.'));
  });

  it('leaves outputs of the run to the run', () => {
    const lines = from({ datasets: [{ ...input, role: 'output' }] }, { data: [dataset('dvc')] });
    assert.ok(!lines.includes('dvc pull data/harvest.csv'));
  });

  it('applies the changes that the tracker kept', () => {
    const lines = from({ tracker: 'wandb', dirty: true }, { patch: '/w/wandb/run 1/diff.patch' });
    assert.equal(commands(lines)[2], "git apply '/w/wandb/run 1/diff.patch'");
  });

  it('lets nothing that a tracker kept become a command', () => {
    const folder = mkdtempSync(join(tmpdir(), 'plumbline-shell-'));
    const evil = "x\n: > owned\r'; : > owned; $(: > owned) `: > owned`";
    const changes = {
      id: evil,
      name: evil,
      image: evil,
      parent: evil,
      experiment: evil,
      params: { [evil]: evil },
      datasets: [{ ...input, name: evil, path: evil, source: `lakefs://${evil}` }],
    };
    const tags = { 'mlflow.source.type': 'PROJECT', 'mlflow.project.entryPoint': evil };
    const scripts = [{ tags }, { entrypoint: `${evil}.py` }, { entrypoint: `$(:>owned).py` }].map((other) =>
      from({ ...changes, ...other }).join('\n'),
    );
    // Without a PATH only the shell itself can do something, and it goes on after each command that is not found.
    for (const script of scripts) spawnSync('/bin/sh', ['-s'], { cwd: folder, input: script, env: { PATH: '' } });
    const left = readdirSync(folder);
    rmSync(folder, { recursive: true });
    assert.deepEqual(left, []);
    assert.deepEqual(commands(from({ commit: '--upload-pack=x', entrypoint: '-c x.py' })), []);
  });
});

describe('The recipe of a run of the orchard', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-recipe-'));
  let world: World;
  let report: ProvenanceReport;
  before(async () => {
    const project = layOutOrchard(folder);
    world = listeningWorld();
    report = await provenanceOf(world, project);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const recipe = async (tracker: string, name: string): Promise<readonly string[]> => {
    const found = report.runs.find((candidate) => candidate.tracker === tracker && candidate.name === name);
    assert.ok(found, `no run ${name}`);
    return (await recipeFor(world, report, found.id)).split('\n');
  };

  it('has all commands of one of MLflow', async () => {
    assert.deepEqual(commands(await recipe('mlflow', 'ridge-10')), [
      `git worktree add --detach ../orchard-ridge-10 ${commit}`,
      'cd ../orchard-ridge-10',
      'pip install -r requirements.txt',
      'dvc pull data/harvest.csv',
      'python src/track_mlflow.py',
    ]);
  });

  it('applies the changes that W&B kept, and takes the packages that it recorded', async () => {
    const lines = commands(await recipe('wandb', 'dirty-run'));
    assert.match(lines[2] ?? '', /^git apply \S+orcharddirty\/files\/diff\.patch$/);
    assert.match(lines[3] ?? '', /^pip install -r \S+orcharddirty\/files\/requirements\.txt$/);
  });

  it('is refused for a run that is not there', async () => {
    await assert.rejects(recipeFor(world, report, 'nobody'), /No tracker here has a run nobody any more/);
  });
});
