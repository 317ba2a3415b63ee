import {
  type DuckDBConnection,
  type DuckDBDataChunk,
  DuckDBInstance,
  DuckDBTypeId,
  type DuckDBValue,
  type DuckDBValueConverter,
  JsonDuckDBValueConverter,
  StatementType,
  version,
} from '@duckdb/node-api';
import bindings from '@duckdb/node-bindings';
import type { Datum, EngineOptions } from '../../protocol';
import { Cancelled, type Engine, type EngineColumn, EngineDied, QueryFailed, type Row } from '../engine';
import { text } from '../fragment';

export interface DuckDBOptions extends EngineOptions {
  /** The only folders it may read. */
  readonly folders: readonly string[];
  /** A folder of our own for what does not fit into memory. */
  readonly temporary: string;
  readonly signal?: AbortSignal;
  /** Share of the running statement, 0 … 1. */
  readonly onProgress?: (share: number) => void;
}

/** How often a running statement is asked how far it is. */
const PROGRESS_MS = 100;
/** How often a cancelled statement is told to stop until it has. */
const INTERRUPT_MS = 50;

let prepared: Promise<DuckDBInstance> | undefined;

/** Begins the instance of the next job, which then does not wait for it. */
export function prepareDuckDB(): void {
  prepared ??= DuckDBInstance.create(':memory:');
  // Whoever takes it hears of its failure.
  prepared.catch(() => undefined);
}

function takePrepared(): Promise<DuckDBInstance> | undefined {
  const taken = prepared;
  prepared = undefined;
  return taken;
}

/**
 * A private in-memory DuckDB for one job. It reads below the given folders and nothing else, downloads nothing, and keeps
 * these settings locked, so that the SQL of a contract cannot undo them. Rejects with `EngineDied`.
 */
export async function openDuckDB(options: DuckDBOptions): Promise<Engine> {
  try {
    const instance = await (takePrepared() ?? DuckDBInstance.create(':memory:'));
    const connection = await instance.connect();
    await connection.run(settings(options).join(';'));
    return new DuckDB(instance, connection, options);
  } catch (error) {
    throw new EngineDied(`DuckDB did not start: ${firstLine(error)}`);
  }
}

function settings({ folders, temporary, threads, memory }: DuckDBOptions): readonly string[] {
  const allowed = folders.map((folder) => text(folder.endsWith('/') ? folder : `${folder}/`));
  return [
    `SET temp_directory = ${text(temporary)}`,
    ...(threads ? [`SET threads = ${Math.max(1, Math.trunc(threads))}`] : []),
    ...(memory ? [`SET memory_limit = ${text(memory)}`] : []),
    "SET TimeZone = 'UTC'",
    'SET enable_progress_bar = true',
    'SET enable_progress_bar_print = false',
    'SET progress_bar_time = 0',
    'SET autoinstall_known_extensions = false',
    'SET autoload_known_extensions = false',
    `SET allowed_directories = [${allowed.join(', ')}]`,
    'SET enable_external_access = false',
    'SET lock_configuration = true',
  ];
}

