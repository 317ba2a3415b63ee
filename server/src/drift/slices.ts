import type { Datum, DriftColumn, DriftJob } from '../protocol';
import type { Engine } from '../sql/engine';
import { identifier } from '../sql/fragment';
import { type Period, periodOf } from '../text/period';
import { Unreadable } from '../world';
import { columnOf, type Description, has } from './describe';

/** The largest segments and the latest windows are judged; so many rows of a report can still be looked through. */
const MOST_SEGMENTS = 50;
const MOST_WINDOWS = 400;
/** Rows of a report over all columns, segments and windows. */
const MOST_ROWS = 100_000;
/** With fewer rows on a side a segment or window is told and not judged. */
export const LEAST_ROWS = 20;
const DAY = 86_400_000;
/** Windows start at a Monday, 1969-12-29, so that weeks do as well. */
const MONDAY = -3 * DAY;

/** What stands in place of a reference: each window is compared with the one before it. */
export const PREVIOUS = 'previous';

const seasons = ['none', 'weekday', 'month'] as const;
type Season = (typeof seasons)[number];

/** What a person asks to be looked at apart, read and found to make sense. */
export interface Slicing {
  readonly segmentBy: readonly string[];
  readonly window?: { readonly column: string; readonly every: Period; readonly season: Season };
  /** Whether the reference of a window is the window before it. */
  readonly previous: boolean;
}

/** A way to cut the rows of a side into parts. */
export interface Cut {
  /** SQL of a double that says in which part a row is. */
  readonly key: string;
  /** Number of the part of each key; rows of other keys are in none. */
  readonly parts: ReadonlyMap<number, number>;
}

/** Rows of one side: a part of a cut, or all of them. */
export type Place = { readonly cut: number; readonly part: number } | 'all';

/** A segment or window: the rows of either side that are compared, and how a report names it. */
export interface Slice extends Pick<DriftColumn, 'segment' | 'window'> {
  readonly reference: Place;
  readonly current: Place;
}

/** All that is compared, and how the sides are cut for it. */
export interface Slices {
  readonly referenceCuts: readonly Cut[];
  readonly currentCuts: readonly Cut[];
  /** The comparison of the dataset itself first, then segments by size, then windows by time. */
  readonly slices: readonly Slice[];
  /** What was left out, in sentences. */
  readonly notes: readonly string[];
}

const whole: Slice = { segment: null, window: null, reference: 'all', current: 'all' };
/** The dataset alone. */
export const unsliced: Slices = { referenceCuts: [], currentCuts: [], slices: [whole], notes: [] };

/** Rejects with `Unreadable` for a wish that makes no sense. */
export function slicingOf({ segmentBy = [], windowBy, season = 'none', reference }: DriftJob): Slicing {
  const previous = reference === PREVIOUS;
  const known = seasons.find((name) => name === season);
  if (!known) throw refused(`There is no season "${season}". Seasons are ${seasons.join(', ')}.`);
  if (previous && !windowBy)
    throw refused('The reference "previous" is the window before, so it needs --window-by COLUMN:PERIOD.');
  if (previous && segmentBy.length > 0)
    throw refused('Segments need a reference of their own: leave out --segment-by, or name a reference.');
  if (previous && known !== 'none') throw refused('A window has one reference: --season or --reference previous.');
  if (!windowBy) {
    if (known !== 'none') throw refused('A season is of windows, so it needs --window-by COLUMN:PERIOD.');
    return { segmentBy, previous };
  }
  const every = periodOf(windowBy.every);
  if (!every)
    throw refused(`"${windowBy.every}" is no period. A period is a number and a unit, such as 1d or 6 hours.`);
  if (known === 'weekday' && !('milliseconds' in every && every.milliseconds <= DAY))
    throw refused(`A window of ${windowBy.every} has no weekday of its own; take windows of at most a day.`);
  return { segmentBy, previous, window: { column: windowBy.column, every, season: known } };
}

