import { useEffect } from 'preact/hooks';
import type { ProvenanceReport, TimelineReport } from '../../../server/src/protocol';
import { Icon } from '../parts/icon';
import { post } from './editor';
import { lazy } from './lazy';

const Timeline = lazy(async () => (await import('./timeline/timeline')).Timeline);

interface TimelineViewProps {
  readonly report: ProvenanceReport;
  /** The one that the panel told last. */
  readonly timeline: TimelineReport | undefined;
  readonly dataset: string | undefined;
  readonly running: boolean;
  onDataset(dataset: string): void;
}

/** The versions of one dataset, which is chosen above them. */
export function TimelineView({ report, timeline, dataset, running, onDataset }: TimelineViewProps) {
  const paths = report.datasets.map(({ path }) => path);
  const shown = dataset ?? paths[0];
  const known = timeline?.dataset === shown ? timeline : undefined;
  const read = () => shown !== undefined && post({ type: 'timeline', dataset: shown });
  // Not again after each report: a person may have cancelled it.
  useEffect(() => {
    if (!known) read();
  }, [shown]);
  if (shown === undefined) return null;
  const choices = paths.includes(shown) ? paths : [shown, ...paths];
  return (
    <>
      <label class="timeline-choice">
        Dataset
        <select value={shown} onChange={(event) => onDataset(event.currentTarget.value)}>
          {choices.map((path) => (
            <option key={path} value={path}>
              {path}
            </option>
          ))}
        </select>
      </label>
      {known && <Timeline timeline={known} onMessage={post} />}
      {!known && !running && (
        <div class="empty">
          <Icon name="history" />
          <p>The versions of {shown} have not been read.</p>
          <button type="button" class="button primary" onClick={read}>
            Read Versions
          </button>
        </div>
      )}
    </>
  );
}
