import { join, sep } from 'node:path';
import type { Finding, Location, RunStatus } from '../../../protocol';
import { fileStart } from '../../../text/lines';
import { amount, number } from '../../../text/words';
import { type FileStat, Unreadable, type World } from '../../../world';
import { findingAt } from '../../finding';
import type { Run } from '../../run';
import { datasetsOf, differingOf, type Moving, modelsOf, movingOf } from './artifacts';
import { codes } from './codes';
import { type Extras, extrasIn } from './extras';
import { bytesOf, type Logged, loggedIn } from './logged';
import type { Moment } from './record';
import { metricsOf, paramsOf, type Values } from './values';

/** One run as its folder says, whenever that is asked. */
export interface RunFolder {
  /** Undefined when there is no log to be read. */
  readonly run: Run | undefined;
  readonly log: string | undefined;
  /** False until the log says how the run ended. */
  readonly ended: boolean;
  readonly problems: readonly Finding[];
  /** Of a log that is being written: what is damage only when nobody writes it any more. */
  readonly unfinished: readonly Finding[];
  readonly moving: readonly Moving[];
  readonly params: Readonly<Record<string, Location>>;
}

/** The log of a run, with the identity that says whether it was read before. */
export interface Log {
  readonly path: string;
  readonly stat: FileStat;
}

/** `offline-run-20261123_221436-uabv4f5j`; runs that talk to a server lack the first word. */
const pattern = /^(?:offline-)?run-\d{8}_\d{6}-(.+)$/;

/** The id of the run whose folder has this name; undefined for other folders. */
export const idIn = (folderName: string): string | undefined => pattern.exec(folderName)?.[1];

/** The log's usual path. */
export const logPath = ({ folder, id }: Pick<Place, 'folder' | 'id'>): string => `${folder}${sep}run-${id}.wandb`;

/** Undefined when the folder has none. Rejects with `Unreadable`. */
export async function logIn(folder: string, id: string, world: World): Promise<Log | undefined> {
  const usual = logPath({ folder, id });
  const stat = await world.stat(usual);
  if (stat?.kind === 'file') return { path: usual, stat };
  const other = (await world.list(folder))?.find(({ name, kind }) => kind === 'file' && name.endsWith('.wandb'));
  if (!other) return undefined;
  const path = join(folder, other.name);
  const found = await world.stat(path);
  return found && { path, stat: found };
}

export interface Place {
  readonly store: string;
  readonly folder: string;
  readonly id: string;
}

