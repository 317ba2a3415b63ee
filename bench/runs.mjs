/**
 * Makes the workspaces of the benchmark of provenance, the same each time: runs as MLflow and W&B keep them, and a repository
 * with many files, a DVC stage and its experiments. What is made stays until its folder is removed.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { crc32 } from 'node:zlib';
import { PbfWriter } from 'pbf';

export const FOLDER = resolve('node_modules/.cache/bench-provenance');
/** Milliseconds since 1970: runs begin a minute after each other from here. */
const START = 1_790_000_000_000;
const STEPS = 10;
/** Of DVC, in the repository with the runs. */
export const WORKSPACE_EXPERIMENTS = 50;

const md5 = (text) => createHash('md5').update(text).digest('hex');
/** In [0, 1), of a word. */
const uniform = (word) => Number.parseInt(md5(word).slice(0, 12), 16) / 16 ** 12;
const paramsOf = (run) => ({
  lr: String(10 ** -(1 + 4 * uniform(`lr ${run}`))),
  depth: String(2 + Math.floor(10 * uniform(`depth ${run}`))),
  epochs: String(STEPS),
  batch: String(16 * 2 ** Math.floor(5 * uniform(`batch ${run}`))),
  optimizer: ['adam', 'sgd', 'lion'][run % 3],
  seed: String(run),
});
const metricNames = ['loss', 'accuracy', 'val/loss', 'val/accuracy'];
const valueAt = (run, name, step) => uniform(`${name} ${run}`) / (1 + step);
const tagsOf = (run) => ({
  'mlflow.runName': `run-${run}`,
  'mlflow.user': 'ada',
  'mlflow.source.name': 'train.py',
  'mlflow.source.type': 'LOCAL',
  'mlflow.source.git.commit': md5(`commit ${run % 50}`) + '0'.repeat(8),
  'mlflow.source.git.branch': 'main',
});

/**
 * The folder of one repository, with as many runs in each of `mlruns/`, `mlflow.db` and `wandb/`, which Git ignores; with
 * no interpreter that has MLflow there is no database. A half-made one is made anew.
 */
export function workspace({ runs, files, python }) {
  const folder = join(FOLDER, `${runs}-runs-${files}-files`);
  const mark = join(folder, '.git', 'made');
  if (!existsSync(mark)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    repository(folder, files, WORKSPACE_EXPERIMENTS);
    fileStore(folder, runs);
    offlineRuns(folder, runs);
    writeFileSync(mark, '');
  }
  if (python && !existsSync(join(folder, 'mlflow.db'))) database(folder, runs, python);
  return folder;
}

/** The folder of a repository that has nothing but so many files and experiments of DVC. */
export function experimentsFolder({ files, experiments }) {
  const folder = join(FOLDER, `${experiments}-experiments-${files}-files`);
  const mark = join(folder, '.git', 'made');
  if (existsSync(mark)) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  repository(folder, files, experiments);
  writeFileSync(mark, '');
  return folder;
}

/** A file store: an experiment with so many runs of 17 files each. */
function fileStore(folder, runs) {
  const experiment = join(folder, 'mlruns', '1');
  mkdirSync(experiment, { recursive: true });
  const uri = `file://${experiment}`;
  writeFileSync(
    join(experiment, 'meta.yaml'),
    `artifact_location: ${uri}\ncreation_time: ${START}\nexperiment_id: '1'\nlast_update_time: ${START}\nlifecycle_stage: active\nname: sweep\n`,
  );
  for (let run = 0; run < runs; run++) fileRun(experiment, uri, run);
}

