import { createHash, randomUUID } from 'node:crypto';
import { basename, dirname, join, relative, sep } from 'node:path';
import { isWithin } from '../paths';
import type { CheckReport, HistoryLimits, PastRun } from '../protocol';
import type { World } from '../world';
import { lineOf, pastRunOf, runIn } from './record';

/** The folder of the workspace that results are kept in, and what keeps it out of Git. */
const FOLDER = '.plumbline';
const IGNORE = `# Written by Plumbline once: results of checks stay on this machine.
# Delete this file, or set plumbline.history.shared, to keep them in Git.
*
`;
/** Two branches that each had runs are merged by keeping the lines of both. */
const ATTRIBUTES = '*.jsonl merge=union\n';

/** What is kept when nobody says otherwise. */
export const defaultLimits: HistoryLimits = { maxDays: 365, maxMegabytes: 5 };

/** How a run is kept. */
export interface Keeping {
  readonly by: PastRun['by'];
  /** Folder of the results where no folder above the contract has any, nor is a repository; the contract's own when left out. */
  readonly base?: string | undefined;
  /** Left out: what the folder was last kept to. */
  readonly limits?: HistoryLimits | undefined;
  /** Whether Git is to have the results. */
  readonly shared?: boolean | undefined;
}

/** A file with runs of one month; a long month has several parts. */
interface Segment {
  readonly path: string;
  /** Months since year 0. */
  readonly month: number;
  readonly part: number;
}

/**
 * Adds a run to the history of its contract, and removes what is too old or too much. Nothing is ever written over: each run
 * is one line at the end of a file, and whole files are removed, so processes do not harm each other's results. A run
 * that cannot be kept is told in the log; one on some of the rows only is not kept, since its figures are not to be compared.
 */
