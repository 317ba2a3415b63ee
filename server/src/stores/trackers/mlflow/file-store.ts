import { basename, join } from 'node:path';
import type { Finding, Location } from '../../../protocol';
import { fileStart } from '../../../text/lines';
import { Unreadable, type World } from '../../../world';
import { findingAt, type Reading } from '../../finding';
import type { MetricPoint, ModelVersion, Run, RunDataset, RunDetails, Runs } from '../../run';
import { type ArtifactFinder, createArtifactFinder, environmentIn, filesBelow } from './artifacts';
import { type Code, codes } from './codes';
import { datasetOf, type MadeModel, modelFoldersOf, modelsOf, runOf, statusOf } from './facts';
import { innerWords, type Meta, metaIn, timeIn } from './meta';
import { createHistory, pointIn, shown } from './metrics';
import { eachOf } from './parallel';
import { registryOf } from './registry';

/** Folders of an experiment that are no runs. */
const reserved = new Set(['tags', 'datasets', 'models', 'traces']);

const placeOf = (path: string): Location => ({ path, range: fileStart });

/** Whether the folder is one of the experiments that make a file store. */
export async function isExperiment(folder: string, world: World): Promise<boolean> {
  if (!/^\d+$/.test(basename(folder))) return false;
  const text = await world.readText(join(folder, 'meta.yaml')).catch(() => '');
  return /^experiment_id:/m.test(text);
}

/** A run and what was wrong in reading it, before the registry and the artifacts are asked. */
interface Found {
  readonly run: Run | undefined;
  readonly made: readonly MadeModel[];
  readonly experimentId: string;
  readonly problems: readonly Finding[];
}

/** Runs by the folder they lie in, with the identities of all of their files when they were read. */
const remembered = new Map<string, { readonly signature: string; readonly found: Found }>();
const REMEMBERED = 50_000;

/** Everything that is active in a file store of MLflow 2 or 3. */
export async function readFileStore(store: string, world: World, signal?: AbortSignal): Promise<Reading<Runs>> {
  const registry = await registryOf(store, world, signal);
  const artifacts = createArtifactFinder(store, world);
  const experiments = await experimentsOf(store, world);
  const found: Found[] = [];
  for (const experiment of experiments.found) {
    const entries = (await world.list(experiment.folder)) ?? [];
    const folders = entries.filter(({ name, kind }) => kind === 'folder' && !reserved.has(name));
    const read = ({ name }: { readonly name: string }) =>
      runIn(join(experiment.folder, name), experiment, store, world);
    found.push(...(await eachOf(folders, read, signal)));
  }
  const runs = await eachOf(
    found.filter(({ run }) => run !== undefined),
    (one) => finished(one, registry.found, artifacts, world),
    signal,
  );
  return {
    found: {
      runs: runs.flatMap((run) => run ?? []).sort((a, b) => (b.started ?? 0) - (a.started ?? 0)),
      models: registry.found,
    },
    problems: [
      ...experiments.problems,
      ...found.flatMap(({ problems }) => problems),
      ...registry.problems,
      ...artifacts.findings(),
    ],
  };
}

interface Experiment {
  readonly folder: string;
  readonly id: string;
  readonly name: string | undefined;
}

/** Folders of digits with a `meta.yaml`; without one they hold artifacts of a database. */
async function experimentsOf(store: string, world: World): Promise<Reading<readonly Experiment[]>> {
  const problems: Finding[] = [];
  const found: Experiment[] = [];
  for (const { name, kind } of (await world.list(store)) ?? []) {
    const folder = join(store, name);
    const file = join(folder, 'meta.yaml');
    if (kind !== 'folder' || !/^\d+$/.test(name) || !(await world.stat(file).catch(() => true))) continue;
    const meta = await metaOf(file, 'mlflow/experiment-unreadable', world);
    problems.push(...meta.problems);
    if (meta.found?.lifecycle_stage !== 'deleted') found.push({ folder, id: name, name: meta.found?.name });
  }
  return { found, problems };
}

/** The `meta.yaml`, or a finding that says what is wrong with it. */
async function metaOf(path: string, code: Code, world: World): Promise<Reading<Meta | undefined>> {
  try {
    const meta = metaIn(await world.readText(path));
    if (meta) return { found: meta, problems: [] };
    const message = `${path} is damaged or half-written, no YAML of MLflow; restore it, or delete its folder.`;
    return { found: undefined, problems: [findingAt(codes, code, message, path)] };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { found: undefined, problems: [findingAt(codes, code, error.message, path)] };
  }
}

