import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Run } from '../../server/src/stores/run';
import { storeMemory } from '../../server/src/stores/run-memory';
import { artifactPath, mlflow } from '../../server/src/stores/trackers/mlflow/index';
import { SqliteMissing } from '../../server/src/stores/trackers/mlflow/sqlite';
import { Unreadable } from '../../server/src/world';
import { type Scratch, scratch } from '../world/repository';
import { listeningWorld } from '../world/worlds';

const fixtures = 'test/fixtures/provenance/mlflow';
const commit = '5717c6d25ec38400129f9590eb1c6dd958fafa00';

function runNamed(runs: readonly Run[], name: string): Run {
  const run = runs.find((one) => one.name === name);
  assert.ok(run, `There is no run ${name}.`);
  return run;
}

/** Every file below a folder with the time it was written. */
const tracesOf = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true })
    .map((name) => `${name} ${statSync(join(folder, String(name))).mtimeMs}`)
    .sort();

describe("MLflow's stores", () => {
  const world = listeningWorld();
  let place: Scratch;

  beforeEach(() => {
    place = scratch();
    cpSync(fixtures, place.path, { recursive: true });
    place.write('mlflow.db', gunzipSync(readFileSync(`${fixtures}/mlflow.db.gz`)));
  });
  afterEach(function () {
    // Of three hundred runs there are thousands of files.
    this.timeout(30_000);
    place.remove();
  });

  it('are found by what they hold, whatever they are called', async () => {
    place.write('other.db', 'no database');
    place.write('years/2024/meta.yaml', 'title: not an experiment\n');
    const stores = ['mlflow.db', 'mlruns', 'mlruns-2x', 'old.db'].map((name) => place.at(name));
    assert.deepEqual(await mlflow.stores(place.path, world), stores);
  });

  for (const name of ['mlruns', 'mlflow.db']) {
    it(`${name} of MLflow 3.17 gives what MLflow shows of it`, async () => {
      const before = tracesOf(place.path);
      const { found, problems } = await mlflow.read(place.at(name), world);
      assert.deepEqual(
        found.runs.map((run) => [run.name, run.status]),
        [
          ['fails', 'failed'],
          ['final', 'finished'],
          ['lr-0.01', 'finished'],
          ['lr-0.1', 'finished'],
          ['sweep-parent', 'finished'],
        ],
      );
      const child = runNamed(found.runs, 'lr-0.1');
      assert.equal(child.parent, runNamed(found.runs, 'sweep-parent').id);
      assert.equal(child.experiment, 'eta');
      assert.equal(child.user, 'ada');
      assert.deepEqual(child.params, { epochs: '5', lr: '0.1', note: 'line one\nline two' });
      assert.deepEqual(child.metrics, { diverged: Number.NaN, loss: 6.561, 'val/mae': 1.6 });
      assert.deepEqual(
        { ...child.code, location: undefined },
        {
          commit,
          branch: 'main',
          repository: 'https://git.example/harbour/harbor.git',
          entrypoint: 'src/track_mlflow.py',
          dirty: undefined,
          location: undefined,
        },
      );
      const [training] = child.datasets;
      assert.deepEqual(
        [training?.name, training?.version, training?.algorithm, training?.context, training?.source],
        ['port_calls', '6290b473', 'mlflow-pandas', 'training', 'data/port_calls.csv'],
      );
      const final = runNamed(found.runs, 'final');
      assert.deepEqual(final.metrics, { r2: 0.9845197125230362 });
      assert.deepEqual(final.datasets.map(({ version }) => version).sort(), ['4e605da7', '6290b473']);
      const [model] = final.models;
      assert.deepEqual([final.models.length, model?.name, model?.version], [1, 'harbor-eta', '1']);
      assert.match(final.environment ?? '', /m-[0-9a-f]{32}.artifacts.requirements\.txt$/);
      assert.equal(final.artifacts.recorded?.includes('/home/ada/work/harbor/mlruns/'), true);
      const [version] = found.models;
      assert.deepEqual(
        [found.models.length, version?.name, version?.version, version?.run, version?.aliases, version?.stage],
        [1, 'harbor-eta', '1', final.id, ['champion'], undefined],
      );
      assert.deepEqual(
        problems.map(({ code, severity }) => [code, severity]),
        [['mlflow/artifacts-elsewhere', 'info']],
      );
      assert.match(problems[0]?.message ?? '', new RegExp(`${name}.*artifacts.*/home/ada`));
      const details = await mlflow.details(place.at(name), child.id, world);
      assert.deepEqual(
        details?.histories.loss?.map(({ step, value }) => [step, value]),
        [
          [0, 10],
          [1, 9],
          [2, 8.100000000000001],
          [3, 7.290000000000001],
          [4, 6.561],
        ],
      );
      assert.equal(details?.histories['val/mae']?.length, 1);
      assert.ok(details?.places['params/lr'] && details.places['metrics/loss']);
      assert.deepEqual((await mlflow.details(place.at(name), final.id, world))?.artifacts, [
        'config/model.yaml',
        'notes/hello.txt',
      ]);
      assert.equal(await mlflow.details(place.at(name), '../mlruns', world), undefined);
      assert.deepEqual(tracesOf(place.path), before, 'reading left a trace');
    });
  }

  it('of MLflow 2 are read as well', async () => {
    const { found } = await mlflow.read(place.at('mlruns-2x'), world);
    const [run] = found.runs;
    assert.deepEqual(
      [found.runs.length, run?.name, run?.params, run?.metrics, run?.datasets[0]?.version, run?.code.commit],
      [1, 'old-style', { lr: '0.1' }, { loss: 3.25 }, '6290b473', commit],
    );
    assert.equal(run?.artifacts.path, join(run?.location.path ?? '', '..', 'artifacts'));
  });

  it('keep what is only in the log of a database, and an older schema', async () => {
    const { found, problems } = await mlflow.read(place.at('old.db'), world);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      found.runs.map(({ id, status, metrics }) => [id, status, metrics]),
      [
        ['a2', 'running', {}],
        ['a1', 'failed', { loss: 2.5 }],
      ],
    );
    assert.equal(Object.keys(found.runs[1]?.tags ?? {}).length, 200);
    const log = readFileSync(place.at('old.db-wal'));
    writeFileSync(place.at('old.db-wal'), log.subarray(0, log.length - 10));
    const cut = await mlflow.read(place.at('old.db'), world);
    assert.deepEqual(
      cut.found.runs.map(({ id, tags }) => [id, tags]),
      [
        ['a2', {}],
        ['a1', {}],
      ],
    );
  });

  it('that are damaged are one finding each', async () => {
    place.write('mlflow.db', 'SQLite format 3\0 and then nothing');
    const { found, problems } = await mlflow.read(place.at('mlflow.db'), world);
    assert.deepEqual([found.runs, problems.map(({ code }) => code)], [[], ['mlflow/database-unreadable']]);
    const whole = gunzipSync(readFileSync(`${fixtures}/mlflow.db.gz`));
    place.write('mlflow.db', whole.subarray(0, 100_000));
    const cut = await mlflow.read(place.at('mlflow.db'), world);
    assert.deepEqual(
      cut.problems.map(({ code }) => code),
      ['mlflow/database-unreadable'],
    );
  });

  it('say of a journal beside a database that a write is under way', async () => {
    place.write('mlflow.db-journal', Buffer.from('d9d505f920a163d700000001', 'hex'));
    const { found, problems } = await mlflow.read(place.at('mlflow.db'), world);
    assert.equal(found.runs.length, 5);
    assert.equal(
      problems.some(({ code }) => code === 'mlflow/database-busy'),
      true,
    );
  });

  it('hide no run for another one that is half-written', async () => {
    const experiment = 'mlruns/190275333245063580';
    place.write(`${experiment}/2ad0450943224daab0187f83345c009e/meta.yaml`, 'artifact_uri: "file:///ho');
    mkdirSync(place.at(experiment, 'a'.repeat(32)));
    place.write(`${experiment}/474ff84f2437427da3f62ba65ea1519f/metrics/loss`, '17954720');
    place.write(`${experiment}/474ff84f2437427da3f62ba65ea1519f/params/lr`, new Uint8Array([0xff, 0, 1, 2]));
    const { found, problems } = await mlflow.read(place.at('mlruns'), world);
    assert.deepEqual(
      found.runs.map(({ name }) => name),
      ['fails', 'final', 'lr-0.01', 'lr-0.1'],
    );
    const told = problems.filter(({ code }) => code === 'mlflow/run-unreadable').map(({ message }) => message);
    assert.equal(told.length, 3);
    assert.equal(told.filter((message) => message.includes('474ff84f') && message.includes('1 more')).length, 1);
  });

  it('are read anew where a file has changed, and only there', async () => {
    const metric = 'mlruns/190275333245063580/a51549718e3f4e6989472acdc7278dd5/metrics/loss';
    await mlflow.read(place.at('mlruns'), world);
    place.write(metric, `${readFileSync(place.at(metric))}1795472067070 inf 5\n`);
    const asked: string[] = [];
    const counting = {
      ...world,
      many: {
        ...world.many,
        read: (paths: readonly string[], options: Parameters<typeof world.many.read>[1]) => {
          asked.push(...paths);
          return world.many.read(paths, options);
        },
      },
    };
    const { found } = await mlflow.read(place.at('mlruns'), counting);
    assert.equal(runNamed(found.runs, 'lr-0.1').metrics.loss, Number.POSITIVE_INFINITY);
    assert.equal(asked.includes(place.at(metric)), true, asked.join('\n'));
    assert.equal(
      asked.every((path) => path.includes('a51549718e3f4e6989472acdc7278dd5')),
      true,
      asked.join('\n'),
    );
  });

  it('know the ids of other tools in sources and tags, and hide what is secret', async () => {
    const inputs = 'mlruns/190275333245063580/a51549718e3f4e6989472acdc7278dd5';
    place.write(
      `${inputs}/inputs/7e0e5eb84c105877d23b25601aa92ab8/meta.yaml`,
      'source_id: 8767903d30a20d8eb4ce673cb8a9e87a\nsource_type: DATASET\ntags:\n  dvc.md5: 04d343dc5db054264aecf9c61b9e9851\n  lake: lakefs://harbor-lake/main/a.csv\n',
    );
    place.write(
      'mlruns/190275333245063580/datasets/8767903d30a20d8eb4ce673cb8a9e87a/meta.yaml',
      `name: calls\ndigest: 6290b473\nsource: '{"uri": "https://ada:secret@data.example/calls.csv?key=secret"}'\n`,
    );
    place.write(`${inputs}/tags/mlflow.source.git.repoURL`, 'https://ada:secret@git.example/harbor.git');
    const { found } = await mlflow.read(place.at('mlruns'), world);
    const run = runNamed(found.runs, 'lr-0.1');
    assert.deepEqual(
      run.datasets[0]?.files.map(({ md5, reference }) => md5 ?? reference),
      ['04d343dc5db054264aecf9c61b9e9851', 'lakefs://harbor-lake/main/a.csv'],
    );
    assert.equal(run.datasets[0]?.source, 'https://data.example/calls.csv');
    assert.equal(JSON.stringify(run).includes('secret'), false);
  });

  it('stop when nobody waits any more', async () => {
    await assert.rejects(mlflow.read(place.at('mlruns'), world, AbortSignal.abort()), { name: 'AbortError' });
  });

  it('are known to the next process, run by run, until a file of one changes', async function () {
    this.timeout(30_000);
    const experiment = 'mlruns/190275333245063580';
    const source = place.at(experiment, 'a51549718e3f4e6989472acdc7278dd5');
    for (let run = 0; run < 300; run++)
      cpSync(source, place.at(experiment, String(run).padStart(32, '0')), { recursive: true });
    const reads: string[] = [];
    const listening = {
      ...world,
      places: { ...world.places, storage: place.at('storage') },
      many: {
        ...world.many,
        read: (paths: readonly string[], options: Parameters<typeof world.many.read>[1]) => {
          reads.push(...paths);
          return world.many.read(paths, options);
        },
      },
    };
    const first = await mlflow.read(place.at('mlruns'), listening);
    assert.equal(first.found.runs.length, 305);
    const [kept] = readdirSync(place.at('storage/stores'));
    const memory = storeMemory<Map<string, { found: { run: Run | undefined } }>>('mlflow-files-3');
    const recalled = await memory.recall(place.at('mlruns'), listening);
    assert.equal([...(recalled?.values() ?? [])].filter(({ found }) => found.run).length, 305);
    assert.deepEqual(
      [...(recalled?.values() ?? [])].find(({ found }) => found.run?.name === 'lr-0.1')?.found.run?.metrics,
      {
        diverged: Number.NaN,
        loss: 6.561,
        'val/mae': 1.6,
      },
    );
    assert.equal(await memory.recall(place.at('mlruns-2x'), listening), undefined);
    reads.length = 0;
    place.write(`${experiment}/${'7'.padStart(32, '0')}/tags/new`, 'tag');
    const again = await mlflow.read(place.at('mlruns'), listening);
    assert.equal(reads.length > 0 && reads.every((path) => path.includes('7'.padStart(32, '0'))), true);
    assert.equal(again.found.runs.filter(({ tags }) => tags.new === 'tag').length, 1);
    place.write(`storage/stores/${kept}`, 'half');
    assert.equal(await memory.recall(place.at('mlruns'), listening), undefined);
  });

  it('have long values and long histories, which are read by themselves', async () => {
    const run = 'mlruns/190275333245063580/a51549718e3f4e6989472acdc7278dd5';
    const note = 'long '.repeat(20_000);
    place.write(`${run}/params/note`, note);
    const lines = Array.from({ length: 5_000 }, (_, step) => `1795472067070 ${step / 2} ${step}`);
    place.write(`${run}/metrics/loss`, lines.join('\n'));
    const { found, problems } = await mlflow.read(place.at('mlruns'), world);
    const read = runNamed(found.runs, 'lr-0.1');
    assert.deepEqual([read.params.note, read.metrics.loss], [note, 2499.5]);
    assert.equal(
      problems.some(({ code }) => code === 'mlflow/run-unreadable'),
      false,
    );
  });

  it('say which folder may not be opened', async () => {
    const closed = place.at('mlruns/190275333245063580/a51549718e3f4e6989472acdc7278dd5/params');
    const experiment = place.at('mlruns/0');
    place.write('mlruns/0/meta.yaml', "experiment_id: '0'\nname: Default\n");
    const refusing = {
      ...world,
      many: {
        ...world.many,
        list: async (folders: readonly string[]) => {
          const lists = await world.many.list(folders);
          const refuse = (path: string) =>
            new Unreadable(`${path} may not be opened by this user; change its permissions.`, path);
          return lists.map((list, index) => {
            const path = folders[index] ?? '';
            return path === closed || path === experiment ? refuse(path) : list;
          });
        },
      },
    };
    const { found, problems } = await mlflow.read(place.at('mlruns'), refusing);
    assert.deepEqual(runNamed(found.runs, 'lr-0.1').params, {});
    assert.deepEqual(problems.map(({ code }) => code).sort(), [
      'mlflow/artifacts-elsewhere',
      'mlflow/experiment-unreadable',
      'mlflow/run-unreadable',
    ]);
    assert.match(
      problems.find(({ code }) => code === 'mlflow/run-unreadable')?.message ?? '',
      /params may not be opened/,
    );
  });

  it('are not to blame when the reader of SQLite is missing', () => {
    const { message } = new SqliteMissing('/plumbline/sql-wasm.wasm');
    assert.match(message, /Plumbline lacks its reader of SQLite, .*sql-wasm\.wasm; install Plumbline again/);
  });

  it('have the models of MLflow 3 by the address of their run, and no link out of it', async () => {
    const { id } = runNamed((await mlflow.read(place.at('mlruns'), world)).found.runs, 'final');
    rmDatabases(place);
    const model = 'mlruns/190275333245063580/models/m-bf76c1f4c52f40be810b90e0022cc4ae/artifacts';
    assert.equal(await artifactPath(id, 'eta-model/MLmodel', place.path, world), place.at(model, 'MLmodel'));
    await assert.rejects(artifactPath(id, 'eta-model/none', place.path, world), /does not exist/);
    const artifacts = `mlruns/190275333245063580/${id}/artifacts`;
    place.write(`${artifacts}-2/secret.txt`, 'of another run');
    symlinkSync(place.at(`${artifacts}-2/secret.txt`), place.at(artifacts, 'link.txt'));
    await assert.rejects(artifactPath(id, 'link.txt', place.path, world), /is a link that leads out/);
  });

  it('lead from runs:/ to the file, and say which step failed', async () => {
    rmDatabases(place);
    const { found } = await mlflow.read(place.at('mlruns'), world);
    const { id } = runNamed(found.runs, 'final');
    const file = await artifactPath(id, 'notes/hello.txt', place.path, world);
    assert.equal(file, place.at('mlruns/190275333245063580', id, 'artifacts/notes/hello.txt'));
    const failing: readonly (readonly [string, string, string, RegExp])[] = [
      [id, 'notes/none.txt', place.path, /has no notes\/none\.txt/],
      [id, '../meta.yaml', place.path, /leads out of the run's artifacts/],
      ['0'.repeat(32), 'a.txt', place.path, /no run in .* has this id/],
      [id, 'a.txt', place.at('mlruns', 'models'), /no MLflow store lies at or below/],
      [runNamed(found.runs, 'fails').id, 'a.txt', place.path, /not on this machine/],
    ];
    for (const [run, path, folder, message] of failing) {
      await assert.rejects(artifactPath(run, path, folder, world), (error) => {
        assert.ok(error instanceof Unreadable);
        assert.match(error.message, message);
        return true;
      });
    }
  });
});

