// What trackers say of data, in one language. Unknown is undefined, not no.
import type { DatasetStatus, Location, Tracker } from '../protocol';
import type { World } from '../world';
import type { Codes, Reading } from './finding';

/** One file or folder of data as its tracker has it now. */
export interface DataState {
  /** Absolute. */
  readonly path: string;
  readonly tracker: Tracker;
  /** Content id, as the tracker spells it. */
  readonly version: string | undefined;
  /** What the id is: `md5`, `md5-dos2unix`, `sha256`, `commit`. */
  readonly algorithm: string | undefined;
  /** Bytes of the recorded version. */
  readonly size: number | undefined;
  readonly status: DatasetStatus;
  /** Where the tracker records it; the Git history of that file is the history of the data. */
  readonly record: Location;
}

/** How to ask one tracker for the data below a folder. Read-only in the strict sense. */
export interface DataTracker {
  readonly tracker: Tracker;
  readonly codes: Codes;
  states(folder: string, world: World, signal?: AbortSignal): Promise<Reading<readonly DataState[]>>;
}
