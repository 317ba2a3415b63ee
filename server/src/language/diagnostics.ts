import { placesOf } from '../check/checks';
import { summaryOf } from '../check/verdict';
import type { Contract } from '../contract/model';
import { type Monitor, obstaclesOf, type Unsupported } from '../drift/monitor';
import type { CheckReport, CheckResult, LintReport, LintSeverity } from '../protocol';
import type { Related } from '../rules/rule';
import { diagnosesOf } from '../rules/run';
import { fixesFor } from '../schema/fixes';
import { validate } from '../schema/validate';
import type { Fix } from '../text/edit';
import { type Issue, type Node, type Span, spelling, type Tree } from '../text/tree';
import { Document } from '../workspace/document';
import { claimFaults, type Judgements } from './claims';
import type { ContractBase } from './contract-bases';
import { changeFaults } from './contract-changes';
import type { emptyCodes, monitorCodes } from './reference';

/** What is wrong at a place of a document. */
export interface Diagnostic {
  /** `yaml/…`, `schema/…`, `contract/…`, `manifest/…`, or `check/` and the kind of a check that failed. */
  readonly code: string;
  readonly severity: LintSeverity;
  readonly span: Span;
  readonly message: string;
  /** Changes that mend it, best first. */
  readonly fixes: readonly Fix[];
  readonly related: readonly Related[];
  readonly tag?: 'deprecated';
}

/** A run of a contract's checks, with the text of each check at that time. */
export interface CheckRun {
  readonly report: CheckReport;
  /** Check id → text of the lines that state it. */
  readonly stated: ReadonlyMap<string, string>;
}

/**
 * All that is wrong with a document: its text, its structure, its meaning, what the last run found in the data, and what
 * a manifest claims.
 */
export function diagnosticsIn(
  document: Document,
  run?: CheckRun,
  judged?: Judgements,
  base?: ContractBase,
): readonly Diagnostic[] {
  const structure = known.get(document) ?? structureOf(document);
  known.set(document, structure);
  return [
    ...structure,
    ...(run ? failuresOf(document, run) : []),
    ...(base ? changeFaults(document, base).map((fault) => ({ ...fault, related: [] })) : []),
    ...(judged ? claimFaults(document, judged, structure).map((fault) => ({ ...fault, related: [] })) : []),
  ];
}

/** Several features ask for the diagnostics of one version. */
const known = new WeakMap<Document, readonly Diagnostic[]>();

/** What the command line prints of a file. The dialect is null for a file that is no contract. */
export function diagnosticsOf(path: string, text: string): Omit<LintReport['files'][number], 'path'> {
  const document = new Document(path, 0, text);
  const diagnostics = diagnosticsIn(document).map(({ code, severity, message, span, fixes }) => ({
    code,
    severity,
    message,
    range: document.lines.range(span),
    fix: fixes[0]?.title ?? null,
  }));
  return { dialect: document.contract?.dialect ?? null, diagnostics };
}

/** What diagnostics of a run need after the text has changed. To be asked before it may change. */
export const statedIn = (contract: Contract): CheckRun['stated'] =>
  new Map([...placesOf(contract)].map(([id, node]) => [id, spelling(contract.tree, node)]));

/**
 * A run of a part of the checks, with what the run before it found of the others, each as it was stated then. Data that
 * were read from elsewhere since say nothing any more, so that the later run then stands alone.
 */
export function continued(run: CheckRun, before: CheckRun | undefined): CheckRun {
  if (!before || !isOfSameData(run.report, before.report)) return run;
  const anew = new Set(run.report.checks.map(({ id }) => id));
  const others = before.report.checks.filter(({ id }) => !anew.has(id));
  const tables = new Set(run.report.data.map(({ table }) => table));
  const kept = others.flatMap(({ id }): [string, string][] => {
    const words = before.stated.get(id);
    return words === undefined ? [] : [[id, words]];
  });
  const checks = [...run.report.checks, ...others];
  const data = [...run.report.data, ...before.report.data.filter(({ table }) => !tables.has(table))];
  return {
    report: { ...run.report, checks, data, summary: summaryOf(checks) },
    stated: new Map([...run.stated, ...kept]),
  };
}

const isOfSameData = (now: CheckReport, before: CheckReport): boolean =>
  now.data.every(({ table, ref }) => before.data.every((other) => other.table !== table || other.ref === ref));

function structureOf(document: Document): readonly Diagnostic[] {
  const { tree, kind, contract, schema } = document;
  if (!kind) return [];
  const issues = told(tree.issues).map(ofIssue);
  if (!tree.root) return issues.length > 0 ? issues : [emptiness(document)];
  const structure = schema === undefined ? [] : schemaFindings(tree, schema);
  const monitors = document.monitors.flatMap((monitor) => obstaclesOf(monitor).map(notRun(monitor)));
  const found = inOrder(withoutEchoes([...structure, ...(contract ? ruleFindings(contract) : []), ...monitors]));
  const broken = tree.issues.find(({ code }) => !harmless.has(code));
  return [...issues, ...(broken ? unshaken(found, broken, document) : found)];
}

