import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { ALL_COLUMNS, type DriftColumn } from '../../../server/src/protocol';
import { post } from '../editor';
import { count, percent, plain, tabSeparated } from '../numbers';
import { Icon } from '../parts/icon';
import { driftStatus, driftStatuses } from './drift-statuses';
import { LimitScale } from './limit-scale';
import type { Segment } from './segments';

interface SegmentTreeProps {
  readonly segments: readonly Segment[];
  readonly picked: DriftColumn | undefined;
  onPick(column: DriftColumn | undefined): void;
}

/** So many segments, and so many columns of each, come first. */
const first = 3;
/** As many as are added when one asks for more. */
const batch = 50;

type Item =
  | { readonly kind: 'segment'; readonly id: string; readonly segment: Segment; readonly isOpen: boolean }
  | { readonly kind: 'column'; readonly id: string; readonly parent: string; readonly column: DriftColumn }
  | { readonly kind: 'more'; readonly id: string; readonly parent: string | undefined; readonly hidden: number };

/** Segments, those first that carry most, and in each its columns. */
export function SegmentTree({ segments, picked, onPick }: SegmentTreeProps) {
  const [open, setOpen] = useState<readonly string[]>(() => segments.slice(0, 1).map(({ name }) => name));
  const [limits, setLimits] = useState<Readonly<Record<string, number>>>({});
  const [active, setActive] = useState('');
  const tree = useRef<HTMLDivElement>(null);
  const focusing = useRef(false);
  const items = itemsOf(segments, open, limits);
  const stop = items.some(({ id }) => id === active) ? active : items[0]?.id;

  useLayoutEffect(() => {
    if (!focusing.current) return;
    focusing.current = false;
    tree.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  });
  const focusOn = (id: string | undefined) => {
    if (id === undefined) return;
    focusing.current = true;
    setActive(id);
  };
  const toggle = (name: string) =>
    setOpen(open.includes(name) ? open.filter((other) => other !== name) : [...open, name]);
  const act = (item: Item) => {
    if (item.kind === 'segment') return toggle(item.segment.name);
    if (item.kind === 'column') return onPick(item.column === picked ? undefined : item.column);
    // The first of those that appear takes the place of what asked for them.
    const parent = item.parent ?? '';
    const shown = limits[parent] ?? first;
    const next =
      item.parent === undefined ? segments[shown] : segments.find(({ name }) => name === parent)?.columns[shown];
    setLimits({ ...limits, [parent]: shown + batch });
    if (next) focusOn('name' in next ? next.name : columnId(parent, next));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = items.findIndex(({ id }) => id === stop);
    const item = items[at];
    if (!item || event.ctrlKey || event.metaKey || event.altKey) return;
    const isOpen = item.kind === 'segment' && item.isOpen;
    const keys: Readonly<Record<string, () => unknown>> = {
      ArrowDown: () => focusOn(items[at + 1]?.id),
      ArrowUp: () => focusOn(items[at - 1]?.id),
      Home: () => focusOn(items[0]?.id),
      End: () => focusOn(items.at(-1)?.id),
      ArrowRight: () => item.kind === 'segment' && (isOpen ? focusOn(items[at + 1]?.id) : act(item)),
      ArrowLeft: () => (item.kind === 'segment' ? isOpen && act(item) : focusOn(item.parent)),
      Enter: () => act(item),
      ' ': () => act(item),
      Escape: () => onPick(undefined),
    };
    const handle = keys[event.key];
    if (!handle) return;
    event.preventDefault();
    handle();
  };
  return (
    <>
      <div class="part-head">
        <span class="quiet">Each segment's part of all that went beyond a limit, by its rows and by how far.</span>
        <div class="part-actions">
          <button
            type="button"
            class="link"
            onClick={() => post({ type: 'copy', text: tabSeparated(plainTable(segments)) })}
          >
            <Icon name="copy" /> Copy
          </button>
        </div>
      </div>
      <div role="tree" class="tree" aria-label="Segments and their columns" ref={tree} onKeyDown={onKeyDown}>
        {items.map((item) => (
          <div
            key={item.id}
            role="treeitem"
            class={`tree-item ${item.kind} ${item.kind === 'column' && item.column === picked ? 'picked' : ''}`}
            aria-level={item.kind === 'segment' || (item.kind === 'more' && item.parent === undefined) ? 1 : 2}
            aria-expanded={item.kind === 'segment' ? item.isOpen : undefined}
            aria-selected={item.kind === 'column' && item.column === picked}
            tabIndex={item.id === stop ? 0 : -1}
            onFocus={() => setActive(item.id)}
            onClick={() => act(item)}
          >
            <Content item={item} />
          </div>
        ))}
      </div>
    </>
  );
}

const columnId = (segment: string, { column }: DriftColumn) => JSON.stringify([segment, column]);

function itemsOf(
  segments: readonly Segment[],
  open: readonly string[],
  limits: Readonly<Record<string, number>>,
): readonly Item[] {
  const shown = limits[''] ?? first;
  const items = segments.slice(0, shown).flatMap((segment): readonly Item[] => {
    const { name, columns } = segment;
    const isOpen = open.includes(name);
    const head: Item = { kind: 'segment', id: name, segment, isOpen };
    if (!isOpen) return [head];
    const most = limits[name] ?? first;
    const inside = columns
      .slice(0, most)
      .map((column): Item => ({ kind: 'column', id: columnId(name, column), parent: name, column }));
    return [head, ...inside, ...moreOf(name, columns.length - most)];
  });
  return [...items, ...moreOf(undefined, segments.length - shown)];
}

function moreOf(parent: string | undefined, hidden: number): readonly Item[] {
  return hidden > 0 ? [{ kind: 'more', id: JSON.stringify(['more', parent ?? '']), parent, hidden }] : [];
}

function Content({ item }: { readonly item: Item }) {
  if (item.kind === 'more') {
    const noun = item.parent === undefined ? 'segments' : 'columns';
    return (
      <span class="more">
        {count(item.hidden)} more {item.hidden === 1 ? noun.slice(0, -1) : noun}
      </span>
    );
  }
  if (item.kind === 'segment') {
    const { name, rows, share, drifted, columns } = item.segment;
    return (
      <>
        <Icon name={item.isOpen ? 'chevron-down' : 'chevron-right'} />
        <b class="text">{name}</b>
        <span class="share-bar" aria-hidden="true">
          <span style={{ width: `${share * 100}%` }} />
        </span>
        <span class="figure end">{percent(Math.round(share * 100))}</span>
        <span class="quiet text">
          {count(drifted)} of {count(columns.length)} columns drifted · {count(rows)} rows
        </span>
      </>
    );
  }
  const { icon, tone, word } = driftStatuses[driftStatus(item.column)];
  return (
    <>
      <Icon name={icon} tone={tone} />
      <span class="text code">{item.column.column ?? ALL_COLUMNS}</span>
      <span class="text quiet">{[word, item.column.moved ?? item.column.reason].filter(Boolean).join(' · ')}</span>
      <LimitScale column={item.column} />
    </>
  );
}

function plainTable(segments: readonly Segment[]): readonly (readonly string[])[] {
  const rows = segments.flatMap(({ name, share, columns }) =>
    columns.map((column) => [
      name,
      plain(share),
      column.column ?? '',
      column.method ?? '',
      plain(column.statistic),
      plain(column.pValue),
      plain(column.threshold),
      plain(column.drifted),
    ]),
  );
  return [['segment', 'share', 'column', 'method', 'statistic', 'p-value', 'limit', 'drifted'], ...rows];
}
