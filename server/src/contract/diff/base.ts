import type { World } from '../../world';

/** What a contract is compared with. */
export interface Base {
  readonly root: string;
  /** Full id. */
  readonly commit: string;
  /** As a person would say it: `v1.2.0`, or `3f2c1e9 (where it left origin/main)`. */
  readonly name: string;
}

/** What the main branch may be called, the one that others see first. */
const mains: readonly string[] = ['origin/HEAD', 'origin/main', 'origin/master', 'main', 'master'];

/**
 * The commit that a file is compared with: the one that a revision names, else the newest one that HEAD has in common with
 * the main branch. Undefined without Git, outside every repository, before the first commit, and for a revision that is not
 * there.
 */
export async function baseOf({ git }: World, path: string, revision?: string): Promise<Base | undefined> {
  const root = await git?.root(path);
  if (!git || root === undefined) return undefined;
  if (revision !== undefined) {
    const commit = await git.commit(root, revision);
    return commit === undefined ? undefined : { root, commit, name: revision };
  }
  for (const main of mains) {
    const commit = await git.mergeBase(root, 'HEAD', main);
    if (commit !== undefined) return { root, commit, name: `${commit.slice(0, 7)} (in common with ${main})` };
  }
  const commit = await git.commit(root, 'HEAD');
  return commit === undefined ? undefined : { root, commit, name: 'HEAD' };
}
