import { Unreadable } from '../../world';
import type { Address } from '../address';

/** An artifact of an MLflow run, in the stores at or below the folder where references start. */
export const runs: Address = {
  prefix: 'runs:/',
  place: async (ref, { folder, world }) => {
    const [, runId, path] = /^runs:\/+([^/]+)\/(.+)$/is.exec(ref) ?? [];
    if (runId === undefined || path === undefined)
      throw new Unreadable(`"${ref}" names no artifact of a run. Write runs:/RUN_ID/PATH.`, ref);
    // Readers of a tracker are much code, which most checks never need.
    const { artifactPath } = await import('../../stores/trackers/mlflow');
    return { path: await artifactPath(runId, path, folder, world) };
  },
};
