import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { TOOL } from '../tool';
import type { World } from '../world';

/** What was read of a large store, kept between processes. */
export interface StoreMemory<T> {
  /** Undefined when nothing is kept, or by another version of Plumbline. */
  recall(store: string, world: World): Promise<T | undefined>;
  /** Never rejects: what cannot be kept is read again. */
  keep(store: string, value: T, world: World): Promise<void>;
}

/** Files that are kept; those of stores that nobody has looked at for longest go. */
const MOST_FILES = 50;

/** @param format Name of a tracker's format, with a number that changes with what it keeps. */
export function storeMemory<T extends object>(format: string): StoreMemory<T> {
  const folderOf = (world: World): string => join(world.places.storage, 'stores');
  const fileOf = (store: string, world: World): string => {
    const name = createHash('sha256').update(`${format}\n${TOOL.version}\n${store}`).digest('hex').slice(0, 32);
    return join(folderOf(world), `${name}.bin`);
  };
  return {
    recall: async (store, world) => {
      const bytes = await world.read(fileOf(store, world)).catch(() => undefined);
      try {
        const kept: { readonly store: string; readonly value: T } | undefined = bytes && deserialize(bytes);
        return kept?.store === store ? kept.value : undefined;
      } catch {
        return undefined;
      }
    },
    keep: async (store, value, world) => {
      try {
        await world.write(fileOf(store, world), serialize({ store, value }));
        await makeRoom(folderOf(world), world);
      } catch (error) {
        world.log.debug(`What was read of ${store} is not kept: ${error instanceof Error ? error.message : error}`);
      }
    },
  };
}

async function makeRoom(folder: string, world: World): Promise<void> {
  const entries = (await world.list(folder)) ?? [];
  if (entries.length <= MOST_FILES) return;
  const paths = entries.filter(({ name }) => name.endsWith('.bin')).map(({ name }) => join(folder, name));
  const stats = await world.many.stat(paths);
  const byAge = paths
    .map((path, index) => ({ path, modified: stats[index]?.modified ?? 0 }))
    .sort((a, b) => a.modified - b.modified);
  for (const { path } of byAge.slice(0, -MOST_FILES)) await world.remove(path);
}
