import { join } from 'node:path';
import type { Finding, Location } from '../../../protocol';
import { fileStart } from '../../../text/lines';
import { Unreadable, type World } from '../../../world';
import { findingAt, type Reading } from '../../finding';
import type { MetricPoint, ModelVersion, Run, RunDataset, RunDetails, Runs } from '../../run';
import { storeMemory } from '../../run-memory';
import { type ArtifactFinder, artifactsThere, createArtifactFinder, environmentIn, filesBelow } from './artifacts';
import { type Code, codes } from './codes';
import { datasetOf, type MadeModel, modelFoldersOf, modelsOf, runOf, statusOf } from './facts';
import { groupsOf } from './groups';
import { timeIn } from './meta';
import { createHistory, shown } from './metrics';
import { eachOf } from './parallel';
import { stageOf } from './registry';
import { type Database, openDatabase, SqliteMissing, type SqlValue } from './sqlite';
import { withLog } from './wal';

/** A whole database is held in memory, so that no lock or journal is made beside it. */
const LARGEST = 1 << 30;
/** Tables are declared at the beginning of a database or of its log. */
const DECLARATIONS = 4 << 20;
const FIRST_BYTES = 'SQLite format 3\0';
/** First bytes of a journal that is to be rolled back. */
const JOURNAL = 'd9d505f920a163d7';

/** Whether a file is a database of MLflow, by the tables that it or its log declares. A broken one is, when it is called so. */
export async function isDatabase(path: string, world: World): Promise<boolean> {
  if (/(^|[\\/])mlflow\.(db|sqlite3?)$/i.test(path)) return true;
  const head = async (file: string) => {
    const pieces: Uint8Array[] = [];
    for await (const piece of world.stream(file, { start: 0, end: DECLARATIONS })) pieces.push(piece);
    return Buffer.concat(pieces).toString('latin1');
  };
  try {
    const text = await head(path);
    if (!text.startsWith(FIRST_BYTES)) return false;
    const isOurs = (declared: string) => declared.includes('run_uuid') && declared.includes('artifact_uri');
    return isOurs(text) || isOurs(await head(`${path}-wal`).catch(() => ''));
  } catch {
    return false;
  }
}

interface Bytes {
  readonly bytes: Uint8Array;
  readonly problems: readonly Finding[];
}

const identityOf = async (store: string, world: World): Promise<string> => {
  const stats = await Promise.all([store, `${store}-wal`, `${store}-journal`].map((path) => world.stat(path)));
  return stats.map((stat) => stat?.identity ?? '').join(' ');
};

/** The database with its log, as they are between two writes. */
async function bytesOf(store: string, world: World): Promise<Bytes> {
  const stat = await world.stat(store);
  const log = await world.stat(`${store}-wal`);
  if ((stat?.size ?? 0) + (log?.size ?? 0) > LARGEST) throw new TooLarge();
  for (let attempt = 0; attempt < 3; attempt++) {
    const before = await identityOf(store, world);
    const database = await world.read(store);
    const bytes =
      log && log.size > 0 ? withLog(database, await world.read(`${store}-wal`)) : withLog(database, new Uint8Array());
    if ((await identityOf(store, world)) === before) return { bytes, problems: await journalProblems(store, world) };
  }
  const message = `${store} is being written without a pause; read it again when the training has ended.`;
  throw new Unreadable(message, store);
}

class TooLarge extends Error {}

async function journalProblems(store: string, world: World): Promise<readonly Finding[]> {
  const journal = `${store}-journal`;
  if (!(await world.stat(journal))?.size) return [];
  const bytes = Buffer.from(await world.read(journal)).subarray(0, 8);
  if (bytes.toString('hex') !== JOURNAL) return [];
  const message = `${store} is being written, or a write to it was cut off (${journal}); what is shown may be half of it. Open it once with MLflow.`;
  return [findingAt(codes, 'mlflow/database-busy', message, store)];
}

interface Known {
  readonly identity: string;
  readonly reading: Reading<Runs>;
}

/** Stores as they were read, by the identity of database and log. */
const remembered = new Map<string, Known>();
const onDisk = storeMemory<Known>('mlflow-database-2');
/** A smaller database is read again as quickly as it is looked up. Runs. */
const KEPT_FROM = 300;

/** Everything that is active in a database of MLflow, of whatever age its schema is. */
export async function readDatabase(store: string, world: World, signal?: AbortSignal): Promise<Reading<Runs>> {
  const nothing = (problem: Finding): Reading<Runs> => ({ found: { runs: [], models: [] }, problems: [problem] });
  try {
    const identity = await identityOf(store, world);
    const known = remembered.get(store) ?? (await onDisk.recall(store, world));
    if (known?.identity === identity) {
      remembered.set(store, known);
      return known.reading;
    }
    const reading = await withDatabase({ store, identity }, world, async ({ database, problems }) => {
      signal?.throwIfAborted();
      const { found, problems: told } = await readTables(database, store, world, signal);
      return { found, problems: [...problems, ...told] };
    });
    const made = { identity, reading };
    remembered.set(store, made);
    if (reading.found.runs.length >= KEPT_FROM) await onDisk.keep(store, made, world);
    return reading;
  } catch (error) {
    signal?.throwIfAborted();
    return nothing(problemOf(error, store));
  }
}

