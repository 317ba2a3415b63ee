import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProfile } from '../../server/src/data/profile';
import { drift, sessionOf } from './drifting';

const text = `city,v\n${'Zürich,1\nKöln,2\n'.repeat(50)}`;

describe('texts in other encodings', function () {
  this.timeout(20_000);
  let folder: string;
  const at = (name: string) => join(folder, name);
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'plumbline-encodings-'));
    writeFileSync(at('utf8.csv'), text);
    writeFileSync(at('latin.csv'), Buffer.from(text, 'latin1'));
    writeFileSync(at('utf16.csv'), Buffer.from(`\uFEFF${text}`, 'utf16le'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const name of ['latin.csv', 'utf16.csv']) {
    it(`do not drift from the same in UTF-8 (${name}), on either side`, async () => {
      for (const [reference, current] of [
        ['utf8.csv', name],
        [name, 'utf8.csv'],
      ] as const) {
        const report = await drift(at(reference), at(current), { preset: 'evidently' });
        assert.deepEqual(
          report.columns.map(({ column, drifted }) => [column, drifted]),
          [
            ['city', false],
            ['v', false],
          ],
        );
        assert.match((report.notes ?? []).join(), new RegExp(`${name} is .*, and was read as that`));
      }
    });

    it(`are profiled as what they say (${name})`, async () => {
      const report = await runProfile({ kind: 'profile', ref: at(name), folder }, sessionOf());
      const top = report.columns[0]?.top.map(({ value }) => value).toSorted();
      assert.deepEqual(top, ['Köln', 'Zürich']);
    });
  }
});
