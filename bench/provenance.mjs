/**
 * A workspace with many runs of MLflow, in files and in a database, as many of W&B, and many files in Git: listing its runs
 * by Plumbline's readers alone and reporting the whole of it, beside the tools whose files these are.
 */
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildSync } from 'esbuild';
import { installed, readers } from '../scripts/peers.mjs';
import { gigabytes, measured } from './measured.mjs';
import { experimentsFolder, FOLDER, WORKSPACE_EXPERIMENTS, workspace } from './runs.mjs';

export async function bench(args) {
  const { values } = parseArgs({
    args,
    options: {
      runs: { type: 'string', default: '10000' },
      files: { type: 'string', default: '100000' },
      /** Of DVC, in a repository of their own: DVC gives no answer within minutes among 100,000 files. */
      experiments: { type: 'string', default: '100' },
      'experiment-files': { type: 'string', default: '1000' },
      peers: { type: 'string', default: 'mlflow,dvc' },
      cli: { type: 'string', default: 'dist/cli.js' },
      minutes: { type: 'string', default: '20' },
      gigabytes: { type: 'string', default: '16' },
      /** Only the stores of runs, by our readers. */
      listing: { type: 'boolean', default: false },
    },
  });
  const limits = { minutes: Number(values.minutes), bytes: Number(values.gigabytes) * 2 ** 30 };
  const asked = values.peers.split(',').filter((name) => name && name !== 'none');
  const pythons = new Map(asked.map((name) => [name, installed(name)]));
  const [runs, files] = [values.runs, values.files].map(Number);
  const folder = workspace({ runs, files, python: pythons.get('mlflow')?.python });
  const storage = join(FOLDER, 'storage');
  for (const kept of [storage, `${storage}-of-calls`]) rmSync(kept, { recursive: true, force: true });
  const [cpu] = cpus();
  console.log(
    `${cpu?.model ?? 'unknown processor'}, ${cpus().length} cores, ${gigabytes(totalmem())}, Node ${process.version}\n`,
  );
  print(['what', 'how', 'wall', 'processor', 'own', 'system calls alone', 'peak memory', 'found']);
  print(Array(8).fill('---'));
  const lister = listerIn(FOLDER);
  const stores = [
    ['mlflow', 'mlruns'],
    ...(existsSync(join(folder, 'mlflow.db')) ? [['mlflow', 'mlflow.db']] : []),
    ['wandb', 'wandb'],
  ];
  for (const [tracker, store] of stores) await listed(lister, { tracker, store, folder, storage, limits });
  if (values.listing) return;
  for (const how of ['nothing kept', 'again'])
    print([
      'the whole workspace',
      `\`plumbline provenance\`, ${how}`,
      ...(await whole(values.cli, folder, storage, limits)),
    ]);
  const { mlflow, dvc } = Object.fromEntries(pythons);
  const script = resolve('bench/peers/mlflow.py');
  if (mlflow)
    for (const address of [`file://${join(folder, 'mlruns')}`, `sqlite:///${join(folder, 'mlflow.db')}`])
      await beside('mlflow', mlflow, address.split('/').at(-1), ['-I', script, address], { ...limits, cwd: FOLDER });
  const wanted = { experiments: Number(values.experiments), files: Number(values['experiment-files']) };
  await listed(lister, { ...experimentsOf(wanted), storage, limits });
  await listed(lister, { ...inWorkspace(folder, files), storage, limits });
  if (!dvc) return;
  const { what, folder: cwd } = experimentsOf(wanted);
  await beside('dvc', dvc, what, ['-I', '-m', 'dvc', 'exp', 'show', '--json'], { ...limits, cwd });
}

const title = (experiments, files) =>
  `${experiments} experiments of DVC among ${files.toLocaleString('en')} files in Git`;

