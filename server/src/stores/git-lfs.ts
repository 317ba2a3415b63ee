import { join, resolve } from 'node:path';
import type { DatasetStatus, Finding } from '../protocol';
import { turnstile } from '../turnstile';
import { type Git, Unreadable, type World } from '../world';
import { type Codes, findingAt, type Reading } from './finding';
import { argument, inRoot } from './git';
import { hasContent } from './hash';

/** What can be in the way of data that Git LFS keeps. */
export const gitLfsCodes = {
  'git-lfs/pointer': ['warning', 'A file is a pointer of Git LFS, so its data cannot be read at its place.'],
  'git-lfs/damaged-pointer': ['error', 'A pointer of Git LFS lacks a whole oid or size.'],
  'git-lfs/damaged-object': ['error', 'The store of Git LFS has other bytes than the oid they are kept under.'],
  'git-lfs/content-in-git': ['warning', 'A file is to be kept by Git LFS, but its last commit has its content itself.'],
} as const satisfies Codes;

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
  const object = objectIn(store, pointer.oid);
  const found = await world.stat(object);
  const fetch = mendOf(file, root);
  if (found?.kind !== 'file') throw no(`Git LFS pointer, and its data are not in this clone. Run: ${fetch}`);
  if (found.size === pointer.size) return object;
  throw no(`Git LFS pointer to ${pointer.size} bytes, but ${object} has ${found.size}. Delete that and run: ${fetch}`);
}

const objectIn = (store: string, oid: string): string => join(store, 'objects', oid.slice(0, 2), oid.slice(2, 4), oid);

/** A file that Git LFS keeps. */
export interface LargeFile {
  /** Absolute. */
  readonly path: string;
  /** sha256 of the content at HEAD, or of the pointer on disk; undefined when neither tells one. */
  readonly oid: string | undefined;
  /** Bytes of that content. */
  readonly size: number | undefined;
  /** `pointer` where the data are not at their place, though the store may have them. */
  readonly status: DatasetStatus;
  /** Absolute path in the store of the clone; undefined when it is not there, or damaged. */
  readonly object: string | undefined;
}

