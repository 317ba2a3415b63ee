import { dirname, join, sep } from 'node:path';
import type { Finding, Location } from '../../../protocol';
import { fileStart } from '../../../text/lines';
import { amount } from '../../../text/words';
import { turnstile } from '../../../turnstile';
import { Unreadable, type World } from '../../../world';
import { findingAt, type Reading } from '../../finding';
import type { Run, RunDetails, Runs, RunTracker } from '../../run';
import { storeMemory } from '../../run-memory';
import { codes } from './codes';
import { historiesIn } from './history';
import { SMALL } from './logged';
import { idIn, type Log, logIn, logPath, type Place, type Prepared, type RunFolder, readRunFolder } from './run-folder';

/** Weights & Biases as it keeps runs on disk; its server is never asked. */
export const wandb: RunTracker = { tracker: 'wandb', codes, stores, read, details };

/** Milliseconds. A run writes the state of its machine every 15 s. */
const STILL_WRITTEN_MS = 120_000;
const AT_ONCE = 16;
const MOST_STORES = 100;

interface Known {
  readonly identity: string;
  readonly folder: RunFolder;
}

/** Runs whose logs are held in memory together. */
const TOGETHER = 200;
/** Fewer runs are read again as quickly as they are looked up. */
const KEPT_FROM = 300;
const onDisk = storeMemory<ReadonlyMap<string, Known>>('wandb-1');

/** Store → folder → what was read of it. Of the stores, those that were read last. */
const known = new Map<string, Map<string, Known>>();

/** Where no store lies: other people's files, and the folders of runs. */
const passed = /^(\.git|\.dvc|\.venv|venv|node_modules|__pycache__|[0-9a-f]{32})$/;
const DEEPEST_STORE = 16;

async function stores(folder: string, world: World): Promise<readonly string[]> {
  const found: string[] = [];
  const seen = new Set<string>();
  const walk = async (place: string, depth: number): Promise<void> => {
    const real = await world.realPath(place);
    if (real === undefined || seen.has(real) || depth > DEEPEST_STORE) return;
    seen.add(real);
    const folders = ((await world.list(place)) ?? []).filter(({ kind }) => kind === 'folder').map(({ name }) => name);
    const runs = folders.filter((name) => idIn(name) !== undefined).map((name) => join(place, name));
    if (await isAnyRun(runs, world)) found.push(place);
    for (const name of folders)
      if (idIn(name) === undefined && !passed.test(name)) await walk(join(place, name), depth + 1);
  };
  await walk(folder, 0);
  return found.sort();
}

/** Whether one of the folders that are called like runs holds a log, or what old versions wrote beside it. */
async function isAnyRun(folders: readonly string[], world: World): Promise<boolean> {
  for (const folder of folders) {
    const names = (await world.list(folder))?.map(({ name }) => name) ?? [];
    if (names.some((name) => /^run-.*\.wandb$/.test(name))) return true;
    if (await world.stat(join(folder, 'files', 'wandb-metadata.json')).catch(() => undefined)) return true;
  }
  return false;
}

async function read(store: string, world: World, signal?: AbortSignal): Promise<Reading<Runs>> {
  const [entries] = await world.many.list([store], signal);
  if (!entries || entries instanceof Unreadable) {
    const message = `${store} may not be opened, or is no folder; check its permissions.`;
    return { found: { runs: [], models: [] }, problems: [findingAt(codes, 'wandb/unreadable', message, store)] };
  }
  const places = placesIn(store, entries);
  const before = await memoryOf(store, places.length, world);
  const after = new Map<string, Known>();
  const folders: RunFolder[] = [];
  let reads = 0;
  for (let at = 0; at < places.length; at += TOGETHER) {
    const some = await current(places.slice(at, at + TOGETHER), { before, after, world, signal });
    folders.push(...some.folders);
    reads += some.reads;
  }
  keep(store, after);
  if (reads >= KEPT_FROM) await onDisk.keep(store, after, world);
  const { latest, resumed } = latestOf(folders);
  const runs = latest.flatMap(({ run }) => run ?? []).toSorted((a, b) => (b.started ?? 0) - (a.started ?? 0));
  return {
    found: { runs, models: [] },
    problems: [...folders.flatMap(({ problems }) => problems), ...movingIn(folders), ...resumed],
  };
}

