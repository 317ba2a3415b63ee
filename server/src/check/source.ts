import { type Column, columnsOf as declaredIn, plainColumn, primaryKeyOf, type Table } from '../contract/model';
import { columnsOf, type Dataset, relationOf } from '../data/dataset';
import { type Engine, type EngineColumn, QueryFailed } from '../sql/engine';
import { identifier, text } from '../sql/fragment';
import { emptyMapAt, get, itemsOf, wordOf } from '../text/tree';
import { conversion, type Family, familyOf, fits, type LogicalType, logicalTypeOf } from './logical-type';

/** The data of one table, open and with the contract's columns found in them. */
export interface Source {
  readonly table: Table;
  readonly dataset: Dataset;
  readonly scope: Scope;
  /** All rows of the files, of which a filter may leave only some to `scope`. */
  readonly all: Scope;
  /** Columns that the data have. */
  readonly columns: readonly EngineColumn[];
  /** Undefined when the data have no such column. */
  field(column: Column): Field | undefined;
  /** A column by its name, in the contract's type where the contract has it, else as the data hold it. */
  named(name: string): Field | undefined;
  /** The contract's primary key, for the samples; empty when the contract or the data have none. */
  readonly keys: readonly Field[];
}

/** Rows that are counted together: those of a table, or the elements of its array column. */
export interface Scope {
  /** SQL that stands after FROM. */
  readonly relation: string;
  /** The same with the columns `ROW` and `FILE`, which cost a pass in order. */
  readonly numbered: string;
  readonly unit: 'row' | 'element';
  /** Of elements: the rows that hold them, and SQL of the array there. */
  readonly within?: { readonly scope: Scope; readonly list: string };
}

/** Where a row stands: from 1 in its file, or over all files of the dataset unless `countsByFile`. */
export const ROW = identifier('plumbline row');
export const FILE = identifier('plumbline file');
const ITEM = identifier('plumbline item');

/** A column of the contract as it is found in the data. */
export interface Field {
  readonly column: Column;
  /** Name in the data. */
  readonly name: string;
  readonly scope: Scope;
  /** SQL of what is stored. */
  readonly stored: string;
  /** SQL of what is stored, as text. */
  readonly text: string;
  /** SQL of the value in its logical type: NULL where the stored does not convert. */
  readonly value: string;
  /** The engine's word for the stored type. */
  readonly type: string;
  /** What `value` gives. */
  readonly family: Family | undefined;
  /** What the contract wants, where it says so in words known to it. */
  readonly logical: LogicalType | undefined;
  /** Text is converted value by value, since the file itself has no types. */
  readonly untyped: boolean;
  readonly masked: boolean;
}

/** Rejects with `Unreadable` when the data cannot be read at all. */
export async function openSource(engine: Engine, table: Table, dataset: Dataset): Promise<Source> {
  // A table without columns, or one that only describes them, says no types, so the data's own are looked for.
  const isText = table.asWritten ?? (table.columns.length > 0 && !table.described);
  const options = isText ? { text: true } : { plain: true };
  const relation = relationOf(dataset, options);
  const columns = await columnsOf(dataset, engine, options);
  const scope: Scope = { relation, numbered: numbered(relation, dataset, columns), unit: 'row' };
  const fields = new Map<Column, Field>();
  await findFields(table.columns, columns, scope, identifier);

  async function findFields(
    wanted: readonly Column[],
    there: readonly EngineColumn[],
    within: Scope,
    sqlOf: (name: string) => string,
  ): Promise<void> {
    for (const column of wanted) {
      const found = columnNamed(there, column);
      if (!found) continue;
      const field = fieldOf(column, found, within, sqlOf(found.name), dataset);
      fields.set(column, field);
      await findBelow(field);
    }
  }

  async function findBelow({ column, stored, type, scope: within }: Field): Promise<void> {
    const family = familyOf(type);
    if (column.columns.length > 0 && family === 'object') {
      const there = await columnsIn(engine, `(SELECT unnest(${stored}) FROM ${within.relation})`);
      await findFields(column.columns, there, within, (name) => `struct_extract(${stored}, ${text(name)})`);
    }
    if (column.items && family === 'array') {
      const inner = elementsOf(within, stored);
      const [item] = await columnsIn(engine, inner.relation);
      if (!item) return;
      const field = fieldOf(column.items, item, inner, ITEM, dataset);
      fields.set(column.items, field);
      await findBelow(field);
    }
  }

  const keys = primaryKeyOf(table).flatMap((column) => fields.get(column) ?? []);
  const field = (column: Column) => fields.get(column);
  return { table, dataset, scope, all: scope, columns, keys, field, named };

  function named(name: string): Field | undefined {
    const declared = declaredIn(table).find((column) => column.path === name || column.physicalName === name);
    const known = declared && fields.get(declared);
    if (known) return known;
    const found = columns.find((column) => column.name === name);
    return found && fieldOf(undeclared(found.name, table), found, scope, identifier(found.name), dataset);
  }
}

