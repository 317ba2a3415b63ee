import { type Dataset, resolveDataset } from '../data/dataset';
import type {
  ColumnType,
  DriftColumn,
  DriftDiagnosis,
  DriftJob,
  DriftReport,
  Histogram,
  NamedColumn,
} from '../protocol';
import type { Session } from '../session';
import { Cancelled, type Engine, QueryFailed } from '../sql/engine';
import { TOOL } from '../tool';
import { Unreadable } from '../world';
import { type ColumnPair, type Side, typeOfStorage, type WholeColumn } from './column';
import { dependenciesOf } from './dependencies';
import { columnOf, type Description, describe, has } from './describe';
import { diagnose, type Outside, outsideOf } from './diagnose';
import { histogramsLike, histogramsOf } from './histogram';
import { movedOf } from './moved';
import { type Parts, partsOf, placedSides } from './parts';
import { type Measured, notJudged, type Profile } from './profile';
import type { Saved } from './reference';
import { oneSided, sideOf, unmeasured, withVerdict } from './row';
import { withRows } from './rows';
import { assertUncut, descriptionOf, savedAt, savedObstacle, savedSides, withError, withoutGaps } from './saved';
import { LEAST_ROWS, type Place, type Slice, type Slices, type Slicing, slicesOf, slicingOf, unsliced } from './slices';
import { batches, sidesOf, type Wanted } from './summary';
import { tableRow } from './table';
import { askedFor, chosen, profileOf, type Wishes, wishesOf } from './wishes';

const DEFAULT_PROFILE = 'plumbline';

/**
 * Compares two datasets column by column. Rejects with `Unreadable` for data that cannot be read and for a preset, method,
 * type or column that does not exist; with `Cancelled` between two steps; with `EngineDied`.
 */
