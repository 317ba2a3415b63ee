import { useState } from 'preact/hooks';
import { ALL_COLUMNS, type DriftColumn, type DriftReport } from '../../../server/src/protocol';
import { count, plain, points, share } from '../numbers';
import { DataTable } from '../parts/data-table';
import { Icon } from '../parts/icon';
import { PartHead } from '../parts/part-head';
import { Plotted } from '../parts/plotted';
import { fileName } from '../paths';
import { type Distribution, middleOf, mostMoved, shareOf } from './distribution';
import { edgeLabel } from './edges';
import { partName } from './window-names';

interface DistributionPartProps {
  readonly report: DriftReport;
  readonly column: DriftColumn;
  readonly distribution: Distribution;
  readonly asTable: boolean;
  onAsTable(): void;
}

/** Both distributions of one column, large. */
export function DistributionPart({ report, column, distribution, asTable, onAsTable }: DistributionPartProps) {
  const [whole, setWhole] = useState(false);
  const [log, setLog] = useState(false);
  const middle = middleOf(distribution);
  return (
    <>
      <PartHead
        legend={<SideKeys report={report} />}
        asTable={asTable}
        onAsTable={onAsTable}
        plainTable={() => plainTable(distribution)}
      >
        {middle && !asTable && (
          <button type="button" class="link" aria-pressed={whole} onClick={() => setWhole(!whole)}>
            <Icon name="fold" /> {whole ? 'Show Middle' : 'Show Whole Range'}
          </button>
        )}
        {hasThinPlaces(distribution) && !asTable && (
          <button
            type="button"
            class="link"
            aria-pressed={log}
            title="Shares by orders of magnitude, so that thin tails are seen"
            onClick={() => setLog(!log)}
          >
            <Icon name="graph-line" /> {log ? 'Linear Scale' : 'Log Scale'}
          </button>
        )}
      </PartHead>
      {asTable ? (
        <ShareTable column={column} distribution={distribution} />
      ) : (
        <Plotted
          class={distribution.kind}
          words={inWords(column, distribution)}
          name={`${column.column ?? ALL_COLUMNS}-distribution`}
          caption={`${partName(column)}: shares of ${fileName(report.reference.ref)} (outline) and ${fileName(report.current.ref)} (filled)`}
          from={[distribution.bars.length, column, whole, log]}
          otherwise={<ShareTable column={column} distribution={distribution} />}
          draw={async (width) => {
            const { distributionChart } = await import('../charts/distribution-chart');
            return distributionChart(distribution, {
              width,
              log,
              edge: edgeLabel(column),
              time: column.type === 'datetime',
              middle: whole ? undefined : middle,
            });
          }}
        />
      )}
    </>
  );
}

/** The colours of both sides, with the files that they are. */
export function SideKeys({ report }: { readonly report: DriftReport }) {
  return (
    <>
      <span>
        <span class="key reference" /> reference {fileName(report.reference.ref)}
      </span>
      <span>
        <span class="key current" /> current {fileName(report.current.ref)}
      </span>
    </>
  );
}

/** A bin this much lower than the highest is no pixel high. */
const thin = 1 / 100;

function hasThinPlaces(distribution: Distribution): boolean {
  if (distribution.kind === 'categories') return false;
  const shares = distribution.bars.flatMap((bar) => Object.values(shareOf(bar, distribution))).filter((one) => one > 0);
  return Math.min(...shares) < Math.max(...shares) * thin;
}

/** What the chart shows, for who does not see it. */
function inWords(column: DriftColumn, distribution: Distribution): string {
  const moved = mostMoved(distribution);
  const shares = moved && shareOf(moved, distribution);
  const { reference, current } = distribution.rows;
  return [
    `Distribution of ${partName(column)} over ${distribution.bars.length} ${distribution.kind}.`,
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
      label={`Distribution of ${partName(column)}`}
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

function plainTable(distribution: Distribution): readonly (readonly string[])[] {
  const head = distribution.kind === 'bins' ? ['from', 'to'] : ['value'];
  const rows = barsAndNulls(distribution).map((bar) => {
    const { reference, current } = shareOf(bar, distribution);
    const ends = distribution.kind === 'bins' ? [plain(bar.from ?? null), plain(bar.to ?? null)] : [bar.label];
    return [...ends, plain(bar.reference), plain(reference), plain(bar.current), plain(current)];
  });
  return [[...head, 'reference', 'reference share', 'current', 'current share'], ...rows];
}
