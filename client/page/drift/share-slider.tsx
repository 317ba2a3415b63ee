import { useId, useState } from 'preact/hooks';
import type { DriftReport } from '../../../server/src/protocol';
import { post } from '../editor';
import { count, percent } from '../numbers';

/** What the dataset comes to, next to the title. */
export const shareSummary = ({ dataset: { driftedColumns, columns, threshold } }: DriftReport): string =>
  `${count(driftedColumns)} of ${count(columns)} columns drifted, limit ${percent(threshold * 100)}`;

/** Tries another share of columns at which the dataset drifts, and writes it into the file of the monitor. */
export function ShareSlider({ report: { dataset } }: { readonly report: DriftReport }) {
  const [tried, setTried] = useState<number>();
  const id = useId();
  const share = tried ?? dataset.threshold;
  const drifts = dataset.columns > 0 && dataset.share >= share;
  const verdict = tried === undefined ? (drifts ? 'drifts' : 'does not drift') : `would ${drifts ? '' : 'not '}drift`;
  return (
    <div class="limit-slider">
      <label for={id}>
        Try a share of columns: <b class="figure">{percent(share * 100)}</b>
      </label>
      <input
        id={id}
        type="range"
        min={1}
        max={100}
        step={1}
        value={Math.round(share * 100)}
        aria-valuetext={`${percent(share * 100)}; the dataset ${verdict}`}
        onInput={(event) => setTried(event.currentTarget.valueAsNumber / 100)}
      />
      <p role="status">
        {count(dataset.driftedColumns)} of {count(dataset.columns)} columns drift: the dataset {verdict}.
      </p>
      <div class="part-actions">
        <button type="button" class="link" disabled={tried === undefined} onClick={() => setTried(undefined)}>
          Back to {percent(dataset.threshold * 100)}
        </button>
        <button
          type="button"
          class="button"
          disabled={tried === undefined || tried === dataset.threshold}
          onClick={() => post({ type: 'writeThreshold', column: null, method: 'share', threshold: share })}
        >
          Write Limit to Monitor
        </button>
      </div>
    </div>
  );
}
