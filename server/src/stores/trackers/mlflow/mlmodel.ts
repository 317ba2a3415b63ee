// The file `MLmodel` that MLflow writes into the folder of every model: how to load it, what it takes and gives, whose it is.
import { basename, dirname, join } from 'node:path';
import type { Finding } from '../../../protocol';
import { decoded } from '../../../text/decoded';
import { get, type Node, numberOf, type Span, spelling, stringOf, type Tree, wordOf } from '../../../text/tree';
import { parseYaml } from '../../../text/yaml';
import { type FileStat, Unreadable, type World } from '../../../world';
import type { LockFile } from '../../environment';
import { findingAt, type Reading } from '../../finding';
import { members as lockFormats } from '../../locks';
import { Source } from '../../packages/source';
import type { ModelColumn, ModelFile, ModelFlavor, Told } from '../../run';
import { codes } from './codes';
import { eachOf } from './parallel';

/** The name that MLflow looks for. */
const MODEL_FILE = 'MLmodel';

/** By its name alone. */
export const isModelFile = (path: string): boolean => basename(path) === MODEL_FILE;

/** Bytes. MLflow writes a few kilobytes; a signature of ten thousand columns is one megabyte. */
const LARGEST = 4 << 20;
/** Files that are read, those of the newest runs first: each has files of packages beside it. */
const MOST_MODELS = 200;

/** Packages of a model, the most exact first. */
const environments = ['requirements.txt', 'conda.yaml', 'python_env.yaml'];

interface Known {
  readonly identity: string;
  readonly reading: Reading<ModelFile | undefined>;
}

/** By path, as they were read last. */
const remembered = new Map<string, Known>();
const MOST_KEPT = 2000;

/**
 * The files of the models in those of the folders that hold one; of more than two hundred the first. What is broken or
 * larger than 4 MiB is one finding. Rejects only when the signal is aborted.
 */
export async function modelFilesIn(
  folders: readonly string[],
  world: World,
  signal?: AbortSignal,
): Promise<Reading<readonly ModelFile[]>> {
  const paths = [...new Set(folders)].map((folder) => join(folder, MODEL_FILE));
  const stats = await world.many.stat(paths, signal);
  const there = paths
    .flatMap((path, index) => {
      const stat = stats[index];
      return stat?.kind === 'file' ? [{ path, stat }] : [];
    })
    .slice(0, MOST_MODELS);
  const readings = await eachOf(there, ({ path, stat }) => knownFile(path, stat, world), signal);
  return {
    found: readings.flatMap(({ found }) => found ?? []),
    problems: readings.flatMap(({ problems }) => problems),
  };
}

async function knownFile(path: string, stat: FileStat, world: World): Promise<Reading<ModelFile | undefined>> {
  const beside = environments.map((name) => join(dirname(path), name));
  const stats = await world.many.stat(beside);
  const identity = [stat, ...stats].map((one) => one?.identity ?? '').join(' ');
  const known = remembered.get(path);
  if (known?.identity === identity) return known.reading;
  const reading = await readModelFile(path, stat, world);
  if (remembered.size >= MOST_KEPT) remembered.clear();
  remembered.set(path, { identity, reading });
  return reading;
}

const unreadable = (path: string, message: string): Reading<undefined> => ({
  found: undefined,
  problems: [findingAt(codes, 'mlflow/model-unreadable', message, path)],
});

async function readModelFile(path: string, { size }: FileStat, world: World): Promise<Reading<ModelFile | undefined>> {
  if (size > LARGEST) return unreadable(path, `${path} is larger than 4 MiB, so it is not read; log the model again.`);
  try {
    const source = new Source(path, decoded(path, await world.read(path)));
    const tree = parseYaml(source.text);
    const [issue] = source.broken(codes, 'mlflow/model-unreadable', tree.issues);
    if (issue) return { found: undefined, problems: [issue] };
    if (!itemsOfMap(get(tree.root, 'flavors')).length)
      return unreadable(path, `${path} names no flavor, so MLflow cannot load the model; log the model again.`);
    return await modelIn(source, tree, world);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return unreadable(path, error.message);
  }
}

async function modelIn(source: Source, tree: Tree, world: World): Promise<Reading<ModelFile>> {
  const { root } = tree;
  const word = (key: string): Told<string> | undefined => {
    const node = get(root, key);
    const value = node && textOf(tree, node);
    return node && value ? { value, location: source.place(node.span) } : undefined;
  };
  const signature = signatureIn(source, tree);
  const size = get(root, 'model_size_bytes');
  const bytes = numberOf(size);
  const environment = await environmentOf(source, tree, world);
  return {
    found: {
      path: source.path,
      flavors: itemsOfMap(get(root, 'flavors')).map(([name, node, span]) =>
        flavorOf(source, tree, { name, node, span }),
      ),
      ...signature.found,
      id: word('model_uuid') ?? word('model_id'),
      run: word('run_id'),
      created: timeOf(word('utc_time_created')),
      writer: word('mlflow_version'),
      size: size && bytes !== undefined ? { value: bytes, location: source.place(size.span) } : undefined,
      environment: environment.found,
    },
    problems: [...signature.problems, ...environment.problems],
  };
}

const itemsOfMap = (node: Node | undefined): readonly (readonly [string, Node, Span])[] =>
  node?.kind === 'map' ? node.entries.map(({ key, value }) => [String(key.value), value, key.span] as const) : [];

/** A version that YAML takes for a number as it is written: `1.10`. */
function textOf(tree: Tree, node: Node | undefined): string | undefined {
  if (node?.kind !== 'scalar' || node.value === null) return undefined;
  return stringOf(node) ?? spelling(tree, node);
}

