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
  return drafts.map(({ folders: { inputs, outputs }, ...draft }) => ({ ...draft, inputs, outputs }));
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

/** Every file of a run that is read, its own `meta.yaml` first. */
export const pathsOf = ({ folder, keys, inputs, outputs }: RunFiles): readonly string[] => [
  ...[folder, ...inputs, ...outputs].map(metaFile),
  ...keyParts.flatMap((part) => [...keys[part].values()]),
];

/** The `meta.yaml` of a folder. */
export const metaFile = (folder: string): string => `${folder}${sep}meta.yaml`;

/** Files of many runs are held in memory together; one that is larger is read by itself. */
const LARGEST = 1 << 16;

/** Contents by path. */
export type Contents = ReadonlyMap<string, FileRead | Unreadable>;

/** Reads the files of runs. Those that are larger than 64 KiB are there without their bytes. */
export async function contentsOf(runs: readonly RunFiles[], world: World, signal?: AbortSignal): Promise<Contents> {
  const paths = runs.flatMap(pathsOf);
  const read = await world.many.read(paths, { largest: LARGEST, signal });
  return new Map(paths.map((path, index) => [path, read[index] ?? new Unreadable(`${path} was not read.`, path)]));
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

/** @param shapes Lists of places that were made before. */
export function traceOf(files: RunFiles, contents: Contents, shapes: Map<string, readonly string[]>): Trace {
  const start = files.folder.length + 1;
  const read = pathsOf(files);
  const places = [...files.listed.map(([path]) => path), ...read].map((path) => path.slice(start));
  const shape = places.join('\n');
  const shared = shapes.get(shape) ?? places;
  shapes.set(shape, shared);
  const identities = [
    ...files.listed.map(([, identity]) => identity),
    ...read.map((path) => {
      const content = contents.get(path);
      return content === undefined || content instanceof Unreadable ? '' : content.stat.identity;
    }),
  ];
  return { places: shared, signature: signatureOf(identities.join(' ')) };
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
