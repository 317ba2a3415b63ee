import type { Column, Contract, Table } from '../contract/model';
import { columnsOf } from '../contract/model';
import { get, type Node, wordOf } from '../text/tree';

export interface Target {
  readonly table: Table;
  readonly column: Column;
}

/**
 * The column that a reference means: `table.column` by names, or `schema/ID/properties/ID` by ids (or names, which many
 * write there). A text says why there is none.
 */
export function targetOf(contract: Contract, reference: string): Target | string {
  if (/^[^/]+\.ya?ml#/.test(reference)) return `"${reference}" lies in another contract, which is not read here.`;
  return reference.includes('/') ? byPath(contract, reference) : byName(contract, reference);
}

function byName(contract: Contract, reference: string): Target | string {
  const table = contract.tables
    .filter(({ name }) => reference.startsWith(`${name}.`))
    .toSorted((one, other) => other.name.length - one.name.length)[0];
  if (!table) return `"${reference}" names no table of this contract; it has ${namesOf(contract.tables)}.`;
  const path = reference.slice(table.name.length + 1);
  const column = columnsOf(table).find((candidate) => candidate.path === path);
  return column
    ? { table, column }
    : `Table "${table.name}" has no column "${path}"; it has ${namesOf(table.columns)}.`;
}

function byPath(contract: Contract, reference: string): Target | string {
  const [section, tableId, ...steps] = reference.replace(/^#?\/?/, '').split('/');
  const table = section === 'schema' ? contract.tables.find(isCalled(tableId)) : undefined;
  let columns = table?.columns ?? [];
  let column: Column | undefined;
  for (let step = 0; step < steps.length; step += 2) {
    column = steps[step] === 'properties' ? columns.find(isCalled(steps[step + 1])) : undefined;
    columns = column?.columns ?? [];
  }
  return table && column ? { table, column } : `"${reference}" leads to no column of this contract.`;
}

const isCalled =
  (word: string | undefined) =>
  ({ name, node }: { readonly name: string; readonly node: Node }): boolean =>
    word !== undefined && (wordOf(get(node, 'id')) === word || name === word);

const namesOf = (parts: readonly { readonly name: string }[]): string => parts.map(({ name }) => name).join(', ');
