import { useEffect, useRef, useState } from 'preact/hooks';
import type { StoredResult, ToPage } from '../../server/src/protocol';
import { CheckSection } from './check/check-section';
import { DriftSection } from './drift/drift-section';
import { keepState, keptState, onMessage, post } from './editor';
import { Empty, Failed, Running, Stale } from './parts/banner';
import { Header } from './parts/header';
import { useKeptScroll } from './parts/kept-scroll';
import { verdictOf } from './verdict';
import { initialView, type PageState, subjectOf, type ViewState } from './view-state';

/** What the panel has told so far. */
interface Told {
  readonly result?: Extract<ToPage, { readonly type: 'result' }>;
  readonly running?: Extract<ToPage, { readonly type: 'running' }>;
  readonly failed?: Extract<ToPage, { readonly type: 'failed' }>;
  readonly empty?: boolean;
}

/** A result stays in view while the next one is made, and when none comes of it. */
const tell: { readonly [K in ToPage['type']]: (told: Told, message: Extract<ToPage, { readonly type: K }>) => Told } = {
  result: (_, result) => ({ result }),
  running: ({ result }, running) => ({ result, running }),
  failed: ({ result }, failed) => ({ result, failed }),
  empty: () => ({ empty: true }),
};

/** The whole page. */
export function App() {
  const [told, setTold] = useState<Told>({});
  const [state, setState] = useState<PageState>(keptState);
  const current = useRef(state);
  current.current = state;

  useEffect(() => {
    onMessage((message) => {
      // The table's key and the message's type are the same word, which the compiler cannot follow.
      const change = tell[message.type] as (told: Told, message: ToPage) => Told;
      setTold((old) => change(old, message));
      if (message.type === 'result') setState((old) => stateFor(message.result, old));
    });
    post({ type: 'ready', resultId: state.resultId });
  }, []);
  useEffect(() => keepState(state), [state]);
  useKeptScroll(told.result?.result.id, state.view.scroll, (scroll) =>
    setState((old) => ({ ...old, view: { ...old.view, scroll } })),
  );

  const onView = (change: Partial<ViewState>) => setState((old) => ({ ...old, view: { ...old.view, ...change } }));
  const result = told.result?.result;
  const verdict = result && verdictOf(result);
  useEffect(() => {
    document.title = verdict ? `${verdict.subject}: ${verdict.sentence}` : 'Plumbline';
  }, [verdict?.subject, verdict?.sentence]);
  return (
    <>
      <Hatches />
      {told.running && <Running {...told.running} alone={!result} />}
      {told.failed && <Failed {...told.failed} alone={!result} />}
      {told.result?.stale && !told.running && !told.failed && <Stale />}
      {result && verdict && (
        <div class={told.running ? 'past' : ''}>
          <Header result={result} verdict={verdict} running={told.running !== undefined} />
          {result.kind === 'check' ? (
            <CheckSection report={result.report} past={told.result?.past ?? []} view={state.view} onView={onView} />
          ) : (
            <DriftSection
              report={result.report}
              writable={result.contract !== null}
              view={state.view}
              onView={onView}
            />
          )}
        </div>
      )}
      {told.empty && <Empty />}
    </>
  );
}

function stateFor(result: StoredResult, old: PageState): PageState {
  const subject = subjectOf(result);
  return { resultId: result.id, subject, view: old.subject === subject ? old.view : initialView };
}

/** The hatching that tells areas apart where colours must not. */
function Hatches() {
  return (
    <svg class="hatches" aria-hidden="true">
      <pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <line x1="0" y1="0" x2="0" y2="5" />
      </pattern>
    </svg>
  );
}