function rmDatabases(place: Scratch): void {
  for (const name of ['mlflow.db', 'old.db']) place.write(name, '');
}

const shared = '../shared/corpus/provenance/fixtures/harbor';
if (existsSync(shared)) {
  interface Told {
    readonly info: Readonly<Record<'run_id' | 'run_name' | 'status' | 'lifecycle_stage' | 'artifact_uri', string>>;
    readonly data: Readonly<Record<'params' | 'tags', Record<string, string>>> & { metrics: Record<string, unknown> };
    readonly inputs: { readonly dataset_inputs: readonly { readonly dataset: { name: string; digest: string } }[] };
  }
  describe("a database of MLflow's, as mlflow.search_runs tells it", () => {
    const told: readonly Told[] = JSON.parse(
      readFileSync(`${shared}/tool-output/mlflow-search-runs.json`, 'utf8').replace(
        /: (-?)(NaN|Infinity)/g,
        ': "$1$2"',
      ),
    );

    it('has the same active runs in the same order, with all they hold', async () => {
      const { found } = await mlflow.read(`${shared}/overlay/mlflow.db`, listeningWorld());
      const active = told.filter(({ info }) => info.lifecycle_stage === 'active');
      assert.ok(active.length > 0);
      assert.deepEqual(
        found.runs.map((run) => ({
          id: run.id,
          name: run.name,
          status: run.status.toUpperCase(),
          recorded: run.artifacts.recorded,
          params: run.params,
          tags: run.tags,
          metrics: Object.fromEntries(Object.entries(run.metrics).map(([key, value]) => [key, String(value)])),
          datasets: run.datasets.map(({ name, version }) => `${name} ${version}`).sort(),
        })),
        active.map(({ info, data, inputs }) => ({
          id: info.run_id,
          name: info.run_name,
          status: info.status,
          recorded: info.artifact_uri,
          params: data.params,
          tags: data.tags,
          metrics: Object.fromEntries(Object.entries(data.metrics).map(([key, value]) => [key, String(value)])),
          datasets: inputs.dataset_inputs.map(({ dataset }) => `${dataset.name} ${dataset.digest}`).sort(),
        })),
      );
    });
  });
}
