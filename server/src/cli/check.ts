import { resolve } from 'node:path';
import { reportOfCancelled, reportOfDeath } from '../check/unrun';
import { loadContract } from '../contract/load';
import type { CheckJob, CheckReport, CheckReports, Summary } from '../protocol';
import { withVersions } from '../provenance/versions';
import { addRun, hasHistory } from '../results/history';
import { Cancelled, EngineDied } from '../sql/engine';
import { TOOL } from '../tool';
import type { World } from '../world';
import { type Exit, exitOfCheck, worst } from './exit';
import { exitOfError, inTerminal, sentenceOf, type Terminal } from './terminal';
import { type CommonOptions, type EngineFlags, UsageError } from './usage';

export interface CheckOptions extends CommonOptions, EngineFlags {
  /** Table → reference. */
  readonly data?: Readonly<Record<string, string>>;
  readonly reference?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly server?: string;
  /** As the person wrote them: only the contract tells which begin with a table. */
  readonly where?: readonly string[];
  readonly checks?: readonly string[];
  readonly dimension?: readonly string[];
  readonly tag?: readonly string[];
  readonly metadataOnly?: boolean;
  readonly dryRun?: boolean;
  /** False with `--no-record`; undefined: where the workspace has a history. */
  readonly record?: boolean;
}

/**
 * Checks each contract. One that cannot be checked is told and leaves the others to be checked; a cancelled run ends, and
 * reports what it has.
 */
export const check = (contracts: readonly string[], options: CheckOptions): Promise<Exit> =>
  inTerminal(options, async (terminal) => {
    const startedAt = terminal.world.now();
    const runs: CheckReport[] = [];
    const errors: unknown[] = [];
    for (const { contract, only } of await selectedIn(contracts, options, terminal)) {
      const begun = terminal.world.now();
      let job = jobOf(contract, options, only, terminal);
      try {
        job = await withWhere(job, options, terminal.world);
        if (options.dryRun) {
          await terminal.write(await terminal.run({ ...job, kind: 'plan' }));
          continue;
        }
        const report = await withVersions(terminal.world, await terminal.run(job), terminal.folder);
        runs.push(report);
        await record(report, job.contract.path, options, terminal);
      } catch (error) {
        errors.push(error);
        terminal.say(sentenceOf(error));
        const left = options.dryRun ? undefined : await reportDespite(error, job, terminal.world, begun);
        if (left) runs.push(await withVersions(terminal.world, left, terminal.folder));
        if (error instanceof Cancelled) break;
      }
    }
    const [first] = runs;
    if (first) await terminal.write(contracts.length === 1 ? first : together(runs, startedAt, terminal.world.now()));
    return worst([...errors.map(exitOfError), ...runs.map((run) => exitOfCheck(run, options.failOn))]);
  });

function jobOf(contract: string, options: CheckOptions, only: CheckJob['only'], { folder }: Terminal): CheckJob {
  const { data, reference, environment, server, metadataOnly, threads, memory } = options;
  const path = resolve(folder, contract);
  return {
    kind: 'check',
    contract: { path },
    data,
    reference,
    environment,
    server,
    only,
    metadataOnly,
    folder,
    engine: { threads, memory },
  };
}

/** `TABLE=CONDITION` when the contract has such a table and nothing parts it from the sign; else all is the condition. */
async function withWhere(job: CheckJob, { where }: CheckOptions, world: World): Promise<CheckJob> {
  if (!where) return job;
  const { tables } = await loadContract(job.contract, world);
  const conditions: Record<string, string> = {};
  for (const words of where) {
    const table = tables.find(({ name }) => words.startsWith(`${name}=`))?.name ?? '';
    if (Object.hasOwn(conditions, table))
      throw new UsageError(`--where says twice which rows of ${table === '' ? 'the table' : `"${table}"`} are wanted.`);
    conditions[table] = table === '' ? words : words.slice(table.length + 1);
  }
  return { ...job, where: conditions };
}

interface Selected {
  readonly contract: string;
  readonly only: CheckJob['only'];
}

/** The contracts with checks that the person selected. Of several, those without any are left out. */
async function selectedIn(
  contracts: readonly string[],
  { checks, dimension, tag }: CheckOptions,
  { world, folder }: Terminal,
): Promise<readonly Selected[]> {
  const isSelected = (checks ?? dimension ?? tag) !== undefined;
  const only = isSelected ? { checks, dimensions: dimension, tags: tag } : undefined;
  if (!only || contracts.length === 1) return contracts.map((contract) => ({ contract, only }));
  const { checksFor, unmetBy } = await import('../check/selection');
  const read = await Promise.all(
    contracts.map(async (contract) => {
      const source = { path: resolve(folder, contract) };
      const model = await loadContract(source, world);
      const ids = checksFor({ kind: 'check', contract: source, folder, only }, model).map(({ id }) => id);
      return { contract, model, only: { checks: ids } };
    }),
  );
  const unmet = unmetBy(
    only,
    read.map(({ model }) => model),
  );
  if (unmet !== undefined) throw new UsageError(unmet);
  return read.filter((one) => one.only.checks.length > 0);
}

/** A history that nobody began is not begun by a check either: a command line leaves no files that were not asked for. */
async function record(
  report: CheckReport,
  contract: string,
  options: CheckOptions,
  { world, folder: base }: Terminal,
): Promise<void> {
  if (options.record ?? (await hasHistory(world, contract, base)))
    await addRun(world, report, contract, { by: 'command-line', base });
}

/** What can be told of a run that did not come to its end. Undefined where not even its checks are known. */
async function reportDespite(
  error: unknown,
  job: CheckJob,
  world: World,
  begun: Date,
): Promise<CheckReport | undefined> {
  if (error instanceof Cancelled && error.partial) return error.partial;
  if (!(error instanceof Cancelled || error instanceof EngineDied)) return undefined;
  const contract = await loadContract(job.contract, world).catch(() => undefined);
  if (!contract) return undefined;
  return error instanceof Cancelled
    ? reportOfCancelled(job, contract, begun, world.now())
    : reportOfDeath(job, contract, error.message, begun, world.now());
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
