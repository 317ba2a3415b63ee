import type { DatasetStatus, ProvenanceReport, RunReport } from '../protocol';
import { exported, jobName, placeOf, type RunData, runUuid, spaceOf, uriOf, uuidOf } from './exported';
import type { Format } from './format';

type Entity = Readonly<Record<string, unknown>>;

interface Reference {
  readonly '@id': string;
}

const at = (id: string): Reference => ({ '@id': id });

const CRATE = 'https://w3id.org/ro/crate/1.1';
const PROFILE = 'https://w3id.org/ro/wfrun/process/0.5';

/**
 * A provenance report as the ro-crate-metadata.json of RO-Crate 1.1 after the profile Process Run Crate 0.5: files of the
 * workspace with what is known of their content, and each run as the action that used and made them. It belongs into the
 * folder that the paths start from. The licence is the authors' to state.
 */
export const roCrate: Format = {
  id: 'ro-crate',
  write(given) {
    const report = exported(given, 'RO-Crate');
    const graph = new Graph();
    const context = { report, graph, space: spaceOf(report) };
    const files = filesOf(context);
    const actions = report.runs.map((run) => actionOf(run, context));
    graph.add({
      '@id': PROFILE,
      '@type': 'CreativeWork',
      name: 'Process Run Crate',
      version: '0.5',
    });
    const root = known({
      '@id': './',
      '@type': 'Dataset',
      conformsTo: at(PROFILE),
      name: nameOf(report),
      description: `Data, code and runs of ${nameOf(report)}, as plumbline ${report.tool.version} found them.`,
      datePublished: newestDate(report),
      // Must be there, and may be in words.
      license: `Not stated here; ask the authors of ${nameOf(report)}.`,
      hasPart: files,
      mentions: actions,
    });
    const crate = {
      '@context': [`${CRATE}/context`, 'https://w3id.org/ro/terms/workflow-run/context'],
      '@graph': [descriptor, root, ...graph.entities()],
    };
    return `${JSON.stringify(crate, undefined, 2)}\n`;
  },
};

const descriptor: Entity = {
  '@id': 'ro-crate-metadata.json',
  '@type': 'CreativeWork',
  conformsTo: at(CRATE),
  about: at('./'),
};

interface Context {
  readonly report: ProvenanceReport;
  readonly graph: Graph;
  readonly space: string;
}

/** Entities by their id, each once. */
class Graph {
  readonly #entities = new Map<string, Entity>();

  add(entity: Entity & Reference): Reference {
    const id = entity['@id'];
    if (!this.#entities.has(id)) this.#entities.set(id, known(entity));
    return at(id);
  }

  has(id: string): boolean {
    return this.#entities.has(id);
  }

  entities(): readonly Entity[] {
    return [...this.#entities.values()];
  }
}

/** What is unknown or empty is left out, and one of several is written by itself, as RO-Crate advises. */
const known = (fields: Entity): Entity =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => {
      const alone = Array.isArray(value) && value.length < 2 && !lists.has(key) ? value[0] : value;
      return alone === null || alone === undefined ? [] : [[key, alone]];
    }),
  );

/** Keys that are lists even of one, for whoever walks the crate from its root. */
const lists: ReadonlySet<string> = new Set(['hasPart', 'mentions']);

/** The repository's name, else that of what was asked for. */
function nameOf({ code, target }: ProvenanceReport): string {
  const name = code.remote
    ?.replace(/\.git\/?$/, '')
    .split(/[/:]/)
    .at(-1);
  return (
    name ||
    target
      .split(/[\\/]/)
      .filter((part) => part !== '.')
      .at(-1) ||
    'workspace'
  );
}

/** No clock is asked, so that the same report gives the same crate: nothing in it is newer. */
function newestDate({ runs, files }: ProvenanceReport): string | undefined {
  const times = [...runs.flatMap(({ startedAt, endedAt }) => [startedAt, endedAt]), ...files.map(({ date }) => date)];
  return times
    .flatMap((time) => (time === null || Number.isNaN(Date.parse(time)) ? [] : [new Date(time).toISOString()]))
    .sort()
    .at(-1);
}

// ------------------------------------------------------------------------------------------------------- files

