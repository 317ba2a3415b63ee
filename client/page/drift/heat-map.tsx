import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { DriftColumn } from '../../../server/src/protocol';
import { count, decimals, significant } from '../numbers';
import { useSize } from '../parts/measure';
import { driftStatus, driftStatuses } from './drift-statuses';
import { decisive, effectOf } from './effect';
import { figureText } from './limit-scale';
import { startName, windowName } from './window-names';
import type { Heat } from './windows';

interface HeatMapProps {
  readonly heat: Heat;
  /** The opened cell. */
  readonly picked: DriftColumn | undefined;
  onPick(column: DriftColumn | undefined): void;
}

/** Pixels. */
const rowHeight = 22;
const headHeight = 20;
const leastCell = 13;
const mostCell = 120;
/** From this width on a cell has room for its number. */
const numberFits = 34;
/** A window's name needs about this much. */
const startWidth = 88;
/** Rows that are in sight before the map scrolls by itself. */
const rowsInSight = 14;
const spare = 3;

interface Place {
  readonly row: number;
  readonly cell: number;
}

/** Columns × windows, by how far each is from its limit. Only what is in sight is in the document. */
export function HeatMap({ heat, picked, onPick }: HeatMapProps) {
  const { rows, windows } = heat;
  const place = useRef<HTMLDivElement>(null);
  const { width } = useSize(place);
  const [scroll, setScroll] = useState({ left: 0, top: 0 });
  const [active, setActive] = useState<Place>({ row: 0, cell: 0 });
  const focusing = useRef(false);
  const nameWidth = Math.round(Math.min(190, Math.max(84, width * 0.24)));
  const cellWidth = Math.min(mostCell, Math.max(leastCell, Math.floor((width - nameWidth - 12) / windows.length)));
  const height =
    headHeight + Math.min(rows.length, rowsInSight) * rowHeight + (rows.length > rowsInSight ? rowHeight / 2 : 0);
  const isWider = nameWidth + windows.length * cellWidth > width;

  useLayoutEffect(() => {
    if (!focusing.current) return;
    focusing.current = false;
    const cell = place.current?.querySelector<HTMLElement>(`[data-cell="${active.row} ${active.cell}"]`);
    cell?.focus({ preventScroll: true });
    cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  });

  const moveTo = (to: Place) => {
    focusing.current = true;
    setActive({ row: clamp(to.row, rows.length), cell: clamp(to.cell, windows.length) });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.metaKey || event.altKey) return;
    if (event.key === 'Escape' && picked) {
      event.preventDefault();
      return onPick(undefined);
    }
    const to = keys[`${event.ctrlKey ? 'Ctrl+' : ''}${event.key}`]?.(active, rows.length, windows.length);
    if (!to) return;
    event.preventDefault();
    moveTo(to);
  };
  const inRows = inSight(scroll.top, height, rowHeight, rows.length, active.row);
  const inCells = inSight(scroll.left, Math.max(0, width - nameWidth), cellWidth, windows.length, active.cell);
  const every = Math.max(1, Math.ceil(startWidth / cellWidth));
  return (
    <div
      role="grid"
      class="heat"
      aria-label="Columns by windows: each figure against its limit"
      aria-rowcount={rows.length + 1}
      aria-colcount={windows.length + 1}
      ref={place}
      style={{
        '--name': `${nameWidth}px`,
        '--cell': `${cellWidth}px`,
        height: `${height + (isWider ? scrollBar : 0)}px`,
      }}
      onScroll={({ currentTarget: { scrollLeft: left, scrollTop: top } }) => setScroll({ left, top })}
      onKeyDown={onKeyDown}
      onFocusIn={({ target }) => {
        const at = placeOf(target);
        if (at && (at.row !== active.row || at.cell !== active.cell)) setActive(at);
      }}
      onClick={({ target }) => {
        const at = placeOf(target);
        const column = at && rows[at.row]?.cells[at.cell];
        if (at) onPick(column === picked ? undefined : column);
      }}
    >
      {width > 0 && (
        <div
          class="heat-all"
          style={{
            width: `${nameWidth + windows.length * cellWidth}px`,
            height: `${headHeight + rows.length * rowHeight}px`,
          }}
        >
          <div role="row" class="heat-head" aria-rowindex={1}>
            <span role="columnheader" class="heat-name" aria-colindex={1}>
              column
            </span>
            {windows.map((window, at) =>
              at % every === 0 && (at + every <= windows.length || at === 0) ? (
                <span
                  key={at}
                  role="columnheader"
                  class="heat-start"
                  aria-colindex={at + 2}
                  title={windowName(window)}
                  style={{ left: `${nameWidth + at * cellWidth}px`, width: `${cellWidth * every}px` }}
                >
                  {startName(window)}
                </span>
              ) : null,
            )}
          </div>
          {inRows.map((row) => {
            const { name, cells, began } = rows[row] ?? emptyRow;
            return (
              <div
                key={row}
                role="row"
                class="heat-row"
                aria-rowindex={row + 2}
                style={{ top: `${headHeight + row * rowHeight}px` }}
              >
                <span role="rowheader" class="heat-name code" aria-colindex={1} title={name}>
                  <span class="text">{name}</span>
                </span>
                {inCells.map((cell) => (
                  <Cell
                    key={cell}
                    name={name}
                    column={cells[cell]}
                    row={row}
                    cell={cell}
                    left={nameWidth + cell * cellWidth}
                    withNumber={cellWidth >= numberFits}
                    began={began === cell}
                    isActive={row === active.row && cell === active.cell}
                    isPicked={picked !== undefined && cells[cell] === picked}
                  />
                ))}
              </div>
            );
          })}
        </div>
      )}
    </div>
  );
}

