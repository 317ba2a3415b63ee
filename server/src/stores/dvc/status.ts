import { join, relative, sep } from 'node:path';
import { isWithin } from '../../paths';
import type { DatasetStatus, Finding, Location } from '../../protocol';
import { turnstile } from '../../turnstile';
import type { World } from '../../world';
import { findingAt } from '../finding';
import { argument, inRoot } from '../git';
import { contentOf, isPointer, POINTER_BYTES } from '../git-lfs';
import { hashOf } from '../hash';
import { type Listed, listHash, objectIn, parsedList } from './cache';
import { dvcCodes } from './codes';
import { type Settings, settingsOf } from './config';
import { type Files, filesOnDisk } from './files';
import { graphProblems } from './graph';
import { type Parameter, type Pipeline, pipelineOf, type Recorded, type Stage, type StageOutput } from './stages';
import { isEqual, isMapping, type Value, valueAt, valuesIn } from './values';

/** One output of a project, held against the work tree, the cache and the remote. */
export interface OutputStatus extends StageOutput {
  /** Name of its stage. */
  readonly stage: string;
  readonly status: DatasetStatus;
  /** Whether the cache has all of it; undefined where it is not to be there, or nothing is recorded. */
  readonly inCache: boolean | undefined;
  /** Whether the remote has all of it; undefined for a remote that is no folder of this machine, and where it is not to be there. */
  readonly inRemote: boolean | undefined;
  readonly isDirectory: boolean;
  /** Files of a folder that differ from the recorded list, sorted by path; one that the list lacks is `untracked`. */
  readonly members: readonly Member[];
}

export interface Member {
  /** Absolute. */
  readonly path: string;
  readonly status: 'modified' | 'missing' | 'untracked';
}

export interface StageStatus {
  readonly name: string;
  readonly location: Location;
  readonly frozen: boolean;
  /** What differs from the last run; nothing for a stage that need not be run again. */
  readonly changes: readonly StageChange[];
}

export interface StageChange {
  readonly what: 'dependency' | 'output' | 'parameter' | 'command' | 'always';
  /** Path from the project, or `params.yaml:train.lr`. */
  readonly name: string;
  readonly state: 'modified' | 'missing' | 'new';
}

/** What stands in a DVC project, and what is in the way of knowing it. */
export interface ProjectStatus {
  readonly project: string;
  readonly outputs: readonly OutputStatus[];
  readonly stages: readonly StageStatus[];
  readonly pipeline: Pipeline;
  readonly problems: readonly Finding[];
}

/**
 * Compares a project with its records, as `dvc data status --granular` and `dvc status` do, without writing anything: a
 * corrupt file of the cache is told and stays. Rejects only with the signal's reason.
 *
 * @param project Absolute folder that holds `.dvc/`.
 */
