// A report of any verb as what a reader of tests knows: suites of cases, each of which ends in one of five ways.

import type {
  CheckReport,
  CheckResult,
  CheckStatus,
  Claim,
  DiffReport,
  DriftColumn,
  DriftReport,
  DriftReports,
  Finding,
  LintReport,
  LintSeverity,
  Location,
  ProvenanceReport,
} from '../protocol';
import { ALL_COLUMNS } from '../protocol';
import { cut, number } from '../text/words';
import { Unreadable } from '../world';
import { sideWords, versionWords } from './diff';
import { publicText } from './exported';
import type { Report } from './format';

export interface Case {
  /** The same over runs, and over edits elsewhere in the file. */
  readonly id: string;
  /** What it is about: a table, a file, a dataset. */
  readonly place: string;
  readonly name: string;
  /** Of the rule that it held. */
  readonly code: string;
  readonly status: CheckStatus;
  readonly severity: LintSeverity;
  /** A sentence without line ends; empty where nothing is to be said. */
  readonly message: string;
  /** Without a range where a whole file is meant. */
  readonly location: { readonly path: string; readonly range?: Location['range'] } | undefined;
  /** The row of a drift report that it tells of, for a format that draws. */
  readonly column?: DriftColumn;
}

export interface Suite {
  readonly name: string;
  /** ISO 8601; undefined where a report does not say it. */
  readonly startedAt: string | undefined;
  readonly durationMs: number;
  /** Whether the engine came to its end. */
  readonly completed: boolean;
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** What to know whatever the verdicts: how files were read, what was left out. Sentences. */
  readonly notes?: readonly string[];
  readonly cases: readonly Case[];
}

/** For a format without a place for notes. */
export const factsAndNotes = ({ facts, notes = [] }: Pick<Suite, 'facts' | 'notes'>): Suite['facts'] => [
  ...facts,
  ...notes.map((note) => ['note', note] as const),
];

export interface Outcome {
  readonly tool: Report['tool'];
  readonly verb: Report['verb'];
  readonly suites: readonly Suite[];
}

/** The order in which people want to read. */
export const statuses: readonly CheckStatus[] = ['failed', 'error', 'warning', 'skipped', 'passed'];

/** How many cases end in each way. */
export function countsOf(cases: readonly Case[]): Readonly<Record<CheckStatus, number>> {
  const counts: Record<CheckStatus, number> = { failed: 0, error: 0, warning: 0, skipped: 0, passed: 0 };
  for (const { status } of cases) counts[status] += 1;
  return counts;
}

/** `13 passed, 2 failed, 1 warning`: what there is none of is left out. */
export function countWords(cases: readonly Case[]): string {
  const counts = countsOf(cases);
  const said = [...statuses].reverse().filter((status) => counts[status] > 0);
  return said.length === 0
    ? 'nothing to judge'
    : said.map((status) => `${number(counts[status])} ${status}`).join(', ');
}

/**
 * The report as suites of cases. No row of the data comes along but what a message tells, and no credentials in addresses.
 * Throws `Unreadable` for a report that judges nothing.
 */
export function outcomeOf(report: Report, format: string): Outcome {
  const { tool, verb } = report;
  return { tool, verb, suites: suitesOf(report, format) };
}

function suitesOf(report: Report, format: string): readonly Suite[] {
  switch (report.verb) {
    case 'check':
      return ('runs' in report ? report.runs : [report]).map(ofCheck);
    case 'drift':
      return 'runs' in report ? [...report.runs.map(ofDrift), ...ofNotRun(report)] : [ofDrift(report)];
    case 'lint':
      return report.files.map(ofFile);
    case 'diff':
      return [ofDiff(report)];
    case 'provenance':
      return [ofProvenance(report)];
    default:
      throw new Unreadable(
        `A ${report.verb} judges nothing that ${format} could tell. Use --format text or json for this report.`,
        '',
      );
  }
}

/** What every format can hold: control characters and halves of surrogate pairs become the replacement character. */
export const readable = (words: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are looked for
  words.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g, '\ufffd');

/** Longer ones are read by nobody, and refused by some readers of reports. */
const LONGEST = 4000;

const sentence = (words: string): string => cut(publicText(words).trim(), LONGEST);

