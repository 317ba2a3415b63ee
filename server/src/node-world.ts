import { randomUUID } from 'node:crypto';
import {
  type BigIntStats,
  closeSync,
  constants,
  createReadStream,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
} from 'node:fs';
import {
  chmod,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { setImmediate as breath } from 'node:timers/promises';
import { glob } from 'tinyglobby';
import { createGit } from './node-git';
import { isWithin } from './paths';
import { decoded } from './text/decoded';
import {
  type FileGroup,
  type FileRead,
  type FileStat,
  type FolderEntry,
  type Http,
  type Log,
  Unreadable,
  type World,
} from './world';

export interface NodeWorldOptions {
  /** False is Restricted Mode: no program is run. */
  readonly trusted: boolean;
  /** Plumbline's own folders, absolute; made when first written to. */
  readonly storage: string;
  readonly temporary: string;
  readonly log: Log;
}

/** The world as Node sees it: files by Node itself, Git by its program. */
export function createNodeWorld({ trusted, storage, temporary, log }: NodeWorldOptions): World {
  return {
    read,
    readText,
    stream,
    stat: statOf,
    list,
    many,
    realPath: (path) => realpath(path).catch(() => undefined),
    glob: filesOf,
    write,
    append,
    remove,
    ...(trusted ? { git: createGit(log), http } : {}),
    variable: (name) => process.env[name] || undefined,
    now: () => new Date(),
    log,
    places: { storage, temporary, home: homedir() },
  };
}

/** Folder of one run, to be removed when it ends. */
export async function createTemporary(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'plumbline-'));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined) };
}

/** Where caches of a program without an editor belong on this system. */
export function cachePlace(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (process.platform === 'win32' && LOCALAPPDATA) return join(LOCALAPPDATA, 'plumbline');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'plumbline');
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'plumbline');
}

/** What the system's error codes mean to the person, as the end of a sentence that begins with the path. */
const causes: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist; check the spelling of its path.',
  ENOTDIR: 'does not exist: a part of its path is a file, not a folder.',
  EISDIR: 'is a folder; name a file in it.',
  EACCES: 'may not be opened by this user; change its permissions.',
  EPERM: 'may not be opened by this user; change its permissions.',
  ELOOP: 'is a symbolic link that leads to itself.',
  EMFILE: 'could not be opened: too many files are open; try again.',
  ENOSPC: 'could not be written: the disk is full.',
  EROFS: 'could not be written: the file system is read-only.',
  ERR_FS_FILE_TOO_LARGE: 'is larger than 2 GiB, too large to be read as one text.',
};

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : 'unknown');

const unreadable = (path: string, error: unknown): Unreadable =>
  new Unreadable(`${path} ${causes[codeOf(error)] ?? `cannot be used: ${codeOf(error)}.`}`, path);

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

const readText = async (path: string): Promise<string> => decoded(path, await read(path));

/** Codes that say that nothing is there, rather than that something cannot be opened. */
const absent = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'ERR_INVALID_ARG_VALUE']);

async function statOf(path: string): Promise<FileStat | undefined> {
  try {
    return statIn(await stat(path, { bigint: true }));
  } catch (error) {
    if (absent.has(codeOf(error))) return undefined;
    throw unreadable(path, error);
  }
}

function statIn(found: BigIntStats): FileStat {
  const identity = `${found.size}-${found.mtimeNs}-${found.dev}-${found.ino}`;
  // Node's own questions make several big integers each.
  const kind = kindByMode[Number(found.mode) & constants.S_IFMT] ?? 'other';
  return { kind, size: Number(found.size), modified: Number(found.mtimeNs) / 1e6, identity };
}

const kindByMode: Readonly<Record<number, FileStat['kind']>> = {
  [constants.S_IFREG]: 'file',
  [constants.S_IFDIR]: 'folder',
};

const kindOf = (found: { isFile(): boolean; isDirectory(): boolean }): FileStat['kind'] =>
  found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other';

/** Bytes that are read at once: with the 64 KiB that Node has, most of the time goes into asking. */
const PIECE = 512 * 1024;

