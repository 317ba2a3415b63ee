import type { TimelineVersion } from '../../../../server/src/protocol';
import { count, significant } from '../../numbers';

const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `3.69 kB`, by thousands, as disks are sold. */
export function bytes(size: number): string {
  const step = size < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(size) / 3));
  return `${significant(size / 1000 ** step, 3)}\u00a0${units[step] ?? 'B'}`;
}

/** `150 rows, 30 more` than the version before. */
export function rowsOf({ rows }: TimelineVersion, before: TimelineVersion | undefined): string | undefined {
  if (rows === null) return undefined;
  const words = rows === 1 ? '1 row' : `${count(rows)} rows`;
  const more = before?.rows === null || before === undefined ? 0 : rows - before.rows;
  return more === 0 ? words : `${words}, ${count(Math.abs(more))} ${more > 0 ? 'more' : 'fewer'}`;
}

/** What it is called where a person names it: its first seven digits, or what it is instead of a commit. */
export const nameOf = ({ commit }: TimelineVersion): string => commit?.slice(0, 7) ?? 'on disk';

export type Change = TimelineVersion['changes'][number];

/** A sign that a column came, went or changed, and the sentence that says so. */
export const changes: Readonly<
  Record<Change['kind'], { readonly sign: string; words(change: Change): string; sentence(change: Change): string }>
> = {
  added: {
    sign: '+',
    words: ({ column, after }) => `${column} ${after ?? ''}`,
    sentence: ({ column, after }) => `Column ${column} of type ${after} was added.`,
  },
  removed: {
    sign: '−',
    words: ({ column, before }) => `${column} ${before ?? ''}`,
    sentence: ({ column, before }) => `Column ${column} of type ${before} was removed.`,
  },
  type: {
    sign: '~',
    words: ({ column, before, after }) => `${column} ${before} → ${after}`,
    sentence: ({ column, before, after }) => `Column ${column} changed its type from ${before} to ${after}.`,
  },
};

/** The command that a reason ends with: what follows `Run:`. */
export const mendOf = (reason: string): string | undefined => /\bRun: (.+?)\.?$/.exec(reason)?.[1];
