import { type Dataset, dataIn, type Files, resolveDataset, resolveFiles } from '../data/dataset';
import { readable } from '../data/written-text';
import type { DriftColumn, DriftDiagnosis, DriftJob, DriftReport } from '../protocol';
import type { Session } from '../session';
import { Cancelled, type Engine, QueryFailed } from '../sql/engine';
import { TOOL } from '../tool';
import { Unreadable } from '../world';
import { type Both, type Context, decided, measured, pairOf, type Read, rowsAt, type Sides } from './column-verdicts';
import { datasetOf } from './dataset-verdict';
import { dependenciesOf } from './dependencies';
import { columnOf, type Description, describe, has } from './describe';
import { diagnose } from './diagnose';
import { type Pieces, partsOf, placedSides } from './parts';
import type { Profile } from './profile';
import type { Saved } from './reference';
import { oneSided } from './row';
import { withRows } from './rows';
import { assertUncut, descriptionOf, savedAt, savedSides, withoutGaps } from './saved';
import { type Place, type Slicing, slicesOf, slicingOf, unsliced } from './slices';
import { batches, sidesOf, type Wanted } from './summary';
import { tableRow } from './table';
import { askedFor, chosen, profileOf, type Wishes, wishesOf } from './wishes';

const DEFAULT_PROFILE = 'plumbline';

/**
 * Compares two datasets column by column. Rejects with `Unreadable` for data that cannot be read and for a preset, method,
 * type or column that does not exist; with `Cancelled` between two steps; with `EngineDied`.
 */
export async function runDrift(
  job: DriftJob,
  session: Session,
  judged: 'together' | 'apart' = 'together',
): Promise<DriftReport> {
  const started = session.world.now();
  const named = profileOf(job.preset ?? DEFAULT_PROFILE);
  const profile = judged === 'apart' ? ofColumnsApart(named) : named;
  const wishes = wishesOf(job, profile);
  const slicing = slicingOf(job);
  const { world, signal } = session;
  const current = await readable(await resolveDataset(job.current, job.folder, world, signal), world, signal);
  const files = slicing.previous ? current : await resolveFiles(job.reference, job.folder, world, signal);
  const saved = slicing.previous ? undefined : await savedAt(files, world);
  const reference = slicing.previous || saved ? files : await readable(dataIn(files), world, signal);
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
    const versions = [...new Set([reference, current])].flatMap(({ version, notes = [] }) => [
      ...(version?.note === undefined ? [] : [version.note]),
      ...notes,
    ]);
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
      ...(versions.length + compared.notes.length > 0 ? { notes: [...versions, ...compared.notes] } : {}),
      diagnosis: compared.diagnosis,
    };
  } catch (error) {
    if (!(error instanceof QueryFailed)) throw error;
    throw new Unreadable(`${job.reference} and ${job.current} cannot be compared: ${error.message}`, current.path);
  } finally {
    engine.close();
  }
}

/** The profile with a last word on each column as if no other were compared. */
function ofColumnsApart(profile: Profile): Profile {
  const { decide } = profile;
  return decide ? { ...profile, decide: (measured) => measured.flatMap((one) => decide([one])) } : profile;
}

/**
 * Whether columns that are compared at once and judged apart are said to be what each of them is by itself: no row is left
 * out for the gap of another column. False for a preset that nobody knows.
 */
export function judgesApart({ preset }: Pick<DriftJob, 'preset'>): boolean {
  try {
    return profileOf(preset ?? DEFAULT_PROFILE).rows === undefined;
  } catch (error) {
    if (error instanceof Unreadable) return false;
    throw error;
  }
}

interface Comparison {
  readonly reference: Files;
  readonly current: Dataset;
  /** What the reference is, when it is a file that keeps statistics in place of rows. */
  readonly saved: Saved | undefined;
  readonly engine: Engine;
  readonly profile: Profile;
  readonly wishes: Wishes;
  readonly slicing: Slicing;
  readonly session: Session;
}

interface Compared extends Both {
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
  const read = await readColumns(comparison, context, wanted);
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

/** Batch by batch, so that memory stays bounded however many columns there are. */
async function readColumns(
  comparison: Comparison,
  context: Context,
  wanted: readonly Wanted[],
): Promise<readonly Read[]> {
  const { session } = comparison;
  const read: Read[] = [];
  let done = 0;
  for (const batch of batches(wanted, Math.max(context.reference.rows, context.current.rows))) {
    goOn(session);
    const sides = await readBatch(comparison, context, batch);
    for (const column of batch) {
      goOn(session);
      session.onProgress({ share: done++ / wanted.length, message: column.name });
      read.push(...measured(column, await ordered(comparison, context, sides, column), context));
    }
  }
  return read;
}

const narrow = (side: Description, names: readonly string[]): Description => ({
  ...side,
  columns: names.map((name) => columnOf(side, name)),
});

const cutOf = async (engine: Engine, side: Description, cuts: Pieces['cuts']): Promise<Pieces> => ({
  cuts,
  parts: await partsOf(side, cuts, engine),
});

async function readBatch(
  { engine, profile, session }: Comparison,
  { reference, current, before, after }: Context,
  batch: readonly Wanted[],
): Promise<Sides> {
  const sideAt = async (side: Description, cut: Pieces) => {
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
    : await describe(dataIn(reference), engine, { where: rows(where?.[0]), countIntegers });
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
