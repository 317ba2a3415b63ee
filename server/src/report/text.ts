import { styleText } from 'node:util';
import {
  ALL_COLUMNS,
  type CheckReport,
  type CheckReports,
  type CheckResult,
  type Datum,
  type DriftReport,
  type DriftReports,
  type Figure,
  type FileVersion,
  type LintReport,
  type Location,
  type ModelFileReport,
  type ProfileReport,
  type ProjectReport,
  type ProvenanceReport,
  type RunReport,
  type Summary,
} from '../protocol';
import { fileStart } from '../text/lines';
import { amount, cut, listed, number } from '../text/words';
import { checklistOf } from './claims';
import { diffSummary } from './diff';
import type { Format, Report } from './format';
import { columnWords, flavorWords } from './model-words';
import { planLines } from './plan';
import { tableOf } from './table';
import { timelineLines } from './timeline';

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
    case 'plan':
      return { findings: [], summary: planLines(report) };
    case 'drift':
      return 'runs' in report ? ofMonitors(report, paint) : ofDrift(report, paint);
    case 'profile':
      return ofProfile(report, paint);
    case 'lint':
      return ofLint(report, paint);
    case 'diff':
      return {
        findings: report.changes.map((change) => findingLine({ ...change, code: `diff/${change.kind}` }, paint)),
        summary: diffSummary(report),
      };
    case 'provenance':
      return ofProvenance(report, paint);
    case 'timeline':
      return { findings: [], summary: [paint('bold', report.dataset), ...indented(timelineLines(report))] };
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
      ...report.data.flatMap(({ notes = [] }) => notes).map((note) => `  note: ${note}`),
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
  if (data.length === 0) return [];
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

/** Segments and windows that are listed; all of them are in the JSON. */
const MOST_SLICES = 40;
/** Of each kind of finding about why a dataset drifted. */
const MOST_REASONS = 3;

function ofDrift(report: DriftReport, paint: Paint): Sections {
  const { reference, current, dataset, preset, monitor } = report;
  const columns = report.columns.filter(({ segment, window }) => !segment && !window);
  const verdict = dataset.drifted ? paint('red', 'drifted') : paint('green', 'not drifted');
  const share = `${amount(dataset.driftedColumns, 'column')} of ${number(dataset.columns)} drifted (${percent(dataset.share)}; ${percent(dataset.threshold)} would be drift of the dataset)`;
  return {
    findings: [],
    summary: [
      paint(
        'bold',
        `${monitor ? `${monitor.name}: ` : ''}${reference.ref} (${number(reference.rows)} rows) → ${current.ref} (${number(current.rows)} rows), preset ${preset}`,
      ),
      ...indented(tableOf(driftHeader, columns.map(driftCells))),
      ...slicesOf(report),
      ...(report.notes ?? []).map((note) => `  ${note}`),
      ...reasonsOf(report),
      ...startOf(report),
      `  ${verdict}: ${share}`,
    ],
  };
}

function ofMonitors({ runs, notRun, summary }: DriftReports, paint: Paint): Sections {
  const { drifted, notDrifted } = summary;
  return {
    findings: notRun.map(({ name, reason, location }) =>
      findingLine(
        { location, severity: 'info', code: 'monitor/not-run', message: `Monitor "${name}" is not run: ${reason}` },
        paint,
      ),
    ),
    summary: [
      ...runs.flatMap((run) => [...ofDrift(run, paint).summary, '']),
      `All: ${amount(drifted, 'monitor')} drifted, ${number(notDrifted)} did not, ${number(summary.notRun)} not run`,
    ],
  };
}

const driftHeader = ['column', 'type', 'method', 'statistic', 'p-value', 'threshold', 'drifted', ''];

