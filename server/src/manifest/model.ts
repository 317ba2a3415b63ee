import type { Datum } from '../protocol';
import { get, itemsOf, type Node, numberOf, plain, spelling, type Tree, wordOf } from '../text/tree';

/** One experiment: what was run on what, and how its model is served. A part that is missing is undefined or empty. */
export interface Manifest {
  readonly tree: Tree;
  readonly name: string | undefined;
  readonly owners: readonly Owner[];
  /** The commit that the code is said to be of, as it is spelt: `code.commit`. */
  readonly commit: Word | undefined;
  readonly code: Code;
  readonly environment: Environment;
  readonly data: readonly ManifestData[];
  readonly runs: readonly RunRef[];
  readonly parameters: Parameters;
  readonly metrics: readonly Metric[];
  readonly model: Model;
  readonly serving: Serving;
  readonly monitoring: readonly Watch[];
  readonly retraining: Retraining;
  readonly rollout: Rollout;
  readonly approvals: readonly Approval[];
}

/** A word of the manifest with its place. */
export interface Word {
  readonly text: string;
  readonly node: Node;
}

/** A figure of the manifest with its place; its digits are what the node spells. */
export interface Amount {
  readonly value: number;
  readonly node: Node;
}

/** A part of the manifest with the place of the whole of it; no node where the manifest lacks it. */
interface Part {
  readonly node: Node | undefined;
}

export interface Owner {
  readonly name: Word | undefined;
  readonly contact: Word | undefined;
  readonly role: Word | undefined;
  readonly node: Node;
}

export interface Code extends Part {
  /** Folder relative to the manifest's, or address. */
  readonly repository: Word | undefined;
  readonly commit: Word | undefined;
  /** File or command. */
  readonly entrypoint: Word | undefined;
}

export interface Environment extends Part {
  readonly lockFile: Word | undefined;
  readonly image: Word | undefined;
  readonly dockerfile: Word | undefined;
}

/** A dataset that the experiment used. */
export interface ManifestData {
  readonly name: string | undefined;
  /** Dataset reference, relative to the manifest's folder. */
  readonly ref: Word | undefined;
  /** Path of the contract that describes it, relative to the manifest's folder. */
  readonly contract: Word | undefined;
  /** `md5:…`, `sha256:…`. */
  readonly version: Word | undefined;
  readonly role: Word | undefined;
  readonly node: Node;
}

export interface RunRef {
  readonly tracker: Word | undefined;
  /** The run's id, of DVC its `rev`. */
  readonly id: Word | undefined;
  readonly node: Node;
}

export interface Parameters extends Part {
  /** File that holds them, relative to the manifest's folder. */
  readonly from: Word | undefined;
  /** All but `from`. Nested ones have dotted names. */
  readonly values: readonly Parameter[];
}

export interface Parameter {
  readonly name: string;
  readonly value: Datum;
  readonly node: Node;
}

export interface Metric {
  readonly name: string | undefined;
  readonly value: Amount | undefined;
  /** Name or role of the data that it was measured on. */
  readonly on: Word | undefined;
  /** `>= 0.78` */
  readonly accept: Word | undefined;
  readonly node: Node;
}

export interface Model extends Part {
  readonly name: Word | undefined;
  readonly version: Word | undefined;
  readonly registry: Word | undefined;
  readonly artifact: Word | undefined;
  readonly previous: Word | undefined;
}

export interface Serving extends Part {
  /** Milliseconds. */
  readonly latencyP95Ms: Amount | undefined;
  readonly throughputPerSecond: Amount | undefined;
  readonly costPer1k: Amount | undefined;
  readonly measuredBy: Word | undefined;
}

/** An entry of `monitoring`. */
export interface Watch {
  readonly name: string | undefined;
  readonly reference: Word | undefined;
  readonly current: Word | undefined;
  readonly predictions: Word | undefined;
  readonly columns: readonly Word[];
  readonly segmentBy: readonly Word[];
  readonly windowColumn: Word | undefined;
  readonly schedule: Word | undefined;
  /** Names of the figures that are watched. */
  readonly metrics: readonly string[];
  readonly node: Node;
}

export interface Retraining extends Part {
  /** Name of the monitor that starts it. */
  readonly drift: Word | undefined;
  readonly cadence: Word | undefined;
  /** The figure that a backtest compares. */
  readonly metric: Word | undefined;
}

export interface Rollout extends Part {
  /** Percent each. */
  readonly steps: readonly Word[];
  /** The figure of each guardrail. */
  readonly guardrails: readonly Word[];
  readonly toVersion: Word | undefined;
  readonly owner: Word | undefined;
}

export interface Approval {
  readonly by: Word | undefined;
  /** `2026-05-02` */
  readonly on: Word | undefined;
  readonly scope: Word | undefined;
  readonly commit: Word | undefined;
  readonly node: Node;
}

/** Whether a file is named as manifests are: `run.experiment.yaml`. */
export const isManifestName = (path: string): boolean => /\.experiment\.(ya?ml|json)$/i.test(path);

/** Whether a file is a manifest, by its name or by its first keys. */
export const isManifest = (path: string, { root }: Tree): boolean =>
  isManifestName(path) || (get(root, 'apiVersion') !== undefined && wordOf(get(root, 'kind')) === 'Experiment');

