import type { ComponentChildren, RefObject } from 'preact';
import { count } from '../numbers';
import { toggled, type ViewState } from '../view-state';
import { Icon, type StatusLook } from './icon';
import { useRoving } from './roving';

export interface StatusCount extends StatusLook {
  readonly status: string;
  readonly count: number;
}

interface FilterBarProps {
  readonly element: RefObject<HTMLDivElement | null>;
  /** What the rows are: `checks`. */
  readonly noun: string;
  readonly counts: readonly StatusCount[];
  /** What the rows are narrowed to; nothing to choose from is no choice. */
  readonly tables: readonly string[];
  /** What that choice is called, and its first item. */
  readonly choice: { readonly label: string; readonly all: string };
  readonly view: ViewState;
  readonly shown: number;
  readonly total: number;
  /** Columns to sort by, where the table has no head. */
  readonly sorts: readonly { readonly id: string; readonly label: string }[];
  /** The column that the rows are sorted by as long as nothing else is asked for. */
  readonly sorted: string;
  /** What can be done with the rows. */
  readonly children?: ComponentChildren;
  onSort(column: string): void;
  onView(change: Partial<ViewState>): void;
}

/** The counts, which are the filter, and with what else the rows are narrowed. */
export function FilterBar(props: FilterBarProps) {
  const { noun, counts, tables, view, shown, total, sorts, onView } = props;
  const { item } = useRoving(counts.length);
  return (
    <div class="bar" ref={props.element}>
      <div role="group" class="counts" aria-label={`Show only ${noun} that are`}>
        {counts.map(({ status, word, icon, tone, count: number }, index) => (
          <button
            key={status}
            type="button"
            class="count"
            aria-pressed={view.statuses.includes(status)}
            data-empty={number === 0}
            {...item(index)}
            onClick={() => onView({ statuses: toggled(view.statuses, status) })}
          >
            <Icon name={icon} tone={tone} />
            {word} <b>{count(number)}</b>
          </button>
        ))}
      </div>
      <label class="search">
        <Icon name="search" />
        <input
          type="text"
          spellcheck={false}
          placeholder={`Filter ${noun}`}
          aria-label={`Filter ${noun} by text`}
          value={view.text}
          onInput={(event) => onView({ text: event.currentTarget.value })}
          onKeyDown={(event) => event.key === 'Escape' && onView({ text: '' })}
        />
        {view.text && (
          <button type="button" class="clear" aria-label="Clear the filter" onClick={() => onView({ text: '' })}>
            <Icon name="close" />
          </button>
        )}
      </label>
      {tables.length > 0 && (
        <select
          aria-label={props.choice.label}
          value={view.table ?? ''}
          onChange={(event) => onView({ table: event.currentTarget.value || undefined })}
        >
          <option value="">{props.choice.all}</option>
          {tables.map((table) => (
            <option key={table} value={table}>
              {table}
            </option>
          ))}
        </select>
      )}
      {sorts.length > 0 && (
        <select
          aria-label="Sort by"
          value={view.sort?.column ?? props.sorted}
          onChange={(event) => props.onSort(event.currentTarget.value)}
        >
          {sorts.map(({ id, label }) => (
            <option key={id} value={id}>
              Sort: {label.toLowerCase()}
            </option>
          ))}
        </select>
      )}
      {props.children}
      <span class="shown" role="status">
        {shown === total ? '' : `${count(shown)} of ${count(total)}`}
      </span>
    </div>
  );
}
