import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { valuesCounted } from '../../server/src/check/ask';
import { compile, matchesOf, re2Of } from '../../server/src/check/pattern';
import { openDuckDB } from '../../server/src/sql/engines/duckdb';
import { text } from '../../server/src/sql/fragment';
import { checkText, tableContract } from './checking';

const alike = [
  '^[A-Z]{2}$',
  '^\\d+-\\d+$',
  '^N[0-9A-Z]{2,5}$',
  'a.b',
  '^.$',
  '^.*$',
  '.',
  'x$',
  '^$',
  '^\\s*$',
  '\\s',
  '\\S',
  '^[\\s]+$',
  '[^a]',
  '^[^\\s]+$',
  'a|b|',
  '(ab)+',
  '(?:ab)*c',
  '(?<year>\\d{4})',
  '^\\w+@\\w+\\.\\w+$',
  '\\.',
  '\\/',
  '\\bfoo\\b',
  '\\Boo',
  'é+',
  '😀',
  '[😀é]',
  '^[À-ÿ]+$',
  'a{2}',
  'a{2,}',
  'a{0,3}?',
  'a+?b',
  'a??b',
  '\\t',
  '[\\t\\n]',
  '\\x41',
  '\\u00e9',
  '\\u{1F600}',
  '[a-c\\-x]',
  '[-a]',
  '[a-]',
  '[.]',
  '[\\]]',
  '[[]',
  '[&~]',
  '^\\d{3}\\-\\d{4}$',
  '(a|b){3}',
  '[\\d_]',
  '[^\\d]',
  '^(?:[a-z]{1,3}\\.){2}$',
  '\\^',
  '[\\^a]',
  "it's",
  '\\n$',
  'a$|^b',
  '\\D',
  '\\W',
  '[\\w.]+',
  '\\r',
  '^[\\x00-\\x7f]*$'.replace('\\x00', ' '),
];
const subjects = [
  '',
  'a',
  'b',
  'ab',
  'abab',
  'aab',
  'aaab',
  'abc',
  'AB',
  'DE',
  'de',
  'ABC',
  '12-34',
  '12-',
  '555-1234',
  '2024',
  'x',
  'ax',
  'x\n',
  '\n',
  'a\nb',
  'a\rb',
  'a\u2028b',
  '\u2028',
  ' ',
  '\t',
  '\u00a0',
  '\ufeff',
  '\u3000',
  'foo',
  'a foo b',
  'afoob',
  'boo',
  'é',
  'éé',
  'e\u0301',
  '😀',
  '😀😀',
  'a😀',
  'ÀÿÖ',
  'N12345',
  'N1',
  'a@b.co',
  'a/b',
  '.',
  '-',
  '_',
  ']',
  '[',
  '&',
  '~',
  '^',
  "it's",
  'A',
  'abc.de.',
  'a.b',
  '\\',
  'a\\b',
  '"',
  '\u200b',
  'ÿ',
  '0',
  '٣',
  'K',
  'ſ',
];

describe('patterns', () => {
  it('means in RE2 what it means in ECMA-262', async () => {
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    for (const pattern of alike) {
      const re2 = re2Of(pattern);
      assert.ok(re2 !== undefined, `${pattern} should be run by the engine`);
      const values = subjects.map((subject, index) => `(${index}, ${text(subject)})`).join(', ');
      const reader = await connection.runAndReadAll(
        `SELECT regexp_matches(s, ${text(re2)}) FROM (VALUES ${values}) t(i, s) ORDER BY i`,
      );
      const regex = compile(pattern);
      const wrong = subjects.filter((subject, index) => reader.getRows()[index]?.[0] !== regex?.test(subject));
      assert.deepEqual(wrong, [], `${pattern} as ${re2}`);
    }
    connection.closeSync();
  });

  for (const pattern of [
    '^(?!X)[A-Z]{2}$',
    '(?=a)b',
    '(?<=a)b',
    '(?<!a)b',
    '(a)\\1',
    '(?<n>a)\\k<n>',
    '\\p{L}',
    '\\cA',
    '[\\S\\s]',
    '[\\b]',
    'a{1001}',
    '((a{40}){40}){2}',
    '\\0',
    '\\u{D800}',
    '[]',
    '[^]',
    'a\\_é',
  ]) {
    it(`leaves ${pattern} to JavaScript`, () => {
      assert.ok(compile(pattern), 'it is a pattern');
      assert.equal(re2Of(pattern), undefined);
    });
  }

  it('knows what is no pattern', () => {
    for (const wrong of ['(', '[', 'a**', '(?<n', '*']) assert.equal(compile(wrong), undefined, wrong);
  });

  it('ends a pattern that never would', async () => {
    const begun = performance.now();
    const signal = new AbortController().signal;
    const found = await matchesOf(/^(a+)+$/u, [`${'a'.repeat(50)}!`], { milliseconds: 300, signal });
    assert.equal(found, undefined);
    assert.ok(performance.now() - begun < 3000);
  });

  it('stops when the job is cancelled', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 100);
    const begun = performance.now();
    assert.equal(
      await matchesOf(/^(a+)+$/u, [`${'a'.repeat(50)}!`], { milliseconds: 60_000, signal: abort.signal }),
      undefined,
    );
    assert.ok(performance.now() - begun < 3000);
  });
});

