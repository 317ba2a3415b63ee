import { basename, dirname } from 'node:path';
import type { DatasetStatus, ProvenanceReport, RunReport } from '../protocol';
import type { DataState } from '../stores/data-state';
import { type Repository, repositoryOf, type Tracked, trackedBy } from '../stores/git';
import { TOOL } from '../tool';
import { Unreadable, type World } from '../world';
import { claimEvidence } from './claim-evidence';
import { claimsOf } from './claims/claims';
import { type Evidence, type State, shown } from './evidence';
import { findingsOf } from './findings';
import { type Inventory, type Item, inventoryOf } from './inventory';
import { findingsOfModels } from './model-findings';
import { lockReport, modelContext, modelFileReport, modelReport, projectReport } from './models';
import { modelFilesOf, reportOfRun } from './of-run';
import { findingsOfRuns } from './run-findings';
import { type KnownData, knownCommits, placesOf, runReport } from './runs';
import { type Survey, surveyOf } from './survey';
import { trackerOf, versionOf } from './versions';

/** What a report says beside code and files. */
type Body = Pick<
  ProvenanceReport,
  'datasets' | 'runs' | 'models' | 'modelFiles' | 'projects' | 'environment' | 'findings'
>;

/**
 * Which versions of code, data and environment stand behind a file, a folder or a run, and what is in the way of knowing
 * it. A folder has all that is below it; a file has what concerns it in its repository; a run, by its id, the beginning of
 * it or its name, what it used and made.
 *
 * @param target Absolute path; of a run the folder to look in, with the run in place of a file's name. Rejects with
 *   `Unreadable` when nothing is there, and when the signal is aborted.
 */
export async function provenanceOf(world: World, target: string, signal?: AbortSignal): Promise<ProvenanceReport> {
  return (await world.stat(target)) ? ofPath(world, target, signal) : ofRun(world, target, signal);
}

/** The folder's report, narrowed to one run. */
async function ofRun(world: World, target: string, signal: AbortSignal | undefined): Promise<ProvenanceReport> {
  const folder = dirname(target);
  const whole = (await world.stat(folder))?.kind === 'folder' ? await ofPath(world, folder, signal) : undefined;
  const run = whole && runNamed(whole.runs, basename(target));
  if (!whole || !run)
    throw new Unreadable(`${target} does not exist, and no run is called so; check the spelling.`, target);
  return { ...reportOfRun(whole, run), target };
}

/** Letters of an id that are enough to name a run, as Git takes them for commits. */
const SHORTEST_ID = 4;

/** Undefined when none or more than one is called so. */
function runNamed(runs: readonly RunReport[], word: string): RunReport | undefined {
  const exact = runs.find(({ id }) => id === word);
  const alike = runs.filter(({ id, name }) => name === word || (word.length >= SHORTEST_ID && id.startsWith(word)));
  return exact ?? (alike.length === 1 ? alike[0] : undefined);
}

async function ofPath(world: World, target: string, signal: AbortSignal | undefined): Promise<ProvenanceReport> {
  const inventory = await inventoryOf(world, target);
  const isFolder = (await world.stat(target))?.kind === 'folder';
  const repository = await repositoryOf(world, target);
  const home = repository?.root ?? (isFolder ? target : dirname(target));
  const survey = await surveyOf(world, isFolder ? target : home, signal);
  const states = await statesOf(world, inventory, survey);
  const commits = await knownCommits(world, repository, survey.runs);
  const claims = await claimsIn(world, { home, inventory, survey }, signal);
  const evidence = { target, home, repository, states, inventory, survey, commits, claims };
  const body = await bodyOf(world, evidence);
  return {
    schemaVersion: 1,
    tool: TOOL,
    verb: 'provenance',
    target,
    code: codeOf(repository),
    ...(isFolder ? body : concerning(body, evidence)),
    ...(claims.has(target) ? { claims: claims.get(target) } : {}),
    files: states.map(({ item, state, tracked }) => {
      const version = versionOf(state, item.role);
      return tracked ? { ...version, tracker: tracked.tracker, status: tracked.status } : version;
    }),
  };
}

/** What each manifest of the target says, held against what is there. */
async function claimsIn(
  world: World,
  { home, inventory, survey }: Pick<Evidence, 'home' | 'inventory' | 'survey'>,
  signal: AbortSignal | undefined,
): Promise<Evidence['claims']> {
  const evidence = claimEvidence(world, home, survey, signal);
  const held = inventory.manifests.map(
    async ({ path, manifest }) => [path, await claimsOf(manifest, path, evidence)] as const,
  );
  return new Map(await Promise.all(held));
}

