import { resolveDataset } from '../data/dataset';
import { isWithin } from '../paths';
import { outputAt } from '../stores/dvc/outputs';
import { hashOf } from '../stores/hash';
import { isLakefs } from '../stores/lakefs/reference';
import { lakefsStateOf } from '../stores/lakefs/state';
import { members as lockFormats } from '../stores/locks';
import { Unreadable, type World } from '../world';
import type { Evidence as ClaimEvidence, HashAlgorithm } from './claims/evidence';
import type { Survey } from './survey';

/** What the claims of manifests below `home` are held against. */
export function claimEvidence(world: World, home: string, survey: Survey, signal?: AbortSignal): ClaimEvidence {
  const content = { world, survey, signal };
  return {
    world: within(world, home),
    runs: async () => survey.runs,
    models: async () => survey.models,
    locks: async () => survey.locks,
    lock: async (path) => {
      const known = survey.locks.find((lock) => lock.path === path);
      const format = known ? undefined : lockFormats.find(({ matches }) => matches(path));
      return known ?? (format && (await world.stat(path)) ? (await format.read(path, world)).found : undefined);
    },
    images: async () => survey.images,
    contentHash: (path, algorithm, revision) =>
      contentHash({ path, algorithm, revision }, content).catch((error: unknown) => {
        signal?.throwIfAborted();
        if (error instanceof Unreadable) return undefined;
        throw error;
      }),
    resolves: async (address) => {
      if (!isLakefs(address) || !world.http) return undefined;
      const { status } = (await lakefsStateOf(address, world, { signal })).found;
      return status === 'unknown' ? undefined : status !== 'missing';
    },
  };
}

/** A manifest may name any path; what lies outside of the work tree is nobody's to show in a report. */
function within(world: World, home: string): World {
  const inside = async (path: string): Promise<string> => {
    const [real = path, root = home] = await Promise.all([world.realPath(path), world.realPath(home)]);
    if (isWithin(root, real)) return path;
    throw new Unreadable(`${path} lies outside of ${home}, where a manifest has nothing to read.`, path);
  };
  return {
    ...world,
    read: async (path) => world.read(await inside(path)),
    readText: async (path) => world.readText(await inside(path)),
  };
}

interface Wanted {
  readonly path: string;
  readonly algorithm: HashAlgorithm;
  readonly revision: string | undefined;
}

interface Content {
  readonly world: World;
  readonly survey: Survey;
  readonly signal: AbortSignal | undefined;
}

/** What stores of content call the ids that manifests name; SHA-1 of plain bytes and MLflow's sampled digest are no ids. */
const ids = { md5: 'md5', sha256: 'sha256', git: 'git-sha1' } as const;

async function contentHash(wanted: Wanted, content: Content): Promise<string | undefined> {
  const { path, algorithm, revision } = wanted;
  if (revision !== undefined) return hashAt({ path, algorithm, revision }, content);
  if (algorithm === 'dvc-dir') return recordedFolder(path, content.survey);
  return algorithm in ids && (await content.world.stat(path))?.kind === 'file'
    ? hashOf(path, ids[algorithm as keyof typeof ids], content.world, { signal: content.signal })
    : undefined;
}

/** The record of DVC is the id of the folder as long as the files are those that it lists. */
function recordedFolder(path: string, { data }: Survey): string | undefined {
  const state = data.find((one) => one.path === path && one.tracker === 'dvc' && one.status === 'unchanged');
  return state?.version?.replace(/\.dir$/, '');
}

async function hashAt(
  { path, algorithm, revision }: Wanted & { readonly revision: string },
  { world, signal }: Content,
): Promise<string | undefined> {
  const root = await world.git?.root(path);
  const commit = root === undefined ? undefined : await world.git?.commit(root, revision);
  if (root === undefined || commit === undefined || !world.git) return undefined;
  if (algorithm === 'git') return (await world.git.blobs(root, commit, [path])).get(path);
  const recorded = await outputAt(path, world, { root, commit, revision });
  const isRecorded = recorded?.path === path && !recorded.legacy && recorded.md5 !== undefined;
  if (isRecorded && algorithm === (recorded.md5.endsWith('.dir') ? 'dvc-dir' : 'md5'))
    return recorded.md5.replace(/\.dir$/, '');
  if (!(algorithm in ids)) return undefined;
  const { paths } = await resolveDataset(`${path}@${revision}`, '/', world, signal);
  const [only] = paths;
  return only !== undefined && paths.length === 1
    ? hashOf(only, ids[algorithm as keyof typeof ids], world, { signal })
    : undefined;
}
