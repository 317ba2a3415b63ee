import type { ProvenanceReport, RunReport, RunStatus } from '../protocol';
import { Unreadable } from '../world';
import {
  exported,
  jobName,
  ownTags,
  parentsIn,
  placeOf,
  producerOf,
  type RunData,
  runUuid,
  spaceOf,
  uriOf,
  wordsOf,
} from './exported';
import type { Format } from './format';

/** https://openlineage.io/spec/2-0-2/OpenLineage.json; each facet has a version of its own. */
const CORE = 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs';

/** Versions of the facets as openlineage-python 1.54.0 writes them. */
const facetVersions = {
  ParentRunFacet: '1-2-0',
  ErrorMessageRunFacet: '1-0-1',
  ProcessingEngineRunFacet: '1-1-1',
  ExecutionParametersRunFacet: '1-0-0',
  TagsRunFacet: '1-0-0',
  SourceCodeLocationJobFacet: '1-1-0',
  JobTypeJobFacet: '2-0-4',
  DatasetVersionDatasetFacet: '1-0-1',
  DatasourceDatasetFacet: '1-0-1',
  DatasetTypeDatasetFacet: '1-0-1',
  InputStatisticsInputDatasetFacet: '1-0-0',
  OutputStatisticsOutputDatasetFacet: '1-0-2',
} as const;

type Fields = Readonly<Record<string, unknown>>;

/** What all parts of one report's events draw on. */
interface Context {
  readonly report: ProvenanceReport;
  readonly space: string;
  readonly producer: string;
  readonly parentOf: (run: RunReport) => RunReport | undefined;
}

/**
 * A provenance report as events of OpenLineage, one JSON a line in the order of their time: the start and the end of
 * each run, with its data. A time that a tracker does not keep is that of the run's other event, as `plumbline_run` shows;
 * a run without any time is left out. Throws `Unreadable` when there is no run to tell of.
 */
export const openlineage: Format = {
  id: 'openlineage',
  write(given) {
    const report = exported(given, 'OpenLineage');
    const context = { report, space: spaceOf(report), producer: producerOf(report), parentOf: parentsIn(report) };
    const events = report.runs.flatMap((run) => eventsOf(run, context)).sort(byTime);
    if (events.length === 0)
      throw new Unreadable(
        'No run here has a time, and OpenLineage tells of runs only. The format prov tells of data and code too.',
        '',
      );
    return events.map((event) => `${JSON.stringify(event)}\n`).join('');
  },
};

interface Event extends Fields {
  readonly eventType: string;
  readonly eventTime: string;
}

/** Before what it ended with, a run began; before its children, a parent did. */
const byTime = (a: Event, b: Event): number =>
  a.eventTime.localeCompare(b.eventTime) || Number(b.eventType === 'START') - Number(a.eventType === 'START');

/** What a run's status is as the last event of it; none for one that goes on. */
const ends: Readonly<Record<RunStatus, string | undefined>> = {
  queued: undefined,
  scheduled: undefined,
  running: undefined,
  finished: 'COMPLETE',
  failed: 'FAIL',
  killed: 'ABORT',
  unknown: 'OTHER',
};

function eventsOf(run: RunReport, context: Context): readonly Event[] {
  const start = run.startedAt ?? run.endedAt;
  const end = run.endedAt ?? run.startedAt;
  if (start === null || end === null) return [];
  const begun: Event = { eventType: 'START', eventTime: start, ...stated(run, context) };
  const eventType = ends[run.status];
  return eventType === undefined ? [begun] : [begun, { ...begun, eventType, eventTime: end }];
}

function stated(run: RunReport, context: Context): Fields {
  const inputs = run.datasets.filter(({ role }) => role === 'input');
  const outputs = run.datasets.filter(({ role }) => role === 'output');
  return {
    run: { runId: runUuid(run), facets: runFacets(run, context) },
    job: { ...jobOf(run, context), facets: jobFacets(run, context) },
    inputs: inputs.map((data) => datasetOf(data, run, context)),
    outputs: [...outputs.map((data) => datasetOf(data, run, context)), ...modelsOf(run, context)],
    producer: context.producer,
    schemaURL: `${CORE}/RunEvent`,
  };
}

const jobOf = (run: RunReport, { space }: Context) => ({ namespace: space, name: jobName(run) });

// ----------------------------------------------------------------------------------------------------- facets

const facet = (name: keyof typeof facetVersions, { producer }: Context, fields: Fields): Fields => ({
  _producer: producer,
  _schemaURL: `https://openlineage.io/spec/facets/${facetVersions[name]}/${name}.json#/$defs/${name}`,
  ...fields,
});

