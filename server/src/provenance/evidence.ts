import { isAbsolute, relative, sep } from 'node:path';
import type { Repository, Tracked } from '../stores/git';
import type { Inventory, Item } from './inventory';

/** A file with what Git says of it. */
export interface State {
  readonly item: Item;
  readonly state: Tracked;
}

/** All that findings are made from. */
export interface Evidence {
  readonly target: string;
  /** Where the paths that people read start. */
  readonly home: string;
  readonly repository: Repository | undefined;
  readonly states: readonly State[];
  readonly inventory: Inventory;
}

/** The path as a person reads it: from home with slashes, or whole when it lies elsewhere. */
export function shown(home: string, path: string): string {
  const below = relative(home, path);
  if (below === '') return '.';
  return below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below) ? path : below.split(sep).join('/');
}
