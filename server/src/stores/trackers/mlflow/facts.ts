// What both kinds of stores say of a run, in the words of all trackers.
import type { Location, RunStatus } from '../../../protocol';
import type { Run, RunDataset, RunFile, RunModel } from '../../run';

/** A run as a store of either kind holds it. */
export interface RunFacts
  extends Pick<Run, 'store' | 'id' | 'experiment' | 'status' | 'started' | 'ended' | 'params' | 'metrics' | 'tags'>,
    Pick<Run, 'datasets' | 'models' | 'environment' | 'artifacts' | 'location'> {
  readonly name: string | undefined;
  readonly user: string | undefined;
  /** Where a tag stands. */
  readonly placeOf: (tag: string) => Location;
}

const COMMIT = 'mlflow.source.git.commit';

/** The run that the facts make, its code and nesting read from MLflow's own tags. */
export function runOf(facts: RunFacts): Run {
  const tags = shownTags(facts.tags);
  const { recorded, path } = facts.artifacts;
  const tag = (name: string) => tags[name] || undefined;
  // Named one by one: an object that is spread into another costs several times as much, ten thousand times.
  return {
    tracker: 'mlflow',
    store: facts.store,
    id: facts.id,
    name: facts.name || tag('mlflow.runName'),
    experiment: facts.experiment,
    status: facts.status,
    started: facts.started,
    ended: facts.ended,
    code: {
      commit: tag(COMMIT),
      branch: tag('mlflow.source.git.branch') ?? tag('mlflow.project.branch'),
      repository: tag('mlflow.source.git.repoURL'),
      entrypoint: tag('mlflow.source.name') ?? tag('mlflow.project.entryPoint'),
      dirty: dirtyOf(tags),
      location: tag(COMMIT) ? facts.placeOf(COMMIT) : undefined,
    },
    parent: tag('mlflow.parentRunId'),
    user: facts.user || tag('mlflow.user'),
    params: facts.params,
    metrics: facts.metrics,
    tags,
    datasets: facts.datasets,
    models: facts.models,
    environment: facts.environment,
    image: tag('mlflow.docker.image.uri'),
    artifacts: { recorded: recorded && withoutSecrets(recorded), path },
    location: facts.location,
  };
}

/** MLflow's own tags hold addresses of repositories, of projects too. Hardly any holds a secret: the others stay as they are. */
function shownTags(tags: Run['tags']): Run['tags'] {
  let shown: Record<string, string> | undefined;
  for (const key in tags) {
    const value = tags[key] ?? '';
    if (!value.includes('://') || !/^mlflow\.(source|project)\./.test(key)) continue;
    shown ??= { ...tags };
    shown[key] = withoutSecrets(value);
  }
  return shown ?? tags;
}

/** An ordinary run says nothing of changes: that is unknown, not clean. */
function dirtyOf(tags: Run['tags']): boolean | undefined {
  const flag = tags['mlflow.source.git.dirty']?.toLowerCase();
  if (flag === 'true') return true;
  if (tags['mlflow.source.git.diff']) return true;
  return flag === 'false' ? false : undefined;
}

