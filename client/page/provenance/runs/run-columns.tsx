import type { Datum, RunReport } from '../../../../server/src/protocol';
import type { Column } from '../../parts/grid';
import { Icon } from '../../parts/icon';
import { useNow } from '../../parts/measure';
import { ago, duration, wholeTime } from '../../times';
import { type Field, fieldValue } from './fields';
import { runKey, runName } from './run-key';
import { lookOf, runStatusOrder, trackerName } from './run-statuses';
import { compareValues, fullText, isBlank, metricText, numberIn, valueText } from './values';

type RunColumn = Column<RunReport>;

interface Choice {
  readonly chosen: ReadonlySet<string>;
  onChoose(key: string): void;
}

/** What every run has, whatever it was for. */
export function runColumns(choice: Choice): readonly RunColumn[] {
  return [
    {
      id: 'name',
      label: 'Name',
      track: 'minmax(15em, 1fr)',
      compare: (a, b) => compareValues(runName(a), runName(b)),
      cell: (run) => (
        <>
          <Box run={run} {...choice} />
          <span class="text" title={[run.name, run.experiment, run.id].filter(Boolean).join('\n')}>
            {runName(run)}
            {run.experiment !== null && <span class="quiet"> {run.experiment}</span>}
          </span>
        </>
      ),
    },
    {
      id: 'tracker',
      label: 'Tracker',
      track: '5.5em',
      compare: (a, b) => a.tracker.localeCompare(b.tracker) || a.store.localeCompare(b.store),
      cell: ({ tracker, store }) => (
        <span class="text" title={store}>
          {trackerName(tracker)}
        </span>
      ),
    },
    {
      id: 'status',
      label: 'Status',
      track: '7em',
      compare: (a, b) => runStatusOrder.indexOf(a.status) - runStatusOrder.indexOf(b.status),
      cell: (run) => <Status run={run} />,
    },
    timeColumn(
      'started',
      'Started',
      '8em',
      ({ startedAt }) => timeOf(startedAt),
      (run) => <Started run={run} />,
    ),
    timeColumn('duration', 'Duration', '6.5em', lasted, (run) => <Lasted run={run} />),
    {
      id: 'commit',
      label: 'Commit',
      track: '9.5em',
      compare: (a, b) => (a.commit ?? '').localeCompare(b.commit ?? ''),
      isBlank: ({ commit }) => commit === null,
      cell: (run) => <Commit run={run} />,
    },
    {
      id: 'data',
      label: 'Data',
      track: '13em',
      compare: (a, b) => compareValues(dataNames(a), dataNames(b)),
      isBlank: ({ datasets }) => datasets.length === 0,
      cell: (run) => <Data run={run} />,
    },
  ];
}

/** One column a parameter or metric. */
export function fieldColumns(fields: readonly Field[]): readonly RunColumn[] {
  return fields.map((field) => ({
    id: field.id,
    label: field.name,
    track: `minmax(${trackOf(field)}em, max-content)`,
    end: field.kind === 'metrics',
    compare: (a, b) => compareValues(fieldValue(a, field), fieldValue(b, field)),
    isBlank: (run) => isBlank(fieldValue(run, field)),
    mostFirst: false,
    cell: (run) => <FieldValue value={fieldValue(run, field)} kind={field.kind} />,
  }));
}

/** Two lines of a narrow page: what the run is called, and how it ended. */
export function summaryColumn(choice: Choice): RunColumn {
  return {
    id: 'summary',
    label: 'Run',
    track: 'minmax(0, 1fr)',
    cell: (run) => (
      <>
        <Box run={run} {...choice} />
        <div class="two-lines">
          <div class="text">
            {runName(run)} {run.experiment !== null && <span class="quiet">{run.experiment}</span>}
          </div>
          <div class="text quiet summary-line">
            <Status run={run} /> · {trackerName(run.tracker)} · <Started run={run} />
          </div>
        </div>
      </>
    ),
  };
}

/** Wide enough for the name and for a figure, in em. */
const trackOf = ({ name }: Field) => Math.min(14, Math.max(6, Math.ceil(name.length * 0.62) + 2));

function timeColumn(
  id: string,
  label: string,
  track: string,
  figureOf: (run: RunReport) => number | undefined,
  cell: RunColumn['cell'],
): RunColumn {
  return {
    id,
    label,
    track,
    end: id === 'duration',
    mostFirst: true,
    compare: (a, b) => (figureOf(a) ?? 0) - (figureOf(b) ?? 0),
    isBlank: (run) => figureOf(run) === undefined,
    cell,
  };
}

