import { dirname, resolve } from 'node:path';
import { jobOf, type Monitor, withMonitor } from '../drift/monitor';
import { type MonitorFile, monitorsIn, noMonitors } from '../drift/monitor-file';
import type { DriftReport, DriftReports } from '../protocol';
import { withVersions } from '../provenance/versions';
import { Cancelled } from '../sql/engine';
import { Lines } from '../text/lines';
import { parseText } from '../text/parse';
import { TOOL } from '../tool';
import { type Exit, exitOfDrift, worst } from './exit';
import { exitOfError, sentenceOf, type Terminal } from './terminal';
import { type CommonOptions, type EngineFlags, UsageError } from './usage';

export interface MonitorOptions extends CommonOptions, EngineFlags {
  /** The file. */
  readonly monitor: string;
  /** The monitor of it to run; all of them when left out. */
  readonly only?: string;
  readonly reference?: string;
  readonly current?: string;
}

/**
 * Runs the monitors of a file as they stand. One that is not for Plumbline is told with its reason; one whose data cannot
 * be read is told and leaves the others to be run.
 */
export async function runMonitors(options: MonitorOptions, terminal: Terminal): Promise<Exit> {
  const { world, folder } = terminal;
  const path = resolve(folder, options.monitor);
  const startedAt = world.now();
  const file = monitorsIn(path, parseText(path, await world.readText(path)));
  if (!file || file.monitors.length === 0) throw noMonitors(path);
  const chosen = named(file, options);
  const runs: DriftReport[] = [];
  const errors: unknown[] = [];
  for (const monitor of chosen.filter(({ refusal }) => refusal === undefined)) {
    try {
      runs.push(await runOne(monitor, path, options, terminal));
    } catch (error) {
      errors.push(error);
      terminal.say(sentenceOf(error));
      if (error instanceof Cancelled) break;
    }
  }
  const [first] = runs;
  const report =
    chosen.length === 1 && first
      ? first
      : together(path, file, { chosen, runs, startedAt, durationMs: world.now().getTime() - startedAt.getTime() });
  if (chosen.length > 1 || first || errors.length === 0) await terminal.write(report);
  return worst([...errors.map(exitOfError), exitOfDrift(report, options.failOn)]);
}

function named({ monitors }: MonitorFile, { only, monitor }: MonitorOptions): readonly Monitor[] {
  const chosen = only === undefined ? monitors : monitors.filter(({ name }) => name === only);
  if (chosen.length > 0) return chosen;
  throw new UsageError(
    `${monitor} has no monitor "${only}"; its monitors are ${monitors.map(({ name }) => name).join(', ')}.`,
  );
}

async function runOne(
  monitor: Monitor,
  path: string,
  { reference, current, threads, memory }: MonitorOptions,
  { world, folder, run }: Terminal,
): Promise<DriftReport> {
  const engine = { threads, memory };
  const job = jobOf(monitor, { path, home: dirname(path), folder, reference, current, engine });
  return withMonitor(await withVersions(world, await run(job), folder), monitor, path);
}

interface Outcome {
  readonly chosen: readonly Monitor[];
  readonly runs: readonly DriftReport[];
  readonly startedAt: Date;
  readonly durationMs: number;
}

function together(path: string, { tree }: MonitorFile, { chosen, runs, startedAt, durationMs }: Outcome): DriftReports {
  const lines = new Lines(tree.text);
  const notRun = chosen.flatMap(({ name, node, refusal }) =>
    refusal === undefined ? [] : [{ name, reason: refusal, location: { path, range: lines.range(node.span) } }],
  );
  const drifted = runs.filter(({ dataset }) => dataset.drifted).length;
  return {
    schemaVersion: 1,
    tool: TOOL,
    verb: 'drift',
    startedAt: startedAt.toISOString(),
    durationMs,
    runs,
    notRun,
    summary: { drifted, notDrifted: runs.length - drifted, notRun: notRun.length },
  };
}
