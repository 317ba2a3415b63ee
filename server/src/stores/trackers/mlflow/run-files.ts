// The files of many runs at once: a run of MLflow has one a value, so that ten thousand runs are hundreds of thousands of them.
import { createHash } from 'node:crypto';
import { sep } from 'node:path';
import { decoded } from '../../../text/decoded';
import { type FileRead, type FileStat, Unreadable, type World } from '../../../world';

/** What a run's folder holds, as far as it tells of the run. */
export interface RunFiles {
  readonly folder: string;
  /** Path of each file by key. Keys may hold slashes, which become folders. */
  readonly keys: Readonly<Record<KeyPart, ReadonlyMap<string, string>>>;
  /** Folders with a `meta.yaml` each. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly hasArtifacts: boolean;
  /** Folders that were listed, with their identities before that. */
  readonly listed: readonly (readonly [string, string])[];
  /** What may not be listed, as sentences. */
  readonly closed: readonly string[];
  /** Every file of the run that is read, its own `meta.yaml` first. */
  readonly paths: readonly string[];
}

const keyParts = ['params', 'metrics', 'tags'] as const;
type KeyPart = (typeof keyParts)[number];
const folderParts = ['inputs', 'outputs'] as const;

/** A key of seven parts is deeper than any that people write; a link that leads up ends there too. */
const DEEPEST_KEY = 8;

interface Draft {
  readonly folder: string;
  readonly keys: Record<KeyPart, Map<string, string>>;
  readonly folders: Record<(typeof folderParts)[number], string[]>;
  hasArtifacts: boolean;
  readonly listed: (readonly [string, string])[];
  readonly closed: string[];
}

/** A folder that is still to be listed: the run's own, that of a kind of keys, or one in there. */
interface Open {
  readonly draft: Draft;
  readonly path: string;
  readonly part: string | undefined;
  readonly prefix: string;
}

/** Lists folders of runs, all of one depth together. */
export async function runFilesIn(
  folders: readonly string[],
  world: World,
  signal?: AbortSignal,
): Promise<readonly RunFiles[]> {
  const drafts = folders.map(
    (folder): Draft => ({
      folder,
      keys: { params: new Map(), metrics: new Map(), tags: new Map() },
      folders: { inputs: [], outputs: [] },
      hasArtifacts: false,
      listed: [],
      closed: [],
    }),
  );
  let open: readonly Open[] = drafts.map((draft) => ({ draft, path: draft.folder, part: undefined, prefix: '' }));
  for (let depth = 0; open.length > 0 && depth <= DEEPEST_KEY + 1; depth++) {
    const paths = open.map(({ path }) => path);
    const stats = await world.many.stat(paths, signal);
    const lists = await world.many.list(paths, signal);
    open = open.flatMap((one, index) => {
      one.draft.listed.push([one.path, stats[index]?.identity ?? '']);
      const entries = lists[index] ?? [];
      if (!(entries instanceof Unreadable)) return inside(one, entries);
      one.draft.closed.push(entries.message);
      return [];
    });
  }
  return drafts.map(({ folder, keys, folders: { inputs, outputs }, hasArtifacts, listed, closed }) => {
    const paths = pathsOf({ folder, keys, inputs, outputs });
    return { folder, keys, inputs, outputs, hasArtifacts, listed, closed, paths };
  });
}

/** Takes in what a folder holds, and gives the folders in it that are to be listed next. */
function inside(
  { draft, path, part, prefix }: Open,
  entries: readonly { readonly name: string; readonly kind: FileStat['kind'] }[],
): readonly Open[] {
  const folders = entries.filter(({ kind }) => kind === 'folder').map(({ name }) => name);
  if (part === undefined) {
    draft.hasArtifacts = folders.includes('artifacts');
    return folders
      .filter((name) => [...keyParts, ...folderParts].some((known) => known === name))
      .map((name) => ({ draft, path: path + sep + name, part: name, prefix: '' }));
  }
  if (part === 'inputs' || part === 'outputs') {
    draft.folders[part].push(...folders.map((name) => path + sep + name));
    return [];
  }
  const keys = draft.keys[part as KeyPart];
  for (const { name, kind } of entries) if (kind !== 'folder') keys.set(prefix + name, path + sep + name);
  return folders.map((name) => ({ draft, path: path + sep + name, part, prefix: `${prefix}${name}/` }));
}