const driftCells = (row: DriftReport['columns'][number]): readonly string[] => [
  [row.column ?? ALL_COLUMNS, ...sliceWords(row)].join(' '),
  row.type,
  row.method ?? '',
  figure(row.statistic),
  figure(row.pValue),
  figure(row.threshold),
  row.drifted === null ? '' : row.drifted ? 'yes' : 'no',
  [row.moved, row.reason].filter((words) => words !== null).join('; '),
];

const sliceWords = ({ segment, window }: Pick<DriftReport['columns'][number], 'segment' | 'window'>) => [
  ...(segment ? [segmentWords(segment)] : []),
  ...(window ? [window.start] : []),
];

const segmentWords = (segment: Readonly<Record<string, Datum>>): string =>
  Object.entries(segment)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(' ');

/** Only segments and windows that drifted; how many there are of the others, in a sentence. */
function slicesOf({ columns }: DriftReport): readonly string[] {
  const slices = columns.filter(({ segment, window }) => segment || window);
  if (slices.length === 0) return [];
  const drifted = slices.filter((row) => row.drifted);
  const judged = slices.filter((row) => row.drifted !== null).length;
  const left = drifted.length > MOST_SLICES ? `, the first ${MOST_SLICES} of them above` : '';
  return [
    ...(drifted.length > 0
      ? ['', ...indented(tableOf(driftHeader, drifted.slice(0, MOST_SLICES).map(driftCells)))]
      : []),
    `  ${number(drifted.length)} of ${number(judged)} judged columns of segments and windows drifted${left}; ${number(slices.length - judged)} could not be judged`,
  ];
}

function reasonsOf({ diagnosis }: DriftReport): readonly string[] {
  if (!diagnosis) return [];
  const some = <T>(all: readonly T[], words: (one: T) => string): readonly string[] =>
    all.slice(0, MOST_REASONS).map((one) => `  ${words(one)}`);
  return [
    ...some(diagnosis.starts, ({ column, since }) => `${column} has drifted since ${since}`),
    ...some(
      diagnosis.segments,
      ({ column, segment, contribution }) =>
        `${segmentWords(segment)} carries ${percent(contribution)} of the drift of ${column}`,
    ),
    ...some(
      diagnosis.dependencies,
      ({ columns, measure, reference, current }) =>
        `${columns.join(' and ')} hang together otherwise: ${measure} ${figure(reference)} → ${figure(current)}`,
    ),
    ...some(
      diagnosis.range,
      ({ column, below, above, low, high }) =>
        `${column} has ${amount(below + above, 'value')} outside the reference's ${figure(low)} … ${figure(high)}`,
    ),
    ...some(
      diagnosis.roles,
      ({ role, column, drifted }) =>
        `the ${role} ${column} ${drifted === null ? 'was not judged' : drifted ? 'drifted' : 'did not drift'}`,
    ),
  ];
}

function startOf({ start }: DriftReport): readonly string[] {
  if (!start) return [];
  const { path, drifted, first, uncommitted, versions, comparisons } = start;
  const effort = `${amount(comparisons, 'comparison')} of ${amount(versions, 'version')}`;
  if (!drifted) return [`  no version of ${path} has drifted up to the newest (${effort})`];
  if (uncommitted) return [`  drift began with the changes of ${path} that no commit has yet (${effort})`];
  const words = first
    ? `${first.commit.slice(0, 7)} ${first.date.slice(0, 10)} ${first.author}: ${cut(first.subject, 50)}`
    : '';
  return [`  drift began with ${words} (${effort})`];
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

/** Rows of one table; the JSON has all. */
const MOST_ROWS = 20;

function ofProvenance(report: ProvenanceReport, paint: Paint): Sections {
  const { target, code, files, findings, claims = [] } = report;
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
      ...provenanceTables(report).flatMap(({ title, head, rows }) =>
        rows.length === 0
          ? []
          : [
              '',
              paint('bold', title),
              ...indented(tableOf(head, rows.slice(0, MOST_ROWS))),
              ...(rows.length > MOST_ROWS ? [`  and ${number(rows.length - MOST_ROWS)} more`] : []),
            ],
      ),
      ...(claims.length > 0 ? ['', ...checklistOf(claims, paint)] : []),
    ],
  };
}

