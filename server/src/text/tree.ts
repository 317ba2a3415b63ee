/** Half-open range of UTF-16 offsets in one text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Zero-based line and UTF-16 column, as editors count. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

export type Scalar = string | number | boolean | bigint | null;

/** A value of the text with the place it came from. Ask for `span` late: it may be worked out when asked. */
export type Node = MapNode | ListNode | ScalarNode;

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly span: Span;
  readonly value: Scalar;
}

export interface ListNode {
  readonly kind: 'list';
  readonly span: Span;
  readonly items: readonly Node[];
}

/** Entries in the order of the text. A key that stands twice is there twice; `get` answers with the last, as parsers do. */
export interface MapNode {
  readonly kind: 'map';
  readonly span: Span;
  readonly entries: readonly Entry[];
}

export interface Entry {
  readonly key: ScalarNode;
  /** A scalar of value null, with an empty span after the colon, where the text has none. */
  readonly value: Node;
}

/** What a parser found wrong: the text is broken here, the rest was read all the same. */
export interface Issue {
  readonly code: string;
  readonly message: string;
  readonly span: Span;
}

/** What reading a text gives, whatever the text: never an exception. */
export interface Tree {
  readonly text: string;
  /** Undefined for an empty document. */
  readonly root: Node | undefined;
  readonly issues: readonly Issue[];
}

/** A map without keys in the place of a node that is none. */
export const emptyMapAt = ({ span }: Node): MapNode => ({ kind: 'map', span, entries: [] });

/** The node itself where it is a map, else one without keys in its place. */
export const mapAt = (node: Node): MapNode => (node.kind === 'map' ? node : emptyMapAt(node));

/** Path from the root: keys and list indices. */
export type Path = readonly (string | number)[];

/** Asked more often than all else, so that it is a plain loop. */
export function entryOf(node: Node | undefined, key: string): Entry | undefined {
  if (node?.kind !== 'map') return undefined;
  for (let index = node.entries.length - 1; index >= 0; index--) {
    const entry = node.entries[index];
    if (entry?.key.value === key) return entry;
  }
  return undefined;
}

export const get = (node: Node | undefined, key: string): Node | undefined => entryOf(node, key)?.value;

export const itemsOf = (node: Node | undefined): readonly Node[] => (node?.kind === 'list' ? node.items : []);

export const stringOf = (node: Node | undefined): string | undefined =>
  node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;

/** A word as the author meant it: a string, or a number or boolean that YAML made of an unquoted word. */
export const wordOf = (node: Node | undefined): string | undefined =>
  node?.kind === 'scalar' && node.value !== null ? String(node.value) : undefined;

/** The node as the text spells it, quotes and all: `1.10` stays `1.10`. */
export const spelling = ({ text }: Pick<Tree, 'text'>, { span }: Node): string => text.slice(span.start, span.end);

export const numberOf = (node: Node | undefined): number | undefined =>
  node?.kind === 'scalar' && typeof node.value === 'number' ? node.value : undefined;

export const booleanOf = (node: Node | undefined): boolean | undefined =>
  node?.kind === 'scalar' && typeof node.value === 'boolean' ? node.value : undefined;

/** The plain value, as `JSON.parse` would give it. */
export function plain(node: Node | undefined): unknown {
  if (!node) return undefined;
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plain);
  return Object.fromEntries(node.entries.map(({ key, value }) => [String(key.value), plain(value)]));
}

/** The node at `path`, or undefined when the path leaves the tree. */
export const at = (node: Node | undefined, path: Path): Node | undefined =>
  path.reduce<Node | undefined>(
    (here, step) => (typeof step === 'number' ? itemsOf(here)[step] : get(here, step)),
    node,
  );

const touches = (span: Span, offset: number): boolean => span.start <= offset && offset <= span.end;
const holds = (span: Span, offset: number): boolean => span.start <= offset && offset < span.end;

/** Path of the innermost value whose key or value touches `offset`, and whether the cursor is on the key. */
export function pathAt(root: Node | undefined, offset: number): { path: Path; onKey: boolean } {
  const path: (string | number)[] = [];
  let here = root;
  for (;;) {
    const step = here && stepInto(here, offset);
    if (!step) return { path, onKey: false };
    path.push(step.step);
    if (step.onKey) return { path, onKey: true };
    here = step.node;
  }
}

interface Step {
  readonly step: string | number;
  readonly node: Node;
  readonly onKey: boolean;
}

/** What holds the offset goes before what ends there: a block of text ends where the next key begins. */
function stepInto(node: Node, offset: number): Step | undefined {
  if (node.kind === 'scalar') return undefined;
  return stepBy(holds, node, offset) ?? stepBy(touches, node, offset);
}

function stepBy(isAt: typeof holds, node: Exclude<Node, ScalarNode>, offset: number): Step | undefined {
  if (node.kind === 'list') {
    const index = node.items.findIndex((item) => isAt(item.span, offset));
    const item = node.items[index];
    return item && { step: index, node: item, onKey: false };
  }
  for (const { key, value } of node.entries) {
    if (isAt(key.span, offset)) return { step: String(key.value), node: value, onKey: true };
    if (isAt(value.span, offset)) return { step: String(key.value), node: value, onKey: false };
  }
  return undefined;
}