/** What is not there is no part of a crate. */
const onDisk: ReadonlySet<DatasetStatus> = new Set(['unchanged', 'modified', 'untracked', 'unknown']);

function filesOf({ report, graph }: Context): readonly Reference[] {
  const { datasets, environment, files } = report;
  const data = datasets.filter(({ path, status }) => onDisk.has(status) && isWithin(path));
  const others = [
    ...environment.lockFiles.map(({ path }) => path),
    ...environment.images.map(({ path }) => path),
    ...files.filter(({ status }) => onDisk.has(status)).map(({ path }) => path),
  ].filter(isWithin);
  const parts = [...data.map(fileOf), ...others.map((path) => ({ ...plainFile(path) }))];
  return [...new Map(parts.map((part) => [part['@id'], graph.add(part)])).values()];
}

/** A crate holds what lies below it. */
const isWithin = (path: string): boolean => !/^(?:[/~\\]|[A-Za-z]:[\\/]|\.\.(?:\/|$))/.test(path);

/** Paths in a crate are relative addresses. */
const idOf = (path: string): string =>
  path
    .split('/')
    .map((part) => encodeURIComponent(part))
    .join('/');

/** Content ids that are of the plain bytes, which Git's are not; a `.dir` is that of a list of files. */
function fileOf(data: ProvenanceReport['datasets'][number]): Entity & Reference {
  const { path, version, algorithm, sizeBytes, status, tracker } = data;
  const isFolder = version?.endsWith('.dir') ?? false;
  // A version is recorded; only of unchanged data it is that of what lies on disk.
  const content = status === 'unchanged' ? version : null;
  return {
    ...plainFile(path),
    ...(isFolder ? { '@id': `${idOf(path)}/`, '@type': 'Dataset', encodingFormat: undefined } : {}),
    contentSize: status !== 'unchanged' || sizeBytes === null || isFolder ? undefined : String(sizeBytes),
    sha256: content !== null && algorithm === 'sha256' && tracker !== 'git' ? content : undefined,
    identifier: content === null || algorithm === null ? undefined : `${tracker}:${algorithm}:${content}`,
    version: content ?? undefined,
  };
}

const plainFile = (path: string): Entity & Reference => ({
  '@id': idOf(path),
  '@type': 'File',
  name: path,
  encodingFormat: formats[/\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? (/file$/i.test(path) ? 'txt' : '')],
});

/** IANA's names of what data and lock files are written in. */
const formats: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  json: 'application/json',
  jsonl: 'application/jsonl',
  parquet: 'application/vnd.apache.parquet',
  arrow: 'application/vnd.apache.arrow.file',
  yaml: 'application/yaml',
  yml: 'application/yaml',
  toml: 'application/toml',
  lock: 'text/plain',
  txt: 'text/plain',
};

// ----------------------------------------------------------------------------------------------------- actions

function actionOf(run: RunReport, context: Context): Reference {
  const { graph } = context;
  const uuid = runUuid(run);
  const { status, name, id, startedAt, endedAt, tracker, user } = run;
  const data = (role: RunData['role']) =>
    run.datasets.filter((one) => one.role === role).map((one) => runDataOf(one, run, context));
  const results = [...data('output'), ...modelsOf(run, graph), ...figuresOf('metric', run.metrics, uuid, graph)];
  const failed = status === 'failed' || status === 'killed';
  return graph.add({
    '@id': `#run-${uuid}`,
    '@type': results.length > 0 ? 'CreateAction' : 'ActivateAction',
    name: `${jobName(run)}: ${name ?? id}`,
    description: `Run ${id} as ${tracker} recorded it, ${status}.`,
    identifier: id,
    startTime: timeOf(startedAt),
    endTime: timeOf(endedAt),
    actionStatus: failed ? FAILED : status === 'finished' ? COMPLETED : undefined,
    error: failed
      ? `The run ${status === 'killed' ? 'was killed' : 'failed'}; ${tracker} keeps no message of it.`
      : null,
    agent: user === null ? undefined : graph.add({ '@id': `#user-${uuidOf(user)}`, '@type': 'Person', name: user }),
    instrument: instrumentOf(run, context),
    object: [...data('input'), ...environmentOf(run, graph), ...figuresOf('param', run.params, uuid, graph)],
    result: results,
    containerImage: imageOf(run, graph),
  });
}

