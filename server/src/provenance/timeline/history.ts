import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { isAddress } from '../../data/dataset';
import type { Tracker } from '../../protocol';
import { dvc } from '../../stores/data-trackers/dvc';
import { historyOf } from '../../stores/dvc/history';
import { type Output, outputAt } from '../../stores/dvc/outputs';
import { largeFilesOf, POINTER_BYTES, type Pointer, pointerOf } from '../../stores/git-lfs';
import { hashOf } from '../../stores/hash';
import { cloneChangesOf, lakefsClones } from '../../stores/lakefs/clones';
import { addressOf, isLakefs } from '../../stores/lakefs/reference';
import { versionsOfObject } from '../../stores/lakefs/versions';
import { type Git, type GitChange, type GitVersion, Unreadable, type World } from '../../world';
import { shown } from '../evidence';
import { fileOf } from '../inventory';

/** One version of a dataset as its tracker records it; nothing of its content was read. */
export interface DatasetVersion {
  readonly tracker: Tracker;
  /** Dataset reference that reads it again, from the folder that was asked from. */
  readonly ref: string;
  /** Content id; undefined where the tracker tells none. */
  readonly version: string | undefined;
  readonly algorithm: string | undefined;
  /** Undefined for what no commit has yet. */
  readonly commit: VersionCommit | undefined;
  /** Bytes, where they are recorded. */
  readonly sizeBytes: number | undefined;
  /** Why its content cannot be read, where that is known without trying. */
  readonly reason?: string | undefined;
}

export interface VersionCommit {
  readonly commit: string;
  readonly author: string;
  /** ISO 8601. */
  readonly date: string;
  readonly subject: string;
  readonly tag: string | undefined;
}

export interface DatasetHistory {
  /** Newest first. */
  readonly versions: readonly DatasetVersion[];
  /** Versions beyond those. */
  readonly older: number;
  /** Absolute; runs at or below it may have used the dataset. */
  readonly home: string;
}

/** Which history is asked for. */
export interface Asked {
  /** A dataset reference; a revision in it counts for nothing. */
  readonly dataset: string;
  /** Absolute. */
  readonly folder: string;
  readonly most: number;
}

/** Hex digits of a commit in a reference: unique in all but the largest repositories, and short enough to be read. */
const SHORT = 10;

/**
 * Versions of a dataset through Git, Git LFS, DVC or lakeFS, and what lies on disk without a commit before them. Rejects
 * with `Unreadable` for what has neither data nor history, and with the signal's reason.
 */
