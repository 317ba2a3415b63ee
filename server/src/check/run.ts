import type { Contract, Table } from '../contract/model';
import type { Dataset } from '../data/dataset';
import type { CheckJob, CheckPlan, CheckReport, CheckResult, PlanJob } from '../protocol';
import type { Session } from '../session';
import { Cancelled, type Engine } from '../sql/engine';
import { Lines } from '../text/lines';
import { scheduleWords } from '../text/schedule';
import { TOOL } from '../tool';
import { Unreadable } from '../world';
import { answered, type Counted, figuresOf, scanned, valuesCounted } from './ask';
import { type Data, type Failing, type Measure, nothing, type Outcome, skipped } from './check';
import type { PlacedCheck } from './checks';
import { Comparisons } from './comparisons';
import { driftJob } from './drift-rule';
import { statementsOf } from './dry-run';
import { masked } from './masking';
import {
  type Answered,
  type Answers,
  scanned as figuresIn,
  outcomeOf,
  type Planned,
  planOf,
  refused,
  rowsIn,
} from './plan';
import { resultOf, type Seen, type Text } from './result';
import { samplesOf } from './samples';
import { checksFor, unmetBy } from './selection';
import type { Source } from './source';
import { type Absent, datasetsOf, isAbsent, referencesOf, sourcesFor, sourcesOf, sourcesWhere } from './sources';
import { cancelledBefore } from './unrun';
import { summaryOf } from './verdict';
import { createViews } from './views';

const SAMPLE_ROWS = 5;

/**
 * Runs every check of the contract on its data. `provenance` is left to the caller. Rejects with `Unreadable` when
 * there is nothing that can be checked, with `EngineDied` when the engine did, with `Cancelled` when the session ended:
 * it then holds a report of the checks that were done, the others skipped.
 */
export async function runCheck(job: CheckJob, contract: Contract, session: Session): Promise<CheckReport> {
  const started = { at: session.world.now().toISOString(), tick: performance.now() };
  return withRun(job, contract, session, async (run, open) => {
    const report = (results: readonly CheckResult[]): CheckReport => ({
      ...headOf(run, 'check'),
      startedAt: started.at,
      durationMs: Math.round(performance.now() - started.tick),
      checks: results,
      summary: summaryOf(results),
      data: run.data(),
      provenance: [],
    });
    try {
      await open();
      return report(await run.results());
    } catch (error) {
      throw error instanceof Cancelled ? new Cancelled(report(run.soFar())) : error;
    }
  });
}

/** What `runCheck` would ask the engine. The files are opened for their columns, and no check reads their rows. */
export const planCheck = (job: PlanJob, contract: Contract, session: Session): Promise<CheckPlan> =>
  withRun({ ...job, kind: 'check' }, contract, session, async (run, open) => {
    await open();
    return { ...headOf(run, 'plan'), tables: run.plan() };
  });

const headOf = <V extends string>({ job, contract, engine }: Run, verb: V) => ({
  schemaVersion: 1 as const,
  tool: TOOL,
  verb,
  contract: { path: job.contract.path, dialect: contract.dialect, version: contract.version ?? null },
  engine: { name: engine.name, version: engine.version },
});

