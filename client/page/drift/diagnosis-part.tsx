import type { ComponentChildren } from 'preact';
import type { DriftColumn, DriftDiagnosis, DriftReport } from '../../../server/src/protocol';
import { post } from '../editor';
import { count, decimals, percent, plain, share, short, tabSeparated } from '../numbers';
import { Icon } from '../parts/icon';
import { wholeTime } from '../times';
import { startName } from './window-names';
import { segmentName } from './windows';

interface DiagnosisPartProps {
  readonly report: DriftReport;
  readonly diagnosis: DriftDiagnosis;
  onPick(column: DriftColumn | undefined): void;
}

/** So many of each kind are told; the rest is in the copy. */
const most = 3;

/** Why it drifted, the most important of each kind. */
export function DiagnosisPart({ report, diagnosis, onPick }: DiagnosisPartProps) {
  const whole = (name: string) => report.columns.find((one) => one.column === name && !one.segment && !one.window);
  const Column = ({ name }: { readonly name: string }) => (
    <button type="button" class="link code" onClick={() => onPick(whole(name))}>
      {name}
    </button>
  );
  const { columns, segments, starts, dependencies, missing, range, roles } = diagnosis;
  return (
    <>
      <div class="part-head">
        {report.start && <Start report={report} />}
        <div class="part-actions">
          <button
            type="button"
            class="link"
            onClick={() => post({ type: 'copy', text: tabSeparated(plainTable(diagnosis)) })}
          >
            <Icon name="copy" /> Copy
          </button>
        </div>
      </div>
      <div class="diagnosis">
        <Kind title="Columns, by their part of all effects" items={columns.filter(({ drifted }) => drifted)}>
          {({ column, contribution, moved }) => (
            <>
              <Column name={column} /> <Bar part={contribution} /> <b>{whole100(contribution)}</b> {moved}
            </>
          )}
        </Kind>
        <Kind title="Segments that carry it" items={segments}>
          {({ column, segment, contribution, share: part }) => (
            <>
              <b>{segmentName(segment)}</b> {whole100(contribution)} of the drift of <Column name={column} />, with{' '}
              {whole100(part)} of the rows
            </>
          )}
        </Kind>
        <Kind title="Began" items={starts}>
          {({ column, since, windows }) => (
            <>
              <Column name={column} /> since <b>{timeName(since)}</b>, {count(windows)}{' '}
              {windows === 1 ? 'window' : 'windows'}
            </>
          )}
        </Kind>
        <Kind title="Dependencies that changed" items={dependencies}>
          {({ columns: [a, b], measure, reference, current }) => (
            <>
              <Column name={a} /> and <Column name={b} /> {measures[measure]} {decimals(reference, 2)} →{' '}
              <b>{decimals(current, 2)}</b>
            </>
          )}
        </Kind>
        <Kind title="Empty values" items={missing}>
          {({ column, reference, current }) => (
            <>
              <Column name={column} /> {share(reference, report.reference.rows)} →{' '}
              <b>{share(current, report.current.rows)}</b> without a value
            </>
          )}
        </Kind>
        <Kind title="Out of the reference's range" items={range}>
          {({ column, low, high, below, above, share: part, smallest, largest }) => (
            <>
              <Column name={column} /> <b>{count(below + above)}</b> ({share(part, report.current.rows)}) outside{' '}
              {short(low)} … {short(high)}
              {below > 0 && `, down to ${short(smallest)}`}
              {above > 0 && `, up to ${short(largest)}`}
            </>
          )}
        </Kind>
        <Kind title="Prediction and target" items={roles}>
          {({ role, column, drifted, moved }) => (
            <>
              {role} <Column name={column} />{' '}
              {drifted === null ? 'is not judged' : drifted ? <b>drifted</b> : 'stays within its limit'}
              {moved && `: ${moved}`}
            </>
          )}
        </Kind>
      </div>
      {report.notes?.map((note) => (
        <p key={note} class="quiet">
          {note}
        </p>
      ))}
    </>
  );
}

