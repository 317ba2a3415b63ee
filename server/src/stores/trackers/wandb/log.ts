import { buf as crc32 } from 'crc-32';

/** What is wrong with a log from `offset` on: it is none, bytes of it changed, or it ends within a record. */
export interface LogFault {
  readonly kind: 'not-a-log' | 'corrupt' | 'cut';
  /** Bytes from the start of the file. */
  readonly offset: number;
}

export interface LogListener {
  /** The bytes are the reader's own; those of `readLog` change after the call. */
  record(bytes: Uint8Array, offset: number): void;
  fault(fault: LogFault): void;
}

/** As W&B's own reader has it (core/internal/transactionlog): LevelDB's log, with another header and checksum. */
const BLOCK_BYTES = 32_768;
const HEADER = [0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe, 0x00];
const CHUNK_HEADER_BYTES = 7;
/** A record that is longer is taken for damage: it would have to be held in memory as one. */
const LONGEST_RECORD_BYTES = 1 << 26;

const full = 1;
const first = 2;
const last = 4;

/**
 * Reads a log of any length with one block in memory. Rejects only when the chunks do, or the signal says so. What follows
 * damage is read from the next block on, since lengths are not to be believed any more.
 */
export async function readLog(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  listener: LogListener,
  signal?: AbortSignal,
): Promise<void> {
  const reader = new BlockReader(listener);
  const block = new Uint8Array(BLOCK_BYTES);
  let filled = 0;
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + BLOCK_BYTES - filled);
      block.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < BLOCK_BYTES) continue;
      if (!reader.block(block)) return;
      filled = 0;
    }
  }
  reader.end(block.subarray(0, filled));
}

/** The same of a log that is in memory as one: no block is made, and the bytes of a record do not change. */
export function readWholeLog(whole: Uint8Array, listener: LogListener): void {
  const reader = new BlockReader(listener);
  // Parts of Node's own buffers cost several times those of a plain array.
  const bytes = new Uint8Array(whole.buffer, whole.byteOffset, whole.length);
  let at = 0;
  for (; bytes.length - at >= BLOCK_BYTES; at += BLOCK_BYTES)
    if (!reader.block(bytes.subarray(at, at + BLOCK_BYTES))) return;
  reader.end(bytes.subarray(at));
}

class BlockReader {
  #start = 0;
  #pending: { readonly offset: number; readonly parts: Uint8Array[]; bytes: number } | undefined;
  /** After damage, until a record begins: the rest of the one that was hit is no damage of its own. */
  #resuming = false;

  constructor(readonly listener: LogListener) {}

  /** False when this is no log, so that reading on is of no use. */
  block(bytes: Uint8Array): boolean {
    const isFirst = this.#start === 0;
    if (isFirst && !beginsAsLog(bytes)) {
      this.listener.fault({ kind: bytes.length < HEADER.length ? 'cut' : 'not-a-log', offset: 0 });
      return false;
    }
    this.#chunks(bytes, isFirst ? HEADER.length : 0);
    this.#start += bytes.length;
    return true;
  }

  end(rest: Uint8Array): void {
    const wasEmpty = this.#start === 0;
    if ((rest.length > 0 || wasEmpty) && !this.block(rest)) return;
    if (this.#pending) this.#fault('cut', this.#pending.offset);
  }

  #chunks(block: Uint8Array, from: number): void {
    const view = new DataView(block.buffer, block.byteOffset, block.length);
    const isWhole = block.length === BLOCK_BYTES;
    let at = from;
    while (block.length - at >= CHUNK_HEADER_BYTES) {
      const checksum = view.getUint32(at, true);
      const length = view.getUint16(at + 4, true);
      const type = view.getUint8(at + 6);
      if (checksum === 0 && length === 0 && type === 0) return;
      const end = at + CHUNK_HEADER_BYTES + length;
      const isCut = end > block.length && !isWhole;
      if (end > block.length || crc32(block.subarray(at + 6, end)) >>> 0 !== checksum) {
        this.#fault(isCut ? 'cut' : 'corrupt', this.#start + at);
        return;
      }
      this.#chunk(type, block.subarray(at + CHUNK_HEADER_BYTES, end), this.#start + at);
      at = end;
    }
    if (!isWhole && at < block.length) this.#fault('cut', this.#start + at);
  }

  #chunk(type: number, payload: Uint8Array, offset: number): void {
    const begins = type === full || type === first;
    if (begins && this.#pending) this.#fault('corrupt', this.#pending.offset);
    if (begins) this.#resuming = false;
    if (type === full) {
      this.listener.record(payload, offset);
      return;
    }
    if (type === first) this.#pending = { offset, parts: [], bytes: 0 };
    const pending = this.#pending;
    if (!pending || type > last || pending.bytes + payload.length > LONGEST_RECORD_BYTES) {
      if (!this.#resuming) this.#fault('corrupt', offset);
      return;
    }
    pending.parts.push(payload.slice());
    pending.bytes += payload.length;
    if (type !== last) return;
    this.#pending = undefined;
    this.listener.record(Buffer.concat(pending.parts), pending.offset);
  }

  #fault(kind: LogFault['kind'], offset: number): void {
    this.#pending = undefined;
    this.#resuming = true;
    this.listener.fault({ kind, offset });
  }
}

const beginsAsLog = (bytes: Uint8Array): boolean => HEADER.every((byte, index) => bytes[index] === byte);
