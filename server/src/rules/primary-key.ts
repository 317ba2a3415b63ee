import { type Column, columnsOf, type Table } from '../contract/model';

/** The columns of a table's primary key that say their position. */
export const keyColumns = (table: Table): readonly Column[] =>
  columnsOf(table).filter(({ primaryKey, primaryKeyPosition }) => primaryKey && primaryKeyPosition !== undefined);
