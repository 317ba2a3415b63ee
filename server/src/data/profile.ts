import type {
  ColumnType,
  Datum,
  Figure,
  Histogram,
  ProfileColumn,
  ProfileJob,
  ProfileReport,
  SketchedColumn,
} from '../protocol';
import type { Session } from '../session';
import type { Engine, EngineColumn, Row } from '../sql/engine';
import { identifier } from '../sql/fragment';
import { TOOL } from '../tool';
import { columnsOf, type Dataset, relationOf, resolveDataset } from './dataset';
import { keptOf } from './kept';
import { readable } from './written-text';

const QUANTILES = ['0.05', '0.25', '0.5', '0.75', '0.95'] as const;
const BINS = 20;
const TOP = 10;
/** Up to so many rows distinct values are counted, beyond it estimated by HyperLogLog, which holds one pass in memory. */
const EXACT_DISTINCT_ROWS = 10_000_000;

/**
 * Statistics of every column of a dataset: two scans for all columns together (facts, then histograms within the bounds
 * found) and one for the most frequent values of each. Quantiles are values of the data (nearest rank), the standard
 * deviation is the sample form; both, like the mean, leave out nulls, NaN and infinities.
 *
 * @param sketchIn How a column is sketched, where the job asks for it.
 */
export async function runProfile(job: ProfileJob, session: Session, sketchIn?: Sketching): Promise<ProfileReport> {
  const { world, signal } = session;
  const dataset = await readable(await resolveDataset(job.ref, job.folder, world, signal), world, signal);
  const engine = await session.open({ ...job.engine, folders: dataset.folders });
  try {
    return await report(dataset, engine, session, {
      keep: job.keep ?? false,
      sketchIn: job.sketch ? sketchIn : undefined,
    });
  } finally {
    engine.close();
  }
}

/** Undefined for columns that hold no numbers. */
export type Sketching = (
  column: ProfileColumn,
  relation: string,
  engine: Engine,
) => Promise<SketchedColumn | undefined>;

/** What is known of a column beyond its profile. */
interface Beyond {
  readonly keep: boolean;
  readonly sketchIn: Sketching | undefined;
}

async function report(
  dataset: Dataset,
  engine: Engine,
  session: Session,
  { keep, sketchIn }: Beyond,
): Promise<ProfileReport> {
  const relation = relationOf(dataset);
  const columns = (await columnsOf(dataset, engine)).map((column) => new Profiled(column));
  session.onProgress({ share: undefined, message: `Reading ${columns.length} columns` });
  const [size] = await engine.rows(`SELECT count(*) AS n FROM ${relation}`);
  const rows = Number(size?.n ?? 0);
  const exact = rows <= EXACT_DISTINCT_ROWS;
  const [facts = {}] = await engine.rows(
    `SELECT ${columns.flatMap((c, i) => c.facts(i, exact)).join(', ')} FROM ${relation}`,
  );
  const histograms = columns.flatMap((column, i) => column.histogram(i, facts));
  const [counts = {}] =
    histograms.length > 0 ? await engine.rows(`SELECT ${histograms.join(', ')} FROM ${relation}`) : [];
  const profiles: ProfileColumn[] = [];
  for (const [i, column] of columns.entries()) {
    session.onProgress({ share: i / columns.length, message: column.name });
    const top = await engine.rows(column.top(relation));
    const profile = column.profile(i, { rows, exact, facts, counts, top });
    const kept = keep ? await keptOf(profile, rows, relation, engine) : undefined;
    const sketch = await sketchIn?.(profile, relation, engine);
    profiles.push({ ...profile, ...(kept ? { kept } : {}), ...(sketch ? { sketch } : {}) });
  }
  return {
    schemaVersion: 1,
    tool: TOOL,
    verb: 'profile',
    ref: dataset.ref,
    rows,
    sizeBytes: dataset.sizeBytes,
    version: { tracker: 'none', version: null },
    columns: profiles,
    ...(keep ? { baseline: 1 } : {}),
  };
}

interface Measured {
  readonly rows: number;
  readonly exact: boolean;
  readonly facts: Row;
  readonly counts: Row;
  readonly top: readonly Row[];
}

/** One column: the SQL that asks about it, and the profile that the answers make. Aliases carry the column's index. */
class Profiled {
  readonly name: string;
  readonly #sql: string;
  readonly #type: string;
  readonly #kind: ColumnType;

  constructor({ name, type }: EngineColumn) {
    this.name = name;
    this.#sql = identifier(name);
    this.#type = type;
    this.#kind = typeOf(type);
  }

