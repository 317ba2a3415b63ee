import { styleText } from 'node:util';
import type {
  CheckReport,
  CheckReports,
  CheckResult,
  Datum,
  DriftReport,
  Figure,
  FileVersion,
  LintReport,
  Location,
  ProfileReport,
  ProvenanceReport,
  Summary,
} from '../protocol';
import { fileStart } from '../text/lines';
import { amount, cut, listed, number } from '../text/words';
import type { Format, Report } from './format';
import { tableOf } from './table';

/** For a terminal and a problem matcher: first each finding as `path:line:column severity code message`, then what it comes to. */
export const text: Format = {
  id: 'text',
  write: (report, options) => {
    const paint = options.color ? inColour : plainly;
    const { findings, summary } = sectionsOf(report, paint);
    const shown = options.quiet ? findings : [...findings, ...(findings.length > 0 ? [''] : []), ...summary];
    return shown.length > 0 ? `${shown.join('\n')}\n` : '';
  },
};

interface Sections {
  readonly findings: readonly string[];
  readonly summary: readonly string[];
}

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, words: string) => string;
/** Whether there is a terminal to colour for is the caller's to say. */
const inColour: Paint = (style, words) => styleText(style, words, { validateStream: false });
const plainly: Paint = (_style, words) => words;

function sectionsOf(report: Report, paint: Paint): Sections {
  if ('runs' in report && report.verb === 'check') return ofChecks(report, paint);
  switch (report.verb) {
    case 'check':
      return ofCheck(report as CheckReport, paint);
    case 'drift':
      return ofDrift(report, paint);
    case 'profile':
      return ofProfile(report, paint);
    case 'lint':
      return ofLint(report, paint);
    case 'provenance':
      return ofProvenance(report, paint);
  }
}

// ----------------------------------------------------------------------------------------------------- findings

interface Line {
  readonly location: Location;
  readonly severity: string;
  readonly code: string;
  readonly message: string;
}

const styles: Readonly<Record<string, Style>> = { error: 'red', warning: 'yellow', info: 'blue', hint: 'gray' };

function findingLine({ location: { path, range }, severity, code, message }: Line, paint: Paint): string {
  const place = `${path}:${range.start.line + 1}:${range.start.character + 1}`;
  return `${place} ${paint(styles[severity] ?? 'reset', severity)} ${code} ${message.replace(/\s*\n\s*/g, ' ')}`;
}

// -------------------------------------------------------------------------------------------------------- check

function ofCheck(report: CheckReport, paint: Paint): Sections {
  const bad = report.checks.filter(({ status }) => status !== 'passed' && status !== 'skipped');
  const { path, version } = report.contract;
  return {
    findings: bad.map((check) =>
      findingLine({ ...check, code: `check/${check.kind}`, severity: severityOf(check) }, paint),
    ),
    summary: [
      paint('bold', version === null ? path : `${path} (version ${version})`),
      ...dataTable(report),
      ...report.checks.filter(({ status }) => status === 'skipped').map(skippedLine),
      verdictLine(report.summary, paint),
    ],
  };
}

const severityOf = ({ status, severity }: CheckResult): string =>
  status === 'warning' && severity !== 'error' ? severity : status === 'warning' ? 'warning' : 'error';

const skippedLine = ({ table, column, name, message }: CheckResult): string =>
  `  skipped ${[table, column].filter((part) => part !== null && part !== '').join('.')} ${name}: ${message}`;

function dataTable({ data, provenance }: CheckReport): readonly string[] {
  const rows = data.map(({ table, ref, path, rows }) => {
    const version = provenance.find((file) => file.path === path);
    return [table, ref, rows === null ? '' : `${number(rows)} rows`, version ? versionWords(version) : ''];
  });
  return indented(tableOf(['table', 'data', 'size', 'version'], rows));
}

function ofChecks(report: CheckReports, paint: Paint): Sections {
  const runs = report.runs.map((run) => ofCheck(run, paint));
  return {
    findings: runs.flatMap(({ findings }) => findings),
    summary: [...runs.flatMap(({ summary }) => [...summary, '']), `All: ${verdictLine(report.summary, paint).trim()}`],
  };
}

const verdictStyles: Readonly<Record<Summary['status'], Style>> = { passed: 'green', failed: 'red', error: 'red' };

function verdictLine(summary: Summary, paint: Paint): string {
  const { passed, failed, warning, error, skipped, status } = summary;
  const counts = `${number(passed)} passed, ${number(failed)} failed, ${amount(warning, 'warning')}, ${amount(error, 'error')}, ${number(skipped)} skipped`;
  return `  ${paint(verdictStyles[status], status)}: ${counts}`;
}

// -------------------------------------------------------------------------------------------------------- drift

