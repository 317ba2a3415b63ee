import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { turnstile } from '../../turnstile';
import type { World } from '../../world';
import type { LakefsApi, LakefsObject } from './api';
import { LakefsProblem } from './codes';
import type { Pinned } from './pin';
import { addressOf } from './reference';

/** What an address names at its commit: one object, or those below it or that match it. */
export interface Listed {
  readonly objects: readonly LakefsObject[];
  /** Whether the address names an object by its whole path. */
  readonly isOne: boolean;
}

/** Objects of one dataset. A list that is longer is more than one dataset, or the wrong place to begin. */
const MOST_OBJECTS = 10_000;

/** Rejects with `LakefsProblem` when there is nothing, or too much. */
export async function objectsOf(pinned: Pinned, api: LakefsApi): Promise<Listed> {
  const { repository, path, commit } = pinned;
  const one = mayBeOne(path) ? await api.object(repository, commit.id, path) : undefined;
  if (one) return { objects: [one], isOne: true };
  const matches = /[*?{]/.test(path) ? patternOf(path) : undefined;
  const objects: LakefsObject[] = [];
  for await (const object of api.objects(repository, commit.id, prefixOf(path))) {
    if (matches && !matches.test(object.path)) continue;
    if (objects.push(object) > MOST_OBJECTS)
      throw new LakefsProblem(
        'lakefs/too-many-objects',
        `${addressOf(pinned)} has more than ${MOST_OBJECTS} objects. Name a folder or pattern with fewer.`,
        path,
      );
  }
  if (objects.length > 0) return { objects, isOne: false };
  throw await nothingAt(pinned, api);
}

/** Whether the path can be that of an object; one whose name has wildcards wins over a pattern. */
export const mayBeOne = (path: string): boolean => path !== '' && !path.endsWith('/');

/** What every object of an address begins with. */
export function prefixOf(path: string): string {
  const wildcard = path.search(/[*?{]/);
  if (wildcard >= 0) return path.slice(0, path.lastIndexOf('/', wildcard) + 1);
  return path === '' || path.endsWith('/') ? path : `${path}/`;
}

/** `*` and `?` within one folder, `**` over folders, `{a,b}` one of them, as patterns of local files have it. */
const patternOf = (path: string): RegExp => new RegExp(`^${sourceOf(path)}$`, 'su');

const sourceOf = (path: string): string =>
  path.replace(/\*\*\/|\*\*|[*?]|\{[^{}]*\}|[\\^$.|+()[\]{}]/g, (sign) => {
    const choices = /^\{(.*)\}$/s.exec(sign)?.[1];
    if (choices !== undefined) return `(?:${choices.split(',').map(sourceOf).join('|')})`;
    return wildcards[sign] ?? `\\${sign}`;
  });

const wildcards: Readonly<Record<string, string>> = {
  '**/': '(?:.*/)?',
  '**': '.*',
  '*': '[^/]*',
  '?': '[^/]',
};

/** Data that were put on a branch and not committed are there for lakectl, and in no version. */
async function nothingAt(pinned: Pinned, api: LakefsApi): Promise<LakefsProblem> {
  const { repository, path, commit, branch } = pinned;
  const staged = branch === pinned.ref && path !== '' ? await api.object(repository, branch, path) : undefined;
  const mend = staged
    ? `It lies on branch "${branch}" without a commit: lakectl commit lakefs://${repository}/${branch}`
    : `See what there is with: lakectl fs ls lakefs://${repository}/${pinned.ref}/`;
  return new LakefsProblem(
    'lakefs/object-missing',
    `There is no object at ${addressOf(pinned)} (commit ${commit.id.slice(0, 8)}). ${mend}`,
    path,
  );
}

/** Whether a branch holds another state of the object than its last commit. */
export async function isChangedOnBranch(
  { repository, branch, ref }: Pinned,
  committed: LakefsObject,
  api: LakefsApi,
): Promise<boolean> {
  if (branch === undefined || branch !== ref) return false;
  const staged = await api.object(repository, branch, committed.path);
  return staged?.checksum !== committed.checksum || staged.sizeBytes !== committed.sizeBytes;
}

/** Handed out by this process, so that they are not made room of while they are read. */
const inUse = new Set<string>();
const downloading = turnstile(4);

/**
 * Absolute path of the object's bytes in Plumbline's own storage, where they are kept by their content. The end of the
 * path is as in lakeFS as far as an engine looks at it: folders of Hive partitions, and the name.
 */
export async function bytesOf(object: LakefsObject, pinned: Pinned, api: LakefsApi, world: World): Promise<string> {
  const path = join(storeOf(world), ...placeOf(object, pinned, api.endpoint));
  inUse.add(path);
  await downloading(async () => {
    if ((await world.stat(path))?.size === object.sizeBytes) return;
    await api.download(pinned.repository, pinned.commit.id, object.path, path);
    const size = (await world.stat(path))?.size;
    if (size === object.sizeBytes) return;
    await world.remove(path);
    throw new LakefsProblem(
      'lakefs/not-answering',
      `Of ${addressOf({ ...pinned, path: object.path })} came ${size ?? 0} of ${object.sizeBytes} bytes. Try again.`,
      object.path,
    );
  });
  return path;
}

const storeOf = (world: World): string => join(world.places.storage, 'lakefs');

/** Content without a checksum is taken to be another one at every commit. */
function placeOf(object: LakefsObject, { repository, commit }: Pinned, endpoint: string): readonly string[] {
  const { path, checksum, sizeBytes } = object;
  const content = checksum || commit.id;
  const identity = JSON.stringify([endpoint, repository, path, content, sizeBytes]);
  const folders = path.split('/').slice(0, -1);
  const partitions = folders.filter((folder) => /^[^=]+=./.test(folder));
  const name = path.split('/').at(-1) ?? '';
  return [
    createHash('sha256').update(identity).digest('hex').slice(0, 40),
    ...partitions.map(harmless),
    harmless(name),
  ];
}

/** A name that every file system takes, with its suffix; `..` and the like lose their meaning. */
const harmless = (name: string): string =>
  name
    .replaceAll(/[\\/:*?"<>|\p{Cc}]/gu, (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`)
    .replace(/^\.+$/, '_')
    .slice(-80);

/** Bytes that are kept in all. */
const MOST_KEPT = 20 * 2 ** 30;
/** A file that is newer may be read by another process. Milliseconds. */
const SPARED_MS = 3_600_000;

/** Makes room, the oldest first, when more is kept than should be, drafts of ended processes included. Never rejects: nobody waits for this. */
export async function tidy(world: World, most = MOST_KEPT): Promise<void> {
  try {
    const paths = await world.glob(['**/*', '**/.*'], storeOf(world));
    const files = await Promise.all(paths.map(async (path) => ({ path, stat: await world.stat(path) })));
    let kept = files.reduce((sum, { stat }) => sum + (stat?.size ?? 0), 0);
    const before = world.now().getTime() - SPARED_MS;
    for (const { path, stat } of files.sort((a, b) => (a.stat?.modified ?? 0) - (b.stat?.modified ?? 0))) {
      if (kept <= most) return;
      if (!stat || inUse.has(path) || stat.modified > before) continue;
      await world.remove(path);
      kept -= stat.size;
    }
  } catch (error) {
    world.log.debug(`Data of lakeFS are kept longer: ${error instanceof Error ? error.message : String(error)}`);
  }
}
