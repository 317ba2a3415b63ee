import type { Finding } from '../../../server/src/protocol';
import { Fold } from '../parts/fold';
import { Icon, type Tone } from '../parts/icon';
import { fileName } from '../paths';
import { post } from './editor';

const looks: Readonly<Record<Finding['severity'], { readonly icon: string; readonly tone: Tone }>> = {
  error: { icon: 'error', tone: 'failed' },
  warning: { icon: 'warning', tone: 'warning' },
  info: { icon: 'info', tone: 'quiet' },
};
const order = Object.keys(looks) as readonly Finding['severity'][];

/** So many are listed before the rest is folded. */
const most = 200;

interface FindingsProps {
  readonly findings: readonly Finding[];
  readonly folded: boolean;
  onFold(): void;
}

/** What is in the way of knowing, and what does not fit: the worst first. */
export function Findings({ findings, folded, onFold }: FindingsProps) {
  if (findings.length === 0) return null;
  const sorted = findings.toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  return (
    <div class="findings stay">
      <Fold title="Findings" summary={findingsWords(findings)} folded={folded} onFold={onFold}>
        <ul>
          {sorted.slice(0, most).map((finding, index) => (
            <FindingLine key={`${finding.code} ${index}`} finding={finding} />
          ))}
        </ul>
        {sorted.length > most && <p class="quiet">{sorted.length - most} more are among the problems of the editor.</p>}
      </Fold>
    </div>
  );
}

/** `1 error, 3 warnings` */
export function findingsWords(findings: readonly Finding[]): string {
  const nouns = { error: 'error', warning: 'warning', info: 'note' } as const;
  return order
    .flatMap((severity) => {
      const count = findings.filter((finding) => finding.severity === severity).length;
      return count === 0 ? [] : [`${count} ${nouns[severity]}${count === 1 ? '' : 's'}`];
    })
    .join(', ');
}

function FindingLine({ finding: { severity, message, code, location } }: { readonly finding: Finding }) {
  const { icon, tone } = looks[severity] ?? looks.info;
  return (
    <li class="finding">
      <Icon name={icon} tone={tone} />
      <p>
        {message} <span class="quiet code">{code}</span>
      </p>
      {location && (
        <button
          type="button"
          class="link"
          title={`${location.path}, line ${location.range.start.line + 1}`}
          onClick={() => post({ type: 'reveal', location })}
        >
          {fileName(location.path)}
          <Icon name="arrow-right" />
        </button>
      )}
    </li>
  );
}