const fact = (name: string, value: string | null | undefined): readonly (readonly [string, string])[] =>
  value === null || value === undefined || value === '' ? [] : [[name, sentence(value)]];

// -------------------------------------------------------------------------------------------------------- check

function ofCheck({ contract, engine, startedAt, durationMs, checks, summary, data, provenance }: CheckReport): Suite {
  const isAlone = alone(checks);
  return {
    name: contract.path,
    startedAt,
    durationMs,
    completed: summary.status !== 'error',
    facts: [
      ...fact('dialect', contract.dialect),
      ...fact('version', contract.version),
      ...fact('engine', `${engine.name} ${engine.version}`),
      ...data.flatMap(({ table, ref, rows }) =>
        fact(`data ${table}`, rows === null ? ref : `${ref} (${number(rows)} rows)`),
      ),
      ...provenance.flatMap(({ path, commit }) => fact(`commit ${path}`, commit)),
    ],
    notes: data.flatMap(({ notes = [] }) => notes.map(sentence)),
    cases: checks.map((check) => caseOf(check, contract.path, isAlone(check))),
  };
}

function caseOf(check: CheckResult, contract: string, isAlone: boolean): Case {
  const { id, table, column, name, kind, status, severity, message, location } = check;
  return {
    id,
    place: table || contract,
    name: column === null || isAlone ? name : `${column}: ${name}`,
    code: `check/${kind}`,
    status,
    severity: status === 'error' ? 'error' : status === 'warning' && severity === 'error' ? 'warning' : severity,
    message: sentence(message),
    location,
  };
}

/** Whether no other check of the table has the name of a check: else its column goes before it. */
function alone(checks: readonly CheckResult[]): (check: CheckResult) => boolean {
  const key = ({ table, name }: CheckResult): string => JSON.stringify([table, name]);
  const times = new Map<string, number>();
  for (const check of checks) times.set(key(check), (times.get(key(check)) ?? 0) + 1);
  return (check) => times.get(key(check)) === 1;
}

// -------------------------------------------------------------------------------------------------------- drift

function ofDrift(report: DriftReport): Suite {
  const { reference, current, dataset, preset, monitor, notes = [] } = report;
  const path = monitor?.path ?? report.provenance.find(({ role }) => role === 'data')?.path ?? current.ref;
  const share = `${number(dataset.driftedColumns)} of ${number(dataset.columns)} columns drifted`;
  const whole: Case = {
    id: 'dataset',
    place: current.ref,
    name: 'dataset',
    code: 'drift/dataset',
    status: dataset.drifted ? 'failed' : 'passed',
    severity: 'error',
    message: `The dataset ${dataset.drifted ? 'drifted' : 'did not drift'}: ${share}.`,
    location: { path },
  };
  return {
    name: monitor?.name ?? `${reference.ref} → ${current.ref}`,
    startedAt: report.startedAt,
    durationMs: report.durationMs,
    completed: true,
    facts: [
      ...fact('preset', preset),
      ...fact('reference', `${reference.ref} (${number(reference.rows)} rows)`),
      ...fact('current', `${current.ref} (${number(current.rows)} rows)`),
    ],
    notes: notes.map(sentence),
    cases: [whole, ...report.columns.map((row) => ofColumn(row, dataset.drifted, current.ref, path))],
  };
}

/** A column that drifted in a dataset that did not is a warning: the verdict and the exit are the dataset's. */
function ofColumn(row: DriftColumn, datasetDrifted: boolean, place: string, path: string): Case {
  const { drifted, method, moved, reason, decidedBy, threshold } = row;
  const parts = Object.entries(row.segment ?? {}).map(([key, value]) => `${key} = ${String(value)}`);
  const name = [row.column ?? ALL_COLUMNS, ...parts, ...(row.window ? [row.window.start] : [])].join(', ');
  const figure = decidedBy === 'pValue' ? `p-value ${row.pValue}` : String(row.statistic);
  const measured = method === null ? [] : [`${method}: ${figure}, limit ${threshold}`];
  return {
    id: `${name}/${method ?? ''}`,
    place,
    name,
    code: method === null ? 'drift/column' : `drift/${method}`,
    status: drifted === null ? 'skipped' : !drifted ? 'passed' : datasetDrifted ? 'failed' : 'warning',
    severity: drifted && !datasetDrifted ? 'warning' : 'error',
    message: sentence([moved, ...measured, reason].filter((words) => words !== null && words !== '').join('; ')),
    location: { path },
    column: row,
  };
}

