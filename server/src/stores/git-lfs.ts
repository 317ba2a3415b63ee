import { join, resolve } from 'node:path';
import { type Git, Unreadable, type World } from '../world';
import { argument, inRoot } from './git';

/** What stands in Git in place of a large file. */
export interface Pointer {
  /** sha256 of the content, 64 lower hex digits. */
  readonly oid: string;
  /** Bytes of the content. */
  readonly size: number;
}

/** A pointer is shorter than this, in bytes, by the specification of Git LFS. */
export const POINTER_BYTES = 1024;

/** The second address is that of Git LFS before its first release, which is read to this day. */
const beginning = /^version https:\/\/(git-lfs\.github\.com|hawser\.github\.com)\/spec\//;

/** Whether the content of a file is a pointer of Git LFS, or what is left of one. */
export const isPointer = (bytes: Uint8Array): boolean =>
  bytes.length < POINTER_BYTES && beginning.test(textOf(bytes.subarray(0, 64)));

/** Undefined for a pointer without a whole oid or size. */
export function pointerOf(bytes: Uint8Array): Pointer | undefined {
  const text = textOf(bytes);
  const oid = /^oid sha256:([0-9a-f]{64})\r?$/m.exec(text)?.[1];
  const size = /^size (\d+)\r?$/m.exec(text)?.[1];
  return beginning.test(text) && oid && size ? { oid, size: Number(size) } : undefined;
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** The file whose content was a pointer, absolute, and the revision that it was read at, the work tree when there is none. */
export interface Pointing {
  readonly path: string;
  readonly revision?: string | undefined;
}

/**
 * Absolute path of the content in the store of the clone. Rejects with `Unreadable` for a damaged pointer, a store that
 * lacks the content or has other bytes of it, and in a world without Git.
 */
export async function contentOf(bytes: Uint8Array, file: Pointing, world: World): Promise<string> {
  const named = file.revision === undefined ? file.path : `${file.path} at "${file.revision}"`;
  const no = (reason: string): Unreadable => new Unreadable(`${named} is a ${reason}`, file.path);
  if (!world.git)
    throw no('Git LFS pointer; to find its data takes Git, which does not run in an untrusted workspace.');
  const pointer = pointerOf(bytes);
  if (!pointer) throw no('damaged Git LFS pointer. Restore it from a commit where it is whole.');
  const root = await world.git.root(file.path);
  const store = root === undefined ? undefined : await storeOf(root, world.git);
  if (root === undefined || store === undefined)
    throw no('Git LFS pointer outside of its Git repository. Put the data in its place.');
  const object = join(store, 'objects', pointer.oid.slice(0, 2), pointer.oid.slice(2, 4), pointer.oid);
  const found = await world.stat(object);
  const fetch = mendOf(file, root);
  if (found?.kind !== 'file') throw no(`Git LFS pointer, and its data are not in this clone. Run: ${fetch}`);
  if (found.size === pointer.size) return object;
  throw no(`Git LFS pointer to ${pointer.size} bytes, but ${object} has ${found.size}. Delete that and run: ${fetch}`);
}

/** `.git/lfs`, but where the person moved it. A clone has one, however many work trees. */
async function storeOf(root: string, git: Git): Promise<string | undefined> {
  const [folder, moved] = await Promise.all([git.commonDirectory(root), git.pathSetting(root, 'lfs.storage')]);
  return folder === undefined ? undefined : resolve(folder, moved ?? 'lfs');
}

/** `git lfs pull` writes the content into the work tree too, which is what a pointer there is for. */
function mendOf({ path, revision }: Pointing, root: string): string {
  const only = `-I ${argument(inRoot(root, path))}`;
  return revision === undefined ? `git lfs pull ${only}` : `git lfs fetch origin ${argument(revision)} ${only}`;
}
