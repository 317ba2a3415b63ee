import type { TextDocument } from 'vscode';
import { glanceOf, type OurKind } from '../../server/src/glance';

const languages = new Set(['yaml', 'json', 'jsonc', 'pbtxt']);

/** Languages in which data and runs are named where they are used; the server takes them once it knows any. */
const codeLanguages = new Set(['python', 'r', 'sql', 'shellscript', 'dockerfile']);

/** Whether a document is code, in a file or in the cell of a notebook. */
export const isCode = ({ languageId, uri }: TextDocument): boolean =>
  codeLanguages.has(languageId) && (uri.scheme === 'file' || uri.scheme === 'vscode-notebook-cell');

/** What trackers leave in a folder, and what ours are called. */
const MARK = /^(\.dvc|dvc\.yaml|mlruns|mlflow\.db|wandb|.+\.(odcs|experiment)\.(ya?ml|json))$/i;

/** Whether one of the names in a folder says that it holds contracts, manifests or a tracker's files. */
export const isMarked = (names: readonly string[]): boolean => names.some((name) => MARK.test(name));

/** How far a foreign file is read before it is left alone. */
const FIRST_LINES = 30;

/**
 * Whether a document is one that Plumbline serves, by its name or by its first lines. The server decides by its parsers;
 * the stub has none, so that it stays a stub, and at worst wakes the server for a file that is then left alone.
 */
export function kindOf(document: TextDocument): OurKind | undefined {
  if (!languages.has(document.languageId)) return undefined;
  const top = document.lineAt(Math.min(FIRST_LINES, document.lineCount) - 1).range.end;
  return glanceOf(document.uri.path, document.getText().slice(0, document.offsetAt(top)));
}
