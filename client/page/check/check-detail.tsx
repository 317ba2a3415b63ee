import type { CheckResult, Sample } from '../../../server/src/protocol';
import { post } from '../editor';
import { count, full, plain, tabSeparated } from '../numbers';
import { DataTable, Value } from '../parts/data-table';
import { Facts } from '../parts/facts';
import { Icon } from '../parts/icon';
import { toggled, type ViewState } from '../view-state';
import { fullObserved } from './observed';
import type { TrendPoint } from './trend';
import { TrendPart } from './trend-part';

interface CheckDetailProps {
  readonly check: CheckResult;
  /** Its runs. */
  readonly points: readonly TrendPoint[];
  readonly view: ViewState;
  onView(change: Partial<ViewState>): void;
}

/** What is known about one check: its figures in full, and rows that break it. */
export function CheckDetail({ check, points, view, onView }: CheckDetailProps) {
  return (
    <div class="check-detail">
      <p class="message">{check.message}</p>
      <Facts facts={factsOf(check)} />
      {check.samples.length > 0 && <Samples check={check} />}
      {points.length > 0 && (
        <TrendPart
          check={check}
          points={points}
          asTable={view.asTable.includes(check.id)}
          picture={view.pictures[check.id]}
          onAsTable={() => onView({ asTable: toggled(view.asTable, check.id) })}
          onPicture={(name) => onView({ pictures: { ...view.pictures, [check.id]: name } })}
        />
      )}
    </div>
  );
}

function factsOf(check: CheckResult): readonly (readonly [string, string | undefined])[] {
  const { unexpectedCount, unexpectedPercent, rows } = check;
  const share = unexpectedCount && unexpectedPercent !== null ? `${full(unexpectedPercent)} %` : undefined;
  return [
    ['Expected', check.expected],
    ['Observed', fullObserved(check)],
    ['Rows looked at', rows === null ? undefined : count(rows)],
    ['Rows that break it', unexpectedCount === null ? undefined : count(unexpectedCount)],
    ['Their share', share === fullObserved(check) ? undefined : share],
    ['Kind', check.kind],
    ['Dimension', check.dimension ?? undefined],
    ['Severity', check.severity],
    ['Id', check.id],
  ];
}

function Samples({ check }: { readonly check: CheckResult }) {
  const { samples, unexpectedCount } = check;
  const { columns, rows } = sampleTable(samples);
  const copy = () => {
    const lines = [columns.map((column) => column.label), ...rows.map((row) => row.map((cell) => cell.plain))];
    post({ type: 'copy', text: tabSeparated(lines) });
  };
  const all = unexpectedCount === null || unexpectedCount <= samples.length;
  const title = all ? 'Rows that break it' : `${count(samples.length)} of ${count(unexpectedCount)} rows that break it`;
  return (
    <div class="samples">
      <div class="part-head">
        <h2>{title}</h2>
        <button type="button" class="link" onClick={copy}>
          <Icon name="copy" /> Copy
        </button>
      </div>
      <DataTable
        label={title}
        columns={columns}
        rows={rows.map((row) => row.map((cell) => <Value key={cell.column} text={cell.text} />))}
      />
    </div>
  );
}

/** Place first, then every column that a sample names, in the order in which they come. */
function sampleTable(samples: readonly Sample[]) {
  const names = [...new Set(samples.flatMap((sample) => Object.keys(sample.values)))];
  const hasFile = samples.some((sample) => sample.file !== undefined);
  const hasRow = samples.some((sample) => sample.row !== null);
  const isNumber = (name: string) => samples.every(({ values }) => typeof (values[name] ?? 0) === 'number');
  return {
    columns: [
      ...(hasFile ? [{ label: 'file' }] : []),
      ...(hasRow ? [{ label: 'row', end: true }] : []),
      ...names.map((name) => ({ label: name, end: isNumber(name) })),
    ],
    rows: samples.map((sample) => [
      ...(hasFile ? [{ column: 'file', text: sample.file ?? '', plain: sample.file ?? '' }] : []),
      ...(hasRow
        ? [{ column: 'row', text: sample.row === null ? '' : count(sample.row), plain: plain(sample.row) }]
        : []),
      ...names.map((name) => {
        const value = sample.values[name] ?? null;
        // Grouped digits would make another word of an id: a value stands as the data has it.
        return { column: name, text: value === null ? undefined : plain(value), plain: plain(value) };
      }),
    ]),
  };
}
