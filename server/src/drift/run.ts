import { type Dataset, resolveDataset } from '../data/dataset';
import type { ColumnType, DriftColumn, DriftJob, DriftReport, DriftSide, Figure } from '../protocol';
import type { Session } from '../session';
import { Cancelled, type Engine, QueryFailed } from '../sql/engine';
import { TOOL } from '../tool';
import { Unreadable } from '../world';
import type { ColumnPair, Side, Storage, WholeColumn } from './column';
import { type Description, describe } from './describe';
import { histogramsOf } from './histogram';
import { mean, quantile } from './moments';
import { movedOf } from './moved';
import { type Measured, notJudged, type Profile } from './profile';
import { batches, columnOf, sidesOf, type Wanted } from './summary';
import { chosen, has, profileOf, type Wishes, wishesOf } from './wishes';

const DEFAULT_PROFILE = 'plumbline';

/**
 * Compares two datasets column by column. Rejects with `Unreadable` for data that cannot be read and for a preset, method,
 * type or column that does not exist; with `Cancelled` between two steps; with `EngineDied`.
 */
export async function runDrift(job: DriftJob, session: Session): Promise<DriftReport> {
  const started = session.world.now();
  const profile = profileOf(job.preset ?? DEFAULT_PROFILE);
  const wishes = wishesOf(job, profile);
  const reference = await resolveDataset(job.reference, job.folder, session.world);
  const current = await resolveDataset(job.current, job.folder, session.world);
  const engine = await session.open({
    ...job.engine,
    folders: [...new Set([...reference.folders, ...current.folders])],
  });
  try {
    const compared = await compare({ reference, current, engine, profile, wishes, session });
    return {
      schemaVersion: 1,
      tool: TOOL,
      verb: 'drift',
      preset: profile.id,
      reference: { ref: job.reference, rows: compared.reference.rows },
      current: { ref: job.current, rows: compared.current.rows },
      startedAt: started.toISOString(),
      durationMs: session.world.now().getTime() - started.getTime(),
      columns: compared.columns,
      dataset: datasetOf(compared.columns, profile),
      engine: { name: engine.name, version: engine.version },
      provenance: [],
    };
  } catch (error) {
    if (!(error instanceof QueryFailed)) throw error;
    throw new Unreadable(`${job.reference} and ${job.current} cannot be compared: ${error.message}`, current.path);
  } finally {
    engine.close();
  }
}

interface Comparison {
  readonly reference: Dataset;
  readonly current: Dataset;
  readonly engine: Engine;
  readonly profile: Profile;
  readonly wishes: Wishes;
  readonly session: Session;
}

interface Compared {
  readonly reference: Description;
  readonly current: Description;
  readonly columns: readonly DriftColumn[];
}

async function compare(comparison: Comparison): Promise<Compared> {
  const { engine, profile, wishes, session } = comparison;
  session.onProgress({ share: undefined, message: 'Reading both sides' });
  const whole = await described(comparison);
  const names = chosen(whole.reference, whole.current, wishes);
  const columns = names.filter((name) => has(whole.reference, name) && has(whole.current, name));
  const { reference, current } = await narrowed(comparison, whole, columns);
  const wanted = columns.map((name) => wantedOf(name, reference, current, wishes));
  const read: Read[] = [];
  for (const batch of batches(wanted, Math.max(reference.rows, current.rows))) {
    goOn(session);
    const before = await sidesOf(engine, reference, batch, profile);
    goOn(session);
    const after = await sidesOf(engine, current, batch, profile);
    for (const column of batch) {
      goOn(session);
      session.onProgress({ share: read.length / Math.max(1, columns.length), message: column.name });
      read.push(
        measure(column, before.get(column.name), after.get(column.name), {
          profile,
          wishes,
          reference,
          current,
          whole,
        }),
      );
    }
  }
  const verdicts = profile.decide?.(read.map(({ measured }) => measured)) ?? read.map(({ measured }) => measured);
  const judged = read.map(({ column }, i) => withVerdict(column, verdicts[i] ?? notJudged('It was not measured.')));
  const order = new Map(names.map((name, index) => [name, index]));
  const alone = names.filter((name) => !columns.includes(name)).map((name) => oneSided(name, reference, current));
  const sorted = [...judged, ...alone].sort((a, b) => (order.get(a.column) ?? 0) - (order.get(b.column) ?? 0));
  return { reference, current, columns: sorted };
}

