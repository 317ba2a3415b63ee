import { type ComponentChildren, Fragment } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Sort } from '../view-state';
import { Icon } from './icon';
import { useShownPart, useSize } from './measure';
import { useRoving } from './roving';
import { type OpenedRow, rowLayout } from './row-layout';

export interface Column<Row> {
  readonly id: string;
  readonly label: string;
  /** Its CSS grid track. */
  readonly track: string;
  /** Figures stand at the end of their cell. */
  readonly end?: boolean;
  /** Least width of the page in pixels at which the column has room. */
  readonly from?: number;
  /** Ascending order; a column without cannot be sorted by. */
  compare?(a: Row, b: Row): number;
  /** Rows without a value there stand last in either order. */
  isBlank?(row: Row): boolean;
  /** Sorted by from its other end first, where the most is what one looks for. */
  readonly mostFirst?: boolean;
  cell(row: Row): ComponentChildren;
}

export interface GridProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  /** Rows of two lines, without a head, for a narrow page. */
  readonly narrow: boolean;
  readonly sort: Sort | undefined;
  readonly open: readonly string[];
  /** Rows can be chosen, and these are: by id. */
  readonly chosen?: ReadonlySet<string>;
  /** The row that has the tab stop. */
  readonly active: string | undefined;
  idOf(row: Row): string;
  detail(row: Row): ComponentChildren;
  onSort(column: string): void;
  onToggle(id: string): void;
  /** Chooses the row, or leaves it; with it Space chooses, and only Enter opens. */
  onChoose?(id: string): void;
  onActive(id: string): void;
}

/** Up to here all rows are in the document, where the editor's find finds them. */
const allRows = 200;
/** Rows kept above and below the shown part. */
const spare = 12;

/** A table whose rows open; only the rows near the shown part are in the document when there are many. */
export function Grid<Row>(props: GridProps<Row>) {
  const { label, rows, columns, narrow, open, idOf, detail } = props;
  const body = useRef<HTMLDivElement>(null);
  const shown = useShownPart(body);
  const rowHeight = useRowHeight(narrow);
  const [heights, setHeights] = useState<Readonly<Record<string, number>>>({});
  const focusing = useRef(false);

  const ids = rows.map(idOf);
  const openIds = new Set(open);
  const opened = openedRows(ids, openIds, heights);
  const layout = rowLayout(rows.length, rowHeight, opened);
  const found = props.active === undefined ? -1 : ids.indexOf(props.active);
  const active = Math.max(found, 0);

  useLayoutEffect(() => {
    if (!focusing.current) return;
    focusing.current = false;
    rowElement(body.current, active)?.focus({ preventScroll: true });
    rowElement(body.current, active)?.scrollIntoView({ block: 'nearest' });
  });

  const moveTo = (index: number) => {
    const id = ids[Math.min(Math.max(0, index), rows.length - 1)];
    if (id === undefined) return;
    // A row that has the tab stop already brings no new drawing that could focus it.
    if (id === ids[active]) return rowElement(body.current, active)?.focus();
    focusing.current = true;
    props.onActive(id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const place = placeOf(event.target as Element);
    const id = place && ids[place.index];
    if (!place || id === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(window.innerHeight / rowHeight) - 6);
    const isOpen = openIds.has(id);
    const keys = place.onRow ? rowKeys : innerKeys;
    const handle = keys[event.key];
    if (!handle) return;
    const follow = () => (event.currentTarget as Element).querySelector<HTMLElement>(`${rowAt(place.index)} .follow`);
    const done = handle({
      move: (to) => moveTo(to),
      index: place.index,
      last: rows.length - 1,
      page,
      isOpen,
      toggle: () => props.onToggle(id),
      choose: () => (props.onChoose ?? props.onToggle)(id),
      follow: () => follow()?.focus(),
    });
    if (done !== false) event.preventDefault();
  };

  const indexes = shownIndexes(rows.length, layout, shown, active);
  const tracks = columns.map((column) => column.track).join(' ');
  return (
    <div
      role="treegrid"
      class={`grid ${narrow ? 'narrow' : ''}`}
      aria-label={label}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length}
      aria-multiselectable={props.chosen ? true : undefined}
      style={{ '--tracks': tracks, '--row-height': `${rowHeight}px` }}
      onKeyDown={onKeyDown}
    >
      <Head columns={columns} sort={props.sort} onSort={props.onSort} />
      <div role="rowgroup" class="grid-body" ref={body} style={{ height: `${layout.height}px` }}>
        {indexes.map((index) => {
          const row = rows[index] as Row;
          const id = ids[index] as string;
          const isOpen = openIds.has(id);
          const top = layout.topOf(index);
          return (
            <Fragment key={id}>
              <div
                role="row"
                class={`row ${isOpen ? 'open' : ''} ${props.chosen?.has(id) ? 'chosen' : ''}`}
                data-index={index}
                aria-level={1}
                aria-expanded={isOpen}
                aria-selected={props.chosen?.has(id)}
                aria-rowindex={index + 2}
                tabIndex={index === active ? 0 : -1}
                style={{ top: `${top}px` }}
                onClick={(event) => {
                  if ((event.target as Element).closest('button, input, label') || isSelecting()) return;
                  props.onActive(id);
                  props.onToggle(id);
                }}
                onFocus={() => id !== props.active && props.onActive(id)}
              >
                {columns.map((column, at) => (
                  <div key={column.id} role="gridcell" class={`cell ${column.end ? 'end' : ''} cell-${column.id}`}>
                    {at === 0 && <Icon name={isOpen ? 'chevron-down' : 'chevron-right'} />}
                    {column.cell(row)}
                  </div>
                ))}
              </div>
              {isOpen && (
                <Detail
                  index={index}
                  top={top + rowHeight}
                  columns={columns.length}
                  onHeight={(height) => setHeights((old) => (old[id] === height ? old : { ...old, [id]: height }))}
                >
                  {detail(row)}
                </Detail>
              )}
            </Fragment>
          );
        })}
      </div>
    </div>
  );
}

