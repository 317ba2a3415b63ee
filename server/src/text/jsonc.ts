import { type Node as Json, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Entry, Issue, Node, Scalar, Span, Tree } from './tree';

/** Levels of nesting. What lies deeper is left out, so that whoever walks the tree may recurse. */
const deepest = 200;

/** Reads JSON in which comments and trailing commas may stand, as in settings of editors. Broken text gives what could be read. */
export function parseJsonc(text: string): Tree {
  const errors: ParseError[] = [];
  try {
    const root = parseTree(text, errors, { allowTrailingComma: true });
    return { text, root: root && nodeOf(root, deepest), issues: errors.map(issueOf) };
  } catch {
    const span = { start: 0, end: Math.min(1, text.length) };
    return {
      text,
      root: undefined,
      issues: [{ code: 'json/unreadable', message: 'This text cannot be read as JSON.', span }],
    };
  }
}

function issueOf({ error, offset, length }: ParseError): Issue {
  const what = printParseErrorCode(error);
  const words = what.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  return {
    code: `json/${words.replaceAll(' ', '-')}`,
    message: `The JSON breaks off here: ${words}.`,
    span: { start: offset, end: offset + length },
  };
}

function nodeOf(json: Json, depth: number): Node {
  const span = spanOf(json);
  if (json.type !== 'object' && json.type !== 'array')
    return { kind: 'scalar', span, value: (json.value ?? null) as Scalar };
  const children = depth > 0 ? (json.children ?? []) : [];
  if (json.type === 'array') return { kind: 'list', span, items: children.map((child) => nodeOf(child, depth - 1)) };
  return { kind: 'map', span, entries: children.flatMap((child) => entryOf(child, depth - 1)) };
}

function entryOf({ children: [key, value] = [] }: Json, depth: number): Entry[] {
  if (!key) return [];
  const name = { kind: 'scalar', span: spanOf(key), value: String(key.value) } as const;
  const none: Node = { kind: 'scalar', span: { start: name.span.end, end: name.span.end }, value: null };
  return [{ key: name, value: value ? nodeOf(value, depth) : none }];
}

const spanOf = ({ offset, length }: Json): Span => ({ start: offset, end: offset + length });
