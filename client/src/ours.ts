import type { TextDocument } from 'vscode';

type OurKind = 'contract' | 'manifest' | 'monitor';

const names: readonly (readonly [RegExp, OurKind])[] = [
  [/\.odcs\.(ya?ml|json)$/i, 'contract'],
  [/\.experiment\.(ya?ml|json)$/i, 'manifest'],
];
const kinds: readonly (readonly [RegExp, OurKind])[] = [
  [/^\s*"?kind"?\s*:\s*"?DataContract\b/m, 'contract'],
  [/^\s*"?kind"?\s*:\s*"?Experiment\b/m, 'manifest'],
];
/** A monitor of Azure Machine Learning. */
const MONITORS = /^\s*monitoring_signals\s*:/m;
/** A suite of Great Expectations, of 0.18 or 1.x. */
const SUITE = /"expectation_(suite_name|type)"\s*:|"type"\s*:\s*"expect_/;
const languages = new Set(['yaml', 'json', 'jsonc']);

/** Languages in which data and runs are named where they are used; the server takes them once it knows any. */
const codeLanguages = new Set(['python', 'r', 'sql', 'shellscript', 'dockerfile']);

/** Whether a document is code, in a file or in the cell of a notebook. */
export const isCode = ({ languageId, uri }: TextDocument): boolean =>
  codeLanguages.has(languageId) && (uri.scheme === 'file' || uri.scheme === 'vscode-notebook-cell');

/** What trackers leave in a folder, and what ours are called. */
const MARK = /^(\.dvc|dvc\.yaml|mlruns|mlflow\.db|wandb|.+\.(odcs|experiment)\.(ya?ml|json))$/i;

/** Whether one of the names in a folder says that it holds contracts, manifests or a tracker's files. */
export const isMarked = (names: readonly string[]): boolean => names.some((name) => MARK.test(name));

/** How far a foreign file is read before it is left alone: `kind` stands at the top. */
const FIRST_LINES = 30;

/**
 * Whether a document is one that Plumbline serves, by its name or by its first lines. Cheap enough for every YAML file
 * opened. The server decides the same by its parsers (`workspace/document.ts`); the stub has none, so that it stays a
 * stub, and at worst wakes the server for a file that is then left alone.
 */
export function kindOf(document: TextDocument): OurKind | undefined {
  if (!languages.has(document.languageId)) return undefined;
  const named = names.find(([pattern]) => pattern.test(document.uri.path));
  if (named) return named[1];
  const top = document.lineAt(Math.min(FIRST_LINES, document.lineCount) - 1).range.end;
  const text = document.getText().slice(0, document.offsetAt(top));
  if (MONITORS.test(text)) return 'monitor';
  if (SUITE.test(text)) return 'contract';
  if (!/^\s*"?apiVersion"?\s*:/m.test(text)) return undefined;
  return kinds.find(([pattern]) => pattern.test(text))?.[1];
}
