import { join, posix } from 'node:path';
import { isWithin } from '../../../paths';
import { Unreadable, type World } from '../../../world';
import type { Run, RunTracker } from '../../run';
import { codes } from './codes';
import { fileDetails, isExperiment, readFileStore } from './file-store';
import { isModelFile, modelFilesIn } from './mlmodel';
import { isProjectFile, projectIn } from './mlproject';
import { databaseDetails, isDatabase, readDatabase } from './sqlite-store';

const isFileStore = async (store: string, world: World): Promise<boolean> =>
  (await world.stat(store).catch(() => undefined))?.kind === 'folder';

/** Runs in file stores of MLflow 2 and 3, and in its SQLite databases. */
export const mlflow: RunTracker = {
  tracker: 'mlflow',
  codes,
  stores: storesBelow,
  read: async (store, world, signal) =>
    (await isFileStore(store, world)) ? readFileStore(store, world, signal) : readDatabase(store, world, signal),
  details: async (store, id, world, signal) =>
    (await isFileStore(store, world))
      ? fileDetails(store, id, world, signal)
      : databaseDetails(store, id, world, signal),
  modelFiles: { matches: isModelFile, read: modelFilesIn },
  projects: { matches: isProjectFile, read: projectIn },
};

/** Where no store lies: other tools' folders, runs and models of a store. */
const passed = /^(\.git|\.dvc|\.hg|\.venv|venv|node_modules|__pycache__|wandb|\.trash|[0-9a-f]{32}|m-[0-9a-f]{32})$/;
const DEEPEST = 8;

async function storesBelow(folder: string, world: World): Promise<readonly string[]> {
  const stores: string[] = [];
  const seen = new Set<string>();
  const walk = async (place: string, depth: number): Promise<void> => {
    const real = await world.realPath(place);
    if (real === undefined || seen.has(real) || depth > DEEPEST) return;
    seen.add(real);
    const entries = (await world.list(place)) ?? [];
    for (const { name, kind } of entries) {
      const path = join(place, name);
      if (kind === 'file' && /\.(db|sqlite3?)$/i.test(name) && (await isDatabase(path, world))) stores.push(path);
    }
    const folders = entries
      .filter(({ name, kind }) => kind === 'folder' && !passed.test(name))
      .map(({ name }) => join(place, name));
    for (const inner of folders) {
      if (!(await isExperiment(inner, world))) continue;
      stores.push(place);
      return;
    }
    for (const inner of folders) await walk(inner, depth + 1);
  };
  await walk(folder, 0);
  return stores.sort();
}

/**
 * Absolute path of an artifact, as `runs:/RUN_ID/path` names it, in the stores at or below a folder. Rejects with `Unreadable`
 * that says which step failed.
 */
export async function artifactPath(runId: string, path: string, folder: string, world: World): Promise<string> {
  const named = `runs:/${runId}/${path}`;
  const no = (reason: string): Unreadable => new Unreadable(`${named} ${reason}`, named);
  const clean = posix.normalize(path);
  if (clean.startsWith('../') || clean === '..' || posix.isAbsolute(clean) || /^[a-z]:|\\/i.test(clean))
    throw no("leads out of the run's artifacts; name a path below them.");
  const stores = await storesBelow(folder, world);
  if (stores.length === 0)
    throw no(`cannot be found: no MLflow store lies at or below ${folder}. Open the folder that has it.`);
  const run = await runWith(runId, stores, world);
  if (!run) throw no(`cannot be found: no run in ${stores.join(', ')} has this id. Check it in: mlflow runs list`);
  const { path: artifacts, recorded } = run.artifacts;
  const found = await existing(
    [...(artifacts === undefined ? [] : [[artifacts, clean] as const]), ...inModels(run, clean)],
    world,
  );
  if (found === 'outside') throw no('is a link that leads out of the artifacts of the run; copy the file there.');
  if (found !== undefined) return found;
  if (artifacts === undefined)
    throw no(
      `is not on this machine: the run keeps its artifacts in ${recorded ?? 'no place'}. Copy them beside its store.`,
    );
  throw no(`does not exist: ${artifacts} has no ${path}.`);
}

/** MLflow 3 keeps the models of a run in folders of their own, and still names them as if they were among its artifacts. */
const inModels = ({ models }: Run, path: string): readonly (readonly [string, string])[] =>
  models.flatMap(({ logged }) => {
    if (!logged || (path !== logged.name && !path.startsWith(`${logged.name}/`))) return [];
    return [[logged.folder, path.slice(logged.name.length + 1)] as const];
  });

/** The first path that is there; `outside` when a link leads it out of its folder. */
async function existing(
  places: readonly (readonly [folder: string, path: string])[],
  world: World,
): Promise<string | undefined> {
  for (const [folder, path] of places) {
    const file = join(folder, path);
    const [real, root] = await Promise.all([world.realPath(file), world.realPath(folder)]);
    if (real === undefined || root === undefined) continue;
    return isWithin(root, real) ? file : 'outside';
  }
  return undefined;
}

async function runWith(id: string, stores: readonly string[], world: World): Promise<Run | undefined> {
  for (const store of stores) {
    const { found } = await mlflow.read(store, world);
    const run = found.runs.find((one) => one.id === id);
    if (run) return run;
  }
  return undefined;
}
