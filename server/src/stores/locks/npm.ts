import { dirname, join } from 'node:path';
import type { Finding } from '../../protocol';
import { parseJsonc } from '../../text/jsonc';
import { type Entry, entryOf, get, type Node, plain, stringOf } from '../../text/tree';
import { Unreadable, type World } from '../../world';
import type { LockedPackage, LockFormat } from '../environment';
import { findingAt } from '../finding';
import { environmentCodes as codes } from '../packages/codes';
import { type Lines, readLock, stale } from '../packages/lock';
import { nameOf, type Source, sourceOf } from '../packages/source';

/** `package-lock.json` and `npm-shrinkwrap.json`, versions 1 to 3. */
export const npm: LockFormat = {
  kind: 'npm',
  codes,
  matches: (path) =>
    /^(?:package-lock|npm-shrinkwrap)\.json$/.test(nameOf(path)) && !/[\\/]node_modules[\\/]/.test(path),
  read: (path, world) => readLock('npm', path, world, linesOf),
};

async function linesOf(source: Source, world: World): Promise<Lines> {
  const { root, issues } = parseJsonc(source.text);
  const listed = get(root, 'packages');
  const packages = listed ? packagesOf(listed, source) : nestedOf(get(root, 'dependencies'), source);
  const open = packages.filter(({ version }) => version === undefined);
  const problems = [
    ...source.broken(codes, 'environment/broken', issues),
    ...open.map(({ name, location }) =>
      findingAt(
        codes,
        'environment/open',
        `${nameOf(source.path)} names no version of "${name}"; "npm install --package-lock-only" writes the one that pins it.`,
        location,
      ),
    ),
  ];
  const out = issues.length > 0 || !listed ? [] : await outOfStep(listed, source, world);
  return { packages, problems: [...problems, ...out] };
}

const inModules = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)$/;

/** Links and folders are projects of the repository. A package inside another one's archive has that one's hash. */
function packagesOf(listed: Node, source: Source): LockedPackage[] {
  return entriesOf(listed).flatMap(({ key, value }) => {
    const name = inModules.exec(String(key.value))?.[1];
    if (name === undefined || get(value, 'link') !== undefined) return [];
    const version = stringOf(get(value, 'version')) ?? commitOf(value);
    return [{ name: stringOf(get(value, 'name')) ?? name, version, location: source.place(key.span) }];
  });
}

const commitOf = (node: Node): string | undefined =>
  /#([0-9a-f]{40})$/.exec(stringOf(get(node, 'resolved')) ?? '')?.[1];

/** Version 1, where what only one package needs stands below it. */
function nestedOf(dependencies: Node | undefined, source: Source): LockedPackage[] {
  return entriesOf(dependencies).flatMap(({ key, value }) => [
    { name: String(key.value), version: stringOf(get(value, 'version')), location: source.place(key.span) },
    ...nestedOf(get(value, 'dependencies'), source),
  ]);
}

const entriesOf = (node: Node | undefined): readonly Entry[] => (node?.kind === 'map' ? node.entries : []);

const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

async function outOfStep(listed: Node, source: Source, world: World): Promise<Finding[]> {
  const path = join(dirname(source.path), 'package.json');
  const root = entryOf(listed, '');
  const declaration = (await world.stat(path)) ? await sourceOf(path, world) : undefined;
  if (!root || !declaration || declaration instanceof Unreadable) return [];
  const declared = parseJsonc(declaration.text);
  if (declared.issues.length > 0) return [];
  const asked = rangesOf(declared.root);
  const locked = rangesOf(root.value);
  const names = [...new Set([...asked.keys(), ...locked.keys()])]
    .filter((name) => asked.get(name) !== locked.get(name))
    .sort();
  if (names.length === 0) return [];
  const first = names
    .slice(0, 3)
    .map((name) => `"${name}" is ${locked.get(name) ?? 'not there'}, not ${asked.get(name) ?? 'left out'}`);
  const more = names.length > 3 ? `, and ${names.length - 3} more` : '';
  const message = `${nameOf(source.path)} does not fit package.json: ${first.join(', ')}${more}; "npm install --package-lock-only" brings them in step.`;
  return [stale(message, source.place(root.key.span))];
}

/** What is asked for, by name. A name that is optional too stands in the lock as that only. */
function rangesOf(root: Node | undefined): Map<string, string> {
  const pairs = kinds.flatMap((kind) =>
    entriesOf(get(root, kind)).map(({ key, value }): [string, string] => [String(key.value), String(plain(value))]),
  );
  return new Map(pairs);
}