/** An address without user and password, and without the query, in which signed addresses keep their key. */
const withoutSecrets = (address: string): string =>
  address.replace(/^([a-z][\w+.-]*:\/\/)[^/?#@]*@/i, '$1').replace(/^(https?:\/\/[^?]*)\?.*$/is, '$1');

/** Numbers of `status` in a file store (RunStatus of MLflow's protocol). */
const statuses: Readonly<Record<string, RunStatus>> = {
  '1': 'running',
  '2': 'scheduled',
  '3': 'finished',
  '4': 'failed',
  '5': 'killed',
  RUNNING: 'running',
  SCHEDULED: 'scheduled',
  FINISHED: 'finished',
  FAILED: 'failed',
  KILLED: 'killed',
};

/** By number or by name; a run without one is running. */
export const statusOf = (status: string | undefined): RunStatus =>
  status === undefined ? 'running' : (statuses[status] ?? 'unknown');

/** A dataset as MLflow records it. */
export interface DatasetFacts {
  readonly name: string;
  readonly digest: string | undefined;
  /** JSON text: `{"uri": "data/a.csv"}`. */
  readonly source: string | undefined;
  /** JSON text: `{"num_rows": 320, "num_elements": 1920}`. */
  readonly profile: string | undefined;
  /** JSON text: `{"mlflow_colspec": [{"type": "long", "name": "id"}]}`. */
  readonly schema: string | undefined;
  /** Of the input. */
  readonly tags: Readonly<Record<string, string>>;
  readonly location: Location;
}

/** The dataset with the content ids of other tools that people put into its source or its tags. */
export function datasetOf({ name, digest, source, profile, schema, tags, location }: DatasetFacts): RunDataset {
  const columns = columnsIn(schema);
  const recorded = addressIn(source);
  const address = recorded && withoutSecrets(recorded);
  return {
    name,
    role: 'input',
    version: digest || undefined,
    algorithm: digest && /^[0-9a-f]{8}$/.test(digest) && isTable(profile) ? 'mlflow-pandas' : undefined,
    context: tags['mlflow.data.context'],
    source: address,
    ...(columns ? { columns } : {}),
    files: foreignIds(address ?? name, source, tags),
    location,
  };
}

/** Runs share their datasets, so each schema is read once. */
const schemas = new Map<string, RunDataset['columns']>();
const MOST_SCHEMAS = 500;

function columnsIn(schema: string | undefined): RunDataset['columns'] {
  if (!schema || schemas.has(schema)) return schema ? schemas.get(schema) : undefined;
  const list = objectIn(schema)?.mlflow_colspec;
  const columns = (Array.isArray(list) ? list : []).flatMap((column: unknown) => {
    const { name, type } = Object(column) as { readonly name?: unknown; readonly type?: unknown };
    return typeof name === 'string' && typeof type === 'string' ? [{ name, type }] : [];
  });
  const read = columns.length > 0 ? columns : undefined;
  if (schemas.size >= MOST_SCHEMAS) schemas.clear();
  schemas.set(schema, read);
  return read;
}

/** Of a pandas dataset; arrays and Spark's frames are described otherwise. */
const isTable = (profile: string | undefined): boolean => {
  const value = objectIn(profile);
  return value !== undefined && 'num_rows' in value && 'num_elements' in value;
};

function addressIn(source: string | undefined): string | undefined {
  const value = objectIn(source);
  if (!value) return source || undefined;
  const found = ['uri', 'url', 'path', 'delta_table_name', 'table_name'].map((key) => value[key]);
  return found.find((word) => typeof word === 'string' && word !== '') as string | undefined;
}

/** The object that a JSON text is; undefined when it is none. */
export function objectIn(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  const value = jsonIn(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

function jsonIn(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

const MD5_OF_DVC = /(?:md5|dvc)[^0-9a-f]*?\b([0-9a-f]{32}(?:\.dir)?)(?![\w.])/i;
const LAKEFS = /lakefs:\/\/[^\s"'\\]+/;

/** md5 under a key that names md5 or DVC, and addresses of lakeFS, wherever they stand. */
function foreignIds(path: string, source: string | undefined, tags: DatasetFacts['tags']): readonly RunFile[] {
  const texts = [source ?? '', ...Object.entries(tags).map(([key, value]) => `${key}: ${value}`)];
  const files = texts.flatMap((text): readonly RunFile[] => {
    const md5 = MD5_OF_DVC.exec(text)?.[1];
    const reference = LAKEFS.exec(text)?.[0];
    return [
      ...(md5 ? [{ path, md5, size: undefined, reference: undefined }] : []),
      ...(reference ? [{ path, md5: undefined, size: undefined, reference }] : []),
    ];
  });
  const keys = files.map(({ md5, reference }) => md5 ?? reference);
  return files.filter((_, index) => keys.indexOf(keys[index]) === index);
}

/** A model that a run made, before the registry is asked. */
export interface MadeModel {
  readonly name: string;
  readonly id: string | undefined;
  readonly location: Location;
  readonly logged?: RunModel['logged'];
  readonly folder?: RunModel['folder'];
}

/** Folders below a run's artifacts with models of MLflow 2, which the tag `mlflow.log-model.history` lists. */
export function modelFoldersOf(
  tags: Run['tags'],
): readonly { readonly path: string; readonly id: string | undefined }[] {
  const history = jsonIn(tags['mlflow.log-model.history']);
  if (!Array.isArray(history)) return [];
  return history.flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) return [];
    const { artifact_path: path, model_uuid: id }: { artifact_path?: unknown; model_uuid?: unknown } = entry;
    if (typeof path !== 'string' || /^[a-z]+:\//i.test(path) || path.split('/').includes('..')) return [];
    return [{ path, id: typeof id === 'string' ? id : undefined }];
  });
}

/** A version of a model in the registry, as far as it tells of a run's models. */
export interface Registered {
  readonly name: string;
  readonly version: string;
  readonly run: string | undefined;
  readonly source: string | undefined;
  readonly location: Location;
}

/** Models of a run with their versions in the registry, which names a model by `models:/ID` or by the folder it lies in. */
export function modelsOf(made: readonly MadeModel[], ofRun: readonly Registered[]): readonly RunModel[] {
  const isOf = ({ id, name }: MadeModel, { source = '' }: Registered) =>
    (id !== undefined && source.includes(id)) || source.endsWith(`/artifacts/${name}`);
  const named = made.flatMap((model): readonly RunModel[] => {
    const versions = ofRun.filter((version) => isOf(model, version));
    if (versions.length === 0) return [{ ...model, version: undefined }];
    return versions.map(({ name, version }) => ({ ...model, name, version }));
  });
  const others = ofRun.filter((version) => !made.some((model) => isOf(model, version)));
  return [...named, ...others.map(({ name, version, location }) => ({ name, id: undefined, version, location }))];
}
