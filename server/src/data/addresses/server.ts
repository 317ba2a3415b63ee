import { Unreadable } from '../../world';
import type { Address } from '../address';

/** A table on a server of the contract. */
export const server: Address = {
  prefix: 'server:',
  place: async (ref) => {
    throw new Unreadable(
      `Plumbline reads local files, and "${ref}" is not one. Export the table to a Parquet or CSV file and give its path.`,
      ref,
    );
  },
};
