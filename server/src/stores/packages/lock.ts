import type { Finding } from '../../protocol';
import { itemsOf, type Node, type Span, stringOf, type Tree, wordOf } from '../../text/tree';
import { Unreadable, type World } from '../../world';
import type { LockedPackage, LockFile } from '../environment';
import { findingAt, type Reading } from '../finding';
import { environmentCodes as codes } from './codes';
import { type Pin, pinOf, type Requirement, requirementOf, shownAddress } from './requirement';
import { nameOf, type Source, sourceOf } from './source';

/** What a reader found in one file. */
export interface Lines {
  readonly packages: readonly LockedPackage[];
  readonly problems: readonly Finding[];
  /** False when something that is named in the file, but not a problem of it, is open. */
  readonly pinned?: boolean;
}

export const nothing: Lines = { packages: [], problems: [] };

/** Reads a file with `lines`; what cannot be opened is a problem. What only is out of step still pins. */
export async function readLock(
  kind: string,
  path: string,
  world: World,
  lines: (source: Source, world: World) => Promise<Lines> | Lines,
): Promise<Reading<LockFile>> {
  const source = await sourceOf(path, world);
  if (source instanceof Unreadable)
    return { found: { path, kind, pinned: false, packages: [] }, problems: [broken(source.message, path)] };
  const { packages, problems, pinned = true } = await lines(source, world);
  const isPinned = pinned && problems.every(({ code }) => code === 'environment/lock-stale');
  return { found: { path, kind, pinned: isPinned, packages }, problems };
}

export const broken = (message: string, place: Parameters<typeof findingAt>[3]): Finding =>
  findingAt(codes, 'environment/broken', message, place);

export const stale = (message: string, place: Parameters<typeof findingAt>[3]): Finding =>
  findingAt(codes, 'environment/lock-stale', message, place);

export const joinLines = (parts: readonly Lines[]): Lines => ({
  packages: parts.flatMap(({ packages }) => packages),
  problems: parts.flatMap(({ problems }) => problems),
  pinned: parts.every(({ pinned }) => pinned !== false),
});

/** The lists of packages in a lock file that its tool wrote: each item has a name and a version, unless `skip` says else. */
export function lockedItems(
  source: Source,
  tree: Tree,
  list: Node | undefined,
  tool: {
    readonly lock: string;
    readonly versionOf?: (item: Node) => string | undefined;
    readonly skips?: (item: Node) => boolean;
  },
): Lines {
  const problems = source.broken(codes, 'environment/broken', tree.issues);
  const packages: LockedPackage[] = [];
  for (const item of itemsOf(list)) {
    if (tool.skips?.(item)) continue;
    const name = field(item, 'name');
    const version = (tool.versionOf?.(item) ?? field(item, 'version')?.text) || undefined;
    if (!name?.text) {
      problems.push(
        broken(
          `A package of ${nameOf(source.path)} has no name here; write the file anew with ${tool.lock}.`,
          source.place(item.span),
        ),
      );
      continue;
    }
    const location = source.place(name.span);
    packages.push({ name: name.text, version, location });
    if (version === undefined) problems.push(openAt(source, name.text, name.span, tool.lock));
  }
  return { packages, problems };
}

/** A scalar of a map as a word, with its place. */
export function field(node: Node | undefined, key: string): { readonly text: string; readonly span: Span } | undefined {
  const value = node?.kind === 'map' ? node.entries.findLast((entry) => entry.key.value === key)?.value : undefined;
  const text = stringOf(value) ?? wordOf(value);
  return value && text !== undefined ? { text, span: value.span } : undefined;
}

function openAt(source: Source, name: string, span: Span, lock: string): Finding {
  const message = `${nameOf(source.path)} names no version of "${name}"; ${lock} writes the one that pins it.`;
  return findingAt(codes, 'environment/open', message, source.place(span));
}

/** A requirement of pip at its place. Empty for a path: what it names is code of the repository. */
export function requirementLines(source: Source, text: string, span: Span, options: RequirementOptions = {}): Lines {
  const requirement = requirementOf(text);
  if (!requirement) {
    const message = `${nameOf(source.path)} has a line that is no requirement of pip: "${shownAddress(text).slice(0, 80)}"; write NAME==VERSION.`;
    return { packages: [], problems: [broken(message, source.place(span))] };
  }
  const own = pinOf(requirement, options.hashed);
  const constrained = requirement.name === undefined ? undefined : options.constraint?.(requirement.name);
  const pin: Pin = own.is !== 'one' && own.is !== 'moving' && constrained ? { is: 'one', version: constrained } : own;
  const { name } = requirement;
  const location = source.place(span);
  const packages = name === undefined ? [] : [{ name, version: pin.version, location }];
  if (pin.is === 'one') return { packages, problems: [] };
  return { packages, problems: [findingAt(codes, codeOf[pin.is], sentenceOf(pin.is, requirement, source), location)] };
}

export interface RequirementOptions {
  /** Whether `--hash` stands on the line. */
  readonly hashed?: boolean;
  /** The one version that a constraints file leaves of a package. */
  readonly constraint?: (name: string) => string | undefined;
}

const codeOf = {
  range: 'environment/not-pinned',
  moving: 'environment/not-pinned',
  open: 'environment/open',
} as const;

function sentenceOf(is: keyof typeof codeOf, { name, specifier, url = '' }: Requirement, { path }: Source): string {
  const file = nameOf(path);
  if (is === 'open')
    return `${file} names no version of "${name}"; "${name}==VERSION" with the one that is installed pins it.`;
  if (is === 'range')
    return `${file} names "${name}" by the range ${specifier}; "${name}==VERSION" with the one that is installed pins it.`;
  const shown = shownAddress(url);
  const what = name === undefined ? `"${shown}"` : `"${name}" from ${shown}`;
  const mend = /^\w+\+/.test(url) ? 'a full commit id after "@" pins it' : 'its hash, "#sha256=…", pins it';
  return `${file} takes ${what}, which may change; ${mend}.`;
}