function ofNotRun({ notRun, startedAt }: DriftReports): readonly Suite[] {
  if (notRun.length === 0) return [];
  const cases = notRun.map(({ name, reason, location }): Case => {
    const message = sentence(reason);
    return {
      id: `monitor/${name}`,
      place: location.path,
      name,
      code: 'monitor/not-run',
      status: 'skipped',
      severity: 'info',
      message,
      location,
    };
  });
  return [{ name: 'not run', startedAt, durationMs: 0, completed: true, facts: [], cases }];
}

// --------------------------------------------------------------------------------------------- lint, provenance

const statusOf: Readonly<Record<LintSeverity, CheckStatus>> = {
  error: 'failed',
  warning: 'warning',
  info: 'warning',
  hint: 'warning',
};

/** A file without findings has one case that passed, so that it is seen to be read. */
function ofFile({ path, dialect, diagnostics }: LintReport['files'][number]): Suite {
  const found = diagnostics.map(({ range, ...diagnostic }) =>
    ofFinding({ ...diagnostic, location: { path, range } }, path),
  );
  return {
    name: path,
    startedAt: undefined,
    durationMs: 0,
    completed: true,
    facts: fact('dialect', dialect),
    cases:
      found.length > 0 ? found : [held({ id: 'lint', place: path, name: 'lint', code: 'lint', location: { path } })],
  };
}

type Held = Pick<Case, 'id' | 'place' | 'name' | 'code' | 'location'>;

const held = (about: Held): Case => ({ ...about, status: 'passed', severity: 'error', message: '' });

type Found = Pick<Finding, 'code' | 'message' | 'location'> & { readonly severity: LintSeverity };

/** Its id holds no line, so that a finding stays the same while text above it is edited. */
function ofFinding({ code, severity, message, location }: Found, target: string): Case {
  const place = location?.path ?? target;
  const line = location ? ` (line ${location.range.start.line + 1})` : '';
  return {
    id: `${code}/${message}`,
    place,
    name: `${code}${line}`,
    code,
    status: statusOf[severity],
    severity,
    message: sentence(message),
    location: location ?? undefined,
  };
}

/** Changes that the version tells of are as they should be. */
function ofDiff(report: DiffReport): Suite {
  const { from, to, changes } = report;
  const about: Held = { id: 'diff', place: to.path, name: 'diff', code: 'diff', location: { path: to.path } };
  const cases = changes.map(({ kind, severity, path, message, location }): Case => {
    const status = severity === 'info' ? 'passed' : statusOf[severity];
    return {
      ...about,
      id: `${kind}/${path}`,
      name: path,
      code: `diff/${kind}`,
      status,
      severity,
      message: sentence(message),
      location,
    };
  });
  return {
    name: `${sideWords(from)} → ${sideWords(to)}`,
    startedAt: undefined,
    durationMs: 0,
    completed: true,
    facts: versionWords(report).flatMap((words) => fact('version', words)),
    cases: cases.length > 0 ? cases : [held(about)],
  };
}

function ofProvenance({ target, code, findings, claims = [] }: ProvenanceReport): Suite {
  const told = new Set(findings.map(({ message }) => message));
  const found = findings.map((finding) => ofFinding(finding, target));
  return {
    name: target,
    startedAt: undefined,
    durationMs: 0,
    completed: true,
    facts: [...fact('commit', code.commit), ...fact('branch', code.branch), ...fact('remote', code.remote)],
    cases: [...found, ...claims.filter(({ message }) => !told.has(message)).map(ofClaim)],
  };
}

const statusOfClaim: Readonly<Record<Claim['verdict'], CheckStatus>> = {
  verified: 'passed',
  claimed: 'skipped',
  missing: 'skipped',
  false: 'failed',
};

function ofClaim({ claim, verdict, message, location }: Claim): Case {
  return {
    id: `claim/${claim}`,
    place: location.path,
    name: claim,
    code: `claim/${verdict}`,
    status: statusOfClaim[verdict],
    severity: 'error',
    message: sentence(message),
    location,
  };
}
