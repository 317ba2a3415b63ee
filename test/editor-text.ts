import { Lines } from '../server/src/text/lines';
import type { Span } from '../server/src/text/tree';

/** A finding in whatever shape it comes, as far as a person sees it. */
export interface Shown {
  readonly code: string;
  readonly severity: string;
  readonly span: Span;
  readonly message: string;
  readonly fix?: { readonly title: string; readonly edits: readonly { readonly span: Span; readonly text: string }[] };
  readonly related?: readonly { readonly span: Span; readonly message: string }[];
}

/** Findings as an editor draws them, in the order of the text, each fix with the lines that it makes. */
export function drawn(name: string, text: string, findings: readonly Shown[]): string {
  const lines = new Lines(text);
  const ordered = findings.toSorted((a, b) => a.span.start - b.span.start || (a.code < b.code ? -1 : 1));
  if (ordered.length === 0) return `${name}: nothing\n`;
  return `${ordered.map((finding) => one(name, text, lines, finding)).join('\n\n')}\n`;
}

function one(name: string, text: string, lines: Lines, { code, severity, span, message, fix, related }: Shown): string {
  const { start, end } = lines.range(span);
  const source = text.split(/\r\n|\n|\r/)[start.line] ?? '';
  const gutter = String(start.line + 1).padStart(3);
  const length = end.line > start.line ? source.length - start.character : end.character - start.character;
  const mark = `${' '.repeat(start.character)}${'^'.repeat(Math.max(1, length))}`;
  return [
    `${name}:${start.line + 1}:${start.character + 1} ${severity} ${code}`,
    `${gutter} │ ${source}`,
    `    │ ${mark} ${message}`,
    ...(related ?? []).map((other) => `    = line ${lines.position(other.span.start).line + 1}: ${other.message}`),
    ...(fix
      ? [`    = fix: ${fix.title}`, ...changed(text, applied(text, fix.edits)).map((line) => `      ${line}`)]
      : []),
  ].join('\n');
}

/** The text with edits made, whatever order they come in. */
export const applied = (text: string, edits: readonly { readonly span: Span; readonly text: string }[]): string =>
  edits
    .toSorted((a, b) => b.span.start - a.span.start)
    .reduce((done, edit) => done.slice(0, edit.span.start) + edit.text + done.slice(edit.span.end), text);

/** The lines between the first and the last that differ. */
function changed(before: string, after: string): readonly string[] {
  const old = before.split(/\r\n|\n/);
  const now = after.split(/\r\n|\n/);
  let first = 0;
  while (first < now.length && old[first] === now[first]) first++;
  let last = 0;
  while (last < now.length - first && last < old.length - first && old.at(-1 - last) === now.at(-1 - last)) last++;
  const gone = old.slice(first, old.length - last).map((line) => `- ${line}`);
  return [...gone, ...now.slice(first, now.length - last).map((line) => `+ ${line}`)];
}
