import { isAbsolute, resolve } from 'node:path';
import type { Address } from '../data/address';
import { addressFor } from '../data/dataset';
import { type History, historyOf } from '../data/history';
import type { DriftCommit, DriftJob, DriftReport, DriftStart, Progress } from '../protocol';
import { type GitCommit, Unreadable, type World } from '../world';
import { firstOf } from './bisect';

/** What a search is given to look with. */
export interface Finding {
  readonly world: World;
  /** One comparison. */
  readonly run: (job: DriftJob) => Promise<DriftReport>;
  readonly onProgress: (progress: Progress) => void;
}

/** A state of the data. */
interface Version {
  readonly ref: string;
  /** Null for what no commit has yet. */
  readonly commit: DriftCommit | null;
}

/** Among which versions is looked, and against what. */
interface Search {
  /** The data without a version. */
  readonly path: string;
  readonly reference: string;
  /** Oldest first, at least one. */
  readonly versions: readonly Version[];
}

/** What the oldest version of the current data is called in place of a reference. */
const OLDEST = 'oldest';

/**
 * The first version of the current data that has drifted from the reference, by halving its history in Git, in the DVC file
 * that Git keeps in its place, or where its address has one: of n versions about log₂ n are compared. The report is that of
 * the first one that drifted, else of the newest. Rejects with `Unreadable` when the data have no history.
 */
export async function findDriftStart(job: DriftJob, { world, run, onProgress }: Finding): Promise<DriftReport> {
  const { path, reference, versions } = await searchFor(job, world);
  const reports = new Map<Version, DriftReport>();
  const steps = Math.ceil(Math.log2(versions.length)) + 1;
  const { first, before, comparisons } = await firstOf(versions, async (version) => {
    onProgress({ share: Math.min(1, reports.size / steps), message: wordsOf(version) });
    const report = await run({ ...job, reference, current: version.ref, segmentBy: undefined, windowBy: undefined });
    reports.set(version, report);
    return report.dataset.drifted;
  });
  const newest = versions.at(-1);
  const report = newest && reports.get(first ?? newest);
  if (!report) throw new Unreadable(`No version of ${path} could be compared.`, path);
  const start: DriftStart = {
    path,
    drifted: first !== undefined,
    uncommitted: first?.commit === null,
    first: first?.commit ?? null,
    before: before?.commit ?? null,
    versions: versions.length,
    comparisons,
  };
  return { ...report, start };
}

async function searchFor(job: DriftJob, world: World): Promise<Search> {
  const address = addressFor(job.current);
  const search = address ? await searchAt(address, job, world) : await searchInGit(job, world);
  if (search.versions.length > 0) return search;
  throw new Unreadable(
    `${search.path} has no version after ${job.reference}, so nothing can have drifted since.`,
    search.path,
  );
}

async function searchInGit(job: DriftJob, world: World): Promise<Search> {
  const path = isAbsolute(job.current) ? job.current : resolve(job.folder, job.current);
  const history = await historyOf(path, world);
  const { commits, isChanged } = history;
  const oldest = commits.at(-1);
  if (!oldest) throw new Unreadable(`${path} has no commit yet, so there is no history to look through.`, path);
  const reference = job.reference === OLDEST ? `${path}@${oldest.commit}` : job.reference;
  const after = await commitsAfter(reference, path, history, job.folder, world);
  const versions = after.toReversed().map((commit) => ({ ref: `${path}@${commit.commit}`, commit: commitOf(commit) }));
  return { path, reference, versions: [...versions, ...(isChanged ? [{ ref: path, commit: null }] : [])] };
}

async function searchAt(address: Address, job: DriftJob, world: World): Promise<Search> {
  const { current, folder } = job;
  const context = { folder, world };
  const found = await address.versions?.(current, context);
  if (!found)
    throw new Unreadable(`${current} has no history to look through. Name data in Git, DVC or lakeFS.`, current);
  const oldest = found.at(-1);
  if (!oldest) throw new Unreadable(`${current} has no commit yet, so there is no history to look through.`, current);
  const reference = job.reference === OLDEST ? oldest.ref : job.reference;
  const since = address.isSame?.(reference, current) ? await address.lastChange?.(reference, context) : undefined;
  const place = found.findIndex(({ commit }) => commit === since);
  const newer = place < 0 ? found : found.slice(0, place);
  const versions = newer.toReversed().map((version) => ({ ref: version.ref, commit: commitOf(version) }));
  return { path: current, reference, versions };
}

const commitOf = ({ commit, author, date, subject }: DriftCommit): DriftCommit => ({ commit, author, date, subject });

const wordsOf = ({ commit }: Version): string =>
  commit ? `${commit.commit.slice(0, 7)} ${commit.subject}` : 'uncommitted changes';

/** Of a reference that is the same file at a revision, only what came after it; else the whole history. Newest first. */
async function commitsAfter(
  reference: string,
  path: string,
  { root, record, touched, commits }: History,
  folder: string,
  world: World,
): Promise<readonly GitCommit[]> {
  const [, file, revision] = /^(.+)@([^@]+)$/.exec(reference) ?? [];
  if (file === undefined || revision === undefined || resolve(folder, file) !== path) return commits;
  const found = await world.git?.lastCommit(root, record, revision);
  const place = touched.findIndex(({ commit }) => commit === found?.commit);
  if (place < 0) return commits;
  const newer = new Set(touched.slice(0, place));
  return commits.filter((commit) => newer.has(commit));
}
