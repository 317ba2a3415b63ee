import { dirname, join } from 'node:path';
import type { Finding, Location } from '../../../protocol';
import { fileStart } from '../../../text/lines';
import { amount } from '../../../text/words';
import { turnstile } from '../../../turnstile';
import { Unreadable, type World } from '../../../world';
import { findingAt, type Reading } from '../../finding';
import type { Run, RunDetails, Runs, RunTracker } from '../../run';
import { codes } from './codes';
import { historiesIn } from './history';
import { idIn, type Log, logIn, type Place, type RunFolder, readRunFolder } from './run-folder';

/** Weights & Biases as it keeps runs on disk; its server is never asked. */
export const wandb: RunTracker = { tracker: 'wandb', codes, stores, read, details };

const markers = ['run-*.wandb', 'files/wandb-metadata.json'];
const patterns = ['**', '**/.wandb'].flatMap((above) =>
  markers.map((marker) => `${above}/{run,offline-run}-*-*/${marker}`),
);

/** Milliseconds. A run writes the state of its machine every 15 s. */
const STILL_WRITTEN_MS = 120_000;
const AT_ONCE = 16;
const MOST_STORES = 100;

interface Known {
  readonly identity: string;
  readonly folder: RunFolder;
}

/** Store → folder → what was read of it. Of the stores, those that were read last. */
const known = new Map<string, Map<string, Known>>();

async function stores(folder: string, world: World): Promise<readonly string[]> {
  const files = await world.glob(patterns, folder);
  const folders = files.map((file) => {
    const above = dirname(file);
    return dirname(idIn(above.slice(dirname(above).length + 1)) === undefined ? dirname(above) : above);
  });
  return [...new Set(folders)].sort();
}

async function read(store: string, world: World, signal?: AbortSignal): Promise<Reading<Runs>> {
  const entries = await world.list(store);
  if (!entries) {
    const message = `${store} may not be opened, or is no folder; check its permissions.`;
    return { found: { runs: [], models: [] }, problems: [findingAt(codes, 'wandb/unreadable', message, store)] };
  }
  const before = known.get(store) ?? new Map<string, Known>();
  const after = new Map<string, Known>();
  const turn = turnstile(AT_ONCE);
  const folders = await Promise.all(
    placesIn(store, entries).map((place) =>
      turn(async () => {
        signal?.throwIfAborted();
        return current(place, { before, after, world, signal });
      }),
    ),
  );
  keep(store, after);
  const runs = folders.flatMap(({ run }) => run ?? []).toSorted((a, b) => (b.started ?? 0) - (a.started ?? 0));
  return {
    found: { runs, models: [] },
    problems: [...folders.flatMap(({ problems }) => problems), ...movingIn(folders)],
  };
}

const placesIn = (store: string, entries: readonly { readonly name: string; readonly kind: string }[]): Place[] =>
  entries.flatMap(({ name, kind }) => {
    const id = kind === 'folder' ? idIn(name) : undefined;
    return id === undefined ? [] : [{ store, folder: join(store, name), id }];
  });

interface Memory {
  readonly before: ReadonlyMap<string, Known>;
  readonly after: Map<string, Known>;
  readonly world: World;
  readonly signal?: AbortSignal | undefined;
}

/** From memory when neither the log nor the files beside it have changed. */
async function current(place: Place, { before, after, world, signal }: Memory): Promise<RunFolder> {
  const log = await logOf(place, world);
  if (log instanceof Unreadable) return unreadable(place, log);
  const files = await world.stat(join(place.folder, 'files')).catch(() => undefined);
  const identity = `${log?.stat.identity} ${files?.identity}`;
  const same = before.get(place.folder);
  const folder = same?.identity === identity ? same.folder : await readRunFolder(place, log, world, signal);
  after.set(place.folder, { identity, folder });
  return asOfNow(folder, log, world);
}

const logOf = (place: Place, world: World): Promise<Log | Unreadable | undefined> =>
  logIn(place.folder, place.id, world).catch((error: unknown) => {
    if (error instanceof Unreadable) return error;
    throw error;
  });

const unreadable = ({ folder }: Place, { message }: Unreadable): RunFolder => ({
  run: undefined,
  log: undefined,
  ended: true,
  problems: [findingAt(codes, 'wandb/unreadable', message, folder)],
  unfinished: [],
  moving: [],
  params: {},
});

