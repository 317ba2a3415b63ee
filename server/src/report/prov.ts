import type { Figure, ProvenanceReport, RunReport } from '../protocol';
import { exported, jobName, ownTags, parentsIn, placeOf, type RunData, runUuid, spaceOf, wordsOf } from './exported';
import type { Format } from './format';

type Attributes = Readonly<Record<string, unknown>>;

const things = ['entity', 'activity', 'agent'] as const;

type Thing = (typeof things)[number];

/** Kinds of records, in the order in which they are written. */
const kinds = [
  ...things,
  'wasGeneratedBy',
  'used',
  'wasStartedBy',
  'wasDerivedFrom',
  'wasAssociatedWith',
  'specializationOf',
  'alternateOf',
] as const;

type Kind = (typeof kinds)[number];

/** Prefixes of what records are called and of what they say. Names of ours are no places on the web. */
const prefixes = {
  plumbline: 'urn:plumbline:terms:',
  data: 'urn:plumbline:data:',
  model: 'urn:plumbline:model:',
  commit: 'urn:plumbline:commit:',
  code: 'urn:plumbline:code:',
  environment: 'urn:plumbline:environment:',
  image: 'urn:plumbline:image:',
  agent: 'urn:plumbline:agent:',
  run: 'urn:uuid:',
  param: 'urn:plumbline:param:',
  metric: 'urn:plumbline:metric:',
} as const;

/**
 * A provenance report as a document of W3C's PROV-JSON. Versions of data, models, commits, scripts, lock files and images
 * are entities, runs are activities, people and trackers agents. What a run made counts as derived from all that it read.
 * An entity comes into being once: of content that several runs made, each has an entity of its own, an alternate of it.
 */
export const prov: Format = {
  id: 'prov',
  write(given) {
    const report = exported(given, 'PROV');
    const document = new Records();
    const context = {
      report,
      document,
      space: spaceOf(report),
      parentOf: parentsIn(report),
      inputs: new Map(),
      makers: new Map(),
    };
    for (const data of report.datasets) keepData(data, document);
    for (const run of report.runs) keepRun(run, context);
    for (const model of report.models) keepModel(model, context);
    for (const [entity, makers] of context.makers) tellMakers(entity, makers, context);
    return `${JSON.stringify({ prefix: prefixes, ...document.written() }, undefined, 2)}\n`;
  },
};

interface Context {
  readonly report: ProvenanceReport;
  readonly document: Records;
  readonly space: string;
  readonly parentOf: (run: RunReport) => RunReport | undefined;
  /** What each run read, by its activity. */
  readonly inputs: Map<string, readonly string[]>;
  /** The runs that made an entity, by their activity. */
  readonly makers: Map<string, Map<string, RunReport>>;
}

/** Things under their names and relations under what they say, each once. */
class Records {
  readonly #kept = new Map<Kind, Map<string, Attributes>>(kinds.map((kind) => [kind, new Map()]));

  /** A thing is told once more with what is known of it then. */
  thing(kind: Thing, id: string, attributes: Attributes): string {
    const kept = this.#kept.get(kind);
    kept?.set(id, { ...kept.get(id), ...known(attributes) });
    return id;
  }

