import { basename, dirname, join, resolve } from 'node:path';
import { isWithin } from '../../paths';
import { get, itemsOf, type MapNode, type Node, numberOf, spelling, type Tree, wordOf } from '../../text/tree';
import { parseYaml } from '../../text/yaml';
import { type Git, Unreadable, type World } from '../../world';
import { argument, inRoot } from '../git';
import { type Listed, objectIn, parsedList } from './cache';
import { settingsOf } from './config';

/** A file or folder that DVC keeps, as a `.dvc` file or a `dvc.lock` records it. */
export interface Output {
  /** Absolute. */
  readonly path: string;
  /** md5 as 32 hex digits, with `.dir` after it for a folder; undefined when the record has none. */
  readonly md5: string | undefined;
  /** Recorded by DVC 1 or 2, which keep it at another place of the cache. */
  readonly legacy: boolean;
  /** Bytes, where it is recorded. */
  readonly size: number | undefined;
  /** Where the repository is that it was imported from, as `dvc import` wrote it. */
  readonly imported: string | undefined;
  /** The `.dvc` file or `dvc.lock`, absolute. */
  readonly record: string;
}

/** A file whose bytes lie under another name. */
export interface Stored {
  /** Absolute, where it is in the work tree. It tells the format, since a cache keeps no suffix. */
  readonly name: string;
  /** Absolute, where its bytes are. */
  readonly path: string;
}

/** A commit of the repository that holds a file. */
export interface Moment {
  readonly root: string;
  /** Full id. */
  readonly commit: string;
  /** As the person named it. */
  readonly revision: string;
}

/**
 * What DVC records of a path, or of the folder that it lies in, in the work tree or at a commit. Undefined when it lies
 * in no DVC project or none of its files names it.
 */
export async function outputAt(path: string, world: World, moment?: Moment): Promise<Output | undefined> {
  const project = await projectOf(path, world);
  if (project === undefined) return undefined;
  const above = foldersFrom(path, project);
  const candidates = [
    ...above.slice(0, -1).map((folder) => `${folder}.dvc`),
    ...above.slice(1).flatMap((folder) => [join(folder, 'dvc.lock'), join(folder, 'dvc.yaml')]),
  ];
  const files = moment && world.git ? filesAt(world.git, moment) : filesOnDisk(world);
  const there = await files.among(candidates);
  for (const record of there) {
    const outputs = record.endsWith('.dvc')
      ? ofDvcFile(record, await files.text(record))
      : await ofLock(record, there, files);
    const found = outputs.find((output) => isWithin(output.path, path));
    if (found) return found;
  }
  return undefined;
}

/** The folder with `.dvc/` that holds the path. */
async function projectOf(path: string, world: World): Promise<string | undefined> {
  const above = foldersFrom(dirname(path), undefined);
  const are = await Promise.all(above.map((folder) => world.stat(join(folder, '.dvc')).catch(() => undefined)));
  return above.find((_, index) => are[index]?.kind === 'folder');
}

/** The path itself and every folder above it, up to `last` or the root of the file system. */
function foldersFrom(path: string, last: string | undefined): readonly string[] {
  const above = [path];
  for (let here = path; here !== last && dirname(here) !== here; ) {
    here = dirname(here);
    above.push(here);
  }
  return above;
}

/** Files of one state of a project: what is on disk, or one commit. */
interface Files {
  /** Those of the paths that are there, in their order. */
  among(paths: readonly string[]): Promise<readonly string[]>;
  text(path: string): Promise<string>;
}

function filesOnDisk(world: World): Files {
  return {
    among: async (paths) => {
      const stats = await Promise.all(paths.map((path) => world.stat(path)));
      return paths.filter((_, index) => stats[index]?.kind === 'file');
    },
    text: (path) => world.readText(path),
  };
}

function filesAt(git: Git, { root, commit }: Moment): Files {
  return {
    among: async (paths) => {
      const blobs = await git.blobs(root, commit, paths);
      return paths.filter((path) => blobs.has(path));
    },
    text: async (path) => Buffer.from((await git.show(root, commit, path)) ?? []).toString('utf8'),
  };
}

/** `data.csv.dvc` speaks of `data.csv` even when it is broken, so that the person hears of it. */
function ofDvcFile(record: string, text: string): readonly Output[] {
  const tree = parseYaml(text);
  const folder = resolve(dirname(record), wordOf(get(tree.root, 'wdir')) ?? '.');
  const outputs = outputsIn(tree, tree.root, folder, record);
  return outputs.length > 0
    ? outputs
    : [
        {
          path: record.slice(0, -'.dvc'.length),
          md5: undefined,
          legacy: false,
          size: undefined,
          imported: undefined,
          record,
        },
      ];
}

