import { basename, dirname, join, sep } from 'node:path';
import type { Finding, Location } from '../../../protocol';
import { fileStart } from '../../../text/lines';
import { Unreadable, type World } from '../../../world';
import { findingAt, type Reading } from '../../finding';
import type { MetricPoint, ModelVersion, Run, RunDataset, RunDetails, Runs } from '../../run';
import { storeMemory } from '../../run-memory';
import { type ArtifactFinder, createArtifactFinder, environmentIn, filesBelow } from './artifacts';
import { type Code, codes } from './codes';
import { datasetOf, type MadeModel, modelFoldersOf, modelsOf, runOf, statusOf } from './facts';
import { groupsOf } from './groups';
import { innerWords, type Meta, metaIn, timeIn } from './meta';
import { createHistory, pointIn, shown } from './metrics';
import { eachOf } from './parallel';
import { registryOf } from './registry';
import {
  type Contents,
  contentsOf,
  metaFile,
  type RunFiles,
  runFilesIn,
  type Shapes,
  type Trace,
  textIn,
  traceOf,
  unchanged,
} from './run-files';

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
  readonly hasArtifacts: boolean;
  readonly problems: readonly Finding[];
}

/** A run as it was read, and how to see whether it still is so. */
interface Known extends Trace {
  /** Of its experiment, which it repeats. */
  readonly name: string | undefined;
  readonly found: Found;
}

/** Runs by the folder they lie in. */
type Memory = ReadonlyMap<string, Known>;

/** By store; of the stores, those that were read last. */
const remembered = new Map<string, Memory>();
const MOST_STORES = 20;
const onDisk = storeMemory<Memory>('mlflow-files-3');
/** Fewer runs are read again as quickly as they are looked up. */
const KEPT_FROM = 300;
/** Runs whose files are held in memory together. */
const AT_ONCE = 50;

/** Everything that is active in a file store of MLflow 2 or 3. */
export async function readFileStore(store: string, world: World, signal?: AbortSignal): Promise<Reading<Runs>> {
  const registry = await registryOf(store, world, signal);
  const experiments = await experimentsOf(store, world);
  const folders = await runFoldersOf(experiments.found, world, signal);
  const before = await memoryOf(store, folders.found.length, world);
  const after = new Map<string, Known>();
  const shapes = shapesOf(before);
  let reads = 0;
  for (let at = 0; at < folders.found.length; at += AT_ONCE) {
    const some = folders.found.slice(at, at + AT_ONCE);
    reads += await readSome(some, { store, before, after, shapes, world, signal });
  }
  remember(store, after);
  if (reads >= KEPT_FROM) await onDisk.keep(store, after, world);
  const found = folders.found.flatMap(({ folder }) => after.get(folder)?.found ?? []);
  const there = new Set(found.flatMap(artifactFolders));
  const artifacts = createArtifactFinder(store, world, there);
  const versions = groupsOf(registry.found, 'run');
  const runs = await eachOf(
    found.filter(({ run }) => run !== undefined),
    (one) => finished(one, versions, artifacts, world),
    signal,
  );
  return {
    found: {
      runs: runs.flatMap((run) => run ?? []).sort((a, b) => (b.started ?? 0) - (a.started ?? 0)),
      models: registry.found,
      modelFolders: [
        ...new Set([...runs.flatMap((run) => foldersOf(run)), ...(await loggedIn(experiments.found, world))]),
      ],
    },
    problems: [
      ...experiments.problems,
      ...folders.problems,
      ...found.flatMap(({ problems }) => problems),
      ...registry.problems,
      ...artifacts.findings(),
    ],
  };
}

/** Thousands of runs share a list, which is joined once. */
function shapesOf(memory: Memory): Shapes {
  const lists = new Set([...memory.values()].map(({ places }) => places));
  return { known: new Map([...lists].map((places) => [places.join('\n'), places])), latest: [] };
}

const foldersOf = (run: Run | undefined): readonly string[] => run?.models.flatMap(({ folder }) => folder ?? []) ?? [];

