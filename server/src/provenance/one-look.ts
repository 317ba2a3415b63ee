import { relative, sep } from 'node:path';
import type { World } from '../world';

/**
 * The world as one look at it found its folders: whoever walks them after another is told what that one was, and those that
 * search a folder for files at the same time walk it together.
 */
export function oneLook(world: World): World {
  return { ...world, list: remembered(world.list), realPath: remembered(world.realPath), glob: together(world.glob) };
}

function remembered<T>(ask: (path: string) => Promise<T>): (path: string) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (path) => {
    const answer = answers.get(path) ?? ask(path);
    answers.set(path, answer);
    return answer;
  };
}

/** One walk for all patterns that are asked for until it begins. */
interface Walk {
  readonly patterns: Set<string>;
  readonly paths: Promise<readonly string[]>;
}

function together(glob: World['glob']): World['glob'] {
  const waiting = new Map<string, Walk>();
  const walkOf = (folder: string): Walk => {
    const patterns = new Set<string>();
    const begun = new Promise((resolve) => setImmediate(resolve));
    const paths = begun.then(() => {
      waiting.delete(folder);
      return glob([...patterns], folder);
    });
    return { patterns, paths };
  };
  return async (patterns, folder) => {
    if (!patterns.every(isPlain)) return glob(patterns, folder);
    const walk = waiting.get(folder) ?? walkOf(folder);
    waiting.set(folder, walk);
    for (const pattern of patterns) walk.patterns.add(pattern);
    const matches = patterns.map(matcherOf);
    const nameOf = (path: string) => relative(folder, path).split(sep).join('/');
    return (await walk.paths).filter((path) => matches.some((match) => match.test(nameOf(path))));
  };
}

// A path, or one at any depth whose last part may have asterisks. What else there is has a walk of its own.
const isPlain = (pattern: string): boolean => /^(\*\*\/([\w.-]+\/)*[\w.*-]+|[\w./-]+)$/.test(pattern);

/** Among what the walk has found, which has left out hidden folders that no pattern names. */
function matcherOf(pattern: string): RegExp {
  const isAnywhere = pattern.startsWith('**/');
  const parts = (isAnywhere ? pattern.slice(3) : pattern).split('/').map((part) => {
    const letters = part.replaceAll('.', '\\.').replaceAll('*', '[^/]*');
    return part.startsWith('*') ? `(?!\\.)${letters}` : letters;
  });
  return new RegExp(`^${isAnywhere ? '(?:.*/)?' : ''}${parts.join('/')}$`);
}
