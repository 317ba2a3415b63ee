import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import type { DriftColumn, DriftReport } from '../../../server/src/protocol';
import { numberOf } from '../figure';
import { count, full, percent, pValue } from '../numbers';
import { Fold } from '../parts/fold';
import type { Column } from '../parts/grid';
import { Icon } from '../parts/icon';
import { Section } from '../parts/section';
import { toggled, type ViewState } from '../view-state';
import { DiagnosisPart, diagnosisSummary } from './diagnosis-part';
import { distributionOf } from './distribution';
import { DriftDetail } from './drift-detail';
import { driftOrder, driftStatus, driftStatuses } from './drift-statuses';
import { edgeLabel } from './edges';
import { effectOf } from './effect';
import { LimitScale } from './limit-scale';
import { SegmentTree } from './segment-tree';
import { type Segment, segmentsOf } from './segments';
import { ShareSlider, shareSummary } from './share-slider';
import { Sparkline } from './sparkline';
import { partName, startName } from './window-names';
import { type Heat, heatOf, seriesName } from './windows';
import { WindowsPart } from './windows-part';

interface DriftSectionProps {
  readonly report: DriftReport;
  /** There is a contract that a limit can be written to. */
  readonly writable: boolean;
  readonly view: ViewState;
  onView(change: Partial<ViewState>): void;
}

/** One comparison: what the windows and the segments come to, then all columns. */
export function DriftSection({ report, writable, view, onView }: DriftSectionProps) {
  const heat = useMemo(() => heatOf(report.columns), [report]);
  const segments = useMemo(() => segmentsOf(report.columns), [report]);
  const rows = useMemo(() => rowsFor(report.columns, view.table), [report, view.table]);
  const picked = useMemo(
    () => (view.picked === undefined ? undefined : report.columns.find((column) => idOf(column) === view.picked)),
    [report, view.picked],
  );
  const onPick = (column: DriftColumn | undefined) => onView({ picked: column && idOf(column) });
  const fold = (id: string) => ({
    folded: view.folded.includes(id),
    onFold: () => onView({ folded: toggled(view.folded, id) }),
  });
  const detail = (column: DriftColumn) => {
    const id = idOf(column);
    return (
      <DriftDetail
        report={report}
        column={column}
        writable={writable}
        asTable={view.asTable.includes(id)}
        picture={view.pictures[id]}
        onAsTable={() => onView({ asTable: toggled(view.asTable, id) })}
        onPicture={(picture) => onView({ pictures: { ...view.pictures, [id]: picture } })}
      />
    );
  };
  const inMap = picked?.window ? picked : undefined;
  const inTree = picked?.segment && !picked.window ? picked : undefined;
  const inDiagnosis = picked && !picked.segment && !picked.window ? picked : undefined;
  const { diagnosis } = report;
  const counted = (status: string) => rows.filter((column) => driftStatus(column) === status).length;
  return (
    <>
      {diagnosis && (
        <Fold title="What Moved Most" summary={diagnosisSummary(diagnosis)} {...fold('diagnosis')}>
          <DiagnosisPart report={report} diagnosis={diagnosis} onPick={onPick} />
          {inDiagnosis && (
            <Picked column={inDiagnosis} onClose={() => onPick(undefined)}>
              {detail(inDiagnosis)}
            </Picked>
          )}
        </Fold>
      )}
      {heat && (
        <Fold title="Windows" summary={heatSummary(heat)} {...fold('windows')}>
          <WindowsPart heat={heat} picked={inMap} onPick={onPick} />
          {inMap && (
            <Picked column={inMap} onClose={() => onPick(undefined)}>
              {detail(inMap)}
            </Picked>
          )}
        </Fold>
      )}
      {segments.length > 0 && (
        <Fold title="Segments" summary={segmentSummary(segments)} {...fold('segments')}>
          <SegmentTree segments={segments} picked={inTree} onPick={onPick} />
          {inTree && (
            <Picked column={inTree} onClose={() => onPick(undefined)}>
              {detail(inTree)}
            </Picked>
          )}
        </Fold>
      )}
      {report.monitor?.isShareLimited && report.dataset.method === 'share' && (
        <Fold title="Limit of the Dataset" summary={shareSummary(report)} {...fold('share')}>
          <ShareSlider report={report} />
        </Fold>
      )}
      <Section
        noun="columns"
        label="Columns"
        rows={rows}
        counts={driftOrder.map((status) => ({ status, ...driftStatuses[status], count: counted(status) }))}
        tables={scopesOf(report.columns)}
        choice={{ label: 'Rows', all: 'Whole data' }}
        columns={gridColumns}
        narrowColumns={narrowColumns}
        sort={{ column: 'effect', descending: true }}
        view={view}
        idOf={idOf}
        statusOf={driftStatus}
        tableOf={scopeOf}
        textOf={(column) =>
          `${partName(column)} ${column.type} ${column.moved ?? ''} ${column.method ?? ''} ${column.reason ?? ''}`
        }
        detail={detail}
        onView={onView}
      />
    </>
  );
}

