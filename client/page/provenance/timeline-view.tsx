import { useEffect } from 'preact/hooks';
import type { ProvenanceReport, TimelineReport } from '../../../server/src/protocol';
import { post } from './editor';
import { lazy } from './lazy';

const Timeline = lazy(async () => (await import('./timeline/timeline')).Timeline);

interface TimelineViewProps {
  readonly report: ProvenanceReport;
  /** The one that the panel told last. */
  readonly timeline: TimelineReport | undefined;
  readonly dataset: string | undefined;
  onDataset(dataset: string): void;
}

/** The versions of one dataset, which is chosen above them. */
export function TimelineView({ report, timeline, dataset, onDataset }: TimelineViewProps) {
  const paths = report.datasets.map(({ path }) => path);
  const shown = dataset ?? paths[0];
  const known = timeline?.dataset === shown ? timeline : undefined;
  useEffect(() => {
    if (shown !== undefined && !known) post({ type: 'timeline', dataset: shown });
  }, [shown, report]);
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
    </>
  );
}
