import { dvcCodes } from '../dvc/codes';
import { experimentsOf, historiesOf, runsOf } from '../dvc/experiments';
import { projectsBelow } from '../dvc/files';
import type { RunTracker } from '../run';

/** Experiments of DVC, which are commits below `refs/exps`. The store is the repository; without Git there is none. */
export const dvc: RunTracker = {
  tracker: 'dvc',
  codes: dvcCodes,
  stores: async (folder, world) => {
    const { git } = world;
    if (!git) return [];
    const projects = await projectsBelow(folder, world);
    const roots = await Promise.all(projects.map((project) => git.root(project)));
    return [...new Set(roots.flatMap((root) => root ?? []))];
  },
  read: async (store, world, signal) => {
    const { git } = world;
    if (!git) return { found: { runs: [], models: [] }, problems: [] };
    const experiments = await experimentsOf(store, git, world);
    const runs = await runsOf(store, experiments, git, world, signal);
    return { found: { runs, models: [] }, problems: [] };
  },
  details: async (store, id, world) => {
    const { git } = world;
    const experiment = git && (await experimentsOf(store, git, world)).find(({ commit }) => commit === id);
    if (!git || !experiment) return undefined;
    return { histories: await historiesOf(store, id, git), places: {}, artifacts: [] };
  },
};
