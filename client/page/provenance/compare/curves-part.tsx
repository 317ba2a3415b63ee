import { useMemo, useState } from 'preact/hooks';
import type { RunDetailsReport, RunReport } from '../../../../server/src/protocol';
import { plain } from '../../numbers';
import { DataTable } from '../../parts/data-table';
import { PartHead } from '../../parts/part-head';
import { Plotted } from '../../parts/plotted';
import { toggled } from '../../view-state';
import { metricText } from '../runs/values';
import { curvesOf, type MetricCurves, thinned } from './curves';

interface CurvesPartProps {
  readonly runs: readonly RunReport[];
  readonly details: ReadonlyMap<string, RunDetailsReport>;
  readonly asTable: readonly string[];
  onAsTable(asTable: readonly string[]): void;
}

/** So many charts stand there at once. */
const first = 6;

/** The course of every metric, one chart each with a line for each run. */
export function CurvesPart({ runs, details, asTable, onAsTable }: CurvesPartProps) {
  const all = useMemo(() => curvesOf(runs, details), [runs, details]);
  const [whole, setWhole] = useState(false);
  const shown = whole ? all : all.slice(0, first);
  return (
    <div class="curves">
      {shown.map((metric) => (
        <MetricChart
          key={metric.metric}
          {...metric}
          asTable={asTable.includes(metric.metric)}
          onAsTable={() => onAsTable(toggled(asTable, metric.metric))}
        />
      ))}
      {shown.length < all.length && (
        <button type="button" class="link" onClick={() => setWhole(true)}>
          {all.length - shown.length} more metrics
        </button>
      )}
    </div>
  );
}

interface MetricChartProps extends MetricCurves {
  readonly asTable: boolean;
  onAsTable(): void;
}

function MetricChart({ metric, curves, asTable, onAsTable }: MetricChartProps) {
  const ends = curves.map(({ letter, points }) => `${letter} ends at ${metricText(points.at(-1)?.value)}`);
  return (
    <section class="curve" aria-label={metric}>
      <PartHead
        legend={
          <>
            <b>{metric}</b>
            {curves.map(({ letter, index }) => (
              <span key={letter}>
                <span class={`key curve-key run-${index % 6}`} /> {letter}
              </span>
            ))}
          </>
        }
        asTable={asTable}
        onAsTable={onAsTable}
        plainTable={() => plainTable({ metric, curves })}
      />
      {asTable ? (
        <CurveTable metric={metric} curves={curves} />
      ) : (
        <Plotted
          class="curve-chart"
          words={`${metric} by step: ${ends.join(', ')}. Show as Table lists the values.`}
          name={metric}
          caption={`${metric} by step`}
          from={[curves]}
          otherwise={<CurveTable metric={metric} curves={curves} />}
          draw={async (width) => {
            const { curvesChart } = await import('../../charts/curves-chart');
            return curvesChart(curves, { width });
          }}
        />
      )}
    </section>
  );
}

/** Rows of the table on the page; Copy has all of them. */
const mostRows = 100;

function CurveTable({ metric, curves }: MetricCurves) {
  const [head, ...rows] = plainTable({ metric, curves });
  return (
    <DataTable
      label={`${metric} by step`}
      columns={(head ?? []).map((label) => ({ label, end: true }))}
      rows={thinned(rows, mostRows)}
    />
  );
}

/** One line a step, one column a run. */
function plainTable({ metric, curves }: MetricCurves): readonly (readonly string[])[] {
  const byStep = curves.map(({ points }) => new Map(points.map(({ step, value }) => [step, value])));
  const steps = [...new Set(byStep.flatMap((points) => [...points.keys()]))].toSorted((a, b) => a - b);
  return [
    ['step', ...curves.map(({ letter }) => `${metric} ${letter}`)],
    ...steps.map((step) => [plain(step), ...byStep.map((points) => plain(points.get(step) ?? null))]),
  ];
}