export interface LargeFileOptions {
  /** Absolute; all that the index holds when left out. Those that are not Git LFS's are not in the answer. */
  readonly paths?: readonly string[] | undefined;
  /** Reads content of the right size and compares its sha256, where Git's word would do otherwise. */
  readonly verify?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Files of a work tree that Git LFS keeps, and how they are. Neither the program of Git LFS nor its filters are needed. A
 * question to Git is asked once for all files. Rejects with the signal's reason when that is aborted.
 */
export async function largeFilesOf(
  root: string,
  world: World,
  { paths, verify = false, signal }: LargeFileOptions = {},
): Promise<Reading<readonly LargeFile[]>> {
  const { git } = world;
  if (!git) return { found: [], problems: [] };
  const files = paths ? await amongLarge(git, root, paths) : await allLarge(git, root);
  if (files.length === 0) return { found: [], problems: [] };
  signal?.throwIfAborted();
  const [store, committed, changes] = await Promise.all([
    storeOf(root, git),
    pointersAt(git, root, files),
    git.changes(root),
  ]);
  const changed = changes && new Set(changes.map(({ path }) => path));
  const known = { root, world, store, changed, verify, signal };
  const turn = turnstile(32);
  const seen = await Promise.all(
    files.map((path) => turn(() => largeFile(path, committed.get(inRoot(root, path)), known))),
  );
  return { found: seen.map(({ file }) => file), problems: seen.flatMap(({ problems }) => problems) };
}

async function amongLarge(git: Git, root: string, paths: readonly string[]): Promise<readonly string[]> {
  const filters = await git.attribute(root, 'filter', paths);
  return paths.filter((path) => filters.get(path) === 'lfs');
}

const allLarge = async (git: Git, root: string): Promise<readonly string[]> =>
  [...(await git.attributed(root, 'filter', 'lfs')).keys()].map((name) => join(root, name));

/** What HEAD has for each name; undefined for a file that stands there with its content. */
async function pointersAt(
  git: Git,
  root: string,
  files: readonly string[],
): Promise<ReadonlyMap<string, Pointer | undefined>> {
  const blobs = await git.blobs(root, 'HEAD', files);
  const names = files.filter((path) => blobs.has(path)).map((path) => inRoot(root, path));
  const staged = names.length > FEW ? await stagedPointers(git, root) : new Map<string, Staged>();
  const isStaged = (name: string) => staged.get(name)?.blob === blobs.get(join(root, name));
  const paths = names.filter((name) => !isStaged(name));
  const lines = await git.linesWith(root, POINTER_LINES, { revision: 'HEAD', paths });
  return new Map(
    names.map((name) => [name, isStaged(name) ? staged.get(name)?.pointer : pointerIn(lines.get(name))] as const),
  );
}

/** Of so many files each is asked for by its name. */
const FEW = 500;
const POINTER_LINES = '^(version https://|oid sha256:|size [0-9])';
const pointerIn = (lines: readonly string[] = []): Pointer | undefined => pointerOf(Buffer.from(lines.join('\n')));

interface Staged {
  readonly blob: string;
  readonly pointer: Pointer | undefined;
}

/** What the index has, which Git finds by attribute at once. Most of it is what HEAD has. */
async function stagedPointers(git: Git, root: string): Promise<ReadonlyMap<string, Staged>> {
  const [blobs, lines] = await Promise.all([
    git.attributed(root, 'filter', 'lfs'),
    git.attributedLinesWith(root, POINTER_LINES, 'filter', 'lfs'),
  ]);
  return new Map([...blobs].map(([name, blob]) => [name, { blob, pointer: pointerIn(lines.get(name)) }]));
}

interface Surroundings {
  readonly root: string;
  readonly world: World;
  readonly store: string | undefined;
  /** Paths that differ from HEAD, from the root; undefined when Git does not answer. */
  readonly changed: ReadonlySet<string> | undefined;
  readonly verify: boolean;
  readonly signal: AbortSignal | undefined;
}

interface Seen {
  readonly file: LargeFile;
  readonly problems: readonly Finding[];
}

async function largeFile(path: string, committed: Pointer | undefined, known: Surroundings): Promise<Seen> {
  known.signal?.throwIfAborted();
  const { world, root } = known;
  const stat = await world.stat(path).catch(() => undefined);
  const bytes =
    stat?.kind === 'file' && stat.size < POINTER_BYTES ? await world.read(path).catch(() => undefined) : undefined;
  if (bytes && isPointer(bytes)) return ofPointer(path, pointerOf(bytes), committed, known);
  const object = committed && (await objectOf(path, committed, known));
  const status = stat?.kind === 'file' ? await statusOf(path, stat.size, committed, known) : 'missing';
  const file = { path, oid: committed?.oid, size: committed?.size, status, object: object?.path };
  const inGit = status === 'unchanged' && !committed;
  const message = `${path} is for Git LFS, but Git has its content itself; run: git add --renormalize ${argument(inRoot(root, path))}`;
  return { file, problems: inGit ? [findingAt(gitLfsCodes, 'git-lfs/content-in-git', message, path)] : [] };
}

async function statusOf(
  path: string,
  size: number,
  committed: Pointer | undefined,
  { world, root, changed, verify, signal }: Surroundings,
): Promise<DatasetStatus> {
  const isChanged = changed?.has(inRoot(root, path));
  if (!committed) return isChanged === undefined ? 'unknown' : isChanged ? 'modified' : 'unchanged';
  if (size !== committed.size) return 'modified';
  if (!verify && isChanged === false) return 'unchanged';
  // Without its filter Git takes every content for a change of the pointer, so only the bytes tell.
  const content = { algorithm: 'sha256', hash: committed.oid } as const;
  const isSame = await hasContent(path, content, world, { signal }).catch(unlessAborted(signal));
  return isSame === undefined ? 'unknown' : isSame ? 'unchanged' : 'modified';
}

/** A file that cannot be read is unknown; one that nobody waits for any more ends the whole. */
const unlessAborted = (signal: AbortSignal | undefined) => (): undefined => {
  signal?.throwIfAborted();
  return undefined;
};

async function ofPointer(
  path: string,
  pointer: Pointer | undefined,
  committed: Pointer | undefined,
  known: Surroundings,
): Promise<Seen> {
  if (!pointer) {
    const message = `${path} is a damaged Git LFS pointer; bring it back with: git checkout -- ${argument(inRoot(known.root, path))}`;
    const file = { path, oid: committed?.oid, size: committed?.size, status: 'unknown', object: undefined } as const;
    return { file, problems: [findingAt(gitLfsCodes, 'git-lfs/damaged-pointer', message, path)] };
  }
  const object = await objectOf(path, pointer, known);
  const file = { path, oid: pointer.oid, size: pointer.size, status: 'pointer', object: object.path } as const;
  if (object.problem) return { file, problems: [object.problem] };
  const place = argument(inRoot(known.root, path));
  const mend = object.path ? `git lfs checkout ${place}` : mendOf({ path }, known.root);
  const where = object.path ? 'are in the store of this clone' : 'are not in this clone';
  const message = `${path} is a Git LFS pointer, and its data ${where}; run: ${mend}`;
  return { file, problems: [findingAt(gitLfsCodes, 'git-lfs/pointer', message, path)] };
}

interface StoredObject {
  readonly path: string | undefined;
  readonly problem?: Finding;
}

/** Its size is always compared, its bytes when they are to be verified. */
async function objectOf(path: string, { oid, size }: Pointer, known: Surroundings): Promise<StoredObject> {
  const { store, world, verify, signal, root } = known;
  const object = store === undefined ? undefined : objectIn(store, oid);
  const stat = object === undefined ? undefined : await world.stat(object).catch(() => undefined);
  if (object === undefined || stat?.kind !== 'file') return { path: undefined };
  const content = { algorithm: 'sha256', hash: oid } as const;
  const isWhole =
    stat.size === size &&
    (!verify || (await hasContent(object, content, world, { signal }).catch(unlessAborted(signal))) !== false);
  if (isWhole) return { path: object };
  const message = `${object} is not the data that ${path} names by its Git LFS oid; delete it and run: ${mendOf({ path }, root)}`;
  return { path: undefined, problem: findingAt(gitLfsCodes, 'git-lfs/damaged-object', message, object) };
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
