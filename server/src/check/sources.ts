import { dirname } from 'node:path';
import type { Contract, Table } from '../contract/model';
import { type Dataset, resolveDataset } from '../data/dataset';
import { locate } from '../data/locate';
import { readable } from '../data/written-text';
import type { CheckJob } from '../protocol';
import type { Engine } from '../sql/engine';
import { Unreadable, type World } from '../world';
import type { PlacedCheck } from './checks';
import { type FilterComplaint, filteredBy, isFilterComplaint } from './row-filter';
import { openSource, type Source } from './source';

/** Why a table has no data to look at: nothing says where they are, or what is there cannot be read. */
export interface Absent {
  readonly verdict: 'skipped' | 'unjudged';
  readonly message: string;
  readonly error?: Unreadable;
}

export const isAbsent = (found: object): found is Absent => 'verdict' in found;

/** The files of each table. Rejects with `Unreadable` when the person named some that cannot be read. */
export async function datasetsOf(
  job: CheckJob,
  contract: Contract,
  world: World,
  signal?: AbortSignal,
): Promise<ReadonlyMap<Table, Dataset | Absent>> {
  const found = new Map<Table, Dataset | Absent>();
  for (const table of contract.tables) found.set(table, await datasetOf(job, contract, table, world, signal));
  return found;
}

async function datasetOf(
  job: CheckJob,
  contract: Contract,
  table: Table,
  world: World,
  signal?: AbortSignal,
): Promise<Dataset | Absent> {
  const { data: bindings, folder, server } = job;
  const options = { contractPath: job.contract.path, bindings, folder, server };
  const located = await locate(contract, table, options, world);
  if (!located) {
    const message = `Nothing says where the data of table "${table.name}" are. Name them with --data ${table.name}=FILE, or add a server of type local.`;
    return { verdict: 'skipped', message };
  }
  try {
    return formed(await readableAt(located.ref, located.folder, world, signal), table);
  } catch (error) {
    const isNamed = bindings?.[table.name] !== undefined || bindings?.[''] !== undefined;
    if (!(error instanceof Unreadable) || isNamed) throw error;
    return { verdict: 'unjudged', message: error.message, error };
  }
}

/**
 * The files to compare tables with: those that the person gave, else those that the contract names and that are there.
 * Rejects with `Unreadable` when what the person gave cannot be read.
 */
export async function referencesOf(
  { reference, folder, contract }: CheckJob,
  { tables }: Contract,
  world: World,
  signal?: AbortSignal,
): Promise<ReadonlyMap<Table, Dataset>> {
  const found = new Map<Table, Dataset>();
  for (const table of tables) {
    const ref = reference?.[table.name] ?? (tables.length === 1 ? reference?.[''] : undefined);
    if (ref !== undefined) found.set(table, await readableAt(ref, folder, world, signal));
    else if (table.named?.reference !== undefined) {
      const named = await unlessAbsent(readableAt(table.named.reference, dirname(contract.path), world, signal));
      if (named) found.set(table, named);
    }
  }
  return found;
}

/** What the file says of how its cells are written goes before what was found. */
const formed = (dataset: Dataset, { named }: Table): Dataset =>
  named?.form && dataset.format === 'csv' ? { ...dataset, form: { ...dataset.form, ...named.form } } : dataset;

const readableAt: typeof resolveDataset = async (ref, folder, world, signal) =>
  readable(await resolveDataset(ref, folder, world, signal), world, signal);

async function unlessAbsent(dataset: Promise<Dataset>): Promise<Dataset | undefined> {
  try {
    return await dataset;
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

/** Opens every table that has files. What an engine cannot read is absent, with the engine's words. */
export async function sourcesOf(
  engine: Engine,
  datasets: ReadonlyMap<Table, Dataset | Absent>,
): Promise<ReadonlyMap<Table, Source | Absent>> {
  const sources = new Map<Table, Source | Absent>();
  for (const [table, dataset] of datasets) {
    sources.set(table, isAbsent(dataset) ? dataset : await opened(engine, table, dataset));
  }
  return sources;
}

/**
 * The tables with the rows that the job's conditions leave of them. Rejects with `Unreadable` for one that cannot be
 * followed.
 */
export async function sourcesWhere(
  { where = {}, contract }: CheckJob,
  sources: ReadonlyMap<Table, Source | Absent>,
  engine: Engine,
): Promise<ReadonlyMap<Table, Source | Absent>> {
  const left = new Map<Table, Source | Absent>();
  for (const [table, source] of sources) {
    const condition = where[table.name] ?? where[''];
    const found = condition === undefined || isAbsent(source) ? source : await filteredBy(condition, source, engine);
    if (isFilterComplaint(found)) throw new Unreadable(found.complaint, contract.path);
    left.set(table, found);
  }
  return left;
}

/** What each check that has a filter of its own looks at. */
export async function sourcesFor(
  checks: readonly PlacedCheck[],
  sources: ReadonlyMap<Table, Source | Absent>,
  engine: Engine,
): Promise<ReadonlyMap<PlacedCheck, Source | Absent>> {
  const known = new Map<Source, Map<string, Source | Absent>>();
  const found = new Map<PlacedCheck, Source | Absent>();
  for (const check of checks) {
    const source = sources.get(check.table);
    if (check.filter === undefined || !source || isAbsent(source)) continue;
    const left = known.get(source) ?? new Map<string, Source | Absent>();
    known.set(source, left);
    const one = left.get(check.filter) ?? absentIf(await filteredBy(check.filter, source, engine));
    left.set(check.filter, one);
    found.set(check, one);
  }
  return found;
}

const absentIf = (found: Source | FilterComplaint): Source | Absent =>
  isFilterComplaint(found) ? { verdict: 'unjudged', message: found.complaint } : found;

async function opened(engine: Engine, table: Table, dataset: Dataset): Promise<Source | Absent> {
  try {
    return await openSource(engine, table, dataset);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { verdict: 'unjudged', message: error.message, error };
  }
}
