import { ALL_COLUMNS, type DriftColumn } from '../../../server/src/protocol';
import { effectOf } from './effect';

/** A stretch of time that a row of the report is about. */
export type Window = NonNullable<DriftColumn['window']>;

/** One column, of all rows or of a segment, over all windows. */
export interface HeatRow {
  readonly name: string;
  /** One a window; undefined where the column has none there. */
  readonly cells: readonly (DriftColumn | undefined)[];
  /** Its largest effect; −1 when no window is judged. */
  readonly largest: number;
  /** The window since which it has drifted up to the last one. */
  readonly began: number | undefined;
}

/** Columns × windows. */
export interface Heat {
  readonly windows: readonly Window[];
  /** By their largest effect. */
  readonly rows: readonly HeatRow[];
}

/** The rows of a report that are about windows, as a table; undefined when there are none. */
export function heatOf(columns: readonly DriftColumn[]): Heat | undefined {
  const inWindows = columns.filter(({ window }) => window !== null);
  const ofAll = inWindows.filter(({ segment }) => segment === null);
  const shown = ofAll.length > 0 ? ofAll : inWindows;
  if (shown.length === 0) return undefined;
  const windows = windowsOf(shown);
  const places = new Map(windows.map((window, at) => [keyOf(window), at]));
  const byName = new Map<string, (DriftColumn | undefined)[]>();
  for (const column of shown) {
    const name = seriesName(column);
    const cells = byName.get(name) ?? Array.from({ length: windows.length }, () => undefined);
    const at = column.window ? places.get(keyOf(column.window)) : undefined;
    if (at !== undefined) cells[at] = column;
    byName.set(name, cells);
  }
  const rows = [...byName].map(([name, cells]) => rowOf(name, cells));
  return { windows, rows: rows.toSorted((a, b) => b.largest - a.largest) };
}

/** The same column and segment in every window, in order of time; none when the report has no windows. */
export function seriesOf(column: DriftColumn, columns: readonly DriftColumn[]): readonly DriftColumn[] {
  const name = seriesName(column);
  return columns
    .filter((other) => other.column === column.column && other.window !== null && seriesName(other) === name)
    .toSorted((a, b) => inTime(a.window, b.window));
}

/** `dep_delay`, `dep_delay · origin = EWR` */
export function seriesName({ column, segment }: DriftColumn): string {
  const name = column ?? ALL_COLUMNS;
  return segment ? `${name} · ${segmentName(segment)}` : name;
}

/** `origin = EWR, month = 7` */
export function segmentName(segment: NonNullable<DriftColumn['segment']>): string {
  return Object.entries(segment)
    .map(([name, value]) => `${name} = ${value ?? 'no value'}`)
    .join(', ');
}

/** Of an ISO 8601 time; without a zone it is taken as UTC, as the data's own times are. */
export function millisecondsOf(text: string): number | undefined {
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/.test(text) || !/\d[T ]\d/.test(text);
  const time = Date.parse(zoned ? text : `${text.replace(' ', 'T')}Z`);
  return Number.isNaN(time) ? undefined : time;
}

const keyOf = ({ column, start, end }: Window) => JSON.stringify([column, start, end]);

function windowsOf(columns: readonly DriftColumn[]): readonly Window[] {
  const byKey = new Map<string, Window>();
  for (const { window } of columns) if (window) byKey.set(keyOf(window), window);
  return [...byKey.values()].toSorted(inTime);
}

function inTime(a: Window | null, b: Window | null): number {
  const [first, second] = [a?.start ?? '', b?.start ?? ''];
  const [before, after] = [millisecondsOf(first), millisecondsOf(second)];
  if (before !== undefined && after !== undefined) return before - after;
  return first < second ? -1 : Number(first > second);
}

function rowOf(name: string, cells: readonly (DriftColumn | undefined)[]): HeatRow {
  const largest = Math.max(-1, ...cells.map((cell) => (cell && effectOf(cell)) ?? -1));
  return { name, cells, largest, began: beganAt(cells) };
}

/** The first of the windows that have drifted up to the last judged one; what is not judged between them says nothing. */
export function beganAt(cells: readonly (DriftColumn | undefined)[]): number | undefined {
  let began: number | undefined;
  for (let at = cells.length - 1; at >= 0; at--) {
    const drifted = cells[at]?.drifted ?? null;
    if (drifted === false) break;
    if (drifted) began = at;
  }
  return began;
}