/** A log without an end that was written to just now is a running run, and no damage. */
function asOfNow(folder: RunFolder, log: Log | undefined, world: World): RunFolder {
  const isWritten = log !== undefined && world.now().getTime() - log.stat.modified < STILL_WRITTEN_MS;
  if (!folder.ended && isWritten && folder.run) return { ...folder, run: { ...folder.run, status: 'running' } };
  return { ...folder, problems: [...folder.problems, ...folder.unfinished] };
}

/** Runs log the same artifact again and again; an address that moves is told once, with the number of its runs. */
function movingIn(folders: readonly RunFolder[]): readonly Finding[] {
  const uses = new Map<string, { artifact: string; address: string; runs: Run[] }>();
  for (const { run, moving } of folders) {
    if (!run) continue;
    for (const { artifact, address } of moving) {
      const key = JSON.stringify([artifact, address]);
      const use = uses.get(key) ?? { artifact, address, runs: [] };
      use.runs.push(run);
      uses.set(key, use);
    }
  }
  return [...uses.values()].map(({ artifact, address, runs }) => {
    const last = runs.at(-1)?.location.path ?? null;
    const message = `Artifact "${artifact}" of ${amount(runs.length, 'run')} refers to ${address}, ${whyMoving(address)}, and its digest is this address itself: nothing pins its content.`;
    return findingAt(codes, 'wandb/reference-moves', `${message} ${mendOf(address)}`, last);
  });
}

const whyMoving = (address: string): string =>
  address.startsWith('lakefs://') ? 'which names no commit' : 'which names no version';

function mendOf(address: string): string {
  const [, repository, path] = /^lakefs:\/\/([^/]+)\/[^/]+(\/.*)?$/.exec(address) ?? [];
  return repository
    ? `Refer to lakefs://${repository}/COMMIT${path ?? '/'} instead.`
    : 'Refer to an address that names a version instead, or add the file itself.';
}

function keep(store: string, folders: Map<string, Known>): void {
  known.delete(store);
  known.set(store, folders);
  const [oldest] = known.keys();
  if (known.size > MOST_STORES && oldest !== undefined) known.delete(oldest);
}

/** A run that was resumed has several folders of one id; the last is shown. */
async function details(store: string, id: string, world: World, signal?: AbortSignal): Promise<RunDetails | undefined> {
  const places = placesIn(store, (await world.list(store)) ?? []).filter((place) => place.id === id);
  const place = places.toSorted((a, b) => (stampOf(a) < stampOf(b) ? -1 : 1)).at(-1);
  const log = place && (await logOf(place, world));
  if (!log || log instanceof Unreadable) return undefined;
  const folder = await readRunFolder(place, log, world, signal);
  if (!folder.run) return undefined;
  return {
    histories: await historiesIn(log.path, log.stat.size, world, signal),
    places: placesOf(folder.run, folder),
    artifacts: await filesBelow(folder.run.artifacts.path, world, signal),
  };
}

const stampOf = ({ folder }: Place): string =>
  /run-(\d{8}_\d{6})-/.exec(folder.slice(dirname(folder).length))?.[1] ?? '';

/** A log is no text: what it says stands at its start. */
function placesOf(run: Run, { params }: RunFolder): Readonly<Record<string, Location>> {
  const log = { path: run.location.path, range: fileStart };
  return Object.fromEntries([
    ...Object.keys(run.params).map((name) => [`params/${name}`, params[name] ?? log] as const),
    ...Object.keys(run.metrics).map((name) => [`metrics/${name}`, log] as const),
  ]);
}

const MOST_FILES = 10_000;
const DEEPEST = 20;

/** Links that lead back to where they are end at the depth. */
async function filesBelow(root: string | undefined, world: World, signal?: AbortSignal): Promise<readonly string[]> {
  const files: string[] = [];
  const walk = async (folder: string, before: string, depth: number): Promise<void> => {
    signal?.throwIfAborted();
    for (const { name, kind } of (await world.list(folder)) ?? []) {
      if (files.length >= MOST_FILES) return;
      if (kind === 'file') files.push(before + name);
      if (kind === 'folder' && depth < DEEPEST) await walk(join(folder, name), `${before}${name}/`, depth + 1);
    }
  };
  if (root) await walk(root, '', 0);
  return files;
}
