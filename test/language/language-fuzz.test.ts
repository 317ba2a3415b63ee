import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { codeActionsIn } from '../../server/src/language/code-actions';
import { lensesOf } from '../../server/src/language/code-lens';
import { completionsAt } from '../../server/src/language/completion';
import { diagnosticsIn } from '../../server/src/language/diagnostics';
import { type DocumentSymbol, symbolsOf } from '../../server/src/language/document-symbols';
import { hoverAt } from '../../server/src/language/hover';
import type { Span } from '../../server/src/text/tree';
import { Document } from '../../server/src/workspace/document';
import { applied } from '../editor-text';
import { sequence } from '../random';

const rounds = 300;
const pieces = [
  '- ',
  ': ',
  '\n',
  '  ',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '# ',
  '&a ',
  '*a',
  '<<: *a\n',
  '|\n',
  '\t',
  '\r\n',
];
const words = ['name', 'quality:', 'null', 'schema', '- metric: ', 'mustBe: 1', 'relationships: [{to: a.b}]', '🛒'];

describe('language under random edits', () => {
  it('neither throws nor answers out of range', () => {
    const random = sequence(7);
    const pick = (below: number) => Math.floor(random() * below);
    const clean = readFileSync('test/fixtures/rules/clean.odcs.yaml', 'utf8');
    let text = clean;
    for (let round = 0; round < rounds; round++) {
      if (round % 25 === 0) text = clean;
      const all = [...pieces, ...words];
      const at = pick(text.length);
      text = text.slice(0, at) + (all[pick(all.length)] ?? '') + text.slice(at + pick(6));
      const document = new Document('file:///fuzzed.odcs.yaml', round, text);
      const offset = pick(text.length + 1);
      for (const span of spansOf(document, offset)) {
        const inside = span.start >= 0 && span.start <= span.end && span.end <= text.length;
        assert.ok(inside, `round ${round}: ${span.start}–${span.end} of ${text.length}`);
      }
    }
  });
});

function spansOf(document: Document, offset: number): readonly Span[] {
  const diagnostics = diagnosticsIn(document);
  const completions = completionsAt(document, offset);
  const hover = hoverAt(document, offset);
  const actions = codeActionsIn(document, { start: 0, end: document.text.length }, ['quickfix', 'source']);
  for (const { edits } of actions) applied(document.text, edits);
  return [
    ...diagnostics.flatMap(({ span, related }) => [span, ...related.map((other) => other.span)]),
    ...completions.map(({ span }) => span),
    ...(hover ? [hover.span] : []),
    ...lensesOf(document).map(({ span }) => span),
    ...symbolsOf(document).flatMap(spansIn),
    ...actions.flatMap(({ edits }) => edits.map(({ span }) => span)),
  ];
}

function spansIn({ span, selection, children }: DocumentSymbol): readonly Span[] {
  assert.ok(span.start <= selection.start && selection.end <= span.end, 'a selection lies outside its symbol');
  return [span, selection, ...children.flatMap(spansIn)];
}
