import { get, stringOf } from '../../text/tree';
import type { World } from '../../world';
import type { LockFormat } from '../environment';
import { environmentCodes } from '../packages/codes';
import { declarationOf, declaredIn, namesIn } from '../packages/declared';
import { type Lines, lockedItems, readLock, stale } from '../packages/lock';
import { parseLongToml } from '../packages/pieces';
import { nameOf, type Source } from '../packages/source';
import { normalName } from '../packages/versions';

/** `pdm.lock`. How its own hash is made differs from release to release, so that names are compared. */
export const pdm: LockFormat = {
  kind: 'pdm',
  codes: environmentCodes,
  matches: (path) => /^pdm(?:\..+)?\.lock$/.test(nameOf(path)),
  read: (path, world) => readLock('pdm', path, world, linesOf),
};

async function linesOf(source: Source, world: World): Promise<Lines> {
  const tree = await parseLongToml(source.text, 'package');
  const lines = lockedItems(source, tree, get(tree.root, 'package'), {
    lock: 'pdm lock',
    versionOf: (item) => stringOf(get(item, 'revision')),
    skips: (item) => stringOf(get(item, 'path')) !== undefined,
  });
  const declaration = tree.issues.length > 0 ? undefined : await declarationOf(source.path, world);
  if (!declaration) return lines;
  const declared = declaredIn(declaration.root);
  const locked = new Set(lines.packages.map(({ name }) => normalName(name)));
  const paths = new Set(declared.main.filter((text) => /@\s*(file:|\.)/.test(text)));
  const lacking = [
    ...namesIn(
      declared.main.filter((text) => !paths.has(text)),
      declared.name,
    ),
  ].filter((name) => !locked.has(name));
  if (lacking.length === 0) return lines;
  const names = lacking.map((name) => `"${name}"`).join(', ');
  const message = `${nameOf(source.path)} does not fit pyproject.toml: it lacks ${names}; "pdm lock" brings them in step.`;
  return { ...lines, problems: [...lines.problems, stale(message, source.path)] };
}
