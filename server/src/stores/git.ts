import { join, relative, sep } from 'node:path';
import type { DatasetStatus } from '../protocol';
import type { Git, GitChange, GitCommit, GitHead, GitSubmodule, World } from '../world';

/** One work tree as it stands now, asked once for all files in it. */
export interface Repository {
  readonly root: string;
  /** Undefined before the first commit. */
  readonly head: GitHead | undefined;
  /** Undefined when Git does not answer. */
  readonly changes: readonly GitChange[] | undefined;
  readonly remote: string | undefined;
  /** True when older commits are not in this clone. */
  readonly shallow: boolean;
}

/** What Git says of one file or folder. */
export interface Tracked {
  /** Absolute. */
  readonly path: string;
  /** Undefined outside every repository. */
  readonly repository: Repository | undefined;
  readonly status: DatasetStatus;
  /** Newest commit that touched it. */
  readonly commit: GitCommit | undefined;
  /** Content id at HEAD: sha1 or sha256 as hex. */
  readonly blob: string | undefined;
  /** Bytes on disk; undefined when it is not there. */
  readonly size: number | undefined;
}

/** A file or folder, absolute, as it is on disk or, with a revision, as it was there. */
export interface Wanted {
  readonly path: string;
  readonly revision?: string | undefined;
}

/** Git's answer for each file, in their order. A work tree is asked once, however many files of it are wanted as they are on disk. */
export async function trackedBy(world: World, files: readonly Wanted[]): Promise<readonly Tracked[]> {
  const repositories = await repositoriesOf(
    world,
    files.map(({ path }) => path),
  );
  const wanted = files.map(({ path, revision }, index): Named => {
    const repository = repositories[index];
    const change = repository && changeOf(repository, path);
    // A file that was moved since the last commit has its history under the old name.
    const before = repository && change?.from !== undefined ? `${repository.root}${sep}${change.from}` : path;
    return { path, revision, repository, change, before };
  });
  const atHead = await atHeadOf(
    world.git,
    wanted.filter(({ revision }) => revision === undefined),
  );
  return Promise.all(
    wanted.map((file) => {
      const { path, revision, repository } = file;
      return revision !== undefined && repository
        ? atRevision(world.git, repository, { path, revision })
        : onDisk(world, file, atHead);
    }),
  );
}

interface Named extends Wanted {
  readonly repository: Repository | undefined;
  readonly change: GitChange | undefined;
  /** Its path at HEAD. */
  readonly before: string;
}

/** By path. */
interface AtHead {
  readonly blobs: ReadonlyMap<string, string>;
  readonly commits: ReadonlyMap<string, GitCommit>;
}

async function onDisk(
  world: World,
  { path, repository, change, before }: Named,
  { blobs, commits }: AtHead,
): Promise<Tracked> {
  const size = (await world.stat(path).catch(() => undefined))?.size;
  const blob = blobs.get(path);
  const status = statusOf({ repository, change, blob, size });
  return { path, repository, status, commit: commits.get(before), blob, size };
}

/** What was read of a commit is that commit's, whatever lies on disk. */
async function atRevision(git: Git | undefined, repository: Repository, file: Required<Wanted>): Promise<Tracked> {
  const { path, revision = 'HEAD' } = file;
  const [commit, blobs] = await Promise.all([
    git?.lastCommit(repository.root, path, revision),
    git?.blobs(repository.root, revision, [path]),
  ]);
  const blob = blobs?.get(path);
  return { path, repository, status: blob === undefined ? 'missing' : 'unchanged', commit, blob, size: undefined };
}

/** What this clone knows of a commit that a run or manifest names. */
export interface CommitFacts {
  /** Full id; undefined when the clone lacks it. */
  readonly commit: string | undefined;
  /** Undefined when it may be among those that a shallow clone lacks, or Git does not answer. */
  readonly exists: boolean | undefined;
  /** Branches, local and remote, from which it can be reached; none is a commit that Git may delete. Undefined when unknown. */
  readonly branches: readonly string[] | undefined;
}

/** Whether a commit, in full or short, is there and kept by a branch. */
export async function commitFacts(world: World, root: string, commit: string): Promise<CommitFacts> {
  const found = await world.git?.commit(root, commit);
  if (world.git && found !== undefined)
    return { commit: found, exists: true, branches: await world.git.branchesWith(root, found) };
  // A repository that Git does not open says nothing of what it lacks.
  const [changes, shallow] = await Promise.all([world.git?.changes(root), world.git?.isShallow(root)]);
  return { commit: undefined, exists: changes && !shallow ? false : undefined, branches: undefined };
}

