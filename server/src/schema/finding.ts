import type { Path, Span } from '../text/tree';
import type { SchemaCode } from './codes';

/** One mistake against a schema, in the author's terms. */
export interface SchemaFinding {
  readonly code: SchemaCode;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  /** Of the value that is wrong, of the object that lacks a key, or of the key that should not be there. */
  readonly path: Path;
  /** The key when the key is wrong, the value when the value is, the object's first line when something is missing. */
  readonly span: Span;
  readonly mend?: Mend;
}

/** What would put it right; `fixesFor` makes edits of it. Suggestions stand best first. */
export type Mend =
  | { readonly kind: 'rename-key'; readonly unknownKey: string; readonly suggestions: readonly string[] }
  | { readonly kind: 'add-keys'; readonly keys: readonly MissingKey[] }
  | { readonly kind: 'choose-key'; readonly keys: readonly string[] }
  | { readonly kind: 'remove-key'; readonly key: string }
  | { readonly kind: 'replace-value'; readonly suggestions: readonly unknown[] };

export interface MissingKey {
  readonly key: string;
  /** A value that may stand there: its default or first example. */
  readonly value: unknown;
}
