import { resolve } from 'node:path';
import type { CheckReport, CheckReports, Summary } from '../protocol';
import { withVersions } from '../provenance/graph';
import { Cancelled } from '../sql/engine';
import { TOOL } from '../tool';
import { type Exit, exitOfCheck, worst } from './exit';
import { exitOfError, inTerminal, sentenceOf, type Terminal } from './terminal';
import type { CommonOptions, EngineFlags } from './usage';

export interface CheckOptions extends CommonOptions, EngineFlags {
  /** Table → reference. */
  readonly data?: Readonly<Record<string, string>>;
  readonly server?: string;
}

/** Checks each contract. One that cannot be checked is told and leaves the others to be checked; a cancelled run ends. */
export const check = (contracts: readonly string[], options: CheckOptions): Promise<Exit> =>
  inTerminal(options, async (terminal) => {
    const startedAt = terminal.world.now();
    const runs: CheckReport[] = [];
    const errors: unknown[] = [];
    for (const contract of contracts) {
      try {
        runs.push(await checkOne(contract, options, terminal));
      } catch (error) {
        errors.push(error);
        terminal.say(sentenceOf(error));
        if (error instanceof Cancelled) break;
      }
    }
    const [only] = runs;
    if (only) await terminal.write(contracts.length === 1 ? only : together(runs, startedAt, terminal.world.now()));
    return worst([...errors.map(exitOfError), ...runs.map((run) => exitOfCheck(run, options.failOn))]);
  });

async function checkOne(
  contract: string,
  options: CheckOptions,
  { run, world, folder }: Terminal,
): Promise<CheckReport> {
  const { data, server, threads, memory } = options;
  const path = resolve(folder, contract);
  const report = await run({ kind: 'check', contract: { path }, data, server, folder, engine: { threads, memory } });
  return withVersions(world, report, folder);
}

function together(runs: readonly CheckReport[], startedAt: Date, endedAt: Date): CheckReports {
  return {
    schemaVersion: 1,
    tool: TOOL,
    verb: 'check',
    startedAt: startedAt.toISOString(),
    durationMs: endedAt.getTime() - startedAt.getTime(),
    runs,
    summary: sumOf(runs.map((run) => run.summary)),
  };
}

function sumOf(summaries: readonly Summary[]): Summary {
  const total = (key: 'passed' | 'failed' | 'warning' | 'error' | 'skipped') =>
    summaries.reduce((sum, summary) => sum + summary[key], 0);
  const status = (['error', 'failed'] as const).find((bad) => summaries.some((summary) => summary.status === bad));
  return {
    passed: total('passed'),
    failed: total('failed'),
    warning: total('warning'),
    error: total('error'),
    skipped: total('skipped'),
    status: status ?? 'passed',
  };
}
