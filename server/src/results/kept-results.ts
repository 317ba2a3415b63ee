import { join } from 'node:path';
import type { StoredResult } from '../protocol';
import type { World } from '../world';

/** What a run gave, before it is kept under an id. */
export type NewResult = StoredResult extends infer R ? (R extends StoredResult ? Omit<R, 'id'> : never) : never;

/** Whole results of the last runs, rows of the data included, in the editor's own folder: a panel finds them again after a reload. */
export interface KeptResults {
  /** Keeps a result. One that cannot be written is still answered with an id, and told in the log. */
  store(result: NewResult): Promise<StoredResult>;
  /** Undefined when it has made room for others. */
  load(id: string): Promise<StoredResult | undefined>;
  /** The newest result, of one contract when its path is given. */
  latest(contract?: string): Promise<StoredResult | undefined>;
  /** Forgets the results of a contract, or all. Rejects with `Unreadable` when a file of them cannot be removed. */
  forget(contract?: string): Promise<void>;
}

/** Results that are kept; an older one makes room for the next. */
const KEPT = 50;

interface Line {
  readonly id: string;
  readonly contract: string | null;
}

/**
 * Files `results/00.json` … are written in turn, and an index says which result is in which. The newest is kept in
 * memory too, so that it can be shown where nothing can be written.
 */
export function createKeptResults(world: World): KeptResults {
  const folder = join(world.places.storage, 'results');
  const indexPath = join(folder, 'index.json');
  let newest: StoredResult | undefined;
  let lines: Promise<readonly Line[]> | undefined;
  let writing: Promise<unknown> = Promise.resolve();

  const index = (): Promise<readonly Line[]> => {
    lines ??= readJson(world, indexPath).then((value) => (Array.isArray(value) ? value.filter(isLine) : []));
    return lines;
  };

  async function write(result: NewResult): Promise<StoredResult> {
    const before = await index();
    const number = 1 + Math.max(0, ...before.map(({ id }) => numberOf(id)));
    const stored = { ...result, id: `${number}-${world.now().getTime().toString(36)}` } as StoredResult;
    newest = stored;
    const after = [...before, { id: stored.id, contract: stored.contract }].slice(-KEPT);
    lines = Promise.resolve(after);
    try {
      await world.write(fileOf(folder, stored.id), JSON.stringify(stored));
      await world.write(indexPath, JSON.stringify(after));
    } catch (error) {
      world.log.warn(`This result could not be kept: ${error instanceof Error ? error.message : String(error)}`);
    }
    return stored;
  }

  async function load(id: string): Promise<StoredResult | undefined> {
    if (newest?.id === id) return newest;
    if (!(await index()).some((line) => line.id === id)) return undefined;
    const value = (await readJson(world, fileOf(folder, id))) as StoredResult | undefined;
    return value?.id === id ? value : undefined;
  }

  async function forget(contract: string | undefined): Promise<void> {
    const isGone = (line: Line) => contract === undefined || line.contract === contract;
    const before = await index();
    const after = before.filter((line) => !isGone(line));
    if (newest && isGone(newest)) newest = undefined;
    lines = Promise.resolve(after);
    for (const { id } of before.filter(isGone)) await world.remove(fileOf(folder, id));
    if (after.length < before.length) await world.write(indexPath, JSON.stringify(after));
  }

  /** One change after the other. */
  function inTurn<T>(change: () => Promise<T>): Promise<T> {
    const done = writing.then(change);
    writing = done.catch(() => undefined);
    return done;
  }

  return {
    store: (result) => inTurn(() => write(result)),
    forget: (contract) => inTurn(() => forget(contract)),
    load,
    async latest(contract) {
      const found = (await index()).findLast((line) => contract === undefined || line.contract === contract);
      return found && load(found.id);
    },
  };
}

const numberOf = (id: string): number => Number.parseInt(id, 10) || 0;

const fileOf = (folder: string, id: string): string =>
  join(folder, `${String(numberOf(id) % KEPT).padStart(2, '0')}.json`);

const isLine = (value: unknown): value is Line =>
  typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string' && 'contract' in value;

async function readJson(world: World, path: string): Promise<unknown> {
  try {
    return JSON.parse(await world.readText(path));
  } catch {
    return undefined;
  }
}
