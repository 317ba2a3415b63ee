import { type Fix, type Quote, quoteAt, written } from '../text/edit';
import { at, entryOf, type MapNode, type Span, type Tree } from '../text/tree';
import type { MissingKey, SchemaFinding } from './finding';

/** The changes that mend the finding, best first; empty when the author alone can know. */
export function fixesFor(tree: Tree, { mend, path, span }: SchemaFinding): readonly Fix[] {
  if (!mend) return [];
  if (mend.kind === 'rename-key') {
    return mend.suggestions.map((key) => replacement(tree, span, key));
  }
  if (mend.kind === 'replace-value') {
    const node = at(tree.root, path);
    return node?.kind === 'scalar' ? mend.suggestions.map((value) => replacement(tree, node.span, value)) : [];
  }
  const object = at(tree.root, mend.kind === 'remove-key' ? path.slice(0, -1) : path);
  if (object?.kind !== 'map') return [];
  if (mend.kind === 'remove-key') return removal(tree, object, mend.key);
  return mend.kind === 'add-keys' ? addition(tree, object, mend.keys) : [];
}

function replacement(tree: Tree, span: Span, value: unknown): Fix {
  return {
    title: `Change to ${JSON.stringify(value)}`,
    edits: [{ span, text: written(value, quoteAt(tree, span) || usualQuote(tree)) }],
  };
}

/** JSON knows but one way to write text. */
const usualQuote = ({ text }: Tree): Quote => (/^\s*[[{]/.test(text) ? '"' : '');

/** Removes the key with its line, or with its comma where several stand on one line. */
function removal({ text }: Tree, object: MapNode, key: string): readonly Fix[] {
  const entry = entryOf(object, key);
  const index = entry ? object.entries.indexOf(entry) : -1;
  const before = object.entries[index - 1];
  if (!entry || !before) return [];
  const isFlow = text.charAt(object.span.start) === '{';
  const end = entry.value.span.end;
  const lineStart = text.lastIndexOf('\n', entry.key.span.start);
  const span = isFlow ? { start: before.value.span.end, end } : { start: lineStart, end: lineEnd(text, end) };
  return span.start < 0 ? [] : [{ title: `Remove "${key}"`, edits: [{ span, text: '' }] }];
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', Math.max(0, offset - 1));
  return end < 0 ? text.length : end;
}

/** Puts the keys before the object's first one, in its style. */
function addition({ text }: Tree, object: MapNode, keys: readonly MissingKey[]): readonly Fix[] {
  const first = object.entries[0]?.key.span.start;
  if (first === undefined) return [];
  const isFlow = text.charAt(object.span.start) === '{';
  const isQuoted = text.charAt(first) === '"';
  const indent = ' '.repeat(first - text.lastIndexOf('\n', first - 1) - 1);
  const lines = keys.map(
    ({ key, value }) => `${isQuoted ? JSON.stringify(key) : key}: ${written(value, isQuoted ? '"' : '')}`,
  );
  const added = lines.map((line) => `${line}${isFlow ? ', ' : `\n${indent}`}`).join('');
  const title = `Add ${keys.map(({ key }) => `"${key}"`).join(', ')}`;
  return [{ title, edits: [{ span: { start: first, end: first }, text: added }] }];
}
