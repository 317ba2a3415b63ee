import type { ComponentChildren } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import { type Sort, toggled, type ViewState } from '../view-state';
import { FilterBar, type StatusCount } from './filter-bar';
import { type Column, Grid } from './grid';
import { Icon } from './icon';
import { useSize } from './measure';

export interface SectionProps<Row> {
  /** What the rows are: `checks`. */
  readonly noun: string;
  readonly label: string;
  readonly rows: readonly Row[];
  readonly counts: readonly StatusCount[];
  readonly tables: readonly string[];
  readonly choice: { readonly label: string; readonly all: string };
  /** Shown as there is room, the first one's track always. */
  readonly columns: readonly Column<Row>[];
  /** The two columns of a narrow page. */
  readonly narrowColumns: readonly Column<Row>[];
  /** The order that tells most, when nobody asks for another. */
  readonly sort: Sort;
  /** Rows can be chosen, and these are: by id. */
  readonly chosen?: ReadonlySet<string>;
  /** What can be done with the rows, beside the filters. */
  readonly actions?: ComponentChildren;
  readonly view: ViewState;
  idOf(row: Row): string;
  statusOf(row: Row): string;
  tableOf(row: Row): string | undefined;
  /** What the text filter looks through. */
  textOf(row: Row): string;
  detail(row: Row): ComponentChildren;
  onChoose?(id: string): void;
  onView(change: Partial<ViewState>): void;
}

/** Below this many pixels rows have two lines. */
const narrowest = 560;

/** The counts, the filters and the table: what checks and drift have in common. */
export function Section<Row>(props: SectionProps<Row>) {
  const { view, rows, columns, onView } = props;
  const bar = useRef<HTMLDivElement>(null);
  // As wide as the page shows, which the table may exceed.
  const { width, height: barHeight } = useSize(bar);
  const narrow = width < narrowest;
  const sort = view.sort ?? props.sort;
  const shown = useMemo(
    () => sorted(filtered(rows, props), columns, sort),
    [rows, view.statuses, view.text, view.table, sort.column, sort.descending],
  );
  const onSort = (id: string) => {
    const mostFirst = columns.find((column) => column.id === id)?.mostFirst ?? false;
    onView({ sort: nextSort(sort, id, mostFirst) });
  };
  return (
    <section style={{ '--bar-height': `${barHeight}px` }}>
      <FilterBar
        element={bar}
        noun={props.noun}
        counts={props.counts}
        tables={props.tables}
        choice={props.choice}
        view={view}
        shown={shown.length}
        total={rows.length}
        sorts={narrow ? columns.filter((column) => column.compare) : []}
        sorted={props.sort.column}
        onSort={onSort}
        onView={onView}
      >
        {props.actions}
      </FilterBar>
      {width > 0 && shown.length > 0 && (
        <Grid
          label={props.label}
          rows={shown}
          columns={narrow ? props.narrowColumns : columns.filter(({ from = 0 }) => width >= from)}
          narrow={narrow}
          sort={sort}
          chosen={props.chosen}
          open={view.open}
          active={view.active}
          idOf={props.idOf}
          detail={props.detail}
          onSort={onSort}
          onChoose={props.onChoose}
          onToggle={(id) => onView({ open: toggled(view.open, id) })}
          onActive={(id) => onView({ active: id })}
        />
      )}
      {shown.length === 0 && rows.length > 0 && (
        <div class="nothing">
          None of the {props.noun} matches the filter.
          <button type="button" class="link" onClick={() => onView({ statuses: [], text: '', table: undefined })}>
            <Icon name="clear-all" /> Clear Filter
          </button>
        </div>
      )}
    </section>
  );
}

/** The same column once more is the other way round. */
function nextSort(sort: Sort, id: string, mostFirst: boolean): Sort {
  return { column: id, descending: sort.column === id ? !sort.descending : mostFirst };
}

function filtered<Row>(rows: readonly Row[], { view, statusOf, tableOf, textOf }: SectionProps<Row>): readonly Row[] {
  const words = view.text.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    if (view.statuses.length > 0 && !view.statuses.includes(statusOf(row))) return false;
    if (view.table !== undefined && tableOf(row) !== view.table) return false;
    if (words.length === 0) return true;
    const text = textOf(row).toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function sorted<Row>(rows: readonly Row[], columns: readonly Column<Row>[], sort: Sort): readonly Row[] {
  const { compare, isBlank } = columns.find((column) => column.id === sort.column) ?? {};
  if (!compare) return rows;
  const inOrder = (some: readonly Row[]) => some.toSorted((a, b) => (sort.descending ? compare(b, a) : compare(a, b)));
  if (!isBlank) return inOrder(rows);
  return [...inOrder(rows.filter((row) => !isBlank(row))), ...rows.filter(isBlank)];
}
