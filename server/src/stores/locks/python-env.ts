import { entryOf, get, itemsOf, spelling, type Tree, wordOf } from '../../text/tree';
import { parseYaml } from '../../text/yaml';
import type { World } from '../../world';
import type { LockFormat } from '../environment';
import { findingAt } from '../finding';
import { environmentCodes as codes } from '../packages/codes';
import { joinLines, type Lines, nothing, readLock } from '../packages/lock';
import { requirementLine } from '../packages/requirements-text';
import { nameOf, type Source } from '../packages/source';

/** `python_env.yaml` of MLflow: a version of Python, and lines of pip. */
export const pythonEnv: LockFormat = {
  kind: 'python-env',
  codes,
  matches: (path) => /^python_env\.ya?ml$/.test(nameOf(path)),
  read: (path, world) => readLock('python-env', path, world, linesOf),
};

async function linesOf(source: Source, world: World): Promise<Lines> {
  const tree = parseYaml(source.text);
  const parts: Lines[] = [
    { packages: [], problems: source.broken(codes, 'environment/broken', tree.issues) },
    python(tree, source),
  ];
  for (const list of ['build_dependencies', 'dependencies'])
    for (const item of itemsOf(get(tree.root, list)))
      parts.push(await requirementLine(source, wordOf(item) ?? '', item.span, world));
  return joinLines(parts);
}

/** MLflow takes `3.11` as any release of 3.11, which is as near as its users say. */
function python(tree: Tree, source: Source): Lines {
  const value = entryOf(tree.root, 'python')?.value;
  if (value?.kind !== 'scalar' || value.value === null) return nothing;
  const text = spelling(tree, value).replace(/^(["'])(.*)\1$/, '$2');
  const version = /^(?:==?)?(\d+(?:\.\w+)*)$/.exec(text)?.[1];
  const location = source.place(value.span);
  const packages = [{ name: 'python', version, location }];
  if (version !== undefined) return { packages, problems: [] };
  const message = `${nameOf(source.path)} names "python" by the range ${text}; one version, such as 3.11.7, pins it.`;
  return { packages, problems: [findingAt(codes, 'environment/not-pinned', message, location)] };
}
