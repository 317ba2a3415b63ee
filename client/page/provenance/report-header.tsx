import type { ProvenanceReport } from '../../../server/src/protocol';
import { count } from '../numbers';
import { Icon, type Tone } from '../parts/icon';
import { Menu, type MenuItem } from '../parts/menu';
import { fileName } from '../paths';
import { claimsSentence } from './checklist';
import { post } from './editor';

interface ReportHeaderProps {
  readonly report: ProvenanceReport;
  readonly running: boolean;
}

/** What the report is about, what it holds, and the code that lies there now. */
export function ReportHeader({ report, running }: ReportHeaderProps) {
  const { icon, tone } = lookOf(report);
  return (
    <header class="stay">
      <div class="headline">
        <h1>
          <Icon name={icon} tone={tone} />
          <span>
            <b>{fileName(report.target)}</b> <span class="dot">·</span> {sentenceOf(report)}
          </span>
        </h1>
        <div role="group" class="actions" aria-label="Actions">
          <button
            type="button"
            class="button"
            title="Refresh"
            disabled={running}
            onClick={() => post({ type: 'refresh' })}
          >
            <Icon name="refresh" />
            <span class="label">Refresh</span>
          </button>
          <Menu label="Export" icon="export" items={() => exports} />
        </div>
      </div>
      <Code code={report.code} />
    </header>
  );
}

const exports: readonly MenuItem[] = (
  [
    ['openlineage', 'OpenLineage Events…'],
    ['prov', 'W3C PROV-JSON…'],
    ['ro-crate', 'RO-Crate Metadata…'],
  ] as const
).map(([format, label]) => ({ label, run: () => post({ type: 'exportProvenance', format }) }));

function lookOf({ claims, findings }: ProvenanceReport): { readonly icon: string; readonly tone: Tone } {
  if (claims?.some(({ verdict }) => verdict === 'false')) return { icon: 'error', tone: 'failed' };
  if (findings.some(({ severity }) => severity === 'error')) return { icon: 'error', tone: 'failed' };
  if (findings.some(({ severity }) => severity === 'warning')) return { icon: 'warning', tone: 'warning' };
  return { icon: 'git-commit', tone: 'quiet' };
}

/** What the report comes to, in one sentence. */
export function sentenceOf({ claims, runs, datasets, models }: ProvenanceReport): string {
  if (claims) return claimsSentence(claims);
  const parts = [
    counted(runs.length, 'run'),
    counted(datasets.length, 'dataset'),
    counted(models.length, 'model version'),
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? 'no runs, data or models are known here' : parts.join(', ');
}

const counted = (number: number, noun: string): string | undefined =>
  number === 0 ? undefined : `${count(number)} ${noun}${number === 1 ? '' : 's'}`;

function Code({ code }: { readonly code: ProvenanceReport['code'] }) {
  const { commit, branch, tag, dirty, changed } = code;
  return (
    <div class="provenance">
      <ul aria-label="Code that lies here now">
        {commit === null ? (
          <li>no commit of Git is known here</li>
        ) : (
          <li>
            <span class="code" title={commit}>
              {commit.slice(0, 7)}
            </span>
            {tag !== null && ` ${tag}`}
          </li>
        )}
        {commit !== null && <li>{branch ?? 'detached HEAD'}</li>}
        {dirty === false && <li>clean</li>}
        {dirty === true && (
          <li class="state" title={changed.join('\n')}>
            {changed.length === 1 ? '1 uncommitted change' : `${count(changed.length)} uncommitted changes`}
          </li>
        )}
      </ul>
    </div>
  );
}
