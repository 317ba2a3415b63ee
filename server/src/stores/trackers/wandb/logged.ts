import type { World } from '../../../world';
import { type LogFault, readLog, readWholeLog } from './log';
import { type Artifact, type Environment, historyOf, type Item, type Items, type LogRecord, recordOf } from './record';
import { change, type Values } from './values';

/** What a log says when all of its records are taken together. */
export interface Logged {
  readonly run: NonNullable<LogRecord['run']> | undefined;
  readonly config: Values;
  readonly summary: Values;
  readonly environment: Partial<Environment>;
  readonly exit: LogRecord['exit'];
  readonly artifacts: readonly Artifact[];
  readonly used: readonly NonNullable<LogRecord['used']>[];
  readonly telemetry: Partial<NonNullable<LogRecord['telemetry']>>;
  readonly records: number;
  readonly faults: readonly LogFault[];
}

/** Damage on every block of a large file is one finding; where it begins is enough. */
const MOST_FAULTS = 100;
const MOST_ARTIFACTS = 10_000;
/** Bytes. A shorter file is read at once, which is quicker than a stream. */
export const SMALL = 1 << 20;

/** The bytes of a file up to the length that it had when asked: what is appended meanwhile is read next time. */
export async function* bytesOf(path: string, size: number, world: World): AsyncIterable<Uint8Array> {
  if (size <= SMALL) yield (await world.read(path)).subarray(0, size);
  else yield* world.stream(path, { end: size });
}

/** Reads all but the histories, of a log that is in memory or comes in pieces. Rejects when those do, and when the signal says so. */
export async function loggedIn(bytes: Uint8Array | AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<Logged> {
  const isWhole = bytes instanceof Uint8Array;
  const log = new Log(isWhole);
  if (isWhole) readWholeLog(bytes, log);
  else await readLog(bytes, log, signal);
  log.end();
  return log;
}

class Log implements Logged {
  run: Logged['run'];
  readonly config: Values = new Map();
  readonly summary: Values = new Map();
  readonly artifacts: Artifact[] = [];
  readonly used: NonNullable<LogRecord['used']>[] = [];
  exit: LogRecord['exit'];
  telemetry: Logged['telemetry'] = {};
  records = 0;
  readonly faults: LogFault[] = [];
  readonly #environments = new Map<string, Partial<Environment>>();
  #lastRow: Uint8Array | undefined;
  /** Summaries that are not applied yet: a run writes all of its figures anew at every step, of which the last count. */
  readonly #latest = new Map<string, Item>();

  /** @param isSteady Whether the bytes of a record stay what they are. */
  constructor(readonly isSteady: boolean) {}

  /** Of the writer that came last: a resumed run has one each time. */
  get environment(): Partial<Environment> {
    return [...this.#environments.values()].at(-1) ?? {};
  }

  record(bytes: Uint8Array, offset: number): void {
    const record = recordOf(bytes);
    if (!record) {
      this.fault({ kind: 'corrupt', offset });
      return;
    }
    this.records++;
    if (record.run) this.#begin(record.run);
    if (record.config) change(this.config, record.config);
    if (record.summary) this.#summarise(record.summary);
    if (record.environment) this.#environment(record.environment);
    if (record.exit) this.exit = record.exit;
    if (record.history) this.#lastRow = this.isSteady ? record.history : record.history.slice();
    if (record.artifact && this.artifacts.length < MOST_ARTIFACTS) this.artifacts.push(record.artifact);
    if (record.used && this.used.length < MOST_ARTIFACTS) this.used.push(record.used);
    if (record.telemetry) this.telemetry = { ...this.telemetry, ...defined(record.telemetry) };
  }

  fault(fault: LogFault): void {
    if (this.faults.length < MOST_FAULTS) this.faults.push(fault);
  }

  /** Versions before 0.18 write the summary when the run ends; until then its last row is what is known. */
  end(): void {
    this.#apply();
    const lacks = ![...this.summary.keys()].some((name) => !name.startsWith('_'));
    const row = lacks && this.#lastRow ? historyOf(this.#lastRow) : undefined;
    if (row) change(this.summary, { update: row.items, remove: [] });
    this.#lastRow = undefined;
  }

  #begin(run: NonNullable<LogRecord['run']>): void {
    this.run = { ...this.run, ...defined(run), tags: run.tags };
    if (run.config) change(this.config, run.config);
    if (run.summary) this.#summarise(run.summary);
  }

  #summarise(items: Items): void {
    const isPlain = items.remove.length === 0 && items.update.every(({ nestedKey }) => nestedKey.length === 0);
    if (isPlain) for (const item of items.update) this.#latest.set(item.key ?? '', item);
    else {
      this.#apply();
      change(this.summary, items);
    }
  }

  #apply(): void {
    change(this.summary, { update: [...this.#latest.values()], remove: [] });
    this.#latest.clear();
  }

  /** It comes in parts: what the client knows, then what was measured. */
  #environment(part: Environment): void {
    const writer = part.writer ?? '';
    this.#environments.set(writer, { ...this.#environments.get(writer), ...defined(part) });
  }
}

/** Only what is known, so that a part does not undo what came before it. */
function defined<T extends object>(part: T): T {
  const known: Partial<T> = {};
  for (const name in part) if (part[name] !== undefined) known[name] = part[name];
  return known as T;
}
