import type { LockedPackage } from '../environment';

/** The name under which all spellings of a Python package are one, by PEP 503. */
export const normalName = (name: string): string => name.replace(/[-_.]+/g, '-').toLowerCase();

/** Two spellings of one version by PEP 440 compare equal: `1.0`, `1.0.0` and `v1.0`; `1.0rc1` and `1.0-RC.1`. */
export function normalVersion(version: string): string {
  const lower = version
    .trim()
    .toLowerCase()
    .replace(/^v(?=\d)/, '');
  const [, release, rest = ''] = /^((?:\d+!)?\d+(?:\.\d+)*)(.*)$/s.exec(lower) ?? [];
  if (release === undefined) return lower;
  const [publicRest = '', ...local] = rest.split('+');
  const suffix = publicRest
    .replace(/[-_.]+/g, '')
    .replace(/alpha(?=\d|$)/, 'a')
    .replace(/beta(?=\d|$)/, 'b')
    .replace(/(preview|pre|c)(?=\d|$)/, (word, _, at: number, all: string) => (all[at - 1] === 'r' ? word : 'rc'))
    .replace(/^(rev|r)(?=\d)/, 'post');
  const digits = release.replace(/(\.0+)+$/, '').replace(/(?<=^|\.|!)0+(?=\d)/g, '');
  return digits + suffix + (local.length > 0 ? `+${local.join('+').replace(/[-_]/g, '.')}` : '');
}

/** How an environment that was recorded stands to a file that names what it should be. Each list is sorted by name. */
export interface PackageDifference {
  /** In both, with versions that are not one. */
  readonly differing: readonly { readonly name: string; readonly recorded: string; readonly locked: string }[];
  /** In the record only. */
  readonly notLocked: readonly string[];
  /** In the file only: a package of another platform or group, or one that was not installed. */
  readonly notRecorded: readonly string[];
}

type Named = Pick<LockedPackage, 'name' | 'version'>;

/**
 * What a run recorded against a lock file. Names are compared by PEP 503, versions by PEP 440. A version that one side
 * does not know, or knows as a commit, differs from none; a file may name a package once for each platform, and any will do.
 */
export function comparePackages(recorded: readonly Named[], locked: readonly Named[]): PackageDifference {
  const inRecord = byName(recorded);
  const inFile = byName(locked);
  const names = [...inRecord.keys()].sort();
  return {
    differing: names.flatMap((name) => differenceOf(name, inRecord.get(name) ?? [], inFile.get(name) ?? [])),
    notLocked: names.filter((name) => !inFile.has(name)),
    notRecorded: [...inFile.keys()].filter((name) => !inRecord.has(name)).sort(),
  };
}

function byName(packages: readonly Named[]): Map<string, (string | undefined)[]> {
  const all = new Map<string, (string | undefined)[]>();
  for (const { name, version } of packages) {
    const versions = all.get(normalName(name));
    if (versions) versions.push(version);
    else all.set(normalName(name), [version]);
  }
  return all;
}

function differenceOf(
  name: string,
  recorded: readonly (string | undefined)[],
  locked: readonly (string | undefined)[],
) {
  const known = [...recorded, ...locked].every((version) => version !== undefined && !/^[0-9a-f]{40,}$/i.test(version));
  const [first] = recorded;
  if (!known || first === undefined || locked.length === 0) return [];
  const accepted = new Set(locked.map((version) => normalVersion(version ?? '')));
  if (recorded.some((version) => accepted.has(normalVersion(version ?? '')))) return [];
  return [{ name, recorded: first, locked: [...new Set(locked)].join(' or ') }];
}