export async function datasetHistory(asked: Asked, world: World, signal: AbortSignal): Promise<DatasetHistory> {
  const { dataset, folder } = asked;
  if (isLakefs(dataset)) return inLakefs(asked, world, signal);
  const file = isAddress(dataset) ? undefined : await fileOf(world, dataset, folder);
  if (!file || /[*?[{]/.test(dataset))
    throw new Unreadable(
      `${dataset} has no versions to tell. Name a file or folder in Git or DVC, or an object of lakeFS.`,
      dataset,
    );
  return onDisk({ ...asked, path: file.path }, world, signal);
}

// ------------------------------------------------------------------------------------------------------ lakeFS

async function inLakefs({ dataset, folder, most }: Asked, world: World, signal: AbortSignal): Promise<DatasetHistory> {
  const versions = await versionsOfObject(dataset, world, signal, most);
  const newest = versions.slice(0, most);
  // Of one object every version has a checksum, but for those that deleted it.
  const isOne = newest.some(({ checksum }) => checksum !== undefined);
  const there = newest.filter(({ checksum }) => !isOne || checksum !== undefined);
  return {
    versions: there.map(({ address, commit, sizeBytes, checksum }) => ({
      tracker: 'lakefs',
      ref: address,
      version: checksum ?? commit.id,
      algorithm: checksum === undefined ? 'commit' : 'checksum',
      commit: {
        commit: commit.id,
        author: commit.committer,
        date: commit.date,
        subject: commit.message.split('\n')[0] ?? '',
        tag: undefined,
      },
      sizeBytes,
    })),
    older: Math.max(0, versions.length - most),
    home: (await world.git?.root(folder)) ?? folder,
  };
}

/** The same of a file in a folder that lakectl cloned; undefined elsewhere, and where no server can be asked. */
async function inClone(asked: OnDisk, world: World, signal: AbortSignal): Promise<DatasetHistory | undefined> {
  const { path, dataset, folder } = asked;
  const home = await cloneAround(path, world);
  const clone = home && (await lakefsClones(home, world)).found.find((found) => found.folder === home);
  if (!clone) return undefined;
  const way = relative(clone.folder, path).split(sep).join('/');
  const address = addressOf({ ...clone.source, path: `${clone.source.path}${way}` });
  const history = await inLakefs({ ...asked, dataset: address }, world, signal).catch((error: unknown) => {
    if (error instanceof Unreadable) return undefined;
    throw error;
  });
  if (!history) return undefined;
  const { found: changes } = await cloneChangesOf(clone, world, signal);
  const stat = await world.stat(path);
  if (stat?.kind !== 'file' || !changes?.changed.includes(path)) return history;
  const version = await hashOf(path, 'md5', world, { signal });
  const ref = isAbsolute(dataset) ? path : shown(folder, path);
  const local = { tracker: 'lakefs', ref, version, algorithm: 'md5', commit: undefined, sizeBytes: stat.size } as const;
  return { ...history, versions: [local, ...history.versions] };
}

/** The nearest folder above the path that lakectl cloned. */
async function cloneAround(path: string, world: World): Promise<string | undefined> {
  for (let here = dirname(path); ; here = dirname(here)) {
    if (await world.stat(join(here, '.lakefs_ref.yaml'))) return here;
    if (dirname(here) === here) return undefined;
  }
}

// ------------------------------------------------------------------------------------------------- work tree

interface OnDisk extends Asked {
  /** Absolute, without a revision. */
  readonly path: string;
}

async function onDisk(asked: OnDisk, world: World, signal: AbortSignal): Promise<DatasetHistory> {
  const { path, folder, most } = asked;
  const root = await world.git?.root(path);
  const home = root ?? folder;
  const { git } = world;
  const committed = git && root !== undefined ? await committedOf({ ...asked, git, root }, world, signal) : [];
  const cloned = committed.length === 0 ? await inClone(asked, world, signal) : undefined;
  if (cloned) return cloned;
  const uncommitted = await uncommittedOf(asked, root, committed[0], world, signal);
  const all = [...(uncommitted ? [uncommitted] : []), ...committed];
  if (all.length === 0)
    throw new Unreadable(`There is no data at ${path}, and no commit has any. Check the path.`, path);
  const versions = await Promise.all(
    all.slice(0, most).map((version) => (git && root !== undefined ? tagged(version, git, root) : version)),
  );
  return { versions, older: all.length - versions.length, home };
}

async function tagged(version: DatasetVersion, git: Git, root: string): Promise<DatasetVersion> {
  if (!version.commit) return version;
  const tag = (await git.describe(root, version.commit.commit))?.tag;
  return { ...version, commit: { ...version.commit, tag } };
}

interface InGit extends OnDisk {
  readonly git: Git;
  readonly root: string;
}

/** What DVC records now, then what Git itself held before. */
async function committedOf(asked: InGit, world: World, signal: AbortSignal): Promise<readonly DatasetVersion[]> {
  const { path } = asked;
  const [output, recorded] = await Promise.all([outputAt(path, world), historyOf(path, world, signal)]);
  const ofDvc = recorded.map(({ commit, md5, size }): DatasetVersion => {
    const then = commit.path.endsWith('.dvc') && output?.path === path ? commit.path.slice(0, -'.dvc'.length) : path;
    const sizeBytes = output?.path === path ? size : undefined;
    return { ...atCommit(asked, then, commit), tracker: 'dvc', version: md5, algorithm: 'md5', sizeBytes };
  });
  return [...ofDvc, ...(await ofGit(asked, world))];
}

async function ofGit(asked: InGit, world: World): Promise<readonly DatasetVersion[]> {
  const { git, root, path, most } = asked;
  if ((await world.stat(path))?.kind === 'folder') return ofFolder(asked);
  const change = changeAt(path, root, await git.changes(root));
  const named = change?.from === undefined ? path : join(root, change.from);
  const commits = contentful(await git.history(root, named));
  const isLarge = (await git.attribute(root, 'filter', [path])).get(path) === 'lfs';
  const blobs = commits.slice(0, isLarge ? most : 0).flatMap(({ blob }) => blob ?? []);
  const pointers = new Map<string, Pointer | undefined>();
  for await (const [blob, bytes] of git.contents(root, blobs, { largest: POINTER_BYTES }))
    pointers.set(blob, bytes && pointerOf(bytes));
  return commits.map((commit) => ({
    ...atCommit(asked, commit.path, commit),
    ...contentOf(commit.blob, pointers.get(commit.blob ?? '')),
  }));
}

/** Commits that gave the file a content: those that deleted it, or moved it as it was, made no version. */
function contentful(history: readonly GitVersion[]): readonly GitVersion[] {
  const there = history.filter(({ blob }) => blob !== undefined);
  return there.filter(({ blob }, index) => blob !== there[index + 1]?.blob);
}

function contentOf(
  blob: string | undefined,
  pointer: Pointer | undefined,
): Pick<DatasetVersion, 'tracker' | 'version' | 'algorithm' | 'sizeBytes'> {
  if (pointer) return { tracker: 'git-lfs', version: pointer.oid, algorithm: 'sha256', sizeBytes: pointer.size };
  return { tracker: 'git', version: blob, algorithm: blobAlgorithm(blob), sizeBytes: undefined };
}

const blobAlgorithm = (blob: string | undefined): string | undefined =>
  blob === undefined ? undefined : blob.length === 64 ? 'sha256' : 'sha1';

/** A folder that Git holds itself has versions, but their files are not brought out of its history. */
async function ofFolder(asked: InGit): Promise<readonly DatasetVersion[]> {
  const { git, root, path } = asked;
  const commits = await git.log(root, path);
  const trees = await Promise.all(commits.map(({ commit }) => git.blobs(root, commit, [path])));
  return commits.flatMap((commit, index) => {
    const version = trees[index]?.get(path);
    const reason = `Plumbline reads no folder out of Git's history. Name one of its files.`;
    if (version === undefined) return [];
    return [{ ...atCommit(asked, path, commit), tracker: 'git', version, algorithm: blobAlgorithm(version), reason }];
  });
}

/** The reference keeps the way in which the person named the data: absolute, or from the folder. */
function atCommit(
  { dataset, folder }: Asked,
  path: string,
  { commit, author, date, subject }: VersionCommit,
): Pick<DatasetVersion, 'ref' | 'commit' | 'sizeBytes'> {
  const named = isAbsolute(dataset) ? path : shown(folder, path);
  return {
    ref: `${named}@${commit.slice(0, SHORT)}`,
    commit: { commit, author, date, subject, tag: undefined },
    sizeBytes: undefined,
  };
}

// ------------------------------------------------------------------------------------------------ uncommitted

/** What lies on disk, when it is not the newest version that a commit has. */
async function uncommittedOf(
  asked: OnDisk,
  root: string | undefined,
  newest: DatasetVersion | undefined,
  world: World,
  signal: AbortSignal,
): Promise<DatasetVersion | undefined> {
  const { dataset, folder, path } = asked;
  const ref = isAbsolute(dataset) ? path : shown(folder, path);
  const told = (content: Content | undefined): DatasetVersion | undefined =>
    content && { ref, commit: undefined, ...content };
  const output = await outputAt(path, world);
  if (output) return told(await ofOutput(path, output, newest, world, signal));
  const stat = await world.stat(path);
  if (!stat) return undefined;
  if (stat.kind !== 'file') return newest ? undefined : told({ ...unknownContent, tracker: 'none' });
  const sizeBytes = stat.size;
  if (!newest) {
    const version = await hashOf(path, 'md5', world, { signal });
    return told({ tracker: 'none', version, algorithm: 'md5', sizeBytes });
  }
  if (newest.tracker === 'git-lfs') return told(await ofLargeFile(path, root ?? folder, world, signal));
  if (!changeAt(path, root ?? folder, await world.git?.changes(root ?? folder))) return undefined;
  const version = await hashOf(path, newest.algorithm === 'sha256' ? 'git-sha256' : 'git-sha1', world, { signal });
  return version === newest.version
    ? undefined
    : told({ tracker: 'git', version, algorithm: newest.algorithm, sizeBytes });
}

type Content = Pick<DatasetVersion, 'tracker' | 'version' | 'algorithm' | 'sizeBytes'>;

const unknownContent = { version: undefined, algorithm: undefined, sizeBytes: undefined } as const;

const changeAt = (path: string, root: string, changes: readonly GitChange[] | undefined): GitChange | undefined =>
  changes?.find((change) => resolve(root, change.path) === path && change.state !== 'deleted');

async function ofLargeFile(
  path: string,
  root: string,
  world: World,
  signal: AbortSignal,
): Promise<Content | undefined> {
  const { found } = await largeFilesOf(root, world, { paths: [path], signal });
  if (found[0]?.status !== 'modified') return undefined;
  const version = await hashOf(path, 'sha256', world, { signal });
  return { tracker: 'git-lfs', version, algorithm: 'sha256', sizeBytes: (await world.stat(path))?.size };
}

/** The file that lies there, or what its record names where none does; a folder is held against its record file by file. */
async function ofOutput(
  path: string,
  output: Output,
  newest: DatasetVersion | undefined,
  world: World,
  signal: AbortSignal,
): Promise<Content | undefined> {
  const stat = await world.stat(path);
  const isWhole = output.path === path;
  const isNew = (version: string | undefined) => version !== undefined && version !== newest?.version;
  if (isWhole && stat?.kind === 'file') {
    const version = await hashOf(path, output.legacy ? 'md5-dos2unix' : 'md5', world, { signal });
    return isNew(version) ? { tracker: 'dvc', version, algorithm: 'md5', sizeBytes: stat.size } : undefined;
  }
  if (isWhole && stat?.kind === 'folder') {
    const { found } = await dvc.states(dirname(path), world, signal);
    if (found.find((state) => state.path === path)?.status === 'modified') return { ...unknownContent, tracker: 'dvc' };
  }
  if (!isNew(output.md5)) return undefined;
  return { tracker: 'dvc', version: output.md5, algorithm: 'md5', sizeBytes: isWhole ? output.size : undefined };
}
