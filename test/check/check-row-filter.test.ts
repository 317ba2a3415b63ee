import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Contract } from '../../server/src/contract/model';
import { type Checked, checkText, type Setting, tableContract, writeParquet } from './checking';

const csv = 'id,amount,Größe,country\n1,10,1.5,DE\n2,,2,DE\n3,x,3,US\n4,-4,4,\n5,50,5,US\n';
const properties = `- {name: id, logicalType: integer, primaryKey: true}
- name: amount
  logicalType: integer
  quality:
    - {id: own, metric: nullValues, mustBe: 0}
- {name: size, physicalName: Größe, logicalType: number}
- name: country
  logicalType: string
  quality:
    - {id: country, metric: nullValues, mustBe: 0}
`;
const rules = `- {id: rows, metric: rowCount, mustBe: 0}
- {id: query, type: sql, query: 'SELECT count(*) FROM t', mustBe: 0}
- {id: keys, metric: duplicateValues, mustBe: 0, arguments: {properties: [country]}}
`;

/** Checks with the filter on the rules named, as a reader of a contract would put it there. */
function filtered(filter: string, ids: readonly string[], setting: Setting = {}): Promise<Checked> {
  const alter = (contract: Contract): Contract => ({
    ...contract,
    tables: contract.tables.map((table) => ({
      ...table,
      rules: table.rules.map((rule) => (ids.includes(rule.id ?? '') ? { ...rule, filter } : rule)),
      columns: table.columns.map((column) => ({
        ...column,
        rules: column.rules.map((rule) => (ids.includes(rule.id ?? '') ? { ...rule, filter } : rule)),
      })),
    })),
  });
  return checkText(tableContract(properties, rules), { 't.csv': csv }, { ...setting, alter });
}

const whole = (where: string, files: Readonly<Record<string, string>> = { 't.csv': csv }) =>
  checkText(tableContract(properties, rules), files, { job: { where: { '': where } } });

