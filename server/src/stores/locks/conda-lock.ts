import type { Finding } from '../../protocol';
import { at, get, wordOf } from '../../text/tree';
import { parseYaml } from '../../text/yaml';
import { Unreadable, type World } from '../../world';
import type { LockFormat } from '../environment';
import { environmentCodes } from '../packages/codes';
import { condaSpecOf } from '../packages/conda-spec';
import { strings } from '../packages/declared';
import { type Lines, lockedItems, readLock, stale } from '../packages/lock';
import { parseLongYaml } from '../packages/pieces';
import { besideOf, nameOf, type Source, sourceOf } from '../packages/source';
import { normalName } from '../packages/versions';

/** `conda-lock.yml`: every package of every platform. */
export const condaLock: LockFormat = {
  kind: 'conda-lock',
  codes: environmentCodes,
  matches: (path) => /^(?:.*[-_.])?conda-lock\.ya?ml$/.test(nameOf(path)),
  read: (path, world) => readLock('conda-lock', path, world, linesOf),
};

async function linesOf(source: Source, world: World): Promise<Lines> {
  const tree = await parseLongYaml(source.text, 'package');
  const lines = lockedItems(source, tree, get(tree.root, 'package'), {
    lock: 'conda-lock',
    versionOf: (item) => wordOf(get(item, 'version')),
  });
  const names = new Set(lines.packages.map(({ name }) => normalName(name)));
  const problems: Finding[] = [];
  for (const file of tree.issues.length > 0 ? [] : strings(at(tree.root, ['metadata', 'sources'])))
    problems.push(...(await outOfStep(file, names, source, world)));
  return { ...lines, problems: [...lines.problems, ...problems] };
}

/** Names only: the hash that the file keeps is of what conda-lock made of its sources. */
async function outOfStep(file: string, names: ReadonlySet<string>, source: Source, world: World): Promise<Finding[]> {
  const path = /\.ya?ml$/.test(file) ? await besideOf(file, source.path, world) : undefined;
  const declaration = path && (await world.stat(path)) ? await sourceOf(path, world) : undefined;
  if (!declaration || declaration instanceof Unreadable) return [];
  const items = get(parseYaml(declaration.text).root, 'dependencies');
  const lacking = strings(items)
    .flatMap((text) => condaSpecOf(text)?.name ?? [])
    .filter((name) => !names.has(normalName(name)));
  if (lacking.length === 0) return [];
  const named = lacking.map((name) => `"${name}"`).join(', ');
  const message = `${nameOf(source.path)} does not fit ${file}: it lacks ${named}; "conda-lock" brings them in step.`;
  return [stale(message, source.path)];
}
