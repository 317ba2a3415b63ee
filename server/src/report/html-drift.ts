// What a page draws of drift: both distributions of each column, and windows as a heat map. Looks are classes of its one
// sheet, since its policy allows no style at an element.
import { effectOf } from '../drift/diagnose';
import { ALL_COLUMNS, type DriftColumn, type Histogram } from '../protocol';
import { number } from '../text/words';
import { escaped as text } from './html-text';
import type { Case } from './outcome';

/** Steps of strength between none and the strongest colour. */
const STEPS = 12;

/** The part of the page's sheet that these drawings need. */
export const driftSheet = `:root { --current: #3b82d6; } figure { margin: 1em 0; } figure img { max-width: 100%; }
svg { display: block; } .current { fill: var(--current); fill-opacity: .55; } .reference { fill: none; stroke: currentColor; }
.heat td { padding: 3px 6px; text-align: right; font-variant-numeric: tabular-nums; } .heat .drifted { font-weight: 600; } .heat th { white-space: nowrap; }
${Array.from({ length: STEPS + 1 }, (_, step) => `.heat-${step} { background: color-mix(in srgb, var(--current) ${step * 5}%, transparent); }`).join('\n')}
`;

/** By which cases are sorted, the largest first: how many times its limit a column moved; the whole before all columns. */
export const effectOfCase = ({ column }: Case): number => (column ? (effectOf(column) ?? 0) : Number.MAX_VALUE);

const width = 160;
const height = 28;

/** Both sides as shares over the same places: the current one filled, the reference as a line over it. Empty where there is none. */
export function pictureOf({ column }: Case): string {
  if (!column) return '';
  const [before, after] = [sharesOf(column.reference.histogram), sharesOf(column.current.histogram)];
  if (before.length === 0 || before.length !== after.length) return '';
  const top = Math.max(...before, ...after) || 1;
  const step = width / before.length;
  const y = (share: number) => (height - (share / top) * (height - 1)).toFixed(1);
  const steps = (shares: readonly number[]) =>
    `M0 ${height}${shares.map((share, at) => `V${y(share)}H${((at + 1) * step).toFixed(1)}`).join('')}V${height}`;
  return `<svg width="${width}" height="${height}" role="img" aria-label="distributions"><path class="current" d="${steps(after)}Z"/><path class="reference" d="${steps(before)}"/></svg>`;
}

function sharesOf(histogram: Histogram | null): readonly number[] {
  const counts = histogram?.counts ?? [];
  const total = counts.reduce((sum, one) => sum + one, 0);
  return counts.map((one) => (total > 0 ? one / total : 0));
}

/** A page of more rows is read by nobody, and the JSON has all of them. */
const MOST_ROWS = 1000;

/** Every column over the windows of time, the figure of each as a multiple of its limit. Empty without windows. */
export function heatOf(cases: readonly Case[]): string {
  const columns = cases.flatMap(({ column }) => (column?.window ? [column] : []));
  if (columns.length === 0) return '';
  const windows = [...new Set(columns.flatMap(({ window }) => window?.start ?? []))].sort();
  const head = ['column', ...windows.map((start) => start.replace(/T00:00:00.*$/, ''))];
  const rows = [...byName(columns)]
    .sort(([, a], [, b]) => largest(b) - largest(a))
    .slice(0, MOST_ROWS)
    .map(([name, row]) => {
      const cells = windows.map((start) => cellOf(row.get(start)));
      return `<tr><th scope="row">${text(name)}</th>${cells.join('')}</tr>`;
    });
  return `<p>Each figure as a multiple of its limit; what drifted is bold.</p>
<div class="scroll"><table class="heat"><thead><tr>${head.map((name) => `<th scope="col">${text(name)}</th>`).join('')}</tr></thead><tbody>
${rows.join('\n')}
</tbody></table></div>`;
}

type Row = ReadonlyMap<string, DriftColumn>;

/** By the start of each window. */
function byName(columns: readonly DriftColumn[]): ReadonlyMap<string, Row> {
  const rows = new Map<string, Map<string, DriftColumn>>();
  for (const column of columns) {
    const name = nameOf(column);
    const row = rows.get(name) ?? new Map<string, DriftColumn>();
    rows.set(name, row.set(column.window?.start ?? '', column));
  }
  return rows;
}

const nameOf = ({ column, segment }: DriftColumn): string =>
  [
    column ?? ALL_COLUMNS,
    ...Object.entries(segment ?? {}).map(([key, value]) => `${key} = ${value ?? 'no value'}`),
  ].join(' · ');

const largest = (row: Row): number => Math.max(...[...row.values()].map((column) => effectOf(column) ?? 0));

function cellOf(column: DriftColumn | undefined): string {
  const effect = column && effectOf(column);
  if (!column || column.drifted === null || effect === undefined) return '<td>–</td>';
  const share = effect < 1 ? effect / 3 : 0.6 + 0.4 * Math.min(1, Math.log2(effect) / 3);
  const mark = column.drifted ? ' drifted' : '';
  return `<td class="heat-${Math.round(share * STEPS)}${mark}">${number(Math.min(Math.round(effect * 10) / 10, 99))}</td>`;
}