  /** An entity that says the same under another name. */
  copy(id: string, name: string): string {
    return this.thing('entity', name, this.#kept.get('entity')?.get(id) ?? {});
  }

  relation(kind: Exclude<Kind, Thing>, attributes: Attributes): void {
    const told = known(attributes);
    this.#kept.get(kind)?.set(JSON.stringify(told), told);
  }

  /** Relations have no name in PROV unless somebody speaks of them, so that they are numbered. */
  written(): Attributes {
    const isThing = (kind: Kind) => things.some((thing) => thing === kind);
    return Object.fromEntries(
      [...this.#kept]
        .filter(([, records]) => records.size > 0)
        .map(([kind, records]) => [
          kind,
          isThing(kind)
            ? Object.fromEntries(records)
            : Object.fromEntries([...records.values()].map((record, index) => [`_:${kind}${index + 1}`, record])),
        ]),
    );
  }
}

const known = (attributes: Attributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null && value !== undefined));

/** A qualified name: what its local part cannot hold is written as in an address. */
const named = (prefix: keyof typeof prefixes, name: string): string =>
  `${prefix}:${name
    .split('/')
    .map(encodeURIComponent)
    .join('/')
    .replaceAll(/[!'()*]/g, percent)}`;

const percent = (sign: string): string => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;

const qualified = (name: string) => ({ $: name, type: 'prov:QUALIFIED_NAME' });
const type = (name: string) => qualified(`plumbline:${name}`);
const whole = (size: number | null) => (size === null ? null : { $: String(size), type: 'xsd:long' });

/** XML Schema's words for what is no number. */
const figures: Readonly<Record<string, string>> = { Infinity: 'INF', '-Infinity': '-INF' };
const double = (figure: Figure) =>
  figure === null ? null : { $: figures[String(figure)] ?? String(figure), type: 'xsd:double' };

// ------------------------------------------------------------------------------------------------------ things

/** The thing that has versions. */
const dataId = (name: string) => named('data', name);
const versionId = (name: string, version: string | null) =>
  version === null ? dataId(name) : named('data', `${name}@${version}`);

function keepData(data: ProvenanceReport['datasets'][number], document: Records): void {
  const { path, tracker, version, algorithm, sizeBytes, status, commit } = data;
  const id = document.thing('entity', versionId(path, version), {
    'prov:type': type('Dataset'),
    'prov:label': path,
    'plumbline:path': path,
    'plumbline:tracker': tracker,
    'plumbline:version': version,
    'plumbline:algorithm': algorithm,
    'plumbline:sizeBytes': whole(sizeBytes),
    'plumbline:status': status,
    'plumbline:commit': commit,
  });
  specialize(id, path, document);
}

function specialize(id: string, name: string, document: Records): void {
  const general = dataId(name);
  if (id === general) return;
  document.thing('entity', general, { 'prov:type': type('Dataset'), 'prov:label': name });
  document.relation('specializationOf', { 'prov:specificEntity': id, 'prov:generalEntity': general });
}

function keepRun(run: RunReport, context: Context): void {
  const { document, parentOf } = context;
  const id = document.thing('activity', activityId(run), {
    'prov:type': type('Run'),
    'prov:label': run.name ?? run.id,
    'prov:startTime': run.startedAt,
    'prov:endTime': run.endedAt,
    'plumbline:tracker': run.tracker,
    'plumbline:runId': run.id,
    'plumbline:experiment': run.experiment,
    'plumbline:status': run.status,
    'plumbline:dirty': run.dirty,
    ...Object.fromEntries(Object.entries(run.params).map(([name, value]) => [named('param', name), literal(value)])),
    ...Object.fromEntries(Object.entries(run.metrics).map(([name, value]) => [named('metric', name), double(value)])),
    ...Object.fromEntries(ownTags(run).map(([name, value]) => [named('plumbline', `tag/${name}`), value])),
  });
  keepAgents(run, id, document);
  keepCode(run, id, context);
  keepLineage(run, id, context);
  const parent = parentOf(run);
  if (parent) document.relation('wasStartedBy', { 'prov:activity': id, 'prov:starter': activityId(parent) });
}

const activityId = (run: RunReport): string => `run:${runUuid(run)}`;

/** Numbers as numbers of XML Schema, since a PROV-JSON number has no kind of its own. */
function literal(value: RunReport['params'][string]): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? whole(value) : double(value);
  return typeof value === 'boolean' ? { $: String(value), type: 'xsd:boolean' } : wordsOf(value);
}

/** Who ran it, by which script; and what wrote that down. */
function keepAgents(run: RunReport, activity: string, document: Records): void {
  const plan =
    run.entrypoint === null
      ? undefined
      : document.thing('entity', named('code', `${run.entrypoint}${run.commit === null ? '' : `@${run.commit}`}`), {
          'prov:type': qualified('prov:Plan'),
          'prov:label': jobName(run),
          'plumbline:path': run.entrypoint,
          'plumbline:commit': run.commit,
        });
  const recorder = document.thing('agent', named('agent', run.tracker), {
    'prov:type': qualified('prov:SoftwareAgent'),
    'prov:label': run.tracker,
  });
  const associated = (agent: string, role: string) =>
    document.relation('wasAssociatedWith', {
      'prov:activity': activity,
      'prov:agent': agent,
      'prov:plan': plan,
      'prov:role': role,
    });
  associated(recorder, 'recorder');
  if (run.user === null) return;
  const person = { 'prov:type': qualified('prov:Person'), 'prov:label': run.user };
  associated(document.thing('agent', named('agent', `user/${run.user}`), person), 'operator');
}