type Both = Pick<Compared, 'reference' | 'current'>;

/** @param where SQL for the rows of each side; all of them when left out. */
async function described(
  { reference, current, engine, profile, session }: Comparison,
  where?: readonly [string?, string?],
): Promise<Both> {
  const countIntegers = profile.countsIntegers && where === undefined;
  const before = await describe(reference, engine, { where: where?.[0], countIntegers });
  goOn(session);
  return { reference: before, current: await describe(current, engine, { where: where?.[1], countIntegers }) };
}

/** Both sides with the rows that the profile looks at, which may depend on the columns compared. */
async function narrowed(comparison: Comparison, whole: Both, columns: readonly string[]): Promise<Both> {
  const [before, after] = [whole.reference, whole.current].map((side) => columns.map((name) => columnOf(side, name)));
  const { profile } = comparison;
  const where = [profile.rows?.(before ?? [], after ?? []), profile.rows?.(after ?? [], before ?? [])] as const;
  return where.some((predicate) => predicate !== undefined) ? described(comparison, where) : whole;
}

/** A column as far as it is known before the last word on all of them; its values are let go of. */
interface Read {
  readonly column: DriftColumn;
  readonly measured: Measured;
}

interface Context {
  readonly profile: Profile;
  readonly wishes: Wishes;
  readonly reference: Description;
  readonly current: Description;
  /** Both sides before the profile left out rows. */
  readonly whole: Both;
}

function measure(column: Wanted, before: Side | undefined, after: Side | undefined, context: Context): Read {
  const { profile, wishes, whole } = context;
  const empty: Side = {
    rows: 0,
    nulls: 0,
    nan: 0,
    infinite: 0,
    size: 0,
    distinct: 0,
    sample: { kind: 'values', sorted: new Float64Array() },
  };
  const pair: ColumnPair = {
    ...column,
    asked: wishes.types.get(column.name),
    reference: before ?? empty,
    current: after ?? empty,
    whole: { reference: wholeColumn(whole.reference, column.name), current: wholeColumn(whole.current, column.name) },
  };
  const type = pair.asked ?? profile.typeOf(pair);
  const mismatch = mismatchOf(column.name, context);
  const measured = mismatch ? notJudged(mismatch) : profile.measure(pair, type, wishes.methods.get(column.name));
  const [reference, current] = mismatch ? [null, null] : histogramsOf(pair, measured.type ?? type);
  return {
    measured,
    column: {
      ...unmeasured(column.name, measured.type ?? type),
      moved: mismatch ? null : movedOf(pair, measured.type ?? type),
      reference: sideOf(pair.reference, type, reference),
      current: sideOf(pair.current, type, current),
    },
  };
}

const wholeColumn = (side: Description, name: string): WholeColumn => ({ ...columnOf(side, name), rows: side.rows });

function withVerdict(column: DriftColumn, measured: Measured): DriftColumn {
  return {
    ...column,
    method: measured.method ?? null,
    statistic: figure(measured.statistic),
    pValue: figure(measured.pValue),
    threshold: measured.threshold ?? null,
    drifted: measured.drifted ?? null,
    decidedBy: measured.decidedBy ?? null,
    reason: measured.reason ?? null,
    parameters: measured.parameters,
  };
}

const emptySide = (rows: number): DriftSide => ({ histogram: null, rows, nulls: 0, mean: null, median: null });

const unmeasured = (name: string, type: ColumnType): DriftColumn => ({
  column: name,
  type,
  method: null,
  statistic: null,
  pValue: null,
  threshold: null,
  drifted: null,
  decidedBy: null,
  reason: null,
  segment: null,
  window: null,
  parameters: {},
  moved: null,
  reference: emptySide(0),
  current: emptySide(0),
});

