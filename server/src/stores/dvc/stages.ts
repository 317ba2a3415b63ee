import { basename, dirname, join, resolve } from 'node:path';
import { isWithin } from '../../paths';
import type { Finding, Location } from '../../protocol';
import { Lines } from '../../text/lines';
import { booleanOf, entryOf, get, itemsOf, type Node, numberOf, spelling, type Tree, wordOf } from '../../text/tree';
import { parseYaml } from '../../text/yaml';
import { findingAt } from '../finding';
import { inRoot } from '../git';
import { dvcCodes } from './codes';
import type { Files } from './files';
import { type Context, filled } from './template';
import { isMapping, textOf, type Value, valueIn, valuesIn } from './values';

/** What a `.dvc` file or `dvc.lock` says of one path. */
export interface Recorded {
  /** Absolute. */
  readonly path: string;
  /** 32 hex digits, with `.dir` after them for a folder; undefined where the record has none. */
  readonly md5: string | undefined;
  /** DVC 1 and 2 took CRLF for LF, and kept content at another place. */
  readonly algorithm: 'md5' | 'md5-dos2unix';
  readonly size: number | undefined;
  readonly location: Location;
}

/** A file or folder that a stage writes, or that a `.dvc` file keeps. */
export interface StageOutput extends Recorded {
  /** False for what Git keeps. */
  readonly cached: boolean;
  /** False where it is not to be in the remote: imports and `push: false`. */
  readonly pushed: boolean;
  /** Name of a remote of its own. */
  readonly remote: string | undefined;
  readonly kind: 'data' | 'metric' | 'plot';
}

/** A step of a pipeline, or a `.dvc` file, which is a step without a command. */
export interface Stage {
  /** As a person names it to `dvc repro`: `train`, `sub/dvc.yaml:train`, `data/a.csv.dvc`. */
  readonly name: string;
  /** Absolute: the `.dvc` file or `dvc.yaml`. */
  readonly file: string;
  readonly location: Location;
  /** Undefined where a `${…}` in it names nothing. */
  readonly command: readonly string[] | undefined;
  readonly lockedCommand: readonly string[] | undefined;
  readonly frozen: boolean;
  readonly alwaysChanged: boolean;
  /** Whether its last run is recorded. A `.dvc` file is its own record. */
  readonly locked: boolean;
  readonly dependencies: readonly (Recorded & { readonly elsewhere: boolean })[];
  readonly outputs: readonly StageOutput[];
  readonly parameters: readonly Parameter[];
}

export interface Parameter {
  /** Absolute. */
  readonly file: string;
  /** Dotted; undefined for the whole file. */
  readonly key: string | undefined;
  /** At the last run; undefined when that did not know it. */
  readonly locked: Value | undefined;
  readonly location: Location;
}

/** Everything that the records of a project say. */
export interface Pipeline {
  readonly stages: readonly Stage[];
  /** Files that `vars` name, absolute. */
  readonly variables: readonly string[];
  /** Files of metrics and plots, those at the top of a `dvc.yaml` too, absolute. */
  readonly metrics: readonly string[];
  readonly plots: readonly string[];
  readonly problems: readonly Finding[];
}

/** Reads all records of a project. What is broken is a problem, and the rest is read. */
export async function pipelineOf(files: Files, signal?: AbortSignal): Promise<Pipeline> {
  const parts: Pipeline[] = [];
  for (const record of files.records) {
    signal?.throwIfAborted();
    if (record.endsWith('.dvc')) parts.push(await ofDvcFile(record, files));
    if (basename(record) === 'dvc.yaml') parts.push(await ofPipelineFile(record, files));
  }
  return {
    stages: parts.flatMap(({ stages }) => stages),
    variables: parts.flatMap(({ variables }) => variables),
    metrics: [...new Set(parts.flatMap(({ metrics }) => metrics))],
    plots: [...new Set(parts.flatMap(({ plots }) => plots))],
    problems: parts.flatMap(({ problems }) => problems),
  };
}

const nothing: Pipeline = { stages: [], variables: [], metrics: [], plots: [], problems: [] };