const FAILED = 'http://schema.org/FailedActionStatus';
const COMPLETED = 'http://schema.org/CompletedActionStatus';

/** The profile's form of ISO 8601 has an offset in place of Z. */
const timeOf = (time: string | null): string | undefined => time?.replace(/Z$/, '+00:00');

/** The code at its commit; of a run that names none, what recorded it is all that is known. */
function instrumentOf(run: RunReport, { report, graph }: Context): Reference {
  const { commit, entrypoint, tracker } = run;
  if (commit === null && entrypoint === null)
    return graph.add({ '@id': `#tool-${tracker}`, '@type': 'SoftwareApplication', name: tracker });
  return graph.add({
    '@id': `#code-${uuidOf(`${entrypoint}@${commit}`)}`,
    '@type': 'SoftwareSourceCode',
    name: entrypoint ?? nameOf(report),
    version: commit,
    url: uriOf(report.code.remote),
    codeRepository: uriOf(report.code.remote),
  });
}

/** The file on disk when it still is the one that the run had, else that version of it by itself. */
function runDataOf(data: RunData, run: RunReport, { report, graph, space }: Context): Reference {
  const kept = data.current ? report.datasets.find(({ path }) => path === data.path) : undefined;
  const file = kept && fileOf(kept)['@id'];
  if (file !== undefined && graph.has(file)) return at(file);
  const place = placeOf(data, run, space);
  const { version, algorithm, name } = data;
  return graph.add({
    '@id': `#data-${uuidOf(`${place.space}/${place.name}@${version}`)}`,
    '@type': 'CreativeWork',
    name: data.path ?? name,
    version,
    identifier: version === null || algorithm === null ? undefined : `${run.tracker}:${algorithm}:${version}`,
    url: uriOf(place.address),
  });
}

const modelsOf = ({ models, tracker }: RunReport, graph: Graph): readonly Reference[] =>
  models.map(({ name, version, id }) =>
    graph.add({
      '@id': `#model-${uuidOf(`${tracker}/${name}@${version ?? id}`)}`,
      '@type': 'CreativeWork',
      name,
      version: version ?? id,
    }),
  );

function figuresOf(
  kind: 'param' | 'metric',
  figures: RunReport['params'],
  run: string,
  graph: Graph,
): readonly Reference[] {
  return Object.entries(figures)
    .filter(([, value]) => value !== null)
    .map(([name, value]) =>
      graph.add({
        '@id': `#${kind}-${uuidOf(`${run}/${name}`)}`,
        '@type': 'PropertyValue',
        additionalType: kind === 'param' ? 'parameter' : 'metric',
        name,
        value: typeof value === 'object' ? JSON.stringify(value) : value,
      }),
    );
}

/** Packages that it ran with; a lock file elsewhere is named and no part of the crate. */
function environmentOf({ environment }: RunReport, graph: Graph): readonly Reference[] {
  if (environment === null) return [];
  const id = idOf(environment);
  return [
    graph.has(id)
      ? at(id)
      : graph.add({ '@id': `#environment-${uuidOf(environment)}`, '@type': 'CreativeWork', name: environment }),
  ];
}

/** `registry/name:tag@sha256:…`; without a registry Docker means its own. */
function imageOf({ image }: RunReport, graph: Graph): Reference | undefined {
  const [, registry = 'docker.io', name, tag, sha256] =
    /^(?:([\w-]+(?:\.[\w.-]+|:\d+)(?::\d+)?|localhost)\/)?([^:@\s]+)(?::([\w.-]+))?(?:@sha256:([0-9a-f]{64}))?$/.exec(
      image ?? '',
    ) ?? [];
  if (image === null || name === undefined) return undefined;
  return graph.add({
    '@id': `#image-${uuidOf(image)}`,
    '@type': 'ContainerImage',
    additionalType: at('https://w3id.org/ro/terms/workflow-run#DockerImage'),
    registry,
    name,
    tag,
    sha256,
  });
}
