import type { FromProvenancePage, TimelineVersion } from '../../../../server/src/protocol';
import { count } from '../../numbers';
import { Icon } from '../../parts/icon';
import { useNow } from '../../parts/measure';
import type { useRoving } from '../../parts/roving';
import { ago, wholeTime } from '../../times';
import { bytes, changes, mendOf, nameOf, rowsOf } from './words';

interface VersionRowProps {
  readonly version: TimelineVersion;
  /** The next older one; undefined for the oldest. */
  readonly before: TimelineVersion | undefined;
  /** Its rows as a share of the most that any version has. */
  readonly share: number;
  /** What it would be compared with. */
  readonly other: TimelineVersion | undefined;
  /** Whether it comes after that one. */
  readonly isNewer: boolean;
  readonly isBase: boolean;
  readonly isCurrent: boolean;
  readonly stop: ReturnType<ReturnType<typeof useRoving>['item']>;
  onCurrent(): void;
  onBase(): void;
  onMessage(message: FromProvenancePage): void;
}

/** One version. The row takes the focus, Enter compares its data; its buttons come after it by Tab. */
export function VersionRow(props: VersionRowProps) {
  const { version, before, share, other, isNewer, isBase, isCurrent, stop, onCurrent, onBase, onMessage } = props;
  const canCompare = other !== undefined && !isBase && [version, other].every(({ reason }) => reason === null);
  const [reference, current] = isNewer ? [other, version] : [version, other];
  const compare = () => {
    if (canCompare && reference && current)
      onMessage({ type: 'compareData', reference: reference.ref, current: current.ref });
  };
  const commits = [reference?.commit, current?.commit];
  const [older, newer] = commits;
  return (
    <li
      class={`timeline-version ${version.commit === null ? 'uncommitted' : ''} ${version.reason === null ? '' : 'unread'} ${isBase ? 'base' : ''}`}
      aria-label={`${version.subject ?? 'Not committed yet'}, ${nameOf(version)}`}
      {...stop}
      onFocus={() => {
        stop.onFocus();
        onCurrent();
      }}
      onKeyDown={(event) => {
        if (event.target === event.currentTarget && event.key === 'Enter') compare();
        else stop.onKeyDown(event);
      }}
    >
      <Told version={version} before={before} share={share} />
      <Differences version={version} before={before} />
      {version.reason !== null && <Reason reason={version.reason} onMessage={onMessage} />}
      <div class="timeline-actions">
        <Action
          icon="diff"
          label={isNewer && other === before ? 'Compare with Before' : `Compare with ${other ? nameOf(other) : ''}`}
          isOff={!canCompare}
          isCurrent={isCurrent}
          run={compare}
        />
        <Action
          icon="git-compare"
          label="Compare Code"
          isOff={!older || !newer || older === newer}
          isCurrent={isCurrent}
          run={() => older && newer && onMessage({ type: 'compareCode', before: older, after: newer })}
        />
        <Action
          icon={isBase ? 'pinned' : 'pin'}
          label={isBase ? 'No Base' : 'Use as Base'}
          isOff={false}
          isCurrent={isCurrent}
          run={onBase}
        />
        <Action
          icon="copy"
          label="Copy Reference"
          isOff={false}
          isCurrent={isCurrent}
          run={() => onMessage({ type: 'copy', text: version.ref })}
        />
      </div>
    </li>
  );
}

interface ToldProps {
  readonly version: TimelineVersion;
  readonly before: TimelineVersion | undefined;
  readonly share: number;
}