function ofDrift(report: DriftReport, paint: Paint): Sections {
  const { reference, current, dataset, preset } = report;
  const header = ['column', 'type', 'method', 'statistic', 'p-value', 'threshold', 'drifted', ''];
  const rows = report.columns.map((column) => [
    [column.column, ...Object.entries(column.segment ?? {}).map(([key, value]) => `${key}=${String(value)}`)].join(' '),
    column.type,
    column.method ?? '',
    figure(column.statistic),
    figure(column.pValue),
    figure(column.threshold),
    column.drifted === null ? '' : column.drifted ? 'yes' : 'no',
    [column.moved, column.reason].filter((words) => words !== null).join('; '),
  ]);
  const verdict = dataset.drifted ? paint('red', 'drifted') : paint('green', 'not drifted');
  const share = `${amount(dataset.driftedColumns, 'column')} of ${number(dataset.columns)} drifted (${percent(dataset.share)}; ${percent(dataset.threshold)} would be drift of the dataset)`;
  return {
    findings: [],
    summary: [
      paint(
        'bold',
        `${reference.ref} (${number(reference.rows)} rows) → ${current.ref} (${number(current.rows)} rows), preset ${preset}`,
      ),
      ...indented(tableOf(header, rows)),
      `  ${verdict}: ${share}`,
    ],
  };
}

// ------------------------------------------------------------------------------------------------------ profile

function ofProfile({ ref, rows, sizeBytes, version, columns }: ProfileReport, paint: Paint): Sections {
  const header = ['column', 'type', 'stored as', 'nulls', 'distinct', 'min', 'mean', 'max'];
  const cells = columns.map((column) => [
    column.column,
    column.type,
    column.physicalType,
    number(column.nulls),
    column.distinctExact ? number(column.distinct) : `≈ ${number(column.distinct)}`,
    datum(column.min),
    figure(column.mean),
    datum(column.max),
  ]);
  const from = version.version === null ? '' : `, ${version.tracker} ${version.version.slice(0, 12)}`;
  return {
    findings: [],
    summary: [
      paint(
        'bold',
        `${ref}: ${number(rows)} rows, ${amount(columns.length, 'column')}, ${number(sizeBytes)} bytes${from}`,
      ),
      ...indented(tableOf(header, cells)),
    ],
  };
}

// --------------------------------------------------------------------------------------------------------- lint

function ofLint({ files, summary }: LintReport, paint: Paint): Sections {
  const findings = files.flatMap(({ path, diagnostics }) =>
    diagnostics.map((diagnostic) => findingLine({ ...diagnostic, location: { path, range: diagnostic.range } }, paint)),
  );
  const counts = [
    amount(summary.error, 'error'),
    amount(summary.warning, 'warning'),
    `${number(summary.info)} info`,
    amount(summary.hint, 'hint'),
  ];
  return { findings, summary: [`${amount(summary.files, 'file')}: ${counts.join(', ')}`] };
}

// --------------------------------------------------------------------------------------------------- provenance

function ofProvenance({ target, code, files, findings }: ProvenanceReport, paint: Paint): Sections {
  const rows = files.map((file) => [file.role, file.path, file.status, versionWords(file)]);
  return {
    findings: findings.map((finding) =>
      findingLine({ ...finding, location: finding.location ?? { path: target, range: fileStart } }, paint),
    ),
    summary: [
      paint('bold', target),
      `  code: ${codeWords(code)}`,
      ...(code.remote === null ? [] : [`  remote: ${code.remote}`]),
      ...(rows.length > 0
        ? indented(tableOf(['role', 'file', 'status', 'last commit'], rows))
        : ['  no contracts, data or manifests here']),
    ],
  };
}

/** Changed files that are named. */
const MOST_CHANGED = 5;

function codeWords({ commit, branch, tag, dirty, changed }: ProvenanceReport['code']): string {
  if (commit === null) return 'no version known';
  const names = [
    commit.slice(0, 7),
    branch === null ? 'detached' : `on ${branch}`,
    ...(tag === null ? [] : [`tag ${tag}`]),
  ];
  if (dirty === null) return names.join(', ');
  return [...names, dirty ? `changed: ${listed(changed, MOST_CHANGED)}` : 'clean'].join(', ');
}

function versionWords({ commit, tag, date, author, subject, status }: FileVersion): string {
  if (commit === null) return status === 'unchanged' ? 'unknown' : status;
  const label = tag === null ? commit.slice(0, 7) : `${commit.slice(0, 7)} (in ${tag})`;
  return [label, date?.slice(0, 10), author && `${author}:`, subject && cut(subject, 50)].filter(Boolean).join(' ');
}

// ------------------------------------------------------------------------------------------------------- wording

const indented = (lines: readonly string[]): readonly string[] => lines.map((line) => `  ${line}`);

const figures = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });
const percents = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

const percent = (share: number): string => `${percents.format(100 * share)} %`;

/** Four digits are read at a glance; all of them are in the JSON. */
function figure(value: Figure): string {
  if (typeof value !== 'number') return value ?? '';
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-4 || size >= 1e15) ? value.toExponential(3) : figures.format(value);
}

function datum(value: Datum): string {
  if (value === null) return '';
  if (typeof value === 'number') return figure(value);
  return cut(typeof value === 'object' ? JSON.stringify(value) : String(value), 24);
}
