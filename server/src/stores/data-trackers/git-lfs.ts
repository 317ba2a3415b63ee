import { isWithin } from '../../paths';
import { fileStart } from '../../text/lines';
import type { DataTracker } from '../data-state';
import { gitLfsCodes, largeFilesOf } from '../git-lfs';

/** Files that Git LFS keeps; their pointer is Git's, and so is its history. */
export const gitLfs: DataTracker = {
  tracker: 'git-lfs',
  codes: gitLfsCodes,
  states: async (folder, world, signal) => {
    const root = await world.git?.root(folder);
    if (root === undefined) return { found: [], problems: [] };
    const { found, problems } = await largeFilesOf(root, world, { signal });
    const isHere = (path: string) => isWithin(folder, path);
    return {
      found: found
        .filter(({ path }) => isHere(path))
        .map(({ path, oid, size, status }) => ({
          path,
          tracker: 'git-lfs',
          version: oid,
          algorithm: 'sha256',
          size,
          status,
          record: { path, range: fileStart },
        })),
      problems: problems.filter(({ location }) => location === null || isHere(location.path)),
    };
  },
};