export async function runDrift(job: DriftJob, session: Session): Promise<DriftReport> {
  const started = session.world.now();
  const profile = profileOf(job.preset ?? DEFAULT_PROFILE);
  const wishes = wishesOf(job, profile);
  const slicing = slicingOf(job);
  const current = await resolveDataset(job.current, job.folder, session.world);
  const reference = slicing.previous ? current : await resolveDataset(job.reference, job.folder, session.world);
  const saved = slicing.previous ? undefined : await savedAt(reference, session.world);
  if (saved) assertUncut(slicing, saved, job.reference);
  if (saved && job.only)
    throw new Unreadable(
      `${job.reference} is ${saved.title} and keeps no rows to choose from. Compare with the data.`,
      job.reference,
    );
  const engine = await session.open({
    ...job.engine,
    folders: [...new Set([...reference.folders, ...current.folders])],
  });
  try {
    const compared = await compare({ reference, current, saved, engine, profile, wishes, slicing, session });
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
      dataset: datasetOf(compared.columns, profile, job.share),
      engine: { name: engine.name, version: engine.version },
      provenance: [],
      ...(compared.notes.length > 0 ? { notes: compared.notes } : {}),
      diagnosis: compared.diagnosis,
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
  /** What the reference is, when it is a file that keeps statistics in place of rows. */
  readonly saved: Saved | undefined;
  readonly engine: Engine;
  readonly profile: Profile;
  readonly wishes: Wishes;
  readonly slicing: Slicing;
  readonly session: Session;
}

interface Compared {
  readonly reference: Description;
  readonly current: Description;
  readonly columns: readonly DriftColumn[];
  readonly notes: readonly string[];
  readonly diagnosis: DriftDiagnosis;
}

async function compare(comparison: Comparison): Promise<Compared> {
  const { engine, profile, wishes, slicing, session } = comparison;
  session.onProgress({ share: undefined, message: 'Reading both sides' });
  const whole = await bothOf(comparison);
  const names = chosen(whole.reference, whole.current, wishes);
  const columns = names.filter((name) => has(whole.reference, name) && has(whole.current, name));
  const { reference, current } = await narrowed(comparison, whole, columns);
  const wanted = columns.map((name) => wantedOf(name, reference, current, wishes));
  const isSliced = slicing.segmentBy.length > 0 || slicing.window !== undefined;
  const slices = isSliced ? await slicesOf(slicing, reference, current, engine, columns.length) : unsliced;
  const before = await cutOf(engine, narrow(reference, columns), slices.referenceCuts);
  const after = await cutOf(engine, narrow(current, columns), slices.currentCuts);
  const context = { profile, wishes, reference, current, whole, slices: slices.slices, before, after };
  const read: Read[] = [];
  let done = 0;
  for (const batch of batches(wanted, Math.max(reference.rows, current.rows))) {
    goOn(session);
    const sides = await readBatch(comparison, context, batch);
    for (const column of batch) {
      goOn(session);
      session.onProgress({ share: done++ / columns.length, message: column.name });
      read.push(...measured(column, await ordered(comparison, context, sides, column), context));
    }
  }
  const rows = decided(read, profile);
  const order = new Map(names.map((name, index) => [name, index]));
  const both = new Set(columns);
  const alone = names.filter((name) => !both.has(name)).map((name) => oneSided(name, reference, current));
  const [first, ...rest] = slices.slices.map((_, slice) => rows.filter((_row, i) => read[i]?.slice === slice));
  const placeOf = ({ column }: DriftColumn): number => order.get(column ?? '') ?? names.length;
  const sorted = [...(first ?? []), ...alone].sort((a, b) => placeOf(a) - placeOf(b));
  const columnsRead = read.flatMap(({ slice, distinct }, i) =>
    slice === 0 && rows[i] ? [{ row: rows[i], distinct }] : [],
  );
  goOn(session);
  const dependencies =
    slicing.previous || reference.saved ? [] : await dependenciesOf(engine, [reference, current], columnsRead);
  const together = wishes.table ? [await tableRow(engine, [reference, current], wanted, wishes.table)] : [];
  const outside = read.flatMap((one) => one.outside ?? []);
  return {
    diagnosis: diagnose({ rows, outside, dependencies, roles: wishes }),
    reference: { ...reference, rows: rowsAt(reference, before, slices.slices[0]?.reference) },
    current: { ...current, rows: rowsAt(current, after, slices.slices[0]?.current) },
    columns: [...together, ...sorted, ...rest.flat()],
    notes: slices.notes,
  };
}

const narrow = (side: Description, names: readonly string[]): Description => ({
  ...side,
  columns: names.map((name) => columnOf(side, name)),
});

const cutOf = async (engine: Engine, side: Description, cuts: Slices['currentCuts']) => ({
  cuts,
  parts: await partsOf(side, cuts, engine),
});

/** Both sides of the columns of a batch, whole and in parts. */
interface Sides {
  readonly before: (name: string, place: Place) => Side | undefined;
  readonly after: (name: string, place: Place) => Side | undefined;
}

async function readBatch(
  { engine, profile, session }: Comparison,
  { reference, current, before, after }: Context,
  batch: readonly Wanted[],
): Promise<Sides> {
  const sideAt = async (side: Description, cut: Context['before']) => {
    const whole = side.saved ? savedSides(side.saved, batch) : await sidesOf(engine, side, batch, profile);
    goOn(session);
    const parts = await placedSides(engine, side, cut, batch, profile);
    goOn(session);
    return (name: string, place: Place) => (place === 'all' ? whole.get(name) : parts(name, place));
  };
  return { before: await sideAt(reference, before), after: await sideAt(current, after) };
}

/** The same, with the rows of the whole column in their order where the profile looks at them. */
async function ordered({ engine }: Comparison, context: Context, sides: Sides, column: Wanted): Promise<Sides> {
  const { profile, wishes, reference, current } = context;
  const [first] = context.slices;
  if (!profile.readsRows || reference.saved || first?.reference !== 'all' || first.current !== 'all') return sides;
  const pair = pairOf(column, sides, first, context);
  const type = pair.asked ?? profile.typeOf(pair);
  if (!profile.readsRows(pair, type, askedFor(wishes, column.name, type))) return sides;
  const before = await withRows(pair.reference, engine, reference, column);
  const after = await withRows(pair.current, engine, current, column);
  return {
    before: (name, place) => (place === 'all' ? before : sides.before(name, place)),
    after: (name, place) => (place === 'all' ? after : sides.after(name, place)),
  };
}

/** The last word, over all rows where the profile weighs them together, else over each segment and window by itself. */
function decided(read: readonly Read[], profile: Profile): readonly NamedColumn[] {
  const groups = new Map<number, number[]>();
  read.forEach(({ slice }, i) => {
    const key = profile.weighsSlices ? 0 : slice;
    groups.set(key, [...(groups.get(key) ?? []), i]);
  });
  const rows = new Array<NamedColumn>(read.length);
  for (const places of groups.values()) {
    const measurements = places.map((place) => read[place]?.measured ?? notJudged('It was not measured.'));
    const verdicts = profile.decide?.(measurements) ?? measurements;
    places.forEach((place, i) => {
      const row = read[place]?.column;
      if (row) rows[place] = withVerdict(row, verdicts[i] ?? notJudged('It was not measured.'));
    });
  }
  return rows;
}

const rowsAt = (side: Description, { parts }: Context['before'], place: Place = 'all'): number =>
  place === 'all' ? side.rows : (parts[place.cut]?.[place.part]?.rows ?? 0);

type Both = Pick<Compared, 'reference' | 'current'>;

/** @param where SQL for the rows of each side; all of them when left out. */
async function bothOf(
  { reference, current, saved, engine, profile, wishes, session }: Comparison,
  where?: readonly [string?, string?],
): Promise<Both> {
  const countIntegers = profile.countsIntegers && where === undefined;
  const rows = (predicate: string | undefined) =>
    [wishes.only, predicate].filter((part) => part !== undefined).join(' AND ') || undefined;
  const after = await describe(current, engine, { where: rows(where?.[1]), countIntegers });
  goOn(session);
  const before = saved
    ? descriptionOf(saved, reference, after)
    : await describe(reference, engine, { where: rows(where?.[0]), countIntegers });
  return { reference: before, current: after };
}

/** Both sides with the rows that the profile looks at, which may depend on the columns compared. */
async function narrowed(comparison: Comparison, whole: Both, columns: readonly string[]): Promise<Both> {
  const [before, after] = [whole.reference, whole.current].map((side) => columns.map((name) => columnOf(side, name)));
  const { profile } = comparison;
  const where = [profile.rows?.(before ?? [], after ?? []), profile.rows?.(after ?? [], before ?? [])] as const;
  if (where.every((predicate) => predicate === undefined)) return whole;
  const both = await bothOf(comparison, where);
  return both.reference.saved && where[0] !== undefined
    ? { ...both, reference: withoutGaps(both.reference, columns) }
    : both;
}

/** A row as far as it is known before the last word on all of them; its values are let go of. */
interface Read {
  readonly column: NamedColumn;
  readonly measured: Measured;
  readonly slice: number;
  /** Distinct values of the side that has more. */
  readonly distinct: number;
  readonly outside?: Outside | undefined;
}

interface Context {
  readonly profile: Profile;
  readonly wishes: Wishes;
  readonly reference: Description;
  readonly current: Description;
  /** Both sides before the profile left out rows. */
  readonly whole: Both;
  readonly slices: readonly Slice[];
  /** How the reference and the current side are cut. */
  readonly before: { readonly cuts: Slices['currentCuts']; readonly parts: Parts };
  readonly after: Context['before'];
}

/** The column itself, then its segments and windows, which are of the type that the column itself is. */
function measured(column: Wanted, sides: Sides, context: Context): readonly Read[] {
  const [first, ...rest] = context.slices;
  if (!first) return [];
  const pair = pairOf(column, sides, first, context);
  const type = pair.asked ?? context.profile.typeOf(pair);
  const mismatch = mismatchOf(column.name, context);
  if (mismatch) {
    const told = rowOf(pair, type, notJudged(mismatch), 0, [null, null]);
    return [{ ...told, column: { ...told.column, moved: null } }];
  }
  const verdict = verdictOn(pair, type, context);
  const histograms = histogramsOf(pair, verdict.type ?? type);
  const own = { ...rowOf(pair, verdict.type ?? type, verdict, 0, histograms), outside: outsideOf(pair) };
  const like = first.reference === 'all' ? (histograms[0] ?? histograms[1]) : undefined;
  return [own, ...rest.map((slice, i) => ofSlice(column, sides, slice, { context, type, like, number: i + 1 }))];
}

function verdictOn(pair: ColumnPair, type: ColumnType, { profile, reference, wishes }: Context): Measured {
  const { saved } = reference;
  const asked = askedFor(wishes, pair.name, type);
  const obstacle = saved && savedObstacle(saved, pair, profile, profile.readsRows?.(pair, type, asked) ?? false);
  if (obstacle !== undefined) return notJudged(obstacle);
  return withError(profile.measure(pair, type, asked), pair);
}

interface SliceContext {
  readonly context: Context;
  readonly type: ColumnType;
  /** The picture of the whole column, over whose edges and categories those of its parts are drawn. */
  readonly like: Histogram | null | undefined;
  readonly number: number;
}

function ofSlice(column: Wanted, sides: Sides, slice: Slice, { context, type, like, number }: SliceContext): Read {
  const pair = pairOf(column, sides, slice, context);
  const obstacle = obstacleOf(slice, context, pair);
  const verdict = obstacle ? notJudged(obstacle) : verdictOn(pair, type, context);
  const shownAs = verdict.type ?? type;
  const histograms = like === undefined ? histogramsOf(pair, shownAs) : histogramsLike(pair, like);
  const { column: row, ...rest } = rowOf(pair, shownAs, verdict, number, histograms);
  const { segment, window } = slice;
  const [{ quantiles: _, ...reference }, { quantiles: __, ...current }] = [row.reference, row.current];
  return { ...rest, column: { ...row, segment, window, reference, current } };
}

/** Why a segment or window is told and not judged. */
function obstacleOf(
  slice: Slice,
  { reference, current, before, after }: Context,
  pair: ColumnPair,
): string | undefined {
  const word = slice.segment ? 'segment' : 'window';
  const rows = [rowsAt(reference, before, slice.reference), rowsAt(current, after, slice.current)] as const;
  if (rows[0] === 0) return `Only the current side has this ${word}.`;
  if (rows[1] === 0) return `Only the reference has this ${word}.`;
  const few = rows.findIndex((count) => count < LEAST_ROWS);
  if (few >= 0)
    return `This ${word} has only ${rows[few]} rows on the ${few === 0 ? 'reference' : 'current'} side, too few to compare; ${LEAST_ROWS} are needed.`;
  const isRead = pair.storage === 'other' || [pair.reference, pair.current].every((side) => side !== empty);
  return isRead ? undefined : `The column has too many categories to be counted in each ${word}.`;
}

const empty: Side = {
  rows: 0,
  nulls: 0,
  nan: 0,
  infinite: 0,
  size: 0,
  distinct: 0,
  sample: { kind: 'values', sorted: new Float64Array() },
};

function pairOf(column: Wanted, sides: Sides, slice: Slice, { wishes, whole }: Context): ColumnPair {
  return {
    ...column,
    asked: wishes.types.get(column.name),
    reference: sides.before(column.name, slice.reference) ?? empty,
    current: sides.after(column.name, slice.current) ?? empty,
    whole: { reference: wholeColumn(whole.reference, column.name), current: wholeColumn(whole.current, column.name) },
  };
}

function rowOf(
  pair: ColumnPair,
  type: ColumnType,
  measured: Measured,
  slice: number,
  [reference, current]: readonly [Histogram | null, Histogram | null],
): Read {
  return {
    measured,
    slice,
    distinct: Math.max(pair.reference.distinct, pair.current.distinct),
    column: {
      ...unmeasured(pair.name, type),
      moved: movedOf(pair, type),
      reference: sideOf(pair.reference, type, reference),
      current: sideOf(pair.current, type, current),
    },
  };
}

const wholeColumn = (side: Description, name: string): WholeColumn => ({ ...columnOf(side, name), rows: side.rows });

/** @param asked The share from which on the data have drifted, where a person says so; then the preset does not decide. */
function datasetOf(
  columns: readonly DriftColumn[],
  profile: Profile,
  asked: number | undefined,
): DriftReport['dataset'] {
  const whole = columns.filter(({ drifted, segment, window }) => drifted !== null && !segment && !window);
  const judged = whole.filter(({ column }) => column !== null);
  const together = whole.find(({ column, drifted }) => column === null && drifted);
  const drifted = judged.filter((column) => column.drifted).length;
  const share = judged.length > 0 ? drifted / judged.length : 0;
  const limit = asked ?? profile.share;
  const { threshold, method, ...verdict } = (asked === undefined ? profile.dataset?.(judged) : undefined) ?? {
    drifted: judged.length > 0 && share >= limit,
    threshold: limit,
    method: 'share',
  };
  const counts = { driftedColumns: drifted, columns: judged.length, share };
  // Asked about all columns together, drift there is drift of the dataset, whatever each column says.
  if (together && !verdict.drifted) return { drifted: true, ...counts, threshold, method: together.method ?? method };
  return { drifted: verdict.drifted, ...counts, threshold, method };
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
  if (isKnown || typeOfStorage[before.storage] === typeOfStorage[after.storage]) return undefined;
  return `Its type changed from ${before.physicalType} to ${after.physicalType}, so there is nothing to measure. Say what it is with --type ${name}=categorical.`;
}
