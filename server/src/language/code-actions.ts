import type { Edit } from '../text/edit';
import type { Span } from '../text/tree';
import type { Document } from '../workspace/document';
import type { Judgements } from './claims';
import type { ContractBase } from './contract-bases';
import { type Diagnostic, diagnosticsIn } from './diagnostics';

/** A change that is offered to the person. */
export interface CodeAction {
  readonly title: string;
  readonly kind: 'quickfix' | 'source.fixAll.plumbline';
  readonly edits: readonly Edit[];
  /** What it mends. */
  readonly diagnostics: readonly Diagnostic[];
  /** The one right answer, which an editor applies without asking. */
  readonly preferred: boolean;
}

/**
 * Fixes of what is wrong in a span of the text.
 *
 * @param only Kinds, or the beginnings of kinds, that are asked for. The fix of all that has one right answer is given
 * only to whoever asks for it.
 * @param judged Claims of a manifest. Which of two is right is a person's to say, so that they are no part of the fix of all.
 * @param base What a contract is compared with.
 */
export function codeActionsIn(
  document: Document,
  { start, end }: Span,
  only: readonly string[] = ['quickfix'],
  judged?: Judgements,
  base?: ContractBase,
): readonly CodeAction[] {
  const here = diagnosticsIn(document, undefined, judged, base).filter(
    ({ span }) => span.start <= end && start <= span.end,
  );
  const all = only.some((kind) => kind.startsWith('source')) ? allFixes(document) : [];
  return [...here.flatMap(fixesOf), ...all].filter(({ kind }) =>
    only.some((wanted) => wanted === '' || kind === wanted || kind.startsWith(`${wanted}.`)),
  );
}

const fixesOf = (diagnostic: Diagnostic): readonly CodeAction[] =>
  diagnostic.fixes.map(({ title, edits }, index) => ({
    title,
    kind: 'quickfix',
    edits,
    diagnostics: [diagnostic],
    preferred: index === 0,
  }));

/** Edits that would overlap earlier ones wait for the next time. */
function allFixes(document: Document): readonly CodeAction[] {
  const edits: Edit[] = [];
  const mended: Diagnostic[] = [];
  for (const diagnostic of diagnosticsIn(document)) {
    const [fix, ...others] = diagnostic.fixes;
    if (!fix || others.length > 0 || fix.edits.some((edit) => edits.some((done) => overlap(edit.span, done.span))))
      continue;
    edits.push(...fix.edits);
    mended.push(diagnostic);
  }
  if (mended.length < 2) return [];
  const title = `Fix all ${mended.length} findings that have one fix`;
  return [{ title, kind: 'source.fixAll.plumbline', edits, diagnostics: mended, preferred: false }];
}

const overlap = (a: Span, b: Span): boolean => a.start <= b.end && b.start <= a.end;