function problemOf(error: unknown, store: string): Finding {
  const [code, message]: readonly [Code, string] =
    error instanceof TooLarge
      ? ['mlflow/database-too-large', `${store} is larger than 1 GiB; delete old runs and their traces with: mlflow gc`]
      : error instanceof SqliteMissing
        ? ['mlflow/database-unreadable', `${store} is not read: ${error.message}`]
        : error instanceof Unreadable
          ? ['mlflow/database-unreadable', error.message]
          : ['mlflow/database-unreadable', `${store} is damaged or no database of SQLite; restore it from a copy.`];
  return findingAt(codes, code, message, store);
}

interface Opened {
  readonly database: Database;
  readonly problems: readonly Finding[];
}

/** The database that was used last stays open for a while: who lists its runs looks at some of them next. */
let held: { readonly key: string; readonly opened: Promise<Opened>; users: number; timer?: NodeJS.Timeout } | undefined;
const HELD_MS = 10_000;

async function withDatabase<T>(
  { store, identity }: { readonly store: string; readonly identity: string },
  world: World,
  use: (opened: Opened) => Promise<T>,
): Promise<T> {
  const key = `${store} ${identity}`;
  if (held?.key !== key) {
    const before = held;
    held = { key, opened: openedIn(store, world), users: 0 };
    if (before) release(before);
  }
  const mine = held;
  clearTimeout(mine.timer);
  mine.users++;
  try {
    return await use(await mine.opened);
  } finally {
    mine.users--;
    release(mine);
  }
}

/** Closes what nobody uses: at once when another database is held, else when it has not been asked for a while. */
function release(one: NonNullable<typeof held>): void {
  if (one.users > 0) return;
  const close = (): void => {
    if (one.users > 0) return;
    if (held === one) held = undefined;
    one.opened.then(
      ({ database }) => database.close(),
      () => undefined,
    );
  };
  clearTimeout(one.timer);
  if (held !== one) close();
  else one.timer = setTimeout(close, HELD_MS).unref();
}

async function openedIn(store: string, world: World): Promise<Opened> {
  const { bytes, problems } = await bytesOf(store, world);
  return { database: await openDatabase(bytes, world), problems };
}

const word = (value: SqlValue | undefined): string | undefined =>
  value === null || value === undefined || value === '' || value instanceof Uint8Array ? undefined : String(value);

const timeOf = (value: SqlValue | undefined): number | undefined =>
  value instanceof Uint8Array ? undefined : timeIn(value);

/** SQLite has no NaN and MLflow's column of floats no infinity: the first is a flag, the second the largest double. */
function metricIn(value: SqlValue | undefined, isNan: SqlValue | undefined): number {
  if (isNan === 1 || typeof value !== 'number') return Number.NaN;
  if (Math.abs(value) === Number.MAX_VALUE) return Math.sign(value) * Number.POSITIVE_INFINITY;
  return value;
}

const wordsOf = (
  rows: readonly { readonly key?: SqlValue; readonly value?: SqlValue }[] = [],
): Record<string, string> =>
  Object.fromEntries(rows.flatMap(({ key, value }) => (value == null ? [] : [[String(key), String(value)]])));

/** Words by run and key. Names come from others, and `__proto__` may be one. */
function wordsIn(database: Database, table: 'params' | 'tags'): ReadonlyMap<string, Readonly<Record<string, string>>> {
  const found = new Map<string, Record<string, string>>();
  database.each(table, ['key', 'value', 'run_uuid'], ([key, value, run]) => {
    if (value == null) return;
    put(ownOf(found, String(run)), String(key), String(value));
  });
  return found;
}

function ownOf<T>(found: Map<string, Record<string, T>>, run: string): Record<string, T> {
  const known = found.get(run);
  if (known) return known;
  const own: Record<string, T> = {};
  found.set(run, own);
  return own;
}

function put<T>(record: Record<string, T>, key: string, value: T): void {
  if (key === '__proto__')
    Object.defineProperty(record, key, { value, enumerable: true, writable: true, configurable: true });
  else record[key] = value;
}

