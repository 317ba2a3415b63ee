import { useId, useState } from 'preact/hooks';
import type { DriftColumn, DriftReport } from '../../../server/src/protocol';
import { post } from '../editor';
import { count, percent, significant } from '../numbers';
import { decidesByP } from './effect';
import { judgedOf, type Preview, previewOf, scaleFor, unitOf } from './limit-preview';
import { seriesName } from './windows';

interface LimitSliderProps {
  readonly report: DriftReport;
  readonly column: DriftColumn;
  /** There is a contract that a limit can be written to; a monitor's file may have one as well. */
  readonly writable: boolean;
}

/** Tries another limit on what is already measured: nothing runs, and nothing is kept until it is written. */
export function LimitSlider({ report, column, writable }: LimitSliderProps) {
  const [tried, setTried] = useState<number>();
  const id = useId();
  const judged = judgedOf(column);
  const { monitor } = report;
  const isLimited = monitor?.limited?.includes(column.column ?? '') ?? false;
  // What the file of a monitor does not hold cannot be set there.
  if (!judged || column.method === null || (monitor && !isLimited)) return null;
  const { method } = column;
  const alike = report.columns.filter((other) => other.method === method && !other.window && !other.segment);
  const scale = scaleFor(column, alike);
  const limit = tried ?? judged.limit;
  const preview = previewOf(report, column, limit);
  const figure = decidesByP(column) ? 'the p-value' : method;
  return (
    <div class="limit-slider">
      <label for={id}>
        Try a limit for {figure}
        {unitOf(column) !== 1 && ', in multiples of the normaliser'}: <b class="figure">{significant(limit, 4)}</b>
      </label>
      <input
        id={id}
        type="range"
        min={0}
        max={scale.steps}
        step={1}
        value={scale.stepOf(limit)}
        aria-valuetext={`${significant(limit, 4)}; ${seriesName(column)} ${preview.drifts ? 'drifts' : 'stays within it'}`}
        onInput={(event) => setTried(scale.limitAt(event.currentTarget.valueAsNumber))}
      />
      <p role="status">{tried === undefined ? asItIs(report, column) : asTried(report, column, preview)}</p>
      <div class="part-actions">
        <button type="button" class="link" disabled={tried === undefined} onClick={() => setTried(undefined)}>
          Back to {significant(judged.limit, 4)}
        </button>
        {(writable || isLimited) && column.column !== null && (
          <button
            type="button"
            class="button"
            disabled={tried === undefined || tried === judged.limit}
            onClick={() => post({ type: 'writeThreshold', column: column.column ?? '', method, threshold: limit })}
          >
            Write Limit to {isLimited ? 'Monitor' : 'Contract'}
          </button>
        )}
      </div>
    </div>
  );
}

function asItIs({ dataset }: DriftReport, column: DriftColumn): string {
  const own = `${seriesName(column)} ${column.drifted ? 'drifts' : 'stays within it'}.`;
  return `${own} In all, ${count(dataset.driftedColumns)} of ${count(dataset.columns)} columns drift${datasetWords(dataset.drifted, dataset)}.`;
}

function asTried(report: DriftReport, column: DriftColumn, { drifts, alike, dataset }: Preview): string {
  const own = `${seriesName(column)} would ${drifts ? 'drift' : 'stay within it'}.`;
  const others =
    alike.columns > 1
      ? `With it for all ${count(alike.columns)} columns judged by ${column.method}, ${count(alike.drifted)} of them would`
      : 'With it';
  const all = `${count(dataset.drifted)} of ${count(dataset.columns)} columns`;
  return `${own} ${others}${alike.columns > 1 ? `, in all ${all}` : `, ${all} would drift`}${datasetWords(dataset.isDrifted, report.dataset)}.`;
}

function datasetWords(drifts: boolean, { threshold, method }: DriftReport['dataset']): string {
  if (method !== 'share') return `: the dataset ${drifts ? 'drifts' : 'does not drift'}`;
  return `: ${drifts ? 'enough' : 'too few'} for drift of the dataset, which begins at ${percent(threshold * 100)}`;
}
