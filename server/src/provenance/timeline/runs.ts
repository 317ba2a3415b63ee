import { members as trackers } from '../../stores/trackers';
import type { World } from '../../world';
import type { DatasetVersion } from './history';

/** Ids of the runs, newest first, that had a content, by each id that a run may know the content by. */
export type RunsByContent = ReadonlyMap<string, readonly string[]>;

/** Of all runs at or below the folder. What cannot be read of a store is told by its own report. */
export async function runsByContent(world: World, folder: string, signal: AbortSignal): Promise<RunsByContent> {
  const read = await Promise.all(
    trackers.map(async (tracker) => {
      const stores = await tracker.stores(folder, world);
      return Promise.all(stores.map((store) => tracker.read(store, world, signal)));
    }),
  );
  const runs = read.flat().flatMap(({ found }) => found.runs);
  const found = new Map<string, string[]>();
  for (const { id, datasets } of runs.sort((a, b) => (b.started ?? 0) - (a.started ?? 0))) {
    const contents = datasets.flatMap(({ version, source, files }) => [
      version,
      source,
      ...files.flatMap(({ md5, reference }) => [md5, reference]),
    ]);
    for (const content of new Set(contents)) {
      if (content === undefined) continue;
      const ids = found.get(content);
      if (ids) ids.push(id);
      else found.set(content, [id]);
    }
  }
  return found;
}

/** Runs that had this version: by its id, by the md5 of its bytes, or by the address that names its commit. */
export function runsOf(version: DatasetVersion, md5: string | undefined, runs: RunsByContent): readonly string[] {
  // A path names whatever lies there; an address of lakeFS has the commit in it.
  const address = version.tracker === 'lakefs' ? version.ref : undefined;
  const contents = [version.version, md5, address].flatMap((content) => content ?? []);
  return [...new Set(contents.flatMap((content) => runs.get(content) ?? []))];
}
