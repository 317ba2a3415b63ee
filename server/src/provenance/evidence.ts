import { isAbsolute, relative, sep } from 'node:path';
import type { Claim } from '../protocol';
import type { DataState } from '../stores/data-state';
import type { Repository, Tracked } from '../stores/git';
import type { Inventory, Item } from './inventory';
import type { Survey } from './survey';

/** A file with what Git says of it. */
export interface State {
  readonly item: Item;
  readonly state: Tracked;
  /** What a tracker of data says of it, where one keeps it; `state` then is that of the tracker's record. */
  readonly tracked: DataState | undefined;
}

/** All that findings are made from. */
export interface Evidence {
  readonly target: string;
  /** Where the paths that people read start. */
  readonly home: string;
  readonly repository: Repository | undefined;
  readonly states: readonly State[];
  readonly inventory: Inventory;
  readonly survey: Survey;
  /** Of each manifest, by its path. */
  readonly claims: ReadonlyMap<string, readonly Claim[]>;
  /** Of each commit that runs name: whether the repository has it; undefined when nobody knows. */
  readonly commits: ReadonlyMap<string, boolean | undefined>;
}

/** The path as a person reads it: from home with slashes, or whole when it lies elsewhere. */
export function shown(home: string, path: string): string {
  const below = relative(home, path);
  if (below === '') return '.';
  return below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below) ? path : below.split(sep).join('/');
}
