import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { ModelColumn } from '../../server/src/stores/run';
import { mlflow } from '../../server/src/stores/trackers/mlflow/index';
import { modelFilesIn } from '../../server/src/stores/trackers/mlflow/mlmodel';
import { isProjectFile, projectIn } from '../../server/src/stores/trackers/mlflow/mlproject';
import { type Scratch, scratch } from '../world/repository';
import { listeningWorld } from '../world/worlds';

const fixtures = 'test/fixtures/provenance/mlflow';
const inExperiment = 'mlruns/190275333245063580/models/m-bf76c1f4c52f40be810b90e0022cc4ae/artifacts';
const inDatabase = 'mlruns/1/models/m-1a6bec1006e747239ec7ca1fbdeb5786/artifacts';

/** Without their places. */
const shapes = (columns: readonly ModelColumn[] | undefined) =>
  columns?.map(({ name, type, shape, required }) => [name, type, shape, required]);
const lineOf = ({
  location,
}: {
  readonly location: { readonly range: { readonly start: { readonly line: number } } };
}) => location.range.start.line + 1;

describe("files beside MLflow's models", () => {
  const world = listeningWorld();
  let place: Scratch;

  beforeEach(() => {
    place = scratch();
    cpSync(fixtures, place.path, { recursive: true });
    place.write('mlflow.db', gunzipSync(readFileSync(`${fixtures}/mlflow.db.gz`)));
  });
  afterEach(() => place.remove());

  const read = async (folder: string) => {
    const { found, problems } = await modelFilesIn([place.at(folder)], world);
    return { model: found[0], problems };
  };
  const codesOf = async (folder: string) => (await read(folder)).problems.map(({ code }) => code);
  const edit = (path: string, change: (text: string) => string) =>
    place.write(path, change(readFileSync(place.at(path), 'utf8')));

  it('tell flavors, signature, run and size, each with its line', async () => {
    const { model, problems } = await read(inExperiment);
    assert.ok(model);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      model.flavors.map(({ name, version, loader }) => [name, version, loader]),
      [
        ['python_function', undefined, 'mlflow.sklearn'],
        ['sklearn', '1.9.1', undefined],
      ],
    );
    assert.deepEqual(shapes(model.inputs), [
      ['distance_nm', 'double', undefined, true],
      ['draught_m', 'double', undefined, true],
    ]);
    assert.deepEqual(shapes(model.outputs), [[undefined, 'float64', [-1], true]]);
    assert.equal(model.params, undefined);
    assert.equal(model.id?.value, 'm-bf76c1f4c52f40be810b90e0022cc4ae');
    assert.equal(model.run?.value, 'efd96f1c72ac4887b630fe7f14470810');
    assert.equal(model.created?.value, Date.UTC(2026, 10, 23, 22, 14, 29, 435));
    assert.deepEqual([model.writer?.value, model.size?.value], ['3.17.2', 849]);
    // The text is broken into lines by YAML: the second column is named in the line after its type.
    const lines = readFileSync(place.at(`${inExperiment}/MLmodel`), 'utf8').split('\n');
    for (const column of model.inputs ?? [])
      assert.match(lines[lineOf(column) - 1] ?? '', new RegExp(`"${column.name}"`));
    assert.match(lines[(model.run ? lineOf(model.run) : 0) - 1] ?? '', /^run_id/);
    assert.deepEqual(model.flavors.map(lineOf), [3, 11]);
  });

  it('have the packages that lie beside them, without findings about what MLflow leaves open', async () => {
    const { model } = await read(inExperiment);
    assert.deepEqual(
      model?.environment.map(({ kind, pinned }) => [kind, pinned]),
      [
        ['requirements', true],
        ['conda', false],
        ['python-env', false],
      ],
    );
    rmSync(place.at(`${inExperiment}/conda.yaml`));
    const { problems } = await read(inExperiment);
    assert.deepEqual(
      problems.map(({ code, location }) => [code, location?.range.start.line]),
      [['mlflow/environment-missing', 4]],
    );
  });

  for (const [store, folder] of [
    ['mlruns', inExperiment],
    ['mlflow.db', inDatabase],
  ] as const) {
    it(`are found by the runs of ${store}, and when the run is gone`, async () => {
      const { found } = await mlflow.read(place.at(store), world);
      const run = found.runs.find(({ models }) => models.some((model) => model.folder === place.at(folder)));
      assert.equal((await read(folder)).model?.run?.value, run?.id);
      if (store === 'mlruns' && run) {
        rmSync(place.at(`mlruns/190275333245063580/${run.id}`), { recursive: true });
        const again = await mlflow.read(place.at(store), world);
        assert.ok(!again.found.runs.some(({ id }) => id === run.id));
        assert.ok(again.found.modelFolders?.includes(place.at(folder)));
      }
    });
  }

  it('are found in the folder of an artifact server that was moved with its database', async () => {
    const orchard = 'test/fixtures/provenance/orchard';
    cpSync(`${orchard}/overlay/mlartifacts`, place.at('moved/mlartifacts'), { recursive: true });
    place.write('moved/mlflow.db', gunzipSync(readFileSync(`${orchard}/mlflow.db.gz`)));
    const { found } = await mlflow.read(place.at('moved/mlflow.db'), world);
    const folder = place.at('moved/mlartifacts/models/m-8dfabf21b4044038a310041447558ab0/artifacts');
    assert.deepEqual(found.modelFolders, [folder]);
    assert.deepEqual(
      shapes((await read('moved/mlartifacts/models/m-8dfabf21b4044038a310041447558ab0/artifacts')).model?.inputs),
      [['age_years', 'double', undefined, true]],
    );
  });

  it('tell nested types, what may be left out, and parameters', async () => {
    const inputs = [
      { name: 'tags', type: 'array', items: { type: 'string' } },
      { name: 'scores', type: 'map', values: { type: 'array', items: { type: 'float' } }, required: false },
      { name: 'old', type: 'long', optional: true },
      { name: 'image', type: 'tensor', 'tensor-spec': { dtype: 'uint8', shape: [-1, 28, 28] } },
    ];
    const params = [{ name: 'top k', type: 'long', default: 3, shape: null }];
    place.write(
      'a/MLmodel',
      `flavors:\n  lightgbm:\n    lgb_version: 4.10\n  python_function: {env: conda.yaml, cloudpickle_version: 3.1.3}\nsignature:\n  inputs: '${JSON.stringify(inputs)}'\n  params: '${JSON.stringify(params)}'\n`,
    );
    place.write('a/conda.yaml', 'dependencies: [python=3.11.7]\n');
    const { model, problems } = await read('a');
    assert.deepEqual(problems, []);
    assert.deepEqual(shapes(model?.inputs), [
      ['tags', 'array<string>', undefined, true],
      ['scores', 'map<array<float>>', undefined, false],
      ['old', 'long', undefined, false],
      ['image', 'uint8', [-1, 28, 28], true],
    ]);
    assert.deepEqual(shapes(model?.params), [['top k', 'long', undefined, false]]);
    // A number to YAML, whose last digit counts.
    assert.deepEqual(
      model?.flavors.map(({ version }) => version),
      ['4.10', undefined],
    );
  });

  it('are one finding each when they are broken, half-written or huge', async () => {
    edit(`${inExperiment}/MLmodel`, (text) => text.slice(0, 40));
    assert.deepEqual(await codesOf(inExperiment), ['mlflow/model-unreadable']);
    place.write('b/MLmodel', 'flavors:\n  a: {b: [}\n');
    assert.deepEqual(await codesOf('b'), ['mlflow/model-unreadable']);
    place.write('c/MLmodel', `flavors: {a: {}}\n${'# padding\n'.repeat(500_000)}`);
    assert.deepEqual(await codesOf('c'), ['mlflow/model-unreadable']);
    place.write('d/MLmodel', Buffer.from([0, 1, 2, 3]));
    assert.deepEqual(await codesOf('d'), ['mlflow/model-unreadable']);
    place.write('e/MLmodel', `flavors: {a: {a_version: 1}}\nsignature: {inputs: '{"half": '}\n`);
    const { model, problems } = await read('e');
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['mlflow/model-unreadable'],
    );
    assert.equal(model?.flavors[0]?.version, '1');
    assert.deepEqual(await codesOf('nowhere'), []);
  });

  it('are read again when they or their packages change', async () => {
    assert.equal((await read(inDatabase)).model?.environment[0]?.packages.length, 3);
    edit(`${inDatabase}/requirements.txt`, (text) => `${text}\nscipy==1.16.0\n`);
    assert.equal((await read(inDatabase)).model?.environment[0]?.packages.length, 4);
  });
});

