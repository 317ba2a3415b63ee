import { dirname, resolve } from 'node:path';
import { outputAt } from '../stores/dvc/outputs';
import { type GitCommit, Unreadable, type World } from '../world';
import { addressFor, type Dataset } from './dataset';

/** What Git knows of how local data came to be what they are. */
export interface History {
  readonly root: string;
  /** What Git keeps of the data: the file itself, or the `.dvc` file or `dvc.lock` that records it. */
  readonly record: string;
  /** Commits that touched the record, newest first. */
  readonly touched: readonly GitCommit[];
  /** Those of them that changed the data. */
  readonly commits: readonly GitCommit[];
  readonly isChanged: boolean;
}

/** Rejects with `Unreadable` where no Git repository can tell. `path` is absolute. */
export async function historyOf(path: string, world: World): Promise<History> {
  const { git } = world;
  if (!git) throw new Unreadable('The history of data needs Git, which does not run in an untrusted workspace.', path);
  const root = await git.root(path);
  if (root === undefined)
    throw new Unreadable(`${dirname(path)} is in no Git repository, so ${path} has no history to look through.`, path);
  const isInGit = (await git.blobs(root, 'HEAD', [path])).has(path);
  const record = (isInGit ? undefined : (await outputAt(path, world))?.record) ?? path;
  const touched = await git.log(root, record);
  const commits = record === path ? touched : await changing(path, root, touched, world);
  const changes = (await git.changes(root)) ?? [];
  const isChanged = changes.some((change) => resolve(root, change.path) === record && change.state !== 'deleted');
  return { root, record, touched, commits, isChanged };
}

/** Commits whose record names other content than the commit before: a `dvc.lock` changes with any of its stages. */
async function changing(
  path: string,
  root: string,
  touched: readonly GitCommit[],
  world: World,
): Promise<readonly GitCommit[]> {
  const outputs = await Promise.all(
    touched.map(({ commit }) => outputAt(path, world, { root, commit, revision: commit })),
  );
  const contents = outputs.map((output) => output?.md5);
  return touched.filter((_, i) => contents[i] !== undefined && contents[i] !== contents[i + 1]);
}

/**
 * A reference to the version before that of the data: of changed files the committed one, else the one that the last commit
 * replaced. Rejects with `Unreadable` when no earlier version is known.
 *
 * @param folder Where a relative address starts.
 */
export async function previousVersion(dataset: Dataset, folder: string, world: World): Promise<string> {
  const { ref, path } = dataset;
  const address = addressFor(ref);
  if (address) {
    const before = (await address.versions?.(ref, { folder, world }))?.[1];
    if (before) return before.ref;
    throw new Unreadable(`No version of ${ref} before this one is known.`, ref);
  }
  const history = await historyOf(path, world);
  const revision = revisionOf(dataset);
  const now = revision === undefined ? (history.isChanged ? -1 : 0) : await placeOf(revision, history, world);
  const before = now === undefined ? undefined : history.commits[now + 1];
  if (before) return `${path}@${before.commit}`;
  throw new Unreadable(`No version of ${path} before this one is known: Git has no commit with another.`, path);
}

/** The revision that a reference names; undefined for the files as they lie there. */
function revisionOf({ ref, path }: Dataset): string | undefined {
  const [, revision] = /@([^@]+)$/.exec(ref) ?? [];
  return revision === undefined || path.endsWith(`@${revision}`) ? undefined : revision;
}

/** Where among the commits that changed the data the one stands that a revision has; undefined when it has none. */
async function placeOf(
  revision: string,
  { root, record, touched, commits }: History,
  world: World,
): Promise<number | undefined> {
  const last = await world.git?.lastCommit(root, record, revision);
  const place = touched.findIndex(({ commit }) => commit === last?.commit);
  const found = place < 0 ? -1 : commits.findIndex((commit) => touched.indexOf(commit) >= place);
  return found < 0 ? undefined : found;
}
