import { isAscii, isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { basename, dirname, extname, join } from 'node:path';
import type { CellForm } from '../contract/model';
import { Cancelled } from '../sql/engine';
import { amount } from '../text/words';
import { Unreadable, type World } from '../world';
import type { Dataset } from './dataset';

/** How the cells of a text file are written, where it is told and not left to the engine to find. */
export type CsvForm = CellForm;

/**
 * The dataset as an engine reads it: texts that are not in UTF-8 as copies of ours in UTF-8, and the form of tables so wide
 * that an engine takes minutes to find it. `notes` say what was done. Compressed files are left to the engine. Rejects with
 * `Unreadable`, which names the line, for bytes that no encoding explains, and with
 * `Cancelled`.
 */
export async function readable(dataset: Dataset, world: World, signal?: AbortSignal): Promise<Dataset> {
  if (dataset.format === 'parquet' || dataset.compression === 'gzip' || dataset.compression === 'zstd') return dataset;
  const paths: string[] = [];
  const notes: string[] = [];
  for (const [index, path] of dataset.paths.entries()) {
    const name = dataset.names[index] ?? path;
    const { encoding, hasOddQuotes } = /\.(gz|zst)$/i.test(path)
      ? untold
      : await lookedThrough(path, name, world, signal);
    const open = encoding || !hasOddQuotes || dataset.format !== 'csv' ? undefined : await openQuote(path, world);
    if (open !== undefined) notes.push(openWords(basename(name), open));
    if (encoding) notes.push(`${basename(name)} is ${encoding.words}, and was read as that. UTF-8 needs no guess.`);
    paths.push(encoding ? await copyOf(path, name, encoding.label, world, signal) : path);
  }
  const [first] = paths;
  const form = dataset.format === 'csv' && first !== undefined ? await wideForm(first, world) : undefined;
  const folders = [...new Set([...dataset.folders, ...paths.map((path) => dirname(path))])];
  return { ...dataset, paths, folders, ...(notes.length > 0 ? { notes } : {}), ...(form ? { form } : {}) };
}

interface Encoding {
  /** As `TextDecoder` calls it. */
  readonly label: string;
  /** As a sentence has it after "is". */
  readonly words: string;
}

const utf16 = (label: string): Encoding => ({ label, words: label.toUpperCase() });

/** The first bytes, by which texts of two bytes a letter are told. */
const HEAD = 4096;

/** What all bytes of a text tell. */
interface Looks {
  /** Undefined for UTF-8. */
  readonly encoding: Encoding | undefined;
  readonly hasOddQuotes: boolean;
}

const untold: Looks = { encoding: undefined, hasOddQuotes: false };

/** The file is read once: a byte that is wrong far down is as wrong as one that a check looks at. */
async function lookedThrough(
  path: string,
  name: string,
  world: World,
  signal: AbortSignal | undefined,
): Promise<Looks> {
  let isFirst = true;
  let hasOddQuotes = false;
  let hasLetters = false;
  /** The first bytes of a letter whose others are in the next piece. */
  let begun: Uint8Array = new Uint8Array();
  let seen = 0;
  for await (const piece of world.stream(path)) {
    if (signal?.aborted) throw new Cancelled();
    if (isFirst) {
      const wide = twoByteEncoding(piece.subarray(0, HEAD));
      if (wide) return { encoding: wide, hasOddQuotes };
      isFirst = false;
    }
    if (hasOddCount(piece, QUOTE)) hasOddQuotes = !hasOddQuotes;
    const chunk = begun.length === 0 ? piece : Buffer.concat([begun, piece]);
    const isPlain = isAscii(chunk);
    const whole = isPlain ? chunk : chunk.subarray(0, endOfLetters(chunk));
    if (!isPlain && !isUtf8(whole)) {
      const lines = await linesIn(path, seen, world);
      return { encoding: ofOneByte(chunk, lines, hasLetters, name), hasOddQuotes };
    }
    hasLetters ||= !isPlain && !isAscii(whole);
    seen += whole.length;
    begun = chunk.subarray(whole.length);
  }
  if (begun.length === 0) return { encoding: undefined, hasOddQuotes };
  return { encoding: ofOneByte(begun, await linesIn(path, seen, world), hasLetters, name), hasOddQuotes };
}

/** Where the last letter ends that is all there, at most three bytes before the end. */
function endOfLetters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes.length;
    // The first byte of a letter says how many it has.
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** Ends of lines among the first bytes. They are counted when a message names a line, and not of every text. */
async function linesIn(path: string, end: number, world: World): Promise<number> {
  let lines = 0;
  for await (const chunk of world.stream(path, { end })) lines += countOf(chunk, NEWLINE);
  return lines;
}

/** Whether a byte occurs an odd number of times: four at once, for large texts are looked through before every check. */
function hasOddCount(bytes: Uint8Array, wanted: number): boolean {
  const start = Math.min(bytes.length, (4 - (bytes.byteOffset % 4)) % 4);
  const count = (bytes.length - start) >> 2;
  const words = count > 0 ? new Int32Array(bytes.buffer, bytes.byteOffset + start, count) : new Int32Array();
  const four = wanted * 0x01010101;
  let marks = 0;
  for (let at = 0; at < words.length; at++) {
    // The high bit of each byte that is zero after the XOR; an even number of marks at a place cancel each other.
    const other = (words[at] ?? 0) ^ four;
    marks ^= ~(((other & 0x7f7f7f7f) + 0x7f7f7f7f) | other | 0x7f7f7f7f);
  }
  const rest = [...bytes.subarray(0, start), ...bytes.subarray(start + words.length * 4)];
  const others = rest.filter((byte) => byte === wanted).length;
  const marked = [7, 15, 23, 31].filter((bit) => (marks >>> bit) & 1).length;
  return (others + marked) % 2 === 1;
}

const NEWLINE = 10;
const QUOTE = 34;

function countOf(bytes: Uint8Array, wanted: number): number {
  let count = 0;
  for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1)) count++;
  return count;
}

