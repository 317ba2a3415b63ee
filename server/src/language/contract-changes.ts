import type { Change } from '../contract/diff/change';
import { changesBetween } from '../contract/diff/changes';
import { type VersionVerdict, versionNode, versionVerdict } from '../contract/diff/version';
import type { Contract } from '../contract/model';
import type { LintSeverity } from '../protocol';
import { type Fix, quoteAt } from '../text/edit';
import type { Span } from '../text/tree';
import type { Document } from '../workspace/document';
import type { ContractBase } from './contract-bases';
import type { changeCodes } from './reference';

/** A change of a contract that its version does not tell of. */
export interface ChangeFault {
  readonly code: string;
  readonly severity: LintSeverity;
  readonly span: Span;
  readonly message: string;
  readonly fixes: readonly Fix[];
}

/**
 * What has changed since the contract that a document is compared with, until its version says so: what breaks on its own
 * lines, all else at the version. Nothing while the text is broken, since then it is not what its author means.
 */
export function changeFaults(document: Document, base: ContractBase): readonly ChangeFault[] {
  const { contract, tree } = document;
  if (!contract || tree.issues.length > 0) return [];
  const changes = changesBetween(base.contract, contract);
  const verdict = versionVerdict(base.contract, contract, changes);
  if (verdict.enough) return [];
  const fixes = fixesOf(contract, verdict.needed);
  const breaking = changes.filter(({ impact }) => impact === 'breaking');
  const told = breaking.map((change) => breakingFault(change, { base, contract, verdict, fixes }));
  return told.length > 0 ? told : behind(changes, { base, contract, verdict, fixes });
}

interface Around {
  readonly base: ContractBase;
  readonly contract: Contract;
  readonly verdict: VersionVerdict;
  readonly fixes: readonly Fix[];
}

/** A file that has no version cannot say what has changed, so that it is no fault of its author. */
const breakingFault = ({ message, span }: Change, { base, contract, verdict, fixes }: Around): ChangeFault => ({
  code: 'contract/breaking-change' satisfies keyof typeof changeCodes,
  severity: contract.version === undefined ? 'info' : 'warning',
  span,
  message: `${message} Since ${base.name} this breaks its readers${callWords(contract, verdict)}.`,
  fixes,
});

function callWords({ version }: Contract, { needed }: VersionVerdict): string {
  if (version === undefined) return '';
  return `; it calls for version ${needed ?? `other than ${version}`}`;
}

/** Words for people may change as they like while they are written. */
function behind(changes: readonly Change[], { base, contract, verdict, fixes }: Around): readonly ChangeFault[] {
  const more = changes.filter(({ impact }) => impact === 'compatible');
  const node = versionNode(contract);
  const [first, ...others] = more;
  if (!first || !node) return [];
  const rest = others.length > 0 ? ` And ${others.length} more.` : '';
  return [
    {
      code: 'contract/version-behind' satisfies keyof typeof changeCodes,
      severity: 'info',
      span: node.span,
      message: `Since ${base.name} the contract has changed${callWords(contract, verdict)}. ${first.message}${rest}`,
      fixes,
    },
  ];
}

/** The version alone is written anew, in its own quotes, so that comments stay. */
function fixesOf(contract: Contract, needed: string | undefined): readonly Fix[] {
  const node = versionNode(contract);
  if (!node || needed === undefined) return [];
  // A number such as 1.0 becomes a text by its second point.
  const quote = quoteAt(contract.tree, node.span) || (/^[{[]/.test(contract.tree.text.trimStart()) ? '"' : '');
  return [
    { title: `Change the version to ${needed}`, edits: [{ span: node.span, text: `${quote}${needed}${quote}` }] },
  ];
}