class DuckDB implements Engine {
  readonly name = 'duckdb';
  readonly version = version().replace(/^v/, '');
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #options: DuckDBOptions;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(instance: DuckDBInstance, connection: DuckDBConnection, options: DuckDBOptions) {
    this.#instance = instance;
    this.#connection = connection;
    this.#options = options;
  }

  async columns(relation: string): Promise<readonly EngineColumn[]> {
    const described = await this.rows(`DESCRIBE SELECT * FROM ${relation}`);
    return described.map((row) => ({ name: String(row.column_name), type: String(row.column_type) }));
  }

  async rows(sql: string): Promise<readonly Row[]> {
    return this.#running(async () => {
      const result = await this.#connection.stream(sql);
      const names = result.deduplicatedColumnNames();
      const rows: Row[] = [];
      for await (const chunk of result) {
        for (const values of chunk.convertRows(toDatum)) {
          rows.push(Object.fromEntries(names.map((name, column) => [name, values[column] ?? null])));
        }
      }
      return rows;
    });
  }

  async numbers(sql: string): Promise<readonly Float64Array[]> {
    return this.#running(async () => {
      const result = await this.#connection.stream(`SELECT coalesce(COLUMNS(*)::DOUBLE, 'NaN'::DOUBLE) FROM (${sql})`);
      const chunks: DuckDBDataChunk[] = [];
      for await (const chunk of result) if (chunk.rowCount > 0) chunks.push(chunk);
      const total = chunks.reduce((sum, chunk) => sum + chunk.rowCount, 0);
      return Array.from({ length: result.columnCount }, (_, column) => doubles(chunks, column, total));
    });
  }

  async select(sql: string) {
    return this.#running(async () => {
      if (isEmpty(sql)) throw new QueryFailed('The query is empty: write one SELECT statement.');
      const statements = await this.#connection.extractStatements(sql);
      if (statements.count !== 1)
        throw new QueryFailed(`A query must be one SELECT statement; this is ${statements.count} statements.`);
      const statement = await statements.prepare(0);
      if (statement.statementType !== StatementType.SELECT) {
        const kind = StatementType[statement.statementType];
        throw new QueryFailed(`A query may only read: write one SELECT statement instead of ${kind}.`);
      }
      const reader = await statement.streamAndReadUntil(2);
      return { columns: reader.deduplicatedColumnNames(), rows: reader.convertRows(toDatum) };
    });
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  /** One statement after the other: a connection that is asked twice at once loses the first answer. */
  #running<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(() => this.#run(work));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Runs `work` so that the job's signal interrupts it, its progress is told, and its failure has one of our names. */
  async #run<T>(work: () => Promise<T>): Promise<T> {
    const { signal, onProgress } = this.#options;
    if (signal?.aborted) throw new Cancelled();
    let again: NodeJS.Timeout | undefined;
    const interrupt = () => {
      this.#connection.interrupt();
      // A statement that is only being prepared has nothing to interrupt yet.
      again ??= setInterval(() => this.#connection.interrupt(), INTERRUPT_MS);
    };
    signal?.addEventListener('abort', interrupt);
    const timer = onProgress && setInterval(() => this.#tell(onProgress), PROGRESS_MS);
    try {
      return await work();
    } catch (error) {
      throw signal?.aborted ? new Cancelled() : named(error);
    } finally {
      clearInterval(timer);
      clearInterval(again);
      signal?.removeEventListener('abort', interrupt);
    }
  }

  #tell(onProgress: (share: number) => void): void {
    const { percentage } = this.#connection.progress;
    if (percentage >= 0) onProgress(Math.min(1, percentage / 100));
  }
}

/** Nothing but blanks, semicolons and comments, which the engine's parser answers with an error of its own making. */
const isEmpty = (sql: string): boolean => sql.replace(/--.*|\/\*[\s\S]*?\*\/|[\s;]+/g, '') === '';

/** The engine's own memory, copied chunk by chunk: ten times as quick as asking for each value. */
function doubles(chunks: readonly DuckDBDataChunk[], column: number, total: number): Float64Array {
  const values = new Float64Array(total);
  let row = 0;
  for (const { chunk, rowCount } of chunks) {
    const data = bindings.vector_get_data(
      bindings.data_chunk_get_vector(chunk, column),
      rowCount * Float64Array.BYTES_PER_ELEMENT,
    );
    values.set(new Float64Array(data.buffer, data.byteOffset, rowCount), row);
    row += rowCount;
  }
  return values;
}

const whole = (value: DuckDBValue): Datum => {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
};
/** `2013-01-01 05:15:00` → `2013-01-01T05:15:00`; DuckDB writes a zone as `+00`. */
const instant = (value: DuckDBValue): Datum => String(value).replace(' ', 'T').replace(/\+00$/, 'Z');
const base64 = (value: DuckDBValue): Datum =>
  value !== null && typeof value === 'object' && 'bytes' in value
    ? Buffer.from(value.bytes as Uint8Array).toString('base64')
    : String(value);

const ours: Partial<Record<DuckDBTypeId, (value: DuckDBValue) => Datum>> = {
  [DuckDBTypeId.BIGINT]: whole,
  [DuckDBTypeId.UBIGINT]: whole,
  [DuckDBTypeId.HUGEINT]: whole,
  [DuckDBTypeId.UHUGEINT]: whole,
  [DuckDBTypeId.TIMESTAMP]: instant,
  [DuckDBTypeId.TIMESTAMP_S]: instant,
  [DuckDBTypeId.TIMESTAMP_MS]: instant,
  [DuckDBTypeId.TIMESTAMP_NS]: instant,
  [DuckDBTypeId.TIMESTAMP_TZ]: instant,
  [DuckDBTypeId.BLOB]: base64,
};

/** DuckDB's own JSON converter, but for whole numbers, instants and bytes, which our reports write their way. */
const toDatum: DuckDBValueConverter<Datum> = (value, type, converter) => {
  if (value === null || value === undefined) return null;
  const convert = ours[type.typeId];
  return convert ? convert(value) : (JsonDuckDBValueConverter(value, type, converter as never) as Datum);
};

/** DuckDB puts the kind of its errors first; these are its own trouble, not the statement's. */
const fatal = /^(Out of Memory|INTERNAL|FATAL|TransactionContext) Error/;

function named(error: unknown): Error {
  if (error instanceof QueryFailed) return error;
  const message = firstLine(error);
  return fatal.test(message) ? new EngineDied(message) : new QueryFailed(message);
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split(/\n\s*\n|\nLINE /)[0]?.replaceAll('\n', ' ') ?? '';