/** By its mark, else by the zero in every other byte of plain letters. */
function twoByteEncoding(head: Uint8Array): Encoding | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return utf16('utf-16le');
  if (head[0] === 0xfe && head[1] === 0xff) return utf16('utf-16be');
  const zeros = [0, 1].map((parity) => head.filter((byte, at) => at % 2 === parity && byte === 0).length);
  const [even = 0, odd = 0] = zeros;
  if (head.length < 4 || Math.max(even, odd) < head.length / 4 || Math.min(even, odd) > 0) return undefined;
  return utf16(odd > even ? 'utf-16le' : 'utf-16be');
}

/** What may stand between two cells. */
const delimiters = [',', ';', '\t', '|'];
const cellEnds: ReadonlySet<number> = new Set([NEWLINE, 13, ...delimiters.map((sign) => sign.charCodeAt(0))]);

/** The line of the quote that opens a cell and is never closed; undefined when each is. */
async function openQuote(path: string, world: World): Promise<number | undefined> {
  let line = 1;
  let opened: number | undefined;
  let before = NEWLINE;
  for await (const chunk of world.stream(path)) {
    for (const byte of chunk) {
      // Two quotes inside of a cell close and open it again.
      if (byte === QUOTE && opened !== undefined) opened = undefined;
      else if (byte === QUOTE && (cellEnds.has(before) || before === QUOTE)) opened = line;
      if (byte === NEWLINE) line++;
      before = byte;
    }
  }
  return opened;
}

const openWords = (name: string, line: number): string =>
  `The quote in line ${line.toLocaleString('en-US')} of ${name} is never closed: what follows it may have been read as it stands, or as one value. Close it.`;

/** A line with more or fewer cells than the header, in place of an engine's advice about its own settings. */
export function raggedWords(message: string): string | undefined {
  const found =
    /CSV Error on Line: (\d+)\s+Original Line:\s?(.*?)\s+Expected Number of Columns: (\d+) Found: (\d+)/s.exec(message);
  if (!found) return undefined;
  const [, line, words = '', wanted, there] = found;
  const shown = words.length > SHOWN ? `${words.slice(0, SHOWN)}…` : words;
  return `line ${Number(line).toLocaleString('en-US')} has ${amount(Number(there), 'cell')} where the header has ${wanted}: ${shown}`;
}