function Told({ version, before, share }: ToldProps) {
  const now = useNow();
  const { subject, tag, date, author, commit, tracker, sizeBytes, columns, runs } = version;
  const facts = [
    rowsOf(version, before),
    columns === null ? undefined : columns.length === 1 ? '1 column' : `${count(columns.length)} columns`,
    sizeBytes === null ? undefined : bytes(sizeBytes),
  ].filter((fact) => fact !== undefined);
  return (
    <>
      <div class="timeline-line">
        <span class="timeline-subject">{subject ?? 'Not committed yet'}</span>
        {tag !== null && (
          <span class="timeline-tag">
            <Icon name="tag" /> {tag}
          </span>
        )}
        <span class="quiet timeline-who" title={date === null ? undefined : wholeTime(date)}>
          {[author, date === null ? undefined : ago(date, now)].filter(Boolean).join(', ')}
        </span>
        <span class="code quiet">{commit?.slice(0, 7)}</span>
      </div>
      <div class="timeline-line timeline-facts">
        {share > 0 && (
          <span class="timeline-bar" style={{ '--share': `${Math.round(share * 100)}%` }} aria-hidden="true" />
        )}
        {facts.map((fact) => (
          <span key={fact}>{fact}</span>
        ))}
        {version.version !== null && (
          <span class="code quiet" title={`${version.algorithm ?? ''} ${version.version}`}>
            {tracker === 'none' ? '' : `${tracker} `}
            {version.version.slice(0, 8)}
          </span>
        )}
        {runs.length > 0 && (
          <span title={runs.join('\n')}>
            <Icon name="play" /> {runs.length === 1 ? '1 run' : `${count(runs.length)} runs`}
          </span>
        )}
      </div>
    </>
  );
}

/** Columns that are named; a table with a thousand new ones has them in its report. */
const MOST_CHANGES = 8;

function Differences({ version, before }: Pick<ToldProps, 'version' | 'before'>) {
  const { drift, note } = version;
  const shown = version.changes.slice(0, MOST_CHANGES);
  const more = version.changes.length - shown.length;
  if (shown.length === 0 && !drift && note === null) return null;
  return (
    <div class="timeline-line timeline-differences">
      {shown.map((change) => (
        <span
          key={`${change.kind} ${change.column}`}
          class={`timeline-change ${change.kind}`}
          title={changes[change.kind].sentence(change)}
        >
          <b>{changes[change.kind].sign}</b> <span>{changes[change.kind].words(change)}</span>
        </span>
      ))}
      {more > 0 && <span class="quiet">{count(more)} more columns</span>}
      {drift && <DriftWords drift={drift} before={before} />}
      {note !== null && <span class="quiet">{note}</span>}
    </div>
  );
}

function DriftWords({
  drift,
  before,
}: { readonly drift: NonNullable<TimelineVersion['drift']> } & Pick<ToldProps, 'before'>) {
  const { drifted, driftedColumns, columns, moved } = drift;
  const since = before ? `since ${nameOf(before)}` : 'since the version before';
  if (driftedColumns === 0)
    return (
      <span title={since}>
        <Icon name="pass" tone="passed" /> No drift
      </span>
    );
  const words = `${count(driftedColumns)} of ${count(columns)} ${columns === 1 ? 'column' : 'columns'} drifted`;
  return (
    <span title={since}>
      <Icon name={drifted ? 'error' : 'warning'} tone={drifted ? 'failed' : 'warning'} /> {words}
      {moved.length > 0 && <span class="quiet"> · {moved.join(' · ')}</span>}
    </span>
  );
}

function Reason({ reason, onMessage }: { readonly reason: string; onMessage(message: FromProvenancePage): void }) {
  const command = mendOf(reason);
  return (
    <div class="timeline-line timeline-reason">
      <Icon name="warning" tone="warning" />
      <span>{reason}</span>
      {command !== undefined && (
        <button type="button" class="link" onClick={() => onMessage({ type: 'copy', text: command })}>
          <Icon name="copy" /> Copy Command
        </button>
      )}
    </div>
  );
}

interface ActionProps {
  readonly icon: string;
  readonly label: string;
  readonly isOff: boolean;
  readonly isCurrent: boolean;
  run(): void;
}

/** Reached by Tab from the row that has the focus, so that the list is one stop. */
const Action = ({ icon, label, isOff, isCurrent, run }: ActionProps) =>
  isOff ? null : (
    <button type="button" class="link" tabIndex={isCurrent ? 0 : -1} onClick={run}>
      <Icon name={icon} /> {label}
    </button>
  );
