import type { World } from '../../world';
import type { DataState, DataTracker } from '../data-state';
import { cloneChangesOf, type LakefsClone, lakefsClones } from '../lakefs/clones';
import { lakefsCodes } from '../lakefs/codes';
import { connectionOf } from '../lakefs/config';

/** Folders that lakectl cloned. Whether they were changed since is known only where the person named a server. */
export const lakefs: DataTracker = {
  tracker: 'lakefs',
  codes: lakefsCodes,
  states: async (folder, world, signal) => {
    const clones = await lakefsClones(folder, world);
    const hasServer = await isConnected(world);
    const changes = await Promise.all(
      clones.found.map((clone) => (hasServer ? cloneChangesOf(clone, world, signal) : undefined)),
    );
    return {
      found: clones.found.map((clone, index) => stateOf(clone, changes[index]?.found)),
      problems: [...clones.problems, ...changes.flatMap((reading) => reading?.problems ?? [])],
    };
  },
};

const isConnected = (world: World): Promise<boolean> =>
  connectionOf(world).then(
    () => world.http !== undefined,
    () => false,
  );

function stateOf(clone: LakefsClone, changes: Awaited<ReturnType<typeof cloneChangesOf>>['found']): DataState {
  const differs = changes && [changes.changed, changes.missing, changes.added].some((paths) => paths.length > 0);
  return {
    path: clone.folder,
    tracker: 'lakefs',
    version: clone.commit,
    algorithm: 'commit',
    size: undefined,
    status:
      differs === undefined || (!differs && changes?.unknown.length) ? 'unknown' : differs ? 'modified' : 'unchanged',
    record: clone.location,
  };
}
