import { dirname } from 'node:path';
import { loadContract } from '../contract/load';
import type { Column, Table } from '../contract/model';
import { locate } from '../data/locate';
import type { Finding, RunReport } from '../protocol';
import { type Codes, findingAt } from '../stores/finding';
import type { ModelColumn, ModelFile, Run } from '../stores/run';
import { Unreadable, type World } from '../world';
import { type Evidence, shown } from './evidence';
import { fileOf, folderOf } from './inventory';
import { runCodes } from './run-findings';

/** What a model's signature can have against the contract of the data that it was made from. */
export const modelCodes = {
  'run/model-column-unknown': [
    'info',
    'A model takes a column that its run read from data, and the contract of the data lacks it.',
  ],
  'run/model-column-type': [
    'warning',
    'A model takes a column as another type than the contract of the data that its run read it from.',
  ],
} as const satisfies Codes;

/** Each cause once: a run that is gone, a column of a contract. @param runs Of the report, which know their data. */
export async function findingsOfModels(
  world: World,
  evidence: Evidence,
  runs: readonly RunReport[],
): Promise<readonly Finding[]> {
  return [...withoutRun(evidence), ...(await againstContracts(world, evidence, runs))];
}

/** Where no store of runs is here, nothing is known of any; what a registry's version says of a run is told there. */
function withoutRun({ survey, home }: Evidence): readonly Finding[] {
  if (!survey.runs.some(({ tracker }) => tracker === 'mlflow')) return [];
  const known = new Set([...survey.runs.map(({ id }) => id), ...survey.models.flatMap(({ run }) => run ?? [])]);
  return survey.modelFiles.flatMap(({ run, path }) => {
    if (!run || known.has(run.value)) return [];
    known.add(run.value);
    const message = `Model ${shown(home, dirname(path))} says that it is from run ${run.value}, which no store here has, or has only as deleted; fetch that store, or restore the run.`;
    return [findingAt(runCodes, 'run/model-without-run', message, run.location)];
  });
}

/** A column that the run read from one file, and the model takes as it is called there. */
interface Taken {
  readonly model: ModelFile;
  readonly column: ModelColumn & { readonly name: string };
  /** As the report names the file. */
  readonly path: string;
  /** Absolute. */
  readonly contract: string;
}

async function againstContracts(
  world: World,
  evidence: Evidence,
  reports: readonly RunReport[],
): Promise<readonly Finding[]> {
  const { survey, states, home } = evidence;
  const contracts = new Map(
    states.flatMap(({ item }) =>
      item.role === 'data' && item.contract !== undefined ? [[shown(home, item.path), item.contract] as const] : [],
    ),
  );
  const runs = new Map(survey.runs.map((run, index) => [run.id, { run, report: reports[index] }] as const));
  const taken = survey.modelFiles.flatMap((model) => {
    const { run, report } = runs.get(model.run?.value ?? '') ?? {};
    return run && report ? takenBy(model, run, report, contracts) : [];
  });
  const tables = new Map<string, Promise<Table | undefined>>();
  const told = new Set<string>();
  const findings: Finding[] = [];
  for (const one of taken) {
    const key = `${one.contract}\0${one.path}`;
    const table = tables.get(key) ?? tableAt(world, home, one);
    tables.set(key, table);
    const found = findingOf(one, await table, home);
    if (!found || told.has(`${key}\0${one.column.name}`)) continue;
    told.add(`${key}\0${one.column.name}`);
    findings.push(found);
  }
  return findings;
}

/** Only of what the tracker recorded of the data is it certain that the model's column is theirs, and not one that was made. */
function takenBy(
  model: ModelFile,
  run: Run,
  report: RunReport,
  contracts: ReadonlyMap<string, string>,
): readonly Taken[] {
  return (model.inputs ?? []).flatMap((column): readonly Taken[] => {
    const { name } = column;
    if (name === undefined) return [];
    const holders = run.datasets.flatMap((dataset, index) =>
      dataset.role === 'input' && dataset.columns?.some((known) => known.name === name && known.type === column.type)
        ? [report.datasets[index]?.path ?? undefined]
        : [],
    );
    const [path, ...others] = new Set(holders);
    const contract = path === undefined ? undefined : contracts.get(path);
    if (path === undefined || contract === undefined || others.length > 0) return [];
    return [{ model, column: { ...column, name }, path, contract }];
  });
}

/** The table of the contract whose data lie at the path; undefined when there is not exactly one. */
async function tableAt(world: World, home: string, { contract: path, path: data }: Taken): Promise<Table | undefined> {
  const contract = await loadContract({ path }, world).catch((error: unknown) => {
    if (error instanceof Unreadable) return undefined;
    throw error;
  });
  const found = await Promise.all(
    (contract?.tables ?? []).map(async (table) => {
      const place = contract && (await locate(contract, table, { contractPath: path, folder: dirname(path) }, world));
      const file = place && (await fileOf(world, place.ref, place.folder));
      const isHere = file && [file.path, folderOf(file.path)].some((one) => shown(home, one) === data);
      return isHere ? [table] : [];
    }),
  );
  const [table, ...others] = found.flat();
  return others.length === 0 ? table : undefined;
}

/** A table that is only described demands nothing, and one without columns says nothing of them. */
function findingOf(
  { model, column, path, contract }: Taken,
  table: Table | undefined,
  home: string,
): Finding | undefined {
  if (!table || table.described || table.columns.length === 0) return undefined;
  const { name, type } = column;
  const known = columnCalled(table, name);
  const who = `Model ${shown(home, dirname(model.path))} takes column "${name}"`;
  if (!known) {
    const message = `${who}, which its run read from ${path}, but ${shown(home, contract)} has no such column; describe it there.`;
    return findingAt(modelCodes, 'run/model-column-unknown', message, column.location);
  }
  if (!differs(type, known.logicalType)) return undefined;
  const message = `${who} as ${type}, as its run read it from ${path}, but ${shown(home, contract)} has it as ${known.logicalType}; correct the contract, or read it as that type.`;
  return findingAt(modelCodes, 'run/model-column-type', message, column.location);
}

/** One that differs in case alone is taken for it. */
function columnCalled({ columns }: Table, name: string): Column | undefined {
  const same = (one: string): boolean => one.toLowerCase() === name.toLowerCase();
  return columns.find((column) => same(column.name) || same(column.physicalName) || same(column.path));
}

/**
 * Logical types of ODCS that no data of a type of MLflow can be meant to have. Dates and times are read as text or as numbers,
 * and whole numbers with gaps as `double`, so those say nothing.
 */
const unlike: Readonly<Record<string, readonly string[]>> = {
  integer: ['string', 'boolean'],
  long: ['string', 'boolean'],
  float: ['string', 'boolean'],
  double: ['string', 'boolean'],
  string: ['integer', 'number', 'boolean'],
  boolean: ['string', 'date', 'timestamp', 'time'],
};

const differs = (type: string | undefined, logical: string | undefined): boolean =>
  type !== undefined && logical !== undefined && (unlike[type]?.includes(logical) ?? false);