interface DetailProps {
  readonly index: number;
  readonly top: number;
  readonly columns: number;
  readonly children: ComponentChildren;
  onHeight(height: number): void;
}

function Detail({ index, top, columns, children, onHeight }: DetailProps) {
  const element = useRef<HTMLDivElement>(null);
  const { height } = useSize(element);
  useLayoutEffect(() => {
    if (height > 0) onHeight(height);
  }, [height]);
  return (
    <div
      role="row"
      class="detail"
      aria-level={2}
      data-detail={index}
      aria-rowindex={index + 2}
      ref={element}
      style={{ top: `${top}px` }}
    >
      <div role="gridcell" aria-colspan={columns}>
        {children}
      </div>
    </div>
  );
}

interface HeadProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly sort: Sort | undefined;
  onSort(column: string): void;
}

function Head<Row>({ columns, sort, onSort }: HeadProps<Row>) {
  const sortable = columns.filter((column) => column.compare);
  const { item } = useRoving(sortable.length);
  return (
    <div role="rowgroup" class="grid-head">
      <div role="row" aria-rowindex={1} class="head-row">
        {columns.map((column) => {
          const direction = sort?.column === column.id ? (sort.descending ? 'descending' : 'ascending') : 'none';
          const at = sortable.indexOf(column);
          return (
            <div
              key={column.id}
              role="columnheader"
              class={`cell ${column.end ? 'end' : ''} cell-${column.id}`}
              aria-sort={at < 0 ? undefined : direction}
            >
              {at < 0 ? (
                <span>{column.label}</span>
              ) : (
                <button type="button" {...item(at)} onClick={() => onSort(column.id)} title={`Sort by ${column.label}`}>
                  {column.label}
                  {direction !== 'none' && <Icon name={direction === 'ascending' ? 'arrow-up' : 'arrow-down'} />}
                </button>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

interface Stroke {
  readonly index: number;
  readonly last: number;
  readonly page: number;
  readonly isOpen: boolean;
  move(to: number): void;
  toggle(): void;
  choose(): void;
  follow(): void;
}

/** What a key does. It answers false to leave the key to the browser. */
type Key = (stroke: Stroke) => unknown;

const rowKeys: Readonly<Record<string, Key>> = {
  ArrowDown: ({ move, index }) => move(index + 1),
  ArrowUp: ({ move, index }) => move(index - 1),
  PageDown: ({ move, index, page }) => move(index + page),
  PageUp: ({ move, index, page }) => move(index - page),
  Home: ({ move }) => move(0),
  End: ({ move, last }) => move(last),
  Enter: ({ toggle }) => toggle(),
  ' ': ({ choose }) => choose(),
  ArrowRight: ({ isOpen, toggle, follow }) => (isOpen ? follow() : toggle()),
  ArrowLeft: ({ isOpen, toggle }) => (isOpen ? toggle() : false),
  Escape: ({ isOpen, toggle }) => (isOpen ? toggle() : false),
};

/** Within a row or its detail: Esc closes the detail, both lead back to the row. */
const innerKeys: Readonly<Record<string, Key>> = {
  Escape: ({ isOpen, toggle, move, index }) => {
    if (isOpen) toggle();
    move(index);
  },
};

/** A drag that marks text for copying is no click on the row. */
const isSelecting = () => window.getSelection()?.isCollapsed === false;

/** The row that an element belongs to, itself or by its detail. */
function placeOf(element: Element): { readonly index: number; readonly onRow: boolean } | undefined {
  const row = element.closest<HTMLElement>('[data-index], [data-detail]');
  if (!row) return undefined;
  return { index: Number(row.dataset.index ?? row.dataset.detail), onRow: row === element };
}

const rowAt = (index: number) => `[data-index="${index}"]`;
const rowElement = (body: HTMLElement | null, index: number) => body?.querySelector<HTMLElement>(rowAt(index));

function openedRows(
  ids: readonly string[],
  open: ReadonlySet<string>,
  heights: Readonly<Record<string, number>>,
): readonly OpenedRow[] {
  if (open.size === 0) return [];
  return ids.flatMap((id, index) => (open.has(id) ? [{ index, height: heights[id] ?? 0 }] : []));
}

/** Rows near the shown part, and the one with the tab stop wherever it is, so that the keyboard never loses its place. */
function shownIndexes(
  count: number,
  layout: ReturnType<typeof rowLayout>,
  shown: { readonly from: number; readonly to: number },
  active: number,
): readonly number[] {
  if (count <= allRows) return Array.from({ length: count }, (_, index) => index);
  const first = Math.max(0, layout.indexAt(shown.from) - spare);
  const last = Math.min(count - 1, layout.indexAt(shown.to) + spare);
  const near = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  if (active < first) return [active, ...near];
  return active > last ? [...near, active] : near;
}

/** Rows grow with the editor's font. */
function useRowHeight(narrow: boolean): number {
  const [font] = useState(() => Number.parseFloat(getComputedStyle(document.body).fontSize) || 13);
  return Math.round(font * (narrow ? 3.4 : 2));
}
