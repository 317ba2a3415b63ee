import { join, posix } from 'node:path';
import { parametersIn } from '../manifest/model';
import { type Known, type KnownData, newManifest } from '../manifest/new';
import type { Datum, Draft, ProvenanceReport, RunReport } from '../protocol';
import { parseYaml } from '../text/yaml';
import type { World } from '../world';
import { homeOf, runIn } from './recipe';

/** Where the parameters of an experiment stand by the convention of DVC. */
const PARAMETER_FILE = 'params.yaml';

type Dataset = ProvenanceReport['datasets'][number];

/**
 * A manifest begun from a run of the report, or from the workspace as it stands, to lie in the folder from which the
 * report's paths are told. Rejects with `Unreadable` when the report has no such run.
 */
export async function beginManifest(world: World, report: ProvenanceReport, id: string | undefined): Promise<Draft> {
  const home = await homeOf(world, report.target);
  const run = id === undefined ? undefined : runIn(report, id);
  const params = await parametersOf(world, join(home, PARAMETER_FILE));
  const known: Known = {
    name: run?.name ?? run?.id ?? posix.basename(home.replaceAll('\\', '/')),
    ...codeOf(report, run),
    ...environmentOf(report, run),
    data: run ? dataOf(run, report.datasets) : report.datasets.map(workspaceData),
    run: run && knownRun(run),
    ...(params ? { parameterFile: PARAMETER_FILE, params } : {}),
    model: modelOf(report, run),
  };
  return { path: await freePath(world, join(home, slugOf(known.name))), text: newManifest(known) };
}

/** A commit that is gone, or that changes were made to, does not stand for the code. */
function codeOf({ code }: ProvenanceReport, run: RunReport | undefined): Pick<Known, 'repository' | 'commit'> {
  const own = run || code.dirty !== false ? undefined : (code.commit ?? undefined);
  return { repository: code.remote ?? undefined, commit: own };
}

function environmentOf(
  { environment }: ProvenanceReport,
  run: RunReport | undefined,
): Pick<Known, 'lockFile' | 'image' | 'dockerfile'> {
  const { lockFiles, images } = environment;
  const lock = lockFiles.find(({ pinned }) => pinned) ?? lockFiles[0];
  const dockerfile = images.find(({ path }) => /(^|\/)Dockerfile[^/]*$/.test(path));
  return { lockFile: lock?.path, image: run?.image ?? undefined, dockerfile: dockerfile?.path };
}

/** What the run read; its version where that is a hash of the content. */
const dataOf = (run: RunReport, datasets: readonly Dataset[]): readonly KnownData[] =>
  run.datasets
    .filter(({ role, path, source }) => role === 'input' && (path ?? source) !== null)
    .map(({ name, path, source, version, algorithm, context }) => ({
      name: posix.basename(name),
      ref: path ?? source ?? '',
      contract: datasets.find((dataset) => dataset.path === path)?.contract ?? undefined,
      version: hashOf(algorithm, version),
      role: context ?? undefined,
    }));

const workspaceData = ({ path, contract, version, algorithm, status }: Dataset): KnownData => ({
  name: posix.basename(path, posix.extname(path)),
  ref: path,
  contract: contract ?? undefined,
  version: status === 'unchanged' ? hashOf(algorithm, version) : undefined,
});

/** What manifests call each hash. Git's ids are no plain hashes of the content. */
const hashes: Readonly<Record<string, string>> = { md5: 'md5', sha256: 'sha256', sha1: 'git' };

function hashOf(algorithm: string | null, version: string | null): string | undefined {
  const name = hashes[algorithm ?? ''];
  return name && version !== null && /^[0-9a-f]{32,64}(\.dir)?$/.test(version) ? `${name}:${version}` : undefined;
}

const knownRun = (run: RunReport): Known['run'] => ({
  tracker: run.tracker,
  id: run.id,
  name: run.name ?? undefined,
  code: {
    commit: run.commitExists === false ? undefined : (run.commit ?? undefined),
    entrypoint: run.entrypoint ?? undefined,
  },
  params: run.params,
  metrics: Object.fromEntries(
    Object.entries(run.metrics).flatMap(([name, value]) => (typeof value === 'number' ? [[name, value]] : [])),
  ),
  image: run.image ?? undefined,
});

function modelOf({ models }: ProvenanceReport, run: RunReport | undefined): Known['model'] {
  const model = run && models.find((candidate) => candidate.run === run.id);
  return model && { name: model.name, version: model.version, registry: model.tracker };
}

/** Undefined when there is no such file or it cannot be read. */
async function parametersOf(world: World, path: string): Promise<Readonly<Record<string, Datum>> | undefined> {
  const text = await world.readText(path).catch(() => undefined);
  const { root, issues } = parseYaml(text ?? '');
  if (text === undefined || issues.length > 0) return undefined;
  return Object.fromEntries(parametersIn(root).map(({ name, value }) => [name, value]));
}

/** The first name that no file has. */
async function freePath(world: World, start: string): Promise<string> {
  for (let count = 1; ; count++) {
    const path = `${start}${count === 1 ? '' : `-${count}`}.experiment.yaml`;
    if (!(await world.stat(path).catch(() => undefined))) return path;
  }
}

/** A name as that of a file, without what a file system or a shell gives a meaning. */
export const slugOf = (name: string): string =>
  name
    .replaceAll(/[^\w.]+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
    .slice(0, 60) || 'new';
