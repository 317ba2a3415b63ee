import { useEffect, useRef, useState } from 'preact/hooks';
import type { DriftColumn, DriftReport } from '../../../server/src/protocol';
import { post } from '../editor';
import { numberOf } from '../figure';
import { count, full, measured, plain, points, share, tabSeparated } from '../numbers';
import { DataTable } from '../parts/data-table';
import { Facts } from '../parts/facts';
import { Icon } from '../parts/icon';
import { useSize } from '../parts/measure';
import { fileName } from '../paths';
import { type Distribution, distributionOf, middleOf, mostMoved, shareOf } from './distribution';
import { edgeLabel } from './edges';

interface DriftDetailProps {
  readonly report: DriftReport;
  readonly column: DriftColumn;
  readonly asTable: boolean;
  onAsTable(): void;
}

/** Both distributions of one column, large, and what else is known about it. */
export function DriftDetail({ report, column, asTable, onAsTable }: DriftDetailProps) {
  const distribution = distributionOf(column, edgeLabel(column));
  return (
    <div class="drift-detail">
      {column.reason !== null && <p class="message">{column.reason}</p>}
      <div class="beside">
        {distribution && (
          <Shown report={report} column={column} distribution={distribution} asTable={asTable} onAsTable={onAsTable} />
        )}
        <Sides column={column} />
      </div>
    </div>
  );
}

interface ShownProps extends DriftDetailProps {
  readonly distribution: Distribution;
}

function Shown({ report, column, distribution, asTable, onAsTable }: ShownProps) {
  const [whole, setWhole] = useState(false);
  const middle = middleOf(distribution);
  return (
    <div class="shown-part">
      <div class="part-head">
        <h2 class="legend">
          <span>
            <span class="key reference" /> reference {fileName(report.reference.ref)}
          </span>
          <span>
            <span class="key current" /> current {fileName(report.current.ref)}
          </span>
        </h2>
        <div class="part-actions">
          {middle && !asTable && (
            <button type="button" class="link" aria-pressed={whole} onClick={() => setWhole(!whole)}>
              <Icon name="fold" /> {whole ? 'Show Middle' : 'Show Whole Range'}
            </button>
          )}
          <button type="button" class="link" aria-pressed={asTable} onClick={onAsTable}>
            <Icon name={asTable ? 'graph' : 'table'} /> {asTable ? 'Show as Chart' : 'Show as Table'}
          </button>
          <button
            type="button"
            class="link"
            onClick={() => post({ type: 'copy', text: tabSeparated(plainTable(distribution)) })}
          >
            <Icon name="copy" /> Copy
          </button>
        </div>
      </div>
      {asTable ? (
        <ShareTable column={column} distribution={distribution} />
      ) : (
        <Chart column={column} distribution={distribution} whole={whole} />
      )}
    </div>
  );
}

interface ChartProps {
  readonly column: DriftColumn;
  readonly distribution: Distribution;
  readonly whole: boolean;
}

/** Drawn by a chunk of its own, which a page that shows no chart never loads. */
function Chart({ column, distribution, whole }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const { width } = useSize(place);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (width === 0) return;
    let current = true;
    import('../charts/distribution-chart').then(
      ({ distributionChart }) => {
        if (!current) return;
        const options = {
          width,
          edge: edgeLabel(column),
          time: column.type === 'datetime',
          middle: whole ? undefined : middleOf(distribution),
        };
        place.current?.replaceChildren(distributionChart(distribution, options));
      },
      () => setFailed(true),
    );
    return () => {
      current = false;
    };
  }, [distribution.bars.length, column, whole, Math.round(width)]);
  if (failed) return <ShareTable column={column} distribution={distribution} />;
  return <div class={`chart ${distribution.kind}`} role="img" aria-label={inWords(column, distribution)} ref={place} />;
}

