import { createHash, type Hash } from 'node:crypto';
import { join } from 'node:path';
import { turnstile } from '../turnstile';
import { type FileStat, Unreadable, type World } from '../world';

/**
 * How content is named. `md5-dos2unix` is DVC 1's and 2's (entries without `hash`), `git-sha1` and `git-sha256` are the
 * ids of Git's blobs. All are lower hex.
 */
export type HashAlgorithm = 'md5' | 'sha256' | 'md5-dos2unix' | 'git-sha1' | 'git-sha256';

export interface HashOptions {
  readonly signal?: AbortSignal | undefined;
}

/** A content as a store records it. */
export interface RecordedContent {
  readonly algorithm: HashAlgorithm;
  readonly hash: string;
  /** Bytes, where it is recorded. */
  readonly size?: number | undefined;
}

/** The file's content id, as `hashesOf` gives several. */
export async function hashOf(
  path: string,
  algorithm: HashAlgorithm,
  world: World,
  options: HashOptions = {},
): Promise<string> {
  return (await hashesOf(path, [algorithm], world, options))[algorithm];
}

/**
 * Several content ids of one file, read once from start to end, and not at all when it is unchanged since they were made,
 * here or in an earlier process. Rejects with `Unreadable` for what is no file, may not be read, or is written meanwhile,
 * and with the signal's reason when that is aborted.
 *
 * @param path Absolute.
 */
export async function hashesOf<A extends HashAlgorithm>(
  path: string,
  algorithms: readonly A[],
  world: World,
  { signal }: HashOptions = {},
): Promise<Readonly<Record<A, string>>> {
  const memory = memoryOf(world);
  return memory.alone(path, async () => {
    signal?.throwIfAborted();
    const stat = await fileAt(path, world);
    const known = await memory.recall(path, stat);
    const missing = algorithms.filter((algorithm) => known[algorithm] === undefined);
    if (missing.length === 0) return known as Record<A, string>;
    const begun = world.now().getTime();
    const made = await memory.turn(() => streamed(path, stat.size, missing, world, signal));
    if ((await fileAt(path, world)).identity !== stat.identity)
      throw new Unreadable(`${path} is being written while it is read; try again when that has ended.`, path);
    const hashes = { ...known, ...made };
    // A write right after this could leave the time of the file as it is, since disks count in steps.
    if (begun - stat.modified > SETTLED_MS) await memory.keep(path, stat, hashes);
    return hashes as Record<A, string>;
  });
}

/**
 * Whether the size alone says that the file is not the one recorded; false when it may be. Undefined when no file is there
 * or no size is recorded. Line ends that `md5-dos2unix` overlooks are in the size: not to be asked there.
 */
export async function differsInSize(
  path: string,
  size: number | undefined,
  world: World,
): Promise<boolean | undefined> {
  const stat = size === undefined ? undefined : await world.stat(path);
  return stat?.kind === 'file' ? stat.size !== size : undefined;
}

/** Whether the file has that content, from its size where that settles it. Undefined when no file is there; rejects as `hashesOf`. */
export async function hasContent(
  path: string,
  { algorithm, hash, size }: RecordedContent,
  world: World,
  options: HashOptions = {},
): Promise<boolean | undefined> {
  if ((await world.stat(path))?.kind !== 'file') return undefined;
  if (algorithm !== 'md5-dos2unix' && (await differsInSize(path, size, world))) return false;
  return (await hashOf(path, algorithm, world, options)) === hash.toLowerCase();
}

/** Coarsest step in which a file system in use counts time is FAT's. */
const SETTLED_MS = 2000;

async function fileAt(path: string, world: World): Promise<FileStat> {
  const stat = await world.stat(path);
  if (!stat) throw new Unreadable(`${path} does not exist; check the spelling of its path.`, path);
  if (stat.kind !== 'file') throw new Unreadable(`${path} is no file, so it has no hash; name a file.`, path);
  return stat;
}

/** Takes the bytes piece by piece, and gives the id after the last. */
interface Digest {
  add(bytes: Uint8Array): void;
  end(): string;
}

async function streamed(
  path: string,
  size: number,
  algorithms: readonly HashAlgorithm[],
  world: World,
  signal: AbortSignal | undefined,
): Promise<Partial<Record<HashAlgorithm, string>>> {
  const running = algorithms.map((algorithm) => [algorithm, digests[algorithm](size)] as const);
  for await (const bytes of world.stream(path)) {
    signal?.throwIfAborted();
    for (const [, digest] of running) digest.add(bytes);
  }
  return Object.fromEntries(running.map(([algorithm, digest]) => [algorithm, digest.end()]));
}

const digests: Readonly<Record<HashAlgorithm, (size: number) => Digest>> = {
  md5: () => plain(createHash('md5')),
  sha256: () => plain(createHash('sha256')),
  'md5-dos2unix': () => inBlocks(DVC_BLOCK, plain(createHash('md5'))),
  'git-sha1': (size) => plain(createHash('sha1').update(`blob ${size}\0`)),
  'git-sha256': (size) => plain(createHash('sha256').update(`blob ${size}\0`)),
};

const plain = (hash: Hash): Digest => ({
  add: (bytes) => void hash.update(bytes),
  end: () => hash.digest('hex'),
});

/** DVC reads so many bytes at a time and judges each block by itself (dvc-data 3.18, hashfile/hash.py, fobj_md5). */
const DVC_BLOCK = 2 ** 20;