/** What was read of a run together with that of others, so that it need not be asked for again. */
export interface Prepared {
  readonly bytes?: Uint8Array | undefined;
  /** Names in `files/`. */
  readonly names?: ReadonlySet<string> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Rejects only when the signal says so. */
export async function readRunFolder(
  place: Place,
  log: Log | undefined,
  world: World,
  prepared: Prepared = {},
): Promise<RunFolder> {
  if (!log) {
    const message = `${place.folder} has no .wandb file, which alone holds what run "${place.id}" did. Copy it here, or delete the folder.`;
    return { ...nothing, problems: [findingAt(codes, 'wandb/no-log', message, place.folder)] };
  }
  try {
    return await readWhole(place, log, world, prepared);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { ...nothing, log: log.path, problems: [findingAt(codes, 'wandb/unreadable', error.message, log.path)] };
  }
}

const nothing: RunFolder = {
  run: undefined,
  log: undefined,
  ended: true,
  problems: [],
  unfinished: [],
  moving: [],
  params: {},
};

async function readWhole(place: Place, log: Log, world: World, prepared: Prepared): Promise<RunFolder> {
  const bytes = prepared.bytes ?? bytesOf(log.path, log.stat.size, world);
  const logged = await loggedIn(bytes, prepared.signal);
  if (logged.faults.some(({ kind }) => kind === 'not-a-log')) {
    const message = `${log.path} is not a log of W&B: its first bytes are not ":W&B". Restore it from where it was copied.`;
    return { ...nothing, log: log.path, problems: [findingAt(codes, 'wandb/not-a-log', message, log.path)] };
  }
  const files = `${place.folder}${sep}files`;
  const names = prepared.names ?? new Set((await world.list(files))?.map(({ name }) => name));
  const extras = await extrasIn(files, names, world);
  const run = runOf({ place, log, logged, files, names, extras });
  const ended = logged.exit !== undefined;
  const damage = damageOf(log.path, run.id, logged);
  return {
    run,
    log: log.path,
    ended,
    problems: [
      ...damage.filter(({ code }) => code !== 'wandb/log-cut'),
      ...extras.problems,
      ...(run.code.dirty ? [uncommitted(run.id, join(files, 'diff.patch'))] : []),
      ...differingFindings(log.path, logged),
    ],
    unfinished: ended ? damage.filter(({ code }) => code === 'wandb/log-cut') : [ending(log.path, run.id, damage)],
    moving: movingOf(logged),
    params: extras.places,
  };
}

interface Parts {
  readonly place: Place;
  readonly log: Log;
  readonly logged: Logged;
  readonly files: string;
  readonly names: ReadonlySet<string>;
  readonly extras: Extras;
}

function runOf({ place, log, logged, files, names, extras }: Parts): Run {
  const { run, environment, exit } = logged;
  const location = { path: log.path, range: fileStart };
  const started = millisecondsOf(run?.started) ?? millisecondsOf(environment.started) ?? extras.started;
  const runtime = exit?.runtime;
  return {
    tracker: 'wandb',
    store: place.store,
    id: run?.id ?? place.id,
    name: run?.name || undefined,
    experiment: run?.project || undefined,
    status: statusOf(logged),
    started,
    ended: started === undefined || runtime === undefined ? undefined : started + runtime * 1000,
    code: codeOf({ logged, extras, dirty: names.has('diff.patch') || undefined, files, location }),
    parent: undefined,
    user: environment.user ?? extras.user,
    params: paramsOf(filled(logged.config) ? logged.config : extras.config),
    metrics: metricsOf(filled(logged.summary) ? logged.summary : extras.summary),
    tags: tagsOf(logged, extras),
    datasets: datasetsOf(logged, location),
    models: modelsOf(logged, location),
    environment: names.has('requirements.txt') ? join(files, 'requirements.txt') : undefined,
    image: environment.image || undefined,
    artifacts: { recorded: undefined, path: names.size > 0 ? files : undefined },
    location,
  };
}

const filled = (values: Values): boolean => [...values.keys()].some((name) => !name.startsWith('_'));

/** Without an end it may still run, or may have been killed. */
function statusOf({ exit }: Logged): RunStatus {
  if (!exit) return 'unknown';
  return exit.code ? 'failed' : 'finished';
}

const millisecondsOf = (moment: Moment | undefined): number | undefined =>
  moment?.seconds === undefined ? undefined : moment.seconds * 1000 + Math.round((moment.nanos ?? 0) / 1e6);

interface CodeParts {
  readonly logged: Logged;
  readonly extras: Extras;
  readonly dirty: true | undefined;
  readonly files: string;
  readonly location: Location;
}

/** A patch is kept only when W&B was told to save code, so that its absence says nothing. */
function codeOf({ logged: { run, environment }, extras, dirty, files, location }: CodeParts): Run['code'] {
  const remote = run?.git?.remote ?? environment.git?.remote ?? extras.repository;
  return {
    commit: run?.git?.commit || environment.git?.commit || extras.commit,
    branch: undefined,
    repository: remote?.replace(/^([a-z+]+:\/\/)[^/@]*@/i, '$1') || undefined,
    entrypoint: environment.codePath || environment.program || extras.program,
    dirty,
    location: dirty ? { path: join(files, 'diff.patch'), range: fileStart } : location,
  };
}

/** The person's own tags have no value; what W&B says of a run otherwise stands under `wandb.`. */
function tagsOf({ run, telemetry, environment }: Logged, extras: Extras): Readonly<Record<string, string>> {
  const properties = {
    group: run?.group,
    jobType: run?.jobType,
    notes: run?.notes,
    sweep: run?.sweep,
    version: telemetry.client,
    python: environment.python ?? telemetry.python ?? extras.python,
  };
  return Object.fromEntries([
    ...(run?.tags ?? []).map((tag) => [tag, '']),
    ...Object.entries(properties).flatMap(([name, value]) => (value ? [[`wandb.${name}`, value]] : [])),
  ]);
}

function uncommitted(id: string, patch: string): Finding {
  const message = `Run "${id}" ran with uncommitted changes, which its diff.patch keeps. Apply that to the commit and commit it, so that the code of the run can be had again.`;
  return findingAt(codes, 'wandb/uncommitted', message, patch);
}

/** The first damage stands for all of a log, each kind once. */
function damageOf(path: string, id: string, { faults, records }: Logged): readonly Finding[] {
  if (faults.length === 0) return [];
  const read = `${amount(records, 'record')} of run "${id}" ${records === 1 ? 'is' : 'are'} read all the same.`;
  const corrupt = faults.filter(({ kind }) => kind === 'corrupt');
  const cut = faults.find(({ kind }) => kind === 'cut');
  const [first] = corrupt;
  const places = corrupt.length > 1 ? ` and ${amount(corrupt.length - 1, 'place')} more` : '';
  return [
    ...(first
      ? [
          findingAt(
            codes,
            'wandb/log-corrupt',
            `${path} is damaged at byte ${number(first.offset)}${places}: its checksum does not hold. ${read} Copy the file again from where the run was.`,
            path,
          ),
        ]
      : []),
    ...(cut
      ? [
          findingAt(
            codes,
            'wandb/log-cut',
            `${path} is cut short within the record at byte ${number(cut.offset)}. ${read} Copy the file again from where the run was.`,
            path,
          ),
        ]
      : []),
  ];
}

/** One finding says both that the log ends within a record and that the run does not end in it. */
function ending(path: string, id: string, damage: readonly Finding[]): Finding {
  const message = `Run "${id}" has no end in ${path}: it was killed, or the log was copied before it ended. What it did until then is read.`;
  return damage.find(({ code }) => code === 'wandb/log-cut') ?? findingAt(codes, 'wandb/unfinished', message, path);
}

const differingFindings = (path: string, logged: Logged): readonly Finding[] =>
  differingOf(logged).map(({ name, digest, computed }) =>
    findingAt(
      codes,
      'wandb/digest-differs',
      `Artifact "${name}" has the digest ${digest}, but the files that it lists give ${computed}: one of them was changed after. Log the artifact again.`,
      path,
    ),
  );