  /** The column without what no statistic can take. */
  get #finite(): string {
    return /^(FLOAT|DOUBLE)$/.test(this.#type) ? `CASE WHEN isfinite(${this.#sql}) THEN ${this.#sql} END` : this.#sql;
  }

  get #isOrdered(): boolean {
    return this.#kind === 'numerical' || this.#kind === 'datetime';
  }

  facts(i: number, exact: boolean): readonly string[] {
    const finite = this.#finite;
    const distinct = exact ? `count(DISTINCT ${this.#sql})` : `approx_count_distinct(${this.#sql})`;
    const ranged = this.#isOrdered || this.#kind === 'categorical' || this.#kind === 'boolean';
    const numbers = QUANTILES.map((q) => `quantile_disc(${finite}, ${q}) AS q${q.slice(2)}_${i}`);
    return [
      `count(${this.#sql}) AS n_${i}`,
      `${distinct} AS d_${i}`,
      ...(ranged ? [`min(${finite}) AS lo_${i}`, `max(${finite}) AS hi_${i}`] : []),
      ...(this.#kind === 'numerical'
        ? [`avg(${finite})::DOUBLE AS mean_${i}`, `stddev_samp(${finite})::DOUBLE AS sd_${i}`]
        : []),
      ...(this.#isOrdered ? numbers : []),
    ];
  }

  histogram(i: number, facts: Row): readonly string[] {
    const range = this.#range(i, facts);
    if (!range) return [];
    const [low, high] = range;
    const bins = binsIn(range);
    const bin = `least(${bins - 1}, floor((${this.#finite}::DOUBLE - ${low}) / ${(high - low) / bins || 1})::BIGINT)`;
    return [`histogram(${bin}) AS h_${i}`];
  }

  top(relation: string): string {
    return `SELECT ${this.#sql} AS value, count(*) AS n FROM ${relation} WHERE ${this.#sql} IS NOT NULL GROUP BY 1 ORDER BY n DESC, 1 LIMIT ${TOP}`;
  }

  profile(i: number, { rows, exact, facts, counts, top }: Measured): ProfileColumn {
    const quantiles = QUANTILES.map((q) => [q, facts[`q${q.slice(2)}_${i}`] ?? null] as const);
    return {
      column: this.name,
      type: this.#kind,
      physicalType: this.#type,
      nulls: rows - Number(facts[`n_${i}`] ?? 0),
      distinct: Number(facts[`d_${i}`] ?? 0),
      distinctExact: exact,
      min: facts[`lo_${i}`] ?? null,
      max: facts[`hi_${i}`] ?? null,
      mean: (facts[`mean_${i}`] as Figure | undefined) ?? null,
      standardDeviation: (facts[`sd_${i}`] as Figure | undefined) ?? null,
      quantiles: this.#isOrdered ? (Object.fromEntries(quantiles) as ProfileColumn['quantiles']) : null,
      top: top.map((row) => ({ value: row.value ?? null, count: Number(row.n) })),
      histogram: this.#histogramOf(i, facts, counts),
    };
  }

  #range(i: number, facts: Row): readonly [number, number] | undefined {
    if (this.#kind !== 'numerical') return undefined;
    const [low, high] = [Number(facts[`lo_${i}`] ?? Number.NaN), Number(facts[`hi_${i}`] ?? Number.NaN)];
    return Number.isFinite(low) && Number.isFinite(high) ? [low, high] : undefined;
  }

  #histogramOf(i: number, facts: Row, counts: Row): Histogram | null {
    const range = this.#range(i, facts);
    const counted = counts[`h_${i}`];
    if (!range || !Array.isArray(counted)) return null;
    const [low, high] = range;
    const bins = binsIn(range);
    const found = new Map(counted.map(({ key, value }: { key: Datum; value: Datum }) => [Number(key), Number(value)]));
    return {
      edges: Array.from({ length: bins + 1 }, (_, bin) => low + ((high - low) * bin) / bins),
      counts: Array.from({ length: bins }, (_, bin) => found.get(bin) ?? 0),
    };
  }
}

/** A column of one value has one bin. */
const binsIn = ([low, high]: readonly [number, number]): number => (low < high ? BINS : 1);

const kinds: readonly (readonly [RegExp, ColumnType])[] = [
  [/^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL)/, 'numerical'],
  [/^BOOLEAN/, 'boolean'],
  [/^(DATE|TIME)/, 'datetime'],
];

/** What a type of the engine's means to statistics. */
export const typeOf = (engineType: string): ColumnType =>
  engineType.endsWith(']')
    ? 'categorical'
    : (kinds.find(([pattern]) => pattern.test(engineType))?.[1] ?? 'categorical');