interface TitledTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What stands behind the files: data that trackers keep, runs and their models, packages and images. */
function provenanceTables(report: ProvenanceReport): readonly TitledTable[] {
  const { datasets, runs, models, modelFiles = [], projects = [], environment } = report;
  const kept = datasets.filter(({ tracker }) => tracker !== 'git' && tracker !== 'none');
  return [
    {
      title: 'Data',
      head: ['tracker', 'data', 'status', 'version'],
      rows: kept.map(({ tracker, path, status, version }) => [tracker, path, status, cut(version ?? '', 16)]),
    },
    {
      title: 'Runs',
      head: ['tracker', 'run', 'id', 'status', 'when', 'commit', 'metrics'],
      rows: runs.map((run) => [
        run.tracker,
        cut(run.name ?? '', 24),
        run.id.slice(0, 12),
        run.status,
        (run.startedAt ?? run.endedAt)?.slice(0, 16).replace('T', ' ') ?? '',
        runCommit(run),
        Object.entries(run.metrics)
          .slice(0, 2)
          .map(([name, value]) => `${name} ${figure(value)}`)
          .join(', '),
      ]),
    },
    {
      title: 'Models',
      head: ['model', 'version', 'run'],
      rows: models.map(({ name, version, run, runExists, aliases }) => [
        name,
        [version, ...aliases.map((alias) => `@${alias}`)].join(' '),
        run === null ? '' : `${run.slice(0, 12)}${runExists === false ? ' (not here)' : ''}`,
      ]),
    },
    {
      title: 'Model files',
      head: ['model', 'made with', 'takes', 'gives', 'run'],
      rows: modelFiles.map((file) => [
        cut(modelName(report, file), 40),
        cut(flavorWords(file), 40),
        cut(columnWords(file.inputs), 60),
        cut(columnWords(file.outputs), 40),
        file.run === null ? '' : `${file.run.slice(0, 12)}${file.runExists === false ? ' (not here)' : ''}`,
      ]),
    },
    {
      title: 'Projects',
      head: ['file', 'entry points', 'environment'],
      rows: projects.map(({ path, entryPoints, environment: named }) => [
        path,
        cut(entryPoints.map(entryPointWords).join(', '), 80),
        named?.of ?? '',
      ]),
    },
    {
      title: 'Environment',
      head: ['file', 'kind', 'pinned'],
      rows: [
        ...environment.lockFiles.map(({ path, kind, pinned }) => [path, kind, pinned ? 'yes' : 'no']),
        ...environment.images.map(({ path, image, digest }) => [path, cut(image, 60), digest === null ? 'no' : 'yes']),
        ...environment.notebooks.map(({ path, language, version }) => [
          path,
          `${language ?? ''} ${version ?? ''}`.trim(),
          '',
        ]),
      ],
    },
  ];
}

/** What the run or the registry calls it; else the folder that it lies in. */
function modelName({ runs, models }: ProvenanceReport, { path }: ModelFileReport): string {
  const [own] = [...models, ...runs.flatMap((run) => run.models)].filter(({ file }) => file === path);
  return own?.name ?? (path.replace(/\/?[^/]*$/, '') || path);
}

/** `train(depth, rate=0.1)`. */
const entryPointWords = ({ name, parameters }: ProjectReport['entryPoints'][number]): string =>
  `${name}(${parameters.map((one) => (one.default === null ? one.name : `${one.name}=${one.default}`)).join(', ')})`;

function runCommit({ commit, commitExists, dirty }: RunReport): string {
  if (commit === null) return '';
  const marks = [...(commitExists === false ? ['not here'] : []), ...(dirty ? ['uncommitted changes'] : [])];
  return marks.length === 0 ? commit.slice(0, 7) : `${commit.slice(0, 7)} (${marks.join(', ')})`;
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
