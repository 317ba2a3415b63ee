import type { GitVersion, World } from '../../world';
import { type Output, outputAt } from './outputs';

/** A version of an output: the commit that recorded it first. */
export interface OutputVersion {
  readonly commit: GitVersion;
  readonly md5: string | undefined;
  readonly size: number | undefined;
}

/** Versions of an output through Git's history of its record, newest first; none without Git or a record. */
export async function historyOf(path: string, world: World, signal?: AbortSignal): Promise<readonly OutputVersion[]> {
  const output = await outputAt(path, world);
  const root = await world.git?.root(path);
  if (!output || !world.git || root === undefined) return [];
  const versions: OutputVersion[] = [];
  for (const commit of await world.git.history(root, output.record)) {
    signal?.throwIfAborted();
    if (commit.blob === undefined) continue;
    const moment = { root, commit: commit.commit, revision: commit.commit };
    const then = await outputAt(pathThen(path, output, commit), world, moment);
    if (then?.md5 === undefined) continue;
    // A record that changed in other places records the same version still.
    if (versions.at(-1)?.md5 === then.md5) versions.pop();
    versions.push({ commit, md5: then.md5, size: then.size });
  }
  return versions;
}

/** A `.dvc` file that was renamed named its output by the name that it had. */
function pathThen(path: string, { record }: Output, commit: GitVersion): string {
  if (!record.endsWith('.dvc') || commit.path === record) return path;
  return commit.path.slice(0, -'.dvc'.length);
}
