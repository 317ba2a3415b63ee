import { useMemo } from 'preact/hooks';
import type { ModelFileReport, RunDetailsReport, RunReport } from '../../../../server/src/protocol';
import { Icon } from '../../parts/icon';
import { Section } from '../../parts/section';
import type { ViewState } from '../../view-state';
import { ColumnPicker } from './column-picker';
import { fieldsOf, usualFields } from './fields';
import { fieldColumns, runColumns, summaryColumn } from './run-columns';
import { RunDetail } from './run-detail';
import { runKey } from './run-key';
import { lookOf, runStatuses, runStatusOrder, trackerName } from './run-statuses';
import { valueText } from './values';

interface RunsTableProps {
  readonly runs: readonly RunReport[];
  /** Files of models that lie here. */
  readonly modelFiles: readonly ModelFileReport[];
  readonly view: ViewState;
  /** Fields that were picked; undefined: the usual ones. */
  readonly fields: readonly string[] | undefined;
  readonly chosen: readonly string[];
  /** What is known of runs beyond the list, by id. */
  readonly details: ReadonlyMap<string, RunDetailsReport>;
  onView(change: Partial<ViewState>): void;
  onFields(fields: readonly string[] | undefined): void;
  onChoose(key: string): void;
  onClear(): void;
  onCompare(): void;
}

/** All runs as a table, of which some can be chosen and compared. */
export function RunsTable(props: RunsTableProps) {
  const { runs, modelFiles, view, details, chosen } = props;
  const fields = useMemo(() => fieldsOf(runs), [runs]);
  const picked = useMemo(() => new Set(props.fields ?? usualFields(fields)), [props.fields, fields]);
  const chosenKeys = useMemo(() => new Set(chosen), [chosen]);
  const counts = useMemo(() => countsOf(runs), [runs]);
  const trackers = useMemo(() => [...new Set(runs.map(({ tracker }) => trackerName(tracker)))].toSorted(), [runs]);
  const columns = useMemo(
    () => [
      ...runColumns({ chosen: chosenKeys, onChoose: props.onChoose }),
      ...fieldColumns(fields.filter(({ id }) => picked.has(id))),
    ],
    [chosenKeys, fields, picked],
  );
  if (runs.length === 0) return <NoRuns />;
  return (
    <div class="runs">
      <Section
        noun="runs"
        label="Runs"
        rows={runs}
        counts={counts}
        tables={trackers.length > 1 ? trackers : []}
        choice={{ label: 'Tracker', all: 'All trackers' }}
        columns={columns}
        narrowColumns={[summaryColumn({ chosen: chosenKeys, onChoose: props.onChoose })]}
        sort={{ column: 'started', descending: true }}
        chosen={chosenKeys}
        actions={
          <>
            <ColumnPicker fields={fields} picked={picked} isUsual={!props.fields} onPick={props.onFields} />
            <CompareActions {...props} />
          </>
        }
        view={view}
        idOf={runKey}
        statusOf={({ status }) => (Object.hasOwn(runStatuses, status) ? status : 'unknown')}
        tableOf={({ tracker }) => trackerName(tracker)}
        textOf={textOf}
        detail={(run) => (
          <RunDetail
            run={run}
            details={details.get(run.id)}
            modelFiles={modelFiles.filter((file) => file.run === run.id)}
          />
        )}
        onChoose={props.onChoose}
        onView={props.onView}
      />
    </div>
  );
}

/** Only statuses that some run has, since most trackers know few of them. */
function countsOf(runs: readonly RunReport[]) {
  const counts = new Map<string, number>();
  for (const { status } of runs) {
    const known = Object.hasOwn(runStatuses, status) ? status : 'unknown';
    counts.set(known, (counts.get(known) ?? 0) + 1);
  }
  return runStatusOrder.flatMap((status) => {
    const count = counts.get(status);
    return count === undefined ? [] : [{ status, ...lookOf(status), count }];
  });
}

const texts = new WeakMap<RunReport, string>();

/** Filtering asks for it at each letter that is typed. */
function textOf(run: RunReport): string {
  const known = texts.get(run);
  if (known !== undefined) return known;
  const { id, name, experiment, commit, entrypoint, user, datasets, params, tags } = run;
  const text = [
    name,
    id,
    experiment,
    commit,
    entrypoint,
    user,
    ...datasets.map((dataset) => `${dataset.name} ${dataset.path ?? ''}`),
    ...Object.entries(params).map(([key, value]) => `${key}=${valueText(value)}`),
    ...Object.entries(tags).map(([key, value]) => `${key}=${value}`),
  ]
    .filter(Boolean)
    .join(' ');
  texts.set(run, text);
  return text;
}

type CompareActionsProps = Pick<RunsTableProps, 'chosen' | 'onClear' | 'onCompare'>;

function CompareActions({ chosen, onClear, onCompare }: CompareActionsProps) {
  const many = chosen.length > 1;
  return (
    <span class="compare-actions">
      <button
        type="button"
        class={`button ${many ? 'primary' : ''}`}
        disabled={!many}
        title={many ? 'Show the chosen runs side by side' : 'Choose two or more runs with Space, or by their boxes'}
        onClick={onCompare}
      >
        <Icon name="git-compare" /> Compare{chosen.length > 0 ? ` ${chosen.length}` : ''}
      </button>
      {chosen.length > 0 && (
        <button type="button" class="link" onClick={onClear}>
          Clear Choice
        </button>
      )}
    </span>
  );
}

function NoRuns() {
  return (
    <div class="empty">
      <Icon name="beaker" />
      <h1>No runs here</h1>
      <p>
        Runs of MLflow (mlruns, mlflow.db), Weights & Biases (wandb) and experiments of DVC are listed here once the
        workspace has some. Nothing needs to be running for that.
      </p>
    </div>
  );
}
