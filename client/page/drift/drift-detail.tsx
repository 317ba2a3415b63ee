import { useMemo } from 'preact/hooks';
import type { DriftColumn, DriftReport } from '../../../server/src/protocol';
import { numberOf } from '../figure';
import { count, full, measured, plain, share } from '../numbers';
import { DataTable } from '../parts/data-table';
import { Facts } from '../parts/facts';
import { useRoving } from '../parts/roving';
import { distributionOf } from './distribution';
import { DistributionPart } from './distribution-part';
import { edgeLabel } from './edges';
import { LimitSlider } from './limit-slider';
import { OverTimePart } from './over-time-part';
import { QuantilePart } from './quantile-part';
import { quantilesOf } from './quantiles';
import { partName } from './window-names';
import { seriesOf } from './windows';

/** The row that is open, and what it is seen among. */
export interface DriftDetailProps {
  readonly report: DriftReport;
  readonly column: DriftColumn;
  /** There is a contract that a limit can be written to. */
  readonly writable: boolean;
  readonly asTable: boolean;
  /** Which of the column's pictures is shown; the first that there is when it has not this one. */
  readonly picture: string | undefined;
  onAsTable(): void;
  onPicture(picture: PictureId): void;
}

/** What a column can be looked at by. */
const pictures = {
  distribution: 'Distribution',
  quantiles: 'Quantiles',
  time: 'Over Time',
} as const;
/** Which picture of a column is shown. */
export type PictureId = keyof typeof pictures;

/** One column large: its pictures, one at a time, and what else is known about it. */
export function DriftDetail(props: DriftDetailProps) {
  const { report, column, asTable, onAsTable } = props;
  const distribution = distributionOf(column, edgeLabel(column));
  const quantiles = quantilesOf(column);
  const series = useMemo(() => seriesOf(column, report.columns), [column, report]);
  const there: Readonly<Record<PictureId, boolean>> = {
    distribution: distribution !== undefined,
    quantiles: quantiles !== undefined,
    time: series.length > 1,
  };
  const ids = (Object.keys(pictures) as PictureId[]).filter((id) => there[id]);
  const shown = ids.find((id) => id === props.picture) ?? ids[0];
  return (
    <div class="drift-detail">
      {column.reason !== null && <p class="message">{column.reason}</p>}
      <div class="beside">
        {shown && (
          <div class="shown-part">
            {ids.length > 1 && <Choice ids={ids} shown={shown} onPicture={props.onPicture} />}
            {shown === 'distribution' && distribution && (
              <DistributionPart {...{ report, column, distribution, asTable, onAsTable }} />
            )}
            {shown === 'quantiles' && quantiles && (
              <QuantilePart {...{ report, column, quantiles, asTable, onAsTable }} />
            )}
            {shown === 'time' && <OverTimePart {...{ series, asTable, onAsTable }} />}
          </div>
        )}
        <Sides report={report} column={column} writable={props.writable} />
      </div>
    </div>
  );
}

interface ChoiceProps {
  readonly ids: readonly PictureId[];
  readonly shown: PictureId;
  onPicture(picture: PictureId): void;
}

function Choice({ ids, shown, onPicture }: ChoiceProps) {
  const { item } = useRoving(ids.length);
  return (
    <div role="group" class="choice" aria-label="Picture">
      {ids.map((id, at) => (
        <button key={id} type="button" aria-pressed={id === shown} {...item(at)} onClick={() => onPicture(id)}>
          {pictures[id]}
        </button>
      ))}
    </div>
  );
}

/** `Adjusted p value` of `adjustedPValue`. */
function sentenceCase(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function Sides({ report, column, writable }: Pick<DriftDetailProps, 'report' | 'column' | 'writable'>) {
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
        label={`Figures of ${partName(column)}`}
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
      <LimitSlider report={report} column={column} writable={writable} />
    </div>
  );
}