/** The same bytes, but for the line ends of those blocks that are text. */
function inBlocks(size: number, digest: Digest): Digest {
  const block = Buffer.allocUnsafe(size);
  let filled = 0;
  const flush = () => {
    const bytes = block.subarray(0, filled);
    digest.add(isText(bytes) ? withoutCarriageReturns(bytes) : bytes);
    filled = 0;
  };
  return {
    add: (bytes) => {
      for (let at = 0; at < bytes.length; ) {
        const part = bytes.subarray(at, at + size - filled);
        block.set(part, filled);
        filled += part.length;
        at += part.length;
        if (filled === size) flush();
      }
    },
    end: () => {
      flush();
      return digest.end();
    },
  };
}

/** At most 30 % of the first 512 bytes are none of printable ASCII and `\n\r\t\f\b`, and no byte is zero (dvc-data 3.18, istextfile.py). */
function isText(block: Uint8Array): boolean {
  const head = block.subarray(0, 512);
  const odd = head.filter((byte) => (byte < 32 && !TEXT_CONTROLS.has(byte)) || byte > 126).length;
  return !head.includes(0) && odd / Math.max(head.length, 1) <= 0.3;
}

const TEXT_CONTROLS = new Set([8, 9, 10, 12, 13]);

/** `\r\n` as `\n`. latin1 keeps each byte a character of its own. */
const withoutCarriageReturns = (bytes: Buffer): Buffer =>
  Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');

type Hashes = Partial<Record<HashAlgorithm, string>>;

interface Known {
  /** Of the file when they were made. */
  readonly identity: string;
  readonly hashes: Hashes;
}

/** What is known of files, in memory and, of larger ones, on disk. */
interface Memory {
  /** One task for a path at a time, so that two who ask at once read the file once. */
  alone<T>(path: string, task: () => Promise<T>): Promise<T>;
  /** So many files at a time. */
  turn<T>(task: () => Promise<T>): Promise<T>;
  recall(path: string, stat: FileStat): Promise<Hashes>;
  keep(path: string, stat: FileStat, hashes: Hashes): Promise<void>;
}

const memories = new WeakMap<World, Memory>();

function memoryOf(world: World): Memory {
  const memory = memories.get(world) ?? createMemory(world);
  memories.set(world, memory);
  return memory;
}

/** Reading a smaller file again costs less than looking it up. */
const KEPT_FROM_BYTES = 64 * 1024;
const MOST_IN_MEMORY = 200_000;
/** A list that is longer, in bytes, is written anew with its latest lines. */
const MOST_ON_DISK = 16 * 2 ** 20;
const LINES_ON_DISK = 20_000;

function createMemory(world: World): Memory {
  const file = join(world.places.storage, 'hashes-1.jsonl');
  const files = new Map<string, Known>();
  const busy = new Map<string, Promise<unknown>>();
  let earlier: Promise<void> | undefined;

  function remember(path: string, known: Known): void {
    files.delete(path);
    files.set(path, known);
    const [oldest] = files.size > MOST_IN_MEMORY ? files.keys() : [];
    if (oldest !== undefined) files.delete(oldest);
  }

  async function recallEarlier(): Promise<void> {
    const size = (await world.stat(file).catch(() => undefined))?.size;
    if (size === undefined) return;
    const kept = knownIn(await world.readText(file).catch(() => ''));
    for (const [path, known] of kept) if (!files.has(path)) files.set(path, known);
    if (size <= MOST_ON_DISK) return;
    const latest = [...kept].slice(-LINES_ON_DISK).map(([path, known]) => lineFor(path, known));
    await world.write(file, latest.join('')).catch(() => undefined);
  }

  return {
    turn: turnstile(4),
    alone: async (path, task) => {
      const before = busy.get(path);
      const mine = (before ?? Promise.resolve()).catch(() => undefined).then(task);
      busy.set(path, mine);
      try {
        return await mine;
      } finally {
        if (busy.get(path) === mine) busy.delete(path);
      }
    },
    recall: async (path, { identity, size }) => {
      if (size >= KEPT_FROM_BYTES && files.get(path)?.identity !== identity) {
        earlier ??= recallEarlier();
        await earlier;
      }
      const known = files.get(path);
      return known?.identity === identity ? known.hashes : {};
    },
    keep: async (path, { identity, size }, hashes) => {
      remember(path, { identity, hashes });
      if (size < KEPT_FROM_BYTES) return;
      // A line in one piece, so that those of two processes do not mix.
      await world.append(file, lineFor(path, { identity, hashes })).catch((error: Error) => {
        world.log.debug(`Hashes are not kept: ${error.message}`);
      });
    },
  };
}

const lineFor = (path: string, known: Known): string => `${JSON.stringify({ path, ...known })}\n`;

/** By path, the latest last. A line that was cut off when a process ended is nothing. */
function knownIn(text: string): ReadonlyMap<string, Known> {
  const kept = new Map<string, Known>();
  for (const line of text.split('\n')) {
    const [path, known] = knownOf(line) ?? [];
    if (path === undefined || !known) continue;
    kept.delete(path);
    kept.set(path, known);
  }
  return kept;
}

function knownOf(line: string): readonly [string, Known] | undefined {
  try {
    const { path, identity, hashes } = JSON.parse(line) as Record<string, unknown>;
    if (typeof path !== 'string' || typeof identity !== 'string' || typeof hashes !== 'object' || !hashes) return;
    return [path, { identity, hashes: hexIn(hashes) }];
  } catch {
    return;
  }
}

const hexIn = (hashes: object): Hashes =>
  Object.fromEntries(
    Object.entries(hashes).filter(([name, hash]) => name in digests && /^[0-9a-f]{32,64}$/.test(String(hash))),
  );
