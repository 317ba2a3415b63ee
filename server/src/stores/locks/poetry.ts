import { createHash } from 'node:crypto';
import type { Finding } from '../../protocol';
import { at, entryOf, get, itemsOf, type Node, stringOf, type Tree } from '../../text/tree';
import type { World } from '../../world';
import type { LockFormat } from '../environment';
import { environmentCodes } from '../packages/codes';
import { declarationOf, keysOf, namesIn, strings } from '../packages/declared';
import { field, type Lines, lockedItems, readLock, stale } from '../packages/lock';
import { parseLongToml } from '../packages/pieces';
import { pythonJson, pythonString } from '../packages/python-json';
import { nameOf, type Source } from '../packages/source';
import { normalName } from '../packages/versions';

/** `poetry.lock`, which keeps a hash of what it was made from. */
export const poetry: LockFormat = {
  kind: 'poetry',
  codes: environmentCodes,
  matches: (path) => nameOf(path) === 'poetry.lock',
  read: (path, world) => readLock('poetry', path, world, linesOf),
};

async function linesOf(source: Source, world: World): Promise<Lines> {
  const tree = await parseLongToml(source.text, 'package');
  const lines = lockedItems(source, tree, get(tree.root, 'package'), { lock: 'poetry lock' });
  const problems = tree.issues.length > 0 ? [] : await outOfStep(source, tree, world);
  return { ...lines, problems: [...lines.problems, ...problems] };
}

async function outOfStep(source: Source, tree: Tree, world: World): Promise<Finding[]> {
  const hash = field(get(tree.root, 'metadata'), 'content-hash');
  const declaration = hash && (await declarationOf(source.path, world));
  if (!declaration) return [];
  const hashes = hashesOf(declaration.root, declaration.text, source.text);
  if (hashes.includes(undefined) || hashes.includes(hash.text)) return [];
  const locked = new Set(
    itemsOf(get(tree.root, 'package')).map((item) => normalName(stringOf(get(item, 'name')) ?? '')),
  );
  const lacking = [...declaredNames(declaration.root)].filter((name) => !locked.has(name)).map((name) => `"${name}"`);
  const also = lacking.length > 0 ? `, and ${lacking.join(', ')} ${lacking.length === 1 ? 'is' : 'are'} not in it` : '';
  const message = `poetry.lock was made from another pyproject.toml: its content-hash is ${hash.text.slice(0, 12)}…, this one's ${hashes[0]?.slice(0, 12)}…${also}; "poetry lock" brings them in step.`;
  return [stale(message, source.place(hash.span))];
}

function declaredNames(root: Node): Set<string> {
  const classic = keysOf(at(root, ['tool', 'poetry', 'dependencies'])).filter((name) => name !== 'python');
  const own = stringOf(at(root, ['project', 'name']));
  return new Set([...namesIn(strings(at(root, ['project', 'dependencies'])), own), ...classic.map(normalName)]);
}

/** The hash by which Poetry knows its declaration; before 2.3.0 it left out `[dependency-groups]`. */
function hashesOf(root: Node, text: string, lock: string): (string | undefined)[] {
  const [, major, minor] = /^[^\n]*Poetry (\d+)\.(\d+)/.exec(lock) ?? [];
  const isOld = major !== undefined && (Number(major) < 2 || (Number(major) === 2 && Number(minor) < 3));
  return isOld ? [hashOf(root, text, true), hashOf(root, text, false)] : [hashOf(root, text, true)];
}

const classicKeys = ['dependencies', 'source', 'extras', 'dev-dependencies'];

/** As `_get_content_hash` of Poetry 2.5.1, `packages/locker.py`, makes it. */
function hashOf(root: Node, text: string, withGroups: boolean): string | undefined {
  const poetry = at(root, ['tool', 'poetry']);
  const project = present(get(root, 'project'), ['requires-python', 'dependencies', 'optional-dependencies'], text);
  const groups = get(root, 'dependency-groups');
  const hasGroups = withGroups && keysOf(groups).length > 0;
  const isClassic = project.length === 0 && !hasGroups;
  const own = present(poetry, [...classicKeys, 'group'], text);
  if (isClassic) return digest(object([...own, ...absent(poetry, classicKeys)]));
  return digest(
    object([
      ...(project.length > 0 ? [['project', object(project)] as Member] : []),
      ...(hasGroups && groups ? [['dependency-groups', pythonJson(groups, text)] as Member] : []),
      ['tool', object([['poetry', object(own)]])],
    ]),
  );
}

type Member = readonly [key: string, json: string | undefined];

const present = (node: Node | undefined, keys: readonly string[], text: string): Member[] =>
  keys.flatMap((key): Member[] => {
    const entry = entryOf(node, key);
    return entry ? [[key, pythonJson(entry.value, text)]] : [];
  });

const absent = (node: Node | undefined, keys: readonly string[]): Member[] =>
  keys.filter((key) => !entryOf(node, key)).map((key): Member => [key, 'null']);

function object(members: readonly Member[]): string | undefined {
  if (members.some(([, json]) => json === undefined)) return undefined;
  const sorted = [...members].sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, json]) => `${pythonString(key)}: ${json}`).join(', ')}}`;
}

const digest = (json: string | undefined): string | undefined =>
  json === undefined ? undefined : createHash('sha256').update(json).digest('hex');
