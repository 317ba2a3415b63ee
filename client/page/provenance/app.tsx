import { useEffect, useRef, useState } from 'preact/hooks';
import type {
  ModelFileReport,
  ProvenanceReport,
  RunDetailsReport,
  RunReport,
  TimelineReport,
  ToProvenancePage,
} from '../../../server/src/protocol';
import { Failed, Running } from '../parts/banner';
import { useKeptScroll } from '../parts/kept-scroll';
import { fileName } from '../paths';
import { toggled, type ViewState } from '../view-state';
import { Checklist } from './checklist';
import { CompareView } from './compare/compare-view';
import { keepState, keptState, onMessage, post } from './editor';
import { Findings } from './findings';
import { lazy } from './lazy';
import { type PageState, stateFor, type ViewName, viewNames } from './page-state';
import { ReportHeader, sentenceOf } from './report-header';
import { runKey } from './runs/run-key';
import { RunsTable } from './runs/runs-table';
import { useShownWidth } from './shown-width';
import { type Tab, Tabs } from './tabs';
import { TimelineView } from './timeline-view';

const Graph = lazy(async () => (await import('./graph/graph')).Graph);

/** What the panel has told so far. */
interface Told {
  readonly report?: ProvenanceReport;
  /** By run id. */
  readonly details: ReadonlyMap<string, RunDetailsReport>;
  readonly timeline?: TimelineReport;
  readonly running?: Extract<ToProvenancePage, { readonly type: 'running' }>;
  readonly failed?: Extract<ToProvenancePage, { readonly type: 'failed' }>;
}

type Tell = {
  readonly [K in ToProvenancePage['type']]: (
    told: Told,
    message: Extract<ToProvenancePage, { readonly type: K }>,
  ) => Told;
};

/** A report stays in view while the next one is made, and when none comes of it. */
const tell: Tell = {
  report: (_, { report }) => ({ report, details: new Map() }),
  details: (told, { details }) => ({ ...told, details: new Map(told.details).set(details.id, details) }),
  timeline: (told, { timeline }) => ({ ...told, timeline, running: undefined, failed: undefined }),
  running: (told, running) => ({ ...told, running, failed: undefined }),
  failed: (told, failed) => ({ ...told, failed, running: undefined }),
};

/** The whole page. */
export function App() {
  const [told, setTold] = useState<Told>({ details: new Map() });
  const [state, setState] = useState<PageState>(keptState);
  const change = (part: Partial<PageState>) => setState((old) => ({ ...old, ...part }));
  const changeRuns = (part: Partial<ViewState>) => setState((old) => ({ ...old, runs: { ...old.runs, ...part } }));

  useEffect(() => {
    onMessage((message) => {
      // The table's key and the message's type are the same word, which the compiler cannot follow.
      const next = tell[message.type] as (told: Told, message: ToProvenancePage) => Told;
      setTold((old) => next(old, message));
      if (message.type === 'report') setState((old) => stateFor(message.report, message.focus, old));
    });
    post({ type: 'ready' });
  }, []);
  useEffect(() => keepState(state), [state]);
  useShownWidth();
  const { report, running, failed } = told;
  useKeptScroll(report?.target, state.runs.scroll, (scroll) => changeRuns({ scroll }));
  useEffect(() => {
    document.title = report ? `${fileName(report.target)}: ${sentenceOf(report)}` : 'Plumbline';
  }, [report]);

  return (
    <>
      <div class="stay">
        {running && <Running {...running} alone={!report} />}
        {failed && <Failed {...failed} alone={!report} again={() => post({ type: 'refresh' })} />}
      </div>
      {report && (
        <div class={running ? 'past' : ''}>
          <ReportHeader report={report} running={running !== undefined} />
          <Findings
            findings={report.findings}
            folded={!state.runs.folded.includes('findings')}
            onFold={() => changeRuns({ folded: toggled(state.runs.folded, 'findings') })}
          />
          <Views report={report} told={told} state={state} onState={change} onRuns={changeRuns} />
        </div>
      )}
    </>
  );
}

