import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';
import type { Entry, Issue, Node, Scalar, ScalarNode, Span, Tree } from './tree';

/**
 * Reads TOML 1.0. Dates are the text that spells them, integers past 2⁵³ stay exact. Of a broken text, the sections
 * above the one that is broken are read.
 */
export function parseToml(text: string): Tree {
  const whole = attempt(text);
  if ('root' in whole) return { text, root: whole.root, issues: [] };
  const section = text.lastIndexOf('\n[', Math.max(0, whole.span.start - 1));
  const above = section > 0 ? attempt(text.slice(0, section + 1)) : whole;
  return { text, root: 'root' in above ? above.root : undefined, issues: [whole] };
}

function attempt(text: string): { readonly root: Node } | Issue {
  try {
    return { root: rootOf(parseTOML(text).body[0]) };
  } catch (error) {
    const start = error instanceof ParseError ? Math.min(error.index, Math.max(0, text.length - 1)) : 0;
    const why = error instanceof ParseError ? error.message : 'nested too deep';
    return {
      code: 'toml/syntax',
      message: `The TOML breaks off here: ${why.replace(/\.$/, '')}.`,
      span: { start, end: Math.min(start + 1, text.length) },
    };
  }
}

/** A table while it is filled: sections come in any order. */
interface Table {
  readonly kind: 'map';
  readonly span: Span;
  readonly entries: Entry[];
  readonly byKey: Map<string, Node>;
}

const tableAt = (span: Span): Table => ({ kind: 'map', span, entries: [], byKey: new Map() });

function rootOf(top: AST.TOMLTopLevelTable): Node {
  const root = tableAt(spanOf(top));
  for (const part of top.body) {
    if (part.type === 'TOMLKeyValue') assign(root, part);
    else for (const pair of part.body) assign(sectionOf(root, part), pair);
    if (part.type === 'TOMLTable') sectionOf(root, part);
  }
  return root;
}

/** The table of a `[header]`, made when it is the first to name it; of `[[header]]`, the item of its list. */
function sectionOf(root: Table, { resolvedKey, key, ...table }: AST.TOMLTable): Table {
  let here: Node = root;
  let depth = 0;
  for (const [index, step] of resolvedKey.entries()) {
    const isList = typeof resolvedKey[index + 1] === 'number';
    const span = spanOf(table);
    if (typeof step === 'number') here = itemAt(here, step, span);
    else here = childOf(here, keyNode(key.keys[depth++], step, span), isList ? listAt(span) : tableAt(span));
  }
  return here as Table;
}

interface List {
  readonly kind: 'list';
  readonly span: Span;
  readonly items: Node[];
}

const listAt = (span: Span): List => ({ kind: 'list', span, items: [] });

function itemAt(list: Node, index: number, span: Span): Node {
  const { items } = list as List;
  const there = items[index];
  if (there) return there;
  const made = tableAt(span);
  items.push(made);
  return made;
}

function childOf(parent: Node, key: ScalarNode, made: Node): Node {
  const { entries, byKey } = parent as Table;
  const there = byKey.get(String(key.value));
  if (there) return there;
  entries.push({ key, value: made });
  byKey.set(String(key.value), made);
  return made;
}

function assign(table: Table, { key, value }: AST.TOMLKeyValue): void {
  let here: Node = table;
  const last = key.keys.length - 1;
  for (const [index, part] of key.keys.entries()) {
    const name = keyNode(part, '', spanOf(key));
    here = childOf(here, name, index === last ? nodeOf(value) : tableAt(spanOf(key)));
  }
}

function keyNode(key: AST.TOMLBare | AST.TOMLQuoted | undefined, name: string, span: Span): ScalarNode {
  if (!key) return { kind: 'scalar', span, value: name };
  return { kind: 'scalar', span: spanOf(key), value: key.type === 'TOMLBare' ? key.name : key.value };
}

function nodeOf(node: AST.TOMLContentNode): Node {
  const span = spanOf(node);
  if (node.type === 'TOMLValue') return { kind: 'scalar', span, value: scalarOf(node) };
  if (node.type === 'TOMLArray') return { kind: 'list', span, items: node.elements.map(nodeOf) };
  const table = tableAt(span);
  for (const pair of node.body) assign(table, pair);
  return table;
}

function scalarOf(node: AST.TOMLValue): Scalar {
  if (node.kind === 'integer') return Number.isSafeInteger(node.value) ? node.value : node.bigint;
  if (node.kind === 'string' || node.kind === 'boolean' || node.kind === 'float') return node.value;
  return node.datetime;
}

const spanOf = ({ range: [start, end] }: { readonly range: AST.Range }): Span => ({ start, end });
