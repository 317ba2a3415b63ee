import type { Progress } from '../../../server/src/protocol';
import { post } from '../editor';
import { percent } from '../numbers';
import { Icon } from './icon';

interface RunningProps {
  readonly title: string;
  readonly progress: Progress;
  /** Nothing else is on the page. */
  readonly alone: boolean;
}

/** A job under way: how far it is, and the way out. */
export function Running({ title, progress, alone }: RunningProps) {
  const { share, message } = progress;
  const known = share === undefined ? undefined : Math.round(Math.min(1, Math.max(0, share)) * 100);
  return (
    <div class={`banner running ${alone ? 'alone' : ''}`}>
      <div
        role="progressbar"
        class={`progress ${known === undefined ? 'endless' : ''}`}
        aria-label={title}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={known}
      >
        <div style={{ width: known === undefined ? undefined : `${known}%` }} />
      </div>
      <Icon name="sync" />
      <p>
        <b>{title}</b> <span role="status">{message}</span>{' '}
        {known !== undefined && <span class="figure">{percent(known)}</span>}
      </p>
      <button type="button" class="button" onClick={() => post({ type: 'cancel' })}>
        Cancel
      </button>
    </div>
  );
}

interface FailedProps {
  readonly title: string;
  readonly message: string;
  /** Nothing else is on the page. */
  readonly alone: boolean;
  /** Tries once more; runs the job of the results panel again when left out. */
  again?(): void;
}

/** A job that gave no result: why, and what to do next. */
export function Failed({ title, message, alone, again }: FailedProps) {
  return (
    <div class={`banner failed ${alone ? 'alone' : ''}`} role="alert">
      <Icon name="error" tone="failed" />
      <p>
        <b>{title}</b> {message}
      </p>
      {again ? <Again label="Try Again" run={again} /> : <RunAgain />}
    </div>
  );
}

/** The result is of data or a contract that has changed since. */
export function Stale() {
  return (
    <div class="banner stale" role="status">
      <Icon name="history" />
      <p>The contract or its data changed since this run.</p>
      <RunAgain />
    </div>
  );
}

const RunAgain = () => <Again label="Run Again" run={() => post({ type: 'runAgain' })} />;

function Again({ label, run }: { readonly label: string; run(): void }) {
  return (
    <button type="button" class="button" onClick={run}>
      <Icon name="refresh" />
      {label}
    </button>
  );
}

/** Nothing has been run yet. */
export function Empty() {
  return (
    <div class="empty">
      <Icon name="checklist" />
      <h1>No results yet</h1>
      <p>Run “Plumbline: Check Data” on a data contract, or “Plumbline: Compare Data for Drift” on two data files.</p>
      <div>
        <button type="button" class="button primary" onClick={() => post({ type: 'runAgain' })}>
          Check Data
        </button>
        <button type="button" class="button" onClick={() => post({ type: 'compare' })}>
          Compare Data for Drift…
        </button>
      </div>
    </div>
  );
}