async function memoryOf(store: string, runs: number, world: World): Promise<Memory['before']> {
  const here = known.get(store);
  if (here) return here;
  return (runs >= KEPT_FROM ? await onDisk.recall(store, world) : undefined) ?? new Map();
}

const placesIn = (store: string, entries: readonly { readonly name: string; readonly kind: string }[]): Place[] =>
  entries.flatMap(({ name, kind }) => {
    const id = kind === 'folder' ? idIn(name) : undefined;
    return id === undefined ? [] : [{ store, folder: store + sep + name, id }];
  });

interface Memory {
  readonly before: ReadonlyMap<string, Known>;
  readonly after: Map<string, Known>;
  readonly world: World;
  readonly signal?: AbortSignal | undefined;
}

/** What is asked of a run before it is known whether it has changed. */
interface Asked {
  readonly place: Place;
  readonly log: Log | Unreadable | undefined;
  readonly identity: string;
}

/** From memory where neither the log nor the files beside it have changed. */
async function current(
  places: readonly Place[],
  { before, after, world, signal }: Memory,
): Promise<{ readonly folders: readonly RunFolder[]; readonly reads: number }> {
  const asked = await askedOf(places, world, signal);
  const fresh = asked.filter(({ place, identity }) => before.get(place.folder)?.identity !== identity);
  const prepared = await preparedFor(fresh, world, signal);
  const turn = turnstile(AT_ONCE);
  const folders = await Promise.all(
    asked.map(({ place, log, identity }) =>
      turn(async () => {
        signal?.throwIfAborted();
        if (log instanceof Unreadable) return unreadable(place, log);
        const same = before.get(place.folder);
        const folder =
          same?.identity === identity
            ? same.folder
            : await readRunFolder(place, log, world, prepared.get(place.folder) ?? { signal });
        after.set(place.folder, { identity, folder });
        return asOfNow(folder, log, world);
      }),
    ),
  );
  return { folders, reads: fresh.length };
}

async function askedOf(places: readonly Place[], world: World, signal?: AbortSignal): Promise<readonly Asked[]> {
  const logs = await world.many.stat(places.map(logPath), signal);
  const files = await world.many.identities(
    places.map(({ folder }) => ({ folder, places: ['files'] })),
    signal,
  );
  const ask = async (place: Place, index: number): Promise<Asked> => {
    const stat = logs[index];
    // A log that is called otherwise, or that may not be looked at, is asked for by itself.
    const log = stat?.kind === 'file' ? { path: logPath(place), stat } : await logOf(place, world);
    const own = log instanceof Unreadable ? undefined : log?.stat.identity;
    return { place, log, identity: `${own} ${files[index]}` };
  };
  return Promise.all(places.map(ask));
}

