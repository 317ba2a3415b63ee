import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type ParsedNode,
  Parser,
  type YAMLMap,
  type YAMLParseError,
  type YAMLSeq,
} from 'yaml';
import type { Entry, Issue, MapNode, Node, Scalar, ScalarNode, Span, Tree } from './tree';

/** Characters. A text that is longer is not read: parsing it would hold up everything else. */
export const longestText = 4_000_000;
/** Nodes that aliases may add, so that a few lines of nested aliases cannot stand for billions of values. */
const mostAliased = 100_000;
/** Issues of one text: garbage has one on every character, and nobody reads past the first few. */
const mostIssues = 100;
/** Levels of nesting. What lies deeper is left out, so that whoever walks the tree may recurse. */
const deepest = 200;

/**
 * Reads YAML 1.2 and JSON, which is YAML. Keys are always strings, as the text spells them. An alias is its anchor's
 * node, `<<` is applied, the first of several documents counts. Broken text gives what could be read, and issues.
 */
export function parseYaml(text: string): Tree {
  if (text.length > longestText) return unread(text, 'yaml/too-large', 'This file is too large to be read as YAML.');
  try {
    return new Reading(text).tree();
  } catch {
    return unread(text, 'yaml/unreadable', 'This text cannot be read as YAML.');
  }
}

function unread(text: string, code: string, message: string): Tree {
  return { text, root: undefined, issues: [{ code, message, span: { start: 0, end: Math.min(1, text.length) } }] };
}

/** Reads one text. How its nodes are made, and what stands for others, is left to who reads a part of a text only. */
export class Reading {
  protected readonly issues: Issue[] = [];
  readonly #anchors = new Map<string, { readonly node: Node; readonly size: number }>();
  /** Nodes made so far, an alias counted with all that it stands for. */
  #size = 0;
  #aliased = 0;

  constructor(readonly text: string) {}

  tree(): Tree {
    const [first, second] = documentsOf(this.text, deepest, (offset) => this.#tooDeep(offset));
    const root = first?.contents ? this.node(first.contents as ParsedNode) : undefined;
    for (const error of first?.errors ?? []) this.syntax(error);
    if (second) this.#several(second);
    return { text: this.text, root, issues: firstOf(this.issues) };
  }

  protected syntax({ code, message, pos: [from, to] }: YAMLParseError): void {
    const start = Math.min(from, Math.max(0, this.text.length - 1));
    const line = this.text.indexOf('\n', start);
    const endOfLine = line < 0 ? this.text.length : line;
    const end = Math.max(start, Math.min(Math.max(to, start + 1), Math.max(endOfLine, start + 1), this.text.length));
    const kebab = code.toLowerCase().replaceAll('_', '-');
    this.issues.push({ code: `yaml/${kebab}`, message: sentence(code, message), span: { start, end } });
  }

  #tooDeep(offset: number): void {
    const message = `This is nested more than ${deepest} levels deep; only what lies above is read.`;
    this.issues.push({ code: 'yaml/too-deep', message, span: { start: offset, end: offset + 1 } });
  }

