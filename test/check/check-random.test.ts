import assert from 'node:assert/strict';
import { sequence } from '../random';
import { checkText, tableContract } from './checking';

type Cell = string | undefined;
type Table = readonly (readonly [Cell, Cell])[];

const words = ['DE', 'de', 'US', 'N/A', 'é', '😀x', '7', '7.0', '-3', '12', 'x y', "o'k", '%'];

function tableOf(random: () => number): Table {
  const rows = Math.floor(random() * 40);
  const cell = () => (random() < 0.2 ? undefined : words[Math.floor(random() * words.length)]);
  return Array.from({ length: rows }, () => [cell(), cell()] as const);
}

const csvOf = (table: Table) => `v,w\n${table.map(([v = '', w = '']) => `${v},"${w}"\n`).join('')}`;

const present = (table: Table): readonly string[] => table.flatMap(([v]) => v ?? []);

/** The three numbers of duplicates, counted by hand. */
function duplicates(keys: readonly (string | undefined)[]) {
  const counts = new Map<string, number>();
  for (const key of keys) if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
  const repeated = [...counts.values()].filter((count) => count > 1);
  const rows = repeated.reduce((sum, count) => sum + count, 0);
  return { keys: repeated.length, surplus: rows - repeated.length, rows, used: 'keys' };
}

const wholeNumber = (word: string): number | undefined => (Number.isInteger(Number(word)) ? Number(word) : undefined);

const rules: readonly (readonly [string, (table: Table) => unknown])[] = [
  ['{metric: nullValues}', (table) => table.length - present(table).length],
  [
    '{metric: missingValues, arguments: {missingValues: [N/A, 7]}}',
    (table) => table.filter(([v]) => v === undefined || v === 'N/A' || v === '7').length,
  ],
  [
    '{metric: invalidValues, arguments: {validValues: [DE, é, "7"]}}',
    (table) => present(table).filter((v) => !['DE', 'é', '7'].includes(v)).length,
  ],
  [
    '{metric: invalidValues, arguments: {pattern: "^[A-Z]{2}$"}}',
    (table) => present(table).filter((v) => !/^[A-Z]{2}$/u.test(v)).length,
  ],
  [
    '{metric: invalidValues, arguments: {pattern: "^(?!D)..$"}}',
    (table) => present(table).filter((v) => !/^(?!D)..$/u.test(v)).length,
  ],
  [
    '{metric: invalidValues, arguments: {validValues: [US, 12], pattern: "^(?=.)\\\\w+$"}}',
    (table) => present(table).filter((v) => !['US', '12'].includes(v) || !/^(?=.)\w+$/u.test(v)).length,
  ],
  ['{metric: duplicateValues}', (table) => duplicates(table.map(([v]) => v))],
];

describe('metrics on random tables, against a count by hand', () => {
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    it(`seed ${seed}`, async () => {
      const random = sequence(seed);
      const table = tableOf(random);
      const quality = rules
        .map(([rule], index) => `    - ${rule.replace('{', `{id: r${index}, mustBe: -1, `)}`)
        .join('\n');
      const contract = tableContract(
        `- name: v\n  logicalType: string\n  logicalTypeOptions: {minLength: 2}\n  quality:\n${quality}\n- {name: w, logicalType: integer, unique: true, logicalTypeOptions: {minimum: 0}}`,
        '- {id: pair, metric: duplicateValues, mustBe: -1, arguments: {properties: [v, w]}}\n- {id: rows, metric: rowCount, mustBe: -1}',
      );
      const { one } = await checkText(contract, { 't.csv': csvOf(table) });
      for (const [index, [rule, count]] of rules.entries()) {
        const check = one({ id: `r${index}` });
        assert.deepEqual([check.observed, check.status], [count(table), 'failed'], rule);
      }
      assert.equal(one({ id: 'rows' }).observed, table.length);
      assert.equal(one({ kind: 'minLength' }).observed, present(table).filter((v) => [...v].length < 2).length);
      const numbers = table.map(([, w]) => (w === undefined ? undefined : wholeNumber(w)));
      assert.equal(one({ kind: 'minimum' }).observed, numbers.filter((w) => w !== undefined && w < 0).length);
      assert.equal(
        one({ kind: 'columnType', column: 'w' }).observed,
        table.filter(([, w], row) => w !== undefined && numbers[row] === undefined).length,
      );
      const values = table.map(([, w], row) => (w === undefined ? undefined : String(numbers[row] ?? w)));
      assert.deepEqual(one({ kind: 'unique' }).observed, duplicates(values));
      const pairs = table.map(([v], row) =>
        v === undefined || values[row] === undefined ? undefined : `${v}\n${values[row]}`,
      );
      assert.deepEqual(one({ id: 'pair' }).observed, duplicates(pairs));
    });
  }
});