/** A facet that only we write, of which the schema says no more than what kind it is. */
const ownFacet = (kind: 'RunFacet' | 'DatasetFacet', { producer }: Context, fields: Fields): Fields => ({
  _producer: producer,
  _schemaURL: `${CORE}/${kind}`,
  ...known(fields),
});

/** What is unknown is left out. */
const known = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));

function runFacets(run: RunReport, context: Context): Fields {
  const parent = context.parentOf(run);
  const tags = ownTags(run).map(([key, value]) => ({ key, value, source: run.tracker.toUpperCase() }));
  const parameters = Object.entries(run.params).map(([key, value]) => ({ key, value: wordsOf(value) }));
  const [, engine, version] = /^(\S+) (\S+)$/.exec(run.tags['wandb.python'] ?? '') ?? [];
  const { tracker, id, name, experiment, startedAt, endedAt, dirty, user, environment, image, metrics } = run;
  const own = { tracker, id, name, experiment, startedAt, endedAt, dirty, user, environment, image, metrics };
  return known({
    parent:
      parent && facet('ParentRunFacet', context, { run: { runId: runUuid(parent) }, job: jobOf(parent, context) }),
    errorMessage: failureOf(run, context),
    processing_engine: version && facet('ProcessingEngineRunFacet', context, { name: engine, version }),
    executionParameters:
      parameters.length > 0 ? facet('ExecutionParametersRunFacet', context, { parameters }) : undefined,
    tags: tags.length > 0 ? facet('TagsRunFacet', context, { tags }) : undefined,
    plumbline_run: ownFacet('RunFacet', context, own),
  });
}

const languages: Readonly<Record<string, string>> = { py: 'PYTHON', ipynb: 'PYTHON', r: 'R', sh: 'SHELL', jl: 'JULIA' };

/** No tracker keeps the message of a failure; the facet wants the language that it was in, which the script tells. */
function failureOf({ status, tracker, entrypoint }: RunReport, context: Context): Fields | undefined {
  const programmingLanguage = languages[/\.(\w+)$/.exec(entrypoint ?? '')?.[1]?.toLowerCase() ?? ''];
  if (ends[status] !== 'FAIL' || programmingLanguage === undefined) return undefined;
  const message = `The run failed; ${tracker} keeps no message of it.`;
  return facet('ErrorMessageRunFacet', context, { message, programmingLanguage });
}

function jobFacets(run: RunReport, context: Context): Fields {
  const { code } = context.report;
  const url = uriOf(code.remote);
  const location = {
    type: 'git',
    url,
    repoUrl: code.remote,
    path: run.entrypoint,
    version: run.commit,
    tag: run.commit === code.commit ? code.tag : null,
    branch: run.branch,
  };
  return known({
    jobType: facet('JobTypeJobFacet', context, {
      processingType: 'BATCH',
      integration: run.tracker.toUpperCase(),
      jobType: 'RUN',
    }),
    sourceCodeLocation: url && run.commit && facet('SourceCodeLocationJobFacet', context, known(location)),
  });
}

// --------------------------------------------------------------------------------------------------- datasets

function datasetOf(data: RunData, run: RunReport, context: Context): Fields {
  const { space, name, address } = placeOf(data, run, context.space);
  const kept = context.report.datasets.find(({ path }) => path === data.path);
  const uri = uriOf(address) ?? (space === context.space ? uriOf(context.report.code.remote) : undefined);
  const { algorithm, joinedBy, current, context: purpose } = data;
  const own = { recordedBy: run.tracker, trackedBy: kept?.tracker, algorithm, joinedBy, current, context: purpose };
  const facets = known({
    version: data.version && facet('DatasetVersionDatasetFacet', context, { datasetVersion: data.version }),
    dataSource: facet('DatasourceDatasetFacet', context, known({ name: space, uri })),
    plumbline_dataset: ownFacet('DatasetFacet', context, own),
  });
  // Bytes on disk are those of the run only as long as the file is the run's version.
  const size = data.current ? (kept?.sizeBytes ?? undefined) : undefined;
  if (size === undefined) return { namespace: space, name, facets };
  return data.role === 'input'
    ? {
        namespace: space,
        name,
        facets,
        inputFacets: { inputStatistics: facet('InputStatisticsInputDatasetFacet', context, { size }) },
      }
    : {
        namespace: space,
        name,
        facets,
        outputFacets: { outputStatistics: facet('OutputStatisticsOutputDatasetFacet', context, { size }) },
      };
}

const modelsOf = ({ models, tracker }: RunReport, context: Context): readonly Fields[] =>
  models.map(({ name, version, id }) => ({
    namespace: tracker,
    name: `models/${name}`,
    facets: known({
      version: (version ?? id) && facet('DatasetVersionDatasetFacet', context, { datasetVersion: version ?? id }),
      datasetType: facet('DatasetTypeDatasetFacet', context, { datasetType: 'MODEL' }),
    }),
  }));
