import {
  ALL_COLUMNS,
  type CheckReport,
  type DriftColumn,
  type DriftReport,
  type Figure,
  type Histogram,
  type StoredResult,
} from '../../../server/src/protocol';

/** A result as one page that needs nothing else: no script, no file beside it, light or dark as its reader has it. */
export function htmlReport({ kind, report }: StoredResult): string {
  const body = kind === 'drift' && report.verb === 'drift' ? ofDrift(report) : ofChecks(report as CheckReport);
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${text(body.title)}</title>
<style>${sheet}</style>
</head>
<body>
<h1>${text(body.title)}</h1>
${body.parts.join('\n')}
<footer>Plumbline ${text(report.tool.version)}, ${text(report.startedAt)}, ${text(report.engine.name)} ${text(report.engine.version)}</footer>
</body>
</html>
`;
}

interface Body {
  readonly title: string;
  /** HTML. */
  readonly parts: readonly string[];
}

const sheet = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); --current: #3b82d6; }
body { max-width: 1200px; margin: 2em auto; padding: 0 1em; font: 14px/1.45 system-ui, sans-serif; }
h1 { font-size: 1.4em; } h2 { margin-top: 1.8em; font-size: 1.1em; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 3px 14px 3px 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: middle; }
th { font-weight: normal; opacity: .7; }
.end { text-align: right; } .end, .heat th, th { white-space: nowrap; } .bad { font-weight: 600; }
.heat td:not(:first-child) { padding: 3px 6px; text-align: right; }
code { font-size: .95em; } footer { margin-top: 2em; opacity: .7; }
svg { display: block; } .current { fill: var(--current); fill-opacity: .55; } .reference { fill: none; stroke: currentColor; }
`;

// -------------------------------------------------------------------------------------------------------- drift

function ofDrift(report: DriftReport): Body {
  const { reference, current, dataset, columns } = report;
  const title = `${count(dataset.driftedColumns)} of ${count(dataset.columns)} columns drifted: the dataset ${dataset.drifted ? 'drifted' : 'did not drift'}`;
  const whole = columns.filter(({ segment, window }) => !segment && !window);
  const segments = columns.filter(({ segment, window }) => segment && !window);
  return {
    title,
    parts: [
      `<p>Reference <code>${text(reference.ref)}</code>, ${count(reference.rows)} rows. Current <code>${text(current.ref)}</code>, ${count(current.rows)} rows. Preset ${text(report.preset)}${dataset.method === 'share' ? `; the dataset drifts when ${percent(dataset.threshold)} of its columns do` : ''}.</p>`,
      ...(whole.length > 0
        ? [
            '<h2>Columns</h2><p>In each picture the outline is the reference and the filled area is the current side.</p>',
            driftTable(whole),
          ]
        : []),
      ...windowParts(columns.filter(({ window }) => window)),
      ...(segments.length > 0
        ? ['<h2>Segments</h2>', driftTable(segments.filter(({ drifted }) => drifted).slice(0, mostRows))]
        : []),
      versions(report),
    ],
  };
}

/** A page of more rows than this is read by nobody; the JSON has all of them. */
const mostRows = 1000;

function driftTable(columns: readonly DriftColumn[]): string {
  const head = ['column', 'verdict', 'what moved', 'reference and current', 'method', 'statistic', 'p-value', 'limit'];
  const rows = [...columns]
    .sort((a, b) => Number(b.drifted ?? -1) - Number(a.drifted ?? -1) || ratioOf(b) - ratioOf(a))
    .slice(0, mostRows)
    .map((column) => [
      text(nameOf(column)),
      column.drifted === null ? 'not judged' : column.drifted ? '<span class="bad">drifted</span>' : 'within limit',
      text([column.moved, column.reason].filter(Boolean).join('; ')),
      picture(column),
      text(column.method ?? ''),
      figure(column.statistic),
      figure(column.pValue),
      figure(column.threshold),
    ]);
  return table(head, rows, 5);
}

function nameOf({ column, segment, window }: DriftColumn): string {
  const parts = Object.entries(segment ?? {}).map(([name, value]) => `${name} = ${value ?? 'no value'}`);
  return [column ?? ALL_COLUMNS, ...parts, ...(window ? [`${window.start} – ${window.end}`] : [])].join(' · ');
}

/** Of the decisive figure to its limit, larger for more drift. */
function ratioOf({ decidedBy, statistic, pValue, threshold }: DriftColumn): number {
  if (threshold === null || threshold <= 0) return 0;
  const value = Number(decidedBy === 'pValue' ? pValue : statistic);
  if (Number.isNaN(value)) return 0;
  return decidedBy === 'pValue' ? Math.log(Math.max(value, 1e-300)) / Math.log(threshold) : value / threshold;
}

function windowParts(columns: readonly DriftColumn[]): readonly string[] {
  if (columns.length === 0) return [];
  const windows = [...new Set(columns.flatMap(({ window }) => window?.start ?? []))].sort();
  const byName = new Map<string, Map<string, DriftColumn>>();
  for (const column of columns) {
    const name = nameOf({ ...column, window: null });
    const row = byName.get(name) ?? new Map<string, DriftColumn>();
    byName.set(name, row.set(column.window?.start ?? '', column));
  }
  const cell = (column: DriftColumn | undefined) => {
    if (!column || column.drifted === null) return '<td>–</td>';
    const ratio = ratioOf(column);
    const strength = Math.round(ratio < 1 ? 3 + 17 * Math.max(0, ratio) : 36 + 24 * Math.min(1, Math.log2(ratio) / 3));
    const mark = column.drifted ? ' class="bad"' : '';
    return `<td${mark} style="background: color-mix(in srgb, var(--current) ${strength}%, transparent)">${fixed.format(Math.min(ratio, 99))}</td>`;
  };
  const head = ['column', ...windows.map((start) => start.replace(/T00:00:00.*$/, ''))].map(
    (name) => `<th>${text(name)}</th>`,
  );
  const largest = (row: ReadonlyMap<string, DriftColumn>) => Math.max(...[...row.values()].map(ratioOf));
  const sorted = [...byName].sort(([, a], [, b]) => largest(b) - largest(a));
  const rows = sorted.slice(0, mostRows).map(([name, row]) => {
    const cells = windows.map((start) => cell(row.get(start)));
    return `<tr><td>${text(name)}</td>${cells.join('')}</tr>`;
  });
  return [
    '<h2>Windows</h2><p>Each figure as a multiple of its limit; what drifted is bold.</p>',
    `<div class="scroll"><table class="heat"><tr>${head.join('')}</tr>${rows.join('')}</table></div>`,
  ];
}

const width = 160;
const height = 28;

/** Both sides as shares over the same places. */
function picture({ reference, current }: DriftColumn): string {
  const [before, after] = [sharesOf(reference.histogram), sharesOf(current.histogram)];
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
  const total = counts.reduce((sum, number) => sum + number, 0);
  return counts.map((number) => (total > 0 ? number / total : 0));
}

// -------------------------------------------------------------------------------------------------------- checks

function ofChecks(report: CheckReport): Body {
  const { failed, passed, warning, error, skipped } = report.summary;
  const total = failed + passed + warning + error + skipped;
  const order = ['failed', 'error', 'warning', 'passed', 'skipped'];
  const checks = [...report.checks].sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
  const rows = checks
    .slice(0, mostRows)
    .map(({ status, table: name, column, name: check, expected, message }) => [
      status === 'passed' || status === 'skipped' ? status : `<span class="bad">${status}</span>`,
      text([name, column].filter(Boolean).join('.')),
      text(check),
      text(expected),
      text(message),
    ]);
  return {
    title: `${count(failed)} of ${count(total)} checks failed`,
    parts: [
      `<p>Contract <code>${text(report.contract.path)}</code> ${text(report.contract.version ?? '')}. ${count(passed)} passed, ${count(warning)} warned, ${count(error)} could not be judged, ${count(skipped)} skipped.</p>`,
      table(['status', 'place', 'check', 'expected', 'found'], rows),
      versions(report),
    ],
  };
}

// -------------------------------------------------------------------------------------------------------- parts

function versions({ provenance }: CheckReport | DriftReport): string {
  if (provenance.length === 0) return '';
  const rows = provenance.map(({ path, role, commit, status, subject }) => [
    role,
    `<code>${text(path)}</code>`,
    commit === null ? '' : `<code>${text(commit.slice(0, 7))}</code>`,
    status,
    text(subject ?? ''),
  ]);
  return `<h2>Versions</h2>${table(['file', 'path', 'commit', 'state', 'message'], rows)}`;
}

/** @param cells HTML. Columns from `figuresFrom` on stand at the end. */
function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  figuresFrom = Number.POSITIVE_INFINITY,
): string {
  const at = (index: number) => (index >= figuresFrom ? ' class="end"' : '');
  const heads = head.map((name, index) => `<th${at(index)}>${text(name)}</th>`).join('');
  const lines = rows.map((row) => `<tr>${row.map((cell, index) => `<td${at(index)}>${cell}</td>`).join('')}</tr>`);
  return `<div class="scroll"><table><tr>${heads}</tr>${lines.join('\n')}</table></div>`;
}

const counts = new Intl.NumberFormat('en');
const figures = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });
const fixed = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

const count = (value: number) => counts.format(value);
const percent = (share: number) => `${figures.format(share * 100)} %`;

function figure(value: Figure): string {
  if (typeof value !== 'number') return value ?? '';
  return value !== 0 && Math.abs(value) < 1e-4 ? value.toExponential(2) : figures.format(value);
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** What the data says stays text. */
const text = (words: string) => words.replace(/[&<>"]/g, (letter) => entities[letter] ?? letter);