const refused = (sentence: string): Unreadable => new Unreadable(sentence, '');

/** The segments and windows that the data has. Rejects with `Unreadable` for columns that cannot be cut by. */
export async function slicesOf(
  slicing: Slicing,
  reference: Description,
  current: Description,
  engine: Engine,
  columns: number,
): Promise<Slices> {
  const most = (limit: number): number => Math.max(2, Math.min(limit, Math.floor(MOST_ROWS / Math.max(1, columns))));
  const segments = await segmentsOf(slicing, [reference, current], engine, most(MOST_SEGMENTS));
  const windows = await windowsOf(slicing, current, engine, most(MOST_WINDOWS));
  const cut = segments.cut ? 1 : 0;
  const season = windows.cut && seasonOf(slicing, reference);
  const placed = windows.found.map(({ window, key }, part): Slice => {
    const place = { cut, part };
    if (slicing.previous) return { segment: null, window, reference: { cut, part: part - 1 }, current: place };
    const reference = season ? { cut, part: season.partOf(key) } : 'all';
    return { segment: null, window, reference, current: place };
  });
  const own = [segments.cut, windows.cut].filter((found) => found !== undefined);
  const theirs = [segments.cut, slicing.previous ? windows.cut : season?.cut].filter((found) => found !== undefined);
  const last = placed.at(-1);
  if (slicing.previous && (!last || placed.length < 2))
    throw refused(`${slicing.window?.column} has only one window, and none before it to compare with.`);
  const first = slicing.previous && last ? { ...last, window: null } : whole;
  return {
    referenceCuts: theirs,
    currentCuts: own,
    slices: [first, ...segments.slices, ...placed.slice(Number(slicing.previous))],
    notes: [...segments.notes, ...windows.notes],
  };
}

// ---------------------------------------------------------------------------------------------------- segments

interface Segments {
  readonly cut: Cut | undefined;
  readonly slices: readonly Slice[];
  readonly notes: readonly string[];
}

async function segmentsOf(
  { segmentBy }: Slicing,
  sides: readonly [Description, Description],
  engine: Engine,
  most: number,
): Promise<Segments> {
  if (segmentBy.length === 0) return { cut: undefined, slices: [], notes: [] };
  for (const side of sides) for (const name of segmentBy) assertColumn(side, name, '--segment-by');
  const names = segmentBy.map(identifier);
  const key = `(hash(${names.map((name) => `${name}::VARCHAR`).join(', ')}) >> 11)::DOUBLE`;
  const found = new Map<number, { readonly segment: Record<string, Datum>; rows: number }>();
  for (const { relation } of sides) {
    const rows = await engine.rows(
      `SELECT ${key} AS k, ${names.map((name, i) => `any_value(${name}) AS s_${i}`).join(', ')}, count(*) AS n
       FROM ${relation} GROUP BY 1 ORDER BY n DESC, 1 LIMIT 100000`,
    );
    for (const row of rows) {
      const known = found.get(Number(row.k));
      if (known) known.rows += Number(row.n);
      else {
        const segment = Object.fromEntries(segmentBy.map((name, i) => [name, row[`s_${i}`] ?? null]));
        found.set(Number(row.k), { segment, rows: Number(row.n) });
      }
    }
  }
  const largest = [...found].sort(([a, one], [b, other]) => other.rows - one.rows || a - b);
  const kept = largest.slice(0, most);
  const rest = largest.slice(most);
  return {
    cut: { key, parts: new Map(kept.map(([code], part) => [code, part])) },
    slices: kept.map(([, { segment }], part) => {
      const place = { cut: 0, part };
      return { segment, window: null, reference: place, current: place };
    }),
    notes:
      rest.length > 0
        ? [
            `Of ${largest.length} segments of ${segmentBy.join(', ')} the ${kept.length} largest are judged; the other ${rest.length} hold ${rest.reduce((sum, [, { rows }]) => sum + rows, 0)} rows of both sides.`,
          ]
        : [],
  };
}

