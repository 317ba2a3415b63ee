import { at, get, stringOf } from '../../text/tree';
import type { LockFormat } from '../environment';
import { environmentCodes } from '../packages/codes';
import { type Lines, lockedItems, readLock } from '../packages/lock';
import { parseLongToml } from '../packages/pieces';
import { nameOf, type Source } from '../packages/source';

/** `pylock.toml`, the lock file of PEP 751. */
export const pylock: LockFormat = {
  kind: 'pylock',
  codes: environmentCodes,
  matches: (path) => /^pylock(?:\.[^.]+)?\.toml$/.test(nameOf(path)),
  read: (path, world) => readLock('pylock', path, world, linesOf),
};

/** A version may be left out for a folder, for a commit and for an archive, whose hashes then say what it is. */
async function linesOf(source: Source): Promise<Lines> {
  const tree = await parseLongToml(source.text, 'packages');
  return lockedItems(source, tree, get(tree.root, 'packages'), {
    lock: 'the tool that made the file',
    versionOf: (item) => stringOf(get(item, 'version')) ?? stringOf(at(item, ['vcs', 'commit-id'])),
    skips: (item) =>
      (get(item, 'directory') ?? get(item, 'archive')) !== undefined && get(item, 'version') === undefined,
  });
}
