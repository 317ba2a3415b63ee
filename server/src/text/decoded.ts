import { isUtf8 } from 'node:buffer';
import { Unreadable } from '../world';

/**
 * The text that a file's bytes are, without a byte order mark, which says the encoding; without one only UTF-8 is text to
 * us. Throws `Unreadable` that names the file.
 */
export function decoded(path: string, bytes: Uint8Array): string {
  const encoding = encodingOf(bytes);
  if (encoding === 'utf-8' && bytes.includes(0)) {
    throw new Unreadable(`${path} is a binary file, not text; name a text file.`, path);
  }
  // Of many small files, making a decoder for each would be most of the work.
  if (encoding === 'utf-8' && bytes[0] !== MARK && isUtf8(bytes))
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new Unreadable(`${path} is not valid ${encoding.toUpperCase()} text; save it as UTF-8.`, path);
  }
}

/** First byte of UTF-8's byte order mark. */
const MARK = 0xef;

function encodingOf({ 0: first, 1: second }: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return 'utf-8';
}