/** What the section comes to in one line. */
export function diagnosisSummary({ columns, dependencies, missing }: DriftDiagnosis): string {
  const [first] = columns.filter(({ drifted }) => drifted);
  const parts = [
    first && `${first.column} most (${whole100(first.contribution)} of all effects)`,
    dependencies.length > 0 && plural(dependencies.length, 'changed dependency', 'changed dependencies'),
    missing.length > 0 && `more or fewer empty values in ${plural(missing.length, 'column', 'columns')}`,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : 'nothing beyond its limit';
}

const plural = (number: number, one: string, many: string) => `${count(number)} ${number === 1 ? one : many}`;
const measures: Readonly<Record<DriftDiagnosis['dependencies'][number]['measure'], string>> = {
  pearson: 'correlation',
  spearman: 'rank correlation',
  'cramers-v': 'Cramér’s V',
};

const whole100 = (part: number) => percent(Math.round(part * 100));
const timeName = (time: string) => startName({ column: '', start: time, end: time });

function Start({ report: { start } }: { readonly report: DriftReport }) {
  if (!start) return null;
  if (!start.drifted) return <p>No version of the data has drifted, of {count(start.versions)} looked at.</p>;
  if (start.uncommitted) return <p>Drift began with changes that are not committed yet.</p>;
  if (!start.first) return null;
  const { commit, author, date, subject } = start.first;
  return (
    <p title={`${author}, ${wholeTime(date)}`}>
      Drift began with <span class="code">{commit.slice(0, 7)}</span> “{subject}”, of {count(start.versions)} versions.
    </p>
  );
}

interface KindProps<T> {
  readonly title: string;
  readonly items: readonly T[];
  children(item: T): ComponentChildren;
}

function Kind<T>({ title, items, children }: KindProps<T>) {
  if (items.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3 class="quiet">{title}</h3>
      <ul>
        {items.slice(0, most).map((item, at) => (
          <li key={at}>{children(item)}</li>
        ))}
        {items.length > most && <li class="quiet">and {count(items.length - most)} more</li>}
      </ul>
    </section>
  );
}

function Bar({ part }: { readonly part: number }) {
  return (
    <span class="share-bar" aria-hidden="true">
      <span style={{ width: `${Math.min(1, part) * 100}%` }} />
    </span>
  );
}

/** All of it, one line an entry: kind, what, then its figures. */
function plainTable(diagnosis: DriftDiagnosis): readonly (readonly string[])[] {
  const { columns, segments, starts, dependencies, missing, range, roles } = diagnosis;
  return [
    ['kind', 'what', 'figure', 'before', 'now', 'words'],
    ...columns.map((one) => ['column', one.column, plain(one.contribution), '', plain(one.effect), one.moved ?? '']),
    ...segments.map((one) => [
      'segment',
      `${one.column} · ${segmentName(one.segment)}`,
      plain(one.contribution),
      '',
      plain(one.share),
      one.moved ?? '',
    ]),
    ...starts.map((one) => ['began', one.column, plain(one.windows), one.since, one.estimate ?? '', '']),
    ...dependencies.map((one) => [
      'dependency',
      one.columns.join(', '),
      plain(one.pValue),
      plain(one.reference),
      plain(one.current),
      one.measure,
    ]),
    ...missing.map((one) => [
      'missing',
      one.column,
      plain(one.adjustedPValue),
      plain(one.reference),
      plain(one.current),
      '',
    ]),
    ...range.map((one) => [
      'range',
      one.column,
      plain(one.share),
      `${one.low} … ${one.high}`,
      `${one.smallest} … ${one.largest}`,
      '',
    ]),
    ...roles.map((one) => [one.role, one.column, '', '', plain(one.drifted), one.moved ?? '']),
  ];
}
