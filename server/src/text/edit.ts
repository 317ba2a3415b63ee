import { entryOf, type MapNode, type Node, type Scalar, type Span, type Tree } from './tree';

/** A piece of a text and what takes its place; an empty span inserts. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
}

/** A change of the text that mends a finding. Its edits do not overlap. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly Edit[];
}

/** A quote that a value stands in; empty for a plain one. */
export type Quote = '"' | "'" | '';

/** A value as YAML or JSON writes it: without a quote, a string that would be read as something else gets one all the same. */
export function written(value: unknown, quote: Quote): string {
  if (typeof value !== 'string') return JSON.stringify(value ?? null);
  if (quote === "'") return `'${value.replaceAll("'", "''")}'`;
  return quote === '' && isPlain(value) ? value : JSON.stringify(value);
}

const isPlain = (value: string): boolean =>
  /^(?:\.{1,2}\/)*[A-Za-z_/][\w./-]*$/.test(value) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(value);

/** The quote that a span of the text begins with. */
export function quoteAt({ text }: Pick<Tree, 'text'>, { start }: Span): Quote {
  const first = text.charAt(start);
  return first === '"' || first === "'" ? first : '';
}

/** Sets a key of a map to a value, in the map's own style; a key that is not there yet comes last. */
export function setting(tree: Pick<Tree, 'text'>, map: MapNode, key: string, value: Scalar): Edit {
  const there = entryOf(map, key);
  if (there) return { span: there.value.span, text: written(value, quoteAt(tree, there.value.span)) };
  const last = map.entries.at(-1);
  if (!last) return { span: map.span, text: `{${key}: ${written(value, '')}}` };
  const isFlow = tree.text.charAt(map.span.start) === '{';
  const isQuoted = tree.text.charAt(last.key.span.start) === '"';
  const line = `${isQuoted ? JSON.stringify(key) : key}: ${written(value, isQuoted ? '"' : '')}`;
  const end = endOf(tree, last.value);
  return { span: { start: end, end }, text: isFlow ? `, ${line}` : `\n${indentAt(tree, last.key.span.start)}${line}` };
}

/** Blanks as many as stand before `offset` in its line, a list's dash counted as one. */
export const indentAt = ({ text }: Pick<Tree, 'text'>, offset: number): string =>
  ' '.repeat(offset - text.lastIndexOf('\n', offset - 1) - 1);

/** Where a value ends, without the line ends that a block counts among its own. */
export function endOf({ text }: Pick<Tree, 'text'>, { span }: Node): number {
  let end = span.end;
  while (end > span.start && /\s/.test(text.charAt(end - 1))) end--;
  return end;
}
