import { at, itemsOf, type MapNode, type Node, type Path, pathAt, type Span, type Tree } from '../text/tree';
import { parseYaml } from '../text/yaml';
import type { Document } from '../workspace/document';

/** What may be written where the cursor is. */
export interface Place {
  readonly kind: 'key' | 'value';
  /** Of the object that the key belongs to, or of the value. */
  readonly path: Path;
  /** What a completion replaces. */
  readonly span: Span;
  /** The text as it reads without a half-written key. */
  readonly tree: Tree;
  /** Inside braces or brackets, where nothing starts a line of its own. */
  readonly flow: boolean;
  /** Whether a colon follows, so that the key is all that is missing. */
  readonly hasColon: boolean;
  /** Columns between the start of the line's text and the word: the dashes of a list. */
  readonly inset: number;
}

/** The line of the cursor, cut at the cursor. */
interface Cut {
  readonly document: Document;
  readonly offset: number;
  /** Offset at which the line starts. */
  readonly start: number;
  /** Indentation and dashes. */
  readonly lead: string;
  /** From there to the cursor, and from the cursor to the end of the line. */
  readonly before: string;
  readonly after: string;
}

/** Where the cursor is, or undefined where nothing can be offered, such as in a comment or a long text. */
export function placeAt(document: Document, offset: number): Place | undefined {
  const cut = cutAt(document, offset);
  if (/(^|\s)#/.test(withoutQuoted(cut.before))) return undefined;
  const flow = flowAt(document.tree, offset);
  if (flow) return inFlow(cut, flow);
  const entry = /^("[^"]*"|'[^']*'|[^\s:#"'[\]{},&*!|>%@`][^:#]*?):(?:\s+(.*))?$/s.exec(cut.before);
  if (entry) return entry[2] === undefined ? undefined : ofValue(cut, entry[2]);
  return /^["']?[\w$.-]*$/.test(cut.before) ? ofKey(cut) : undefined;
}

function cutAt(document: Document, offset: number): Cut {
  const { text } = document;
  const start = offset - document.lines.position(offset).character;
  const [line = ''] = text.slice(start).split(/[\r\n]/, 1);
  const before = line.slice(0, offset - start);
  const [lead = ''] = /^\s*(?:-\s+)*/.exec(before) ?? [];
  return { document, offset, start, lead, before: before.slice(lead.length), after: line.slice(offset - start) };
}

const withoutQuoted = (text: string): string => text.replaceAll(/"[^"]*"|'[^']*'/g, '');

function ofValue(cut: Cut, written: string): Place | undefined {
  const { document, start, lead, offset, after } = cut;
  const { path, onKey } = pathAt(document.tree.root, start + lead.length);
  if (!onKey) return undefined;
  const rest = after.replace(/\s+#.*$/, '').trimEnd();
  const span = { start: offset - written.length, end: offset + rest.length };
  return { kind: 'value', path, span, tree: document.tree, flow: false, hasColon: false, inset: 0 };
}

function ofKey(cut: Cut): Place | undefined {
  const { document, start, lead, before, after, offset } = cut;
  const [, word = '', rest = ''] = /^([\w$.-]*["']?)(.*)$/s.exec(after) ?? [];
  const span = { start: offset - before.length, end: offset + word.length };
  const inset = lead.length - (/^\s*/.exec(lead)?.[0].length ?? 0);
  const hasColon = /^\s*:(\s|$)/.test(rest);
  if (!hasColon && !/^\s*(#.*)?$/.test(rest)) return undefined;
  const common = { kind: 'key' as const, span, flow: false, hasColon, inset };
  if (hasColon) {
    const { path, onKey } = pathAt(document.tree.root, span.start);
    return onKey ? { ...common, path: path.slice(0, -1), tree: document.tree } : undefined;
  }
  const tree = span.end > span.start ? blanked(document.text, span) : document.tree;
  const path = containerAt(tree, { offset: start + lead.length, column: lead.length });
  return path && { ...common, path, tree };
}

/** The text without its half-written word, which would drag the lines around it along. Offsets stay. */
const blanked = (text: string, { start, end }: Span): Tree =>
  parseYaml(text.slice(0, start) + ' '.repeat(end - start) + text.slice(end));

// --------------------------------------------------------------------------------------------------- block style

interface Cursor {
  readonly offset: number;
  readonly column: number;
}

/** Path of the object that a new key at this column of this line would belong to. */
const containerAt = ({ root, text }: Tree, cursor: Cursor): Path | undefined =>
  root && root.kind !== 'scalar' ? below(root, [], text, cursor) : [];

function below(node: Node, path: Path, text: string, cursor: Cursor): Path | undefined {
  if (node.kind === 'map') return inMap(node, path, text, cursor);
  if (node.kind === 'list') return inList(node.items, path, text, cursor);
  return node.value === null ? path : undefined;
}

function inMap(node: MapNode, path: Path, text: string, cursor: Cursor): Path | undefined {
  const column = columnOf(text, node.entries[0]?.key.span.start ?? node.span.start);
  if (cursor.column < column) return undefined;
  if (cursor.column === column) return path;
  const entry = node.entries.findLast(({ key }) => key.span.start < cursor.offset);
  if (!entry) return undefined;
  const inner = [...path, String(entry.key.value)];
  return below(entry.value, inner, text, cursor) ?? (entry.value.kind === 'scalar' ? undefined : inner);
}

function inList(items: readonly Node[], path: Path, text: string, cursor: Cursor): Path | undefined {
  const index = items.findLastIndex((item) => dashBefore(text, item.span.start) < cursor.offset);
  const item = items[index];
  if (!item || cursor.column <= columnOf(text, dashBefore(text, item.span.start))) return undefined;
  const inner = [...path, index];
  return below(item, inner, text, cursor) ?? inner;
}

const columnOf = (text: string, offset: number): number => offset - (text.lastIndexOf('\n', offset - 1) + 1);

const dashBefore = (text: string, offset: number): number => text.lastIndexOf('-', Math.max(0, offset - 1));

// ---------------------------------------------------------------------------------------------------- flow style

interface Flow {
  readonly node: Exclude<Node, { kind: 'scalar' }>;
  readonly path: Path;
}

/** The innermost braces or brackets around the cursor. */
function flowAt({ root, text }: Tree, offset: number): Flow | undefined {
  const { path } = pathAt(root, offset);
  for (let length = path.length; length >= 0; length--) {
    const here = path.slice(0, length);
    const node = at(root, here);
    if (node && node.kind !== 'scalar') return isAround(node, text, offset) ? { node, path: here } : undefined;
  }
  return undefined;
}

function isAround({ span }: Node, text: string, offset: number): boolean {
  const open = text.charAt(span.start);
  if ((open !== '{' && open !== '[') || offset <= span.start) return false;
  const isClosed = text.charAt(span.end - 1) === (open === '{' ? '}' : ']');
  return isClosed ? offset < span.end : offset <= span.end;
}

function inFlow({ document, offset, after }: Cut, { node, path }: Flow): Place | undefined {
  const inside = document.text.slice(node.span.start, offset);
  const [, piece] = /[{[,]\s*([^{}[\],]*)$/.exec(inside) ?? [];
  if (piece === undefined) return undefined;
  const common = { tree: document.tree, flow: true, inset: 0 };
  const [rest = ''] = /^[^,{}[\]\r\n#]*/.exec(after) ?? [];
  const entry = /^("[^"]*"|'[^']*'|[^\s:"']+)\s*:\s*(.*)$/s.exec(piece);
  if (node.kind === 'map' && entry) {
    const span = { start: offset - (entry[2]?.length ?? 0), end: offset + rest.trimEnd().length };
    const key = (entry[1] ?? '').replaceAll(/^["']|["']$/g, '');
    return { ...common, kind: 'value', path: [...path, key], span, hasColon: false };
  }
  if (node.kind === 'list') {
    const index = itemsOf(node).filter((item) => item.span.end < offset - piece.length).length;
    const span = { start: offset - piece.length, end: offset + rest.trimEnd().length };
    return { ...common, kind: 'value', path: [...path, index], span, hasColon: false };
  }
  const [word = ''] = /^[\w$.-]*["']?/.exec(after) ?? [];
  const span = { start: offset - piece.length, end: offset + word.length };
  return { ...common, kind: 'key', path, span, hasColon: /^\s*:/.test(after.slice(word.length)) };
}
