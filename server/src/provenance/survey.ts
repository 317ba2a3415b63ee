import { basename, dirname, join } from 'node:path';
import type { Finding } from '../protocol';
import type { DataState } from '../stores/data-state';
import { members as dataTrackers } from '../stores/data-trackers';
import type { ImageUse, LockFile } from '../stores/environment';
import type { Codes, Reading } from '../stores/finding';
import { members as imageFormats } from '../stores/images';
import { members as lockFormats } from '../stores/locks';
import { type Notebook, notebookCodes, readNotebook } from '../stores/notebook';
import type { ModelFile, ModelVersion, Project, Run, Runs } from '../stores/run';
import { members as trackers } from '../stores/trackers';
import type { World } from '../world';
import { oneLook } from './one-look';

/** What a folder holds beside code and contracts: data that are tracked, runs with their models, and what they stand on. */
export interface Survey {
  readonly data: readonly DataState[];
  /** Newest first. */
  readonly runs: readonly Run[];
  readonly models: readonly ModelVersion[];
  /** Those of the newest runs first. */
  readonly modelFiles: readonly ModelFile[];
  readonly projects: readonly Project[];
  readonly locks: readonly LockFile[];
  readonly images: readonly ImageUse[];
  readonly notebooks: readonly Notebook[];
  /** What could not be read, or is told of what was. */
  readonly problems: readonly Finding[];
}

/** Every code that a reader of a tracker, a lock file or an image can tell: a line of the reference each. */
export const storeCodes: Codes = Object.assign(
  { ...notebookCodes },
  ...[...dataTrackers, ...trackers, ...lockFormats, ...imageFormats].map(({ codes }) => codes),
);

/** Files that a search looks at, so that a folder such as `/` ends too. */
const MOST_FILES = 200_000;

/** Notebooks hold images in their outputs; reading all of a course's would hold up the rest. */
const MOST_NOTEBOOKS = 1000;

/** Folders that hold other people's files, or a tracker's own. */
const foreign = new Set([
  'node_modules',
  '.git',
  '.dvc',
  '.venv',
  'venv',
  '.tox',
  '.pixi',
  '__pycache__',
  'site-packages',
  'mlruns',
  'mlartifacts',
  'wandb',
]);

/** Everything at and below the folder. Rejects only when the signal is aborted. */
export async function surveyOf(world: World, folder: string, signal?: AbortSignal): Promise<Survey> {
  const look = oneLook(world);
  const [stores, data, files] = await Promise.all([
    storesBelow(look, folder).then((found) => storesIn(world, found, signal)),
    Promise.all(dataTrackers.map((tracker) => tracker.states(folder, { ...world, glob: look.glob }, signal))),
    filesBelow(look, folder, signal),
  ]);
  const formats = <F extends { matches(path: string): boolean }>(all: readonly F[]) =>
    files.flatMap((path) => all.filter((format) => format.matches(path)).map((format) => ({ path, format })));
  const notebookPaths = files.filter((path) => path.endsWith('.ipynb')).slice(0, MOST_NOTEBOOKS);
  const [modelFiles, projects, locks, images, notebooks] = await Promise.all([
    modelFilesOf(world, { stores: stores.map(({ found }) => found), files }, signal),
    Promise.all(projectsOf(files).map(({ path, read }) => read(path, world))),
    Promise.all(formats(lockFormats).map(({ path, format }) => format.read(path, world))),
    Promise.all(formats(imageFormats).map(({ path, format }) => format.read(path, world))),
    Promise.all(notebookPaths.map((path) => readNotebook(path, world))),
  ]);
  const readings: readonly Reading<unknown>[] = [
    ...data,
    ...stores,
    ...modelFiles,
    ...projects,
    ...locks,
    ...images,
    ...notebooks,
  ];
  return {
    data: data.flatMap(({ found }) => found),
    runs: stores.flatMap(({ found }) => found.runs).sort((a, b) => timeOf(b) - timeOf(a)),
    models: stores.flatMap(({ found }) => found.models),
    modelFiles: modelFiles.flatMap(({ found }) => found),
    projects: projects.flatMap(({ found }) => found ?? []),
    locks: locks.map(({ found }) => found),
    images: images.flatMap(({ found }) => found),
    notebooks: notebooks.map(({ found }) => found),
    problems: readings.flatMap(({ problems }) => problems),
  };
}

interface Places {
  readonly stores: readonly Runs[];
  /** Files of the folder that no store holds. */
  readonly files: readonly string[];
}

/** In the stores, and saved elsewhere in the folder. */
function modelFilesOf(
  world: World,
  { stores, files }: Places,
  signal: AbortSignal | undefined,
): Promise<readonly Reading<readonly ModelFile[]>[]> {
  const kept = stores.flatMap(({ modelFolders = [] }) => modelFolders);
  const readers = trackers.flatMap(({ modelFiles }) => modelFiles ?? []);
  return Promise.all(
    readers.map(({ matches, read }) =>
      read([...kept, ...files.filter(matches).map((path) => dirname(path))], world, signal),
    ),
  );
}

const projectsOf = (files: readonly string[]) =>
  trackers
    .flatMap(({ projects }) => projects ?? [])
    .flatMap(({ matches, read }) => files.filter(matches).map((path) => ({ path, read })));

/** An experiment of DVC is known by when it ended. */
const timeOf = ({ started, ended }: Run): number => started ?? ended ?? 0;

type Store = readonly [tracker: (typeof trackers)[number], path: string];

async function storesBelow(world: World, folder: string): Promise<readonly Store[]> {
  const found = trackers.map(async (tracker) => {
    const paths = await tracker.stores(folder, world);
    return paths.map((path): Store => [tracker, path]);
  });
  return (await Promise.all(found)).flat();
}

const storesIn = (world: World, stores: readonly Store[], signal: AbortSignal | undefined) =>
  Promise.all(stores.map(([tracker, path]) => tracker.read(path, world, signal)));

/** Absolute paths, folders of other people's files left out; a folder that a link leads back to is read once. */
async function filesBelow(world: World, folder: string, signal?: AbortSignal): Promise<readonly string[]> {
  const files: string[] = [];
  const seen = new Set<string>();
  const open = [folder];
  for (let here = open.shift(); here !== undefined && files.length < MOST_FILES; here = open.shift()) {
    signal?.throwIfAborted();
    const real = (await world.realPath(here)) ?? here;
    if (seen.has(real)) continue;
    seen.add(real);
    for (const { name, kind } of (await world.list(here)) ?? []) {
      if (kind === 'file') files.push(join(here, name));
      if (kind === 'folder' && !foreign.has(basename(name))) open.push(join(here, name));
    }
  }
  return files;
}
