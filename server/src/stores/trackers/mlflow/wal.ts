// SQLite's write-ahead log, by https://www.sqlite.org/fileformat2.html#the_write_ahead_log: committed pages that are not in the
// database yet. Applying them in memory shows the latest rows without the lock and index files that SQLite makes beside it.
const HEADER = 32;
const FRAME = 24;
const magics = [0x377f0682, 0x377f0683];
/** Bytes 18 and 19 of a database say that it is written through a log (2) or by itself (1). */
const VERSIONS = [18, 19] as const;

/**
 * The database with every transaction that its log has committed, which says that it has no log: a copy, unless there is
 * nothing to change.
 */
export function withLog(database: Uint8Array, log: Uint8Array): Uint8Array {
  const { pages, count, pageSize } = committed(log);
  if (count === undefined && VERSIONS.every((place) => database[place] !== 2)) return database;
  const whole = new Uint8Array(count === undefined ? database.length : count * pageSize);
  whole.set(database.subarray(0, whole.length));
  for (const [page, content] of pages) {
    const start = (page - 1) * pageSize;
    if (start + pageSize <= whole.length) whole.set(content, start);
  }
  for (const place of VERSIONS) if (whole[place] === 2) whole[place] = 1;
  return whole;
}

interface Committed {
  /** Page number from 1 → its bytes after the last commit. */
  readonly pages: ReadonlyMap<number, Uint8Array>;
  /** Pages of the database after it; undefined when nothing is committed. */
  readonly count: number | undefined;
  readonly pageSize: number;
}

/** Frames count up to the first that is of an older log, or whose checksum is wrong: what is behind it was never committed. */
function committed(log: Uint8Array): Committed {
  const pages = new Map<number, Uint8Array>();
  const view = new DataView(log.buffer, log.byteOffset, log.byteLength);
  if (log.length < HEADER || !magics.includes(view.getUint32(0))) return { pages, count: undefined, pageSize: 0 };
  const isLittle = view.getUint32(0) === magics[0];
  const pageSize = view.getUint32(8);
  const salt = view.getBigUint64(16);
  let sums = checksum(view, 0, HEADER - 8, [0, 0], isLittle);
  if (!standsAt(view, HEADER - 8, sums)) return { pages, count: undefined, pageSize };
  let count: number | undefined;
  const pending = new Map<number, Uint8Array>();
  for (let at = HEADER; at + FRAME + pageSize <= log.length; at += FRAME + pageSize) {
    if (view.getBigUint64(at + 8) !== salt) break;
    sums = checksum(view, at + FRAME, pageSize, checksum(view, at, 8, sums, isLittle), isLittle);
    if (!standsAt(view, at + 16, sums)) break;
    pending.set(view.getUint32(at), log.subarray(at + FRAME, at + FRAME + pageSize));
    const size = view.getUint32(at + 4);
    if (size === 0) continue;
    for (const [page, content] of pending) pages.set(page, content);
    pending.clear();
    count = size;
  }
  return { pages, count, pageSize };
}

type Sums = readonly [number, number];

const standsAt = (view: DataView, at: number, [first, second]: Sums): boolean =>
  view.getUint32(at) === first && view.getUint32(at + 4) === second;

function checksum(view: DataView, start: number, length: number, [a, b]: Sums, isLittle: boolean): Sums {
  let first = a;
  let second = b;
  for (let at = start; at < start + length; at += 8) {
    first = (first + view.getUint32(at, isLittle) + second) >>> 0;
    second = (second + view.getUint32(at + 4, isLittle) + first) >>> 0;
  }
  return [first, second];
}
