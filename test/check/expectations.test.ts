import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sequence } from '../random';
import { type Checked, checkFile, checkText, tableContract, writeParquet } from './checking';

type Kwargs = Readonly<Record<string, unknown>>;
type Wish = readonly [type: string, kwargs: Kwargs, more?: object];

/** Checks a suite on a Parquet file that a query makes, or on a CSV text. */
async function checkSuite(
  suite: object,
  data: { readonly query: string } | { readonly csv: string },
): Promise<Checked> {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-suite-'));
  try {
    const file = join(folder, 'query' in data ? 'data.parquet' : 'data.csv');
    if ('query' in data) await writeParquet(file, data.query);
    else writeFileSync(file, data.csv);
    const path = join(folder, 'suite.json');
    writeFileSync(path, JSON.stringify(suite));
    return await checkFile(path, { job: { data: { '': file } } });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const suiteOf = (...expectations: readonly Wish[]) => ({
  name: 'orders',
  expectations: expectations.map(([type, kwargs, more]) => ({ type, kwargs, ...more })),
  meta: { great_expectations_version: '1.24.1' },
});

const query = "SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (3, NULL)) AS t(x, s)";

/** Status and message of each check of a suite on three rows of `x` and `s`. */
async function ends(...expectations: readonly Wish[]): Promise<readonly string[]> {
  const { report } = await checkSuite(suiteOf(...expectations), { query });
  return report.checks.map(({ status, message }) => `${status} ${message}`);
}

describe('expectations', () => {
  it('end as the table of severities says', async () => {
    const wish = ['expect_column_max_to_be_between', { column: 'x', max_value: 2 }] as const;
    const { report } = await checkSuite(
      suiteOf([...wish, { severity: 'critical' }], [...wish, { severity: 'warning' }], [...wish, { severity: 'info' }]),
      { query },
    );
    assert.deepEqual(
      report.checks.map(({ status, severity }) => [status, severity]),
      [
        ['failed', 'error'],
        ['warning', 'warning'],
        ['warning', 'info'],
      ],
    );
  });
  it('are read in the form of 0.18', async () => {
    const suite = {
      expectation_suite_name: 'old',
      expectations: [
        { expectation_type: 'expect_column_values_to_not_be_null', kwargs: { column: 's', mostly: null }, meta: {} },
        {
          expectation_type: 'expect_column_max_to_be_between',
          kwargs: { column: 's', max_value: '2024-01-31', parse_strings_as_datetimes: true },
          meta: {},
        },
      ],
      meta: { great_expectations_version: '0.18.22' },
    };
    const { report } = await checkSuite(suite, {
      query: "SELECT * FROM (VALUES ('2024-01-05'), ('2024-1-30')) AS t(s)",
    });
    assert.deepEqual(
      report.checks.map(({ id, table, kind, status, observed }) => [id, table, kind, status, observed]),
      [
        ['old/s/expect_column_values_to_not_be_null', 'old', 'expect_column_values_to_not_be_null', 'passed', 0],
        [
          'old/s/expect_column_max_to_be_between',
          'old',
          'expect_column_max_to_be_between',
          'passed',
          '2024-01-30T00:00:00',
        ],
      ],
    );
  });
  it('are skipped where nobody here can run them, with the reason', async () => {
    assert.deepEqual(
      await ends(
        ['expect_column_values_to_be_prime', { column: 'x' }],
        ['expect_query_results_to_match_comparison', {}],
        ['expect_column_max_to_be_between', { column: 'x', max_value: { $PARAMETER: 'top' } }],
        ['expect_column_max_to_be_between', { column: 'x', max_value: 1, row_condition: 'x.abs() > 1' }],
        ['expect_table_row_count_to_equal_other_table', { other_table_name: 'customers' }],
      ),
      [
        'skipped "expect_column_values_to_be_prime" is no core expectation that Plumbline knows.',
        'skipped It compares with another data source of Great Expectations, which Plumbline cannot reach.',
        'skipped "max_value" is a parameter of the suite, whose value is known when Great Expectations runs.',
        'skipped The row condition x.abs() > 1 is more than Plumbline can read: compare columns with values, joined by and, or, not.',
        'skipped Table "customers" is not in this file, so its rows cannot be counted.',
      ],
    );
  });
  it('that are wrong are errors, and the others go on', async () => {
    assert.deepEqual(
      await ends(
        ['expect_column_max_to_be_between', { column: 'nope', max_value: 1 }],
        ['expect_column_mean_to_be_between', { column: 's', max_value: 1 }],
        ['expect_column_max_to_be_between', { column: 'x', max_vale: 1 }],
        ['expect_column_values_to_be_between', { column: 'x', min_value: 'a' }],
        ['expect_column_values_to_match_regex', { column: 's', regex: '(' }],
        ['expect_column_values_to_match_like_pattern', { column: 's', like_pattern: '%', escape: 'two' }],
        ['expect_column_max_to_be_between', { column: 'x', max_value: 9, row_condition: 'y > 1' }],
        ['expect_table_row_count_to_equal', { value: 3 }],
      ),
      [
        'error Column "nope" is not in the data, so this cannot be checked.',
        'error Column "s" is VARCHAR; the expectation is about numbers.',
        'error expect_column_max_to_be_between has no argument "max_vale". Did you mean "max_value"?',
        'error Column "x" is INTEGER and cannot be compared with "a".',
        'error "(" is no regular expression that Plumbline can run.',
        'error The data could not be asked: Syntax Error: Invalid escape string. Escape string must be empty or one character.',
        'error The row condition names the column "y", which is not in the data.',
        'passed Table "orders" has 3 rows, and the expectation says = 3.',
      ],
    );
  });
  it('that are none are errors too', async () => {
    const suite = { ...suiteOf(), expectations: ['expect_column_to_exist', null, { kwargs: {} }] };
    const { report } = await checkSuite(suite, { query });
    assert.deepEqual(
      report.checks.map(({ status }) => status),
      ['error', 'error', 'error'],
    );
  });
  it('of all kinds of figures are counted in one pass', async () => {
    const { statements } = await checkSuite(
      suiteOf(
        ['expect_column_values_to_not_be_null', { column: 'x' }],
        ['expect_column_values_to_be_between', { column: 'x', min_value: 0 }],
        ['expect_column_mean_to_be_between', { column: 'x', min_value: 0 }],
        ['expect_column_values_to_match_regex', { column: 's', regex: '^[ab]$' }],
        ['expect_column_distinct_values_to_contain_set', { column: 's', value_set: ['a'] }],
        ['expect_column_pair_values_to_be_equal', { column_A: 'x', column_B: 'x' }],
        ['expect_table_row_count_to_be_between', { min_value: 1 }],
        ['expect_table_columns_to_match_set', { column_set: ['x', 's'] }],
      ),
      { query },
    );
    assert.equal(statements.length, 1);
  });
  it('read a CSV file as pandas does', async () => {
    const { report } = await checkSuite(
      suiteOf(
        ['expect_column_values_to_be_between', { column: 'n', min_value: 2 }],
        ['expect_column_values_to_be_of_type', { column: 'd', type_: 'str' }],
        ['expect_column_values_to_not_be_null', { column: 's' }],
        ['expect_column_values_to_be_in_set', { column: 'b', value_set: [true] }],
      ),
      { csv: 'n,d,s,b\n10,2024-01-05,NA,True\n9,2024-01-06,x,False\n' },
    );
    assert.deepEqual(
      report.checks.map(({ status, unexpectedCount }) => [status, unexpectedCount]),
      [
        ['passed', 0],
        ['passed', null],
        ['failed', 1],
        ['failed', 1],
      ],
    );
  });
  it('keep a query of rows within one SELECT', async () => {
    const found = await ends(
      ['unexpected_rows_expectation', { unexpected_rows_query: 'SELECT * FROM {batch} WHERE x > 2' }],
      ['unexpected_rows_expectation', { unexpected_rows_query: 'SELECT * FROM {batch} WHERE x > 5;' }],
      ['unexpected_rows_expectation', { unexpected_rows_query: 'SELECT 1); DROP TABLE orders; SELECT (1' }],
    );
    assert.match(found[0] ?? '', /^failed The query should find no rows in table "orders", but finds 1\.$/);
    assert.match(found[1] ?? '', /^passed /);
    assert.match(found[2] ?? '', /^error /);
  });
  it('stand in rules of a contract, about its columns in its types', async () => {
    const rule = (more: string) => `  - {type: custom, engine: greatExpectations, ${more}}`;
    const contract = tableContract(
      [
        '- name: amount',
        '  logicalType: number',
        '  quality:',
        rule('implementation: {type: expect_column_values_to_be_between, kwargs: {minValue: 5}}'),
        rule(
          'id: mine, severity: warning, implementation: {expectation_type: expect_column_sum_to_be_between, kwargs: {max_value: 10}}',
        ),
      ].join('\n'),
      "- {type: custom, engine: great-expectations, implementation: 'type: expect_table_row_count_to_equal\n\n  kwargs: {value: 3}'}",
    );
    const { report } = await checkText(contract, { 't.csv': 'amount\n10\n9\nx\n' });
    const own = report.checks.filter(({ kind }) => kind.startsWith('expect_'));
    assert.deepEqual(
      own.map(({ id, kind, column, status, unexpectedCount, observed }) => [
        id,
        kind,
        column,
        status,
        unexpectedCount,
        observed,
      ]),
      [
        ['t/amount/expect_column_values_to_be_between', 'expect_column_values_to_be_between', 'amount', 'failed', 1, 1],
        ['mine', 'expect_column_sum_to_be_between', 'amount', 'warning', null, 19],
        ['t/expect_table_row_count_to_equal', 'expect_table_row_count_to_equal', null, 'passed', null, 3],
      ],
    );
  });
});

interface Row {
  readonly x: number | null;
  readonly y: number | null;
  readonly s: string | null;
}

const numbers = [-2, -1.5, 0, 0, 1, 2, 2, 3, 1e9, Number.NaN, null];
const texts = ['a', 'b', 'ab', '', ' ', 'é', '東京', '😀', '7', 'A_b', 'x\ny', null];

function rowsOf(random: () => number): readonly Row[] {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  return Array.from({ length: Math.floor(random() * 60) }, () => ({
    x: pick(numbers),
    y: pick(numbers),
    s: pick(texts),
  }));
}

const sqlOf = (value: number | string | null): string =>
  value === null
    ? 'NULL'
    : typeof value === 'string'
      ? `'${value}'`
      : Number.isNaN(value)
        ? "'NaN'::DOUBLE"
        : String(value);

const queryOf = (rows: readonly Row[]): string =>
  rows.length === 0
    ? 'SELECT 0.5::DOUBLE AS x, 0.5::DOUBLE AS y, NULL::VARCHAR AS s WHERE false'
    : `SELECT x::DOUBLE AS x, y::DOUBLE AS y, s::VARCHAR AS s FROM (VALUES ${rows.map(({ x, y, s }) => `(${sqlOf(x)}, ${sqlOf(y)}, ${sqlOf(s)})`).join(', ')}) AS t(x, y, s)`;

const isThere = <T>(value: T | null): value is T => value !== null && !Number.isNaN(value);
const xs = (rows: readonly Row[]) => rows.map(({ x }) => x).filter(isThere);
const ss = (rows: readonly Row[]) => rows.map(({ s }) => s).filter(isThere);
const either = (rows: readonly Row[]) => rows.filter(({ x, y }) => isThere(x) || isThere(y));

/** How many are unexpected of how many, by hand. */
const byHand: readonly (readonly [string, Kwargs, (rows: readonly Row[]) => readonly [bad: number, of: number]])[] = [
  ['column_values_to_not_be_null', { column: 'x' }, (rows) => [rows.length - xs(rows).length, rows.length]],
  ['column_values_to_be_null', { column: 's' }, (rows) => [ss(rows).length, rows.length]],
  [
    'column_values_to_be_between',
    { column: 'x', min_value: 0, strict_min: true, max_value: 2 },
    (rows) => [xs(rows).filter((x) => !(x > 0 && x <= 2)).length, xs(rows).length],
  ],
  [
    'column_values_to_be_in_set',
    { column: 'x', value_set: [0, 1, '2', null] },
    (rows) => [xs(rows).filter((x) => x !== 0 && x !== 1).length, xs(rows).length],
  ],
  [
    'column_values_to_not_be_in_set',
    { column: 's', value_set: ['a', '', 7] },
    (rows) => [ss(rows).filter((s) => s === 'a' || s === '').length, ss(rows).length],
  ],
  [
    'column_values_to_be_unique',
    { column: 's' },
    (rows) => [ss(rows).filter((s, _, all) => all.filter((other) => other === s).length > 1).length, ss(rows).length],
  ],
  [
    'column_value_lengths_to_be_between',
    { column: 's', min_value: 1, max_value: 2 },
    (rows) => [ss(rows).filter((s) => [...s].length < 1 || [...s].length > 2).length, ss(rows).length],
  ],
  [
    'column_values_to_match_regex',
    { column: 's', regex: '^\\w+$' },
    (rows) => [ss(rows).filter((s) => !/^[\p{L}\p{N}_]+$/u.test(s)).length, ss(rows).length],
  ],
  [
    'column_values_to_not_match_regex',
    { column: 's', regex: '(?!b)[a-c]' },
    (rows) => [ss(rows).filter((s) => /(?!b)[a-c]/u.test(s)).length, ss(rows).length],
  ],
  [
    'column_values_to_be_increasing',
    { column: 'x' },
    (rows) => [xs(rows).filter((x, i, all) => i > 0 && x < (all[i - 1] ?? x)).length, xs(rows).length],
  ],
  [
    'column_pair_values_a_to_be_greater_than_b',
    { column_A: 'x', column_B: 'y' },
    (rows) => [either(rows).filter(({ x, y }) => !(isThere(x) && isThere(y) && x > y)).length, either(rows).length],
  ],
  [
    'column_pair_values_to_be_equal',
    { column_A: 'x', column_B: 'y', ignore_row_if: 'neither' },
    (rows) => [rows.filter(({ x, y }) => !(isThere(x) && isThere(y) && x === y)).length, rows.length],
  ],
  [
    'compound_columns_to_be_unique',
    { column_list: ['x', 's'], ignore_row_if: 'never' },
    (rows) => {
      const keys = rows.map(({ x, s }) => JSON.stringify([x, s]));
      return [keys.filter((key) => keys.filter((other) => other === key).length > 1).length, rows.length];
    },
  ],
  [
    'column_values_to_not_be_null',
    { column: 's', row_condition: 'x > 0 or y == 2' },
    (rows) => {
      const left = rows.filter(({ x, y }) => (isThere(x) && x > 0) || y === 2);
      return [left.length - ss(left).length, left.length];
    },
  ],
];

describe('expectations on random tables, against a count by hand', () => {
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    it(`seed ${seed}`, async () => {
      const random = sequence(seed);
      const rows = seed === 8 ? [] : rowsOf(random);
      const mostly = Math.round(random() * 100) / 100;
      const wishes = byHand.map(([type, kwargs]) => [`expect_${type}`, { ...kwargs, mostly }] as const);
      const { report } = await checkSuite(suiteOf(...wishes), { query: queryOf(rows) });
      for (const [index, [type, , count]] of byHand.entries()) {
        const check = report.checks[index];
        const [bad, of] = count(rows);
        const share = of === 0 ? 0 : (bad / of) * 100;
        const status = of === 0 || (of - bad) / of >= mostly ? 'passed' : 'failed';
        const found = [check?.unexpectedCount, check?.unexpectedPercent, check?.status];
        assert.deepEqual(found, [bad, share, status], `${type}: ${check?.message}`);
      }
    });
  }
});
