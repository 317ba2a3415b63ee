import { join } from 'node:path';
import type { Finding } from '../../../protocol';
import { fileStart } from '../../../text/lines';
import type { World } from '../../../world';
import { findingAt, type Reading } from '../../finding';
import type { ModelVersion } from '../../run';
import { codes } from './codes';
import { type Meta, metaIn } from './meta';
import { eachOf } from './parallel';

/** Versions of the models in `models/` of a file store. */
export async function registryOf(
  store: string,
  world: World,
  signal?: AbortSignal,
): Promise<Reading<readonly ModelVersion[]>> {
  const folders = (await world.list(join(store, 'models')))?.filter(({ kind }) => kind === 'folder') ?? [];
  const models = await eachOf(folders, ({ name }) => modelIn(store, name, world), signal);
  return { found: models.flatMap(({ found }) => found), problems: models.flatMap(({ problems }) => problems) };
}

async function modelIn(store: string, name: string, world: World): Promise<Reading<readonly ModelVersion[]>> {
  const folder = join(store, 'models', name);
  const aliases = await aliasesOf(join(folder, 'aliases'), world);
  const entries = (await world.list(folder)) ?? [];
  const problems: Finding[] = [];
  const found: ModelVersion[] = [];
  for (const { name: entry } of entries) {
    const version = /^version-(\d+)$/.exec(entry)?.[1];
    if (version === undefined) continue;
    const file = join(folder, entry, 'meta.yaml');
    const meta = metaIn(await world.readText(file).catch(() => ''));
    if (meta === undefined) {
      const message = `Version ${version} of the model ${name} cannot be read: ${file} is missing or damaged. Restore it, or register it again.`;
      problems.push(findingAt(codes, 'mlflow/model-unreadable', message, file));
    } else if (meta.current_stage !== 'Deleted_Internal')
      found.push(versionOf(store, file, { name, version, meta, aliases }));
  }
  return { found: found.sort((a, b) => Number(a.version) - Number(b.version)), problems };
}

interface Version {
  readonly name: string;
  readonly version: string;
  readonly meta: Meta;
  readonly aliases: readonly (readonly [string, string])[];
}

function versionOf(store: string, file: string, { name, version, meta, aliases }: Version): ModelVersion {
  return {
    tracker: 'mlflow',
    store,
    name: meta.name ?? name,
    version,
    run: meta.run_id,
    source: meta.source,
    aliases: aliases.filter(([, of]) => of === version).map(([alias]) => alias),
    stage: stageOf(meta.current_stage),
    status: meta.status,
    location: { path: file, range: fileStart },
  };
}

/** MLflow writes the word `None` for a version without a stage. */
export const stageOf = (stage: string | undefined): string | undefined => (stage === 'None' ? undefined : stage);

async function aliasesOf(folder: string, world: World): Promise<readonly (readonly [string, string])[]> {
  const files = (await world.list(folder))?.filter(({ kind }) => kind === 'file') ?? [];
  const read = async (name: string) =>
    [name, (await world.readText(join(folder, name)).catch(() => '')).trim()] as const;
  return Promise.all(files.map(({ name }) => read(name)));
}
