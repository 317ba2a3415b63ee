import type { ProvenanceFocus, ProvenanceReport } from '../../../server/src/protocol';
import { isObject } from '../guards';
import { initialView, readView, texts, type ViewState } from '../view-state';
import { runKey } from './runs/run-key';

export type ViewName = ProvenanceFocus['view'];

/** The views in the order of their tabs. */
export const viewNames: readonly ViewName[] = ['graph', 'runs', 'compare', 'claims', 'timeline'];

/** What a person has set on the page, kept by the editor over reloads; the panel reads `target`. */
export interface PageState {
  /** What the report is about; another one is looked at anew. */
  readonly target: string | undefined;
  /** Undefined: the first view that there is. */
  readonly view: ViewName | undefined;
  readonly runs: ViewState;
  /** Fields that the table of runs shows, `params.lr`; undefined as long as nobody has picked any. */
  readonly fields: readonly string[] | undefined;
  /** Keys of the runs that are compared, in the order in which they were chosen. */
  readonly chosen: readonly string[];
  /** A comparison shows what is the same as well. */
  readonly withSame: boolean;
  /** The dataset whose versions are shown. */
  readonly dataset: string | undefined;
}

export const initialState: PageState = {
  target: undefined,
  view: undefined,
  runs: initialView,
  fields: undefined,
  chosen: [],
  withSame: false,
  dataset: undefined,
};

/** The kept state, whatever an older version of the page has left there. */
export function readPageState(value: unknown): PageState {
  const kept = isObject(value) ? value : {};
  return {
    target: text(kept.target),
    view: viewNames.find((name) => name === kept.view),
    runs: readView(kept.runs),
    fields: Array.isArray(kept.fields) ? texts(kept.fields) : undefined,
    chosen: texts(kept.chosen),
    withSame: kept.withSame === true,
    dataset: text(kept.dataset),
  };
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);

/** The state with which a report is shown: what was set stays for the same target, and a focus goes before it. */
export function stateFor(report: ProvenanceReport, focus: ProvenanceFocus | undefined, old: PageState): PageState {
  const kept = old.target === report.target ? old : { ...initialState, target: report.target };
  const keys = new Set(report.runs.map(runKey));
  const state = { ...kept, chosen: kept.chosen.filter((key) => keys.has(key)) };
  if (!focus) return state;
  if (focus.view === 'compare') return { ...state, view: 'compare', chosen: keysOf(focus.runs, report) };
  if (focus.view === 'timeline') return { ...state, view: 'timeline', dataset: focus.dataset };
  return { ...state, view: focus.view };
}

const keysOf = (ids: readonly string[], { runs }: ProvenanceReport): readonly string[] =>
  ids.flatMap((id) => runs.filter((run) => run.id === id).map(runKey));