async function bodyOf(world: World, evidence: Evidence): Promise<Body> {
  const { home, survey, states, commits } = evidence;
  const plain = states.filter(isPlainData);
  const data = [
    ...survey.data.map((state) => knownData(state, home)),
    // No tracker of runs names the content of a file as Git does, so those are known by their paths.
    ...plain.map(({ item }) => ({ path: shown(home, item.path), version: undefined, isOnDisk: undefined })),
  ];
  const models = modelContext(home, survey);
  const context = { home, commits, data, places: placesOf(data), modelFiles: models.files };
  const runs = survey.runs.map((run) => runReport(run, context));
  return {
    datasets: [
      ...survey.data.map((state) => trackedReport(state, evidence)),
      ...plain.map(({ item, state }) => plainReport(item, state, home)),
    ],
    runs,
    models: survey.models.map((model) => modelReport(model, models)),
    ...(survey.modelFiles.length > 0
      ? { modelFiles: survey.modelFiles.map((model) => modelFileReport(model, models)) }
      : {}),
    ...(survey.projects.length > 0 ? { projects: survey.projects.map((project) => projectReport(project, home)) } : {}),
    environment: {
      lockFiles: survey.locks.map((lock) => lockReport(lock, home)),
      images: survey.images.map(({ path, image, digest, location }) => ({
        path: shown(home, path),
        image,
        digest: digest ?? null,
        location,
      })),
      notebooks: survey.notebooks.map(({ path, kernel, language, version, libraries }) => ({
        path: shown(home, path),
        kernel: kernel ?? null,
        language: language ?? null,
        version: version ?? null,
        libraries: libraries.map((library) => ({ name: library.name, version: library.version ?? null })),
      })),
    },
    findings: [
      ...findingsOf(world, evidence),
      ...(await findingsOfRuns(world, evidence)),
      ...(await findingsOfModels(world, evidence, runs)),
    ],
  };
}

/** Of all that a repository holds, what has to do with the files of one target. */
function concerning(body: Body, { home, inventory, states }: Evidence): Body {
  const paths = new Set(states.filter(({ item }) => item.role === 'data').map(({ item }) => shown(home, item.path)));
  const runs = body.runs.filter(({ datasets }) => datasets.some(({ path }) => path !== null && paths.has(path)));
  const ids = new Set(runs.map(({ id }) => id));
  const files = new Set(inventory.items.map(({ path }) => path));
  return {
    datasets: body.datasets.filter(({ path }) => paths.has(path)),
    runs,
    models: body.models.filter(({ run }) => run !== null && ids.has(run)),
    ...modelFilesOf(body, ids),
    ...(body.projects ? { projects: body.projects } : {}),
    environment: body.environment,
    findings: body.findings.filter(({ location }) => location === null || files.has(location.path)),
  };
}

/** Data that a tracker keeps are told by it; what Git says of them is the history of the tracker's record. */
async function statesOf(world: World, { items }: Inventory, { data }: Survey): Promise<readonly State[]> {
  const byPath = new Map(data.map((state) => [state.path, state]));
  const tracked = items.map((item) => (item.role === 'data' ? byPath.get(item.path) : undefined));
  const git = await trackedBy(
    world,
    items.map(({ path }, index) => ({ path: tracked[index]?.record.path ?? path })),
  );
  return items.map((item, index) => {
    const state = git[index] ?? unknown(item.path);
    return { item, state: { ...state, path: item.path }, tracked: tracked[index] };
  });
}

const isPlainData = ({ item, tracked }: State): boolean => item.role === 'data' && tracked === undefined;

const unknown = (path: string): Tracked => ({
  path,
  repository: undefined,
  status: 'unknown',
  commit: undefined,
  blob: undefined,
  size: undefined,
});

/** Untracked files alone make no tree dirty, as `git describe --dirty` has it. */
function codeOf(repository: Repository | undefined): ProvenanceReport['code'] {
  const changed = repository?.changes?.filter(({ state }) => state !== 'untracked').map(({ path }) => path);
  return {
    commit: repository?.head?.commit ?? null,
    branch: repository?.head?.branch ?? null,
    tag: repository?.head?.tag ?? null,
    dirty: changed && repository?.head ? changed.length > 0 : null,
    changed: changed ?? [],
    remote: repository?.remote ?? null,
  };
}

/** A dataset of a tracker of its own. */
function trackedReport(state: DataState, { home, states }: Evidence): ProvenanceReport['datasets'][number] {
  const { path, tracker, version, algorithm, size, status } = state;
  const named = states.find(({ tracked }) => tracked === state);
  return {
    path: shown(home, path),
    tracker,
    version: version ?? null,
    algorithm: algorithm ?? null,
    sizeBytes: size ?? null,
    status,
    commit: named?.state.commit?.commit ?? null,
    contract: named?.item.contract === undefined ? null : shown(home, named.item.contract),
  };
}

/** A pointer and a cache that lacks the version say nothing of another content. */
const onDisk: Partial<Readonly<Record<DatasetStatus, boolean>>> = {
  unchanged: true,
  modified: false,
  missing: false,
  pointer: false,
};

const knownData = ({ path, version, status }: DataState, home: string): KnownData => ({
  path: shown(home, path),
  version,
  isOnDisk: onDisk[status],
});

/** The version of a dataset is the id of its content at HEAD, and the commit the last one that changed it. */
function plainReport(item: Item, state: Tracked, home: string): ProvenanceReport['datasets'][number] {
  return {
    path: shown(home, item.path),
    tracker: trackerOf(state),
    version: state.blob ?? null,
    algorithm: state.blob === undefined ? null : state.blob.length === 64 ? 'sha256' : 'sha1',
    sizeBytes: state.size ?? null,
    status: state.status,
    commit: state.commit?.commit ?? null,
    contract: item.contract === undefined ? null : shown(home, item.contract),
  };
}
