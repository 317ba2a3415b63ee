import { type Column, type Contract, columnsOf, type Rule, type Table } from '../contract/model';
import type { Fix } from '../text/edit';
import { entryOf, get, type MapNode, type Node, type ScalarNode, type Span, type Tree } from '../text/tree';

/** The part of a scalar that spells `part`, quotes and all before it left out; the whole scalar where it is spelt otherwise. */
export function spanWithin({ text }: Tree, { span }: ScalarNode, part: string): Span {
  const start = part === '' ? -1 : text.indexOf(part, span.start);
  return start < 0 || start + part.length > span.end ? span : { start, end: start + part.length };
}

/** The span of a part of a dotted name: the last part is looked for from the end. */
export function lastWithin({ text }: Tree, { span }: ScalarNode, part: string): Span {
  const start = text.slice(span.start, span.end).lastIndexOf(part);
  return start < 0 || part === '' ? span : { start: span.start + start, end: span.start + start + part.length };
}

export const replacement = (span: Span, text: string): Fix => ({
  title: `Change to "${text}"`,
  edits: [{ span, text }],
});

/** Where a finding about a key belongs: the key, or the value's start when the key is missing. */
export function keySpan(node: MapNode, key: string): Span {
  return entryOf(node, key)?.key.span ?? startOf(node);
}

/** The first key of a map: short enough to underline, and on its first line. */
export const startOf = (node: Node): Span => {
  const first = node.kind === 'map' ? node.entries[0]?.key.span : undefined;
  return first && first.start >= node.span.start ? first : { start: node.span.start, end: node.span.start };
};

/** The place of a name, or of the start of what has none. */
export const nameSpan = ({ node, nameNode }: { readonly node: MapNode; readonly nameNode: Node }): Span =>
  nameNode.kind === 'scalar' ? nameNode.span : startOf(node);

/** The node of an argument of a quality rule. */
export const argumentNode = (rule: Rule, name: string): Node | undefined => get(get(rule.node, 'arguments'), name);

export interface Placed {
  readonly rule: Rule;
  readonly table: Table;
  /** Undefined for a rule of the table itself. */
  readonly column: Column | undefined;
}

/** Every quality rule of the contract with what it stands on. */
export function rulesIn(contract: Contract): readonly Placed[] {
  const known = gathered.get(contract) ?? allRules(contract);
  gathered.set(contract, known);
  return known;
}

/** Nearly every rule of ours asks for the rules of a contract. */
const gathered = new WeakMap<Contract, readonly Placed[]>();

const allRules = (contract: Contract): readonly Placed[] =>
  contract.tables.flatMap((table) => [
    ...table.rules.map((rule) => ({ rule, table, column: undefined })),
    ...columnsOf(table).flatMap((column) => column.rules.map((rule) => ({ rule, table, column }))),
  ]);

export interface Named {
  readonly name: string;
  readonly span: Span;
}

export interface Repeated {
  readonly again: Named;
  readonly first: Named;
}

/** Every name that was there before, with its first place. Empty names are not judged. */
export function repeatedIn(names: readonly Named[]): readonly Repeated[] {
  const seen = new Map<string, Named>();
  const repeated: Repeated[] = [];
  for (const named of names) {
    const first = seen.get(named.name);
    if (first) repeated.push({ again: named, first });
    else if (named.name !== '') seen.set(named.name, named);
  }
  return repeated;
}
