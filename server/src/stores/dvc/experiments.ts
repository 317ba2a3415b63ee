import { basename, join, sep } from 'node:path';
import type { Datum, RunStatus } from '../../protocol';
import { fileStart } from '../../text/lines';
import type { Git, GitRef, World } from '../../world';
import { inRoot } from '../git';
import type { MetricPoint, Run, RunDataset } from '../run';
import { type CommitFiles, type Files, filesAt, filesNear, textsOf } from './files';
import { type Pipeline, pipelineOf } from './stages';
import { datumOf, flattened, type Value, valueAt, valuesIn } from './values';

/** An experiment as Git's refs and logs name it. */
export interface Experiment {
  /** Commit that holds its tree. */
  readonly commit: string;
  /** Commit that it started from. */
  readonly baseline: string;
  readonly name: string | undefined;
  readonly status: RunStatus;
  /** Milliseconds since 1970, of its commit. */
  readonly time: number | undefined;
}

/** Finished, queued, failed and running experiments of a repository, newest first. */
export async function experimentsOf(root: string, git: Git, world: World): Promise<readonly Experiment[]> {
  const refs = await git.refs(root, 'refs/exps/');
  const folder = await git.commonDirectory(root);
  const stashed = await Promise.all(
    stashes.map(async ([ref, status]) => {
      const log = folder === undefined ? '' : await logOf(join(folder, 'logs', ...ref.split('/')), world);
      return [...refs.filter(({ name }) => name === ref).flatMap((top) => inStash(top, status)), ...inLog(log, status)];
    }),
  );
  const running = await runningIn(root, world);
  const all = [...refs.flatMap(finished), ...stashed.flat()].map((experiment) =>
    running.has(experiment.commit) && experiment.status === 'queued'
      ? { ...experiment, status: 'running' as const }
      : experiment,
  );
  const once = [...new Map(all.toReversed().map((experiment) => [experiment.commit, experiment])).values()];
  return once.sort((a, b) => (b.time ?? 0) - (a.time ?? 0));
}

const stashes: readonly (readonly [string, RunStatus])[] = [
  ['refs/exps/celery/stash', 'queued'],
  ['refs/exps/celery/failed', 'failed'],
];

function finished({ name: ref, commit, date }: GitRef): readonly Experiment[] {
  const [, first, rest, name] = /^refs\/exps\/([0-9a-f]{2})\/([0-9a-f]{38}|[0-9a-f]{62})\/(.+)$/.exec(ref) ?? [];
  if (first === undefined || rest === undefined) return [];
  return [{ commit, baseline: first + rest, name, status: 'finished', time: timeOf(date) }];
}

/** `dvc-exp:REVISION:BASELINE:NAME`; the name may be empty. */
const message = /dvc-exp:[0-9a-f]+:([0-9a-f]{40,64}):(\S*)/;

function inStash({ subject, commit, date }: GitRef, status: RunStatus): readonly Experiment[] {
  const [, baseline, name] = message.exec(subject) ?? [];
  return baseline === undefined ? [] : [{ commit, baseline, name: name || undefined, status, time: timeOf(date) }];
}

/** All but the latest entry of a stash are only in the log of its ref: `OLD NEW AUTHOR SECONDS ZONE\tMESSAGE`. */
function inLog(log: string, status: RunStatus): readonly Experiment[] {
  return log.split('\n').flatMap((line) => {
    const [, commit, seconds, text = ''] = /^[0-9a-f]+ ([0-9a-f]{40,64}) .*> (\d+) \S+\t(.*)$/.exec(line) ?? [];
    const [, baseline, name] = message.exec(text) ?? [];
    if (commit === undefined || baseline === undefined) return [];
    return [{ commit, baseline, name: name || undefined, status, time: Number(seconds) * 1000 }];
  });
}

/** A queue of a hundred thousand experiments fits into this. */
const LONGEST_LOG = 32 * 2 ** 20;

async function logOf(path: string, world: World): Promise<string> {
  const stat = await world.stat(path).catch(() => undefined);
  if (stat?.kind !== 'file' || stat.size > LONGEST_LOG) return '';
  return world.readText(path).catch(() => '');
}

/** Ids of the experiments that say that they run. A task's `status` is 2 then (dvc 3.67, repo/experiments/executor/base.py). */
async function runningIn(root: string, world: World): Promise<ReadonlySet<string>> {
  const folder = join(root, '.dvc', 'tmp', 'exps', 'run');
  const ids = await Promise.all(
    ((await world.list(folder)) ?? []).map(async ({ name }) => {
      const text = await world.readText(join(folder, name, `${name}.run`)).catch(() => undefined);
      const status = text === undefined ? undefined : valueAt(valuesIn('run.json', text), 'status');
      return status === 2 ? [name] : [];
    }),
  );
  return new Set(ids.flat());
}