/** A column of the data that the contract says nothing of. */
export const undeclared = (name: string, { node }: Table): Column => plainColumn(name, emptyMapAt(node), node);

/** The column of the data that the contract means: by physical name, by name, then by either in other letter case. */
function columnNamed(columns: readonly EngineColumn[], { name, physicalName }: Column): EngineColumn | undefined {
  const names = [physicalName, name];
  const lower = names.map((word) => word.toLowerCase());
  return (
    names.map((word) => columns.find((column) => column.name === word)).find(Boolean) ??
    columns.find((column) => lower.includes(column.name.toLowerCase()))
  );
}

async function columnsIn(engine: Engine, relation: string): Promise<readonly EngineColumn[]> {
  try {
    return await engine.columns(relation);
  } catch (error) {
    if (error instanceof QueryFailed) return [];
    throw error;
  }
}

/** The elements of an array in the rows of a scope. */
export const elementsOf = (scope: Scope, list: string): Scope => ({
  relation: `(SELECT unnest(${list}) AS ${ITEM} FROM ${scope.relation})`,
  numbered: `(SELECT ${ROW}, ${FILE}, unnest(${list}) AS ${ITEM} FROM ${scope.numbered})`,
  unit: 'element',
  within: { scope, list },
});

/** Parquet knows the place of a row in its file; other formats are counted as they are read. */
function numbered(relation: string, { format }: Dataset, columns: readonly EngineColumn[]): string {
  const own = new Set(columns.map(({ name }) => name.toLowerCase()));
  const inFile = format === 'parquet' && !own.has('file_row_number');
  const row = inFile ? 'file_row_number + 1' : 'row_number() OVER ()';
  return `(SELECT *, ${row} AS ${ROW}, ${own.has('filename') ? 'NULL' : 'filename'} AS ${FILE} FROM ${relation})`;
}

/** Whether `ROW` of this dataset starts anew in each file. */
export const countsByFile = ({ format, paths }: Dataset): boolean => format === 'parquet' || paths.length === 1;

function fieldOf(column: Column, found: EngineColumn, scope: Scope, stored: string, { format }: Dataset): Field {
  const logical = logicalTypeOf(column.logicalType, column.physicalType);
  const family = familyOf(found.type);
  const untyped =
    format === 'csv' || (format === 'json' && !nests(family) && !(logical === 'string' && isPlain(family)));
  const asText = textOf(stored, found.type, family);
  const keeps = logical === undefined || fits(family, logical);
  return {
    column,
    name: found.name,
    scope,
    stored,
    text: asText,
    value: keeps ? stored : conversion(asText, logical, column.options.format, column.physicalType),
    type: found.type,
    family: keeps ? family : valueFamily(logical, column.options.format),
    logical,
    untyped,
    masked: isPrivate(column),
  };
}

/** JSON knows numbers and booleans: one is no text there. */
const isPlain = (family: Family | undefined): boolean =>
  family === 'integer' || family === 'number' || family === 'boolean';

const nests = (family: Family | undefined): boolean => family === 'object' || family === 'array' || family === 'map';

function textOf(stored: string, type: string, family: Family | undefined): string {
  if (type === 'VARCHAR') return stored;
  return family === 'json' ? `(${stored} ->> '$')` : `CAST(${stored} AS VARCHAR)`;
}

/** A date whose format has hours is converted to a moment. */
const valueFamily = (logical: LogicalType, format: unknown): Family =>
  logical === 'date' && typeof format === 'string' && /[HhmsS]/.test(format)
    ? 'timestamp'
    : logical === 'vector'
      ? 'array'
      : logical;

const privateWords = /\b(sensitive|confidential|restricted|secret|private|personal|pii|phi|pci)\b/i;

/** Columns whose values must not be repeated in reports: by their classification or a tag. */
export function isPrivate({ node }: Column): boolean {
  const words = [get(node, 'classification'), ...itemsOf(get(node, 'tags'))].map(wordOf);
  return words.some((word) => word !== undefined && privateWords.test(word.replaceAll('_', ' ')));
}