async function* stream(path: string, { start, end }: { start?: number; end?: number } = {}): AsyncIterable<Uint8Array> {
  if (end !== undefined && end <= (start ?? 0)) return;
  try {
    // Node counts the last byte in; we do not.
    yield* createReadStream(path, { start, end: end === undefined ? undefined : end - 1, highWaterMark: PIECE });
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Milliseconds that a process may hear of nothing else. */
const SLICE_MS = 8;

/**
 * Asks the system itself instead of the threads that Node asks it by: of a small file the way to a thread and back takes many
 * times what the answer takes. Others have their turn every few milliseconds.
 */
async function inSlices<T, R>(items: readonly T[], ask: (item: T) => R, signal?: AbortSignal): Promise<R[]> {
  const answers: R[] = [];
  signal?.throwIfAborted();
  let since = performance.now();
  for (const item of items) {
    answers.push(ask(item));
    if (performance.now() - since < SLICE_MS) continue;
    await breath();
    signal?.throwIfAborted();
    since = performance.now();
  }
  return answers;
}

const many: World['many'] = {
  stat: (paths, signal) => inSlices(paths, statNow, signal),
  identities: (groups, signal) => inSlices(groups, identitiesNow, signal),
  list: (folders, signal) => inSlices(folders, listNow, signal),
  read: async (paths, { largest, signal }) => {
    const room = Buffer.allocUnsafe(Math.min(largest, ROOM_BYTES));
    return inSlices(paths, (path) => readNow(path, largest, room), signal);
  },
};

function statNow(path: string): FileStat | undefined {
  try {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false });
    return found && statIn(found);
  } catch {
    return undefined;
  }
}

/** Of hundreds of thousands of files nothing but the answer is kept. */
function identitiesNow({ folder, places }: FileGroup): string {
  let all = '';
  for (const place of places) {
    const stat = statNow(place === '' ? folder : folder + sep + place);
    all += `${stat?.identity ?? ''} `;
  }
  return all.slice(0, -1);
}

function listNow(folder: string): readonly FolderEntry[] | Unreadable | undefined {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    const known = entries.map((entry): FolderEntry => {
      if (!entry.isSymbolicLink()) return { name: entry.name, kind: kindOf(entry) };
      return { name: entry.name, kind: statNow(join(folder, entry.name))?.kind ?? 'other' };
    });
    return known.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    return absent.has(codeOf(error)) ? undefined : unreadable(folder, error);
  }
}

/** A smaller file is read in one piece. */
const ROOM_BYTES = 1 << 16;

