import { join } from 'node:path';
import type { CodeChange, RevisionInfo } from '../protocol';
import { type Git, type GitCommit, Unreadable, type World } from '../world';

/** Bytes of the largest file whose text an editor is given. */
const MOST_TEXT = 50_000_000;

/** A file or folder, absolute, in the repository that holds it. */
interface Asked {
  readonly git: Git;
  readonly root: string;
  readonly path: string;
}

/** Text of a file as it was at a commit. Rejects with `Unreadable` when it was not there or is no text. */
export async function textAt(world: World, path: string, revision: string): Promise<string> {
  const { git, root } = await askedOf(world, path);
  const bytes = await git.show(root, await commitOf({ git, root, path }, revision), path);
  if (!bytes) throw new Unreadable(`${path} was not there at ${shortOf(revision)}.`, path);
  if (bytes.length > MOST_TEXT || bytes.subarray(0, 8000).includes(0))
    throw new Unreadable(`${path} is no text at ${shortOf(revision)} that an editor could show.`, path);
  return new TextDecoder().decode(bytes);
}

/**
 * Commits that a person can choose for a file: the tags of its repository, and those that wrote it, newest first. A tag
 * that names one of the latter stands with it. Rejects with `Unreadable` outside every repository.
 */
export async function revisionsOf(world: World, path: string): Promise<readonly RevisionInfo[]> {
  const { git, root } = await askedOf(world, path);
  const [refs, commits] = await Promise.all([git.refs(root, 'refs/tags/'), git.log(root, path)]);
  const tags = new Map(refs.map(({ name, commit }) => [commit, name.replace('refs/tags/', '')]));
  const own = commits.map((commit) => revisionOf(commit, tags.get(commit.commit)));
  const others = refs.filter(({ commit }) => !commits.some((known) => known.commit === commit));
  const tagged = others.map(({ commit, name, date, subject }) => ({
    commit,
    tag: name.replace('refs/tags/', ''),
    author: null,
    date,
    subject,
  }));
  return [...own, ...tagged].sort((a, b) => Date.parse(b.date) - Date.parse(a.date));
}

/**
 * Files that differ between two commits, sorted by path. A file whose content is the same under another name counts as
 * renamed. Rejects with `Unreadable` when the repository lacks one of the commits.
 *
 * @param path Of any file or folder in the repository.
 */
export async function codeChanges(
  world: World,
  path: string,
  { before, after }: { readonly before: string; readonly after: string },
): Promise<readonly CodeChange[]> {
  const asked = await askedOf(world, path);
  const [older, newer] = await Promise.all([treeAt(asked, before), treeAt(asked, after)]);
  return changesBetween(older, newer).map(({ path: name, from, state }) => ({
    path: join(asked.root, name),
    state,
    ...(from === undefined ? {} : { from: join(asked.root, from) }),
  }));
}

type Tree = ReadonlyMap<string, string>;

function changesBetween(older: Tree, newer: Tree): readonly CodeChange[] {
  const gone = new Map([...older].filter(([path]) => !newer.has(path)).map(([path, blob]) => [blob, path]));
  const written = [...newer]
    .filter(([path, blob]) => older.get(path) !== blob)
    .map(([path, blob]): CodeChange => {
      if (older.has(path)) return { path, state: 'modified' };
      const from = gone.get(blob);
      gone.delete(blob);
      return from === undefined ? { path, state: 'added' } : { path, state: 'renamed', from };
    });
  const renamed = new Set(written.flatMap(({ from }) => from ?? []));
  const deleted = [...older.keys()].filter((path) => !newer.has(path) && !renamed.has(path));
  return [...written, ...deleted.map((path): CodeChange => ({ path, state: 'deleted' }))].sort((a, b) =>
    a.path < b.path ? -1 : 1,
  );
}

const treeAt = async (asked: Asked, revision: string): Promise<Tree> =>
  asked.git.tree(asked.root, await commitOf(asked, revision));

async function askedOf({ git }: World, path: string): Promise<Asked> {
  if (!git) throw new Unreadable('Plumbline does not ask Git in Restricted Mode. Trust this workspace first.', path);
  const root = await git.root(path);
  if (root === undefined) throw new Unreadable(`${path} is in no Git repository, so it has no versions.`, path);
  return { git, root, path };
}

async function commitOf({ git, root }: Asked, revision: string): Promise<string> {
  const commit = await git.commit(root, revision);
  if (commit !== undefined) return commit;
  throw new Unreadable(`The repository ${root} has no commit ${shortOf(revision)}. "git fetch" may bring it.`, root);
}

const revisionOf = ({ commit, author, date, subject }: GitCommit, tag: string | undefined): RevisionInfo => ({
  commit,
  tag: tag ?? null,
  author,
  date,
  subject,
});

const shortOf = (revision: string): string => (/^[0-9a-f]{40,64}$/.test(revision) ? revision.slice(0, 7) : revision);
