import type { Span, Tree } from './tree';

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
  /^[A-Za-z_/][\w./-]*$/.test(value) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(value);

/** The quote that a span of the text begins with. */
export function quoteAt({ text }: Pick<Tree, 'text'>, { start }: Span): Quote {
  const first = text.charAt(start);
  return first === '"' || first === "'" ? first : '';
}
