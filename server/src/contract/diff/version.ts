import inc from 'semver/functions/inc';
import parse from 'semver/functions/parse';
import { get, type ScalarNode } from '../../text/tree';
import type { Contract } from '../model';
import type { Change } from './change';
import { type Bump, bumps, type Impact } from './kinds';

/** The version of a contract held against what has changed since another one. */
export interface VersionVerdict {
  /** What the gravest change calls for; `none` when nothing has changed. */
  readonly bump: Bump | 'none';
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** The least version that says what has changed; undefined where none is called for or the old one is no number. */
  readonly needed: string | undefined;
  /** Whether the version says what has changed. */
  readonly enough: boolean;
}

/**
 * Whether the version of the later contract says what has changed. Before 1.0.0 what breaks calls for the second number and
 * all else for the third, as package managers have it. A version that is no number is enough when it is another one.
 */
export function versionVerdict(before: Contract, after: Contract, changes: readonly Change[]): VersionVerdict {
  const [old, now] = [before.version, after.version];
  const impact = graveness.find((one) => changes.some((change) => change.impact === one));
  if (impact === undefined) return { bump: 'none', before: old, after: now, needed: undefined, enough: true };
  const bump = bumps[impact];
  const needed = old === undefined ? undefined : bumped(old, bump);
  return { bump, before: old, after: now, needed, enough: isEnough(old, now, needed) };
}

const graveness: readonly Impact[] = ['breaking', 'compatible', 'cosmetic'];

/** The least version that tells of a change of this kind; undefined for a version that is no number. */
export function bumped(version: string, bump: Bump): string | undefined {
  const from = numbersOf(version);
  if (from === undefined) return undefined;
  const isYoung = from.major === 0;
  const next = inc(from.version, isYoung ? (bump === 'major' ? 'minor' : 'patch') : bump);
  return next === null ? undefined : `${/^v/i.exec(version)?.[0] ?? ''}${next}`;
}

function isEnough(before: string | undefined, after: string | undefined, needed: string | undefined): boolean {
  const [now, least] = [after, needed].map((version) => (version === undefined ? undefined : numbersOf(version)));
  if (now && least) return now.compareMain(least) >= 0;
  return before !== undefined && after !== undefined && before !== after;
}

/** Numbers that people leave out are zeros: `1.2`, `v2`. */
function numbersOf(version: string) {
  const [, major, minor = '0', patch = '0', rest = ''] =
    /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?([-+].*)?$/i.exec(version.trim()) ?? [];
  return major === undefined ? undefined : (parse(`${major}.${minor}.${patch}${rest}`) ?? undefined);
}

/** Where the contract's version stands, of the dialects that have one. */
export function versionNode({ version, tree: { root } }: Contract): ScalarNode | undefined {
  const node = version === undefined ? undefined : (get(root, 'version') ?? get(get(root, 'info'), 'version'));
  return node?.kind === 'scalar' ? node : undefined;
}
