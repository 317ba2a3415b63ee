import { Unreadable } from '../../world';
import type { Address } from '../address';

/** An artifact of an MLflow run. */
export const runs: Address = {
  prefix: 'runs:/',
  place: async (ref) => {
    throw new Unreadable(
      `Plumbline reads local files, and "${ref}" is not one. Download the artifact of that MLflow run and give the path of the file.`,
      ref,
    );
  },
};