/** MLflow writes UTC without saying so: `2026-11-23 22:14:29.435978`. */
function timeOf(told: Told<string> | undefined): Told<number> | undefined {
  const [, day, time] = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d{1,3})?)/.exec(told?.value ?? '') ?? [];
  const value = Date.parse(`${day}T${time}Z`);
  return told && !Number.isNaN(value) ? { value, location: told.location } : undefined;
}

interface Flavor {
  readonly name: string;
  readonly node: Node;
  readonly span: Span;
}

/** Of what stands beside the version of the library: Python's, and that of the program that pickled the model. */
const otherVersions = new Set(['python_version', 'cloudpickle_version', 'skops_version']);

/** The key is the library's name as a rule, and short for some: `sklearn_version`, `lgb_version`. */
function flavorOf(source: Source, tree: Tree, { name, node, span }: Flavor): ModelFlavor {
  const keys = itemsOfMap(node).map(([key]) => key);
  const others = keys.filter((key) => key.endsWith('_version') && !otherVersions.has(key));
  const key = keys.includes(`${name}_version`) ? `${name}_version` : others.length === 1 ? others[0] : undefined;
  return {
    name,
    version: key === undefined ? undefined : textOf(tree, get(node, key)),
    loader: wordOf(get(node, 'loader_module')),
    location: source.place(span),
  };
}

type Signature = Pick<ModelFile, 'inputs' | 'outputs' | 'params'>;

/** Each part is a text of JSON. */
function signatureIn(source: Source, { root }: Tree): Reading<Signature> {
  const problems: Finding[] = [];
  const part = (key: keyof Signature): readonly ModelColumn[] | undefined => {
    const node = get(get(root, 'signature'), key);
    const text = stringOf(node);
    if (!node || text === undefined) return undefined;
    const columns = columnsIn(text, (name) => source.place(placeOf(source, node.span, name)));
    if (columns) return columns;
    const message = `The signature in ${source.path} cannot be read: its ${key} are no list in JSON; log the model again.`;
    problems.push(findingAt(codes, 'mlflow/model-unreadable', message, source.place(node.span)));
    return undefined;
  };
  return { found: { inputs: part('inputs'), outputs: part('outputs'), params: part('params') }, problems };
}

/** Where a column is named in the text, which YAML may have broken into lines at each space. */
function placeOf({ text }: Source, { start, end }: Span, name: string | undefined): Span {
  if (name === undefined) return { start, end };
  const letters = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/ /g, '\\s+');
  const match = new RegExp(`"name":\\s*("${letters}")`, 'd').exec(text.slice(start, end));
  const [from, to] = match?.indices?.[1] ?? [0, end - start];
  return { start: start + from, end: start + to };
}

type Json = Readonly<Record<string, unknown>>;

/** Undefined when the text is no list. */
function columnsIn(
  text: string,
  placeOf: (name: string | undefined) => ModelColumn['location'],
): readonly ModelColumn[] | undefined {
  const list = jsonIn(text);
  if (!Array.isArray(list)) return undefined;
  return list.filter(isObject).map((column) => {
    const name = typeof column.name === 'string' ? column.name : undefined;
    const tensor = isObject(column['tensor-spec']) ? column['tensor-spec'] : undefined;
    const shape = tensor?.shape ?? column.shape;
    return {
      name,
      type: tensor ? wordIn(tensor.dtype) : typeIn(column),
      shape: Array.isArray(shape) ? shape.filter((length) => typeof length === 'number') : undefined,
      // Before MLflow 2.9 what may be left out was marked, and not what is required.
      required: column.required !== false && column.optional !== true && !('default' in column),
      location: placeOf(name),
    };
  });
}

/** `double`, `array<double>`, `map<string>`; an object is only said to be one. */
function typeIn({ type, dtype, items, values }: Json): string | undefined {
  const word = wordIn(type) ?? wordIn(dtype);
  const inner = isObject(items) ? typeIn(items) : isObject(values) ? typeIn(values) : undefined;
  return inner === undefined ? word : `${word}<${inner}>`;
}

const wordIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * What lies beside the model. Versions that MLflow itself leaves open, as it does pip's in every conda.yaml, are no findings:
 * nobody edits these files.
 */
async function environmentOf(source: Source, { root }: Tree, world: World): Promise<Reading<readonly LockFile[]>> {
  const folder = dirname(source.path);
  const node = get(get(get(root, 'flavors'), 'python_function'), 'env');
  const named = node?.kind === 'map' ? node.entries.map(({ value }) => value) : node ? [node] : [];
  const there = new Set((await world.list(folder))?.filter(({ kind }) => kind === 'file').map(({ name }) => name));
  const missing = named.filter((one) => {
    const name = stringOf(one);
    return name !== undefined && /^[\w.-]+$/.test(name) && !there.has(name);
  });
  const files = environments.filter((name) => there.has(name)).map((name) => join(folder, name));
  const locks = await eachOf(files, (path) => lockAt(path, world));
  return {
    found: locks.flatMap((lock) => lock?.found ?? []),
    problems: [
      ...locks.flatMap((lock) => lock?.problems.filter(({ code }) => code === 'environment/broken') ?? []),
      ...missing.map((one) =>
        findingAt(
          codes,
          'mlflow/environment-missing',
          `${basename(source.path)} names ${stringOf(one)}, which does not lie beside it, so MLflow cannot install the model's packages; restore it in ${folder}.`,
          source.place(one.span),
        ),
      ),
    ],
  };
}

async function lockAt(path: string, world: World): Promise<Reading<LockFile> | undefined> {
  return lockFormats.find((format) => format.matches(path))?.read(path, world);
}