/** A lock's paths start at the `wdir` of their stage, which only `dvc.yaml` says. */
async function ofLock(record: string, there: readonly string[], files: Files): Promise<readonly Output[]> {
  if (basename(record) !== 'dvc.lock') return [];
  const pipeline = join(dirname(record), 'dvc.yaml');
  const stages = there.includes(pipeline) ? get(parseYaml(await files.text(pipeline)).root, 'stages') : undefined;
  const tree = parseYaml(await files.text(record));
  return entriesOf(get(tree.root, 'stages')).flatMap(({ key, value }) => {
    // `features@tanker` is one of the stages that `features` stands for.
    const stage = get(stages, String(key.value).replace(/@.*$/s, '')) ?? get(stages, String(key.value));
    const folder = resolve(dirname(record), wordOf(get(stage, 'wdir')) ?? '.');
    return outputsIn(tree, value, folder, record);
  });
}

const entriesOf = (node: Node | undefined): MapNode['entries'] => (node?.kind === 'map' ? node.entries : []);

function outputsIn(tree: Tree, node: Node | undefined, folder: string, record: string): readonly Output[] {
  const sources = itemsOf(get(node, 'deps')).map((source) => wordOf(get(get(source, 'repo'), 'url')));
  const imported = sources.find((url) => url !== undefined);
  return itemsOf(get(node, 'outs')).flatMap((out) => {
    const path = wordOf(get(out, 'path'));
    if (path === undefined) return [];
    const legacy = get(out, 'hash') === undefined;
    const size = numberOf(get(out, 'size'));
    return [{ path: resolve(folder, path), md5: md5In(tree, get(out, 'md5')), legacy, size, imported, record }];
  });
}

const MD5 = /^[0-9a-f]{32}$/;

/** As the text spells it, since YAML takes `12345678901234567890123456789012` for a number. */
function md5In(tree: Tree, node: Node | undefined): string | undefined {
  const spelt = node && spelling(tree, node).replace(/^(['"])(.*)\1$/, '$2');
  return spelt && MD5.test(spelt.replace(/\.dir$/, '')) ? spelt : undefined;
}

/**
 * The files of an output, or those of its folder at or below `path`, sorted by name; found in the cache of the project,
 * else in a remote that is a folder. Rejects with `Unreadable` for content that is in none of them.
 */
export async function storedOf(
  output: Output,
  path: string,
  world: World,
  moment?: Moment,
): Promise<readonly Stored[]> {
  const { md5, record } = output;
  const named = moment ? `${path} at "${moment.revision}"` : path;
  if (md5 === undefined)
    throw new Unreadable(`${record} has no md5 for ${named}. Write it anew with: dvc commit`, path);
  const project = (await projectOf(path, world)) ?? dirname(path);
  const stores = await storesOf(project, output.imported, world);
  // `dvc pull` brings what the work tree records, and no other version.
  const mend = `${moment ? 'dvc fetch --all-commits' : 'dvc pull'} ${argument(inRoot(project, output.path))}`;
  const asked = { path, named, legacy: output.legacy, stores, mend };
  const object = await objectOf(md5, asked, world);
  if (!md5.endsWith('.dir')) return path === output.path ? [{ name: path, path: object }] : [];
  const inside = (await listed(object, asked, world))
    .map(({ relpath, md5 }) => ({ name: join(output.path, ...relpath.split('/')), md5 }))
    .filter(({ name }) => isWithin(path, name));
  return Promise.all(inside.map(async ({ name, md5 }) => ({ name, path: await objectOf(md5, asked, world) })));
}

interface Asked {
  readonly path: string;
  /** The path with its revision. */
  readonly named: string;
  readonly legacy: boolean;
  readonly stores: readonly string[];
  /** The command that brings what is not there. */
  readonly mend: string;
}

async function objectOf(md5: string, { path, named, legacy, stores, mend }: Asked, world: World): Promise<string> {
  for (const store of stores) {
    const object = objectIn(store, md5, legacy ? 'md5-dos2unix' : 'md5');
    if ((await world.stat(object))?.kind === 'file') return object;
  }
  throw new Unreadable(`DVC's cache does not hold ${named}. Run: ${mend}`, path);
}

/** What is in a `.dir` object. */
async function listed(object: string, { path, named, mend }: Asked, world: World): Promise<readonly Listed[]> {
  const entries = parsedList(await world.readText(object));
  if (entries) return entries;
  throw new Unreadable(`DVC's list of the files of ${named}, ${object}, is damaged. Delete it and run: ${mend}`, path);
}

/**
 * The cache first, then every remote that is a folder of this machine: content has one name in all of them. What was
 * imported may be only where it came from, when that is a folder too.
 */
async function storesOf(project: string, imported: string | undefined, world: World): Promise<readonly string[]> {
  const source = imported === undefined || isAddress(imported) ? undefined : resolve(project, imported);
  const projects = source === undefined ? [project] : [project, source];
  const settings = await Promise.all(projects.map((folder) => settingsOf(folder, world)));
  return settings.flatMap(({ cache, remotes }) => [cache, ...remotes.flatMap(({ folder }) => folder ?? [])]);
}

const isAddress = (place: string): boolean => /^[a-z][a-z0-9+.-]+:\/\/|^[^/\\]+@/i.test(place);