function assertColumn(side: Description, name: string, option: string): void {
  if (!has(side, name))
    throw refused(
      `${side.dataset.ref} has no column "${name}" for ${option}. Columns are ${side.columns.map((column) => column.name).join(', ')}.`,
    );
}

// ----------------------------------------------------------------------------------------------------- windows

interface Windows {
  readonly cut: Cut | undefined;
  readonly found: readonly { readonly window: NonNullable<DriftColumn['window']>; readonly key: number }[];
  readonly notes: readonly string[];
}

async function windowsOf({ window }: Slicing, current: Description, engine: Engine, most: number): Promise<Windows> {
  if (!window) return { cut: undefined, found: [], notes: [] };
  assertTimes(current, window.column);
  const key = windowKey(window.column, window.every);
  const rows = await engine.rows(
    `SELECT ${key} AS k, count(*) AS n FROM ${current.relation} WHERE ${finite(window.column)} GROUP BY 1 ORDER BY 1 DESC LIMIT ${most + 1}`,
  );
  const latest = rows.slice(0, most).reverse();
  const found = latest.map(({ k }) => ({
    key: Number(k),
    window: {
      column: window.column,
      start: written(startOf(Number(k), window.every)),
      end: written(startOf(Number(k) + 1, window.every)),
    },
  }));
  return {
    cut: { key, parts: new Map(found.map((one, part) => [one.key, part])) },
    found,
    notes:
      rows.length > most ? [`Only the latest ${most} windows of ${window.column} are judged; there are more.`] : [],
  };
}

function assertTimes(side: Description, name: string): void {
  assertColumn(side, name, '--window-by');
  const { storage, physicalType } = columnOf(side, name);
  if (storage !== 'datetime')
    throw refused(
      `--window-by takes a column of dates or times, and ${name} of ${side.dataset.ref} is ${physicalType}.`,
    );
}

const finite = (name: string): string => `isfinite(${identifier(name)})`;
/** Milliseconds since 1970; NULL for an infinite time, which has none. */
const millisecondsOf = (name: string): string => `CASE WHEN ${finite(name)} THEN epoch_ms(${identifier(name)}) END`;
const monthOf = (name: string): string =>
  `((year(make_timestamp_ms(${millisecondsOf(name)})) - 1970) * 12 + month(make_timestamp_ms(${millisecondsOf(name)})) - 1)`;

/** Windows are numbered from 1970 on, in months, or in periods of one length. */
const windowKey = (name: string, every: Period): string =>
  'months' in every
    ? `floor(${monthOf(name)} / ${every.months})`
    : `floor((${millisecondsOf(name)} - (${MONDAY})) / ${every.milliseconds})`;

const startOf = (key: number, every: Period): number =>
  'months' in every ? Date.UTC(1970, key * every.months) : MONDAY + key * every.milliseconds;

const written = (time: number): string => {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString().replace('.000Z', 'Z');
};

/** The reference cut into its weekdays or months, and where the season of a window lies. */
function seasonOf({ window }: Slicing, reference: Description) {
  if (!window || window.season === 'none') return undefined;
  assertTimes(reference, window.column);
  const isWeekday = window.season === 'weekday';
  const size = isWeekday ? 7 : 12;
  const index = isWeekday ? `floor((${millisecondsOf(window.column)} - (${MONDAY})) / ${DAY})` : monthOf(window.column);
  // The remainder of what lies before 1970 is negative.
  const key = `(((${index})::BIGINT % ${size} + ${size}) % ${size})::DOUBLE`;
  const partOf = (windowKey: number): number => {
    const start = startOf(windowKey, window.every);
    return isWeekday ? ((Math.floor((start - MONDAY) / DAY) % 7) + 7) % 7 : new Date(start).getUTCMonth();
  };
  return { cut: { key, parts: new Map(Array.from({ length: size }, (_, part) => [part, part])) }, partOf };
}