/** Letters of a line that a message repeats. */
const SHOWN = 60;

/** Bytes that Windows-1252 has no letter for. */
const noLetter: ReadonlySet<number> = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

/** What else a text may be that is not UTF-8. Rejects one that is UTF-8 elsewhere: it is damaged at this line. */
function ofOneByte(chunk: Uint8Array, before: number, hasLetters: boolean, name: string): Encoding {
  const { at, letters } = firstBroken(chunk);
  const byte = chunk[at] ?? 0;
  const line = before + countOf(chunk.subarray(0, at), NEWLINE) + 1;
  const where = `line ${line.toLocaleString('en-US')}`;
  const code = `0x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  if (hasLetters || letters > 0 || noLetter.has(byte) || chunk.includes(0))
    throw new Unreadable(
      `${name} is text in UTF-8, but for the byte ${code} in ${where}. Write that line anew, or save the file as UTF-8.`,
      name,
    );
  return {
    label: 'windows-1252',
    words: `not UTF-8 (byte ${code} in ${where}), but looks like Windows-1252 (Latin-1)`,
  };
}

/** Where the first byte is that UTF-8 does not allow, and how many letters of several bytes stand before it. */
function firstBroken(bytes: Uint8Array): { readonly at: number; readonly letters: number } {
  let letters = 0;
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] ?? 0;
    const length = byte < 0x80 ? 1 : byte >= 0xc2 && byte < 0xe0 ? 2 : byte >= 0xe0 && byte < 0xf0 ? 3 : 4;
    const isLead = byte < 0x80 || (byte >= 0xc2 && byte < 0xf5);
    const follow = bytes.subarray(at + 1, at + length);
    if (!isLead || !follow.every((next) => (next & 0xc0) === 0x80)) {
      // The first bytes of a piece may be the end of a letter of the piece before.
      if (letters > 0 || at > 2 || byte < 0x80 || byte >= 0xc0) return { at, letters };
      at++;
      continue;
    }
    if (length > 1) letters++;
    at += length;
  }
  return { at: 0, letters };
}

/** The text in UTF-8, in a place of ours that is gone with the job's process. */
async function copyOf(
  path: string,
  name: string,
  label: string,
  world: World,
  signal: AbortSignal | undefined,
): Promise<string> {
  const copy = join(world.places.temporary, 'texts', randomUUID(), basename(name));
  const decoder = new TextDecoder(label);
  await world.write(copy, '');
  for await (const chunk of world.stream(path)) {
    if (signal?.aborted) throw new Cancelled();
    await world.append(copy, decoder.decode(chunk, { stream: true }));
  }
  await world.append(copy, decoder.decode());
  return copy;
}

/** Cells of a header from which on an engine is told how they are written: it tries every way on every column. */
const WIDE = 300;
/** How far a first line is looked for. Bytes. */
const LONGEST_HEADER = 4 * 1024 * 1024;

/** The sign that parts the cells of a header. */
export const delimiterOf = (header: string): string | undefined =>
  delimiters
    .filter((sign) => header.includes(sign))
    .toSorted((one, other) => header.split(other).length - header.split(one).length)[0];

/** Undefined for a table that is not wide, and where the first line is no header of plain names. */
async function wideForm(path: string, world: World): Promise<CsvForm | undefined> {
  if (/^\.(gz|zst)$/i.test(extname(path))) return undefined;
  const decoder = new TextDecoder();
  let header = '';
  for await (const chunk of world.stream(path, { end: LONGEST_HEADER })) {
    header += decoder.decode(chunk, { stream: true });
    if (header.includes('\n')) break;
  }
  const end = header.search(/\r?\n/);
  if (end < 0) return undefined;
  const line = header.slice(0, end);
  const delimiter = delimiterOf(line);
  if (delimiter === undefined) return undefined;
  const cells = line.split(delimiter);
  const isPlain = (cell: string) => cell.trim() !== '' && !Number.isFinite(Number(cell)) && !/^\s*"[^"]*$/.test(cell);
  return cells.length >= WIDE && cells.every(isPlain) ? { delimiter } : undefined;
}