export async function statusOf(
  project: string,
  world: World,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<ProjectStatus> {
  const [files, settings] = await Promise.all([filesOnDisk(project, world), settingsOf(project, world)]);
  const pipeline = await pipelineOf(files, signal);
  const root = (await world.git?.root(project)) ?? project;
  const look = new Look(files, settings, root, world, signal);
  const outputs: OutputStatus[] = [];
  for (const stage of pipeline.stages)
    for (const output of stage.outputs) outputs.push(await look.output(stage, output));
  const stages: StageStatus[] = [];
  for (const stage of pipeline.stages) stages.push(await look.stage(stage, outputs));
  const problems = [...pipeline.problems, ...look.problems, ...graphProblems(pipeline.stages, project)];
  return { project, outputs, stages, pipeline, problems };
}

/** Several files are hashed at a time, and no more. */
const turn = turnstile(4);
/** A folder that holds more is not looked at: no dataset has so many, but a link to a whole disk does. */
const MOST_FILES = 2_000_000;
const DEEPEST = 64;
/** Bytes of a `.dir` list. */
const LARGEST_LIST = 512 * 2 ** 20;

class Look {
  readonly problems: Finding[] = [];

  constructor(
    readonly files: Files,
    readonly settings: Settings,
    readonly root: string,
    readonly world: World,
    readonly signal: AbortSignal | undefined,
  ) {}

  #named = (path: string): string => inRoot(this.files.project, path);

  #tell(code: keyof typeof dvcCodes, message: string, location: Location): void {
    this.problems.push(findingAt(dvcCodes, code, message, location));
  }

  async output(stage: Stage, output: StageOutput): Promise<OutputStatus> {
    this.signal?.throwIfAborted();
    const { md5, path } = output;
    const isDirectory = md5?.endsWith('.dir') ?? false;
    const base = { ...output, stage: stage.name, isDirectory, members: [] };
    if (!isWithin(this.root, path)) {
      this.#tell(
        'dvc/path-outside',
        `${this.#named(path)} lies outside of the repository and is not read.`,
        output.location,
      );
      return { ...base, status: 'unknown', inCache: undefined, inRemote: undefined };
    }
    if (md5 === undefined) {
      if (stage.locked)
        this.#tell(
          'dvc/hash-missing',
          `${this.#named(path)} has no recorded hash. Run: ${mendOf(stage)}`,
          output.location,
        );
      const there = await this.world.stat(path).catch(() => undefined);
      return { ...base, status: there ? 'untracked' : 'missing', inCache: undefined, inRemote: undefined };
    }
    const list = isDirectory && output.cached ? await this.#list(output, this.settings.cache) : undefined;
    const { status: found, members } = await this.#compared(output, list);
    const inCache = output.cached ? await this.#has(output, this.settings.cache, list) : undefined;
    const remote = output.pushed ? this.#remoteOf(output) : undefined;
    const inRemote = remote === undefined ? undefined : await this.#has(output, remote, list);
    const status = found === 'missing' && inCache === false ? 'not-in-cache' : found;
    const answer = { ...base, status, members, inCache, inRemote };
    this.#judge(stage, answer);
    return answer;
  }

  #remoteOf({ remote }: StageOutput): string | undefined {
    const name = remote ?? this.settings.remote;
    return this.settings.remotes.find((one) => one.name === name)?.folder;
  }

  /** One finding for what matters most: what is not on disk can only be brought when it is somewhere. */
  #judge(stage: Stage, output: OutputStatus): void {
    const { status, path, location, inCache, inRemote, cached } = output;
    const name = this.#named(path);
    const bring = `dvc pull ${argument(this.#named(stage.file.endsWith('.dvc') ? stage.file : path))}`;
    const again = mendOf(stage);
    if (status === 'not-in-cache')
      this.#tell('dvc/not-in-cache', `${name} is neither on disk nor in the cache. Run: ${bring}`, location);
    if (status === 'missing')
      this.#tell(
        'dvc/missing',
        `${name} is not on disk. Run: ${cached ? `dvc checkout ${argument(name)}` : again}`,
        location,
      );
    if (status === 'modified')
      this.#tell(
        'dvc/modified',
        `${name} is not the recorded version${differences(output)}. Keep it with: dvc commit; or bring that back with: dvc checkout ${argument(name)}`,
        location,
      );
    if (status === 'unchanged' && inCache === false)
      this.#tell(
        'dvc/not-in-cache',
        `The cache does not hold ${name}. Run: dvc commit ${argument(this.#named(stage.file))}`,
        location,
      );
    if (inRemote === false && inCache !== false)
      this.#tell('dvc/not-in-remote', `The remote does not hold ${name}. Run: dvc push ${argument(name)}`, location);
  }

  async #compared(
    { path, md5, algorithm, size }: Recorded,
    list: readonly Listed[] | undefined,
  ): Promise<Pick<OutputStatus, 'status' | 'members'>> {
    const there = await this.world.stat(path).catch(() => undefined);
    if (!there) return { status: 'missing', members: [] };
    if (!md5?.endsWith('.dir')) {
      if (there.kind !== 'file') return { status: 'modified', members: [] };
      if (algorithm === 'md5' && size !== undefined && there.size !== size) return { status: 'modified', members: [] };
      const found = await this.#hash(path, algorithm);
      return { status: found === undefined ? 'unknown' : found === md5 ? 'unchanged' : 'modified', members: [] };
    }
    if (there.kind !== 'folder') return { status: 'modified', members: [] };
    const now = await this.#listing(path, algorithm);
    if (!now) return { status: 'unknown', members: [] };
    if (!list) return { status: listHash(now) === md5 ? 'unchanged' : 'modified', members: [] };
    const members = membersOf(path, list, now);
    return { status: members.length === 0 ? 'unchanged' : 'modified', members };
  }

  async #hash(path: string, algorithm: Recorded['algorithm']): Promise<string | undefined> {
    try {
      return await hashOf(path, algorithm, this.world, { signal: this.signal });
    } catch (error) {
      this.signal?.throwIfAborted();
      this.#tell('dvc/unreadable', error instanceof Error ? error.message : String(error), {
        path,
        range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
      });
      return undefined;
    }
  }

  /** What DVC would list of the folder now; undefined when a file of it cannot be read. */
  async #listing(folder: string, algorithm: Recorded['algorithm']): Promise<readonly Listed[] | undefined> {
    const paths: string[] = [];
    await this.#walk(folder, paths, []);
    if (paths.length > MOST_FILES) return undefined;
    const hashes = await Promise.all(paths.map((path) => turn(() => this.#hash(path, algorithm))));
    const entries = paths.flatMap((path, index) => {
      const md5 = hashes[index];
      return md5 === undefined ? [] : [{ md5, relpath: relative(folder, path).split(sep).join('/') }];
    });
    return entries.length === paths.length ? entries : undefined;
  }

  /** A folder that was entered by a link from within itself is not entered again. */
  async #walk(folder: string, paths: string[], above: readonly string[]): Promise<void> {
    this.signal?.throwIfAborted();
    const real = await this.world.realPath(folder);
    if (real === undefined || above.includes(real) || above.length > DEEPEST || paths.length > MOST_FILES) return;
    for (const { name, kind } of (await this.world.list(folder)) ?? []) {
      const path = join(folder, name);
      if (kind === 'folder') await this.#walk(path, paths, [...above, real]);
      if (kind === 'file') paths.push(path);
    }
  }

  /** Undefined when the store has no list, or a damaged one, which is told. */
  async #list(
    { md5 = '', algorithm, path, location }: StageOutput,
    store: string,
  ): Promise<readonly Listed[] | undefined> {
    const object = objectIn(store, md5, algorithm);
    const stat = await this.world.stat(object).catch(() => undefined);
    if (stat?.kind !== 'file' || stat.size > LARGEST_LIST) return undefined;
    const entries = parsedList(await this.world.readText(object).catch(() => ''));
    const isWhole = `${await this.#hash(object, 'md5')}.dir` === md5;
    // A list that leads out of its folder is not one that DVC has written.
    const leadsOut = entries?.some(({ relpath }) => relpath.split('/').includes('..'));
    if (entries && !leadsOut && isWhole) return entries;
    this.#tell(
      'dvc/cache-corrupt',
      `The cache's list of the files of ${this.#named(path)}, ${object}, is damaged. Delete it and run: dvc pull ${argument(this.#named(path))}`,
      location,
    );
    return undefined;
  }

  /** Whether the store has the output and all of its files. What the cache has under a wrong name is told. */
  async #has(
    { md5 = '', algorithm, path, location }: StageOutput,
    store: string,
    list: readonly Listed[] | undefined,
  ): Promise<boolean> {
    const object = objectIn(store, md5, algorithm);
    if ((await this.world.stat(object).catch(() => undefined))?.kind !== 'file') return false;
    const isCache = store === this.settings.cache;
    const single = md5.endsWith('.dir') ? [] : [{ md5, relpath: '' }];
    const checks = [...(list ?? []), ...single].map(({ md5, relpath }) =>
      turn(async () => {
        const file = objectIn(store, md5, algorithm);
        if ((await this.world.stat(file).catch(() => undefined))?.kind !== 'file') return false;
        if (!isCache || (await this.#hash(file, algorithm)) === md5) return true;
        const name = relpath === '' ? path : join(path, relpath);
        this.#tell(
          'dvc/cache-corrupt',
          `The cache's content of ${this.#named(name)}, ${file}, is not what its name says. Delete it and run: dvc pull ${argument(this.#named(path))}`,
          location,
        );
        return true;
      }),
    );
    return (await Promise.all(checks)).every(Boolean);
  }

  async stage(stage: Stage, outputs: readonly OutputStatus[]): Promise<StageStatus> {
    this.signal?.throwIfAborted();
    const { name, location, frozen } = stage;
    const isImport = stage.file.endsWith('.dvc');
    if (!stage.locked) {
      this.#tell('dvc/stage-never-run', `The stage ${name} has no entry in dvc.lock. Run: ${mendOf(stage)}`, location);
      return { name, location, frozen, changes: [] };
    }
    const own = outputs.filter((output) => output.stage === name);
    const changes = [
      ...(frozen
        ? []
        : [...(await this.#dependencies(stage, outputs)), ...(await this.#parameters(stage)), ...commandChange(stage)]),
      ...own.flatMap((output) => changeOf('output', this.#named(output.path), output.status)),
    ];
    const told = changes.filter(({ what }) => what !== 'output');
    // An output that differs is told by itself.
    if (told.length > 0 && !isImport)
      this.#tell(
        'dvc/stage-stale',
        `The stage ${name} is stale: ${told.map(sentence).join(', ')}. Run: ${mendOf(stage)}`,
        location,
      );
    return { name, location, frozen, changes };
  }

  async #dependencies(
    { dependencies, name }: Stage,
    outputs: readonly OutputStatus[],
  ): Promise<readonly StageChange[]> {
    const changes: StageChange[] = [];
    for (const dependency of dependencies) {
      const { path, elsewhere, md5, location } = dependency;
      if (elsewhere || !isWithin(this.root, path)) continue;
      const status = await this.#dependency(dependency);
      if (status === 'missing' && !outputs.some((output) => isWithin(output.path, path)))
        this.#tell(
          'dvc/dependency-missing',
          `The stage ${name} depends on ${this.#named(path)}, which is not there. Restore it, or take it out of "deps".`,
          location,
        );
      if (md5 === undefined && status !== 'missing') {
        changes.push({ what: 'dependency', name: this.#named(path), state: 'new' });
        continue;
      }
      changes.push(...changeOf('dependency', this.#named(path), status));
    }
    return changes;
  }

  /** A pointer of Git LFS stands for its content, which is what the stage has read. */
  async #dependency(dependency: Recorded): Promise<DatasetStatus> {
    const { path, md5, algorithm } = dependency;
    const stat = await this.world.stat(path).catch(() => undefined);
    if (stat?.kind === 'file' && stat.size < POINTER_BYTES) {
      const bytes = await this.world.read(path).catch(() => new Uint8Array());
      if (isPointer(bytes)) {
        const object = await contentOf(bytes, { path }, this.world).catch(() => undefined);
        if (object === undefined) return 'unknown';
        return (await this.#hash(object, algorithm)) === md5 ? 'unchanged' : 'modified';
      }
    }
    return (await this.#compared(dependency, undefined)).status;
  }

  async #parameters({ parameters, name }: Stage): Promise<readonly StageChange[]> {
    const changes: StageChange[] = [];
    for (const parameter of parameters) changes.push(...(await this.#parameter(parameter, name)));
    return changes;
  }

  async #parameter({ file, key, locked, location }: Parameter, stage: string): Promise<readonly StageChange[]> {
    if (!isWithin(this.root, file)) return [];
    const text = await this.files.text(file);
    const shown = this.#named(file);
    const values: Value | undefined = text === undefined ? undefined : valuesIn(file, text);
    if (text === undefined)
      this.#tell(
        'dvc/parameter-unknown',
        `The stage ${stage} takes parameters from ${shown}, which is not there. Write it, or take it out of "params".`,
        location,
      );
    if (key === undefined || (text !== undefined && values === undefined)) return [];
    const now = valueAt(isMapping(values) ? values : undefined, key);
    const named = `${shown}:${key}`;
    if (now === undefined) {
      if (text !== undefined)
        this.#tell(
          'dvc/parameter-unknown',
          `The stage ${stage} takes the parameter ${key}, which ${shown} does not have. Add it there, or take it out of "params".`,
          location,
        );
      return [{ what: 'parameter', name: named, state: 'missing' }];
    }
    if (locked === undefined) return [{ what: 'parameter', name: named, state: 'new' }];
    return isEqual(now, locked) ? [] : [{ what: 'parameter', name: named, state: 'modified' }];
  }
}

const mendOf = ({ name, file }: Stage): string =>
  file.endsWith('.dvc') ? `dvc commit ${argument(name)}` : `dvc repro ${argument(name)}`;

const sentence = ({ what, name, state }: StageChange): string =>
  what === 'always'
    ? 'it says that it always is'
    : what === 'command'
      ? 'its command differs from the last run'
      : `${what} ${name} is ${state}`;

function commandChange({ command, lockedCommand, alwaysChanged }: Stage): readonly StageChange[] {
  const always: readonly StageChange[] = alwaysChanged
    ? [{ what: 'always', name: 'always_changed', state: 'modified' }]
    : [];
  if (!command || !lockedCommand || isEqual(command, lockedCommand)) return always;
  return [...always, { what: 'command', name: 'cmd', state: 'modified' }];
}

function changeOf(what: StageChange['what'], name: string, status: DatasetStatus): readonly StageChange[] {
  if (status === 'modified') return [{ what, name, state: 'modified' }];
  if (status === 'missing' || status === 'not-in-cache') return [{ what, name, state: 'missing' }];
  return [];
}

function differences({ members }: OutputStatus): string {
  if (members.length === 0) return '';
  const count = (status: Member['status']) => members.filter((member) => member.status === status).length;
  const words = [
    [count('modified'), 'changed'],
    [count('missing'), 'missing'],
    [count('untracked'), 'new'],
  ] as const;
  return ` (${words.flatMap(([number, word]) => (number > 0 ? [`${number} ${word}`] : [])).join(', ')})`;
}

function membersOf(folder: string, before: readonly Listed[], now: readonly Listed[]): readonly Member[] {
  const [old, new_] = [before, now].map((list) => new Map(list.map(({ md5, relpath }) => [relpath, md5])));
  const path = (relpath: string) => join(folder, ...relpath.split('/'));
  const gone = before.flatMap(({ relpath, md5 }): readonly Member[] => {
    const found = new_?.get(relpath);
    if (found === md5) return [];
    return [{ path: path(relpath), status: found === undefined ? 'missing' : 'modified' }];
  });
  const added = now.flatMap(({ relpath }): readonly Member[] =>
    old?.has(relpath) ? [] : [{ path: path(relpath), status: 'untracked' }],
  );
  return [...gone, ...added].sort((a, b) => (a.path < b.path ? -1 : 1));
}
