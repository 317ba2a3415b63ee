import type { ColumnType, Histogram, NamedColumn } from '../protocol';
import { type ColumnPair, type Side, typeOfStorage, type WholeColumn } from './column';
import { columnOf, type Description } from './describe';
import { type Outside, outsideOf } from './diagnose';
import { histogramsLike, histogramsOf } from './histogram';
import { movedOf } from './moved';
import type { Pieces } from './parts';
import { type Measured, notJudged, type Profile } from './profile';
import { sideOf, unmeasured, withVerdict } from './row';
import { savedObstacle, withError } from './saved';
import { LEAST_ROWS, type Place, type Slice } from './slices';
import type { Wanted } from './summary';
import { askedFor, type Wishes } from './wishes';

/** A row as far as it is known before the last word on all of them; its values are let go of. */
export interface Read {
  readonly column: NamedColumn;
  readonly measured: Measured;
  readonly slice: number;
  /** Distinct values of the side that has more. */
  readonly distinct: number;
  readonly outside?: Outside | undefined;
}

/** What all columns of a comparison have in common. */
export interface Context {
  readonly profile: Profile;
  readonly wishes: Wishes;
  readonly reference: Description;
  readonly current: Description;
  /** Both sides before the profile left out rows. */
  readonly whole: Both;
  readonly slices: readonly Slice[];
  /** How the reference and the current side are cut. */
  readonly before: Pieces;
  readonly after: Pieces;
}

/** Both sides as they are described. */
export interface Both {
  readonly reference: Description;
  readonly current: Description;
}

/** Both sides of the columns of a batch, whole and in parts. */
export interface Sides {
  readonly before: (name: string, place: Place) => Side | undefined;
  readonly after: (name: string, place: Place) => Side | undefined;
}

/** The column itself, then its segments and windows, which are of the type that the column itself is. */
export function measured(column: Wanted, sides: Sides, context: Context): readonly Read[] {
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
  return withError(profile.measure(pair, type, asked), pair, profile);
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

/** A column of one slice on both sides. */
export function pairOf(column: Wanted, sides: Sides, slice: Slice, { wishes, whole }: Context): ColumnPair {
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

/** Rows of one side at a place. */
export const rowsAt = (side: Description, { parts }: Pieces, place: Place = 'all'): number =>
  place === 'all' ? side.rows : (parts[place.cut]?.[place.part]?.rows ?? 0);

/** The last word, over all rows where the profile weighs them together, else over each segment and window by itself. */
export function decided(read: readonly Read[], profile: Profile): readonly NamedColumn[] {
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

/** A change of type is told and not measured. */
function mismatchOf(name: string, { reference, current, wishes }: Context): string | undefined {
  const [before, after] = [columnOf(reference, name), columnOf(current, name)];
  const isKnown = wishes.types.has(name) || before.nulls === reference.rows || after.nulls === current.rows;
  if (isKnown || typeOfStorage[before.storage] === typeOfStorage[after.storage]) return undefined;
  return `Its type changed from ${before.physicalType} to ${after.physicalType}, so there is nothing to measure. Say what it is with --type ${name}=categorical.`;
}
