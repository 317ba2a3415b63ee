import { useState } from 'preact/hooks';
import { ALL_COLUMNS, type DriftColumn, type DriftReport } from '../../../server/src/protocol';
import { percent, plain, significant } from '../numbers';
import { DataTable } from '../parts/data-table';
import { Icon } from '../parts/icon';
import { PartHead } from '../parts/part-head';
import { Plotted } from '../parts/plotted';
import { fileName } from '../paths';
import { edgeLabel } from './edges';
import { mostMovedPair, type QuantilePair, type Quantiles, withoutFar } from './quantiles';
import { partName } from './window-names';

interface QuantilePartProps {
  readonly report: DriftReport;
  readonly column: DriftColumn;
  readonly quantiles: Quantiles;
  readonly asTable: boolean;
  onAsTable(): void;
}

/** Quantiles of the current side over those of the reference: on the line both sides are alike. */
export function QuantilePart({ report, column, quantiles, asTable, onAsTable }: QuantilePartProps) {
  const [whole, setWhole] = useState(false);
  const inner = withoutFar(quantiles.pairs);
  const pairs = whole ? quantiles.pairs : inner;
  const value = edgeLabel(column);
  return (
    <>
      <PartHead
        legend={
          <>
            <span>
              <span class="key point-key" /> quantiles, current over reference
            </span>
            <span>
              <span class="key line-key" /> both sides alike
            </span>
          </>
        }
        asTable={asTable}
        onAsTable={onAsTable}
        plainTable={() => plainTable(quantiles)}
      >
        {inner.length < quantiles.pairs.length && !asTable && (
          <button type="button" class="link" aria-pressed={whole} onClick={() => setWhole(!whole)}>
            <Icon name="fold" /> {whole ? 'Show Middle' : 'Show Whole Range'}
          </button>
        )}
      </PartHead>
      {asTable ? (
        <QuantileTable column={column} quantiles={quantiles} />
      ) : (
        <Plotted
          class="quantiles"
          words={inWords(column, quantiles)}
          name={`${column.column ?? ALL_COLUMNS}-quantiles`}
          caption={`${partName(column)}: quantiles of ${fileName(report.current.ref)} over those of ${fileName(report.reference.ref)}`}
          from={[column, whole]}
          otherwise={<QuantileTable column={column} quantiles={quantiles} />}
          draw={async (width) => {
            const { quantileChart } = await import('../charts/quantile-chart');
            return quantileChart(pairs, { width, value });
          }}
        />
      )}
      {!quantiles.exact && (
        <p class="quiet">Read off the histograms, as if the values within a bin were spread evenly.</p>
      )}
    </>
  );
}

function inWords(column: DriftColumn, { pairs, exact }: Quantiles): string {
  const value = edgeLabel(column);
  const median = pairs.find(({ share }) => share === 0.5);
  const moved = mostMovedPair(pairs.slice(1, -1));
  const told = (name: string, pair: QuantilePair | undefined) =>
    pair && `${name} is ${value(pair.reference)} in the reference and ${value(pair.current)} in the current rows.`;
  return [
    `Quantiles of ${partName(column)}${exact ? '' : ', read off the histograms'}.`,
    told('The median', median),
    moved && moved.share !== 0.5 && told(`The quantile that moved most, ${percent(moved.share * 100)},`, moved),
    'Show as Table lists all of them.',
  ]
    .filter(Boolean)
    .join(' ');
}

function QuantileTable({ column, quantiles }: { readonly column: DriftColumn; readonly quantiles: Quantiles }) {
  const value = edgeLabel(column);
  const difference = ({ reference, current }: QuantilePair) =>
    column.type === 'datetime'
      ? `${significant((current - reference) / 86_400_000, 3)} days`
      : significant(current - reference, 4);
  return (
    <DataTable
      label={`Quantiles of ${partName(column)}`}
      columns={[
        { label: 'quantile', end: true },
        { label: 'reference', end: true },
        { label: 'current', end: true },
        { label: 'difference', end: true },
      ]}
      rows={quantiles.pairs.map((pair) => [
        percent(pair.share * 100),
        value(pair.reference),
        value(pair.current),
        difference(pair),
      ])}
    />
  );
}

function plainTable({ pairs }: Quantiles): readonly (readonly string[])[] {
  const rows = pairs.map(({ share, reference, current }) => [plain(share), plain(reference), plain(current)]);
  return [['quantile', 'reference', 'current'], ...rows];
}
