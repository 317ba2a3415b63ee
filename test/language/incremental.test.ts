import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { completionsAt } from '../../server/src/language/completion';
import { diagnosticsIn } from '../../server/src/language/diagnostics';
import { symbolsOf } from '../../server/src/language/document-symbols';
import { hoverAt } from '../../server/src/language/hover';
import { Document } from '../../server/src/workspace/document';
import { dealt, fuzz } from '../fuzz';
import { sequence } from '../random';

const typed = [
  ...['x', '\n', ': ', '- ', '"', '# ', '[', '|\n', '&a ', '*a', 'required: maybe\n', '      - name: extra\n'],
  ...['        primaryKey: true\n        primaryKeyPosition: 1\n', 'unit: percent\n', '        requird: true\n', ' -1'],
  ...[
    '        quality: [{metric: rowCount, mustBe: -1}]\n',
    '        examples: [a, null]\n',
    'v3.0.2',
    '  - name: t\n',
  ],
];

const column = (i: number): string =>
  `      - name: c${i}\n        logicalType: integer\n        logicalTypeOptions: {minimum: ${i}, maximum: 30}\n        quality:\n          - metric: nullValues\n            mustBe: ${i % 3}\n`;
const wide = `apiVersion: v3.1.0\nkind: DataContract\nid: a\nname: a\nversion: 1.0.0\nstatus: active\nschema:\n  - name: one\n    properties:\n${Array.from({ length: 40 }, (_, i) => column(i)).join('')}`;

/** All that an editor shows of a document without asking anybody else. */
const shown = (document: Document, offset: number): unknown => [
  diagnosticsIn(document),
  completionsAt(document, offset),
  hoverAt(document, offset, {}),
  symbolsOf(document),
];

/** Holds documents that take so many random edits of all against those that are opened with the same text. */
function hold(texts: readonly string[], edits: number, seed: number): void {
  const random = sequence(seed);
  const pick = (below: number): number => Math.floor(random() * below);
  for (const [original, rounds] of dealt(texts, edits)) {
    let text = original;
    let document = new Document('file:///edited.odcs.yaml', 0, text);
    for (let round = 1; round <= rounds; round++) {
      const before = round % 8 === 0 ? original : text;
      const at = pick(before.length);
      const from = random() < 0.5 ? before.lastIndexOf('\n', at) + 1 : at;
      const gone = random() < 0.3 ? pick(60) : 0;
      text = before.slice(0, from) + (typed[pick(typed.length)] ?? '') + before.slice(from + gone);
      document = document.next(round, text);
      const fresh = new Document('file:///edited.odcs.yaml', round, text);
      assert.deepEqual(shown(document, from), shown(fresh, from), `seed ${seed}, round ${round}:\n${text}`);
    }
  }
}

const textsIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /odcs\.ya?ml$/.test(name))
    .toSorted()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .filter((text) => text.length < 60_000);

describe('language of an edited document', () => {
  it('is that of one that was opened with the same text', function () {
    this.timeout(60_000);
    hold([wide], 60, 21);
    hold(textsIn('test/fixtures/rules').slice(0, 30), 5 * 30, 22);
  });

  it('reads a version anew that was left behind', () => {
    const first = new Document('file:///edited.odcs.yaml', 0, wide);
    const place = (document: Document): unknown => symbolsOf(document).map(({ span }) => span);
    const before = place(first);
    const second = first.next(1, wide.replace('status: active\n', 'status: active\ntenant: t\n'));
    assert.notDeepEqual(place(second), before);
    assert.deepEqual(place(first), before);
  });
});

const corpus = '../shared/corpus/odcs';
const corpora = existsSync(corpus) ? textsIn(corpus) : [];
if (corpora.length > 0) {
  describe('language of an edited document over the corpus', () => {
    it('is that of one that was opened with the same text', function () {
      this.timeout(120_000);
      hold(corpora, 4 * corpora.length, 23);
    });
  });
}

if (fuzz) {
  const { edits, seed } = fuzz;
  describe(`language of a document by ${edits} edits from seed ${seed}`, () => {
    it('is that of one that was opened with the same text', function () {
      this.timeout(0);
      hold([wide, ...textsIn('test/fixtures'), ...corpora], edits, seed);
    });
  });
}
