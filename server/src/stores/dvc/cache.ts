import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Recorded } from './stages';

/** A file of a folder, as the `.dir` list of the folder has it. */
export interface Listed {
  readonly md5: string;
  /** With slashes. */
  readonly relpath: string;
}

/** Where a cache or a remote keeps content: DVC 3 apart from that of older releases, whose ids mean something else. */
export const objectIn = (store: string, md5: string, algorithm: Recorded['algorithm']): string =>
  join(store, ...(algorithm === 'md5' ? ['files', 'md5'] : []), md5.slice(0, 2), md5.slice(2));

/** md5 of a folder: that of its list as DVC writes it, sorted by code point, in Python's JSON. */
export function listHash(entries: readonly Listed[]): string {
  const hash = createHash('md5').update('[');
  const sorted = entries
    .map((entry) => ({ entry, key: Buffer.from(entry.relpath) }))
    .sort((a, b) => a.key.compare(b.key));
  sorted.forEach(({ entry }, index) => {
    hash.update(`${index > 0 ? ', ' : ''}{"md5": ${ascii(entry.md5)}, "relpath": ${ascii(entry.relpath)}}`);
  });
  return `${hash.update(']').digest('hex')}.dir`;
}

const ascii = (text: string): string =>
  JSON.stringify(text).replace(/[\u007f-\uffff]/g, (unit) =>
    unit === '\u007f' ? unit : `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** The files of a folder as `[{"md5": "…", "relpath": "deep/south.csv"}]` lists them; undefined for any other text. */
export function parsedList(text: string): readonly Listed[] | undefined {
  try {
    const entries: unknown = JSON.parse(text);
    return Array.isArray(entries) && entries.every(isListed) ? entries : undefined;
  } catch {
    return undefined;
  }
}

const isListed = (entry: unknown): entry is Listed =>
  typeof entry === 'object' &&
  entry !== null &&
  'md5' in entry &&
  typeof entry.md5 === 'string' &&
  /^[0-9a-f]{32}$/.test(entry.md5) &&
  'relpath' in entry &&
  typeof entry.relpath === 'string';
