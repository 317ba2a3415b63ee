import { dirname, join } from 'node:path';
import { isWithin } from '../../paths';
import type { World } from '../../world';
import type { DataState, DataTracker } from '../data-state';
import { dvcCodes } from '../dvc/codes';
import { projectsBelow } from '../dvc/files';
import { type OutputStatus, statusOf } from '../dvc/status';

/** What `.dvc` files and `dvc.lock` record, held against the disk; what Git keeps for DVC is Git's to tell. */
export const dvc: DataTracker = {
  tracker: 'dvc',
  codes: dvcCodes,
  states: async (folder, world, signal) => {
    const projects = await projectsAbout(folder, world);
    const statuses = await Promise.all(projects.map((project) => statusOf(project, world, { signal })));
    const outputs = statuses.flatMap((status) => status.outputs);
    return {
      found: outputs.filter(({ cached, path }) => cached && isWithin(folder, path)).map(stateOf),
      problems: statuses
        .flatMap(({ problems }) => problems)
        .filter(({ location }) => location === null || isWithin(folder, location.path)),
    };
  },
};

/** The projects below a folder, and the one that the folder lies in. */
async function projectsAbout(folder: string, world: World): Promise<readonly string[]> {
  const below = await projectsBelow(folder, world);
  if (below.includes(folder)) return below;
  for (let here = dirname(folder); dirname(here) !== here; here = dirname(here)) {
    if (await world.stat(join(here, '.dvc', 'config'))) return [here, ...below];
  }
  return below;
}

const stateOf = ({ path, md5, algorithm, size, status, location }: OutputStatus): DataState => ({
  path,
  tracker: 'dvc',
  version: md5,
  algorithm,
  size,
  status,
  record: location,
});