/** What the chart shows, for who does not see it. */
function inWords(column: DriftColumn, distribution: Distribution): string {
  const moved = mostMoved(distribution);
  const shares = moved && shareOf(moved, distribution);
  const { reference, current } = distribution.rows;
  return [
    `Distribution of ${column.column} over ${distribution.bars.length} ${distribution.kind}.`,
    column.moved && `${column.moved}.`,
    moved &&
      shares &&
      `The largest change is at ${moved.label}: ${share(shares.reference, reference)} of the reference, ${share(shares.current, current)} of the current rows.`,
    'Show as Table lists all of it.',
  ]
    .filter(Boolean)
    .join(' ');
}

function ShareTable({ column, distribution }: { readonly column: DriftColumn; readonly distribution: Distribution }) {
  const rows = barsAndNulls(distribution).map((bar) => {
    const shares = shareOf(bar, distribution);
    const least = Math.min(distribution.rows.reference, distribution.rows.current);
    return [
      bar.note ? `${bar.label} (${bar.note})` : bar.label,
      count(bar.reference),
      share(shares.reference, distribution.rows.reference),
      count(bar.current),
      share(shares.current, distribution.rows.current),
      points(shares.current - shares.reference, least),
    ];
  });
  return (
    <DataTable
      label={`Distribution of ${column.column}`}
      columns={[
        { label: distribution.kind === 'bins' ? 'from – to' : 'value' },
        { label: 'reference', end: true },
        { label: 'share of reference', end: true },
        { label: 'current', end: true },
        { label: 'share of current', end: true },
        { label: 'points', end: true },
      ]}
      rows={rows}
    />
  );
}

const barsAndNulls = ({ bars, nulls }: Distribution) => (nulls ? [...bars, nulls] : bars);

/** The table as other programs read it: unrounded, in no language. */
function plainTable(distribution: Distribution): readonly (readonly string[])[] {
  const head = distribution.kind === 'bins' ? ['from', 'to'] : ['value'];
  const rows = barsAndNulls(distribution).map((bar) => {
    const { reference, current } = shareOf(bar, distribution);
    const ends = distribution.kind === 'bins' ? [plain(bar.from ?? null), plain(bar.to ?? null)] : [bar.label];
    return [...ends, plain(bar.reference), plain(reference), plain(bar.current), plain(current)];
  });
  return [[...head, 'reference', 'reference share', 'current', 'current share'], ...rows];
}

const sentenceCase = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

function Sides({ column }: { readonly column: DriftColumn }) {
  const { reference, current, parameters } = column;
  const figure = (side: DriftColumn['reference'], name: 'mean' | 'median') => {
    const value = numberOf(side[name]);
    if (value === undefined) return '–';
    if (column.type === 'datetime') return edgeLabel(column)(value);
    return <span title={full(value)}>{measured(value, side.rows)}</span>;
  };
  const nulls = ({ nulls: number, rows }: DriftColumn['reference']) =>
    number === 0 ? '0' : `${count(number)} (${share(number / Math.max(1, rows), rows)})`;
  const hasMean = reference.mean !== null || current.mean !== null;
  const rows = [
    ['rows', count(reference.rows), count(current.rows)],
    ['no value', nulls(reference), nulls(current)],
    ...(hasMean ? [['mean', figure(reference, 'mean'), figure(current, 'mean')]] : []),
    ...(hasMean ? [['median', figure(reference, 'median'), figure(current, 'median')]] : []),
  ];
  const statistic = numberOf(column.statistic);
  const p = numberOf(column.pValue);
  return (
    <div class="sides">
      <DataTable
        label={`Figures of ${column.column}`}
        columns={[{ label: 'figure' }, { label: 'reference', end: true }, { label: 'current', end: true }]}
        rows={rows}
      />
      <Facts
        facts={[
          ['Method', column.method ?? undefined],
          ['Statistic', statistic === undefined ? undefined : full(statistic)],
          ['p-value', p === undefined ? undefined : full(p)],
          ['Limit', column.threshold === null ? undefined : full(column.threshold)],
          ...Object.entries(parameters).map(([name, value]): [string, string] => [sentenceCase(name), plain(value)]),
        ]}
      />
    </div>
  );
}