function keepCode(run: RunReport, activity: string, { report, document }: Context): void {
  const used = (entity: string, role: string) =>
    document.relation('used', { 'prov:activity': activity, 'prov:entity': entity, 'prov:role': role });
  if (run.commit !== null) {
    const entity = document.thing('entity', named('commit', run.commit), {
      'prov:type': type('Commit'),
      'prov:label': run.commit.slice(0, 7),
      'plumbline:repository': report.code.remote,
    });
    used(entity, 'code');
  }
  if (run.environment !== null) {
    const entity = { 'prov:type': type('LockFile'), 'prov:label': run.environment };
    used(document.thing('entity', named('environment', run.environment), entity), 'environment');
  }
  if (run.image !== null) {
    const entity = { 'prov:type': type('ContainerImage'), 'prov:label': run.image };
    used(document.thing('entity', named('image', run.image), entity), 'image');
  }
}

function keepLineage(run: RunReport, activity: string, context: Context): void {
  const { document } = context;
  const [inputs = [], outputs = []] = (['input', 'output'] as const).map((role) =>
    run.datasets
      .filter((data) => data.role === role)
      .map((data) => ({ id: keepRunData(data, run, context), purpose: data.context })),
  );
  for (const { id, purpose } of inputs)
    document.relation('used', { 'prov:activity': activity, 'prov:entity': id, 'prov:role': purpose ?? 'input' });
  const read = inputs.map(({ id }) => id);
  context.inputs.set(activity, read);
  const models = run.models.map(({ name, version, id }) =>
    modelEntity({ name, version: version ?? id, run }, document),
  );
  // What it read was there before it.
  for (const id of [...outputs.map((output) => output.id), ...models])
    if (!read.includes(id)) keepMaker(id, run, context);
}

function keepMaker(entity: string, run: RunReport, { makers }: Context): void {
  const own = makers.get(entity) ?? new Map<string, RunReport>();
  makers.set(entity, own.set(activityId(run), run));
}

function tellMakers(entity: string, makers: ReadonlyMap<string, RunReport>, { document, inputs }: Context): void {
  for (const [activity, run] of makers) {
    const made = makers.size === 1 ? entity : document.copy(entity, `${entity}/${runUuid(run)}`);
    if (made !== entity) document.relation('alternateOf', { 'prov:alternate1': made, 'prov:alternate2': entity });
    document.relation('wasGeneratedBy', { 'prov:entity': made, 'prov:activity': activity, 'prov:time': run.endedAt });
    for (const used of inputs.get(activity) ?? [])
      document.relation('wasDerivedFrom', {
        'prov:generatedEntity': made,
        'prov:usedEntity': used,
        'prov:activity': activity,
      });
  }
}

/** By its content the same version of the same data is one thing, whoever tells of it. */
function keepRunData(data: RunData, run: RunReport, { report, document, space: own }: Context): string {
  const { space, name, address } = placeOf(data, run, own);
  const full = space === own ? name : `${space}/${name}`;
  const id = document.thing('entity', versionId(full, data.version), {
    'prov:type': type('Dataset'),
    'prov:label': data.path ?? data.name,
    'plumbline:path': data.path,
    'plumbline:version': data.version,
    'plumbline:algorithm': data.algorithm,
    'plumbline:address': address,
  });
  specialize(id, full, document);
  const kept = data.current ? report.datasets.find(({ path }) => path === data.path) : undefined;
  const same = kept && versionId(kept.path, kept.version);
  if (same && same !== id) document.relation('alternateOf', { 'prov:alternate1': id, 'prov:alternate2': same });
  return id;
}

interface NamedModel {
  readonly name: string;
  readonly version: string | null;
  readonly run: Pick<RunReport, 'tracker'>;
}

const modelEntity = ({ name, version, run }: NamedModel, document: Records): string =>
  document.thing('entity', named('model', `${run.tracker}/${name}${version === null ? '' : `@${version}`}`), {
    'prov:type': type('Model'),
    'prov:label': name,
    'plumbline:version': version,
  });

/** Of the registry's versions, what they say beside their runs, which may be missing. */
function keepModel(model: ProvenanceReport['models'][number], context: Context): void {
  const { name, version, tracker, run, aliases, stage } = model;
  const id = modelEntity({ name, version, run: { tracker } }, context.document);
  context.document.thing('entity', id, {
    'plumbline:alias': aliases.length > 0 ? aliases : undefined,
    'plumbline:stage': stage,
  });
  const made = context.report.runs.find((one) => one.tracker === tracker && one.id === run);
  if (made) keepMaker(id, made, context);
}
