import { useMemo } from 'preact/hooks';
import type { CheckReport, CheckResult, PastRun } from '../../../server/src/protocol';
import { post } from '../editor';
import { full } from '../numbers';
import type { Column } from '../parts/grid';
import { Icon } from '../parts/icon';
import { Section } from '../parts/section';
import { fileName } from '../paths';
import type { ViewState } from '../view-state';
import { CheckDetail } from './check-detail';
import { fullObserved, observed } from './observed';
import { statuses, statusOrder } from './statuses';
import { type TrendPoint, trendOf } from './trend';
import { TrendSparkline } from './trend-sparkline';

interface CheckSectionProps {
  readonly report: CheckReport;
  /** Runs of the contract so far, oldest first. */
  readonly past: readonly PastRun[];
  readonly view: ViewState;
  onView(change: Partial<ViewState>): void;
}

/** All checks of one run. */
export function CheckSection({ report, past, view, onView }: CheckSectionProps) {
  const { checks, summary } = report;
  const tables = [...new Set(checks.map((check) => check.table))];
  const withTable = tables.length > 1;
  const trends = useMemo(() => new Map(checks.map(({ id }) => [id, trendOf(id, past)])), [checks, past]);
  return (
    <Section
      noun="checks"
      label="Checks"
      rows={checks}
      counts={statusOrder.map((status) => ({ status, ...statuses[status], count: summary[status] }))}
      tables={withTable ? tables : []}
      choice={{ label: 'Table', all: 'All tables' }}
      columns={columnsFor(withTable, report.contract.path, trends)}
      narrowColumns={[summaryColumn(withTable), { ...lineColumn(report.contract.path), track: '4em' }]}
      sort={{ column: 'status', descending: false }}
      view={view}
      idOf={(check) => check.id}
      statusOf={(check) => check.status}
      tableOf={(check) => check.table}
      textOf={({ table, column, name, kind, expected, message }) =>
        `${table}.${column ?? ''} ${name} ${kind} ${expected} ${message}`
      }
      detail={(check) => <CheckDetail check={check} points={trends.get(check.id) ?? []} view={view} onView={onView} />}
      onView={onView}
    />
  );
}

const byStatus = (a: CheckResult, b: CheckResult) => statusOrder.indexOf(a.status) - statusOrder.indexOf(b.status);
const byPlace = (a: CheckResult, b: CheckResult) =>
  a.location.path.localeCompare(b.location.path) || a.location.range.start.line - b.location.range.start.line;
const byColumn = (a: CheckResult, b: CheckResult) =>
  a.table.localeCompare(b.table) || (a.column ?? '').localeCompare(b.column ?? '');
/** By the share of rows that break the rule, then by the figure itself. */
const byObserved = (a: CheckResult, b: CheckResult) =>
  (a.unexpectedPercent ?? -1) - (b.unexpectedPercent ?? -1) || Number(a.observed) - Number(b.observed);

type Trends = ReadonlyMap<string, readonly TrendPoint[]>;

function columnsFor(withTable: boolean, contract: string, trends: Trends): readonly Column<CheckResult>[] {
  return [
    {
      id: 'status',
      label: 'Status',
      track: '7.4em',
      compare: byStatus,
      cell: (check) => <Status check={check} />,
    },
    {
      id: 'column',
      label: withTable ? 'Table and column' : 'Column',
      track: 'minmax(9em, 1.2fr)',
      compare: byColumn,
      cell: (check) => <Place check={check} withTable={withTable} />,
    },
    {
      id: 'rule',
      label: 'Rule',
      track: 'minmax(10em, 1.8fr)',
      compare: (a, b) => a.name.localeCompare(b.name),
      cell: ({ name, kind }) => (
        <span class="text" title={name === kind ? kind : `${name} (${kind})`}>
          {name}
          {name !== kind && <span class="quiet"> {kind}</span>}
        </span>
      ),
    },
    {
      id: 'expected',
      label: 'Expected',
      track: 'minmax(7em, 1fr)',
      from: 680,
      cell: ({ expected }) => (
        <span class="text" title={expected}>
          {expected}
        </span>
      ),
    },
    {
      id: 'observed',
      label: 'Observed',
      track: 'minmax(8.5em, 0.7fr)',
      end: true,
      compare: byObserved,
      mostFirst: true,
      cell: (check) => <Observed check={check} />,
    },
    ...([...trends.values()].some((points) => points.length > 0) ? [trendColumn(trends)] : []),
    {
      id: 'message',
      label: 'Message',
      track: 'minmax(10em, 2.4fr)',
      from: 1000,
      cell: ({ message }) => (
        <span class="text" title={message}>
          {message}
        </span>
      ),
    },
    lineColumn(contract),
  ];
}

function lineColumn(contract: string): Column<CheckResult> {
  return {
    id: 'line',
    label: 'Line',
    track: '5.5em',
    end: true,
    compare: byPlace,
    cell: ({ location }) => <LineLink location={location} contract={contract} />,
  };
}

const trendColumn = (trends: Trends): Column<CheckResult> => ({
  id: 'trend',
  label: 'Trend',
  track: '104px',
  from: 780,
  cell: ({ id }) => <TrendSparkline points={trends.get(id) ?? []} />,
});

/** Two lines: what it is about, and how it ended. */
function summaryColumn(withTable: boolean): Column<CheckResult> {
  return {
    id: 'summary',
    label: 'Check',
    track: 'minmax(0, 1fr)',
    cell: (check) => (
      <>
        <Icon name={statuses[check.status].icon} tone={statuses[check.status].tone} />
        <div class="two-lines">
          <div class="text">
            <Place check={check} withTable={withTable} /> {check.name}
          </div>
          <div class="text quiet" title={check.message}>
            {statuses[check.status].word} · {check.message}
          </div>
        </div>
      </>
    ),
  };
}

function Status({ check }: { readonly check: CheckResult }) {
  const { icon, tone, word } = statuses[check.status];
  return (
    <>
      <Icon name={icon} tone={tone} />
      <span class="text">{word}</span>
    </>
  );
}

function Place({ check, withTable }: { readonly check: CheckResult; readonly withTable: boolean }) {
  const { table, column } = check;
  return (
    <span class="text code" title={column === null ? table : `${table}.${column}`}>
      {(withTable || column === null) && <span class={column === null ? '' : 'quiet'}>{table}</span>}
      {withTable && column !== null && <span class="quiet">.</span>}
      {column}
    </span>
  );
}

function Observed({ check }: { readonly check: CheckResult }) {
  const text = observed(check);
  if (text === undefined) return <span class="quiet">–</span>;
  const percentage = check.unexpectedPercent === null ? '' : `\n${full(check.unexpectedPercent)} % of the rows`;
  return (
    <span class="text figure" title={`${fullObserved(check)}${check.unexpectedCount ? percentage : ''}`}>
      {text}
    </span>
  );
}

/** Opens the contract where it states the check. */
function LineLink({ location, contract }: Pick<CheckResult, 'location'> & { readonly contract: string }) {
  const line = location.range.start.line + 1;
  const place = location.path === contract ? 'line' : fileName(location.path);
  return (
    <button
      type="button"
      class="link follow"
      title={`Open ${fileName(location.path)} at line ${line}`}
      onClick={() => post({ type: 'reveal', location })}
    >
      <span class="place">{place} </span>
      {line}
      <Icon name="arrow-right" />
    </button>
  );
}