export async function addRun(world: World, report: CheckReport, contract: string, keeping: Keeping): Promise<void> {
  if (report.data.some(({ where }) => where !== undefined)) return;
  try {
    const home = await historyHome(world, contract, keeping.base);
    await prepare(world, home, keeping.shared ?? false);
    const refOf = ({ path, ref }: CheckReport['data'][number]) =>
      path !== '' && isWithin(home, path) ? slashed(relative(home, path)) : ref;
    const run = pastRunOf(report, { id: randomUUID(), by: keeping.by, refOf });
    const limits = await limitsAt(world, home, keeping.limits);
    const folder = folderOf(home, contract);
    await append(world, folder, lineOf(run), partSize(limits));
    await prune(world, folder, limits);
  } catch (error) {
    world.log.warn(
      `This run could not be added to the history: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Whether runs of the contract have a history already, or a place that one was asked for. */
export async function hasHistory(world: World, contract: string, base?: string): Promise<boolean> {
  const home = await historyHome(world, contract, base);
  return (await world.stat(join(home, FOLDER)).catch(() => undefined))?.kind === 'folder';
}

/** More runs than this say no more in a picture. */
const MOST_RUNS = 50;
/** Of a contract with many checks fewer runs are read. */
const MOST_FIGURES = 50_000;

/** The newest runs of a contract's checks, oldest first. Lines that cannot be read are left out, and told once. */
export async function pastRuns(world: World, contract: string, base?: string): Promise<readonly PastRun[]> {
  const home = await historyHome(world, contract, base);
  const { maxDays } = await limitsAt(world, home, undefined);
  const oldest = maxDays > 0 ? world.now().getTime() - maxDays * DAY : Number.NEGATIVE_INFINITY;
  const found = new Map<string, PastRun>();
  for (const { path } of (await segmentsIn(world, folderOf(home, contract))).toReversed()) {
    for (const run of await runsIn(world, path)) if (Date.parse(run.startedAt) >= oldest) found.set(run.id, run);
    if (found.size >= MOST_RUNS) break;
  }
  const inOrder = [...found.values()].sort((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt));
  const checks = Math.max(1, ...inOrder.map((run) => Object.keys(run.checks).length));
  return inOrder.slice(-Math.max(2, Math.min(MOST_RUNS, Math.floor(MOST_FIGURES / checks))));
}

/** Forgets the runs of a contract. Rejects with `Unreadable` when a file of them cannot be removed. */
export async function forgetRuns(world: World, contract: string, base?: string): Promise<void> {
  const home = await historyHome(world, contract, base);
  for (const { path } of await segmentsIn(world, folderOf(home, contract))) await world.remove(path);
}

/** Forgets all runs that are kept in or for a folder of the workspace. Rejects with `Unreadable` when a file cannot be removed. */
export async function forgetAllRuns(world: World, folder: string): Promise<void> {
  const home = await historyHome(world, join(folder, 'contract'), folder);
  const places = [...new Set([home, folder])];
  const here = `${FOLDER}/history/*/*.jsonl`;
  const patterns = [here, `**/${here}`];
  const files = await Promise.all(places.map((place) => world.glob(patterns, place)));
  for (const path of new Set(files.flat())) if (segmentOf(path)) await world.remove(path);
}

/**
 * The folder whose `.plumbline` keeps the runs of a contract: the nearest one above that has one or is a repository's root;
 * else `base` when the contract lies in it, else the contract's own. Editor and command line so find the same.
 */
async function historyHome(world: World, contract: string, base: string | undefined): Promise<string> {
  const own = dirname(contract);
  for (let folder = own; ; folder = dirname(folder)) {
    const stats = await world.many.stat([join(folder, FOLDER), join(folder, '.git')]);
    if (stats[0]?.kind === 'folder' || stats[1]) return folder;
    if (dirname(folder) === folder) break;
  }
  return base !== undefined && isWithin(base, contract) ? base : own;
}

/** What Git is to make of the folder is written when it is made; a person who removes that has decided. */
async function prepare(world: World, home: string, shared: boolean): Promise<void> {
  const folder = join(home, FOLDER);
  const ignore = join(folder, '.gitignore');
  const attributes = join(folder, '.gitattributes');
  const isNew = (await world.stat(folder)) === undefined;
  if (!shared) return isNew ? world.write(ignore, IGNORE) : undefined;
  if ((await world.readText(ignore).catch(() => '')) === IGNORE) await world.remove(ignore);
  if (!(await world.stat(attributes))) await world.write(attributes, ATTRIBUTES);
}

/** The limits stand beside the results, so that the command line keeps to what was set in the editor. */
async function limitsAt(world: World, home: string, set: HistoryLimits | undefined): Promise<HistoryLimits> {
  const path = join(home, FOLDER, 'history', 'limits.json');
  const kept = await world.readText(path).then(readLimits, () => defaultLimits);
  if (!set || (set.maxDays === kept.maxDays && set.maxMegabytes === kept.maxMegabytes)) return kept;
  await world.write(path, `${JSON.stringify(set, undefined, 2)}\n`);
  return set;
}

function readLimits(text: string): HistoryLimits {
  try {
    const given = JSON.parse(text) as Partial<Record<keyof HistoryLimits, unknown>> | null;
    const limit = (key: keyof HistoryLimits) => {
      const value = given?.[key];
      return typeof value === 'number' && value >= 0 ? value : defaultLimits[key];
    };
    return { maxDays: limit('maxDays'), maxMegabytes: limit('maxMegabytes') };
  } catch {
    return defaultLimits;
  }
}

const slashed = (path: string): string => path.split(sep).join('/');

/** Named after the contract for a person, and by its path so that no two contracts share one. */
function folderOf(home: string, contract: string): string {
  const path = slashed(relative(home, contract));
  const name = basename(path)
    .replace(/\.\w+$/, '')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .slice(0, 60);
  return join(home, FOLDER, 'history', `${name}-${createHash('sha256').update(path).digest('hex').slice(0, 8)}`);
}

async function segmentsIn(world: World, folder: string): Promise<readonly Segment[]> {
  const entries = (await world.list(folder)) ?? [];
  return entries
    .flatMap(({ name, kind }) => (kind === 'file' ? (segmentOf(join(folder, name)) ?? []) : []))
    .sort((a, b) => a.month - b.month || a.part - b.part);
}

function segmentOf(path: string): Segment | undefined {
  const [, year, month, part] = /^(\d{4})-(\d\d)(?:\.(\d+))?\.jsonl$/.exec(basename(path)) ?? [];
  if (year === undefined || month === undefined) return undefined;
  return { path, month: Number(year) * 12 + Number(month) - 1, part: Number(part ?? 1) };
}

const MEGABYTE = 1_000_000;
const DAY = 86_400_000;

/** Parts of an eighth, so that what is removed for its size is an eighth at a time. */
const partSize = ({ maxMegabytes }: HistoryLimits): number =>
  (MEGABYTE * (maxMegabytes || defaultLimits.maxMegabytes)) / 8;

async function append(world: World, folder: string, line: string, most: number): Promise<void> {
  const month = world.now().toISOString().slice(0, 7);
  const [year = 0, number = 1] = month.split('-').map(Number);
  const now = year * 12 + number - 1;
  const last = (await segmentsIn(world, folder)).findLast((segment) => segment.month === now);
  const size = last ? ((await world.stat(last.path))?.size ?? 0) : 0;
  const isFull = last !== undefined && size >= most;
  const part = (last?.part ?? 1) + (isFull ? 1 : 0);
  const path = join(folder, part === 1 ? `${month}.jsonl` : `${month}.${part}.jsonl`);
  // What a process that died has left half written ends here.
  const fresh = last && !isFull && !(await endsALine(world, path, size)) ? '\n' : '';
  await world.append(path, fresh + line);
}

async function endsALine(world: World, path: string, size: number): Promise<boolean> {
  if (size === 0) return true;
  for await (const piece of world.stream(path, { start: size - 1, end: size })) return piece[0] === 0x0a;
  return true;
}

/** Removes whole files: those of months that are over for too long, and the oldest beyond the size. */
async function prune(world: World, folder: string, { maxDays, maxMegabytes }: HistoryLimits): Promise<void> {
  const newestFirst = (await segmentsIn(world, folder)).toReversed();
  const stats = await world.many.stat(newestFirst.map(({ path }) => path));
  const oldest = world.now().getTime() - maxDays * DAY;
  let size = 0;
  for (const [index, { path, month }] of newestFirst.entries()) {
    size += stats[index]?.size ?? 0;
    const isOld = maxDays > 0 && Date.UTC(Math.floor(month / 12), (month % 12) + 1) < oldest;
    const isMuch = maxMegabytes > 0 && size > maxMegabytes * MEGABYTE;
    if (index > 0 && (isOld || isMuch)) await world.remove(path);
  }
}

/** Files of which it was told that they hold something that cannot be read. */
const told = new Set<string>();

async function runsIn(world: World, path: string): Promise<readonly PastRun[]> {
  const bytes = await world.read(path).catch(() => new Uint8Array());
  // A text may be cut within a letter.
  const lines = new TextDecoder()
    .decode(bytes)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const found = lines.map(runIn);
  const tell = (what: string) => {
    if (told.has(path)) return;
    told.add(path);
    world.log.warn(`${path} ${what}`);
  };
  if (found.includes('unknown')) tell('has results of another version of Plumbline; they are left out.');
  if (found.includes('torn'))
    tell('has a line that was cut off, as when a program ends while it writes; it is left out.');
  return found.filter((run) => typeof run === 'object');
}