/** Whether committed files differ from HEAD, as `git describe --dirty` has it: untracked ones do not count. Undefined when Git does not answer. */
export const isDirty = ({ changes }: Repository): boolean | undefined =>
  changes?.some(({ state }) => state !== 'untracked');

/** A repository within the repository, and whether its files are those that HEAD stands for. */
export interface Submodule extends GitSubmodule {
  readonly status: 'unchanged' | 'modified' | 'missing';
}

/** A work tree without `.gitmodules` costs no question to Git. */
export async function submodulesOf(world: World, root: string): Promise<readonly Submodule[]> {
  if (!world.git || !(await world.stat(join(root, '.gitmodules')).catch(() => undefined))) return [];
  return (await world.git.submodules(root)).map((submodule) => ({ ...submodule, status: submoduleStatus(submodule) }));
}

function submoduleStatus({ pinned, checkedOut }: GitSubmodule): Submodule['status'] {
  if (checkedOut === undefined) return 'missing';
  return checkedOut === pinned ? 'unchanged' : 'modified';
}

/** The work tree that holds `path`, or undefined when none does or Git is not to be had. */
export async function repositoryOf(world: World, path: string): Promise<Repository | undefined> {
  return (await repositoriesOf(world, [path]))[0];
}

async function repositoriesOf({ git }: World, paths: readonly string[]): Promise<readonly (Repository | undefined)[]> {
  if (!git) return paths.map(() => undefined);
  const roots = await Promise.all(paths.map((path) => git.root(path)));
  const states = new Map<string, Promise<Repository>>();
  return Promise.all(
    roots.map((root) => {
      if (root === undefined) return undefined;
      const state = states.get(root) ?? stateOf(git, root);
      states.set(root, state);
      return state;
    }),
  );
}

async function stateOf(git: Git, root: string): Promise<Repository> {
  const [head, changes, remote, shallow] = await Promise.all([
    git.head(root),
    git.changes(root),
    git.remote(root),
    git.isShallow(root),
  ]);
  return { root, head, changes, remote, shallow };
}

async function atHeadOf(git: Git | undefined, files: readonly Named[]): Promise<AtHead> {
  const roots = new Set(files.flatMap(({ repository }) => (repository?.head ? [repository.root] : [])));
  const found = await Promise.all(
    [...roots].map(async (root) => {
      const inside = files.filter(({ repository }) => repository?.root === root);
      const blobs = await git?.blobs(root, 'HEAD', [...new Set(inside.flatMap(({ path, before }) => [path, before]))]);
      const named = new Set(inside.map(({ before }) => before));
      const wanted = new Map([...(blobs ?? [])].filter(([path]) => named.has(path)));
      return { blobs, commits: await git?.lastCommits(root, wanted) };
    }),
  );
  return {
    blobs: new Map(found.flatMap(({ blobs }) => [...(blobs ?? [])])),
    commits: new Map(found.flatMap(({ commits }) => [...(commits ?? [])])),
  };
}

/** Path from the root of its work tree, with slashes, as Git and reports write it. */
export const inRoot = (root: string, path: string): string => relative(root, path).split(sep).join('/');

/** A word of a command that a person is told to run. */
export const argument = (word: string): string => (/^[\w./@:+-]+$/.test(word) ? word : `"${word}"`);

/** The change that touches the path: its own, one in the folder that it is, or the untracked folder that it lies in. */
function changeOf({ root, changes = [] }: Repository, path: string): GitChange | undefined {
  const name = inRoot(root, path);
  const own = changes.findLast((change) => change.path === name);
  return own ?? changes.find((change) => holds(change.path, name) || change.path.startsWith(`${name}/`));
}

const holds = (folder: string, name: string): boolean => folder.endsWith('/') && `${name}/`.startsWith(folder);

interface Facts {
  readonly repository: Repository | undefined;
  readonly change: GitChange | undefined;
  readonly blob: string | undefined;
  readonly size: number | undefined;
}

function statusOf({ repository, change, blob, size }: Facts): DatasetStatus {
  if (size === undefined) return 'missing';
  if (!repository?.changes) return 'unknown';
  if (change?.state === 'untracked' && blob === undefined) return 'untracked';
  if (change) return 'modified';
  return blob === undefined ? 'untracked' : 'unchanged';
}
