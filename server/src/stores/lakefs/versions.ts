import { turnstile } from '../../turnstile';
import type { World } from '../../world';
import { type LakefsApi, type LakefsCommit, lakefsApi } from './api';
import { LakefsProblem } from './codes';
import { mayBeOne, prefixOf } from './objects';
import { type Pinned, pin } from './pin';
import { addressOf, parseLakefs } from './reference';

/** One state of an object, or of all objects of a folder or pattern. */
export interface LakefsVersion {
  /** With the commit in place of the ref, so that it always names the same data. */
  readonly address: string;
  readonly commit: LakefsCommit;
}

export interface SizedVersion extends LakefsVersion {
  /** Bytes and checksum of one object; undefined for a folder, and where the commit deleted it. */
  readonly sizeBytes: number | undefined;
  readonly checksum: string | undefined;
}

/** Commits that are looked at; older ones are left out. */
const MOST_VERSIONS = 1000;

/**
 * Commits up to the address's ref that changed its data, newest first; those that deleted it are among them. Rejects with
 * `Unreadable`, and with the signal's reason when that is aborted.
 */
export async function commitsOfObject(
  address: string,
  world: World,
  signal?: AbortSignal,
): Promise<readonly LakefsVersion[]> {
  const api = await lakefsApi(world, signal);
  return commitsOf(await pin(parseLakefs(address), api), api, MOST_VERSIONS);
}

async function commitsOf(pinned: Pinned, api: LakefsApi, most: number): Promise<readonly LakefsVersion[]> {
  const { repository, path, commit } = pinned;
  const isOne = mayBeOne(path) && (await api.object(repository, commit.id, path)) !== undefined;
  const versions: LakefsVersion[] = [];
  for await (const found of api.history(repository, commit.id, isOne ? { object: path } : { prefix: prefixOf(path) })) {
    versions.push({ address: addressOf({ ...pinned, ref: found.id }), commit: found });
    if (versions.length >= most) break;
  }
  return versions;
}

/** The same with the size and checksum of each of the newest `sized` versions: a request more for each. */
export async function versionsOfObject(
  address: string,
  world: World,
  signal?: AbortSignal,
  sized = MOST_VERSIONS,
): Promise<readonly SizedVersion[]> {
  const api = await lakefsApi(world, signal);
  const pinned = await pin(parseLakefs(address), api);
  const asking = turnstile(4);
  const versions = await commitsOf(pinned, api, MOST_VERSIONS);
  const isOne = mayBeOne(pinned.path);
  return Promise.all(
    versions.map(async (version, index) => {
      const ask = () => api.object(pinned.repository, version.commit.id, pinned.path);
      const object = isOne && index < sized ? await asking(ask) : undefined;
      return { ...version, sizeBytes: object?.sizeBytes, checksum: object?.checksum };
    }),
  );
}

/** The last commit that changed the data of the address, as the first of `commitsOfObject`. */
export async function lastChangeOf(address: string, world: World, signal?: AbortSignal): Promise<LakefsCommit> {
  const api = await lakefsApi(world, signal);
  const [last] = await commitsOf(await pin(parseLakefs(address), api), api, 1);
  if (last) return last.commit;
  throw new LakefsProblem('lakefs/object-missing', `No commit up to ${address} has its data. Check its path.`, address);
}
