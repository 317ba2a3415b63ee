import type { Column, Contract, Table } from '../contract/model';
import { targetOf } from '../contract/references';

/** A column that a reference names, with its table. */
export interface Target {
  readonly table: Table;
  readonly column: Column;
}

/** The column that a reference means. A text says why there is none to compare with. */
export function columnOf(contract: Contract, reference: string): Target | string {
  const target = targetOf(contract, reference);
  if (!target) return `"${reference}" lies in another contract, which is not read here.`;
  const { table, column, columnName } = target;
  if (!table) return `"${reference}" names no table of this contract; it has ${namesOf(contract.tables)}.`;
  if (column) return { table, column };
  return columnName === undefined
    ? `"${reference}" names a table, not a column of it.`
    : `Table "${table.name}" has no column "${columnName}"; it has ${namesOf(table.columns)}.`;
}

const namesOf = (parts: readonly { readonly name: string }[]): string => parts.map(({ name }) => name).join(', ');