/** Folders of the models of MLflow 3 that the experiments hold, whether their run is still there or not. */
async function loggedIn(experiments: readonly Experiment[], world: World): Promise<readonly string[]> {
  const places = experiments.map(({ folder }) => join(folder, 'models'));
  const lists = await world.many.list(places);
  return places.flatMap((place, index) => {
    const entries = lists[index] ?? [];
    if (entries instanceof Unreadable) return [];
    return entries.filter(({ name }) => name.startsWith('m-')).map(({ name }) => join(place, name, 'artifacts'));
  });
}

async function memoryOf(store: string, runs: number, world: World): Promise<Memory> {
  const known = remembered.get(store);
  if (known) return known;
  const kept = runs >= KEPT_FROM ? await onDisk.recall(store, world) : undefined;
  return kept ?? new Map();
}

function remember(store: string, runs: Memory): void {
  remembered.delete(store);
  remembered.set(store, runs);
  const [oldest] = remembered.keys();
  if (remembered.size > MOST_STORES && oldest !== undefined) remembered.delete(oldest);
}

interface RunFolder {
  readonly folder: string;
  readonly experiment: Experiment;
}

interface Pass {
  readonly store: string;
  readonly before: Memory;
  readonly after: Map<string, Known>;
  readonly shapes: Shapes;
  readonly world: World;
  readonly signal?: AbortSignal | undefined;
}

/** Takes over the runs that have not changed and reads the others, whose number it gives. */
async function readSome(folders: readonly RunFolder[], pass: Pass): Promise<number> {
  const { store, before, after, shapes, world, signal } = pass;
  const known = folders.flatMap(({ folder, experiment }) => {
    const one = before.get(folder);
    return one && one.name === experiment.name ? [[folder, one] as const] : [];
  });
  const same = await unchanged(known, world, signal);
  known.forEach(([folder, one], index) => {
    if (same[index]) after.set(folder, one);
  });
  const fresh = folders.filter(({ folder }) => !after.has(folder));
  const files = await runFilesIn(
    fresh.map(({ folder }) => folder),
    world,
    signal,
  );
  const contents = await contentsOf(files, world, signal);
  const datasets = datasetTexts(world);
  const read = async ({ experiment }: RunFolder, index: number): Promise<void> => {
    const own = files[index];
    if (!own) return;
    const found = await readRun(own, contents, { experiment, store, datasets, world });
    after.set(own.folder, { ...traceOf(own, contents, shapes), name: experiment.name, found });
  };
  for (const [index, one] of fresh.entries()) await read(one, index);
  return fresh.length;
}

function artifactFolders({ run, hasArtifacts }: Found): readonly string[] {
  if (!run || !hasArtifacts) return [];
  const folder = dirname(run.location.path);
  return [folder, `${folder}${sep}artifacts`];
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
  const [entries] = await world.many.list([store]);
  if (entries instanceof Unreadable) return { found, problems: [closedFolder(entries)] };
  for (const { name, kind } of entries ?? []) {
    const folder = join(store, name);
    const file = join(folder, 'meta.yaml');
    if (kind !== 'folder' || !/^\d+$/.test(name) || !(await world.stat(file).catch(() => true))) continue;
    const meta = await metaOf(file, 'mlflow/experiment-unreadable', world);
    problems.push(...meta.problems);
    if (meta.found?.lifecycle_stage !== 'deleted') found.push({ folder, id: name, name: meta.found?.name });
  }
  return { found, problems };
}

async function runFoldersOf(
  experiments: readonly Experiment[],
  world: World,
  signal?: AbortSignal,
): Promise<Reading<readonly RunFolder[]>> {
  const lists = await world.many.list(
    experiments.map(({ folder }) => folder),
    signal,
  );
  const found = experiments.flatMap((experiment, index) => {
    const entries = lists[index] ?? [];
    if (entries instanceof Unreadable) return [];
    return entries
      .filter(({ name, kind }) => kind === 'folder' && !reserved.has(name))
      .map(({ name }) => ({ folder: `${experiment.folder}${sep}${name}`, experiment }));
  });
  return { found, problems: lists.flatMap((list) => (list instanceof Unreadable ? [closedFolder(list)] : [])) };
}