  #several(second: Document): void {
    const start = Math.max(0, Math.min(second.range?.[0] ?? 0, this.text.length));
    const marker = this.text.lastIndexOf('---', start);
    const from = marker < 0 ? start : marker;
    this.issues.push({
      code: 'yaml/multiple-documents',
      message: 'Another document starts here; only the first one of a file is read.',
      span: { start: from, end: Math.min(from + 3, this.text.length) },
    });
  }

  protected node(node: ParsedNode | null): Node {
    if (!node) return this.#counted(null, { start: 0, end: 0 });
    if (isAlias(node)) return this.alias(node.source, spanOf(node));
    const before = this.#size;
    const read = this.#content(node);
    if (node.anchor) this.#anchors.set(node.anchor, { node: read, size: this.#size - before });
    return read;
  }

  #content(node: ParsedNode): Node {
    if (isScalar(node)) return this.#counted(scalarOf(node), spanOf(node));
    this.#size++;
    if (isMap(node)) return this.#map(node as YAMLMap.Parsed);
    return this.list(this.items(node as unknown as YAMLSeq.Parsed), spanOf(node));
  }

  #counted(value: Scalar, span: Span): ScalarNode {
    this.#size++;
    return this.scalar(value, span);
  }

  protected scalar(value: Scalar, span: Span): ScalarNode {
    return { kind: 'scalar', span, value };
  }

  protected list(items: readonly Node[], span: Span): Node {
    return { kind: 'list', span, items };
  }

  protected map(entries: readonly Entry[], span: Span): MapNode {
    return { kind: 'map', span, entries };
  }

  protected items(node: YAMLSeq.Parsed): readonly Node[] {
    return isSeq(node) ? node.items.map((item) => this.node(item as ParsedNode)) : [];
  }

  #map(node: YAMLMap.Parsed): MapNode {
    const own: Entry[] = [];
    const merged: Entry[] = [];
    const seen = new Set<unknown>();
    for (const { key, value } of node.items) {
      const span = key ? spanOf(key) : { start: 0, end: 0 };
      const name = this.key(key as ParsedNode | null, span);
      const read = value ? this.node(value as ParsedNode) : this.#counted(null, after(span));
      if (name.value === '<<' && isScalar(key) && key.type === 'PLAIN') merged.push(...entriesIn(read));
      else {
        if (seen.has(name.value)) this.#twice(name, span);
        seen.add(name.value);
        own.push({ key: name, value: read });
      }
    }
    return this.map(withMerged(own, merged), spanOf(node));
  }

  /** Any key as a string: also a number, an empty one, or a whole map before the colon. */
  protected key(key: ParsedNode | null, span: Span): ScalarNode {
    if (!key) return this.#counted('', span);
    if (isScalar(key)) return this.#counted(typeof key.value === 'string' ? key.value : (key.source ?? ''), span);
    if (!isAlias(key)) return this.#counted(this.text.slice(span.start, span.end), span);
    const node = this.alias(key.source, span);
    return this.#counted(node.kind === 'scalar' ? String(node.value ?? '') : `*${key.source}`, span);
  }

  #twice({ value }: ScalarNode, span: Span): void {
    const message = `The key "${value}" stands here twice; the last one counts, so remove one of them.`;
    this.issues.push({ code: 'yaml/duplicate-key', message, span });
  }

  protected alias(name: string, span: Span): Node {
    const anchor = this.#anchors.get(name);
    if (!anchor) {
      const message = `No anchor "&${name}" stands before this alias; write one, or the value itself.`;
      this.issues.push({ code: 'yaml/unknown-anchor', message, span });
      return this.#counted(null, span);
    }
    if (this.#aliased + anchor.size > mostAliased) {
      this.#once('yaml/too-many-aliases', 'The aliases of this file stand for too many values; write fewer.', span);
      return this.#counted(null, span);
    }
    this.#aliased += anchor.size;
    this.#size += anchor.size;
    return anchor.node;
  }

  #once(code: string, message: string, span: Span): void {
    if (!this.issues.some((issue) => issue.code === code)) this.issues.push({ code, message, span });
  }
}

/** The issues that people are told, in the order of the text. */
export const firstOf = (issues: readonly Issue[]): readonly Issue[] =>
  issues.toSorted((a, b) => a.span.start - b.span.start).slice(0, mostIssues);

