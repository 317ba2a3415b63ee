import { get, itemsOf, type Node, stringOf, wordOf } from '../../text/tree';
import type { World } from '../../world';
import type { LockedPackage, LockFormat } from '../environment';
import { findingAt } from '../finding';
import { environmentCodes as codes } from '../packages/codes';
import { archiveOf } from '../packages/conda-spec';
import { declarationOf, keysOf } from '../packages/declared';
import { type Lines, readLock, stale } from '../packages/lock';
import { parseLongYaml } from '../packages/pieces';
import { pinOf, requirementOf } from '../packages/requirement';
import { nameOf, type Source } from '../packages/source';
import { normalName } from '../packages/versions';

/** `pixi.lock`: packages of conda by the address of their archive, packages of Python with name and version. */
export const pixi: LockFormat = {
  kind: 'pixi',
  codes,
  matches: (path) => nameOf(path) === 'pixi.lock',
  read: (path, world) => readLock('pixi', path, world, linesOf),
};

async function linesOf(source: Source, world: World): Promise<Lines> {
  const tree = await parseLongYaml(source.text, 'packages');
  const packages = itemsOf(get(tree.root, 'packages')).flatMap((item) => packageOf(item, source));
  const open = packages.filter(({ version }) => version === undefined);
  const problems = [
    ...source.broken(codes, 'environment/broken', tree.issues),
    ...open.map(({ name, location }) =>
      findingAt(
        codes,
        'environment/open',
        `pixi.lock names no version of "${name}"; "pixi lock" writes the one that pins it.`,
        location,
      ),
    ),
  ];
  const lacking = tree.issues.length > 0 ? [] : await lackingOf(packages, source, world);
  if (lacking.length === 0) return { packages, problems };
  const names = lacking.map((name) => `"${name}"`).join(', ');
  const message = `pixi.lock does not fit pixi.toml: it lacks ${names}; "pixi lock" brings them in step.`;
  return { packages, problems: [...problems, stale(message, source.path)] };
}

/** A path is a project of the repository, and no package of the lock. */
function packageOf(item: Node, source: Source): LockedPackage[] {
  const address = get(item, 'conda') ?? get(item, 'pypi') ?? get(item, 'url');
  const url = stringOf(address) ?? '';
  if (!address || (get(item, 'pypi') && !/^[a-z+]+:/.test(url))) return [];
  const archive = archiveOf(url);
  const requirement = requirementOf(url);
  const name = stringOf(get(item, 'name')) ?? archive?.name ?? requirement?.name;
  const version = wordOf(get(item, 'version')) ?? archive?.version ?? (requirement && pinOf(requirement, true).version);
  return name === undefined ? [] : [{ name, version, location: source.place(address.span) }];
}

async function lackingOf(packages: readonly LockedPackage[], source: Source, world: World): Promise<string[]> {
  const declaration = await declarationOf(source.path, world, 'pixi.toml');
  const locked = new Set(packages.map(({ name }) => normalName(name)));
  return keysOf(get(declaration?.root, 'dependencies')).filter((name) => !locked.has(normalName(name)));
}
