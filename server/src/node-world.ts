import { randomUUID } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { glob } from 'tinyglobby';
import { createGit } from './node-git';
import { type FileStat, type Log, Unreadable, type World } from './world';

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
    stat: statOf,
    glob: filesOf,
    write,
    ...(trusted ? { git: createGit(log) } : {}),
    now: () => new Date(),
    log,
    places: { storage, temporary },
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

/** A byte order mark says the encoding; without one only UTF-8 is text to us. */
function decoded(path: string, bytes: Uint8Array): string {
  const encoding = encodingOf(bytes);
  if (encoding === 'utf-8' && bytes.includes(0)) {
    throw new Unreadable(`${path} is a binary file, not text; name a text file.`, path);
  }
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new Unreadable(`${path} is not valid ${encoding.toUpperCase()} text; save it as UTF-8.`, path);
  }
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return 'utf-8';
}

/** Codes that say that nothing is there, rather than that something cannot be opened. */
const absent = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'ERR_INVALID_ARG_VALUE']);

async function statOf(path: string): Promise<FileStat | undefined> {
  try {
    const found = await stat(path);
    const kind = found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other';
    return { kind, size: found.size, modified: found.mtimeMs };
  } catch (error) {
    if (absent.has(codeOf(error))) return undefined;
    throw unreadable(path, error);
  }
}

async function filesOf(patterns: readonly string[], folder: string): Promise<readonly string[]> {
  const files = await glob([...patterns], {
    cwd: folder,
    absolute: true,
    expandDirectories: false,
    ignore: ['**/node_modules/**', '**/.git/**'],
  });
  return files.map((file) => resolve(file)).sort();
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
