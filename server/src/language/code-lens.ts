import { placesOf } from '../check/checks';
import type { Contract, Table } from '../contract/model';
import { limitIn, type Monitor } from '../drift/monitor';
import {
  ALL_COLUMNS,
  type CheckReport,
  type CheckResult,
  commands,
  type DriftColumn,
  type DriftReport,
} from '../protocol';
import { type Node, numberOf, type Span } from '../text/tree';
import type { Document } from '../workspace/document';
import { claimsLens } from './claims';
import { driftRulesOf } from './drift-limit';
import type { Known } from './hover';
import { versionLine } from './provenance';

/** A link above a line. */
export interface Lens {
  readonly span: Span;
  readonly title: string;
  readonly command: string;
  readonly arguments: readonly unknown[];
}

/** What can be done with each table, the last verdict about it, and the version of the file. */
export function lensesOf(document: Document, { run, judged, version, data, monitors }: Known = {}): readonly Lens[] {
  const { contract, kind, uri } = document;
  const contractLine = version && versionLine(version);
  if (kind === 'manifest' || kind === 'monitor') {
    const about = {
      span: { start: 0, end: 0 },
      title: provenanceTitle([contractLine]),
      command: commands.showProvenance,
      arguments: [{ uri }],
    };
    const claims = judged && claimsLens(document, judged);
    return [about, ...(claims ? [claims] : []), ...lensesOfMonitors(document, monitors)];
  }
  const limits = contract && run ? limitLenses(contract, run.report) : [];
  const provenanceOf = ({ name }: Table): string => {
    const line = data?.get(name);
    const dataLine = line && versionLine(line);
    return provenanceTitle([contractLine, dataLine && `data ${dataLine}`]);
  };
  return [...limits, ...tableLenses(document, provenanceOf, run), ...lensesOfMonitors(document, monitors)];
}

const lensesOfMonitors = ({ uri, monitors: asked }: Document, known: Known['monitors']): readonly Lens[] =>
  asked.flatMap((monitor) => monitorLenses(uri, monitor, known?.get(monitor.name)));

function tableLenses(
  { contract, uri }: Document,
  provenanceOf: (table: Table) => string,
  run: Known['run'],
): readonly Lens[] {
  return (contract?.tables ?? []).flatMap((table) => {
    if (table.name === '') return [];
    const span = table.nameNode.span;
    const of = [{ uri, table: table.name }];
    const verdict = run && verdictOf(run.report, table);
    return [
      { span, title: 'Check data', command: commands.checkData, arguments: of },
      { span, title: 'Compare with…', command: commands.checkDrift, arguments: of },
      { span, title: provenanceOf(table), command: commands.showProvenance, arguments: of },
      ...(verdict ? [{ span, title: verdict, command: commands.openResults, arguments: of }] : []),
    ];
  });
}

/** Over each drift rule its last figure against the limit that stands there now, so that an edit shows what it would do. */
function limitLenses(contract: Contract, { checks }: CheckReport): readonly Lens[] {
  const places = [...placesOf(contract)];
  return driftRulesOf(contract).flatMap(({ rule, method, threshold }) => {
    const within = ({ span }: Node) => rule.node.span.start <= span.start && span.end <= rule.node.span.end;
    const id = places.find(([, node]) => within(node))?.[0];
    const limit = checks.find((check) => check.id === id)?.limit;
    if (!limit) return [];
    const title = limitTitle(limit, method, threshold ?? limit.threshold);
    return [{ span: rule.node.span, title, command: commands.openResults, arguments: [] }];
  });
}

/** Over each monitor that can be run: the run, and its last figure against the limit that stands there now. */
function monitorLenses(uri: string, monitor: Monitor, last?: DriftReport): readonly Lens[] {
  const { name, node, refusal } = monitor;
  if (refusal !== undefined) return [];
  const run = { title: 'Run monitor', command: commands.checkDrift, arguments: [{ uri, monitor: name }] };
  const result = last && { title: monitorTitle(last, monitor), command: commands.openResults, arguments: [] };
  return [run, ...(result ? [result] : [])].map((lens) => ({ ...lens, span: node.span }));
}

