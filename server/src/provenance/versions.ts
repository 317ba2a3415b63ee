import { dirname } from 'node:path';
import type { CheckReport, DriftReport, FileVersion, Tracker } from '../protocol';
import { type Tracked, trackedBy, type Wanted } from '../stores/git';
import type { World } from '../world';
import { fileOf, folderOf } from './inventory';

/** A file, folder or pattern whose version is asked for, absolute, and what it is to whoever asks. */
export interface NamedFile {
  readonly path: string;
  readonly role: FileVersion['role'];
  /** Read as of this revision instead of from disk. */
  readonly revision?: string | undefined;
}

/** The version of each file, in their order; a pattern has that of its folder. Never rejects: what is not known is null. */
export async function versionsOf(world: World, files: readonly NamedFile[]): Promise<readonly FileVersion[]> {
  const tracked = await trackedBy(world, await Promise.all(files.map((file) => openable(world, file))));
  return tracked.map((state, index) => {
    const { path = state.path, role = 'other' } = files[index] ?? {};
    return versionOf({ ...state, path }, role);
  });
}

const openable = async (world: World, { path, revision }: NamedFile): Promise<Wanted> =>
  (await world.stat(path).catch(() => undefined)) ? { path, revision } : { path: folderOf(path), revision };

/** The report with the versions of its contract and its data as they are now. */
export async function withVersions(world: World, report: CheckReport, folder: string): Promise<CheckReport>;
export async function withVersions(world: World, report: DriftReport, folder: string): Promise<DriftReport>;
export async function withVersions(world: World, report: CheckReport | DriftReport, folder: string) {
  const named = report.verb === 'check' ? await behindCheck(world, report) : await behindDrift(world, report, folder);
  return { ...report, provenance: await versionsOf(world, named) };
}

async function behindCheck(world: World, { contract, data }: CheckReport): Promise<readonly NamedFile[]> {
  const files = await Promise.all(
    data.map(async ({ ref, path }) => {
      const revision = (await fileOf(world, ref, dirname(contract.path)))?.revision;
      return {
        path,
        role: 'data' as const,
        revision: revision && !path.endsWith(`@${revision}`) ? revision : undefined,
      };
    }),
  );
  return [{ path: contract.path, role: 'contract' }, ...files];
}

async function behindDrift(world: World, report: DriftReport, folder: string): Promise<readonly NamedFile[]> {
  const files = await Promise.all([report.reference, report.current].map(({ ref }) => fileOf(world, ref, folder)));
  return files.flatMap((file) => (file ? [{ ...file, role: 'data' as const }] : []));
}

/** The content id of one file as committed, null when the file on disk is another one. */
export async function contentVersionOf(
  world: World,
  ref: string,
  folder: string,
): Promise<{ tracker: Tracker; version: string | null }> {
  const file = await fileOf(world, ref, folder);
  const [state] = file ? await trackedBy(world, [await openable(world, { ...file, role: 'data' })]) : [];
  if (!state) return { tracker: 'none', version: null };
  return { tracker: trackerOf(state), version: state.status === 'unchanged' ? (state.blob ?? null) : null };
}

/** Git, where it has the file. */
export const trackerOf = ({ blob, commit }: Tracked): Tracker => ((blob ?? commit) ? 'git' : 'none');

/** What a report says of one file. */
export function versionOf(state: Tracked, role: FileVersion['role']): FileVersion {
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