interface ViewsProps {
  readonly report: ProvenanceReport;
  readonly told: Told;
  readonly state: PageState;
  onState(change: Partial<PageState>): void;
  onRuns(change: Partial<ViewState>): void;
}

function Views(props: ViewsProps) {
  const { report, state, onState } = props;
  const chosen = chosenRuns(report, state.chosen);
  const tabs = tabsOf(report, chosen);
  const wanted = tabs.find(({ view }) => view === state.view) ?? tabs.find(({ view }) => view === firstView(report));
  const shown = wanted?.view ?? 'runs';
  const keptView = useRef(shown);
  useEffect(() => {
    if (keptView.current !== shown) window.scrollTo(0, 0);
    keptView.current = shown;
  }, [shown]);
  return (
    <Tabs tabs={tabs} shown={shown} onShow={(view) => onState({ view })}>
      <View {...props} chosen={chosen} shown={shown} />
    </Tabs>
  );
}

const noFiles: readonly ModelFileReport[] = [];

interface ViewProps extends ViewsProps {
  readonly chosen: readonly RunReport[];
  readonly shown: ViewName;
}

function View({ report, told, state, chosen, shown, onState, onRuns }: ViewProps) {
  const { runs } = state;
  const views: Readonly<Record<ViewName, () => preact.VNode>> = {
    graph: () => (
      <div class="stay">
        <Graph report={report} onMessage={post} />
      </div>
    ),
    runs: () => (
      <RunsTable
        runs={report.runs}
        modelFiles={report.modelFiles ?? noFiles}
        view={runs}
        fields={state.fields}
        chosen={state.chosen}
        details={told.details}
        onView={onRuns}
        onFields={(fields) => onState({ fields })}
        onChoose={(key) => onState({ chosen: toggled(state.chosen, key) })}
        onClear={() => onState({ chosen: [] })}
        onCompare={() => onState({ view: 'compare' })}
      />
    ),
    compare: () => (
      <div class="stay">
        <CompareView
          runs={chosen}
          details={told.details}
          withSame={state.withSame}
          folded={runs.folded}
          asTable={runs.asTable}
          onWithSame={(withSame) => onState({ withSame })}
          onFolded={(folded) => onRuns({ folded })}
          onAsTable={(asTable) => onRuns({ asTable })}
          onRemove={(key) => onState({ chosen: toggled(state.chosen, key) })}
        />
      </div>
    ),
    claims: () => <Checklist claims={report.claims ?? []} />,
    timeline: () => (
      <div class="stay">
        <TimelineView
          report={report}
          timeline={told.timeline}
          dataset={state.dataset}
          running={told.running !== undefined}
          onDataset={(dataset) => onState({ dataset })}
        />
      </div>
    ),
  };
  return views[shown]();
}

/** In the order in which they were chosen: the others are held against the first. */
const chosenRuns = ({ runs }: ProvenanceReport, keys: readonly string[]): readonly RunReport[] =>
  keys.length === 0 ? [] : keys.flatMap((key) => runs.find((run) => runKey(run) === key) ?? []);

const firstView = ({ claims, runs }: ProvenanceReport): ViewName =>
  claims ? 'claims' : runs.length > 0 ? 'runs' : 'graph';

function tabsOf(report: ProvenanceReport, chosen: readonly RunReport[]): readonly Tab[] {
  const tabs: Readonly<Record<ViewName, Tab | undefined>> = {
    graph: { view: 'graph', label: 'Graph' },
    runs: { view: 'runs', label: 'Runs', count: report.runs.length },
    compare: chosen.length > 1 ? { view: 'compare', label: 'Compare', count: chosen.length } : undefined,
    claims: report.claims && { view: 'claims', label: 'Checklist', count: report.claims.length },
    timeline: report.datasets.length > 0 ? { view: 'timeline', label: 'Timeline' } : undefined,
  };
  return viewNames.flatMap((view) => tabs[view] ?? []);
}
