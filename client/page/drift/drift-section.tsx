import type { DriftColumn, DriftReport } from '../../../server/src/protocol';
import { numberOf } from '../figure';
import { full, pValue } from '../numbers';
import type { Column } from '../parts/grid';
import { Icon } from '../parts/icon';
import { Section } from '../parts/section';
import { toggled, type ViewState } from '../view-state';
import { distributionOf } from './distribution';
import { DriftDetail } from './drift-detail';
import { driftOrder, driftStatus, driftStatuses } from './drift-statuses';
import { edgeLabel } from './edges';
import { effectOf } from './effect';
import { LimitScale } from './limit-scale';
import { Sparkline } from './sparkline';

interface DriftSectionProps {
  readonly report: DriftReport;
  readonly view: ViewState;
  onView(change: Partial<ViewState>): void;
}

/** All columns of one comparison. */
export function DriftSection({ report, view, onView }: DriftSectionProps) {
  const { columns } = report;
  const counted = (status: string) => columns.filter((column) => driftStatus(column) === status).length;
  return (
    <Section
      noun="columns"
      label="Columns"
      rows={columns}
      counts={driftOrder.map((status) => ({ status, ...driftStatuses[status], count: counted(status) }))}
      tables={[]}
      columns={gridColumns}
      narrowColumns={narrowColumns}
      sort={{ column: 'effect', descending: true }}
      view={view}
      idOf={idOf}
      statusOf={driftStatus}
      tableOf={() => undefined}
      textOf={(column) =>
        `${partName(column)} ${column.type} ${column.moved ?? ''} ${column.method ?? ''} ${column.reason ?? ''}`
      }
      detail={(column) => (
        <DriftDetail
          report={report}
          column={column}
          asTable={view.asTable.includes(idOf(column))}
          onAsTable={() => onView({ asTable: toggled(view.asTable, idOf(column)) })}
        />
      )}
      onView={onView}
    />
  );
}

/** A column has one row a segment and window. */
function idOf(column: DriftColumn): string {
  return [partName(column), column.method ?? ''].join(' ');
}

/** The column, with the segment and window that the row is about. */
function partName({ column, segment, window }: DriftColumn): string {
  const parts = segment ? Object.entries(segment).map(([name, value]) => `${name} = ${value ?? 'no value'}`) : [];
  if (window) parts.push(`${window.start} – ${window.end}`);
  return parts.length === 0 ? column : `${column} · ${parts.join(', ')}`;
}

const byEffect = (a: DriftColumn, b: DriftColumn) => (effectOf(a) ?? -1) - (effectOf(b) ?? -1);
const byName = (a: DriftColumn, b: DriftColumn) => partName(a).localeCompare(partName(b));
const byStatus = (a: DriftColumn, b: DriftColumn) =>
  driftOrder.indexOf(driftStatus(a)) - driftOrder.indexOf(driftStatus(b));

const gridColumns: readonly Column<DriftColumn>[] = [
  {
    id: 'status',
    label: 'Status',
    track: '9.4em',
    compare: byStatus,
    cell: (column) => <Status column={column} />,
  },
  {
    id: 'column',
    label: 'Column',
    track: 'minmax(9em, 1.1fr)',
    compare: byName,
    cell: (column) => (
      <span class="text code" title={`${partName(column)}, ${column.type}`}>
        {partName(column)}
      </span>
    ),
  },
  {
    id: 'type',
    label: 'Type',
    track: '6.5em',
    from: 1100,
    compare: (a, b) => a.type.localeCompare(b.type) || byName(a, b),
    cell: ({ type }) => <span class="text quiet">{type}</span>,
  },
  {
    id: 'moved',
    label: 'What moved',
    track: 'minmax(9em, 1.6fr)',
    from: 720,
    cell: (column) => <Moved column={column} />,
  },
  {
    id: 'shape',
    label: 'Reference and current',
    track: '11em',
    cell: (column) => <Sparkline distribution={distributionOf(column, edgeLabel(column))} />,
  },
  {
    id: 'effect',
    label: 'Against limit',
    track: '15em',
    compare: byEffect,
    mostFirst: true,
    cell: (column) => <LimitScale column={column} />,
  },
  {
    id: 'method',
    label: 'Method',
    track: 'minmax(7.5em, 0.6fr)',
    from: 860,
    compare: (a, b) => (a.method ?? '').localeCompare(b.method ?? ''),
    cell: ({ method }) => <span class="text quiet">{method ?? '–'}</span>,
  },
  {
    id: 'p',
    label: 'p',
    track: '6em',
    end: true,
    from: 1000,
    compare: (a, b) => (numberOf(a.pValue) ?? 2) - (numberOf(b.pValue) ?? 2),
    cell: (column) => <PValue column={column} />,
  },
];

const narrowColumns: readonly Column<DriftColumn>[] = [
  {
    id: 'summary',
    label: 'Column',
    track: 'minmax(0, 1fr)',
    cell: (column) => {
      const { icon, tone, word } = driftStatuses[driftStatus(column)];
      return (
        <>
          <Icon name={icon} tone={tone} />
          <div class="two-lines">
            <div class="text code">{partName(column)}</div>
            <div class="text quiet">{[word, column.moved ?? column.reason].filter(Boolean).join(' · ')}</div>
          </div>
        </>
      );
    },
  },
  {
    id: 'shape',
    label: 'Against limit',
    track: '9em',
    cell: (column) => (
      <div class="two-lines">
        <Sparkline distribution={distributionOf(column, edgeLabel(column))} />
        <LimitScale column={column} />
      </div>
    ),
  },
];

function Status({ column }: { readonly column: DriftColumn }) {
  const { icon, tone, word } = driftStatuses[driftStatus(column)];
  return (
    <>
      <Icon name={icon} tone={tone} />
      <span class="text">{word}</span>
    </>
  );
}

function Moved({ column }: { readonly column: DriftColumn }) {
  if (column.moved !== null)
    return (
      <span class="text" title={column.moved}>
        {column.moved}
      </span>
    );
  if (column.drifted !== null || column.reason === null) return <span class="quiet">–</span>;
  return (
    <span class="text quiet" title={column.reason}>
      {column.reason}
    </span>
  );
}

function PValue({ column }: { readonly column: DriftColumn }) {
  const p = numberOf(column.pValue);
  if (p === undefined) return <span class="quiet">–</span>;
  return (
    <span class="figure" title={full(p)}>
      {pValue(p)}
    </span>
  );
}
