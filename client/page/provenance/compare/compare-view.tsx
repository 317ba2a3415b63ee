import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Datum, Figure, RunDetailsReport, RunReport } from '../../../../server/src/protocol';
import { full } from '../../numbers';
import { DataTable } from '../../parts/data-table';
import { Fold } from '../../parts/fold';
import { Icon } from '../../parts/icon';
import { toggled } from '../../view-state';
import { post } from '../editor';
import { HashText } from '../hash-text';
import { Commit } from '../runs/run-columns';
import { FileLink, useDetails } from '../runs/run-detail';
import { runKey, runName } from '../runs/run-key';
import { fullText, metricText, valueText } from '../runs/values';
import { CurvesPart } from './curves-part';
import {
  type Compared,
  type ComparedData,
  changeOf,
  type Differences,
  differencesOf,
  type Sameness,
} from './differences';
import { letterOf } from './letters';
import { sentenceOf } from './sentence';

interface CompareViewProps {
  /** At least two, the one that the others are held against first. */
  readonly runs: readonly RunReport[];
  readonly details: ReadonlyMap<string, RunDetailsReport>;
  readonly withSame: boolean;
  /** Parts that are folded away, and curves shown as a table. */
  readonly folded: readonly string[];
  readonly asTable: readonly string[];
  onWithSame(withSame: boolean): void;
  onFolded(folded: readonly string[]): void;
  onAsTable(asTable: readonly string[]): void;
  onRemove(key: string): void;
}

/** What changed between runs: in a sentence, then part by part. */
export function CompareView(props: CompareViewProps) {
  const { runs, details, withSame, folded, onFolded } = props;
  const differences = useMemo(() => differencesOf(runs), [runs]);
  const { params, metrics, data, environment } = differences;
  const part = (id: string) => ({
    folded: folded.includes(id),
    onFold: () => onFolded(toggled(folded, id)),
  });
  return (
    <div class="compare">
      {runs.map((run) => (
        <Details key={runKey(run)} run={run} details={details.get(run.id)} />
      ))}
      <div class="changed">
        <Icon name="git-compare" />
        <p role="status">{sentenceOf(differences)}</p>
        <label class="check">
          <input
            type="checkbox"
            class="box"
            checked={withSame}
            onChange={(event) => props.onWithSame(event.currentTarget.checked)}
          />
          Show what is the same
        </label>
      </div>
      <Fold title="Runs" summary={runs.map(runName).join(', ')} {...part('runs')}>
        <Heads runs={runs} onRemove={props.onRemove} />
      </Fold>
      <Fold title="Parameters" summary={countOf(params)} {...part('params')}>
        <ValueTable label="Parameters" noun="parameter" rows={shownOf(params, withSame)} runs={runs} />
      </Fold>
      <Fold title="Metrics" summary={countOf(metrics)} {...part('metrics')}>
        <MetricTable rows={shownOf(metrics, withSame)} runs={runs} />
        <CurvesPart runs={runs} details={details} asTable={props.asTable} onAsTable={props.onAsTable} />
      </Fold>
      <Fold title="Data" summary={dataCount(data)} {...part('data')}>
        <DataPart rows={shownOf(data, withSame)} runs={runs} />
      </Fold>
      <Fold title="Code" summary={codeWords(differences)} {...part('code')}>
        <CodePart differences={differences} />
      </Fold>
      <Fold title="Environment" summary={countOf(environment)} {...part('environment')}>
        <ValueTable
          label="Environment"
          noun="fact"
          rows={shownOf(environment, withSame)}
          runs={runs}
          cell={(name, value) =>
            name === 'environment' && typeof value === 'string' ? <FileLink path={value} /> : undefined
          }
        />
      </Fold>
    </div>
  );
}

function Details({ run, details }: { readonly run: RunReport; readonly details: RunDetailsReport | undefined }) {
  useDetails(run, details);
  return null;
}

const shownOf = <T extends { readonly differs: boolean }>(rows: readonly T[], withSame: boolean): readonly T[] =>
  withSame ? rows : rows.filter(({ differs }) => differs);

function countOf(rows: readonly { readonly differs: boolean }[]): string {
  const differing = rows.filter(({ differs }) => differs).length;
  if (rows.length === 0) return 'none recorded';
  return differing === 0 ? 'all the same' : `${differing} of ${rows.length} differ`;
}

function Heads({ runs, onRemove }: Pick<CompareViewProps, 'runs' | 'onRemove'>) {
  return (
    <ul class="heads">
      {runs.map((run, index) => (
        <li key={runKey(run)}>
          <Letter index={index} /> <b>{runName(run)}</b> <span class="quiet">{run.experiment}</span>
          <Commit run={run} />
          <button type="button" class="link" onClick={() => post({ type: 'reveal', location: run.location })}>
            <Icon name="go-to-file" /> Open Record
          </button>
          <button type="button" class="link" onClick={() => onRemove(runKey(run))}>
            <Icon name="close" /> Leave Out
          </button>
        </li>
      ))}
    </ul>
  );
}

/** What stands for a run in tables and charts, told apart by letter, colour and dash. */
function Letter({ index }: { readonly index: number }) {
  return <span class={`letter run-${index % 6}`}>{letterOf(index)}</span>;
}

const columnsFor = (noun: string, runs: readonly RunReport[], end = false) => [
  { label: noun },
  ...runs.map((run, index) => ({ label: `${letterOf(index)} ${runName(run)}`, end })),
];

interface ValueTableProps {
  readonly label: string;
  readonly noun: string;
  readonly rows: readonly Compared<Datum>[];
  readonly runs: readonly RunReport[];
  cell?(name: string, value: Datum | undefined): ComponentChildren | undefined;
}

