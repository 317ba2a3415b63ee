import { resolve } from 'node:path';
import { findDriftStart } from '../drift/find-start';
import type { DriftJob } from '../protocol';
import { withVersions } from '../provenance/versions';
import { type Exit, exitOfDrift } from './exit';
import { type MonitorOptions, runMonitors } from './monitors';
import { inTerminal, type Terminal } from './terminal';
import { type CommonOptions, type EngineFlags, UsageError } from './usage';

export interface DriftOptions extends CommonOptions, EngineFlags {
  readonly reference?: string;
  readonly current?: string;
  /** A file whose monitors are run in place of a comparison of one's own. */
  readonly monitor?: string;
  readonly only?: string;
  readonly contract?: string;
  readonly preset?: string;
  /** Column → `METHOD` or `METHOD:THRESHOLD`. */
  readonly method?: Readonly<Record<string, string>>;
  readonly type?: Readonly<Record<string, string>>;
  readonly columns?: readonly string[];
  readonly segmentBy?: readonly string[];
  readonly windowBy?: { readonly column: string; readonly every: string };
  readonly season?: string;
  readonly prediction?: string;
  readonly target?: string;
  readonly bisect?: boolean;
}

export const drift = (options: DriftOptions): Promise<Exit> =>
  inTerminal(options, (terminal) =>
    options.monitor === undefined ? compare(options, terminal) : runMonitors(monitorOptions(options), terminal),
  );

async function compare(options: DriftOptions, { run, write, world, folder }: Terminal): Promise<Exit> {
  const job = jobOf(options, folder);
  const report = options.bisect
    ? await findDriftStart(job, { world, run, onProgress: () => undefined })
    : await run(job);
  await write(await withVersions(world, report, folder));
  return exitOfDrift(report, options.failOn);
}

/** What a monitor's file says and the command line must not say otherwise. */
const saidByFile = ['contract', 'preset', 'method', 'type', 'columns', 'segmentBy', 'windowBy', 'bisect'] as const;

function monitorOptions(options: DriftOptions): MonitorOptions {
  const { monitor = '' } = options;
  const both = saidByFile.find((name) => options[name] !== undefined);
  if (both === undefined) return { ...options, monitor };
  const flag = `--${both.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new UsageError(`${flag} cannot stand beside --monitor: the file says how to compare. Change it there.`);
}

function given(option: 'reference' | 'current', options: DriftOptions): string {
  const ref = options[option];
  if (ref !== undefined) return ref;
  throw new UsageError(`Required option '--${option} <REF>' not specified. See: plumbline drift --help`);
}

function jobOf(options: DriftOptions, folder: string): DriftJob {
  const { contract, method, type, threads, memory } = options;
  const { preset, columns, segmentBy, windowBy, season, prediction, target } = options;
  return {
    kind: 'drift',
    reference: given('reference', options),
    current: given('current', options),
    folder,
    contract: contract === undefined ? undefined : { path: resolve(folder, contract) },
    preset,
    methods: method,
    types: type,
    columns,
    segmentBy,
    windowBy,
    season,
    prediction,
    target,
    engine: { threads, memory },
  };
}