/** What a row is about when it is not about all of the data. */
const scopes = ['Each window', 'Each segment', 'Each segment and window'] as const;

function scopeOf({ segment, window }: DriftColumn): string | undefined {
  if (!segment && !window) return undefined;
  return scopes[segment ? (window ? 2 : 1) : 0];
}

/** Those that there is a choice of beside the whole data; none when the rows are all of one kind. */
function scopesOf(columns: readonly DriftColumn[]): readonly string[] {
  const there = new Set(columns.map(scopeOf));
  return there.size > 1 ? scopes.filter((scope) => there.has(scope)) : [];
}

/** The rows of a scope; everything when there is nothing about the whole data. */
function rowsFor(columns: readonly DriftColumn[], scope: string | undefined): readonly DriftColumn[] {
  const rows = columns.filter((column) => scopeOf(column) === scope);
  return rows.length > 0 ? rows : columns;
}

function heatSummary({ rows, windows }: Heat): string {
  const began = rows.filter((row) => row.began !== undefined);
  const first = began.toSorted((a, b) => (a.began ?? 0) - (b.began ?? 0))[0];
  const window = first?.began === undefined ? undefined : windows[first.began];
  const size = `${count(rows.length)} columns × ${count(windows.length)} windows`;
  if (!first || !window) return `${size}, none still drifts at the end`;
  return `${size}, ${count(began.length)} drift to the end, ${first.name} first, since ${startName(window)}`;
}

function segmentSummary(segments: readonly Segment[]): string {
  const [most] = segments;
  const drifted = segments.filter((segment) => segment.drifted > 0).length;
  const size = `${count(segments.length)} segments, ${count(drifted)} with drift`;
  return most && most.share > 0 ? `${size}, most in ${most.name} (${percent(Math.round(most.share * 100))})` : size;
}

interface PickedProps {
  readonly column: DriftColumn;
  readonly children: ComponentChildren;
  onClose(): void;
}

/** What was opened in a map or a tree, under it. */
function Picked({ column, children, onClose }: PickedProps) {
  const { icon, tone, word } = driftStatuses[driftStatus(column)];
  return (
    <section class="picked-detail" aria-label={`${partName(column)}, opened`}>
      <div class="picked-head">
        <Icon name={icon} tone={tone} />
        <h3>
          <span class="code">{partName(column)}</span>{' '}
          <span class="quiet">· {[word, column.moved].filter(Boolean).join(' · ')}</span>
        </h3>
        <button type="button" class="link" onClick={onClose}>
          <Icon name="close" /> Close
        </button>
      </div>
      {children}
    </section>
  );
}

/** A column has one row a segment and window. */
function idOf(column: DriftColumn): string {
  const { window } = column;
  return [seriesName(column), ...(window ? [window.start, window.end] : []), column.method ?? ''].join(' ');
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
