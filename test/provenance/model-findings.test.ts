import assert from 'node:assert/strict';
import type { ProvenanceReport } from '../../server/src/protocol';
import { provenanceOf } from '../../server/src/provenance/graph';
import { text } from '../../server/src/report/text';
import { type Scratch, scratch } from '../world/repository';
import { listeningWorld } from '../world/worlds';

const runId = 'aaaa';
const columns = [
  { name: 'age', type: 'long' },
  { name: 'zip', type: 'long' },
  { name: 'wind', type: 'double' },
  { name: 'day', type: 'string' },
];

describe('findings about models', () => {
  const world = listeningWorld();
  let place: Scratch;

  /** A run that read `data/pears.csv`, and its model, which takes columns of it and one that was made. */
  beforeEach(() => {
    place = scratch();
    place.write('mlruns/1/meta.yaml', 'experiment_id: "1"\nname: pears\nlifecycle_stage: active\n');
    const folder = `mlruns/1/${runId}`;
    place.write(
      `${folder}/meta.yaml`,
      `run_id: ${runId}\nrun_name: ${runId}\nexperiment_id: "1"\nstatus: 3\nlifecycle_stage: active\nstart_time: 1\n`,
    );
    place.write(`${folder}/inputs/i/meta.yaml`, 'source_id: d1\nsource_type: DATASET\ntags: {}\n');
    const schema = JSON.stringify({ mlflow_colspec: columns });
    place.write(
      'mlruns/1/datasets/d1/meta.yaml',
      `name: pears\ndigest: abcd1234\nschema: '${schema}'\nsource: '{"uri": "data/pears.csv"}'\n`,
    );
    place.write(`${folder}/outputs/m-1/meta.yaml`, 'source_type: RUN_OUTPUT\n');
    place.write('mlruns/1/models/m-1/meta.yaml', 'name: pear\n');
    model('mlruns/1/models/m-1/artifacts', runId, [...columns, { name: 'age_squared', type: 'double' }]);
    place.write('data/pears.csv', 'age,zip,wind,day\n1,2,3.5,2026-01-01\n');
    contract([
      'age, logicalType: integer',
      'zip, logicalType: integer',
      'wind, logicalType: number',
      'day, logicalType: date',
    ]);
  });
  afterEach(() => place.remove());

  function model(folder: string, run: string, inputs: readonly object[]): void {
    const told = `flavors: {sklearn: {sklearn_version: 1.9.1}}\nrun_id: ${run}\nsignature:\n`;
    place.write(`${folder}/MLmodel`, `${told}  inputs: '${JSON.stringify(inputs)}'\n`);
  }
  function contract(properties: readonly string[]): void {
    const lines = properties.map((property) => `      - {name: ${property}}`).join('\n');
    place.write(
      'pears.odcs.yaml',
      `kind: DataContract\napiVersion: v3.0.2\nid: pears\nversion: 1.0.0\nstatus: active\nschema:\n  - name: pears\n    physicalName: data/pears.csv\n    properties:\n${lines}\n`,
    );
  }
  const told = async (): Promise<readonly (readonly [string, string])[]> =>
    (await provenanceOf(world, place.path)).findings
      .filter(({ code }) => code.startsWith('run/'))
      .map(({ code, message }) => [code, message] as const);

  it('are none for columns that the contract has, and none for one that the run did not read', async () => {
    assert.deepEqual(await told(), []);
  });

  it('name a column that the contract lacks', async () => {
    contract(['age, logicalType: integer', 'zip, logicalType: integer', 'DAY, logicalType: date']);
    const [[code, message] = [], ...others] = await told();
    assert.deepEqual([code, others], ['run/model-column-unknown', []]);
    assert.match(message ?? '', /m-1\/artifacts takes column "wind".*data\/pears\.csv.*pears\.odcs\.yaml/);
  });

  it('name a column that the contract types otherwise, and not one that may be read so', async () => {
    contract([
      'age, logicalType: number',
      'zip, logicalType: string',
      'wind, logicalType: integer',
      'day, logicalType: timestamp',
    ]);
    const [[code, message] = [], ...others] = await told();
    assert.deepEqual([code, others], ['run/model-column-type', []]);
    assert.match(message ?? '', /"zip" as long.*has it as string/);
  });

  it('say nothing where the run did not record what it read', async () => {
    place.write(
      'mlruns/1/datasets/d1/meta.yaml',
      `name: pears\ndigest: abcd1234\nsource: '{"uri": "data/pears.csv"}'\n`,
    );
    contract(['age, logicalType: string']);
    assert.deepEqual(await told(), []);
  });

  it('name a model whose run is not there, once, and none where no store is', async () => {
    model('saved/a', 'bbbb', []);
    model('saved/b', 'bbbb', []);
    const [[code, message] = [], ...others] = await told();
    assert.deepEqual([code, others], ['run/model-without-run', []]);
    assert.match(message ?? '', /saved\/a says that it is from run bbbb/);
    place.remove();
    place = scratch();
    model('saved/a', 'bbbb', []);
    assert.deepEqual(await told(), []);
  });

  it('stand in a report that names the file of each model, and in its text', async () => {
    place.write(
      'MLproject',
      'name: pears\nentry_points:\n  main:\n    parameters: {depth: {type: int, default: 3}}\n    command: train {depth}\n',
    );
    const report: ProvenanceReport = await provenanceOf(world, place.path);
    const file = 'mlruns/1/models/m-1/artifacts/MLmodel';
    assert.deepEqual(report.runs[0]?.models, [{ name: 'pear', version: null, id: 'm-1', file }]);
    assert.deepEqual(
      report.modelFiles?.map(({ path, run, runExists }) => [path, run, runExists]),
      [[file, runId, true]],
    );
    const words = text.write(report, { color: false, quiet: false });
    assert.match(words, /pear +sklearn 1\.9\.1 +age long, zip long, wind double, day string/);
    assert.match(words, /MLproject +main\(depth=3\)/);
    const one = await provenanceOf(world, place.at(runId));
    assert.equal(one.modelFiles?.length, 1);
  });
});
