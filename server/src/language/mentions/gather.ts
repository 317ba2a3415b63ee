import { basename, dirname, join } from 'node:path';
import type { Datum, Location, ProvenanceReport } from '../../protocol';
import { filesOnDisk, projectsBelow } from '../../stores/dvc/files';
import { type Stage as DvcStage, pipelineOf } from '../../stores/dvc/stages';
import { Lines } from '../../text/lines';
import { parseText } from '../../text/parse';
import { type Node, plain, type Tree } from '../../text/tree';
import type { World } from '../../world';
import { Names } from './names';
import type { Parameter, Stage } from './subject';

/** Names of a folder that make it one of ours. */
const OURS = /^(\.dvc|dvc\.yaml|mlruns|mlflow\.db|wandb|MLproject|.+\.(odcs|experiment)\.(ya?ml|json))$/i;
const foreign = /^(\..*|node_modules|venv|site-packages|__pycache__)$/;

/** Folders that are looked into before a workspace is taken for another one's. */
const MOST_FOLDERS = 1000;

/** Whether a folder, or one not far below it, holds contracts, manifests or a tracker's files: a look that costs little. */
export async function isOurs(world: World, folder: string): Promise<boolean> {
  const open = [folder];
  for (let looked = 0; looked < MOST_FOLDERS; looked++) {
    const here = open.shift();
    if (here === undefined) return false;
    const entries = (await world.list(here)) ?? [];
    if (entries.some(({ name }) => OURS.test(name))) return true;
    for (const { name, kind } of entries) if (kind === 'folder' && !foreign.test(name)) open.push(join(here, name));
  }
  return false;
}

/** All that texts of a workspace can name: its report, and what its pipelines say. */
export async function namesOf(world: World, report: ProvenanceReport, signal: AbortSignal): Promise<Names> {
  const folder = report.target;
  const home = (await world.git?.root(folder)) ?? folder;
  const stages = await stagesBelow(world, folder, signal);
  const records = new Map(
    stages.flatMap(({ outputs }) => outputs.map(({ path, location }) => [path, location] as const)),
  );
  return new Names(report, {
    home,
    stages: stages.flatMap((stage) => (basename(stage.file) === 'dvc.yaml' ? [stageOf(stage)] : [])),
    parameters: await parametersOf(world, stages),
    records,
  });
}

async function stagesBelow(world: World, folder: string, signal: AbortSignal): Promise<readonly DvcStage[]> {
  const stages: DvcStage[] = [];
  for (const project of await projectsBelow(folder, world)) {
    stages.push(...(await pipelineOf(await filesOnDisk(project, world), signal)).stages);
  }
  return stages;
}

/** Called as in its file: the path before the colon is for those who name it from elsewhere. */
const stageOf = ({ name, command, location }: DvcStage): Stage => ({
  kind: 'stage',
  name: name.slice(name.lastIndexOf(':') + 1),
  command: command?.join(' && '),
  location,
});

/** Every value of the files that stages have parameters from, as it is on disk and in the last commit. */
async function parametersOf(world: World, stages: readonly DvcStage[]): Promise<readonly Parameter[]> {
  const used = stages.flatMap(({ parameters }) => parameters.map(({ file }) => file));
  const beside = stages
    .filter(({ file }) => basename(file) === 'dvc.yaml')
    .map(({ file }) => join(dirname(file), 'params.yaml'));
  const files = [...new Set([...used, ...beside])].filter((file) => /\.(ya?ml|json|toml)$/i.test(file));
  const found = await Promise.all(files.map((file) => parametersIn(world, file)));
  return found.flat();
}

/** A file of more UTF-16 units is data, not parameters. */
const LONGEST = 200_000;

async function parametersIn(world: World, file: string): Promise<readonly Parameter[]> {
  const text = await world.readText(file).catch(() => undefined);
  if (text === undefined || text.length > LONGEST) return [];
  const before = await atHead(world, file);
  const lines = new Lines(text);
  return leavesOf(parseText(file, text)).map(({ name, value, key }): Parameter => {
    const location: Location = { path: file, range: lines.range(key.span) };
    return { kind: 'parameter', name, now: { value, location }, atHead: before.get(name), runs: [] };
  });
}

async function atHead(world: World, file: string): Promise<ReadonlyMap<string, Datum>> {
  const root = await world.git?.root(dirname(file)).catch(() => undefined);
  const bytes = root === undefined ? undefined : await world.git?.show(root, 'HEAD', file).catch(() => undefined);
  if (!bytes || bytes.length > LONGEST) return new Map();
  return new Map(leavesOf(parseText(file, new TextDecoder().decode(bytes))).map(({ name, value }) => [name, value]));
}

interface Leaf {
  /** Dotted. */
  readonly name: string;
  readonly value: Datum;
  readonly key: Node;
}

/** Lists are leaves, as DVC has it. */
function leavesOf({ root }: Tree): readonly Leaf[] {
  const leaves: Leaf[] = [];
  const open = root?.kind === 'map' ? [{ node: root, prefix: '' }] : [];
  for (let here = open.pop(); here; here = open.pop()) {
    for (const { key, value } of here.node.entries) {
      const name = `${here.prefix}${String(key.value)}`;
      if (value.kind === 'map') open.push({ node: value, prefix: `${name}.` });
      else leaves.push({ name, value: plain(value) as Datum, key });
    }
  }
  return leaves;
}