async function readTables(
  database: Database,
  store: string,
  world: World,
  signal?: AbortSignal,
): Promise<Reading<Runs>> {
  const location: Location = { path: store, range: fileStart };
  const experiments = new Map(
    database
      .rows('experiments', ['experiment_id', 'name', 'lifecycle_stage'])
      .map((row) => [row.experiment_id, row] as const),
  );
  const rows = database
    .rows('runs', [
      'run_uuid',
      'name',
      'status',
      'start_time',
      'end_time',
      'lifecycle_stage',
      'artifact_uri',
      'experiment_id',
      'user_id',
    ])
    .filter((row) => row.lifecycle_stage !== 'deleted' && word(row.run_uuid) !== undefined)
    .filter((row) => experiments.get(row.experiment_id)?.lifecycle_stage !== 'deleted');
  const params = wordsIn(database, 'params');
  const tags = wordsIn(database, 'tags');
  const metrics = metricsOf(database);
  const datasets = datasetsOf(database, location);
  const made = madeModels(database, location);
  const models = versionsOf(database, store, location);
  const ofRun = groupsOf(models, 'run');
  const places = rows.map((row) => word(row.artifact_uri));
  const artifacts = createArtifactFinder(store, world, await artifactsThere(store, places, world, signal));
  const read = async (row: (typeof rows)[number]): Promise<Run> => {
    const id = String(row.run_uuid);
    const own = tags.get(id) ?? {};
    const experiment = word(row.experiment_id);
    const place = await artifacts.find(word(row.artifact_uri), { anchors: [experiment, id] });
    const outputs = await Promise.all((made.get(id) ?? []).map((model) => placed(model, artifacts)));
    const old = modelFoldersOf(own).map((model) => ({
      name: model.path,
      id: model.id,
      location,
      ...(place.path === undefined ? {} : { folder: join(place.path, model.path) }),
    }));
    return runOf({
      store,
      id,
      name: word(row.name),
      experiment: word(experiments.get(row.experiment_id)?.name),
      status: statusOf(word(row.status)),
      started: timeOf(row.start_time),
      ended: timeOf(row.end_time),
      user: word(row.user_id),
      params: params.get(id) ?? {},
      metrics: metrics.get(id) ?? {},
      tags: own,
      datasets: datasets.get(id) ?? [],
      models: modelsOf([...outputs, ...old], ofRun.get(id) ?? []),
      environment: await environmentOf([...outputs, ...old], world),
      artifacts: place,
      location,
      placeOf: () => location,
    });
  };
  const runs = await eachOf(rows, read, signal);
  const there = new Set(rows.map((row) => String(row.run_uuid)));
  const orphans = [...made].flatMap(([run, models]) => (there.has(run) ? [] : models));
  const gone = await eachOf(orphans, (model) => placed(model, artifacts), signal);
  return {
    found: {
      runs: [...runs].sort((a, b) => (b.started ?? 0) - (a.started ?? 0)),
      models,
      modelFolders: [
        ...new Set([...runs.flatMap(({ models: own }) => own), ...gone].flatMap(({ folder }) => folder ?? [])),
      ],
    },
    problems: artifacts.findings(),
  };
}

/** Where a model of MLflow 3 lies, which is beside the artifacts of its run and not among them. */
async function placed({ recorded, experiment, ...made }: LoggedModel, artifacts: ArtifactFinder): Promise<MadeModel> {
  const { path } = await artifacts.find(recorded, { anchors: [experiment, 'models'] });
  return path === undefined ? made : { ...made, logged: { name: made.name, folder: path }, folder: path };
}

/** Packages of the first model of a run that has a file of them here. */
async function environmentOf(models: readonly MadeModel[], world: World): Promise<string | undefined> {
  const files = await Promise.all(models.map(({ folder }) => folder && environmentIn(folder, world)));
  return files.find((file) => file) || undefined;
}

/** Shown metrics by run. `latest_metrics` has one row a key; databases before MLflow 1.4 lack it. */
function metricsOf(database: Database): ReadonlyMap<string, Readonly<Record<string, number>>> {
  const found = new Map<string, Record<string, number>>();
  if (database.has('latest_metrics')) {
    database.each('latest_metrics', ['key', 'value', 'is_nan', 'run_uuid'], ([key, value, isNan, run]) =>
      put(ownOf(found, String(run)), String(key), metricIn(value, isNan)),
    );
    return found;
  }
  const points = new Map<string, Map<string, MetricPoint>>();
  const columns = ['key', 'value', 'timestamp', 'step', 'is_nan', 'run_uuid'] as const;
  database.each('metrics', columns, ([key, value, timestamp, step, isNan, run]) => {
    const id = String(run);
    const own = points.get(id) ?? new Map<string, MetricPoint>();
    points.set(id, own);
    const point = { step: Number(step ?? 0), value: metricIn(value, isNan), time: timeOf(timestamp) };
    own.set(String(key), shown(own.get(String(key)), point));
  });
  for (const [run, own] of points) for (const [key, { value }] of own) put(ownOf(found, run), key, value);
  return found;
}