function fileRun(experiment, uri, run) {
  const id = md5(`run ${run}`);
  const folder = join(experiment, id);
  for (const part of ['params', 'metrics/val', 'tags', 'artifacts']) mkdirSync(join(folder, part), { recursive: true });
  const started = START + run * 60_000;
  const meta = {
    artifact_uri: `${uri}/${id}/artifacts`,
    end_time: started + 30_000,
    entry_point_name: "''",
    experiment_id: "'1'",
    lifecycle_stage: 'active',
    run_id: id,
    run_name: `run-${run}`,
    source_name: "''",
    source_type: 4,
    source_version: "''",
    start_time: started,
    status: 3,
    tags: '[]',
    user_id: 'ada',
  };
  writeFileSync(
    join(folder, 'meta.yaml'),
    Object.entries(meta)
      .map(([key, value]) => `${key}: ${value}\n`)
      .join(''),
  );
  for (const [key, value] of Object.entries(paramsOf(run))) writeFileSync(join(folder, 'params', key), value);
  for (const [key, value] of Object.entries(tagsOf(run))) writeFileSync(join(folder, 'tags', key), value);
  for (const name of metricNames) {
    const lines = Array.from(
      { length: STEPS },
      (_, step) => `${started + step * 1000} ${valueAt(run, name, step)} ${step}\n`,
    );
    writeFileSync(join(folder, 'metrics', name), lines.join(''));
  }
}

/** The same runs in a database, whose tables MLflow itself makes (`bench/peers/mlflow-fill.py`). */
function database(folder, runs, python) {
  const rows = Array.from({ length: runs }, (_, run) => ({
    id: md5(`run ${run}`),
    name: `run-${run}`,
    started: START + run * 60_000,
    params: paramsOf(run),
    tags: tagsOf(run),
    metrics: Object.fromEntries(
      metricNames.map((name) => [name, Array.from({ length: STEPS }, (_, step) => valueAt(run, name, step))]),
    ),
  }));
  execFileSync(python, ['-I', 'bench/peers/mlflow-fill.py', join(folder, 'mlflow.db')], {
    input: JSON.stringify(rows),
    stdio: ['pipe', 'ignore', 'pipe'],
  });
}

/** Folders of offline runs of W&B: a log of 34 records each, and what lies in `files/`. */
function offlineRuns(folder, runs) {
  for (let run = 0; run < runs; run++) {
    const started = START + run * 60_000;
    const stamp = new Date(started).toISOString().replace(/[-:]/g, '').replace('T', '_').slice(0, 15);
    const id = md5(`run ${run}`).slice(0, 8);
    const place = join(folder, 'wandb', `offline-run-${stamp}-${id}`);
    mkdirSync(join(place, 'files'), { recursive: true });
    writeFileSync(join(place, `run-${id}.wandb`), logOf(recordsOf(run, id, started)));
    writeFileSync(join(place, 'files', 'requirements.txt'), 'numpy==2.1.0\npandas==2.2.3\n');
  }
}

/** By the field numbers of wandb_internal.proto. */
function recordsOf(run, id, started) {
  const item = (key, value) => ({ 1: key, 16: JSON.stringify(value) });
  const time = { 1: Math.floor(started / 1000) };
  const params = Object.entries(paramsOf(run)).map(([key, value]) => item(key, value));
  const commit = md5(`commit ${run % 50}`) + '0'.repeat(8);
  const rows = Array.from({ length: STEPS }, (_, step) =>
    metricNames.map((name) => item(name, valueAt(run, name, step))),
  );
  return [
    { 17: { 1: id, 3: 'sweep', 4: { 1: params }, 8: `run-${run}`, 17: time, 21: { 2: commit } } },
    { 26: { 2: '3.11.7', 3: time, 6: 'train.py', 13: 'ada', 199: 'one' } },
    ...rows.flatMap((items, step) => [
      { 2: { 1: [...items, item('_step', step)], 2: { 1: step } } },
      { 3: { 1: items } },
      { 7: { 1: `step ${step}` } },
    ]),
    { 5: { 1: item('done', true) } },
    { 18: { 1: 0, 2: 30 } },
  ].map(encoded);
}

function encoded(message) {
  const pbf = new PbfWriter();
  for (const [field, value] of Object.entries(message)) {
    for (const part of Array.isArray(value) ? value : [value]) {
      if (typeof part === 'string') pbf.writeStringField(Number(field), part);
      else if (typeof part === 'number') pbf.writeVarintField(Number(field), part);
      else pbf.writeBytesField(Number(field), encoded(part));
    }
  }
  return pbf.finish();
}

