import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { diagnosticsOf } from '../../server/src/language/diagnostics';

const mistakes = '../shared/corpus/mistakes/odcs';
const official = '../shared/corpus/odcs/examples';

interface Expected {
  readonly lines: readonly number[];
  readonly words: readonly string[];
}

const diagnosticsIn = (folder: string, file: string) =>
  diagnosticsOf(file, readFileSync(`${folder}/${file}`, 'utf8')).diagnostics;

if (existsSync(mistakes))
  describe('language on the seeded mistakes', () => {
    const expected: Readonly<Record<string, Expected>> = JSON.parse(readFileSync(`${mistakes}/expected.json`, 'utf8'));
    for (const [name, { lines, words }] of Object.entries(expected)) {
      it(`finds ${name} on its line, and nothing else of weight far from it`, () => {
        const found = diagnosticsIn(mistakes, `${name}.odcs.yaml`);
        const here = found.filter(({ range }) =>
          lines.some((line) => range.start.line <= line && line <= range.end.line),
        );
        const told = here.some(({ message }) =>
          words.some((word) => message.toLowerCase().includes(word.toLowerCase())),
        );
        assert.ok(told, `on lines ${lines}: ${JSON.stringify(here)}; elsewhere: ${found.length - here.length}`);
        assert.ok(found.length - here.length <= 1, JSON.stringify(found));
      });
    }

    it('says nothing of the contract without a mistake', () => {
      assert.deepEqual(diagnosticsIn(mistakes, 'clean.odcs.yaml'), []);
    });
  });

if (existsSync(official))
  describe('language on the official examples', () => {
    const files = readdirSync(official, { recursive: true }).map(String);
    for (const file of files.filter((name) => name.endsWith('.odcs.yaml') && !name.startsWith('negative'))) {
      it(`finds no error of meaning in ${file}`, () => {
        const errors = diagnosticsIn(official, file).filter(
          ({ code, severity }) => severity === 'error' && !code.startsWith('schema/'),
        );
        assert.deepEqual(errors, []);
      });
    }
  });