describe('a filter of rows', () => {
  it('leaves its rows to the rule, with their numbers in the file', async () => {
    const { one } = await filtered("country = 'US'", ['own', 'rows']);
    assert.deepEqual([one({ id: 'rows' }).observed, one({ id: 'rows' }).rows], [2, 2]);
    const { observed, message } = one({ id: 'country' });
    assert.deepEqual([observed, message.includes('Only rows')], [1, false]);
    assert.equal(one({ id: 'own' }).status, 'passed');
    assert.match(one({ id: 'own' }).message, /0 of 2 rows are null.* Only rows with country = 'US' count\.$/);
    const other = (await filtered('id > 1', ['own'])).one({ id: 'own' });
    assert.deepEqual(other.samples, [{ row: 2, values: { amount: null, id: 2 } }]);
  });

  it('sees columns under their names and in the types of the contract', async () => {
    const rowsWith = async (filter: string) => (await filtered(filter, ['rows'])).one({ id: 'rows' }).observed;
    assert.equal(await rowsWith('amount > 9'), 2);
    assert.equal(await rowsWith('t.Amount < 0 -- the wrong ones'), 1);
    assert.equal(await rowsWith('"size" BETWEEN 2 AND 4 AND "Größe" <> 3'), 2);
    assert.equal(await rowsWith("'é' || country = 'éDE' AND size > 1.5"), 1);
    assert.equal(await rowsWith('len(list_filter([size, id], amount -> amount > 3)) = 2'), 2);
    assert.equal(await rowsWith('country IS NULL'), 1);
    assert.equal(await rowsWith('false'), 0);
  });

  it('is of every check of a run, and of what a query sees', async () => {
    const { one, report } = await whole("country = 'DE'");
    assert.equal(report.data[0]?.where, "country = 'DE'");
    assert.equal(report.data[0]?.rows, 2);
    assert.equal(one({ id: 'query' }).observed, 2);
    assert.deepEqual(one({ id: 'keys' }).observed, { keys: 1, surplus: 1, rows: 2, used: 'keys' });
    assert.equal(one({ kind: 'columnType', column: 'amount' }).status, 'passed');
    const both = await filtered('id > 1', ['query', 'rows'], { job: { where: { t: "country = 'DE'" } } });
    assert.deepEqual([both.one({ id: 'query' }).observed, both.one({ id: 'rows' }).observed], [1, 1]);
  });

  it('is asked in one scan with others that are the same', async () => {
    const { statements } = await filtered('id > 1', ['own', 'rows', 'country'], {
      job: { only: { checks: ['own', 'rows', 'country'] }, sampleRows: 0 },
    });
    assert.equal(statements.filter((sql) => sql.includes('count(*)')).length, 1);
  });

  it('leaves what others refer to', async () => {
    const contract = tableContract(
      '- {name: id, logicalType: integer}\n- {name: boss, logicalType: integer, relationships: [{to: t.id}]}',
    );
    const { one } = await checkText(
      contract,
      { 't.csv': 'id,boss\n1,\n2,1\n3,9\n' },
      { job: { where: { '': 'id > 1' } } },
    );
    assert.equal(one({ kind: 'foreignKey' }).observed, 1);
  });

  it('is of the rows that hold an array', async () => {
    const contract = tableContract(
      '- {name: id, logicalType: integer}\n- {name: tags, logicalType: array, items: {logicalType: string, logicalTypeOptions: {minLength: 2}}}',
    );
    const json = '{"id":1,"tags":["a","bb"]}\n{"id":2,"tags":["c"]}\n';
    const files = { 't.json': json };
    const { one } = await checkText(contract, files, { job: { where: { t: 'id = 1' } } });
    const { observed, rows, samples } = one({ kind: 'minLength' });
    assert.deepEqual([observed, rows, samples], [1, 2, [{ row: 1, values: { 'tags[]': 'a' } }]]);
    await assert.rejects(
      checkText(contract, files, { job: { where: { t: '"tags[]" = 1' } } }),
      /several values in a row/,
    );
  });

  it('counts the rows of Parquet files from each file’s start', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plumbline-filter-'));
    try {
      await writeParquet(join(folder, 'a.parquet'), 'SELECT range AS v FROM range(10)');
      await writeParquet(join(folder, 'b.parquet'), 'SELECT range AS v FROM range(10, 20)');
      const contract = tableContract('- {name: v, logicalType: integer, logicalTypeOptions: {maximum: 5}}');
      const files = {
        'a.parquet': await readFile(join(folder, 'a.parquet')),
        'b.parquet': await readFile(join(folder, 'b.parquet')),
      };
      const { one } = await checkText(contract, files, { job: { data: { t: '*.parquet' }, where: { t: 'v > 16' } } });
      assert.deepEqual(one({ kind: 'maximum' }).samples[0]?.row, 8);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  const wrong: Readonly<Record<string, RegExp>> = {
    'amount >': /is not valid SQL: syntax error/,
    '': /is not valid SQL/,
    amount: /gives BIGINT, and must give true or false/,
    'a > 1': /names "a", which is no column of the data; they have id, amount, Größe, country\./,
    'true) FROM t WHERE (true': /must be one condition/,
    'true), (false': /must be one condition/,
    'true) UNION SELECT (true': /must be one condition/,
    'true) LIMIT (1': /must be one condition/,
    'true; DROP TABLE t': /is not valid SQL/,
    "true); COPY (SELECT 1) TO ('x.csv'": /is not valid SQL|must be one condition/,
    "amount IN (SELECT amount FROM read_csv('t.csv'))": /at nothing else/,
    "EXISTS (FROM 't.csv')": /at nothing else/,
    'count(*) > 1': /cannot be used: .*aggregates/,
    'row_number() OVER () > 1': /at nothing else/,
    '*': /at nothing else/,
    'amount > $1': /at nothing else/,
    'nonsense(amount)': /cannot be used/,
    '/* amount > 1': /is not valid SQL/,
  };
  for (const [filter, says] of Object.entries(wrong)) {
    it(`says what is wrong with ${filter || 'nothing'}`, async () => {
      const { one } = await filtered(filter, ['own', 'query']);
      for (const id of ['own', 'query']) {
        assert.equal(one({ id }).status, 'error');
        assert.match(one({ id }).message, says);
        assert.match(one({ id }).message, /^The filter "/);
      }
      assert.equal(one({ id: 'rows' }).observed, 5);
      await assert.rejects(whole(filter), { name: 'Unreadable', message: says });
    });
  }

  it('that fails on a row is told for its checks alone', async () => {
    const { one } = await filtered("CAST(country || '0' AS INTEGER) > 1", ['own']);
    assert.deepEqual([one({ id: 'own' }).status, one({ id: 'rows' }).status], ['error', 'failed']);
  });

  it('is no filter of a comparison, which is skipped', async () => {
    const drift = '- {id: moved, type: custom, engine: plumbline, implementation: {drift: {reference: t.csv}}}';
    const { one } = await checkText(
      tableContract(properties, drift),
      { 't.csv': csv },
      { job: { where: { t: 'id > 1' } } },
    );
    assert.deepEqual([one({ id: 'moved' }).status, one({ id: 'moved' }).severity], ['skipped', 'error']);
  });
});