/** One file while it is read. */
interface Reader {
  readonly path: string;
  readonly tree: Tree;
  readonly files: Files;
  readonly problems: Finding[];
  at(node: Node | undefined): Location;
}

async function readerOf(path: string, files: Files): Promise<Reader> {
  const text = await files.text(path);
  const tree = parseYaml(text ?? '');
  const lines = new Lines(tree.text);
  const at = (node: Node | undefined): Location => ({ path, range: lines.range(node?.span ?? { start: 0, end: 0 }) });
  const name = inRoot(files.project, path);
  const [issue] = tree.issues;
  const mend = `Restore it with: git checkout -- ${name}`;
  const broken = issue && { path, range: lines.range(issue.span) };
  const problems = [
    ...(text === undefined ? [findingAt(dvcCodes, 'dvc/unreadable', `${name} cannot be read. ${mend}`, path)] : []),
    ...(issue && broken
      ? [findingAt(dvcCodes, 'dvc/unreadable', `${name} is broken YAML: ${issue.message} Mend it, or: ${mend}`, broken)]
      : []),
  ];
  if (text !== undefined && !issue && tree.root?.kind !== 'map')
    problems.push(findingAt(dvcCodes, 'dvc/unreadable', `${name} has none of the keys of DVC. ${mend}`, path));
  return { path, tree, files, problems, at };
}

async function ofDvcFile(path: string, files: Files): Promise<Pipeline> {
  const reader = await readerOf(path, files);
  const { tree, problems } = reader;
  const folder = resolve(dirname(path), wordOf(get(tree.root, 'wdir')) ?? '.');
  const sources = itemsOf(get(tree.root, 'deps'));
  const isImport = sources.some((source) => get(source, 'repo') !== undefined);
  const outputs = recordedIn(reader, tree.root, 'outs', folder).map(
    ({ node, ...recorded }): StageOutput => ({
      ...recorded,
      cached: booleanOf(get(node, 'cache')) ?? true,
      pushed: !isImport && (booleanOf(get(node, 'push')) ?? true),
      remote: wordOf(get(node, 'remote')),
      kind: 'data',
    }),
  );
  if (outputs.length === 0 && problems.length === 0) {
    const message = `${inRoot(files.project, path)} names no output under "outs". Make it anew with: dvc add`;
    problems.push(findingAt(dvcCodes, 'dvc/unreadable', message, path));
  }
  const stage: Stage = {
    name: inRoot(files.project, path),
    file: path,
    location: reader.at(undefined),
    command: [],
    lockedCommand: [],
    frozen: booleanOf(get(tree.root, 'frozen')) ?? booleanOf(get(tree.root, 'locked')) ?? false,
    alwaysChanged: booleanOf(get(tree.root, 'always_changed')) ?? false,
    locked: true,
    dependencies: recordedIn(reader, tree.root, 'deps', folder).map(({ node, ...recorded }) => ({
      ...recorded,
      elsewhere: get(node, 'repo') !== undefined || isAddress(wordOf(get(node, 'path')) ?? ''),
    })),
    outputs,
    parameters: [],
  };
  return { ...nothing, stages: [stage], problems };
}

const isAddress = (path: string): boolean => /^[a-z][a-z0-9+.-]+:\/\//i.test(path);

/** Reads a list of paths with their hashes. */
function recordedIn(
  reader: Reader,
  node: Node | undefined,
  key: 'outs' | 'deps',
  folder: string,
): readonly (Recorded & { readonly node: Node })[] {
  return itemsOf(get(node, key)).flatMap((item) => {
    const path = wordOf(get(item, 'path'));
    if (path === undefined) return [];
    const isFromDvc = get(item, 'repo') !== undefined;
    return [
      {
        path: isAddress(path) ? path : resolve(folder, path),
        md5: isFromDvc ? undefined : md5In(reader, item, path),
        algorithm: get(item, 'hash') === undefined && get(item, 'md5') !== undefined ? 'md5-dos2unix' : 'md5',
        size: numberOf(get(item, 'size')),
        location: reader.at(get(item, 'path')),
        node: item,
      } as const,
    ];
  });
}

const MD5 = /^[0-9a-f]{32}(\.dir)?$/;