/** Datasets by the run that read them. */
function datasetsOf(database: Database, location: Location): ReadonlyMap<string, readonly RunDataset[]> {
  const datasets = new Map(
    database
      .rows('datasets', ['dataset_uuid', 'name', 'digest', 'dataset_source', 'dataset_profile', 'dataset_schema'])
      .map((row) => [row.dataset_uuid, row] as const),
  );
  const tags = groupsOf(database.rows('input_tags', ['input_uuid', 'name', 'value']), 'input_uuid');
  const found = new Map<string, RunDataset[]>();
  const inputs = database.rows('inputs', [
    'input_uuid',
    'source_type',
    'source_id',
    'destination_type',
    'destination_id',
  ]);
  for (const input of inputs) {
    const dataset = datasets.get(input.source_id);
    if (input.source_type !== 'DATASET' || input.destination_type !== 'RUN' || !dataset) continue;
    const id = String(input.destination_id);
    const own = wordsOf(tags.get(input.input_uuid)?.map(({ name, value }) => ({ key: name, value })));
    const facts = { name: String(dataset.name), digest: word(dataset.digest), tags: own, location };
    const read = datasetOf({
      ...facts,
      source: word(dataset.dataset_source),
      profile: word(dataset.dataset_profile),
      schema: word(dataset.dataset_schema),
    });
    found.set(id, [...(found.get(id) ?? []), read]);
  }
  return found;
}

interface LoggedModel extends MadeModel {
  readonly recorded: string | undefined;
  /** Id of the experiment that it was made in. */
  readonly experiment: string | undefined;
}

/** Models of MLflow 3 by the run that made them. */
function madeModels(database: Database, location: Location): ReadonlyMap<string, readonly LoggedModel[]> {
  const found = new Map<string, LoggedModel[]>();
  const columns = [
    'model_id',
    'name',
    'source_run_id',
    'experiment_id',
    'artifact_location',
    'lifecycle_stage',
  ] as const;
  for (const row of database.rows('logged_models', columns)) {
    if (row.lifecycle_stage === 'deleted') continue;
    const id = String(row.source_run_id);
    const model = {
      name: String(row.name),
      id: word(row.model_id),
      location,
      recorded: word(row.artifact_location),
      experiment: word(row.experiment_id),
    };
    found.set(id, [...(found.get(id) ?? []), model]);
  }
  return found;
}

function versionsOf(database: Database, store: string, location: Location): readonly ModelVersion[] {
  const aliases = database.rows('registered_model_aliases', ['alias', 'version', 'name']);
  return database
    .rows('model_versions', ['name', 'version', 'run_id', 'source', 'status', 'current_stage'])
    .filter((row) => row.current_stage !== 'Deleted_Internal')
    .map((row) => ({
      tracker: 'mlflow',
      store,
      name: String(row.name),
      version: String(row.version),
      run: word(row.run_id),
      source: word(row.source),
      aliases: aliases
        .filter(({ name, version }) => name === row.name && String(version) === String(row.version))
        .map(({ alias }) => String(alias)),
      stage: stageOf(word(row.current_stage)),
      status: word(row.status),
      location,
    }));
}

/** Histories of one run; undefined when the database has none of that id, or cannot be read. */
export async function databaseDetails(
  store: string,
  id: string,
  world: World,
  signal?: AbortSignal,
): Promise<RunDetails | undefined> {
  const run = (await readDatabase(store, world, signal)).found.runs.find((one) => one.id === id);
  if (!run) return undefined;
  const identity = await identityOf(store, world);
  const histories = await withDatabase({ store, identity }, world, async ({ database }) =>
    historiesOf(database, id),
  ).catch(() => undefined);
  const names = [
    ...Object.keys(run.params).map((key) => `params/${key}`),
    ...Object.keys(run.metrics).map((key) => `metrics/${key}`),
  ];
  return {
    histories: histories ?? {},
    places: Object.fromEntries(names.map((name) => [name, run.location])),
    artifacts: run.artifacts.path ? await filesBelow(run.artifacts.path, world, signal) : [],
  };
}

function historiesOf(database: Database, id: string): Readonly<Record<string, readonly MetricPoint[]>> {
  const columns = ['key', 'value', 'timestamp', 'step', 'is_nan'] as const;
  const points = groupsOf(database.rows('metrics', columns, { column: 'run_uuid', value: id }), 'key');
  const histories = [...points].map(([key, rows]) => {
    const history = createHistory();
    for (const row of rows) {
      history.add({ step: Number(row.step ?? 0), value: metricIn(row.value, row.is_nan), time: timeOf(row.timestamp) });
    }
    return [String(key), history.points()] as const;
  });
  return Object.fromEntries(histories);
}