function pathsOf({
  folder,
  keys,
  inputs,
  outputs,
}: Pick<RunFiles, 'folder' | 'keys' | 'inputs' | 'outputs'>): readonly string[] {
  const paths = [metaFile(folder)];
  for (const input of inputs) paths.push(metaFile(input));
  for (const output of outputs) paths.push(metaFile(output));
  for (const part of keyParts) for (const path of keys[part].values()) paths.push(path);
  return paths;
}

/** The `meta.yaml` of a folder. */
export const metaFile = (folder: string): string => `${folder}${sep}meta.yaml`;

/** Files of many runs are held in memory together; one that is larger is read by itself. */
const LARGEST = 1 << 16;

/** Contents by path. */
export type Contents = ReadonlyMap<string, FileRead | Unreadable>;

/** Reads the files of runs. Those that are larger than 64 KiB are there without their bytes. */
export async function contentsOf(runs: readonly RunFiles[], world: World, signal?: AbortSignal): Promise<Contents> {
  const paths = runs.flatMap((run) => run.paths);
  const read = await world.many.read(paths, { largest: LARGEST, signal });
  const contents = new Map<string, FileRead | Unreadable>();
  for (const [index, path] of paths.entries())
    contents.set(path, read[index] ?? new Unreadable(`${path} was not read.`, path));
  return contents;
}

/** The text of a file that was read; undefined of one that is too large for it. Throws `Unreadable`. */
export function textIn(contents: Contents, path: string): string | undefined {
  const content = contents.get(path);
  if (content instanceof Unreadable) throw content;
  return content?.bytes && decoded(path, content.bytes);
}

/** Where a run was read from, and one word that changes whenever any of that may have. */
export interface Trace {
  /** Paths from the run's folder. Runs of the same shape share the list. */
  readonly places: readonly string[];
  readonly signature: string;
}

/** Lists of places that were made before, by what they hold; runs that follow each other mostly share the latest. */
export interface Shapes {
  readonly known: Map<string, readonly string[]>;
  latest: readonly string[];
}

export function traceOf({ folder, listed, paths }: RunFiles, contents: Contents, shapes: Shapes): Trace {
  const all = listed.map(([path]) => path);
  let identities = '';
  for (const [, identity] of listed) identities += `${identity} `;
  for (const path of paths) {
    const content = contents.get(path);
    identities += `${content === undefined || content instanceof Unreadable ? '' : content.stat.identity} `;
    all.push(path);
  }
  return { places: placesFrom(folder.length + 1, all, shapes), signature: signatureOf(identities.slice(0, -1)) };
}

/** The paths from the place `start` on. */
function placesFrom(start: number, paths: readonly string[], shapes: Shapes): readonly string[] {
  const { known, latest } = shapes;
  const isSame = (path: string, index: number): boolean => {
    const place = latest[index] ?? '';
    // The folder itself is the empty place and has no separator behind it.
    return place === '' ? path.length < start : path.length === start + place.length && path.endsWith(place);
  };
  if (latest.length === paths.length && paths.every(isSame)) return latest;
  const places = paths.map((path) => path.slice(start));
  const shape = places.join('\n');
  shapes.latest = known.get(shape) ?? places;
  known.set(shape, shapes.latest);
  return shapes.latest;
}

const signatureOf = (identities: string): string => createHash('sha1').update(identities).digest('base64');

/** Which of the runs are as they were when they were read. */
export async function unchanged(
  runs: readonly (readonly [string, Trace])[],
  world: World,
  signal?: AbortSignal,
): Promise<readonly boolean[]> {
  const groups = runs.map(([folder, { places }]) => ({ folder, places }));
  const identities = await world.many.identities(groups, signal);
  return runs.map(([, { signature }], index) => signatureOf(identities[index] ?? '') === signature);
}