function timeOf(date: string): number | undefined {
  const time = Date.parse(date);
  return Number.isNaN(time) ? undefined : time;
}

/** As many experiments are read together, whose texts are held in memory. */
const AT_ONCE = 200;
const MOST_KEPT = 20_000;
const kept = new WeakMap<World, Map<string, Run>>();

/**
 * The runs that experiments are, in their order, all of them read from the trees of their commits. Those never change, so
 * each is read once. A few questions to Git answer for hundreds of them. Rejects only when the signal is aborted.
 */
export async function runsOf(
  root: string,
  experiments: readonly Experiment[],
  git: Git,
  world: World,
  signal?: AbortSignal,
): Promise<readonly Run[]> {
  const known = kept.get(world) ?? new Map<string, Run>();
  kept.set(world, known);
  const keyOf = ({ commit, status }: Experiment) => `${root}\0${commit}\0${status}`;
  const runs = new Map(experiments.map((experiment) => [experiment, known.get(keyOf(experiment))] as const));
  const fresh = new Map<string, Experiment[]>();
  for (const experiment of experiments) {
    if (runs.get(experiment)) continue;
    const { baseline } = experiment;
    const same = fresh.get(baseline);
    if (same) same.push(experiment);
    else fresh.set(baseline, [experiment]);
  }
  for (const [baseline, all] of fresh) {
    const base = await filesAt(git, root, baseline, textsOf(git, root, signal));
    for (let at = 0; at < all.length; at += AT_ONCE) {
      const some = all.slice(at, at + AT_ONCE);
      const read = await readSome(some, { root, base, git, signal });
      signal?.throwIfAborted();
      if (known.size + read.length > MOST_KEPT) known.clear();
      for (const [index, experiment] of some.entries()) {
        const run = read[index];
        if (!run) continue;
        runs.set(experiment, run);
        known.set(keyOf(experiment), run);
      }
    }
  }
  return experiments.flatMap((experiment) => runs.get(experiment) ?? []);
}

interface Base {
  readonly root: string;
  readonly base: CommitFiles;
  readonly git: Git;
  readonly signal: AbortSignal | undefined;
}

/** Of one baseline, from which each differs in a few files. */
async function readSome(
  experiments: readonly Experiment[],
  { root, base, git, signal }: Base,
): Promise<readonly Run[]> {
  const texts = textsOf(git, root, signal);
  const commits = experiments.map(({ commit }) => commit);
  const changes = await git.differences(root, base.commit, commits, signal);
  return Promise.all(
    experiments.map(async (experiment) => {
      const changed = changes.get(experiment.commit);
      const files = changed
        ? filesNear(root, base, changed, texts)
        : await filesAt(git, root, experiment.commit, texts);
      return read(root, experiment, files);
    }),
  );
}

async function read(root: string, { commit, baseline, name, status, time }: Experiment, files: Files): Promise<Run> {
  const pipeline = await pipelineOf(files);
  // What is queued still has the metrics of its baseline.
  const isDone = status === 'finished';
  const location = { path: join(root, 'dvc.yaml'), range: fileStart };
  return {
    tracker: 'dvc',
    store: root,
    id: commit,
    name,
    experiment: baseline.slice(0, 7),
    status,
    started: isDone ? undefined : time,
    ended: isDone ? time : undefined,
    code: {
      commit: baseline,
      branch: undefined,
      repository: undefined,
      entrypoint: undefined,
      dirty: undefined,
      location: undefined,
    },
    parent: undefined,
    user: undefined,
    params: Object.fromEntries(
      (await parametersOf(root, files, pipeline)).map(([key, value]) => [key, datumOf(value) as Datum]),
    ),
    metrics: isDone ? await metricsOf(root, files, pipeline) : {},
    tags: { baseline },
    datasets: datasetsOf(root, pipeline, isDone),
    models: [],
    environment: undefined,
    image: undefined,
    artifacts: { recorded: undefined, path: undefined },
    location,
  };
}

type Leaf = readonly [string, Value];

/** Leaves by name; those of one name in several files have the file before it, as `dvc exp show` has them. */
function together(byFile: readonly (readonly [string, readonly Leaf[]])[]): readonly Leaf[] {
  const counts = new Map<string, number>();
  for (const [, leaves] of byFile) for (const [name] of leaves) counts.set(name, (counts.get(name) ?? 0) + 1);
  return byFile.flatMap(([file, leaves]) =>
    leaves.map(([name, value]): Leaf => [(counts.get(name) ?? 0) > 1 ? `${file}:${name}` : name, value]),
  );
}

