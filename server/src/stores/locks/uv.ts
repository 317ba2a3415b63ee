import { dirname, join } from 'node:path';
import type { Finding } from '../../protocol';
import { get, itemsOf, type Node, type Span, stringOf, type Tree } from '../../text/tree';
import type { World } from '../../world';
import type { LockFormat } from '../environment';
import { environmentCodes } from '../packages/codes';
import { declarationOf, declaredIn, strings, valuesOf } from '../packages/declared';
import { type Lines, lockedItems, readLock, stale } from '../packages/lock';
import { parseLongToml } from '../packages/pieces';
import { requirementOf } from '../packages/requirement';
import { besideOf, nameOf, type Source } from '../packages/source';
import { normalName, normalVersion } from '../packages/versions';

/** `uv.lock`. The projects of the workspace are packages of it too, and say what they asked for. */
export const uv: LockFormat = {
  kind: 'uv',
  codes: environmentCodes,
  matches: (path) => nameOf(path) === 'uv.lock',
  read: (path, world) => readLock('uv', path, world, linesOf),
};

async function linesOf(source: Source, world: World): Promise<Lines> {
  const tree = await parseLongToml(source.text, 'package');
  const list = get(tree.root, 'package');
  const lines = lockedItems(source, tree, list, { lock: 'uv lock', skips: (item) => folderOf(item) !== undefined });
  const problems = tree.issues.length > 0 ? [] : await outOfStep(source, tree, world);
  return { packages: lines.packages, problems: [...lines.problems, ...problems] };
}

/** Folder of a project of the repository, relative to the lock. */
const folderOf = (item: Node): string | undefined => {
  const from = get(item, 'source');
  return stringOf(get(from, 'virtual')) ?? stringOf(get(from, 'editable')) ?? stringOf(get(from, 'directory'));
};

async function outOfStep(source: Source, tree: Tree, world: World): Promise<Finding[]> {
  const problems: Finding[] = [];
  for (const item of itemsOf(get(tree.root, 'package'))) {
    const folder = folderOf(item);
    const metadata = get(item, 'metadata');
    if (folder === undefined || !metadata) continue;
    const file = await besideOf(join(folder, 'pyproject.toml'), source.path, world);
    const declaration = file && (await declarationOf(join(dirname(file), 'uv.lock'), world));
    if (declaration) problems.push(...differences(metadata, declaration.root, source, join(folder, 'pyproject.toml')));
  }
  return problems;
}

function differences(metadata: Node, root: Node, source: Source, file: string): Finding[] {
  const declared = declaredIn(root);
  if (declared.dynamic) return [];
  const sources = get(get(get(root, 'tool'), 'uv'), 'sources');
  const legacy = strings(get(get(get(root, 'tool'), 'uv'), 'dev-dependencies'));
  const asked = wordsOf(
    [...declared.main, ...declared.extras, ...declared.groups, ...legacy].filter((text) => !isOwn(text, declared.name)),
    sources,
  );
  const items = [
    ...itemsOf(get(metadata, 'requires-dist')),
    ...valuesOf(get(metadata, 'requires-dev')).flatMap(itemsOf),
  ];
  const locked = lockedWords(items, declared.name);
  const place = source.place(headingOf(metadata.span, source.text));
  const lacking = [...asked].filter(([key]) => !locked.has(key)).map(([, word]) => `"${word}"`);
  const surplus = [...locked].filter(([key]) => !asked.has(key)).map(([, word]) => `"${word}"`);
  if (lacking.length + surplus.length === 0) return [];
  const parts = [
    lacking.length > 0 ? `it lacks ${lacking.join(', ')}` : '',
    surplus.length > 0 ? `it has ${surplus.join(', ')}` : '',
  ];
  return [
    stale(
      `uv.lock does not fit ${file}: ${parts.filter(Boolean).join(', and ')}; "uv lock" brings them in step.`,
      place,
    ),
  ];
}

/** The first line of a section: what follows is its content. */
const headingOf = ({ start }: Span, text: string): Span => ({ start, end: Math.max(start, text.indexOf('\n', start)) });

const isOwn = (text: string, own: string | undefined): boolean => {
  const name = requirementOf(text)?.name;
  return name !== undefined && own !== undefined && normalName(name) === normalName(own);
};

/** Requirement with all spellings of it made one → as the author wrote it. Where another source is named, the version is left out. */
function wordsOf(requirements: readonly string[], sources: Node | undefined): Map<string, string> {
  const moved = new Set(sources?.kind === 'map' ? sources.entries.map(({ key }) => normalName(String(key.value))) : []);
  return new Map(
    requirements.flatMap((text): [string, string][] => {
      const requirement = requirementOf(text);
      if (requirement?.name === undefined) return [];
      const name = normalName(requirement.name);
      const isMoved = requirement.url !== undefined || moved.has(name);
      return [[keyOf(name, isMoved ? '' : requirement.specifier), `${requirement.name}${requirement.specifier}`]];
    }),
  );
}

function lockedWords(items: readonly Node[], own: string | undefined): Map<string, string> {
  return new Map(
    items.flatMap((item): [string, string][] => {
      const name = stringOf(get(item, 'name'));
      if (name === undefined || (own !== undefined && normalName(name) === normalName(own))) return [];
      const isMoved = ['git', 'url', 'path', 'editable', 'directory', 'virtual', 'index'].some((key) => get(item, key));
      const specifier = stringOf(get(item, 'specifier')) ?? '';
      return [[keyOf(normalName(name), isMoved ? '' : specifier), `${name}${specifier}`]];
    }),
  );
}

function keyOf(name: string, specifier: string): string {
  const parts = specifier.split(',').map((part) => {
    const [, operator = '', version = ''] = /^\s*([=<>!~]*)\s*(.*?)\s*$/.exec(part) ?? [];
    return operator === '~=' || version.includes('*') ? operator + version : operator + normalVersion(version);
  });
  return `${name} ${parts.sort().join(',')}`;
}
