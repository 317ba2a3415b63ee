import { basename, dirname } from 'node:path';
import { resolveDataset } from '../data/dataset';
import { previousVersion } from '../data/history';
import { readable } from '../data/written-text';
import type { CheckJob } from '../protocol';
import type { Session } from '../session';
import type { Engine } from '../sql/engine';
import { answered } from './ask';
import { filteredBy, isFilterComplaint } from './row-filter';
import { openSource, type Source } from './source';

/** What a table had before. */
export interface Earlier {
  readonly rows: number;
  /** What it was read from, in a few words: `orders.csv@1a2b3c4`. */
  readonly name: string;
}

/** Rows of a table's data, and of another version of them. */
export interface Counts {
  readonly rows: number;
  readonly earlier: Earlier;
}

/**
 * Rows of another version of a table's data, of those that the same conditions leave. Rejects with `Unreadable` when there is
 * none, or it cannot be read; a text says why its rows cannot be counted.
 *
 * @param reference Dataset reference that starts at the contract; the version before that of the data when left out.
 */
export async function earlierRows(
  { table, dataset }: Source,
  reference: string | undefined,
  conditions: readonly string[],
  job: CheckJob,
  session: Session,
): Promise<Earlier | string> {
  const { world, signal } = session;
  const folder = dirname(job.contract.path);
  const ref = reference ?? (await previousVersion(dataset, folder, world));
  const before = await readable(await resolveDataset(ref, folder, world, signal), world, signal);
  const engine = await session.open({ ...job.engine, folders: [...before.folders] });
  try {
    const rows = await countedIn(engine, await openSource(engine, table, before), conditions);
    return typeof rows === 'string' ? rows : { rows, name: reference ?? shortened(ref) };
  } finally {
    engine.close();
  }
}

async function countedIn(engine: Engine, whole: Source, conditions: readonly string[]): Promise<number | string> {
  let source = whole;
  for (const condition of conditions) {
    const left = await filteredBy(condition, source, engine);
    if (isFilterComplaint(left)) return left.complaint;
    source = left;
  }
  const rows = await answered(() => engine.rows(`SELECT count(*) AS n FROM ${source.scope.relation}`));
  return 'error' in rows ? rows.error : Number(rows.value[0]?.n);
}

/** A commit by its first digits, a file by its name. */
const shortened = (ref: string): string => basename(ref).replace(/@([0-9a-f]{7})[0-9a-f]{33,57}$/, '@$1');