/** All of `params.yaml` and of the files that are named as a whole, and of the others what a stage names. */
async function parametersOf(root: string, files: Files, pipeline: Pipeline): Promise<readonly Leaf[]> {
  const declared = pipeline.stages.flatMap(({ parameters }) => parameters);
  const whole = new Set([
    join(root, 'params.yaml'),
    join(root, 'dvclive', 'params.yaml'),
    ...pipeline.variables,
    ...declared.flatMap(({ file, key }) => (key === undefined || basename(file) === 'params.yaml' ? [file] : [])),
  ]);
  const paths = new Set([...whole, ...declared.map(({ file }) => file)]);
  return together(
    await Promise.all(
      [...paths].map(async (path) => {
        const text = await files.text(path);
        const values = text === undefined ? undefined : valuesIn(path, text);
        const keys = new Set(declared.flatMap(({ file, key }) => (file === path && key !== undefined ? [key] : [])));
        const leaves = whole.has(path)
          ? flattened(values)
          : [...keys].flatMap((key) => flattened(valueAt(values, key), key));
        return [inRoot(root, path), leaves] as const;
      }),
    ),
  );
}

async function metricsOf(root: string, files: Files, { metrics }: Pipeline): Promise<Readonly<Record<string, number>>> {
  const paths = new Set([...metrics, join(root, 'dvclive', 'metrics.json')]);
  const leaves = await Promise.all(
    [...paths].map(async (path) => {
      const text = await files.text(path);
      return [inRoot(root, path), flattened(text === undefined ? undefined : valuesIn(path, text))] as const;
    }),
  );
  return Object.fromEntries(
    together(leaves).flatMap(([name, value]) => {
      const number = datumOf(value);
      return typeof number === 'number' ? [[name, number]] : [];
    }),
  );
}

/** What `.dvc` files keep goes in; what stages write comes out. */
function datasetsOf(root: string, { stages }: Pipeline, isDone: boolean): readonly RunDataset[] {
  return stages.flatMap(({ file, outputs }) => {
    const isInput = file.endsWith('.dvc');
    if (!isInput && !isDone) return [];
    return outputs
      .filter(({ cached }) => cached)
      .map(({ path, md5, algorithm, size, location }): RunDataset => {
        const name = inRoot(root, path);
        return {
          name,
          role: isInput ? 'input' : 'output',
          version: md5,
          algorithm: md5 === undefined ? undefined : algorithm,
          context: undefined,
          source: name,
          files:
            md5 === undefined || md5.endsWith('.dir') || algorithm !== 'md5'
              ? []
              : [{ path: name, md5, size, reference: undefined }],
          location,
        };
      });
  });
}

/** Metrics by step, which DVCLive keeps as `dvclive/plots/metrics/NAME.tsv` with the columns `step` and the metric's name. */
export async function historiesOf(
  root: string,
  commit: string,
  git: Git,
): Promise<Readonly<Record<string, readonly MetricPoint[]>>> {
  const texts = textsOf(git, root);
  const files = [...(await git.tree(root, commit))].filter(([name]) => /(^|\/)plots\/metrics\/.+\.tsv$/.test(name));
  const histories = await Promise.all(
    files.map(async ([name, blob]) => {
      const metric = name.replace(/^.*plots\/metrics\//, '').replace(/\.tsv$/, '');
      return [metric.split(sep).join('/'), pointsIn((await texts(blob)) ?? '')] as const;
    }),
  );
  return Object.fromEntries(histories);
}

/** Columns in any order; a line without numbers is none. */
function pointsIn(text: string): readonly MetricPoint[] {
  const [header = '', ...lines] = text.split(/\r?\n/);
  const columns = header.split('\t');
  const step = columns.indexOf('step');
  const time = columns.indexOf('timestamp');
  const value = columns.findIndex((_, index) => index !== step && index !== time);
  if (step < 0 || value < 0) return [];
  return lines.flatMap((line) => {
    const cells = line.split('\t');
    const [at, number] = [numberIn(cells[step]), numberIn(cells[value])];
    if (at === undefined || number === undefined) return [];
    return [{ step: at, value: number, time: numberIn(cells[time]) }];
  });
}

const words: Readonly<Record<string, number>> = { nan: Number.NaN, inf: Infinity, '-inf': -Infinity };

function numberIn(cell: string | undefined): number | undefined {
  if (cell === undefined || cell.trim() === '') return undefined;
  const number = words[cell.trim().toLowerCase()] ?? Number(cell);
  return Number.isNaN(number) && !/^\s*nan\s*$/i.test(cell) ? undefined : number;
}