const ofIssue = ({ code, message, span }: Issue): Diagnostic => ({
  code,
  severity: 'error',
  message,
  span,
  fixes: [],
  related: [],
});

/** What breaks the structure is told once: a parser that has lost its way complains of every line that follows. */
function told(issues: readonly Issue[]): readonly Issue[] {
  const first = issues.find(({ code }) => !harmless.has(code));
  return issues.filter((issue) => harmless.has(issue.code) || issue === first);
}

/** Issues that leave the structure of the text as its author sees it. */
const harmless: ReadonlySet<string> = new Set([
  'yaml/duplicate-key',
  'yaml/multiple-documents',
  'yaml/unknown-anchor',
  'yaml/too-many-aliases',
]);

function emptiness({ kind, text }: Document): Diagnostic {
  const [name, first] =
    kind === 'manifest'
      ? (['manifest', 'apiVersion: plumbline.dev/v1 and kind: Experiment'] as const)
      : (['contract', 'apiVersion: v3.1.0 and kind: DataContract'] as const);
  return {
    code: `${name}/empty` satisfies keyof typeof emptyCodes,
    severity: 'error',
    span: { start: 0, end: Math.min(1, text.length) },
    message: `This ${name} is empty; begin with ${first}.`,
    fixes: [],
    related: [],
  };
}

/**
 * Below a broken line the text is not what its author means, and what is missing may stand there: only what lies above
 * and is wrong by itself is told, until the line is whole again.
 */
function unshaken(found: readonly Diagnostic[], broken: Issue, { text }: Document): readonly Diagnostic[] {
  const line = text.lastIndexOf('\n', broken.span.start - 1) + 1;
  return found.filter(({ code, span }) => code !== 'schema/missing-key' && span.end <= line);
}

/** What a monitor asks for and Plumbline does not do. */
const notRun =
  ({ name }: Monitor) =>
  ({ what, node }: Unsupported): Diagnostic => ({
    code: 'monitor/not-run' satisfies keyof typeof monitorCodes,
    severity: 'info',
    span: node.span,
    message: `Monitor "${name}": ${what}`,
    fixes: [],
    related: [],
  });

const schemaFindings = (tree: Tree, schema: string): readonly Diagnostic[] =>
  validate(tree, schema).map((finding) => ({
    code: finding.code,
    severity: finding.severity,
    span: finding.span,
    message: finding.message,
    fixes: fixesFor(tree, finding),
    related: [],
    ...(finding.code === 'schema/deprecated' ? { tag: 'deprecated' as const } : {}),
  }));

const ruleFindings = (contract: Contract): readonly Diagnostic[] =>
  diagnosesOf(contract).map(({ fix, related, ...diagnosis }) => ({
    ...diagnosis,
    fixes: fix ? [fix] : [],
    related: related ?? [],
  }));

/** One mistake is told once: where the schema speaks about a place, a rule about the same place is silent. */
function withoutEchoes(found: readonly Diagnostic[]): readonly Diagnostic[] {
  const told = new Set<string>();
  return found.filter(({ code, span: { start, end } }) => {
    const place = `${start}-${end}`;
    if (code.startsWith('schema/')) told.add(place);
    return code.startsWith('schema/') || !told.has(place);
  });
}

const inOrder = (found: readonly Diagnostic[]): readonly Diagnostic[] =>
  found.toSorted((a, b) => a.span.start - b.span.start);

// ------------------------------------------------------------------------------------------------ last results

/** Failed checks on the lines that state them. A check whose lines have changed since is not judged any more. */
function failuresOf({ contract, lines }: Document, { report, stated }: CheckRun): readonly Diagnostic[] {
  if (!contract) return [];
  const places = placesOf(contract);
  return report.checks.flatMap((check) => {
    const node = places.get(check.id);
    const severity = severityOf(check);
    if (!node || !severity || stated.get(check.id) !== spelling(contract.tree, node)) return [];
    const span = firstLine(node, lines.text);
    return [{ code: `check/${check.kind}`, severity, span, message: check.message, fixes: [], related: [] }];
  });
}

/** A rule that holds or was not run is no news. One that cannot be judged counts as broken. */
function severityOf({ status, severity }: CheckResult): LintSeverity | undefined {
  if (status === 'passed' || status === 'skipped') return undefined;
  return status === 'error' ? 'error' : severity;
}

/** A rule of many lines is underlined where it begins. */
function firstLine({ span }: Node, text: string): Span {
  const end = text.slice(span.start, span.end).search(/[\r\n]/);
  return end < 0 ? span : { start: span.start, end: span.start + end };
}
