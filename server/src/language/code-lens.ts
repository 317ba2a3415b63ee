import { placesOf } from '../check/checks';
import type { Contract, Table } from '../contract/model';
import { type CheckReport, type CheckResult, commands } from '../protocol';
import type { Node, Span } from '../text/tree';
import type { Document } from '../workspace/document';
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
export function lensesOf(document: Document, { run, version }: Known = {}): readonly Lens[] {
  const { contract, kind, uri } = document;
  const provenance = provenanceTitle(version && versionLine(version));
  if (kind === 'manifest') {
    const span = { start: 0, end: 0 };
    return [{ span, title: provenance, command: commands.showProvenance, arguments: [{ uri }] }];
  }
  const limits = contract && run ? limitLenses(contract, run.report) : [];
  return [...limits, ...tableLenses(document, provenance, run)];
}

function tableLenses({ contract, uri }: Document, provenance: string, run: Known['run']): readonly Lens[] {
  return (contract?.tables ?? []).flatMap((table) => {
    if (table.name === '') return [];
    const span = table.nameNode.span;
    const of = [{ uri, table: table.name }];
    const verdict = run && verdictOf(run.report, table);
    return [
      { span, title: 'Check data', command: commands.checkData, arguments: of },
      { span, title: 'Compare with…', command: commands.checkDrift, arguments: of },
      { span, title: provenance, command: commands.showProvenance, arguments: of },
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

const provenanceTitle = (line: string | undefined): string => (line ? `Provenance: ${line}` : 'Provenance');

/** `2 of 31 checks failed`. Undefined when the run was not about this table. */
function verdictOf({ checks }: CheckReport, { name }: Table): string | undefined {
  const own = checks.filter(({ table, status }) => table === name && status !== 'skipped');
  if (own.length === 0) return undefined;
  const failed = own.filter(({ status }) => status === 'failed' || status === 'error').length;
  const warned = own.filter(({ status }) => status === 'warning').length;
  if (failed > 0) return `${failed} of ${own.length} checks failed`;
  return warned > 0 ? `${warned} of ${own.length} checks warn` : `${own.length} checks passed`;
}
