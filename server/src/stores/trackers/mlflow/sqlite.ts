import { join } from 'node:path';
import type { SqlJsStatic } from 'sql.js';
import { Unreadable, type World } from '../../../world';

export type SqlValue = string | number | null | Uint8Array;

/** Values by column; those that the table lacks are undefined. */
export type Row<C extends string> = Readonly<Partial<Record<C, SqlValue>>>;

/** A database in memory. Throws what SQLite says when it is damaged. */
export interface Database {
  /** Rows with those of the columns that the table has, none when there is no such table, and only those of a condition. */
  rows<C extends string>(table: string, columns: readonly C[], where?: Condition): readonly Row<C>[];
  /**
   * The same rows one after the other, as values in the order of the columns: what is kept of a hundred thousand rows is
   * then all that is made of them. The list is the callee's own.
   */
  each<C extends string>(
    table: string,
    columns: readonly C[],
    take: (values: readonly (SqlValue | undefined)[]) => void,
  ): void;
  has(table: string): boolean;
  close(): void;
}

export interface Condition {
  readonly column: string;
  readonly value: string;
}

/** A part of Plumbline itself is not there: nothing is said of the database. */
export class SqliteMissing extends Error {
  constructor(path: string) {
    super(`Plumbline lacks its reader of SQLite, ${path}; install Plumbline again.`);
  }
}

let loading: Promise<SqlJsStatic> | undefined;

/** SQLite is loaded once, at the first database. Its code lies beside the bundle, where the build puts it. */
function sqlite(world: World): Promise<SqlJsStatic> {
  loading ??= (async () => {
    const wasmBinary = await world.read(join(__dirname, 'sql-wasm.wasm')).catch((error: unknown) => {
      if (error instanceof Unreadable) throw new SqliteMissing(error.path);
      throw error;
    });
    const { default: start } = await import('sql.js');
    return start({ wasmBinary: Uint8Array.from(wasmBinary).buffer });
  })();
  loading.catch(() => {
    loading = undefined;
  });
  return loading;
}

/** The bytes as a database, which is never written. Rejects when they are none. */
export async function openDatabase(bytes: Uint8Array, world: World): Promise<Database> {
  const { Database: Opened } = await sqlite(world);
  const database = new Opened(bytes);
  const columnsOf = (table: string): readonly string[] =>
    database.exec('select name from pragma_table_info(?)', [table])[0]?.values.map(([name]) => String(name)) ?? [];
  const each = (
    table: string,
    columns: readonly string[],
    take: (values: readonly (SqlValue | undefined)[]) => void,
    where?: Condition,
  ): void => {
    const there = columnsOf(table);
    const asked = columns.map((column) => there.includes(column));
    if (!asked.includes(true) || (where && !there.includes(where.column))) return;
    // A column that the table lacks keeps its place.
    const named = columns.filter((_, index) => asked[index]).map((name) => `"${name}"`);
    const condition = where ? ` where "${where.column}" = ?` : '';
    const statement = database.prepare(`select ${named.join(', ')} from "${table}"${condition}`);
    try {
      if (where) statement.bind([where.value]);
      while (statement.step()) {
        const values = statement.get();
        let next = 0;
        take(named.length === columns.length ? values : asked.map((isAsked) => (isAsked ? values[next++] : undefined)));
      }
    } finally {
      statement.free();
    }
  };
  return {
    has: (table) => columnsOf(table).length > 0,
    each,
    rows: (table, columns, where) => {
      const rows: Row<(typeof columns)[number]>[] = [];
      const rowOf = (values: readonly (SqlValue | undefined)[]): void => {
        const row: Partial<Record<(typeof columns)[number], SqlValue>> = {};
        for (let index = 0; index < columns.length; index++)
          row[columns[index] as (typeof columns)[number]] = values[index];
        rows.push(row);
      };
      each(table, columns, rowOf, where);
      return rows;
    },
    close: () => database.close(),
  };
}
