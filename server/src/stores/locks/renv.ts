import { parseJsonc } from '../../text/jsonc';
import { get, stringOf } from '../../text/tree';
import type { LockFormat } from '../environment';
import { findingAt } from '../finding';
import { environmentCodes as codes } from '../packages/codes';
import { field, type Lines, readLock } from '../packages/lock';
import { nameOf, type Source } from '../packages/source';

/** `renv.lock`: R and its packages. */
export const renv: LockFormat = {
  kind: 'renv',
  codes,
  matches: (path) => nameOf(path) === 'renv.lock',
  read: (path, world) => readLock('renv', path, world, linesOf),
};

function linesOf(source: Source): Lines {
  const { root, issues } = parseJsonc(source.text);
  const r = field(get(root, 'R'), 'Version');
  const listed = get(root, 'Packages');
  const packages = (listed?.kind === 'map' ? listed.entries : []).map(({ key, value }) => ({
    name: stringOf(get(value, 'Package')) ?? String(key.value),
    version: stringOf(get(value, 'Version')) ?? stringOf(get(value, 'RemoteSha')),
    location: source.place(key.span),
  }));
  const open = packages.filter(({ version }) => version === undefined);
  return {
    packages: [...(r ? [{ name: 'R', version: r.text, location: source.place(r.span) }] : []), ...packages],
    problems: [
      ...source.broken(codes, 'environment/broken', issues),
      ...open.map(({ name, location }) =>
        findingAt(
          codes,
          'environment/open',
          `renv.lock names no version of "${name}"; "renv::snapshot()" writes the one that pins it.`,
          location,
        ),
      ),
    ],
  };
}
