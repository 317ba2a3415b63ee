import { get, type Node, wordOf } from '../text/tree';
import { type Column, type Contract, columnsOf, type Relationship, type Table } from './model';

/** What a reference of a contract names. A part that the contract does not have is undefined, its word still there. */
export interface Target {
  readonly table: Table | undefined;
  readonly tableName: string;
  readonly column: Column | undefined;
  /** Undefined when the reference names a whole table. */
  readonly columnName: string | undefined;
}

/**
 * Reads a reference of ODCS: the short `table.column.nested`, by names, or the full `schema/ID/properties/ID`, by ids
 * or names. Undefined when it points into another file, which nobody can judge from here.
 *
 * @param within The table that a reference without a table's name is about.
 */
export function targetOf(contract: Contract, reference: string, within?: Table): Target | undefined {
  if (reference.includes('#')) return reference.startsWith('#') ? fullTarget(contract, reference.slice(1)) : undefined;
  return reference.includes('/') ? fullTarget(contract, reference) : shortTarget(contract, reference, within);
}

/** The column of a table that goes by this path; `tags.name` is read as `tags[].name` where `tags` is a list. */
export function columnCalled(table: Table, path: string): Column | undefined {
  const known = indexes.get(table) ?? indexOf(table);
  indexes.set(table, known);
  return known.get(path);
}

/** Whether a relationship of the table starts at this column alone, be it named with its table or without. */
export function startsAt(column: Column, { from }: Relationship, table: Table, contract: Contract): boolean {
  const [word, ...more] = from;
  if (!word || more.length > 0) return false;
  return column.name === word.text || columnNamed(contract, table, word.text) === column;
}

/** The table's own column that a reference names, with the table or without; undefined for one of another table. */
export function columnNamed(contract: Contract, table: Table, reference: string): Column | undefined {
  const target = targetOf(contract, reference, table);
  return target?.table === table ? target.column : undefined;
}

/** A wide table is asked for its columns once per reference, so their paths are gathered once. */
const indexes = new WeakMap<Table, ReadonlyMap<string, Column>>();

function indexOf(table: Table): ReadonlyMap<string, Column> {
  const columns = columnsOf(table).toReversed();
  const loosely = columns.map((column) => [column.path.replaceAll('[]', ''), column] as const);
  return new Map([...loosely, ...columns.map((column) => [column.path, column] as const)]);
}

function shortTarget(contract: Contract, reference: string, within: Table | undefined): Target {
  const named = contract.tables
    .filter(({ name }) => name !== '' && (reference === name || reference.startsWith(`${name}.`)))
    .reduce<Table | undefined>(
      (best, table) => (best && best.name.length >= table.name.length ? best : table),
      undefined,
    );
  if (named) return inTable(named, reference.slice(named.name.length + 1));
  if (within && columnCalled(within, reference.split('.')[0] ?? '')) return inTable(within, reference);
  const [tableName = '', ...rest] = reference.split('.');
  if (rest.length === 0 && within) return inTable(within, reference);
  return { table: undefined, tableName, column: undefined, columnName: rest.length > 0 ? rest.join('.') : undefined };
}

const inTable = (table: Table, path: string): Target => ({
  table,
  tableName: table.name,
  column: path === '' ? undefined : columnCalled(table, path),
  columnName: path === '' ? undefined : path,
});

function fullTarget(contract: Contract, reference: string): Target | undefined {
  const [section, tableId, ...steps] = reference.replace(/^\//, '').split('/');
  if (section !== 'schema' || tableId === undefined) return undefined;
  const table = contract.tables.find((candidate) => isCalled(candidate, tableId));
  const ids = steps.filter((_, index) => index % 2 === 1);
  if (ids.length === 0 || !table) {
    return { table, tableName: tableId, column: undefined, columnName: ids.length > 0 ? ids.join('.') : undefined };
  }
  let columns: readonly Column[] = table.columns;
  let column: Column | undefined;
  for (const id of ids) {
    column = columns.find((candidate) => isCalled(candidate, id));
    if (!column) break;
    columns = column.items ? column.items.columns : column.columns;
  }
  return { table, tableName: table.name, column, columnName: column?.path ?? ids.join('.') };
}

const isCalled = ({ node, name }: { readonly node: Node; readonly name: string }, id: string): boolean =>
  wordOf(get(node, 'id')) === id || name === id;