function timeOf(time: string | null): number | undefined {
  const milliseconds = time === null ? Number.NaN : Date.parse(time);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

/** Milliseconds that a run took; undefined as long as it has no end. */
export function lasted({ startedAt, endedAt }: Pick<RunReport, 'startedAt' | 'endedAt'>): number | undefined {
  const [start, end] = [timeOf(startedAt), timeOf(endedAt)];
  return start === undefined || end === undefined || end < start ? undefined : end - start;
}

function Box({ run, chosen, onChoose }: Choice & { readonly run: RunReport }) {
  const key = runKey(run);
  return (
    <input
      type="checkbox"
      class="box"
      // The row itself is the stop of the keyboard, and Space on it does the same.
      tabIndex={-1}
      aria-label={`Choose ${runName(run)}`}
      checked={chosen.has(key)}
      onChange={() => onChoose(key)}
    />
  );
}

function Status({ run }: { readonly run: RunReport }) {
  const { icon, tone, word } = lookOf(run.status);
  return (
    <>
      <Icon name={icon} tone={tone} />
      <span class="text">{word}</span>
    </>
  );
}

const none = <span class="quiet">–</span>;

function Started({ run: { startedAt } }: { readonly run: RunReport }) {
  const now = useNow();
  if (startedAt === null) return none;
  return (
    <span class="text" title={wholeTime(startedAt)}>
      {ago(startedAt, now)}
    </span>
  );
}

function Lasted({ run }: { readonly run: RunReport }) {
  const milliseconds = lasted(run);
  return milliseconds === undefined ? none : <span class="text figure">{duration(milliseconds)}</span>;
}

/** The commit of a run with what is to be known of it: in a word where it is not as one would wish. */
export function Commit({ run: { commit, commitExists, dirty } }: { readonly run: RunReport }) {
  if (commit === null) return none;
  return (
    <span class="text" title={`${commit}\n${commitWords(commitExists, dirty)}`}>
      <span class="code">{commit.slice(0, 7)}</span>
      {commitExists === false && <Mark word="missing" />}
      {dirty === true && <Mark word="edited" />}
    </span>
  );
}

function commitWords(exists: boolean | null, dirty: boolean | null): string {
  const place =
    exists === null
      ? 'Whether the repository has it is not known.'
      : exists
        ? 'The repository has it.'
        : 'The repository does not have it: fetch the branch that it was made on.';
  const tree =
    dirty === null
      ? 'The tracker did not record whether the tree was clean.'
      : dirty
        ? 'The run had uncommitted changes.'
        : 'The tree was clean.';
  return `${place}\n${tree}`;
}

function Mark({ word }: { readonly word: string }) {
  return (
    <span class="mark">
      {' '}
      <Icon name="warning" tone="warning" /> {word}
    </span>
  );
}

const dataNames = ({ datasets }: RunReport): string => datasets.map(({ name }) => name).join(', ');

function Data({ run: { datasets } }: { readonly run: RunReport }) {
  const [first] = datasets;
  if (!first) return none;
  const changed = datasets.filter(({ current }) => current === false).length;
  const title = datasets.map(({ name, role, current }) => `${name} (${role}): ${currentWords(current)}`).join('\n');
  return (
    <span class="text" title={title}>
      {first.name}
      {datasets.length > 1 && <span class="quiet"> +{datasets.length - 1}</span>}
      {changed > 0 && <Mark word={datasets.length > 1 ? `${changed} changed` : 'changed'} />}
    </span>
  );
}

/** Whether the file on disk is the run's, in words. */
export function currentWords(current: boolean | null): string {
  if (current === null) return 'whether it is the one on disk is not known';
  return current ? 'the one on disk' : 'another version lies on disk';
}

interface FieldValueProps {
  readonly value: Datum | undefined;
  readonly kind: Field['kind'];
}

function FieldValue({ value, kind }: FieldValueProps) {
  if (value === undefined) return none;
  const number = numberIn(value);
  const text = kind === 'metrics' && number !== undefined ? metricText(number) : valueText(value);
  return (
    <span class={`text ${number === undefined ? '' : 'figure'}`} title={fullText(value)}>
      {text}
    </span>
  );
}
