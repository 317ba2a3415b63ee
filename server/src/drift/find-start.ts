import { dirname, isAbsolute, resolve } from 'node:path';
import type { DriftJob, DriftReport, DriftStart, Progress } from '../protocol';
import { outputAt } from '../stores/dvc/outputs';
import { type GitCommit, Unreadable, type World } from '../world';
import { firstOf } from './bisect';

/** What a search is given to look with. */
export interface Finding {
  readonly world: World;
  /** One comparison. */
  readonly run: (job: DriftJob) => Promise<DriftReport>;
  readonly onProgress: (progress: Progress) => void;
}

/** A state of the file: a commit that touched it, or what lies in the work tree without one. */
type Version = GitCommit | 'uncommitted';

/** What the oldest version of the current data is called in place of a reference. */
const OLDEST = 'oldest';

/**
 * The first version of the current data that has drifted from the reference, by halving its history in Git, or in the DVC file that Git keeps in its place: of n versions
 * about log₂ n are compared. The report is that of the first one that drifted, else of the newest. Rejects with
 * `Unreadable` when the file has no history.
 */
export async function findDriftStart(job: DriftJob, { world, run, onProgress }: Finding): Promise<DriftReport> {
  const path = isAbsolute(job.current) ? job.current : resolve(job.folder, job.current);
  const history = await historyOf(path, world);
  const { commits, isChanged } = history;
  const oldest = commits.at(-1);
  if (!oldest) throw new Unreadable(`${path} has no commit yet, so there is no history to look through.`, path);
  const reference = job.reference === OLDEST ? `${path}@${oldest.commit}` : job.reference;
  const after = await commitsAfter(reference, path, history, job.folder, world);
  const versions: readonly Version[] = [...after.toReversed(), ...(isChanged ? (['uncommitted'] as const) : [])];
  if (versions.length === 0)
    throw new Unreadable(`${path} has no version after ${job.reference}, so nothing can have drifted since.`, path);
  const reports = new Map<Version, DriftReport>();
  const steps = Math.ceil(Math.log2(versions.length)) + 1;
  const { first, before, comparisons } = await firstOf(versions, async (version) => {
    onProgress({ share: Math.min(1, reports.size / steps), message: wordsOf(version) });
    const current = version === 'uncommitted' ? path : `${path}@${version.commit}`;
    const report = await run({ ...job, reference, current, segmentBy: undefined, windowBy: undefined });
    reports.set(version, report);
    return report.dataset.drifted;
  });
  const report = reports.get(first ?? versions.at(-1) ?? 'uncommitted');
  if (!report) throw new Unreadable(`No version of ${path} could be compared.`, path);
  return { ...report, start: startOf({ path, versions, first, before, comparisons }) };
}

const wordsOf = (version: Version): string =>
  version === 'uncommitted' ? 'uncommitted changes' : `${version.commit.slice(0, 7)} ${version.subject}`;

interface History {
  readonly root: string;
  /** What Git keeps of the data: the file itself, or the `.dvc` file or `dvc.lock` that records it. */
  readonly record: string;
  /** Commits that touched the record, newest first. */
  readonly touched: readonly GitCommit[];
  /** Those of them that changed the data. */
  readonly commits: readonly GitCommit[];
  readonly isChanged: boolean;
}

async function historyOf(path: string, world: World): Promise<History> {
  const { git } = world;
  if (!git) throw new Unreadable('The history of data needs Git, which does not run in an untrusted workspace.', path);
  const root = await git.root(path);
  if (root === undefined)
    throw new Unreadable(`${dirname(path)} is in no Git repository, so ${path} has no history to look through.`, path);
  const isInGit = (await git.blobs(root, 'HEAD', [path])).has(path);
  const record = (isInGit ? undefined : (await outputAt(path, world))?.record) ?? path;
  const touched = await git.log(root, record);
  const commits = record === path ? touched : await changing(path, root, touched, world);
  const changes = (await git.changes(root)) ?? [];
  const isChanged = changes.some((change) => resolve(root, change.path) === record && change.state !== 'deleted');
  return { root, record, touched, commits, isChanged };
}

/** Commits whose record names other content than the commit before: a `dvc.lock` changes with any of its stages. */
async function changing(
  path: string,
  root: string,
  touched: readonly GitCommit[],
  world: World,
): Promise<readonly GitCommit[]> {
  const outputs = await Promise.all(
    touched.map(({ commit }) => outputAt(path, world, { root, commit, revision: commit })),
  );
  const contents = outputs.map((output) => output?.md5);
  return touched.filter((_, i) => contents[i] !== undefined && contents[i] !== contents[i + 1]);
}

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

function startOf(found: {
  readonly path: string;
  readonly versions: readonly Version[];
  readonly first: Version | undefined;
  readonly before: Version | undefined;
  readonly comparisons: number;
}): DriftStart {
  const { path, versions, first, before, comparisons } = found;
  const commitOf = (version: Version | undefined): DriftStart['first'] => {
    if (version === undefined || version === 'uncommitted') return null;
    const { commit, author, date, subject } = version;
    return { commit, author, date, subject };
  };
  return {
    path,
    drifted: first !== undefined,
    uncommitted: first === 'uncommitted',
    first: commitOf(first),
    before: commitOf(before),
    versions: versions.length,
    comparisons,
  };
}
