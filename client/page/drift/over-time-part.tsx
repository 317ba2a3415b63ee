import { ALL_COLUMNS, type DriftColumn } from '../../../server/src/protocol';
import { numberOf } from '../figure';
import { full, plain, short } from '../numbers';
import { DataTable } from '../parts/data-table';
import { PartHead } from '../parts/part-head';
import { Plotted } from '../parts/plotted';
import { driftStatus, driftStatuses } from './drift-statuses';
import { decidesByP, decisive } from './effect';
import { figureText } from './limit-scale';
import { startName, windowName } from './window-names';
import { beganAt, seriesName } from './windows';

interface OverTimePartProps {
  /** The same column in every window. */
  readonly series: readonly DriftColumn[];
  readonly asTable: boolean;
  onAsTable(): void;
}

/** The figure of one column in each window, against its limit. */
export function OverTimePart({ series, asTable, onAsTable }: OverTimePartProps) {
  const [first] = series;
  if (!first) return null;
  const name = seriesName(first);
  const figure = decidesByP(first) ? 'p-value' : (first.method ?? 'statistic');
  return (
    <>
      <PartHead
        legend={
          <>
            <span>
              <span class="key point-key" /> {figure} in each window
            </span>
            <span>
              <span class="key line-key" /> limit
            </span>
          </>
        }
        asTable={asTable}
        onAsTable={onAsTable}
        plainTable={() => plainTable(series)}
      />
      {asTable ? (
        <WindowTable series={series} />
      ) : (
        <Plotted
          class="over-time"
          words={inWords(series)}
          name={`${first.column ?? ALL_COLUMNS}-over-time`}
          caption={`${name}: ${figure} in each window, against its limit (dashed)`}
          from={[series.length, first]}
          otherwise={<WindowTable series={series} />}
          draw={async (width) => {
            const { overTimeChart } = await import('../charts/over-time-chart');
            return overTimeChart(series, { width });
          }}
        />
      )}
    </>
  );
}

function inWords(series: readonly DriftColumn[]): string {
  const [first] = series;
  const drifted = series.filter((column) => column.drifted).length;
  const began = beganAt(series);
  const window = began === undefined ? undefined : series[began]?.window;
  return [
    first && `${seriesName(first)} over ${series.length} windows: beyond its limit in ${drifted} of them.`,
    window ? `It has drifted since ${startName(window)}.` : '',
    'Show as Table lists all of them.',
  ]
    .filter(Boolean)
    .join(' ');
}

function WindowTable({ series }: { readonly series: readonly DriftColumn[] }) {
  return (
    <DataTable
      label={`${series[0] ? seriesName(series[0]) : ''} over time`}
      columns={[
        { label: 'window' },
        { label: 'verdict' },
        { label: 'figure', end: true },
        { label: 'limit', end: true },
        { label: 'rows', end: true },
      ]}
      rows={series.map((column) => {
        const figure = decisive(column);
        return [
          column.window ? windowName(column.window) : '',
          driftStatuses[driftStatus(column)].word,
          figure === undefined ? '–' : <span title={full(figure)}>{figureText(column, figure)}</span>,
          column.threshold === null ? '–' : short(column.threshold),
          short(column.current.rows),
        ];
      })}
    />
  );
}

/** The rows of windows as other programs read them, one line a column and window. */
export function plainTable(columns: readonly DriftColumn[]): readonly (readonly string[])[] {
  const head = ['column', 'start', 'end', 'method', 'statistic', 'p-value', 'limit', 'drifted', 'rows'];
  const rows = columns.map((column) => [
    seriesName(column),
    column.window?.start ?? '',
    column.window?.end ?? '',
    column.method ?? '',
    plain(numberOf(column.statistic) ?? null),
    plain(numberOf(column.pValue) ?? null),
    plain(column.threshold),
    plain(column.drifted),
    plain(column.current.rows),
  ]);
  return [head, ...rows];
}