const emptyRow = { name: '', cells: [], began: undefined };
/** Room for a bar to scroll by, which would else hide the last row. */
const scrollBar = 12;
const clamp = (index: number, length: number) => Math.min(Math.max(0, index), length - 1);

/** The places near the shown part, and the one with the tab stop wherever it is, so that the keyboard never loses it. */
function inSight(from: number, room: number, size: number, length: number, active: number): readonly number[] {
  const first = clamp(Math.floor(from / size) - spare, length);
  const last = clamp(Math.ceil((from + room) / size) + spare, length);
  const near = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  const stop = clamp(active, length);
  if (stop < first) return [stop, ...near];
  return stop > last ? [...near, stop] : near;
}

/** Where a cell is. */
function placeOf(target: EventTarget | null): Place | undefined {
  const at = target instanceof HTMLElement ? target.dataset.cell?.split(' ') : undefined;
  return at && { row: Number(at[0]), cell: Number(at[1]) };
}

type Key = (at: Place, rows: number, cells: number) => Place;
const last = Number.MAX_SAFE_INTEGER;
const keys: Readonly<Record<string, Key>> = {
  ArrowRight: ({ row, cell }) => ({ row, cell: cell + 1 }),
  ArrowLeft: ({ row, cell }) => ({ row, cell: cell - 1 }),
  ArrowDown: ({ row, cell }) => ({ row: row + 1, cell }),
  ArrowUp: ({ row, cell }) => ({ row: row - 1, cell }),
  PageDown: ({ row, cell }) => ({ row: row + rowsInSight, cell }),
  PageUp: ({ row, cell }) => ({ row: row - rowsInSight, cell }),
  Home: ({ row }) => ({ row, cell: 0 }),
  End: ({ row }) => ({ row, cell: last }),
  'Ctrl+Home': () => ({ row: 0, cell: 0 }),
  'Ctrl+End': () => ({ row: last, cell: last }),
};

interface CellProps {
  readonly name: string;
  readonly column: DriftColumn | undefined;
  readonly row: number;
  readonly cell: number;
  readonly left: number;
  readonly withNumber: boolean;
  readonly began: boolean;
  readonly isActive: boolean;
  readonly isPicked: boolean;
}

/** Made anew only when something of it changed: a thousand of them stand on the page while one of them moves. */
function Cell(props: CellProps) {
  const { name, column, row, cell, left, withNumber, began, isActive, isPicked } = props;
  return useMemo(
    () => <CellButton {...props} />,
    [name, column, row, cell, left, withNumber, began, isActive, isPicked],
  );
}

function CellButton({ name, column, row, cell, left, withNumber, began, isActive, isPicked }: CellProps) {
  const effect = column && effectOf(column);
  const words = column ? cellWords(name, column, began) : `${name}: nothing here`;
  return (
    <button
      type="button"
      role="gridcell"
      class={`heat-cell ${column?.drifted ? 'beyond' : ''} ${effect === undefined ? 'unjudged' : ''} ${began ? 'began' : ''}`}
      data-cell={`${row} ${cell}`}
      aria-colindex={cell + 2}
      aria-selected={isPicked}
      aria-label={words}
      title={words}
      tabIndex={isActive ? 0 : -1}
      style={{ left: `${left}px`, '--heat': `${strengthOf(effect)}%` }}
    >
      {withNumber && effect !== undefined ? timesLimit(effect) : ''}
    </button>
  );
}

/** `1.3` of a figure 1.3 times its limit. */
export function timesLimit(effect: number): string {
  if (!Number.isFinite(effect)) return '∞';
  if (effect >= 100) return `> ${count(99)}`;
  if (effect >= 10) return count(effect);
  // Near misses are not rounded onto the limit.
  return decimals(effect < 1 ? Math.floor(effect * 10) / 10 : effect, 1);
}

/** One scale, in per cent of the full colour: pale below the limit, strong above, and a step between them. */
export function strengthOf(effect: number | undefined): number {
  if (effect === undefined) return 0;
  if (effect < 1) return Math.round(3 + 17 * Math.max(0, effect));
  return Math.round(36 + 24 * Math.min(1, Math.log2(effect) / 3));
}

function cellWords(name: string, column: DriftColumn, began: boolean): string {
  const effect = effectOf(column);
  const figure = decisive(column);
  const judged =
    effect === undefined || figure === undefined
      ? (column.reason ?? 'not judged')
      : `${driftStatuses[driftStatus(column)].word.toLowerCase()}, ${column.method} ${figureText(column, figure)}, limit ${significant(column.threshold ?? 0, 3)}`;
  return [
    `${name}, ${column.window ? windowName(column.window) : ''}: ${judged}`,
    column.moved,
    effect !== undefined && column.reason,
    began && 'drift began here',
  ]
    .filter(Boolean)
    .join('; ');
}
