import type { StoredResult } from '../../server/src/protocol';
import { isObject } from './guards';

/** What a person has set on the page, kept by the editor over reloads. */
export interface ViewState {
  /** Statuses that are shown; none means all. */
  readonly statuses: readonly string[];
  readonly text: string;
  /** Only this table; all when undefined. */
  readonly table: string | undefined;
  /** Undefined is the order that the page gives by itself. */
  readonly sort: Sort | undefined;
  /** Ids of the rows that are opened. */
  readonly open: readonly string[];
  /** Ids of the opened rows whose chart is shown as a table. */
  readonly asTable: readonly string[];
  /** What an opened row shows of its column, by the row's id: `quantiles`. */
  readonly pictures: Readonly<Record<string, string>>;
  /** Parts of the page above the table that are folded away. */
  readonly folded: readonly string[];
  /** Id of the row that was opened in one of those parts. */
  readonly picked: string | undefined;
  /** Id of the row that has the table's tab stop. */
  readonly active: string | undefined;
  /** Pixels from the top of the page. */
  readonly scroll: number;
}

export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

/** What the editor keeps for this page: the panel reads `resultId` when it builds the page anew. */
export interface PageState {
  readonly resultId: string | undefined;
  /** Whose view this is: a newer result of the same subject is shown with it. */
  readonly subject: string | undefined;
  readonly view: ViewState;
}

export const initialView: ViewState = {
  statuses: [],
  text: '',
  table: undefined,
  sort: undefined,
  open: [],
  asTable: [],
  pictures: {},
  folded: [],
  picked: undefined,
  active: undefined,
  scroll: 0,
};

/** What stays the same when a job is run again. */
export function subjectOf(result: StoredResult): string {
  if (result.kind === 'check') return `check ${result.report.contract.path}`;
  return `drift ${result.report.reference.ref} ${result.report.current.ref}`;
}

/** The kept state, whatever an older version of the page has left there. */
export function readPageState(value: unknown): PageState {
  const kept = isObject(value) ? value : {};
  return { resultId: text(kept.resultId), subject: text(kept.subject), view: readView(kept.view) };
}

/** What a person had set, as far as it can be read. */
export function readView(value: unknown): ViewState {
  const view = isObject(value) ? value : {};
  return {
    statuses: texts(view.statuses),
    text: text(view.text) ?? '',
    table: text(view.table),
    sort: sort(view.sort),
    open: texts(view.open),
    asTable: texts(view.asTable),
    pictures: words(view.pictures),
    folded: texts(view.folded),
    picked: text(view.picked),
    active: text(view.active),
    scroll: typeof view.scroll === 'number' ? view.scroll : 0,
  };
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
/** The texts of a list, and of anything else none. */
export const texts = (value: unknown) => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []);

function words(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(isObject(value) ? value : {});
  return Object.fromEntries(entries.flatMap(([key, word]) => (typeof word === 'string' ? [[key, word]] : [])));
}

function sort(value: unknown): Sort | undefined {
  if (!isObject(value) || typeof value.column !== 'string') return undefined;
  return { column: value.column, descending: value.descending === true };
}

/** `list` with `item` when it was without it, and without it when it was there. */
export function toggled<T>(list: readonly T[], item: T): readonly T[] {
  return list.includes(item) ? list.filter((other) => other !== item) : [...list, item];
}
