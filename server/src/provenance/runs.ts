import { dirname } from 'node:path';
import type { Figure, RunDetailsJob, RunDetailsReport, RunReport } from '../protocol';
import type { Repository } from '../stores/git';
import type { Run, RunDataset } from '../stores/run';
import { members as trackers } from '../stores/trackers';
import { Unreadable, type World } from '../world';
import { shown } from './evidence';

/** A dataset of the report, for runs to be joined to. */
export interface KnownData {
  /** As the report names it. */
  readonly path: string;
  /** Content id as hex, whatever tracker it is from. */
  readonly version: string | undefined;
  /** Whether what lies on disk is of this version; undefined when that is not known. */
  readonly isOnDisk: boolean | undefined;
}

export interface RunContext {
  /** Where paths that people read start. */
  readonly home: string;
  /** Of each commit that runs name: whether the repository has it; undefined when nobody knows. */
  readonly commits: ReadonlyMap<string, boolean | undefined>;
  readonly data: readonly KnownData[];
  /** Of each content id, the place in `data` of the first that has it. */
  readonly places: ReadonlyMap<string, number>;
  /** Path of a model's file, as reports show it, by the folder that it lies in. */
  readonly modelFiles: ReadonlyMap<string, string>;
}

/** Where runs and data are many, the way from an id to its data is looked up and not walked. */
export function placesOf(data: readonly KnownData[]): ReadonlyMap<string, number> {
  const ids = data.flatMap(({ version }, place) => (version === undefined ? [] : [[version, place] as const]));
  // Of two that have an id, the last that is set stays.
  return new Map(ids.reverse());
}

/** Whether the repository has each of the commits. Without Git, or in a shallow clone that lacks one, that is unknown. */
export async function knownCommits(
  { git }: World,
  repository: Repository | undefined,
  runs: readonly Run[],
): Promise<ReadonlyMap<string, boolean | undefined>> {
  if (!git || !repository) return new Map();
  const { root, shallow } = repository;
  const named = [...new Set(runs.flatMap(({ code }) => code.commit ?? []))];
  const there = await git.commits(root, named);
  // A short id may be the beginning of one.
  const found = await Promise.all(
    named.map((commit) => there.has(commit) || (commit.length < 40 && git.commit(root, commit))),
  );
  return new Map(named.map((commit, index) => [commit, found[index] ? true : shallow ? undefined : false]));
}

/** The run as reports show it. */
export function runReport(run: Run, context: RunContext): RunReport {
  const { home, commits } = context;
  const { code } = run;
  return {
    id: run.id,
    tracker: run.tracker,
    store: shown(home, run.store),
    name: run.name ?? null,
    experiment: run.experiment ?? null,
    status: run.status,
    startedAt: timeOf(run.started),
    endedAt: timeOf(run.ended),
    commit: code.commit ?? null,
    commitExists: (code.commit === undefined ? undefined : commits.get(code.commit)) ?? null,
    branch: code.branch ?? null,
    dirty: code.dirty ?? null,
    entrypoint: code.entrypoint ?? null,
    parent: run.parent ?? null,
    user: run.user ?? null,
    params: run.params,
    metrics: Object.fromEntries(Object.entries(run.metrics).map(([name, value]) => [name, figureOf(value)])),
    tags: run.tags,
    datasets: run.datasets.map((dataset) => datasetReport(dataset, run.store, context)),
    models: run.models.map(({ name, version, id, folder }) => {
      const file = context.modelFiles.get(folder ?? '');
      return { name, version: version ?? null, id: id ?? null, ...(file === undefined ? {} : { file }) };
    }),
    environment: run.environment === undefined ? null : shown(home, run.environment),
    image: run.image ?? null,
    artifacts: run.artifacts.path === undefined ? null : shown(home, run.artifacts.path),
    location: run.location,
  };
}

/** Joined by content first, since a path says only where something lay. */
function datasetReport(
  dataset: RunDataset,
  store: string,
  { data, places, home }: RunContext,
): RunReport['datasets'][number] {
  const hashes = new Set([dataset.version, ...dataset.files.map(({ md5 }) => md5)].flatMap((hash) => hash ?? []));
  const first = Math.min(...[...hashes].flatMap((hash) => places.get(hash) ?? []));
  const byHash = data[first];
  const project = shown(home, dirname(store));
  const byPath = byHash ? undefined : data.find(({ path }) => isAt(path, dataset, project));
  const joined = byHash ?? byPath;
  return {
    name: dataset.name,
    role: dataset.role,
    version: dataset.version ?? null,
    algorithm: dataset.algorithm ?? null,
    context: dataset.context ?? null,
    source: dataset.source ?? null,
    path: joined?.path ?? null,
    joinedBy: byHash ? 'hash' : byPath ? 'path' : null,
    current: byHash?.isOnDisk ?? null,
  };
}

/**
 * Trackers write paths from where a program ran, which as a rule is where its store lies, or absolute ones of another
 * machine: their ends are compared.
 */
function isAt(path: string, { source, files }: RunDataset, project: string): boolean {
  const places = [source, ...files.map((file) => file.path)].flatMap((place) => place?.replace(/^file:\/\//, '') ?? []);
  const ends = [path, ...(path.startsWith(`${project}/`) ? [path.slice(project.length + 1)] : [])];
  return places.some((place) => ends.some((end) => place === end || place.endsWith(`/${end}`)));
}

/** What a run's store keeps beside the list. Rejects with `Unreadable` when the run is not there. */
export async function runDetails(
  world: World,
  { tracker, store, id }: RunDetailsJob,
  signal?: AbortSignal,
): Promise<RunDetailsReport> {
  const reader = trackers.find((candidate) => candidate.tracker === tracker);
  const details = await reader?.details(store, id, world, signal);
  if (!details) throw new Unreadable(`${store} has no run ${id} any more.`, store);
  const { histories, places, artifacts } = details;
  return {
    id,
    histories: Object.fromEntries(
      Object.entries(histories).map(([name, points]) => [
        name,
        points.map(({ step, value, time }) => ({ step, value: figureOf(value), time: timeOf(time) })),
      ]),
    ),
    places,
    artifacts,
  };
}

const timeOf = (time: number | undefined): string | null => (time === undefined ? null : new Date(time).toISOString());

const figureOf = (value: number): Figure => (Number.isFinite(value) ? value : (String(value) as Figure));
