import { get, itemsOf, type Node, spelling, type Tree, wordOf } from '../../text/tree';
import { parseYaml } from '../../text/yaml';
import type { World } from '../../world';
import type { LockFormat } from '../environment';
import { findingAt } from '../finding';
import { environmentCodes as codes } from '../packages/codes';
import { condaSpecOf } from '../packages/conda-spec';
import { broken, joinLines, type Lines, readLock } from '../packages/lock';
import { requirementLine } from '../packages/requirements-text';
import { nameOf, type Source } from '../packages/source';

/** An environment of conda as people declare it; pinned when each dependency names one version. */
export const conda: LockFormat = {
  kind: 'conda',
  codes,
  matches: (path) => /^(?:conda|environment)(?:[-_.](?!lock).*)?\.ya?ml$/i.test(nameOf(path)),
  read: (path, world) => readLock('conda', path, world, linesOf),
};

async function linesOf(source: Source, world: World): Promise<Lines> {
  const tree = parseYaml(source.text);
  const parts: Lines[] = [{ packages: [], problems: source.broken(codes, 'environment/broken', tree.issues) }];
  for (const item of itemsOf(get(tree.root, 'dependencies'))) {
    if (item.kind === 'scalar') parts.push(dependency(item, tree, source));
    for (const line of itemsOf(get(item, 'pip')))
      parts.push(await requirementLine(source, wordOf(line) ?? '', line.span, world));
  }
  return joinLines(parts);
}

function dependency(item: Node, tree: Tree, source: Source): Lines {
  const text = wordOf(item) ?? spelling(tree, item);
  const spec = condaSpecOf(text);
  const location = source.place(item.span);
  const file = nameOf(source.path);
  if (!spec)
    return {
      packages: [],
      problems: [broken(`${file} has a dependency that conda does not know: "${text}"; write NAME=VERSION.`, location)],
    };
  const { name, version, range } = spec;
  const packages = [{ name, version, location }];
  if (version !== undefined) return { packages, problems: [] };
  const mend = `"${name}=VERSION" with the one that is installed pins it.`;
  const problem =
    range === ''
      ? findingAt(codes, 'environment/open', `${file} names no version of "${name}"; ${mend}`, location)
      : findingAt(codes, 'environment/not-pinned', `${file} names "${name}" by the range ${range}; ${mend}`, location);
  return { packages, problems: [problem] };
}