/** A column that only one side has cannot be measured, and is not passed over in silence. */
function oneSided(name: string, reference: Description, current: Description): DriftColumn {
  const isGone = has(reference, name);
  const storage = columnOf(isGone ? reference : current, name).storage;
  return {
    ...unmeasured(name, shown[storage]),
    reason: isGone ? 'Only the reference has this column.' : 'Only the current side has this column.',
    moved: isGone ? 'column gone' : 'column new',
    reference: emptySide(isGone ? reference.rows : 0),
    current: emptySide(isGone ? 0 : current.rows),
  };
}

const shown: Readonly<Record<Storage, ColumnType>> = {
  integer: 'numerical',
  fractional: 'numerical',
  boolean: 'boolean',
  datetime: 'datetime',
  text: 'categorical',
  other: 'text',
};

function sideOf({ rows, nulls, size, sample }: Side, type: ColumnType, histogram: DriftSide['histogram']): DriftSide {
  const values = sample.kind === 'values' && type !== 'datetime' && size > 0 ? sample.sorted : undefined;
  return {
    histogram,
    rows,
    nulls,
    mean: figure(values && mean(values)),
    median: figure(values && quantile(values, 0.5)),
    ...(values && { quantiles: QUANTILES.map((share) => quantile(values, share)) }),
  };
}

/** Close enough that a line through them shows where two sides part, few enough to travel with every column. */
const QUANTILES: readonly number[] = Array.from({ length: 41 }, (_, step) => step / 40);

/** NaN and the infinities as JSON can hold them. */
function figure(value: number | undefined): Figure {
  if (value === undefined || Number.isFinite(value)) return value ?? null;
  return String(value) as 'NaN' | 'Infinity' | '-Infinity';
}

function datasetOf(columns: readonly DriftColumn[], profile: Profile): DriftReport['dataset'] {
  const judged = columns.filter(({ drifted }) => drifted !== null);
  const drifted = judged.filter((column) => column.drifted).length;
  const share = judged.length > 0 ? drifted / judged.length : 0;
  const { threshold, method, ...verdict } = profile.dataset?.(judged) ?? {
    drifted: judged.length > 0 && share >= profile.share,
    threshold: profile.share,
    method: 'share',
  };
  return { drifted: verdict.drifted, driftedColumns: drifted, columns: judged.length, share, threshold, method };
}

function goOn({ signal }: Session): void {
  if (signal.aborted) throw new Cancelled();
}

/**
 * How a column is read on both sides. Integers on one side and fractions on the other are fractions; a side without a
 * value takes the type of the other, since an empty CSV column has none.
 */
function wantedOf(name: string, reference: Description, current: Description, { types }: Wishes): Wanted {
  const [before, after] = [columnOf(reference, name), columnOf(current, name)];
  const castable = [before.storage, after.storage].every((storage) => storage === 'text' || storage === 'boolean');
  if (types.get(name) === 'numerical' && castable) return { name, storage: 'fractional' };
  if (before.storage === after.storage || after.nulls === current.rows) return { name, storage: before.storage };
  if (before.nulls === reference.rows) return { name, storage: after.storage };
  const numeric = [before.storage, after.storage].every((storage) => storage === 'integer' || storage === 'fractional');
  return { name, storage: numeric ? 'fractional' : 'text' };
}

/** A change of type is told and not measured. */
function mismatchOf(name: string, { reference, current, wishes }: Context): string | undefined {
  const [before, after] = [columnOf(reference, name), columnOf(current, name)];
  const isKnown = wishes.types.has(name) || before.nulls === reference.rows || after.nulls === current.rows;
  if (isKnown || shown[before.storage] === shown[after.storage]) return undefined;
  return `Its type changed from ${before.physicalType} to ${after.physicalType}, so there is nothing to measure. Say what it is with --type ${name}=categorical.`;
}