/** Opened so that a pipe, which has no end, does not keep us waiting. */
function readNow(path: string, largest: number, room: Buffer): FileRead | Unreadable {
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stat = statIn(fstatSync(file, { bigint: true }));
    if (stat.kind === 'folder') throw unreadable(path, Object.assign(new Error(), { code: 'EISDIR' }));
    if (stat.kind !== 'file') throw new Unreadable(`${path} is no file; name a file.`, path);
    if (stat.size > largest) return { stat, bytes: undefined };
    if (stat.size > room.length) return { stat, bytes: wholeOf(file, Buffer.allocUnsafe(stat.size)) };
    return { stat, bytes: Buffer.from(wholeOf(file, room.subarray(0, stat.size))) };
  } catch (error) {
    return error instanceof Unreadable ? error : unreadable(path, error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** The bytes up to the length that the file had, fewer when it was cut meanwhile. */
function wholeOf(file: number, into: Buffer): Buffer {
  let filled = 0;
  while (filled < into.length) {
    const read = readSync(file, into, filled, into.length - filled, filled);
    if (read === 0) break;
    filled += read;
  }
  return into.subarray(0, filled);
}

async function list(folder: string): Promise<readonly FolderEntry[] | undefined> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  const known = entries?.map(async (entry) => {
    if (!entry.isSymbolicLink()) return { name: entry.name, kind: kindOf(entry) };
    const target = await stat(join(folder, entry.name)).catch(() => undefined);
    return { name: entry.name, kind: target ? kindOf(target) : ('other' as const) };
  });
  return known && (await Promise.all(known)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

const HTTP_PATIENCE_MS = 30_000;

const http: Http = {
  get: async (address, { headers = {}, signal } = {}) => {
    const patience = AbortSignal.timeout(HTTP_PATIENCE_MS);
    try {
      const answer = await fetch(address, {
        headers,
        // A server that sends us elsewhere would be given the keys of the first one.
        redirect: 'manual',
        signal: signal ? AbortSignal.any([signal, patience]) : patience,
      });
      return { status: answer.status, body: new Uint8Array(await answer.arrayBuffer()) };
    } catch (error) {
      signal?.throwIfAborted();
      throw silent(address, error);
    }
  },
  download: async (address, path, { headers = {}, signal } = {}) => {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), HTTP_PATIENCE_MS);
    try {
      const answer = await fetch(address, {
        headers,
        redirect: 'manual',
        signal: signal ? AbortSignal.any([signal, patience.signal]) : patience.signal,
      });
      if (answer.status !== 200) return { status: answer.status, body: new Uint8Array(await answer.arrayBuffer()) };
      await become(
        path,
        piecesOf(answer.body, address, () => timer.refresh()),
      );
      return { status: 200, body: new Uint8Array() };
    } catch (error) {
      signal?.throwIfAborted();
      throw error instanceof Unreadable ? error : silent(address, error);
    } finally {
      clearTimeout(timer);
    }
  },
};

/** The address in words is without user, password and query, which may hold a key. */
function silent(address: string, error: unknown): Unreadable {
  const { origin, pathname, protocol } = URL.canParse(address) ? new URL(address) : { protocol: '' };
  if (!/^https?:$/.test(protocol)) return new Unreadable('The address of the server is no URL; correct it.', '');
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const isLate = error instanceof Error && error.name === 'TimeoutError';
  const reason = isLate ? `within ${HTTP_PATIENCE_MS / 1000} s` : `(${codeOf(cause)})`;
  return new Unreadable(`${origin} does not answer ${reason}; check its address.`, `${origin}${pathname}`);
}

/** The body piece by piece. What goes wrong here is the server's doing, and not that of the disk. */
async function* piecesOf(
  body: ReadableStream<Uint8Array> | null,
  address: string,
  onPiece: () => void,
): AsyncIterable<Uint8Array> {
  try {
    for await (const piece of body ?? []) {
      onPiece();
      yield piece;
    }
  } catch (error) {
    throw silent(address, error);
  }
}

async function become(path: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const draft = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(draft, 'wx');
    try {
      for await (const piece of pieces) await file.writeFile(piece);
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw error instanceof Unreadable ? error : unreadable(path, error);
  }
}

/** Folders that trackers make by the ten thousand, a run each. */
const runFolders = ['**/mlruns/+([0-9])/+([0-9a-f])/**', '**/wandb/{run,offline-run}-*-*/**'];

async function filesOf(patterns: readonly string[], folder: string): Promise<readonly string[]> {
  const isSearch = patterns.every((pattern) => pattern.startsWith('**') || !/[*?{[]/.test(pattern));
  const files = await glob([...patterns], {
    cwd: folder,
    absolute: true,
    expandDirectories: false,
    ignore: ['**/node_modules/**', '**/.git/**', ...(isSearch ? runFolders : [])],
  });
  const place = straightened(folder);
  const places = await Promise.all(
    files.map(async (file) => {
      const at = await place(dirname(resolve(file)));
      return at === undefined ? [] : [join(at, basename(file))];
    }),
  );
  return [...new Set(places.flat())].sort();
}

/**
 * The walk follows links, and may come to a folder first by one that leads back up: its files are then found under that
 * name alone. Gives the folder's own name for such a path, and undefined for one that leads above where the walk began.
 */
function straightened(folder: string): (path: string) => Promise<string | undefined> {
  const known = new Map<string, Promise<string | undefined>>();
  const realOf = (path: string) => realpath(path).catch(() => path);
  const begin = realOf(folder);

  async function find(path: string): Promise<string | undefined> {
    const above = await place(dirname(path));
    if (above === undefined) return undefined;
    const here = join(above, basename(path));
    const [real, realAbove, realBegin] = await Promise.all([realOf(here), realOf(above), begin]);
    if (!isWithin(real, realAbove)) return here;
    return isWithin(realBegin, real) ? join(folder, relative(realBegin, real)) : undefined;
  }

  function place(path: string): Promise<string | undefined> {
    if (!isWithin(folder, path) || path === folder) return Promise.resolve(path);
    const found = known.get(path) ?? find(path);
    known.set(path, found);
    return found;
  }
  return place;
}

async function write(path: string, content: string | Uint8Array): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const draft = join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`);
  try {
    await mkdir(dirname(target), { recursive: true });
    await writeFile(draft, content);
    const mode = await stat(target).then(
      (old) => old.mode,
      () => undefined,
    );
    if (mode !== undefined) await chmod(draft, mode);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    const code = codeOf(error);
    const cause =
      code === 'EISDIR' ? 'is a folder; name a file to write.' : (causes[code] ?? `could not be written: ${code}.`);
    throw new Unreadable(`${path} ${cause}`, path);
  }
}

async function append(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    // Node's own appendFile writes long texts in pieces.
    const bytes = Buffer.from(text);
    const file = await open(path, 'a');
    try {
      const { bytesWritten } = await file.write(bytes);
      if (bytesWritten < bytes.length) throw Object.assign(new Error(), { code: 'ENOSPC' });
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function remove(path: string): Promise<void> {
  await rm(path, { force: true }).catch((error) => {
    throw unreadable(path, error);
  });
}