/** Experiments of DVC in a repository of their own. */
const experimentsOf = ({ experiments, files }) => ({
  tracker: 'dvc',
  store: '.',
  what: title(experiments, files),
  folder: experimentsFolder({ experiments, files }),
});

const inWorkspace = (folder, files) => ({
  tracker: 'dvc',
  store: '.',
  what: title(WORKSPACE_EXPERIMENTS, files),
  folder,
});

/**
 * Runs of one store by our reader, in a process that has nothing, and in one after it. Its own time is that of the processor
 * outside of the system, beyond what the same system calls cost a loop that does nothing else (`floor.mjs`).
 */
async function listed(lister, { tracker, store, what = store, folder, storage, limits }) {
  const ask = [lister, tracker, join(folder, store)];
  const calls = join(FOLDER, 'calls.json');
  for (const how of ['nothing kept', 'kept by a process before']) {
    // First, so that files are in the system's memory when the listing is timed.
    await measured('node', [...ask, `${storage}-of-calls`, calls], limits);
    const { peak, out, given } = await measured('node', [...ask, storage], limits);
    if (given) return print([what, `reader of ${tracker}, ${how}`, '', '', '', '', '', given]);
    const [first, again] = JSON.parse(out);
    const row = async (said, time, index, most) => {
      const floor = JSON.parse((await measured('node', ['bench/floor.mjs', calls, index], limits)).out);
      const own = Math.max(0, time.user - floor.user);
      const alone = `${seconds(floor.wall)} (${floor.calls.toLocaleString('en')})`;
      print([
        what,
        `reader of ${tracker}, ${said}`,
        ...figures({ ...time, own, alone, peak: most }),
        `${time.runs} runs`,
      ]);
    };
    await row(how, first, 0, peak);
    if (how !== 'nothing kept') await row('asked again', again, 1, 0);
  }
}

async function whole(cli, folder, storage, limits) {
  const environment = { XDG_CACHE_HOME: storage };
  const run = await measured('node', [cli, 'provenance', folder, '--format', 'json', '--quiet'], {
    ...limits,
    environment,
  });
  if (run.given) return [...figures(run), run.given];
  const { runs, findings } = JSON.parse(run.out);
  return [...figures(run), `${runs.length} runs, ${findings.length} findings`];
}

/** A peer's own command, once, without what it would send to its maker. */
async function beside(name, { python, why }, what, args, options) {
  const { packages, call } = readers[name];
  const how = `${packages[0].replace('==', ' ')}, \`${call}\``;
  if (!python) return print([what, how, '', '', '', '', '', why]);
  const environment = { MLFLOW_ALLOW_FILE_STORE: 'true', DVC_NO_ANALYTICS: '1' };
  const run = await measured(python, args, { ...options, environment });
  print([what, how, ...figures(run), run.given ?? foundIn(run.out)]);
}

/** What the script of MLflow says, or the number of experiments that DVC lists in JSON. */
function foundIn(out) {
  if (!out.startsWith('[')) return out.trim().split('\n').at(-1);
  const listed = JSON.parse(out).flatMap(({ experiments }) => experiments ?? []);
  return `${listed.length} experiments`;
}

const seconds = (value) => `${value.toFixed(value < 10 ? 2 : 1)} s`;
const figures = ({ wall, processor, peak, own, alone = '' }) => [
  seconds(wall),
  seconds(processor),
  own === undefined ? '' : seconds(own),
  alone,
  peak ? gigabytes(peak) : '',
];
const print = (cells) => console.log(`| ${cells.join(' | ')} |`);

/** Our readers as a program of their own. */
function listerIn(folder) {
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, 'list-runs.js');
  buildSync({
    entryPoints: ['bench/list-runs.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    define: { 'import.meta.url': '__filename' },
    external: ['@duckdb/node-bindings'],
    logLevel: 'error',
  });
  copyFileSync('node_modules/sql.js/dist/sql-wasm.wasm', join(folder, 'sql-wasm.wasm'));
  return outfile;
}