/** Records of less than a block each, framed as W&B does. */
function logOf(records) {
  const parts = [Buffer.from([0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe, 0])];
  for (const record of records) {
    const chunk = Buffer.alloc(7 + record.length);
    chunk[6] = 1;
    chunk.set(record, 7);
    chunk.writeUInt32LE(crc32(chunk.subarray(6)), 0);
    chunk.writeUInt16LE(record.length, 4);
    parts.push(chunk);
  }
  const log = Buffer.concat(parts);
  if (log.length > 32_768) throw new Error('A log of the benchmark is longer than a block.');
  return log;
}

/** A repository of so many files below `src/`, with a DVC stage that has run, and so many experiments of it. */
function repository(folder, files, experiments) {
  const git = (args, input) => execFileSync('git', args, { cwd: folder, input, stdio: ['pipe', 'pipe', 'pipe'] });
  git(['init', '-q', '-b', 'main']);
  git(['fast-import', '--quiet', '--done'], [...history(files, experiments), 'done\n'].join(''));
  git(['reset', '-q', '--hard', 'main']);
  // DVC looks for experiments below the commit that they began from.
  const base = git(['rev-parse', 'main']).toString().trim();
  for (let at = 1; at <= experiments; at++) {
    const id = git(['rev-parse', `refs/heads/exp-${at}`])
      .toString()
      .trim();
    git(['update-ref', `refs/exps/${base.slice(0, 2)}/${base.slice(2)}/exp-${at}`, id]);
    git(['update-ref', '-d', `refs/heads/exp-${at}`]);
  }
}

const stage =
  'stages:\n  train:\n    cmd: cp data.csv model.txt\n    deps: [data.csv]\n    params: [lr]\n    outs: [{model.txt: {cache: false}}]\n    metrics: [{metrics.json: {cache: false}}]\n';
const data = 'a,b\n1,2\n';

function* history(files, experiments) {
  const who = 'Ada <ada@example.org>';
  const file = (path, text) => `M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`;
  const commit = (ref, subject, time, from) =>
    `commit ${ref}\ncommitter ${who} ${time} +0000\ndata ${subject.length}\n${subject}\n${from ?? ''}`;
  yield commit('refs/heads/main', 'Begin', 1_780_000_000);
  for (let at = 0; at < files; at++)
    yield file(`src/${Math.floor(at / 1000)}/${Math.floor(at / 20) % 50}/file-${at}.txt`, `file ${at}\n`);
  yield file('.dvc/config', '[core]\n    analytics = false\n');
  yield file('.gitignore', '/mlruns\n/wandb\n*.db\n');
  yield file('data.csv', data);
  yield file('dvc.yaml', stage);
  yield* outcome(file, 0);
  yield '\n';
  for (let at = 0; at < 200; at++) {
    yield commit('refs/heads/main', `Change ${at}`, 1_780_000_100 + at * 100);
    yield file(`src/${at % 100}/0/file-${(at % 100) * 1000}.txt`, `file changed ${at}\n`);
    yield '\n';
  }
  for (let at = 1; at <= experiments; at++) {
    yield commit(
      `refs/heads/exp-${at}`,
      `dvc: commit experiment ${md5(`exp ${at}`)}`,
      1_780_100_000 + at,
      'from refs/heads/main\n',
    );
    yield* outcome(file, at);
    yield '\n';
  }
}

function* outcome(file, at) {
  const lr = 0.1 / (1 + at);
  const entry = (path, text) =>
    `    - path: ${path}\n      hash: md5\n      md5: ${md5(text)}\n      size: ${text.length}\n`;
  const metrics = `{"loss": ${uniform(`exp ${at}`)}}\n`;
  yield file('params.yaml', `lr: ${lr}\n`);
  yield file('metrics.json', metrics);
  yield file('model.txt', data);
  yield file(
    'dvc.lock',
    `schema: '2.0'\nstages:\n  train:\n    cmd: cp data.csv model.txt\n    deps:\n${entry('data.csv', data)}    params:\n      params.yaml:\n        lr: ${lr}\n    outs:\n${entry('metrics.json', metrics)}${entry('model.txt', data)}`,
  );
}