/** A run with an engine that may read its data, until `work` has ended. */
async function withRun<T>(
  job: CheckJob,
  contract: Contract,
  session: Session,
  work: (run: Run, open: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const { world } = session;
  refuseUnknown(job, contract);
  const checks = checksFor(job, contract);
  const datasets = await datasetsOf(job, contract, world, session.signal);
  const references = await referencesOf(job, contract, world, session.signal);
  const files = [...datasets.values(), ...references.values()];
  const folders = files.flatMap((found) => (isAbsent(found) ? [] : found.folders));
  refuseNothing(job, checks, datasets);
  const engine = await session.open({ ...job.engine, folders: [...new Set(folders)] });
  const run = new Run(job, contract, session, engine, checks);
  try {
    return await work(run, async () => {
      await run.open(datasets, references);
      refuseNothing(job, checks, run.sources);
    });
  } finally {
    engine.close();
  }
}

function refuseUnknown(job: CheckJob, contract: Contract): void {
  const { tables, servers } = contract;
  const { path } = job.contract;
  if (tables.length === 0) throw new Unreadable(`${path} describes no table, so there is nothing to check.`, path);
  const names = tables.map(({ name }) => name);
  for (const name of [
    ...Object.keys({ ...job.data, ...job.reference, ...job.where }).filter(Boolean),
    ...(job.table === undefined ? [] : [job.table]),
  ]) {
    if (!names.includes(name))
      throw new Unreadable(`The contract has no table "${name}"; it has ${names.join(', ')}.`, path);
  }
  const alone = (['data', 'reference', 'where'] as const).find((key) => job[key]?.[''] !== undefined);
  if (alone !== undefined && tables.length > 1) {
    throw new Unreadable(
      `The contract has several tables: say which one --${alone} is about, for instance --${alone} ${names[0]}=${alone === 'where' ? 'CONDITION' : 'FILE'}.`,
      path,
    );
  }
  if (job.server !== undefined && !servers.some(({ name }) => name === job.server)) {
    const known = servers.map(({ name }) => name).join(', ');
    throw new Unreadable(`The contract has no server "${job.server}"; it has ${known || 'none'}.`, path);
  }
  const unmet = job.only && unmetBy(job.only, [contract]);
  if (unmet !== undefined) throw new Unreadable(unmet, path);
}

/** A run without any data would end well in silence, so it does not start. */
function refuseNothing(job: CheckJob, checks: readonly PlacedCheck[], found: ReadonlyMap<Table, object>): void {
  const tables = new Set(checks.map(({ table }) => table));
  const asked = [...found].filter(([table]) =>
    job.only ? tables.has(table) : job.table === undefined || table.name === job.table,
  );
  const absent = asked.flatMap(([, data]) => (isAbsent(data) ? [data] : []));
  if (absent.length < asked.length) return;
  const first = absent.find(({ error }) => error) ?? absent[0];
  throw first?.error ?? new Unreadable(first?.message ?? 'There are no data.', job.contract.path);
}

/** One table's checks with all that the engine said to them. */
interface TableRun {
  readonly table: Table;
  readonly source: Source;
  readonly planned: readonly Planned[];
}

class Run {
  /** What is checked of each table, once its data are open. */
  sources: ReadonlyMap<Table, Source | Absent> = new Map();
  /** All rows of each table: what others refer to is there, whatever is checked of it. */
  #whole: ReadonlyMap<Table, Source | Absent> = new Map();
  /** What the person gave to compare a table with. */
  #references: ReadonlyMap<Table, Source | Absent> = new Map();
  /** What checks look at that have a filter of their own. */
  #filtered: ReadonlyMap<PlacedCheck, Source | Absent> = new Map();
  readonly #text: Text;
  readonly #done = new Map<PlacedCheck, CheckResult>();
  readonly #rows = new Map<Table, number>();
  /** Whose rows the views of the authors' queries give. */
  #viewed: Source | Absent | 'all' | undefined;
  #step = 0;
  #steps = 1;

  constructor(
    readonly job: CheckJob,
    readonly contract: Contract,
    readonly session: Session,
    readonly engine: Engine,
    readonly checks: readonly PlacedCheck[],
  ) {
    this.#text = { path: job.contract.path, lines: new Lines(contract.tree.text) };
  }

  async open(datasets: ReadonlyMap<Table, Dataset | Absent>, references: ReadonlyMap<Table, Dataset>): Promise<void> {
    this.#references = await sourcesOf(this.engine, references);
    this.#whole = await sourcesOf(this.engine, datasets);
    this.sources = await sourcesWhere(this.job, this.#whole, this.engine);
    this.#filtered = await sourcesFor(this.checks, this.sources, this.engine);
  }

  /** Table by table, in the order of the contract. */
  async results(): Promise<readonly CheckResult[]> {
    const runs = this.#runs();
    this.#steps = runs.reduce((sum, { planned }) => sum + planOf(planned).steps, 0);
    const results: CheckResult[] = [];
    for (const { table, planned } of runs) {
      const source = this.sources.get(table);
      if (source && !isAbsent(source)) results.push(...(await this.#table({ table, source, planned })));
      else results.push(...planned.map(({ check, measure }) => this.#known(check, measure)));
    }
    return results;
  }

  /** What would be asked of each table. */
  plan(): CheckPlan['tables'] {
    return this.#runs().map(({ table, planned }) => {
      const source = this.sources.get(table);
      const there = source && !isAbsent(source) ? source : undefined;
      const sourceOf = ({ check }: Planned): Source | undefined => {
        const own = this.#source(check);
        return own && !isAbsent(own) ? own : there;
      };
      return {
        table: table.name,
        ref: there?.dataset.ref ?? null,
        path: there?.dataset.path ?? null,
        where: this.#where(table),
        statements: statementsOf(planned, sourceOf, this.job.sampleRows ?? SAMPLE_ROWS),
        without: planned.flatMap(({ check, measure }) => {
          if (measure.via !== 'nothing') return [];
          const { status, message } = this.#known(check, measure);
          return [{ check: check.id, status, message }];
        }),
      };
    });
  }

  #runs(): readonly { readonly table: Table; readonly planned: readonly Planned[] }[] {
    const planned = this.checks.map((check) => ({ check, measure: this.#measure(check) }));
    const tables = [...new Set(this.checks.map(({ table }) => table))];
    return tables.map((table) => ({ table, planned: planned.filter(({ check }) => check.table === table) }));
  }

  /** The results that are known, all others skipped. */
  soFar(): readonly CheckResult[] {
    return this.checks.map((check) => this.#done.get(check) ?? resultOf(check, cancelledBefore, this.#text));
  }

  /** Which data each table was read from. */
  data(): CheckReport['data'] {
    return this.#open().map(({ table, dataset: { ref, path, notes } }) => ({
      table: table.name,
      ref,
      path,
      rows: this.#rows.get(table) ?? null,
      where: this.#where(table),
      notes,
    }));
  }

  #open(): readonly Source[] {
    return [...this.sources.values()].flatMap((source) => (isAbsent(source) ? [] : [source]));
  }

  #measure(check: PlacedCheck): Measure {
    const source = this.#source(check);
    if (source && !isAbsent(source))
      return this.#withoutRows(source, this.#bounded(check, check.measure(this.#data(source))));
    return nothing({ verdict: source?.verdict ?? 'skipped', message: source?.message ?? 'There are no data.' });
  }

  #where({ name }: Table): string | undefined {
    return this.job.where?.[name] ?? this.job.where?.[''];
  }

  #source(check: PlacedCheck): Source | Absent | undefined {
    return this.#filtered.get(check) ?? this.sources.get(check.table);
  }

  /** A comparison reads its data by itself, so it cannot be of some rows only. */
  #bounded({ table, filter }: PlacedCheck, measure: Measure): Measure {
    return measure.via === 'drift' && (filter ?? this.#where(table)) !== undefined
      ? skipped('Drift is a comparison of all rows, and a filter asks for some of them only.')
      : measure;
  }

  /** A Parquet file tells its rows by itself. */
  #withoutRows({ all, dataset }: Source, measure: Measure): Measure {
    if (!this.job.metadataOnly || measure.via === 'nothing') return measure;
    const isTold = measure.via === 'scan' && measure.of === all && Object.keys(measure.figures).length === 0;
    return isTold && dataset.format === 'parquet'
      ? measure
      : skipped('This needs rows of the data, and only what is known without them was asked for.');
  }

  #data(source: Source): Data {
    return {
      source,
      now: this.session.world.now(),
      sourceOf: (table) => {
        const other = this.#whole.get(table);
        return other && !isAbsent(other) ? other : (other?.message ?? 'There are no data.');
      },
      reference: this.#reference(source.table),
      environment: this.job.environment,
    };
  }

  #reference(table: Table): Source | string {
    const found = this.#references.get(table);
    return found && !isAbsent(found)
      ? found
      : (found?.message ?? 'There are no data to compare with: name them with --reference FILE.');
  }

  async #table(run: TableRun): Promise<readonly CheckResult[]> {
    const { table, source, planned } = run;
    const answers = await this.#answers(run);
    const rows = rowsIn(answers, source.scope);
    if ('value' in rows) this.#rows.set(table, rows.value);
    const comparisons = await this.#comparisons(run);
    const results: CheckResult[] = [];
    for (const { check, measure } of planned) {
      const own = this.#source(check);
      const there = own && !isAbsent(own) ? own : source;
      results.push(
        measure.via === 'drift' && comparisons
          ? this.#reported(check, await this.#compared(check, measure, there, comparisons))
          : await this.#result(check, measure, there, answers),
      );
    }
    return results;
  }

  /** Undefined when nothing is compared: few contracts have such a rule, and all statistics of all systems come with it. */
  async #comparisons({ planned, source }: TableRun): Promise<Comparisons | undefined> {
    const wishes = planned.flatMap(({ measure }) => (measure.via === 'drift' ? [measure.wish] : []));
    if (wishes.length === 0) return undefined;
    const { judgesApart, runDrift } = await import('../drift/run');
    const jobs = new Map(wishes.map((wish) => [wish, driftJob(wish, source.dataset, this.job)]));
    return new Comparisons(jobs, judgesApart, (job, judged) => runDrift(job, this.session, judged));
  }

  async #answers({ table, planned }: TableRun): Promise<Answers> {
    const plan = planOf(planned);
    const scans = new Map<string, ReadonlyMap<string, Answered<number>>>();
    for (const scan of plan.scans) {
      this.#tell(table);
      const { relation } = scan.scope;
      scans.set(relation, new Map([...(scans.get(relation) ?? []), ...(await scanned(this.engine, scan))]));
    }
    const statements: [string, Awaited<ReturnType<typeof figuresOf>>][] = [];
    for (const sql of plan.statements) {
      this.#tell(table);
      statements.push([sql, await figuresOf(this.engine, sql)]);
    }
    return { scans, statements: new Map(statements) };
  }

  async #result(check: PlacedCheck, measure: Measure, source: Source, answers: Answers): Promise<CheckResult> {
    if (measure.via === 'nothing' || measure.via === 'drift') return this.#known(check, measure);
    if (measure.via === 'query') return this.#reported(check, await this.#queried(check, measure));
    const rows = rowsIn(answers, measure.of);
    if (measure.via === 'versions')
      return this.#reported(check, await this.#since(check, measure, rows), seenRows(rows));
    const counted = 'value' in rows ? rows.value : null;
    const judged =
      measure.via === 'values'
        ? await this.#tested(check, measure, counted, answers)
        : { outcome: outcomeOf(measure, answers), failing: measure.failing };
    const samples = await this.#samples(judged, source, measure);
    return this.#reported(check, judged.outcome, { rows: counted, samples, failing: judged.failing });
  }

  async #queried(check: PlacedCheck, { sql, judge }: Extract<Measure, { via: 'query' }>): Promise<Outcome> {
    this.#tell(check.table);
    await this.#view(check);
    const answer = await answered(() => this.engine.select(sql));
    return 'value' in answer
      ? judge(answer.value)
      : { verdict: 'unjudged', message: `The query cannot run: ${answer.error}` };
  }

  /** A query sees the rows that its filter leaves of its own table; the views stay as long as that does. */
  async #view(check: PlacedCheck): Promise<void> {
    const own = this.#filtered.get(check);
    if (this.#viewed !== undefined && this.#viewed === (own ?? 'all')) return;
    const filtered = own && !isAbsent(own) ? own : undefined;
    await createViews(
      this.engine,
      this.#open().map((source) => (source.table === filtered?.table ? filtered : source)),
    );
    this.#viewed = own ?? 'all';
  }

  async #compared(
    { table }: PlacedCheck,
    { wish, judge }: Extract<Measure, { via: 'drift' }>,
    { dataset }: Source,
    comparisons: Comparisons,
  ): Promise<Outcome> {
    this.#tell(table);
    try {
      return judge(await comparisons.reportFor(wish, driftJob(wish, dataset, this.job)));
    } catch (error) {
      if (error instanceof Unreadable) return { verdict: 'unjudged', message: error.message };
      throw error;
    }
  }

  /** The earlier rows are those that the same conditions leave. */
  async #since(
    { table, filter }: PlacedCheck,
    { reference, judge }: Extract<Measure, { via: 'versions' }>,
    rows: Answered<number>,
  ): Promise<Outcome> {
    this.#tell(table);
    const whole = this.#whole.get(table);
    if ('error' in rows || !whole || isAbsent(whole)) return refused('error' in rows ? rows.error : 'there are none.');
    const conditions = [this.#where(table), filter].filter((condition) => condition !== undefined);
    // Few contracts have such a rule.
    const { earlierRows } = await import('./earlier');
    try {
      const earlier = await earlierRows(whole, reference, conditions, this.job, this.session);
      return typeof earlier === 'string' ? refused(earlier) : judge({ rows: rows.value, earlier });
    } catch (error) {
      if (error instanceof Unreadable) return { verdict: 'unjudged', message: error.message };
      throw error;
    }
  }

  async #tested(
    { table }: PlacedCheck,
    measure: Extract<Measure, { via: 'values' }>,
    rows: number | null,
    answers: Answers,
  ): Promise<Judged> {
    this.#tell(table);
    const figures = figuresIn(measure, answers);
    if ('error' in figures) return { outcome: refused(figures.error), failing: undefined };
    const { signal } = this.session;
    const counted: Answered<Counted> = await valuesCounted(this.engine, measure.of, measure, rows ?? 0, signal);
    if (signal.aborted) throw new Cancelled();
    if ('error' in counted) return { outcome: { verdict: 'unjudged', message: counted.error }, failing: undefined };
    const { broken, predicate } = counted.value;
    const failing = measure.failing && { ...measure.failing, predicate };
    return { outcome: measure.judge({ ...figures.value, broken }, rows ?? 0), failing };
  }

  #samples({ outcome, failing }: Judged, source: Source, { of }: Extract<Measure, { of: unknown }>) {
    if (outcome.verdict !== 'fails' || !failing || outcome.unexpected === 0) return [];
    return samplesOf(this.engine, source, of, failing, this.job.sampleRows ?? SAMPLE_ROWS);
  }

  #known(check: PlacedCheck, measure: Measure): CheckResult {
    return this.#reported(check, measure.via === 'nothing' ? measure.outcome : refused('nothing was asked.'));
  }

  #reported(check: PlacedCheck, outcome: Outcome, seen?: Seen): CheckResult {
    const told = masked(check, outcome);
    const message = [told.message, scheduleWords(check.schedule, this.session.world.now())].filter(Boolean).join(' ');
    const result = resultOf(check, { ...told, message }, this.#text, seen);
    this.#done.set(check, result);
    return result;
  }

  #tell(table: Table): void {
    if (this.session.signal.aborted) throw new Cancelled();
    this.session.onProgress({
      share: this.#step++ / this.#steps,
      step: 1 / this.#steps,
      message: `Checking ${table.name}`,
    });
  }
}

const seenRows = (rows: Answered<number>): Seen => ({
  rows: 'value' in rows ? rows.value : null,
  samples: [],
  failing: undefined,
});

interface Judged {
  readonly outcome: Outcome;
  readonly failing: Failing | undefined;
}
