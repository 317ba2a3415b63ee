import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckReport } from '../../server/src/protocol';
import { checkFile, checkFiles } from './checking';

// Recorded by generate/record.py with frictionless 5.21.0.

const home = 'test/fixtures/check/frictionless';

interface Recorded {
  readonly valid: boolean;
  /** Resource → error and field → how often. */
  readonly errors: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const expected: Readonly<Record<string, Recorded>> = JSON.parse(readFileSync(join(home, 'expected.json'), 'utf8'));

/** Our failures as frictionless lists its errors. Those of labels and keys have no field there. */
function errorsIn({ checks }: CheckReport): Record<string, Record<string, number>> {
  const found: Record<string, Record<string, number>> = {};
  for (const { table, kind, column, status, unexpectedCount } of checks) {
    found[table] ??= {};
    if (status !== 'failed') continue;
    const hasField = ['type-error', 'constraint-error', 'unique-error', 'missing-label'].includes(kind);
    const key = hasField ? `${kind} ${column}` : kind;
    const of = found[table];
    of[key] = (of[key] ?? 0) + (unexpectedCount ?? 0);
  }
  return found;
}

/** Without the field that a label out of its place stands for, which we count for the table. */
function asCounted(errors: Recorded['errors']): Recorded['errors'] {
  return Object.fromEntries(
    Object.entries(errors).map(([table, counts]) => {
      const merged: Record<string, number> = {};
      for (const [key, count] of Object.entries(counts)) {
        const name = key.startsWith('incorrect-label') ? 'incorrect-label' : key;
        merged[name] = (merged[name] ?? 0) + count;
      }
      return [table, merged];
    }),
  );
}

const fileIn = (folder: string): string =>
  readdirSync(folder).find((name) => /^(datapackage\.|tableschema)/.test(name)) ?? assert.fail(`${folder} has no file`);

describe('checks of frictionless', () => {
  for (const [name, { errors }] of Object.entries(expected)) {
    it(`find in ${name} what frictionless finds`, async () => {
      const folder = join(home, name);
      const data = existsSync(join(folder, 'data.csv')) ? { '': 'data.csv' } : undefined;
      const { report } = await checkFile(join(folder, fileIn(folder)), { job: data ? { data } : {} });
      const unjudged = report.checks.filter(({ status }) => status === 'error' || status === 'skipped');
      assert.deepEqual(
        unjudged.map(({ id, message }) => `${id}: ${message}`),
        [],
      );
      assert.deepEqual(errorsIn(report), asCounted(errors));
    });
  }

  it('begin with the word that asks, and show the row', async () => {
    const schema = '{"fields": [{"name": "a", "type": "integer", "constraints": {"minimum": 3}}]}';
    const { report, one } = await checkFiles(
      'tableschema.json',
      { 'tableschema.json': schema, 'd.csv': 'a\n5\n1\nx\n' },
      { job: { data: { '': 'd.csv' } } },
    );
    assert.deepEqual(
      report.checks.filter(({ status }) => status === 'failed').map(({ id, message }) => `${id}: ${message}`),
      [
        'data/a/type-error: Field "a" should be an integer, but 1 of 3 rows cannot be read as one. First: row 3 (x).',
        'data/a/constraint-error: Field "a" should be at least 3, but 1 of 3 rows is below. First: row 2 (1).',
      ],
    );
    const { range } = one({ kind: 'constraint-error' }).location;
    assert.equal(schema.slice(range.start.character, range.end.character), '3');
  });
});
