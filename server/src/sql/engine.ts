import type { CheckReport, Datum } from '../protocol';

/** One column of a relation, with the engine's own word for its type. */
export interface EngineColumn {
  readonly name: string;
  readonly type: string;
}

/** What runs SQL. Only `sql/engines` knows which database that is, and only they load one. */
export interface Engine {
  readonly name: string;
  readonly version: string;
  /** Columns that `SELECT * FROM relation` gives. Rejects with `QueryFailed`. */
  columns(relation: string): Promise<readonly EngineColumn[]>;
  /** Runs one statement of ours. Rejects with `QueryFailed`, or `EngineDied`. */
  rows(sql: string): Promise<readonly Row[]>;
  /** The same, column by column for statistics: each result column as doubles, NULL as NaN. */
  numbers(sql: string): Promise<readonly Float64Array[]>;
  /** Runs one statement that a contract wrote: refuses whatever is not a single SELECT, by the engine's own parser. */
  select(sql: string): Promise<{ readonly columns: readonly string[]; readonly rows: readonly (readonly Datum[])[] }>;
  close(): void;
}

export type Row = Readonly<Record<string, Datum>>;

/** The statement itself is at fault: its message is for the author of the contract. */
export class QueryFailed extends Error {
  override readonly name = 'QueryFailed';
}

/** The engine ended or ran out of memory: nothing about the data is known. */
export class EngineDied extends Error {
  override readonly name = 'EngineDied';
}

export class Cancelled extends Error {
  override readonly name = 'Cancelled';

  /** @param partial What was known by then. */
  constructor(readonly partial?: CheckReport) {
    super('Cancelled.');
  }
}