describe('a pattern of a contract', () => {
  const contract = (pattern: string) =>
    tableContract(`- name: code\n  logicalType: string\n  logicalTypeOptions: {pattern: '${pattern}'}`);
  const csv = 'code\nDE\nXX\nXX\nde\n\n';

  it('is run by the engine where it can be', async () => {
    const { one, statements } = await checkText(contract('^[A-Z]{2}$'), { 't.csv': csv });
    const check = one({ kind: 'pattern' });
    assert.deepEqual(
      [check.status, check.observed, check.samples],
      ['failed', 1, [{ row: 4, values: { code: 'de' } }]],
    );
    assert.equal(statements.filter((sql) => sql.includes('GROUP BY')).length, 0);
  });

  it('is run by JavaScript over distinct values where it cannot be, with the same rows told', async () => {
    const { one } = await checkText(contract('^(?!X)[A-Z]{2}$'), { 't.csv': csv });
    const check = one({ kind: 'pattern' });
    assert.deepEqual([check.status, check.observed], ['failed', 3]);
    assert.deepEqual(
      check.samples.map(({ row }) => row),
      [2, 3, 4],
    );
    assert.equal(
      check.message,
      'Column "code" should be like ^(?!X)[A-Z]{2}$, but 3 of 5 rows are not. First: row 2 (XX).',
    );
  });

  it('that is none is an error of its own', async () => {
    const { one } = await checkText(contract('['), { 't.csv': csv });
    assert.deepEqual(
      [one({ kind: 'pattern' }).status, one({ kind: 'pattern' }).message],
      ['error', '"[" is not a valid regular expression.'],
    );
    assert.equal(one({ kind: 'columnPresent' }).status, 'passed');
  });

  it('that never ends is refused after its time', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plumbline-pattern-'));
    const engine = await openDuckDB({ folders: [folder], temporary: folder });
    const relation = `(SELECT '${'a'.repeat(40)}!' AS code)`;
    const scope = { relation, numbered: relation, unit: 'row' } as const;
    const wanted = { text: 'code', bad: 'false', test: { by: 'pattern', pattern: '^(?!x)(a+)+$' } } as const;
    const { signal } = new AbortController();
    const answer = await valuesCounted(engine, scope, wanted, 1, signal, 300);
    assert.deepEqual(answer, {
      error:
        'The pattern ^(?!x)(a+)+$ took longer than 0.3 seconds. Write it so that a text can match in one way only.',
    });
    engine.close();
    rmSync(folder, { recursive: true });
  });

  it('over more values than are held at once counts each row once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plumbline-pattern-'));
    const engine = await openDuckDB({ folders: [folder], temporary: folder });
    const relation = "(SELECT 'v' || i % 300000 AS code FROM range(450000) t(i))";
    const scope = { relation, numbered: relation, unit: 'row' } as const;
    const wanted = { text: 'code', bad: "code = 'v3'", test: { by: 'pattern', pattern: '^(?!v1$)' } } as const;
    const answer = await valuesCounted(engine, scope, wanted, 450_000, new AbortController().signal);
    assert.equal('value' in answer && answer.value.broken, 4);
    engine.close();
    rmSync(folder, { recursive: true });
  });
});