/** Reads what can be read: a key that is missing or of the wrong type leaves its part out. */
export function readManifest(tree: Tree): Manifest {
  const part = (key: string): Node | undefined => get(tree.root, key);
  const read = readerOf(tree);
  const code = read.code(part('code'));
  return {
    tree,
    name: wordOf(part('name')),
    owners: itemsOf(part('owners')).map(read.owner),
    commit: code.commit,
    code,
    environment: read.environment(part('environment')),
    data: itemsOf(part('data')).map(read.data),
    runs: itemsOf(part('runs')).map(read.run),
    parameters: read.parameters(part('parameters')),
    metrics: itemsOf(part('metrics')).map(read.metric),
    model: read.model(part('model')),
    serving: read.serving(part('serving')),
    monitoring: itemsOf(part('monitoring')).map(read.watch),
    retraining: read.retraining(part('retraining')),
    rollout: read.rollout(part('rollout')),
    approvals: itemsOf(part('approvals')).map(read.approval),
  };
}

/** How each part is read of a node, which may be anything. */
function readerOf(tree: Tree) {
  /** A commit or version of digits alone is a number to YAML, and 007 is not 7. */
  const toWord = (node: Node | undefined): Word | undefined => {
    if (node?.kind !== 'scalar' || node.value === null) return undefined;
    return { text: typeof node.value === 'string' ? node.value : spelling(tree, node), node };
  };
  const word = (node: Node | undefined, key: string): Word | undefined => toWord(get(node, key));
  const words = (node: Node | undefined, key: string): readonly Word[] =>
    itemsOf(get(node, key)).flatMap((item) => toWord(item) ?? []);
  const amount = (node: Node | undefined, key: string): Amount | undefined => {
    const found = get(node, key);
    const value = numberOf(found);
    return found && value !== undefined ? { value, node: found } : undefined;
  };
  return {
    owner: (node: Node): Owner => ({
      name: word(node, 'name'),
      contact: word(node, 'contact'),
      role: word(node, 'role'),
      node,
    }),
    code: (node: Node | undefined): Code => ({
      node,
      repository: word(node, 'repository'),
      commit: word(node, 'commit'),
      entrypoint: word(node, 'entrypoint'),
    }),
    environment: (node: Node | undefined): Environment => ({
      node,
      lockFile: word(node, 'lockFile'),
      image: word(node, 'image'),
      dockerfile: word(node, 'dockerfile'),
    }),
    data: (node: Node): ManifestData => ({
      name: wordOf(get(node, 'name')),
      ref: word(node, 'ref'),
      contract: word(node, 'contract'),
      version: word(node, 'version'),
      role: word(node, 'role'),
      node,
    }),
    run: (node: Node): RunRef => ({
      tracker: word(node, 'tracker'),
      id: word(node, 'tracker')?.text === 'dvc' ? word(node, 'rev') : word(node, 'id'),
      node,
    }),
    parameters: (node: Node | undefined): Parameters => ({
      node,
      from: word(node, 'from'),
      values: parametersIn(node).filter(({ name }) => name !== 'from'),
    }),
    metric: (node: Node): Metric => ({
      name: wordOf(get(node, 'name')),
      value: amount(node, 'value'),
      on: word(node, 'on'),
      accept: word(node, 'accept'),
      node,
    }),
    model: (node: Node | undefined): Model => ({
      node,
      name: word(node, 'name'),
      version: word(node, 'version'),
      registry: word(node, 'registry'),
      artifact: word(node, 'artifact'),
      previous: word(node, 'previous'),
    }),
    serving: (node: Node | undefined): Serving => ({
      node,
      latencyP95Ms: amount(node, 'latencyP95Ms'),
      throughputPerSecond: amount(node, 'throughputPerSecond'),
      costPer1k: amount(node, 'costPer1k'),
      measuredBy: word(node, 'measuredBy'),
    }),
    watch: (node: Node): Watch => ({
      name: wordOf(get(node, 'name')),
      reference: word(node, 'reference'),
      current: word(node, 'current'),
      predictions: word(node, 'predictions'),
      columns: words(node, 'columns'),
      segmentBy: words(node, 'segmentBy'),
      windowColumn: word(get(node, 'windowBy'), 'column'),
      schedule: word(node, 'schedule'),
      metrics: keysOf(get(node, 'metrics')),
      node,
    }),
    retraining: (node: Node | undefined): Retraining => ({
      node,
      drift: word(get(node, 'trigger'), 'drift'),
      cadence: word(node, 'cadence'),
      metric: word(get(node, 'backtest'), 'metric'),
    }),
    rollout: (node: Node | undefined): Rollout => ({
      node,
      steps: words(node, 'steps'),
      guardrails: itemsOf(get(node, 'guardrails')).flatMap((item) => word(item, 'metric') ?? []),
      toVersion: word(get(node, 'rollback'), 'toVersion'),
      owner: word(get(node, 'rollback'), 'owner'),
    }),
    approval: (node: Node): Approval => ({
      by: word(node, 'by'),
      on: word(node, 'on'),
      scope: word(node, 'scope'),
      commit: word(node, 'commit'),
      node,
    }),
  };
}

const keysOf = (node: Node | undefined): readonly string[] =>
  node?.kind === 'map' ? node.entries.map(({ key }) => String(key.value)) : [];

/** What a file of parameters says, by dotted names: `train.lr`. A list is one value. Of a key that stands twice, the last. */
export function parametersIn(node: Node | undefined, prefix = ''): readonly Parameter[] {
  if (node?.kind !== 'map') return [];
  const found = node.entries.flatMap(({ key, value }) => {
    const name = `${prefix}${String(key.value)}`;
    if (value.kind === 'map' && value.entries.length > 0) return parametersIn(value, `${name}.`);
    return [{ name, value: datumOf(plain(value)), node: value }];
  });
  return [...new Map(found.map((parameter) => [parameter.name, parameter])).values()];
}

/** An integer past 2⁵³ as its digits. */
function datumOf(value: unknown): Datum {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(datumOf);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, datumOf(inner)]));
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}
