import { dirname } from 'node:path';
import type { FileVersion, ProvenanceReport, Tracker } from '../protocol';
import { type Repository, repositoryOf, type Tracked, trackedBy } from '../stores/git';
import { TOOL } from '../tool';
import type { World } from '../world';
import { shown } from './evidence';
import { findingsOf } from './findings';
import { type Item, inventoryOf } from './inventory';

/** A file whose version is asked for, absolute, and what it is to whoever asks. */
export interface NamedFile {
  readonly path: string;
  readonly role: FileVersion['role'];
}

/** The version of each file, in their order. Never rejects: what is not known is null. */
export async function versionsOf(world: World, files: readonly NamedFile[]): Promise<readonly FileVersion[]> {
  const tracked = await trackedBy(
    world,
    files.map(({ path }) => path),
  );
  return tracked.map((state, index) => versionOf(state, files[index]?.role ?? 'other'));
}

/** The content id of one file as committed, null when the file on disk is another one. */
export async function contentVersionOf(
  world: World,
  path: string,
): Promise<{ tracker: Tracker; version: string | null }> {
  const [state] = await trackedBy(world, [path]);
  if (!state) return { tracker: 'none', version: null };
  return { tracker: trackerOf(state), version: state.status === 'unchanged' ? (state.blob ?? null) : null };
}

/**
 * Which versions of code and data stand behind a file or a folder, and what is in the way of knowing it.
 *
 * @param target Absolute. Rejects with `Unreadable` when nothing is there.
 */
export async function provenanceOf(world: World, target: string): Promise<ProvenanceReport> {
  const inventory = await inventoryOf(world, target);
  const [repository, tracked] = await Promise.all([
    repositoryOf(world, target),
    trackedBy(
      world,
      inventory.items.map(({ path }) => path),
    ),
  ]);
  const isFolder = (await world.stat(target))?.kind === 'folder';
  const home = repository?.root ?? (isFolder ? target : dirname(target));
  const states = inventory.items.map((item, index) => ({ item, state: tracked[index] ?? unknown(item.path) }));
  return {
    schemaVersion: 1,
    tool: TOOL,
    verb: 'provenance',
    target,
    code: codeOf(repository),
    datasets: states.filter(({ item }) => item.role === 'data').map(({ item, state }) => datasetOf(item, state, home)),
    runs: [],
    environment: { lockFiles: [], images: [] },
    findings: await findingsOf(world, { target, home, repository, states, inventory }),
    files: states.map(({ item, state }) => versionOf(state, item.role)),
  };
}

const unknown = (path: string): Tracked => ({
  path,
  repository: undefined,
  status: 'unknown',
  commit: undefined,
  blob: undefined,
  size: undefined,
});

const trackerOf = ({ blob, commit }: Tracked): Tracker => ((blob ?? commit) ? 'git' : 'none');

function versionOf(state: Tracked, role: FileVersion['role']): FileVersion {
  const { path, repository, status, commit, size } = state;
  return {
    path,
    role,
    tracker: trackerOf(state),
    status,
    commit: commit?.commit ?? null,
    author: commit?.author ?? null,
    date: commit?.date ?? null,
    subject: commit?.subject ?? null,
    tag: commit?.tag ?? null,
    branch: repository?.head?.branch ?? null,
    sizeBytes: size ?? null,
  };
}

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

/** The version of a dataset is the id of its content at HEAD, and the commit the last one that changed it. */
function datasetOf(item: Item, state: Tracked, home: string): ProvenanceReport['datasets'][number] {
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