describe("MLflow's projects", () => {
  const world = listeningWorld();
  let place: Scratch;

  beforeEach(() => {
    place = scratch();
  });
  afterEach(() => place.remove());

  const read = async (text: string) => {
    place.write('MLproject', text);
    const { found, problems } = await projectIn(place.at('MLproject'), world);
    return { found, told: problems.map(({ code, location }) => `${code}:${(location?.range.start.line ?? 0) + 1}`) };
  };
  const points =
    'entry_points:\n  main:\n    parameters:\n      depth: {type: int, default: 3}\n      data: path\n    command: "python train.py {depth} {data} {{x}}"\n';

  it('are files of that name in any case', () => {
    assert.deepEqual(['/a/MLproject', 'mlproject', '/a/MLproject.txt', '/a/notMLproject'].map(isProjectFile), [
      true,
      true,
      false,
      false,
    ]);
  });

  it('tell their entry points and environment', async () => {
    place.write('conda.yaml', 'dependencies: []\n');
    const { found, told } = await read(`name: pears\nconda_env: conda.yaml\n${points}`);
    assert.deepEqual(told, []);
    assert.deepEqual([found?.name, found?.environment], ['pears', { kind: 'conda_env', of: 'conda.yaml' }]);
    const [main] = found?.entryPoints ?? [];
    assert.deepEqual(main?.parameters, [
      { name: 'depth', type: 'int', default: 3 },
      { name: 'data', type: 'path', default: undefined },
    ]);
    // Where none is named, MLflow takes what lies there.
    assert.deepEqual((await read(points)).found?.environment, { kind: 'conda_env', of: 'conda.yaml' });
  });

  it('are told what MLflow would refuse, at its line', async () => {
    assert.deepEqual((await read(`python_env: gone.yaml\n${points}`)).told, ['mlflow/environment-missing:1']);
    assert.deepEqual((await read(`name: a\ndocker_env: {volumes: []}\n`)).told, ['mlflow/project-broken:2']);
    assert.deepEqual((await read(`docker_env: {image: pears:1}\nconda_env: a.yaml\n`)).told, [
      'mlflow/project-broken:2',
    ]);
    assert.deepEqual((await read('entry_points:\n  main:\n    command: "train {depth}"\n')).told, [
      'mlflow/project-broken:3',
    ]);
    assert.deepEqual((await read('name: [\n')).told, ['mlflow/project-broken:1']);
    assert.deepEqual((await read('just words\n')).told, ['mlflow/project-broken:1']);
  });
});