/** A folder that may not be opened is not an empty one. */
const closedFolder = ({ message, path }: Unreadable): Finding =>
  findingAt(codes, 'mlflow/experiment-unreadable', message, path);

/** The `meta.yaml`, or a finding that says what is wrong with it. */
async function metaOf(path: string, code: Code, world: World): Promise<Reading<Meta | undefined>> {
  const text = await world.readText(path).catch((error: unknown) => error);
  return metaFrom(path, code, () => {
    if (typeof text !== 'string') throw text;
    return text;
  });
}

function metaFrom(path: string, code: Code, textOf: () => string | undefined): Reading<Meta | undefined> {
  try {
    const meta = metaIn(textOf() ?? '');
    if (meta) return { found: meta, problems: [] };
    const message = `${path} is damaged or half-written, no YAML of MLflow; restore it, or delete its folder.`;
    return { found: undefined, problems: [findingAt(codes, code, message, path)] };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { found: undefined, problems: [findingAt(codes, code, error.message, path)] };
  }
}

/** What the reading of one run is given beside its own files. */
interface Around {
  readonly experiment: Experiment;
  readonly store: string;
  readonly datasets: (path: string) => Promise<string>;
  readonly world: World;
}

/** Runs share their datasets: each is read once. */
function datasetTexts(world: World): Around['datasets'] {
  const texts = new Map<string, Promise<string>>();
  return (path) => {
    const text = texts.get(path) ?? world.readText(path);
    texts.set(path, text);
    return text;
  };
}

async function readRun(files: RunFiles, contents: Contents, around: Around): Promise<Found> {
  const { experiment, store, world } = around;
  const { folder, keys, hasArtifacts } = files;
  const file = metaFile(folder);
  const { found: meta, problems } = metaFrom(file, 'mlflow/run-unreadable', () => textIn(contents, file));
  const empty = { made: [], experimentId: experiment.id, hasArtifacts, run: undefined };
  // A folder that neither is called like a run nor has its file is something of the person's own.
  if (!meta) return { ...empty, problems: /^[0-9a-f]{32}$/.test(basename(folder)) ? problems : [] };
  if (meta.lifecycle_stage === 'deleted') return { ...empty, problems: [] };
  const broken: string[] = files.closed.map(withoutStop);
  const told = (error: unknown): undefined => {
    if (!(error instanceof Unreadable)) throw error;
    broken.push(withoutStop(error.message));
  };
  const damaged = (path: string): undefined => void broken.push(`${path} is damaged or half-written`);
  const texts = async (paths: ReadonlyMap<string, string>): Promise<Record<string, string>> => {
    const values: [string, string][] = [];
    for (const [key, path] of paths) {
      try {
        values.push([key, textIn(contents, path) ?? (await world.readText(path))]);
      } catch (error) {
        told(error);
      }
    }
    return Object.fromEntries(values);
  };
  const id = meta.run_id ?? meta.run_uuid ?? basename(folder);
  const tags = await texts(keys.tags);
  const metrics: [string, number][] = [];
  for (const [key, path] of keys.metrics) {
    try {
      const last = lastOf(textIn(contents, path)?.split('\n')) ?? (await lastOfLarge(contents, path, world));
      if (last) metrics.push([key, last.value]);
      else damaged(path);
    } catch (error) {
      told(error);
    }
  }
  const inputs = await Promise.all(
    files.inputs.map((input) => inputIn(input, contents, around).then((read) => read ?? damaged(input), told)),
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
    params: await texts(keys.params),
    metrics: Object.fromEntries(metrics),
    tags,
    datasets: inputs.filter((input) => input !== undefined),
    models: [],
    environment: undefined,
    artifacts: { recorded: meta.artifact_uri, path: join(folder, 'artifacts') },
    location: placeOf(file),
    placeOf: (tag) => placeOf(keys.tags.get(tag) ?? file),
  });
  const old = modelFoldersOf(tags).map(({ path, id }) => ({ name: path, id, location: run.location }));
  return {
    run,
    made: [...outputs, ...old],
    experimentId: experiment.id,
    hasArtifacts,
    problems: ofRun(id, broken, file),
  };
}

