import { columnsOf, relationOf, resolveDataset } from '../../data/dataset';
import type { EngineOptions, TimelineVersion } from '../../protocol';
import type { Session } from '../../session';
import { type EngineColumn, QueryFailed } from '../../sql/engine';
import { hashOf } from '../../stores/hash';
import { Unreadable } from '../../world';
import type { DatasetVersion } from './history';
import type { Memory } from './memory';

/** What one version holds. */
export interface Content {
  readonly rows: number;
  readonly columns: readonly EngineColumn[];
  /** As it is stored. */
  readonly sizeBytes: number;
  /** Of one file as it is read; undefined for several. Runs may know it by this. */
  readonly md5?: string | undefined;
}

/** The content, or the sentence that says why it cannot be read. A content may be known that is not here any more. */
export interface Read {
  readonly content: Content | undefined;
  readonly reason: string | undefined;
}

export interface Reader {
  /** Absolute; where references start. */
  readonly folder: string;
  readonly session: Session;
  readonly memory: Memory;
  readonly engine: EngineOptions | undefined;
}

/** Trackers whose content may be on another machine, while its record is here. */
const keepsElsewhere = new Set(['dvc', 'git-lfs']);

/** Rejects with `Cancelled` and `EngineDied` only. */
export async function readContent(version: DatasetVersion, reader: Reader): Promise<Read> {
  if (version.reason !== undefined) return { content: undefined, reason: version.reason };
  const words = wordsOf(version);
  const known = words && (await reader.memory.recall<Content>(words));
  if (known && !keepsElsewhere.has(version.tracker)) return { content: known, reason: undefined };
  try {
    const make = () => measured(version, reader);
    if (known) await resolved(version, reader);
    return { content: known ?? (await (words ? reader.memory.once(words, make) : make())), reason: undefined };
  } catch (error) {
    if (error instanceof Unreadable || error instanceof QueryFailed) return { content: known, reason: error.message };
    throw error;
  }
}

/** What names a content once and for all: its id and, since it tells the format and the part of a folder, its name. */
export function wordsOf({ version, ref, commit }: DatasetVersion): readonly string[] | undefined {
  const name = commit ? ref.replace(/@[^@]*$/, '') : ref;
  return version === undefined ? undefined : ['content', version, name];
}

const resolved = ({ ref }: DatasetVersion, { folder, session }: Reader) =>
  resolveDataset(ref, folder, session.world, session.signal);

async function measured(version: DatasetVersion, reader: Reader): Promise<Content> {
  const { session, engine: options } = reader;
  const dataset = await resolved(version, reader);
  const [file, ...others] = dataset.paths;
  const isOne = file !== undefined && others.length === 0;
  const md5 = isOne ? await hashOf(file, 'md5', session.world, { signal: session.signal }) : undefined;
  const engine = await session.open({ ...options, folders: dataset.folders });
  try {
    const columns = await columnsOf(dataset, engine);
    const [counted] = await engine.rows(`SELECT count(*) AS n FROM ${relationOf(dataset)}`);
    const { sizeBytes } = dataset;
    return {
      rows: Number(counted?.n ?? 0),
      columns: columns.map(({ name, type }) => ({ name, type })),
      sizeBytes,
      md5,
    };
  } finally {
    engine.close();
  }
}

/** How the columns differ from those before: added and changed ones in their order, then those that are gone. */
export function changesBetween(before: Content, after: Content): TimelineVersion['changes'] {
  const [old, now] = [before, after].map(({ columns }) => new Map(columns.map(({ name, type }) => [name, type])));
  const added = after.columns.flatMap(({ name, type }): TimelineVersion['changes'] => {
    const was = old?.get(name);
    if (was === type) return [];
    return [{ kind: was === undefined ? 'added' : 'type', column: name, before: was ?? null, after: type }];
  });
  const removed = before.columns
    .filter(({ name }) => !now?.has(name))
    .map(({ name, type }) => ({ kind: 'removed' as const, column: name, before: type, after: null }));
  return [...added, ...removed];
}
