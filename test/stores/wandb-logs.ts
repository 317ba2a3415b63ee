import { crc32 } from 'node:zlib';
import { PbfWriter } from 'pbf';

/** A message of protobuf by field numbers: texts, numbers, messages, and lists of them. */
export interface Message {
  readonly [field: number]: Part | readonly Part[];
}
type Part = string | number | Uint8Array | Message;

/** Bytes of a message, written by field number so that nothing of the reader's own tables is used. */
export function encoded(message: Message): Uint8Array {
  const pbf = new PbfWriter();
  for (const [field, value] of Object.entries(message)) {
    const parts: readonly Part[] = Array.isArray(value) ? value : [value];
    for (const part of parts) write(pbf, Number(field), part);
  }
  return pbf.finish();
}

function write(pbf: PbfWriter, field: number, part: Part): void {
  if (typeof part === 'string') pbf.writeStringField(field, part);
  else if (typeof part === 'number') pbf.writeVarintField(field, part);
  else pbf.writeBytesField(field, part instanceof Uint8Array ? part : encoded(part));
}

export const logHeader = Uint8Array.from([0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe, 0]);

function chunk(type: number, payload: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(7 + payload.length);
  bytes[6] = type;
  bytes.set(payload, 7);
  bytes.writeUInt32LE(crc32(bytes.subarray(6)), 0);
  bytes.writeUInt16LE(payload.length, 4);
  return bytes;
}

/** A log as W&B frames it: records split over blocks of 32 KiB, what is too small for a header left empty. */
export function logOf(records: readonly Uint8Array[]): Buffer {
  const parts: Uint8Array[] = [logHeader];
  let at = logHeader.length;
  const put = (bytes: Uint8Array) => {
    parts.push(bytes);
    at += bytes.length;
  };
  for (const record of records) {
    for (let from = 0, begun = false; !begun || from < record.length; begun = true) {
      const left = 32_768 - (at % 32_768);
      if (left < 7) put(new Uint8Array(left));
      const room = 32_768 - (at % 32_768) - 7;
      const piece = record.subarray(from, from + room);
      from += piece.length;
      const ends = from >= record.length;
      put(chunk(begun ? (ends ? 4 : 3) : ends ? 1 : 2, piece));
    }
  }
  return Buffer.concat(parts);
}
