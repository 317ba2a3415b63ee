import { dirname, join, relative, sep } from 'node:path';
import { isWithin } from '../../paths';
import type { Finding, Location } from '../../protocol';
import { fileStart, Lines } from '../../text/lines';
import { get, type Node, type Tree, wordOf } from '../../text/tree';
import { parseYaml } from '../../text/yaml';
import { Unreadable, type World } from '../../world';
import { findingAt, type Reading } from '../finding';
import { hasContent } from '../hash';
import { type LakefsObject, lakefsApi } from './api';
import { LakefsProblem, lakefsCodes } from './codes';
import { type LakefsReference, parseLakefs } from './reference';
import { isMd5, problemFinding } from './state';

/** A folder that `lakectl local clone` or `init` made of a part of a repository. */
export interface LakefsClone {
  /** Absolute. */
  readonly folder: string;
  /** Its `.lakefs_ref.yaml`, absolute. */
  readonly record: string;
  readonly source: LakefsReference;
  /** Full id of the commit that the files are of. */
  readonly commit: string;
  /** The operation that did not end. */
  readonly interrupted: string | undefined;
  /** Where the commit stands. */
  readonly location: Location;
}

const RECORD = '.lakefs_ref.yaml';

/** The clones at and below a folder, with findings for those whose record is broken or speaks of an interrupted operation. */
export async function lakefsClones(folder: string, world: World): Promise<Reading<readonly LakefsClone[]>> {
  const records = await world.glob([`**/${RECORD}`], folder);
  const readings = await Promise.all(records.map((record) => cloneOf(record, world)));
  return {
    found: readings.flatMap(({ found }) => (found ? [found] : [])),
    problems: readings.flatMap(({ problems }) => problems),
  };
}

async function cloneOf(record: string, world: World): Promise<Reading<LakefsClone | undefined>> {
  try {
    const tree = parseYaml(await world.readText(record));
    const clone = readRecord(record, tree);
    return { found: clone, problems: clone.interrupted === undefined ? [] : [interruption(clone, tree)] };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const message = error instanceof LakefsProblem ? `${record} is damaged: ${error.message}` : error.message;
    return { found: undefined, problems: [findingAt(lakefsCodes, 'lakefs/unreadable', message, record)] };
  }
}

function readRecord(record: string, tree: Tree): LakefsClone {
  const [source, commit] = ['src', 'at_head'].map((key) => wordOf(get(tree.root, key)));
  if (source === undefined || commit === undefined || !/^[0-9a-f]{64}$/.test(commit))
    throw new LakefsProblem(
      'lakefs/unreadable',
      'it must have `src`, and the 64 hex digits of a commit in `at_head`. Clone the folder anew with: lakectl local clone',
      record,
    );
  return {
    folder: dirname(record),
    record,
    source: parseLakefs(source),
    commit,
    interrupted: wordOf(get(tree.root, 'active_operation')) || undefined,
    location: placeIn(record, tree, get(tree.root, 'at_head')),
  };
}

const interruption = ({ record, folder, interrupted }: LakefsClone, tree: Tree): Finding =>
  findingAt(
    lakefsCodes,
    'lakefs/interrupted-operation',
    `The operation "${interrupted}" on this clone did not end, so its files may be of two versions; run: lakectl local checkout ${folder}`,
    placeIn(record, tree, get(tree.root, 'active_operation')),
  );

const placeIn = (path: string, { text }: Tree, node: Node | undefined): Location => ({
  path,
  range: node ? new Lines(text).range(node.span) : fileStart,
});

/** How the files of a clone differ from its commit. Paths are absolute. */
export interface CloneChanges {
  readonly changed: readonly string[];
  readonly missing: readonly string[];
  readonly added: readonly string[];
  /** Of them the server's checksum is no md5 and the size is equal, so nobody can tell. */
  readonly unknown: readonly string[];
}

/** Files of one clone that are compared; a larger one is not looked through unasked. */
const MOST_FILES = 100_000;

/**
 * The files of a clone against the objects of its commit, by size and else by md5. Undefined where the server does not
 * say; a finding then tells why, as one does where they differ. Rejects with the signal's reason only.
 */
export async function cloneChangesOf(
  clone: LakefsClone,
  world: World,
  signal?: AbortSignal,
): Promise<Reading<CloneChanges | undefined>> {
  try {
    const changes = await compared(clone, world, signal);
    return { found: changes, problems: difference(clone, changes) };
  } catch (error) {
    signal?.throwIfAborted();
    return { found: undefined, problems: [problemFinding(error, clone.location)] };
  }
}

type Difference = keyof CloneChanges;

async function compared(
  { folder, source, commit, record }: LakefsClone,
  world: World,
  signal: AbortSignal | undefined,
): Promise<CloneChanges> {
  const api = await lakefsApi(world, signal);
  const found: Record<Difference, string[]> = { changed: [], missing: [], added: [], unknown: [] };
  const known = new Set([record]);
  const home = (await world.realPath(folder)) ?? folder;
  for await (const object of api.objects(source.repository, commit, source.path)) {
    const path = join(folder, ...object.path.slice(source.path.length).split('/'));
    // A folder's own marker has no file, and what would lie outside of the clone is none of it.
    if (object.path.endsWith('/') || !isBelow(folder, path)) continue;
    known.add(path);
    const real = await world.realPath(path);
    const difference =
      real !== undefined && !isBelow(home, real) ? 'unknown' : await differenceOf(path, object, world, signal);
    if (difference) found[difference].push(path);
    if (known.size > MOST_FILES) return found;
  }
  const here = await world.glob(['**/*'], folder);
  found.added.push(...here.filter((path) => !known.has(path)));
  return found;
}

const isBelow = (folder: string, path: string): boolean => path !== folder && isWithin(folder, path);

async function differenceOf(
  path: string,
  { checksum, sizeBytes }: LakefsObject,
  world: World,
  signal: AbortSignal | undefined,
): Promise<Difference | undefined> {
  try {
    const stat = await world.stat(path);
    if (stat?.kind !== 'file') return 'missing';
    if (stat.size !== sizeBytes) return 'changed';
    if (!isMd5(checksum)) return 'unknown';
    const recorded = { algorithm: 'md5', hash: checksum, size: sizeBytes } as const;
    return (await hasContent(path, recorded, world, signal ? { signal } : {})) ? undefined : 'changed';
  } catch (error) {
    if (error instanceof Unreadable) return 'unknown';
    throw error;
  }
}

function difference(
  { folder, commit, location }: LakefsClone,
  { changed, missing, added }: CloneChanges,
): readonly Finding[] {
  const told = Object.entries({ changed, missing, added }).flatMap(([word, paths]) => {
    const [first] = paths;
    return first === undefined
      ? []
      : [`${paths.length} ${word} (first: ${relative(folder, first).split(sep).join('/')})`];
  });
  if (told.length === 0) return [];
  const message = `This clone differs from its commit ${commit.slice(0, 8)}: ${told.join(', ')}; commit with \`lakectl local commit\`, or go back with \`lakectl local checkout\`.`;
  return [findingAt(lakefsCodes, 'lakefs/clone-changed', message, location)];
}