const withoutStop = (sentence: string): string => sentence.replace(/\.$/, '');

/** However many of its files are damaged, a run is one finding, with the first of them. */
function ofRun(id: string, broken: readonly string[], file: string): readonly Finding[] {
  const [first] = broken;
  if (first === undefined) return [];
  const more = broken.length === 1 ? '' : `, as are ${broken.length - 1} more of its files`;
  const message = `Run ${id} of MLflow is read in part: ${first}${more}. Restore it, or log it again.`;
  return [findingAt(codes, 'mlflow/run-unreadable', message, file)];
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

/** The value that MLflow shows; undefined when a line is none. */
function lastOf(lines: readonly string[] = []): MetricPoint | undefined {
  let best: MetricPoint | undefined;
  for (const line of lines) {
    const point = line === '' ? undefined : pointIn(line);
    if (point) best = shown(best, point);
  }
  return best;
}

async function lastOfLarge(contents: Contents, path: string, world: World): Promise<MetricPoint | undefined> {
  const content = contents.get(path);
  if (content === undefined || content instanceof Unreadable || content.bytes) return undefined;
  let best: MetricPoint | undefined;
  for await (const line of linesOf(path, world)) {
    const point = pointIn(line);
    if (point) best = shown(best, point);
  }
  return best;
}

async function inputIn(
  folder: string,
  contents: Contents,
  { experiment, datasets, world }: Around,
): Promise<RunDataset | undefined> {
  const file = metaFile(folder);
  const text = textIn(contents, file) ?? (await world.readText(file));
  const source = metaIn(text)?.source_id;
  if (source === undefined || !/^[\w-]+$/.test(source)) return undefined;
  const dataset = metaIn(await datasets(join(experiment.folder, 'datasets', source, 'meta.yaml')));
  if (!dataset?.name) return undefined;
  const { name, digest, source: address, profile, schema } = dataset;
  const tags = innerWords(text, 'tags');
  return datasetOf({ name, digest, source: address, profile, schema, tags, location: placeOf(file) });
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
  registry: ReadonlyMap<string | undefined, readonly ModelVersion[]>,
  finder: ArtifactFinder,
  world: World,
): Promise<Run | undefined> {
  if (!run) return undefined;
  const beside = run.artifacts.path;
  const artifacts = await finder.find(run.artifacts.recorded, { beside, anchors: [experimentId] });
  const versions = registry.get(run.id) ?? [];
  if (made.length === 0) return { ...run, artifacts, models: modelsOf(made, versions) };
  const models = join(run.location.path, '..', '..', 'models');
  const all = made.map((model): MadeModel => {
    const folder = model.id?.startsWith('m-') ? join(models, model.id, 'artifacts') : undefined;
    if (folder !== undefined) return { ...model, logged: { name: model.name, folder }, folder };
    return artifacts.path === undefined ? model : { ...model, folder: join(artifacts.path, model.name) };
  });
  const folders = all.flatMap(({ folder }) => folder ?? []);
  const environments = await Promise.all(folders.map((folder) => environmentIn(folder, world)));
  return { ...run, artifacts, models: modelsOf(all, versions), environment: environments.find((file) => file) };
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
    const [files] = await runFilesIn([folder], world, signal);
    if (!files) continue;
    const { params, metrics } = files.keys;
    const histories = await eachOf(
      [...metrics],
      async ([key, path]) => [key, await historyOf(path, world, signal)] as const,
      signal,
    );
    return {
      histories: Object.fromEntries(histories),
      places: Object.fromEntries([...placesOf('params', params), ...placesOf('metrics', metrics)]),
      artifacts: await filesBelow(join(folder, 'artifacts'), world, signal),
    };
  }
  return undefined;
}

const placesOf = (part: string, paths: ReadonlyMap<string, string>): readonly (readonly [string, Location])[] =>
  [...paths].map(([key, path]) => [`${part}/${key}`, placeOf(path)] as const);

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