/** Files of a run by kind, from the folders that it has. Keys may hold slashes, which become folders. */
interface RunFiles {
  readonly all: readonly string[];
  readonly keys: Readonly<Record<'params' | 'metrics' | 'tags', ReadonlyMap<string, string>>>;
  /** Folders with a `meta.yaml` each. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

async function filesOf(folder: string, world: World): Promise<RunFiles> {
  const there = new Set((await world.list(folder))?.map(({ name }) => name));
  const keysIn = async (name: string) => (there.has(name) ? keyFiles(join(folder, name), world) : new Map());
  const foldersIn = async (name: string) =>
    ((there.has(name) && (await world.list(join(folder, name)))) || [])
      .filter(({ kind }) => kind === 'folder')
      .map((entry) => join(folder, name, entry.name));
  const [params, metrics, tags, inputs, outputs] = await Promise.all([
    keysIn('params'),
    keysIn('metrics'),
    keysIn('tags'),
    foldersIn('inputs'),
    foldersIn('outputs'),
  ]);
  const metas = [folder, ...inputs, ...outputs].map((place) => join(place, 'meta.yaml'));
  const all = [...metas, ...params.values(), ...metrics.values(), ...tags.values()];
  return { all, keys: { params, metrics, tags }, inputs, outputs };
}

/** A key of seven parts is deeper than any that people write; a link that leads up ends there too. */
const DEEPEST_KEY = 8;

async function keyFiles(folder: string, world: World, prefix = '', depth = 0): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  if (depth > DEEPEST_KEY) return files;
  for (const { name, kind } of (await world.list(folder)) ?? []) {
    if (kind === 'folder') {
      for (const [key, path] of await keyFiles(join(folder, name), world, `${prefix}${name}/`, depth + 1))
        files.set(key, path);
    } else files.set(prefix + name, join(folder, name));
  }
  return files;
}

async function runIn(folder: string, experiment: Experiment, store: string, world: World): Promise<Found> {
  const files = await filesOf(folder, world);
  const stats = await Promise.all(files.all.map((path) => world.stat(path).catch(() => undefined)));
  const signature = [experiment.name, ...files.all.map((path, index) => `${path} ${stats[index]?.identity}`)].join(
    '\n',
  );
  const known = remembered.get(folder);
  if (known?.signature === signature) return known.found;
  const found = await readRun(folder, files, experiment, store, world);
  if (remembered.size >= REMEMBERED) remembered.clear();
  remembered.set(folder, { signature, found });
  return found;
}

async function readRun(
  folder: string,
  files: RunFiles,
  experiment: Experiment,
  store: string,
  world: World,
): Promise<Found> {
  const file = join(folder, 'meta.yaml');
  const { found: meta, problems } = await metaOf(file, 'mlflow/run-unreadable', world);
  const empty = { made: [], experimentId: experiment.id };
  // A folder that neither is called like a run nor has its file is something of the person's own.
  if (!meta) return { ...empty, run: undefined, problems: /^[0-9a-f]{32}$/.test(basename(folder)) ? problems : [] };
  if (meta.lifecycle_stage === 'deleted') return { ...empty, run: undefined, problems: [] };
  const broken: string[] = [];
  const attempt = async <T>(path: string, read: (path: string) => Promise<T | undefined>): Promise<T | undefined> => {
    try {
      const value = await read(path);
      if (value === undefined) broken.push(`${path} is damaged or half-written`);
      return value;
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      broken.push(error.message.replace(/\.$/, ''));
      return undefined;
    }
  };
  const texts = async (paths: ReadonlyMap<string, string>) =>
    Object.fromEntries(await presentOf(paths, (path) => attempt(path, (here) => world.readText(here))));
  const id = meta.run_id ?? meta.run_uuid ?? basename(folder);
  const tags = await texts(files.keys.tags);
  const metrics = await presentOf(files.keys.metrics, (path) => attempt(path, (here) => lastOf(here, world)));
  const inputs = await Promise.all(
    files.inputs.map((input) => attempt(input, () => inputIn(input, experiment, world))),
  );
  const outputs = await Promise.all(files.outputs.map((output) => outputIn(output, experiment, world)));
  const run = runOf({
    store,
    id,
    name: meta.run_name,
    experiment: experiment.name,
    status: statusOf(meta.status),
    started: timeIn(meta.start_time),
    ended: timeIn(meta.end_time),
    user: meta.user_id,
    params: await texts(files.keys.params),
    metrics: Object.fromEntries(metrics.map(([key, { value }]) => [key, value])),
    tags,
    datasets: inputs.filter((input) => input !== undefined),
    models: [],
    environment: undefined,
    artifacts: { recorded: meta.artifact_uri, path: join(folder, 'artifacts') },
    location: placeOf(file),
    placeOf: (tag) => placeOf(files.keys.tags.get(tag) ?? file),
  });
  const old = modelFoldersOf(tags).map(({ path, id }) => ({ name: path, id, location: run.location }));
  return { run, made: [...outputs, ...old], experimentId: experiment.id, problems: ofRun(id, broken, file) };
}

