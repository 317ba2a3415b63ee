import { relative, resolve } from 'node:path';
import { convert } from '../contract/convert';
import type { Dialect, Written } from '../contract/dialect';
import { odcs } from '../contract/dialects/odcs';
import { asPosix, inferContract, isPlainPath, type Sample, tableNameOf } from '../contract/infer';
import type { Column, Contract, Table } from '../contract/model';
import { formatOf } from '../data/formats';
import type { CheckReport, EngineOptions, Job, ReportOf } from '../protocol';
import { parseText } from '../text/parse';

export interface Wish {
  /** Dataset references, one a table. */
  readonly refs: readonly string[];
  /** Where relative references start. */
  readonly folder: string;
  /** Where the contract will lie. */
  readonly home: string;
  readonly dialect: Dialect;
  readonly engine?: EngineOptions;
}

/**
 * A first contract for data, which those data keep: what they break after all, such as a date that is written as no
 * conversion reads it, is taken out again. Rejects as the jobs do.
 */
export async function firstContract(
  { refs, folder, home, dialect, engine }: Wish,
  run: <J extends Job>(job: J) => Promise<ReportOf<J>>,
): Promise<Written> {
  const names = namesOf(refs);
  const samples: Sample[] = [];
  for (const [at, ref] of refs.entries()) {
    const profile = await run({ kind: 'profile', ref, folder, ...(engine ? { engine } : {}) });
    const path = isPlainPath(ref) ? asPosix(relative(home, resolve(folder, ref))) : undefined;
    samples.push({ table: names[at] ?? ref, profile, path, format: formatOf(ref) });
  }
  const check = async (contract: Contract, written: Written, tables: readonly string[]): Promise<Contract> => {
    const data = Object.fromEntries(tables.flatMap((table, at) => (refs[at] === undefined ? [] : [[table, refs[at]]])));
    const source = { path: resolve(home, `first${written.suffix}`), text: written.text };
    const report = await run({ kind: 'check', contract: source, data, folder, ...(engine ? { engine } : {}) });
    return without(contract, report);
  };
  const inferred = inferContract(samples);
  const kept = await check(inferred, convert(inferred, odcs), names);
  if (dialect.id === odcs.id) return convert(kept, odcs);
  // A format may ask the same in words that mean more, as the type of a column in a file of text.
  const first = convert(kept, dialect);
  const { tables } = dialect.read(parseText(`first${first.suffix}`, first.text));
  return convert(
    await check(
      kept,
      first,
      tables.map(({ name }) => name),
    ),
    dialect,
  );
}

/** Two files of one name in two folders are two tables. */
function namesOf(refs: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return refs.map((ref) => {
    const name = tableNameOf(ref);
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}_${count}`;
  });
}

type Broken = CheckReport['checks'];

function without(contract: Contract, { checks }: CheckReport): Contract {
  const broken = checks.filter(({ status }) => status === 'failed' || status === 'error');
  return broken.length === 0
    ? contract
    : { ...contract, tables: contract.tables.map((table) => mended(table, broken)) };
}

function mended(table: Table, broken: Broken): Table {
  const own = broken.filter((check) => check.table === table.name);
  const kindsOf = (path: string) => own.filter(({ column }) => column === path).map(({ kind }) => kind);
  const isKeyBroken = own.some(({ kind }) => kind === 'primaryKey');
  const mend = (column: Column): Column => {
    const kinds = kindsOf(column.path);
    const isTyped = !kinds.some((kind) => /type(_list)?$/i.test(kind));
    return {
      ...column,
      logicalType: isTyped ? column.logicalType : undefined,
      physicalType: isTyped ? column.physicalType : undefined,
      values: kinds.includes('enum') || kinds.includes('invalidValues') ? undefined : column.values,
      required: column.required && !kinds.includes('required'),
      unique: column.unique && !kinds.includes('unique'),
      primaryKey: column.primaryKey && !isKeyBroken,
      columns: column.columns.map(mend),
      items: column.items && mend(column.items),
    };
  };
  const absent = new Set(own.filter(({ kind }) => kind === 'columnPresent').map(({ column }) => column));
  return {
    ...table,
    columns: table.columns.filter(({ path }) => !absent.has(path)).map(mend),
    rules: own.some(({ kind }) => kind === 'rowCount') ? [] : table.rules,
  };
}
