import type { Tree } from '../text/tree';
import type { Dialect } from './dialect';
import { members } from './dialects';

/** The dialect of a file, or undefined when the file is no data contract. */
export const dialectOf = (path: string, tree: Tree): Dialect | undefined =>
  members.find((dialect) => dialect.recognises(path, tree));