/** `Last run: 2 of 4 columns (limit 30 %) drift`, or the column that is the furthest beyond its own limit. */
function monitorTitle({ columns, dataset }: DriftReport, monitor: Monitor): string {
  if (dataset.method === 'share') {
    const limit = monitor.share ?? dataset.threshold;
    const drifts = dataset.columns > 0 && dataset.share >= limit;
    const words = `${dataset.driftedColumns} of ${dataset.columns} columns drifted (limit ${Number((100 * limit).toPrecision(4))} %)`;
    return `Last run: ${words}, ${drifts ? 'drifts' : 'is within it'}`;
  }
  const [worst] = columns
    .filter(({ drifted, segment, window }) => drifted !== null && !segment && !window)
    .map((column) => heldAgainst(column, numberOf(limitIn(monitor, column))))
    .sort(byExcess);
  if (!worst) return 'Last run: no column could be judged';
  const { column, method, decidedBy, statistic, pValue, threshold, drifted } = worst;
  const figure = Number(Number(decidedBy === 'pValue' ? pValue : statistic).toPrecision(4));
  const words = `${decidedBy === 'pValue' ? 'p-value, ' : ''}limit ${threshold}`;
  return `Last run: ${column ?? ALL_COLUMNS} ${method} ${figure} (${words}) ${drifted ? 'drifts' : 'is within it'}`;
}

/** A column with the limit that its file has now; one in multiples of a normaliser, told in the column's unit, as it was run. */
function heldAgainst(column: DriftColumn, limit: number | undefined): DriftColumn {
  const { column: name, threshold, decidedBy, statistic, pValue, parameters } = column;
  if (name === null || limit === undefined || limit === threshold || 'normaliser' in parameters) return column;
  const drifted = decidedBy === 'pValue' ? Number(pValue) < limit : Number(statistic) > limit;
  return { ...column, threshold: limit, drifted };
}

/** What drifts stands before what does not; then whatever is the furthest beyond its limit, as a part of it. */
const byExcess = (a: DriftColumn, b: DriftColumn): number =>
  Number(b.drifted) - Number(a.drifted) || Number(excess(b) > excess(a)) - Number(excess(b) < excess(a));

function excess({ decidedBy, statistic, pValue, threshold }: DriftColumn): number {
  const [figure, limit] = [Number(decidedBy === 'pValue' ? pValue : statistic), threshold ?? 0];
  const part = decidedBy === 'pValue' ? limit / figure : figure / limit;
  return Number.isNaN(part) ? Number.POSITIVE_INFINITY : part;
}

/** `jensen-shannon 0.1163 of at most 0.1: drifts`. */
function limitTitle(
  { figure, breaks }: NonNullable<CheckResult['limit']>,
  method: string | undefined,
  threshold: number,
): string {
  const value = Number(figure);
  const drifts = breaks === 'above' ? value >= threshold : value <= threshold;
  const words = breaks === 'above' ? `limit ${threshold}` : `p-value, limit ${threshold}`;
  return `Last run: ${[method, Number(value.toPrecision(4))].filter((part) => part !== undefined).join(' ')} (${words}) ${drifts ? 'drifts' : 'is within it'}`;
}

/** `Provenance: 488b6fb · v1.1.0 · changed since, data 2022826`. */
function provenanceTitle(lines: readonly (string | undefined)[]): string {
  const known = lines.filter((line) => line !== undefined).join(', ');
  return known ? `Provenance: ${known}` : 'Provenance';
}

/** `2 of 31 checks failed`. Undefined when the run was not about this table. */
function verdictOf({ checks }: CheckReport, { name }: Table): string | undefined {
  const own = checks.filter(({ table, status }) => table === name && status !== 'skipped');
  if (own.length === 0) return undefined;
  const failed = own.filter(({ status }) => status === 'failed' || status === 'error').length;
  const warned = own.filter(({ status }) => status === 'warning').length;
  if (failed > 0) return `${failed} of ${own.length} checks failed`;
  return warned > 0 ? `${warned} of ${own.length} checks warn` : `${own.length} checks passed`;
}