/** The first two documents: the second only tells that there are more. `cut` hears of what lies below `depth` levels. */
export function documentsOf(text: string, depth: number, cut: (offset: number) => void): Document[] {
  const composer = new Composer({
    uniqueKeys: false,
    keepSourceTokens: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const documents: Document[] = [];
  for (const document of composer.compose(shallow(new Parser().parse(text), depth, cut), true, text.length)) {
    documents.push(document);
    if (documents.length > 1) break;
  }
  return documents;
}

/**
 * The parser's tokens without what is nested too deep. It has to be cut off before the composer sees it: that one
 * recurses, and running out of stack inside a regular expression ends the whole process instead of throwing.
 */
function* shallow(tokens: Iterable<CST.Token>, depth: number, cut: (offset: number) => void): Generator<CST.Token> {
  for (const token of tokens) {
    if (token.type === 'document' && token.value) {
      const offset = cutBelow(token.value, depth);
      if (offset !== undefined) cut(offset);
    }
    yield token;
  }
}

/** Empties collections that lie too deep, and answers where the first of them started. */
function cutBelow(root: CST.Token, deepest: number): number | undefined {
  let first: number | undefined;
  const open: { readonly token: CST.Token; readonly depth: number }[] = [{ token: root, depth: 1 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { token, depth } = next;
    if (!('items' in token)) continue;
    if (depth > deepest) {
      first = Math.min(first ?? token.offset, token.offset);
      token.items.length = 0;
      continue;
    }
    for (const { key, value } of token.items as readonly CST.CollectionItem[]) {
      if (key) open.push({ token: key, depth: depth + 1 });
      if (value) open.push({ token: value, depth: depth + 1 });
    }
  }
  return first;
}

function spanOf({ range }: { readonly range?: readonly number[] | null }): Span {
  const [start = 0, end = start] = range ?? [];
  return { start, end };
}

const after = ({ end }: Span): Span => ({ start: end, end });

/** An integer past 2⁵³ stays exact. What a tag turned into an object is its text again. */
function scalarOf(node: { readonly value: unknown; readonly source?: string }): Scalar {
  const { value, source } = node;
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint')
    return value;
  if (typeof value !== 'number') return source ?? null;
  if (!Number.isSafeInteger(value) && source && /^[-+]?\d+$/.test(source)) return BigInt(source.replace(/^\+/, ''));
  return value;
}

function entriesIn(node: Node): readonly Entry[] {
  if (node.kind === 'map') return node.entries;
  return node.kind === 'list' ? node.items.flatMap((item) => (item.kind === 'map' ? item.entries : [])) : [];
}

/** The map's own keys win over merged ones, and earlier merged ones over later. */
function withMerged(own: readonly Entry[], merged: readonly Entry[]): readonly Entry[] {
  if (merged.length === 0) return own;
  const taken = new Set(own.map(({ key }) => key.value));
  const added = merged.filter(({ key }) => !taken.has(key.value) && taken.add(key.value));
  return [...own, ...added];
}

const sentences: Readonly<Record<string, string>> = {
  ALIAS_PROPS: 'An alias takes no anchor or tag; remove it.',
  BAD_ALIAS: 'An anchor or alias needs a name that does not end with a colon.',
  BAD_DIRECTIVE: 'This directive is not known to YAML.',
  BAD_DQ_ESCAPE: 'This escape is not known inside double quotes; double the backslash, or use single quotes.',
  BAD_INDENT: 'The indentation does not fit the lines above; align this line with its neighbours.',
  BAD_PROP_ORDER: 'An anchor or tag stands after the colon or dash, not before it.',
  BAD_SCALAR_START: 'A value cannot start with this character; put the value in quotes.',
  BLOCK_AS_IMPLICIT_KEY:
    'A second key or a list cannot start on this line; break the line, or put the value in quotes.',
  BLOCK_IN_FLOW: 'Indented lines cannot stand inside brackets; use brackets here too.',
  KEY_OVER_1024_CHARS: 'A key has at most 1,024 characters.',
  MULTILINE_IMPLICIT_KEY: 'A key has to stand on one line; a colon is missing, or the value needs quotes.',
  MULTIPLE_ANCHORS: 'A value has at most one anchor.',
  MULTIPLE_TAGS: 'A value has at most one tag.',
  TAB_AS_INDENT: 'Tabs cannot indent YAML; use spaces.',
  TAG_RESOLVE_FAILED: 'The value does not fit its tag; correct one of them.',
  BAD_COLLECTION_TYPE: 'The value does not fit its tag; correct one of them.',
};

/** The parser's words where they say what is missing, else ours. */
function sentence(code: string, message: string): string {
  const bracket = /^Flow .* end with a (.)$/.exec(message)?.[1];
  if (bracket) return `The closing ${bracket} is missing.`;
  const fixed = sentences[code];
  if (fixed) return fixed;
  if (message.startsWith('Implicit map keys')) return 'A colon and a value are missing after this key.';
  if (message.startsWith('Missing closing')) return 'The closing quote is missing.';
  const [first = message] = message.split('\n');
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