/** Logs that are small, and what lies beside them, by the folder of the run. What cannot be read is left out, and told by who reads it alone. */
async function preparedFor(
  fresh: readonly Asked[],
  world: World,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, Prepared>> {
  const paths = fresh.map(({ place, log }) => (log && !(log instanceof Unreadable) ? log.path : logPath(place)));
  const read = await world.many.read(paths, { largest: SMALL, signal });
  const lists = await world.many.list(
    fresh.map(({ place }) => `${place.folder}${sep}files`),
    signal,
  );
  return new Map(
    fresh.map(({ place, log }, index) => {
      const [content, list] = [read[index], lists[index]];
      const size = log && !(log instanceof Unreadable) ? log.stat.size : 0;
      const bytes = content instanceof Unreadable ? undefined : content?.bytes?.subarray(0, size);
      const names = new Set(list instanceof Unreadable ? [] : list?.map(({ name }) => name));
      return [place.folder, { bytes, names, signal }] as const;
    }),
  );
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

/**
 * A run that was resumed has a folder each time, whose logs do not repeat what came before. What the last one says counts,
 * with the beginning of the first, and what only earlier ones say.
 */
function latestOf(folders: readonly RunFolder[]): {
  readonly latest: readonly RunFolder[];
  readonly resumed: readonly Finding[];
} {
  const byId = new Map<string, RunFolder[]>();
  for (const folder of folders) {
    if (!folder.run) continue;
    byId.set(folder.run.id, [...(byId.get(folder.run.id) ?? []), folder]);
  }
  const parts = [...byId.values()].map((all) => all.toSorted((a, b) => (stampIn(a) < stampIn(b) ? -1 : 1)));
  return { latest: parts.flatMap(whole), resumed: parts.flatMap(resumedIn) };
}

const stampIn = ({ log }: RunFolder): string => (log === undefined ? '' : stampOf({ folder: dirname(log) }));

function whole(parts: readonly RunFolder[]): readonly RunFolder[] {
  const last = parts.at(-1);
  const runs = parts.flatMap(({ run }) => run ?? []);
  const [first] = runs;
  if (!last?.run || !first || runs.length === 1) return last ? [last] : [];
  const merged = <T>(of: (run: Run) => Readonly<Record<string, T>>) =>
    Object.assign({}, ...runs.map(of)) as Record<string, T>;
  return [
    {
      ...last,
      run: {
        ...last.run,
        started: first.started ?? last.run.started,
        params: merged(({ params }) => params),
        metrics: merged(({ metrics }) => metrics),
        tags: merged(({ tags }) => tags),
        datasets: distinct(runs.flatMap(({ datasets }) => datasets)),
        models: distinct(runs.flatMap(({ models }) => models)),
      },
    },
  ];
}

/** What is the same but for the log that says so stands once. */
const distinct = <T extends { readonly location: Location }>(all: readonly T[]): readonly T[] => [
  ...new Map(all.map((one) => [JSON.stringify({ ...one, location: undefined }), one])).values(),
];

function resumedIn(parts: readonly RunFolder[]): readonly Finding[] {
  const run = parts.at(-1)?.run;
  if (!run || parts.length === 1) return [];
  const message = `Run "${run.id}" was resumed: it has ${amount(parts.length, 'folder')}, which are shown as one run; where they differ, the last one counts.`;
  return [findingAt(codes, 'wandb/resumed', message, run.location.path)];
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

/** Of all folders of a run that was resumed, whose curves go on where the one before ended. */
async function details(store: string, id: string, world: World, signal?: AbortSignal): Promise<RunDetails | undefined> {
  const places = placesIn(store, (await world.list(store)) ?? []).filter((place) => place.id === id);
  const parts: RunDetails[] = [];
  for (const place of places.toSorted((a, b) => (stampOf(a) < stampOf(b) ? -1 : 1))) {
    const part = await detailsIn(place, world, signal);
    if (part) parts.push(part);
  }
  const last = parts.at(-1);
  return last && { ...last, histories: joined(parts), places: Object.assign({}, ...parts.map((part) => part.places)) };
}

async function detailsIn(place: Place, world: World, signal?: AbortSignal): Promise<RunDetails | undefined> {
  const log = await logOf(place, world);
  if (!log || log instanceof Unreadable) return undefined;
  const folder = await readRunFolder(place, log, world, { signal });
  if (!folder.run) return undefined;
  return {
    histories: await historiesIn(log.path, log.stat.size, world, signal),
    places: placesOf(folder.run, folder),
    artifacts: await filesBelow(folder.run.artifacts.path, world, signal),
  };
}

/** A step that two folders have is the later one's. */
function joined(parts: readonly RunDetails[]): RunDetails['histories'] {
  const names = new Set(parts.flatMap(({ histories }) => Object.keys(histories)));
  const curve = (name: string) => {
    const points = new Map(
      parts.flatMap(({ histories }) => (histories[name] ?? []).map((point) => [point.step, point])),
    );
    return [...points.values()].toSorted((a, b) => a.step - b.step);
  };
  return parts.length === 1
    ? (parts[0]?.histories ?? {})
    : Object.fromEntries([...names].map((name) => [name, curve(name)]));
}

const stampOf = ({ folder }: Pick<Place, 'folder'>): string =>
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
