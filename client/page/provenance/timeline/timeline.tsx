import { useState } from 'preact/hooks';
import type { FromProvenancePage, TimelineReport } from '../../../../server/src/protocol';
import { count } from '../../numbers';
import { useRoving } from '../../parts/roving';
import { VersionRow } from './version-row';
import { nameOf } from './words';

interface TimelineProps {
  readonly timeline: TimelineReport;
  onMessage(message: FromProvenancePage): void;
}

/** The versions of a dataset, newest first, each with what it holds and how it differs from the one before. */
export function Timeline({ timeline, onMessage }: TimelineProps) {
  const { dataset, versions, older } = timeline;
  /** The version that others are compared with, when a person has chosen one in place of the one before. */
  const [base, setBase] = useState<string>();
  const { item } = useRoving(versions.length);
  const [current, setCurrent] = useState(0);
  const baseAt = versions.findIndex(({ ref }) => ref === base);
  const chosen = versions[baseAt];
  const most = Math.max(...versions.map(({ rows }) => rows ?? 0));
  return (
    <section class="timeline" aria-label={`Versions of ${dataset}`}>
      <p class="timeline-head">
        {versions.length === 1 ? '1 version' : `${count(versions.length)} versions`} of <b>{dataset}</b>
        {chosen && (
          <>
            {' · '}compared with {nameOf(chosen)}{' '}
            <button type="button" class="link" onClick={() => setBase(undefined)}>
              Compare Neighbours
            </button>
          </>
        )}
      </p>
      <ol class="timeline-versions">
        {versions.map((version, index) => (
          <VersionRow
            key={version.ref}
            version={version}
            before={versions[index + 1]}
            share={most === 0 ? 0 : (version.rows ?? 0) / most}
            other={chosen ?? versions[index + 1]}
            isNewer={chosen === undefined || index < baseAt}
            isBase={index === baseAt}
            isCurrent={index === current}
            stop={item(index)}
            onCurrent={() => setCurrent(index)}
            onBase={() => setBase(index === baseAt ? undefined : version.ref)}
            onMessage={onMessage}
          />
        ))}
      </ol>
      {older > 0 && (
        <p class="timeline-older">
          {older === 1 ? '1 older version is' : `${count(older)} older versions are`} not shown.
        </p>
      )}
    </section>
  );
}
