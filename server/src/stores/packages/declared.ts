import { dirname, join } from 'node:path';
import { parseToml } from '../../text/toml';
import { get, itemsOf, type MapNode, type Node, stringOf } from '../../text/tree';
import { Unreadable, type World } from '../../world';
import { requirementOf } from './requirement';
import { sourceOf } from './source';
import { normalName } from './versions';

/** The root of a declaration beside a lock file, with its text; undefined when it is not there or broken, which is not the lock's fault. */
export async function declarationOf(
  lock: string,
  world: World,
  name = 'pyproject.toml',
): Promise<{ readonly root: MapNode; readonly text: string; readonly path: string } | undefined> {
  const path = join(dirname(lock), name);
  if (!(await world.stat(path))) return undefined;
  const source = await sourceOf(path, world);
  if (source instanceof Unreadable) return undefined;
  const { root, issues } = parseToml(source.text);
  return issues.length === 0 && root?.kind === 'map' ? { root, text: source.text, path } : undefined;
}

/** Dependencies of a `[project]`, of its extras, and of `[dependency-groups]`, as PEP 621 and 735 write them. */
export interface Declared {
  readonly main: readonly string[];
  readonly extras: readonly string[];
  readonly groups: readonly string[];
  /** The project's own name, which its extras may take. */
  readonly name: string | undefined;
  /** A build backend works the dependencies out. */
  readonly dynamic: boolean;
}

export function declaredIn(root: Node): Declared {
  const project = get(root, 'project');
  const dynamic = itemsOf(get(project, 'dynamic')).map(stringOf);
  return {
    name: stringOf(get(project, 'name')),
    main: strings(get(project, 'dependencies')),
    extras: valuesOf(get(project, 'optional-dependencies')).flatMap(strings),
    groups: valuesOf(get(root, 'dependency-groups')).flatMap(strings),
    dynamic: dynamic.includes('dependencies') || dynamic.includes('optional-dependencies'),
  };
}

export const valuesOf = (node: Node | undefined): readonly Node[] =>
  node?.kind === 'map' ? node.entries.map(({ value }) => value) : [];

export const keysOf = (node: Node | undefined): readonly string[] =>
  node?.kind === 'map' ? node.entries.map(({ key }) => String(key.value)) : [];

export const strings = (list: Node | undefined): string[] => itemsOf(list).flatMap((item) => stringOf(item) ?? []);

/** Names, by PEP 503, of those requirements that a lock for every platform has to hold: all but the project itself. */
export const namesIn = (requirements: readonly string[], own: string | undefined): Set<string> =>
  new Set(
    requirements
      .flatMap((text) => requirementOf(text)?.name ?? [])
      .map(normalName)
      .filter((name) => own === undefined || name !== normalName(own)),
  );