/** However many of its files are damaged, a run is one finding, with the first of them. */
function ofRun(id: string, broken: readonly string[], file: string): readonly Finding[] {
  const [first] = broken;
  if (first === undefined) return [];
  const more = broken.length === 1 ? '' : `, as are ${broken.length - 1} more of its files`;
  const message = `Run ${id} of MLflow is read in part: ${first}${more}. Restore it, or log it again.`;
  return [findingAt(codes, 'mlflow/run-unreadable', message, file)];
}

async function presentOf<T>(
  paths: ReadonlyMap<string, string>,
  read: (path: string) => Promise<T | undefined>,
): Promise<readonly (readonly [string, T])[]> {
  const entries = await Promise.all([...paths].map(async ([key, path]) => [key, await read(path)] as const));
  return entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));
}

/** Lines of a file, whatever its length. */
async function* linesOf(path: string, world: World): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of world.stream(path)) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

/** Metric files up to this are read at once, which is quicker. */
const SMALL = 1 << 20;

/** The value that MLflow shows; undefined when a line is none. */
async function lastOf(path: string, world: World): Promise<MetricPoint | undefined> {
  const size = (await world.stat(path))?.size ?? 0;
  const lines = size <= SMALL ? (await world.readText(path)).split('\n') : linesOf(path, world);
  let best: MetricPoint | undefined;
  for await (const line of lines) {
    const point = line === '' ? undefined : pointIn(line);
    if (point) best = shown(best, point);
  }
  return best;
}

async function inputIn(folder: string, { folder: above }: Experiment, world: World): Promise<RunDataset | undefined> {
  const file = join(folder, 'meta.yaml');
  const text = await world.readText(file);
  const source = metaIn(text)?.source_id;
  if (source === undefined || !/^[\w-]+$/.test(source)) return undefined;
  const dataset = metaIn(await world.readText(join(above, 'datasets', source, 'meta.yaml')));
  if (!dataset?.name) return undefined;
  const { name, digest, source: address, profile } = dataset;
  return datasetOf({ name, digest, source: address, profile, tags: innerWords(text, 'tags'), location: placeOf(file) });
}

/** A model of MLflow 3, by its folder's name. */
async function outputIn(folder: string, { folder: above }: Experiment, world: World): Promise<MadeModel> {
  const id = basename(folder);
  const text = await world.readText(join(above, 'models', id, 'meta.yaml')).catch(() => '');
  return { name: metaIn(text)?.name ?? id, id, location: placeOf(join(folder, 'meta.yaml')) };
}

/** The run with its versions in the registry, its artifacts here and the packages of its model. */
async function finished(
  { run, made, experimentId }: Found,
  registry: readonly ModelVersion[],
  finder: ArtifactFinder,
  world: World,
): Promise<Run | undefined> {
  if (!run) return undefined;
  const beside = run.artifacts.path;
  const artifacts = await finder.find(run.artifacts.recorded, { beside, anchor: experimentId });
  const above = join(run.location.path, '..', '..');
  const folders = made.flatMap(({ id, name }) => [
    ...(id?.startsWith('m-') ? [join(above, 'models', id, 'artifacts')] : []),
    ...(artifacts.path && !id?.startsWith('m-') ? [join(artifacts.path, name)] : []),
  ]);
  const environments = await Promise.all(folders.map((folder) => environmentIn(folder, world)));
  const versions = registry.filter((version) => version.run === run.id);
  return { ...run, artifacts, models: modelsOf(made, versions), environment: environments.find((file) => file) };
}

/** Histories and places of one run; undefined when no experiment of the store has it. */
export async function fileDetails(
  store: string,
  id: string,
  world: World,
  signal?: AbortSignal,
): Promise<RunDetails | undefined> {
  if (!/^[\w-]+$/.test(id)) return undefined;
  for (const { folder: experiment } of (await experimentsOf(store, world)).found) {
    const folder = join(experiment, id);
    if ((await world.stat(join(folder, 'meta.yaml')).catch(() => undefined))?.kind !== 'file') continue;
    const { params, metrics } = (await filesOf(folder, world)).keys;
    const histories = await eachOf(
      [...metrics],
      async ([key, path]) => [key, await historyOf(path, world, signal)] as const,
      signal,
    );
    return {
      histories: Object.fromEntries(histories),
      places: Object.fromEntries([...params, ...metrics].map(([key, path]) => [key, placeOf(path)])),
      artifacts: await filesBelow(join(folder, 'artifacts'), world, signal),
    };
  }
  return undefined;
}

async function historyOf(path: string, world: World, signal?: AbortSignal): Promise<readonly MetricPoint[]> {
  const history = createHistory();
  try {
    for await (const line of linesOf(path, world)) {
      signal?.throwIfAborted();
      const point = pointIn(line);
      if (point) history.add(point);
    }
  } catch (error) {
    // The listing has told that it cannot be read.
    if (!(error instanceof Unreadable)) throw error;
  }
  return history.points();
}