/** As the text spells it. DVC takes unquoted digits for a number, and refuses the file or dies. */
function md5In({ tree, problems, at, path: file, files }: Reader, item: Node, path: string): string | undefined {
  const node = get(item, 'md5');
  if (!node) return undefined;
  const spelt = spelling(tree, node).replace(/^(['"])(.*)\1$/, '$2');
  const isNumber = node.kind === 'scalar' && typeof node.value !== 'string';
  if (!isNumber && MD5.test(spelt)) return spelt;
  const name = `${inRoot(files.project, file)}: the md5 of ${path}, ${spelt.slice(0, 60)},`;
  const mend = isNumber && MD5.test(spelt) ? `Put it in quotes: '${spelt}'.` : `Write it anew with: dvc commit`;
  const what = isNumber ? 'is a number and not a text' : 'is not 32 hex digits';
  problems.push(findingAt(dvcCodes, 'dvc/hash-invalid', `${name} ${what}. ${mend}`, at(node)));
  return MD5.test(spelt) ? spelt : undefined;
}

async function ofPipelineFile(path: string, files: Files): Promise<Pipeline> {
  const reader = await readerOf(path, files);
  const lockPath = join(dirname(path), 'dvc.lock');
  const lock = files.records.includes(lockPath) ? await readerOf(lockPath, files) : undefined;
  const { tree } = reader;
  const { context, variables } = await contextOf(get(tree.root, 'vars'), dirname(path), reader, []);
  const stages: Stage[] = [];
  const entries = get(tree.root, 'stages');
  for (const { key, value } of entries?.kind === 'map' ? entries.entries : []) {
    for (const one of instancesOf(String(key.value), key, value, context, reader))
      stages.push(await stageOf(one, reader, lock));
    if (stages.length > MOST_STAGES) break;
  }
  for (const stage of lockedOnly(lock, stages, path)) reader.problems.push(stage);
  const top = (name: string) => topFiles(get(tree.root, name), dirname(path));
  const ofKind = (kind: StageOutput['kind']) =>
    stages.flatMap(({ outputs }) => outputs.filter((output) => output.kind === kind).map((output) => output.path));
  return {
    stages,
    variables,
    metrics: [...ofKind('metric'), ...top('metrics')],
    plots: [...ofKind('plot'), ...top('plots')],
    problems: [...reader.problems, ...(lock?.problems ?? [])],
  };
}

/** A matrix of a few lines can stand for billions of stages. */
const MOST_STAGES = 10_000;

function lockedOnly(lock: Reader | undefined, stages: readonly Stage[], file: string): readonly Finding[] {
  const known = new Set(stages.map(({ name }) => name.replace(/^.*dvc\.yaml:/, '')));
  const entries = get(lock?.tree.root, 'stages');
  return (entries?.kind === 'map' ? entries.entries : []).flatMap(({ key }) => {
    const name = String(key.value);
    if (!lock || known.has(name)) return [];
    const message = `dvc.lock records the stage ${name}, which ${inRoot(lock.files.project, file)} does not have. Remove it from dvc.lock.`;
    return [findingAt(dvcCodes, 'dvc/stage-unknown', message, lock.at(key))];
  });
}

/** Paths of `metrics:` and `plots:` at the top. A plot with an id has its files under `y`. */
function topFiles(node: Node | undefined, folder: string): readonly string[] {
  return itemsOf(node).flatMap((item) => {
    const word = wordOf(item);
    if (word !== undefined) return [resolve(folder, word)];
    return item.kind !== 'map'
      ? []
      : item.entries.flatMap(({ key, value }) => {
          const y = get(value, 'y');
          const named = y?.kind === 'map' ? y.entries.map((entry) => String(entry.key.value)) : [String(key.value)];
          return named.filter((name) => /\.\w+$/.test(name)).map((name) => resolve(folder, name));
        });
  });
}

/** `params.yaml` is loaded without being named. */
async function contextOf(
  vars: Node | undefined,
  folder: string,
  reader: Reader,
  before: Context,
): Promise<{ readonly context: Context; readonly variables: readonly string[] }> {
  const { files, tree } = reader;
  const defaults = before.length === 0 ? await files.text(join(folder, 'params.yaml')) : undefined;
  const context: Value[] = [...before];
  const variables: string[] = [];
  if (defaults !== undefined) context.push(valuesIn('params.yaml', defaults) ?? {});
  for (const item of itemsOf(vars)) {
    const word = wordOf(item);
    if (word === undefined) {
      context.push(filled(valueIn(tree, item), context).value);
      continue;
    }
    const [name = '', keys] = word.split(/:(?=[^\\/]*$)/);
    const path = resolve(folder, name);
    const text = isWithin(files.project, path) ? await files.text(path) : undefined;
    const values = text === undefined ? undefined : valuesIn(path, text);
    if (values === undefined) {
      const message = `${inRoot(files.project, reader.path)} loads ${name}, which is not there or cannot be read. Write it, or take it out of "vars".`;
      reader.problems.push(findingAt(dvcCodes, 'dvc/parameter-unknown', message, reader.at(item)));
      continue;
    }
    variables.push(path);
    const wanted = keys?.split(',');
    context.push(
      wanted && isMapping(values)
        ? Object.fromEntries(Object.entries(values).filter(([key]) => wanted.includes(key)))
        : values,
    );
  }
  return { context, variables };
}

interface Instance {
  readonly name: string;
  readonly key: Node;
  readonly definition: Node;
  readonly context: Context;
}

/** The stages that a `foreach` or a `matrix` stands for, or the one stage that it is. */
function instancesOf(name: string, key: Node, node: Node, context: Context, reader: Reader): readonly Instance[] {
  const single = (definition: Node, suffix: string, values: Mapped): Instance => ({
    name: `${name}@${suffix}`,
    key,
    definition,
    context: [...context, values],
  });
  const foreach = get(node, 'foreach');
  const body = get(node, 'do');
  if (foreach && body)
    return repeated(fill(reader, foreach, context)).map(([suffix, values]) => single(body, suffix, values));
  const matrix = get(node, 'matrix');
  if (matrix?.kind === 'map')
    return products(fill(reader, matrix, context)).map(([suffix, item]) => single(node, suffix, { item, key: suffix }));
  return [{ name, key, definition: node, context }];
}

type Mapped = Readonly<Record<string, Value>>;

function repeated(value: Value): readonly (readonly [string, Mapped])[] {
  if (isMapping(value)) return Object.entries(value).map(([key, item]) => [key, { item, key }]);
  if (!Array.isArray(value)) return [];
  const isPlain = value.every((item) => textOf(item) !== undefined);
  return value.map((item: Value, index) => [isPlain ? (textOf(item) ?? '') : String(index), { item }]);
}

/** Every combination, the last axis fastest. A value that is no scalar is called by its axis and place. */
function products(value: Value): readonly (readonly [string, Mapped])[] {
  if (!isMapping(value)) return [];
  return Object.entries(value).reduce<readonly (readonly [string, Mapped])[]>(
    (so, [axis, items]) => {
      const list: readonly Value[] = Array.isArray(items) ? items : [];
      return so.slice(0, Math.ceil(MOST_STAGES / Math.max(1, list.length))).flatMap(([suffix, item]) =>
        list.map((one, index) => {
          const word = textOf(one) ?? `${axis}${index}`;
          return [suffix === '' ? word : `${suffix}-${word}`, { ...item, [axis]: one }] as const;
        }),
      );
    },
    [['', {}]],
  );
}

function fill(reader: Reader, node: Node, context: Context): Value {
  const { value, unknown } = filled(valueIn(reader.tree, node), context);
  for (const name of new Set(unknown)) {
    const message = `\${${name}} in ${inRoot(reader.files.project, reader.path)} names nothing in params.yaml or "vars". Add it there, or mend the name.`;
    reader.problems.push(findingAt(dvcCodes, 'dvc/interpolation', message, reader.at(node)));
  }
  return value;
}

async function stageOf(
  { name, key, definition, context: outer }: Instance,
  reader: Reader,
  lock: Reader | undefined,
): Promise<Stage> {
  const { files, path } = reader;
  const folderName = get(definition, 'wdir');
  const folder = resolve(dirname(path), folderName ? (textOf(fill(reader, folderName, outer)) ?? '.') : '.');
  const { context } = await contextOf(get(definition, 'vars'), folder, reader, outer.length ? outer : [{}]);
  const value = (field: string): Value => {
    const node = get(definition, field);
    return node ? fill(reader, node, context) : null;
  };
  const locked = get(get(lock?.tree.root, 'stages'), name);
  const fromLock = (field: 'outs' | 'deps') =>
    new Map(lock ? recordedIn(lock, locked, field, folder).map(({ node: _node, ...one }) => [one.path, one]) : []);
  const [lockedOuts, lockedDeps] = [fromLock('outs'), fromLock('deps')];
  const place = (field: string): Location => reader.at(get(definition, field) ?? key);
  const recorded = (from: ReadonlyMap<string, Recorded>, at: string, field: string): Recorded =>
    from.get(at) ?? { path: at, md5: undefined, algorithm: 'md5', size: undefined, location: place(field) };
  const outputs = kinds.flatMap(([field, kind]) =>
    named(value(field)).map(([word, options]): StageOutput => {
      const cached = options.cache !== false;
      return {
        ...recorded(lockedOuts, resolve(folder, word), field),
        cached,
        pushed: cached && options.push !== false,
        remote: typeof options.remote === 'string' ? options.remote : undefined,
        kind,
      };
    }),
  );
  const root = inRoot(files.project, path);
  return {
    name: root === 'dvc.yaml' ? name : `${root}:${name}`,
    file: path,
    location: reader.at(key),
    command: commandOf(value('cmd')),
    lockedCommand: lock && locked ? commandOf(valueIn(lock.tree, get(locked, 'cmd'))) : undefined,
    frozen: value('frozen') === true,
    alwaysChanged: value('always_changed') === true,
    locked: locked !== undefined,
    dependencies: named(value('deps')).map(([word]) => ({
      ...recorded(lockedDeps, isAddress(word) ? word : resolve(folder, word), 'deps'),
      elsewhere: isAddress(word),
    })),
    outputs,
    parameters: parametersOf(value('params'), folder, place('params'), (file, dotted) =>
      lock ? lockedParameter(lock, locked, file, dotted) : undefined,
    ),
  };
}

const kinds = [
  ['outs', 'data'],
  ['metrics', 'metric'],
  ['plots', 'plot'],
] as const;

function commandOf(value: Value): readonly string[] | undefined {
  if (value === null) return [];
  const list: readonly Value[] = Array.isArray(value) ? value : [value];
  const words = list.map(textOf);
  return words.every((word) => word !== undefined) ? (words as readonly string[]) : undefined;
}

/** Names of a list whose items are `name` or `name: {options}`. */
function named(value: Value): readonly (readonly [string, Readonly<Record<string, Value>>])[] {
  const list: readonly Value[] = Array.isArray(value) ? value : value === null ? [] : [value];
  return list.flatMap((item) => {
    if (isMapping(item)) return Object.entries(item).map(([name, to]) => [name, isMapping(to) ? to : {}] as const);
    const name = textOf(item);
    return name === undefined ? [] : [[name, {}] as const];
  });
}

function parametersOf(
  value: Value,
  folder: string,
  location: Location,
  lockedAt: (file: string, key: string) => Value | undefined,
): readonly Parameter[] {
  const one = (file: string, key: string | undefined): Parameter => ({
    file: resolve(folder, file),
    key,
    locked: key === undefined ? undefined : lockedAt(file, key),
    location,
  });
  const list: readonly Value[] = Array.isArray(value) ? value : [];
  return list.flatMap((item) => {
    if (!isMapping(item)) return [one('params.yaml', textOf(item))];
    return Object.entries(item).flatMap(([file, keys]) =>
      Array.isArray(keys) && keys.length > 0
        ? keys.map((key: Value) => one(file, textOf(key)))
        : [one(file, undefined)],
    );
  });
}

function lockedParameter(lock: Reader, stage: Node | undefined, file: string, key: string): Value | undefined {
  const entry = entryOf(get(get(stage, 'params'), file), key);
  return entry && valueIn(lock.tree, entry.value);
}
