// Where artifacts are on this machine. Stores name them by absolute paths of the machine that wrote them, and none of those
// is opened that leads out of the folder which the store lies in.

import { dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isWithin } from '../../../paths';
import type { Finding } from '../../../protocol';
import type { World } from '../../../world';
import { findingAt } from '../../finding';
import type { RunArtifacts } from '../../run';
import { codes } from './codes';

/** The path that an address of artifacts is on its own machine; undefined for addresses of servers and clouds. */
export function recordedPath(recorded: string): string | undefined {
  if (/^[A-Za-z]:[\\/]/.test(recorded)) return recorded;
  if (!/^[a-z][\w+.-]+:/i.test(recorded)) return recorded;
  if (!/^file:/i.test(recorded)) return undefined;
  try {
    return fileURLToPath(recorded.replace(/^file:(\/\/)?(?=[^/])/i, 'file:///'));
  } catch {
    return undefined;
  }
}

/** Looks for the artifacts of one store, and remembers which of them were recorded elsewhere. */
export interface ArtifactFinder {
  /** `beside`: where they lie when the store was moved as a whole. `anchors`: names of folders, the first of them that is there is what the tail starts before. */
  find(
    recorded: string | undefined,
    options: { readonly beside?: string; readonly anchors?: readonly (string | undefined)[] },
  ): Promise<RunArtifacts>;
  /** One for the store, when there is any to tell. */
  findings(): readonly Finding[];
}

/** Those of many folders of artifacts that lie where they were recorded, with the folders of their runs: one question for all. */
export async function artifactsThere(
  store: string,
  recorded: readonly (string | undefined)[],
  world: World,
  signal?: AbortSignal,
): Promise<ReadonlySet<string>> {
  const home = dirname(store);
  const places = recorded.flatMap((one) => {
    const own = one === undefined ? undefined : recordedPath(one);
    if (own === undefined) return [];
    const place = isAbsolute(own) ? own : resolve(home, own);
    return isWithin(home, place) ? [place] : [];
  });
  const stats = await world.many.stat(places, signal);
  return new Set(places.flatMap((place, index) => (stats[index]?.kind === 'folder' ? [dirname(place), place] : [])));
}

/** @param there Folders by the store that are known to be there, of which no listing need tell. */
export function createArtifactFinder(
  store: string,
  world: World,
  there: ReadonlySet<string> = new Set(),
): ArtifactFinder {
  const home = dirname(store);
  const folders = new Map<string, Promise<ReadonlySet<string>>>();
  let elsewhere: string | undefined;

  /** Thousands of runs lie in one folder, which is listed once. */
  const isFolder = async (path: string): Promise<boolean> => {
    if (there.has(path)) return true;
    const above = dirname(path);
    const listed =
      folders.get(above) ??
      world
        .list(above)
        .then((entries) => new Set(entries?.filter(({ kind }) => kind === 'folder').map(({ name }) => name)));
    folders.set(above, listed);
    return (await listed).has(path.slice(above.length).replace(/^[\\/]/, ''));
  };
  const isHere = async (path: string): Promise<boolean> =>
    isWithin(home, path) && (await isFolder(dirname(path))) && isFolder(path);

  return {
    find: async (recorded, { beside, anchors = [] }) => {
      const own = recorded === undefined ? undefined : recordedPath(recorded);
      if (own === undefined) return { recorded, path: undefined };
      const absolute = isAbsolute(own) ? own : resolve(home, own);
      if (there.has(absolute)) return { recorded, path: absolute };
      if (isWithin(home, absolute) && (await isHere(absolute))) return { recorded, path: absolute };
      // A run that logged no file has no folder, wherever it ran.
      if (!isWithin(home, absolute)) elsewhere ??= own;
      const tails = anchors.flatMap((anchor) => (anchor && tailOf(own, anchor)) || []);
      const places = [...(beside === undefined ? [] : [beside]), ...tails.map((tail) => join(home, tail))];
      for (const place of places) if (await isHere(place)) return { recorded, path: place };
      return { recorded, path: undefined };
    },
    findings: () => (elsewhere === undefined ? [] : [elsewhereFinding(store, elsewhere)]),
  };
}

function elsewhereFinding(store: string, path: string): Finding {
  const message =
    `Runs of ${store} recorded their artifacts in another place, such as ${path}; they are looked for beside the store. ` +
    'Where they are missing, copy them there.';
  return findingAt(codes, 'mlflow/artifacts-elsewhere', message, store);
}

/** From the folder above `anchor` on: `mlruns/1/RUN/artifacts` of an experiment 1, whatever the root is called. */
function tailOf(path: string, anchor: string): string | undefined {
  const parts = path.split(/[\\/]/);
  const at = parts.lastIndexOf(anchor);
  if (at < 1 || parts.includes('..')) return undefined;
  return parts.slice(at - 1).join(sep);
}

const LISTED = 10_000;
const DEEP = 20;

/** Paths of the files in a folder, with slashes; the first 10,000. Links that lead back up, or out of it, are not followed. */
export async function filesBelow(folder: string, world: World, signal?: AbortSignal): Promise<readonly string[]> {
  const files: string[] = [];
  const root = await world.realPath(folder);
  const seen = new Set<string>();
  const walk = async (place: string, prefix: string, depth: number): Promise<void> => {
    const real = await world.realPath(place);
    if (real === undefined || root === undefined || seen.has(real) || !isWithin(root, real) || depth > DEEP) return;
    seen.add(real);
    for (const { name, kind } of (await world.list(place)) ?? []) {
      signal?.throwIfAborted();
      if (files.length >= LISTED) return;
      if (kind === 'file') files.push(prefix + name);
      if (kind === 'folder') await walk(join(place, name), `${prefix}${name}/`, depth + 1);
    }
  };
  await walk(folder, '', 0);
  return files;
}

/** Files that name a model's packages, the most exact first. */
const environments = ['requirements.txt', 'conda.yaml', 'python_env.yaml'];

/** Of the folder of a model; undefined when it has none. */
export async function environmentIn(folder: string, world: World): Promise<string | undefined> {
  const there = new Set((await world.list(folder))?.filter(({ kind }) => kind === 'file').map(({ name }) => name));
  const found = environments.find((name) => there.has(name));
  return found && join(folder, found);
}
