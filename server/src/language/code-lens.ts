import type { Table } from '../contract/model';
import { type CheckReport, commands } from '../protocol';
import type { Span } from '../text/tree';
import type { Document } from '../workspace/document';
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