function ValueTable({ label, noun, rows, runs, cell }: ValueTableProps) {
  if (rows.length === 0) return <Nothing />;
  return (
    <DataTable
      label={label}
      columns={columnsFor(noun, runs)}
      rows={rows.map(({ name, values, differs }) => [
        <Named name={name} differs={differs} key={name} />,
        ...values.map(
          (value) =>
            cell?.(name, value) ?? (
              <span class="code value" title={fullText(value)}>
                {valueText(value)}
              </span>
            ),
        ),
      ])}
    />
  );
}

function Named({ name, differs }: { readonly name: string; readonly differs: boolean }) {
  return (
    <span class={differs ? 'differs' : 'quiet'}>
      {name}
      {!differs && <span class="same"> same</span>}
    </span>
  );
}

const Nothing = () => <p class="quiet">Nothing differs here.</p>;

interface MetricTableProps {
  readonly rows: readonly Compared<Figure>[];
  readonly runs: readonly RunReport[];
}

function MetricTable({ rows, runs }: MetricTableProps) {
  if (rows.length === 0) return <Nothing />;
  return (
    <DataTable
      label="Metrics"
      columns={columnsFor('metric', runs, true)}
      rows={rows.map(({ name, values, differs }) => [
        <Named name={name} differs={differs} key={name} />,
        ...values.map((value, index) => (
          <span title={fullText(value)}>
            {metricText(value)}
            {index > 0 && <Change change={changeOf(value, values[0])} />}
          </span>
        )),
      ])}
    />
  );
}

/** How far from the first run. */
function Change({ change }: { readonly change: number | undefined }) {
  if (change === undefined) return null;
  if (change === 0) return <span class="quiet"> ±0</span>;
  return (
    <span class="quiet" title={full(change)}>
      {' '}
      {change > 0 ? '+' : ''}
      {metricText(change)}
    </span>
  );
}

const sameWords: Readonly<Record<Sameness, { readonly word: string; readonly icon: string }>> = {
  same: { word: 'same', icon: 'check' },
  different: { word: 'different', icon: 'diff' },
  unknown: { word: 'cannot be told', icon: 'question' },
  partly: { word: 'not in all', icon: 'diff' },
};

const dataCount = (rows: readonly ComparedData[]): string => {
  if (rows.length === 0) return 'none recorded';
  const parts = (['different', 'partly', 'unknown', 'same'] as const).flatMap((sameness) => {
    const number = rows.filter((row) => row.sameness === sameness).length;
    return number === 0 ? [] : [`${number} ${sameWords[sameness].word}`];
  });
  return parts.join(', ');
};

function DataPart({ rows, runs }: { readonly rows: readonly ComparedData[]; readonly runs: readonly RunReport[] }) {
  if (rows.length === 0) return <Nothing />;
  return (
    <DataTable
      label="Data"
      columns={[...columnsFor('dataset', runs), { label: 'same?' }, { label: '' }]}
      rows={rows.map((row) => [
        <Named name={row.name} differs={row.differs} key={row.name} />,
        ...row.values.map((value) =>
          value === undefined ? (
            <span class="quiet">–</span>
          ) : (
            <HashText hash={value.version} algorithm={value.algorithm} />
          ),
        ),
        <span title={row.reason}>
          <Icon name={sameWords[row.sameness].icon} /> {sameWords[row.sameness].word}
        </span>,
        <CompareData row={row} runs={runs} />,
      ])}
    />
  );
}

/** Both versions can be read again when each stands at a commit that is here. */
function CompareData({ row, runs }: { readonly row: ComparedData; readonly runs: readonly RunReport[] }) {
  const refs = row.values.map((value, index) => {
    const { commit, commitExists } = runs[index] ?? {};
    return value?.path && commit && commitExists ? `${value.path}@${commit}` : undefined;
  });
  const [reference, current] = [refs[0], refs.at(-1)];
  if (row.sameness === 'same' || !reference || !current || reference === current) return null;
  return (
    <button type="button" class="link" onClick={() => post({ type: 'compareData', reference, current })}>
      <Icon name="graph" /> Compare Data
    </button>
  );
}

function codeWords({ code, runs }: Differences): string {
  const edited = code.edited.length > 0 ? `, uncommitted changes in ${code.edited.map(runName).join(', ')}` : '';
  if (code.commits === 'unknown') return `not every run recorded a commit${edited}`;
  if (code.commits === 'different') return `${new Set(runs.map(({ commit }) => commit)).size} commits${edited}`;
  return `the same commit${edited || (code.unrecorded ? '; uncommitted changes were not recorded' : ', clean')}`;
}

function CodePart({ differences: { runs } }: { readonly differences: Differences }) {
  const [first] = runs;
  return (
    <ul class="heads">
      {runs.map((run, index) => (
        <li key={runKey(run)}>
          <Letter index={index} /> {run.commit === null ? 'no commit recorded' : <Commit run={run} />}
          {run.branch !== null && <span class="quiet">{run.branch}</span>}
          {first?.commit && run.commit && first.commit !== run.commit && (
            <CompareCode
              before={first.commit}
              after={run.commit}
              possible={first.commitExists !== false && run.commitExists !== false}
            />
          )}
        </li>
      ))}
    </ul>
  );
}

interface CompareCodeProps {
  readonly before: string;
  readonly after: string;
  readonly possible: boolean;
}

function CompareCode({ before, after, possible }: CompareCodeProps) {
  return (
    <button
      type="button"
      class="link"
      disabled={!possible}
      title={possible ? 'Open what changed between the commits' : 'The repository does not have both commits'}
      onClick={() => post({ type: 'compareCode', before, after })}
    >
      <Icon name="git-compare" /> Compare Code
    </button>
  );
}
