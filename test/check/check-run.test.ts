import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checksOf, placesOf } from '../../server/src/check/checks';
import { loadContract } from '../../server/src/contract/load';
import { Cancelled, type Engine, EngineDied, QueryFailed } from '../../server/src/sql/engine';
import { Unreadable, type World } from '../../server/src/world';
import { checkFile, checkText, tableContract, writeParquet } from './checking';

const numbers = tableContract(
  '- name: v\n  logicalType: integer\n  required: true\n  logicalTypeOptions: {minimum: 2, maximum: 5}\n- name: w\n  logicalTypeOptions: {maxLength: 1}',
  '- {id: rows, metric: rowCount, mustBe: 3}',
);
const threeRows = { 't.csv': 'v,w\n1,a\n2,bb\n9,c\n' };

/** An engine that refuses statements with these words. */
const refusing =
  (words: RegExp, error: () => Error) =>
  (engine: Engine): Engine => ({
    name: engine.name,
    version: engine.version,
    columns: (relation) => engine.columns(relation),
    numbers: (sql) => engine.numbers(sql),
    select: (sql) => engine.select(sql),
    close: () => engine.close(),
    rows: (sql) => (words.test(sql) ? Promise.reject(error()) : engine.rows(sql)),
  });

describe('a run of checks', () => {
  it('asks each table one statement for all that can be counted at once', async () => {
    const { statements, one } = await checkText(numbers, threeRows);
    assert.deepEqual(
      [one({ kind: 'minimum' }).observed, one({ kind: 'maximum' }).observed, one({ kind: 'maxLength' }).observed],
      [1, 1, 1],
    );
    assert.equal(statements.filter((sql) => !sql.includes('LIMIT')).length, 1);
    assert.equal(statements.filter((sql) => sql.includes('LIMIT')).length, 3);
  });

  it('asks nothing more of sound data', async () => {
    const { statements, report } = await checkText(numbers, { 't.csv': 'v,w\n2,a\n3,b\n4,c\n' });
    assert.equal(report.summary.status, 'passed');
    assert.equal(statements.length, 1);
  });

  it('tells the rest when the engine refuses one expression', async () => {
    const wrap = refusing(/length\(/, () => new QueryFailed('Binder Error: no such function'));
    const { one, report } = await checkText(numbers, threeRows, { wrap });
    assert.deepEqual(
      [one({ kind: 'maxLength' }).status, one({ kind: 'maxLength' }).message],
      ['error', 'The data could not be asked: Binder Error: no such function'],
    );
    assert.deepEqual(
      [one({ kind: 'minimum' }).observed, one({ id: 'rows' }).observed, one({ kind: 'required' }).status],
      [1, 3, 'passed'],
    );
    assert.equal(report.summary.error, 1);
  });

  it('ends with the engine', async () => {
    await assert.rejects(
      checkText(numbers, threeRows, { wrap: refusing(/count/, () => new EngineDied('Out of Memory')) }),
      EngineDied,
    );
  });

  it('shows as many rows as it is asked for', async () => {
    const many = { 't.csv': `v,w\n${'1,a\n'.repeat(50)}` };
    assert.equal((await checkText(numbers, many)).one({ kind: 'minimum' }).samples.length, 5);
    assert.equal(
      (await checkText(numbers, many, { job: { sampleRows: 20 } })).one({ kind: 'minimum' }).samples.length,
      20,
    );
    assert.deepEqual((await checkText(numbers, many, { job: { sampleRows: 0 } })).one({ kind: 'minimum' }).samples, []);
  });

  it('counts rows in the order of the file, however large', async () => {
    const lines = Array.from({ length: 400_000 }, (_, index) =>
      index % 100_000 === 99_999 ? `${index},x,long enough to fill blocks` : `3,x,${'long enough to fill blocks '}`,
    );
    const { one } = await checkText(
      tableContract('- {name: v, logicalType: integer, logicalTypeOptions: {maximum: 5}}'),
      { 't.csv': `v,w,x\n${lines.join('\n')}\n` },
    );
    assert.deepEqual(
      one({ kind: 'maximum' }).samples.map(({ row }) => row),
      [100_000, 200_000, 300_000, 400_000],
    );
  });

  it('counts rows within each file of several', async () => {
    const files = { 'p1.csv': 'v\n1\n3\n', 'p2.csv': 'v\n3\n3\n1\n' };
    const { one } = await checkText(
      tableContract('- {name: v, logicalType: integer, logicalTypeOptions: {minimum: 2}}'),
      files,
      { job: { data: { t: 'p*.csv' } } },
    );
    const { samples, message } = one({ kind: 'minimum' });
    assert.deepEqual(
      samples.map(({ row, file }) => [row, file?.split('/').at(-1)]),
      [
        [1, 'p1.csv'],
        [3, 'p2.csv'],
      ],
    );
    assert.match(message, /First: row 1 of p1\.csv \(1\)\.$/);
  });

  it('counts rows within Parquet files', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plumbline-parquet-'));
    await writeParquet(join(folder, 't.parquet'), 'SELECT i::INTEGER AS v FROM range(1000) t(i)');
    const contract = tableContract('- {name: v, logicalType: integer, logicalTypeOptions: {maximum: 997}}');
    const { one } = await checkText(contract, { 't.parquet': readFileSync(join(folder, 't.parquet')) });
    rmSync(folder, { recursive: true });
    assert.deepEqual(one({ kind: 'maximum' }).samples, [
      { row: 999, values: { v: 998 } },
      { row: 1000, values: { v: 999 } },
    ]);
  });

  it('never shows values of columns that are classified', async () => {
    const contract = tableContract(
      '- name: v\n  classification: restricted\n  logicalTypeOptions: {maxLength: 1}\n- name: w\n  tags: [pii]\n  logicalTypeOptions: {maxLength: 1}',
    );
    const { one, report } = await checkText(contract, { 't.csv': 'v,w\nsecret,hidden\n' });
    assert.deepEqual(one({ column: 'v', kind: 'maxLength' }).samples, [{ row: 1, values: { v: '•••' } }]);
    assert.match(one({ column: 'w', kind: 'maxLength' }).message, /First: row 1 \(•••\)\.$/);
    assert.doesNotMatch(JSON.stringify(report), /secret|hidden/);
  });

  it('tells how far it is, up to less than all', async () => {
    const { progress } = await checkText(numbers, threeRows);
    assert.deepEqual(progress, [{ share: 0, step: 1, message: 'Checking t' }]);
  });

  it('stops when it is cancelled', async () => {
    const abort = new AbortController();
    abort.abort();
    await assert.rejects(checkText(numbers, threeRows, { signal: abort.signal }), Cancelled);
  });

  it('takes names that SQL would stumble over', async () => {
    const contract = tableContract(
      `- {name: 'a "b" ''c'' ü', logicalType: integer, required: true, unique: true, logicalTypeOptions: {minimum: 1}}\n- {name: select, required: true}`,
    );
    const { report } = await checkText(contract, { 't.csv': `"a ""b"" 'c' ü",select\n1,x\n2,y\n` });
    assert.equal(
      report.summary.passed,
      report.checks.length,
      JSON.stringify(report.checks.filter(({ status }) => status !== 'passed')),
    );
  });

  it('judges service levels by the clock of the world', async () => {
    const contract = `${tableContract('- {name: at, logicalType: timestamp}\n- {name: x}')}slaProperties:
  - {property: freshness, value: 2, unit: d, element: t.at}
  - {property: retention, value: 1, unit: y, element: at}
  - {property: latency, value: PT12H, element: t.at}
  - {property: latency, value: 12, unit: parsecs, element: t.at}
  - {property: freshness, value: 2, unit: d, element: t.x}
`;
    const now = new Date('2026-01-03T00:00:00Z');
    const { one } = await checkText(
      contract,
      { 't.csv': 'at,x\n2024-06-01 00:00:00,1\n2026-01-01 12:00:00,2\n' },
      { now },
    );
    assert.deepEqual([one({ id: 't/at/freshness' }).status, one({ id: 't/at/freshness' }).observed], ['passed', 1.5]);
    assert.equal(one({ id: 't/at/freshness' }).message, 'The newest "at" is 36 hours old, less than 2 days.');
    assert.deepEqual(
      [one({ kind: 'retention' }).status, one({ kind: 'retention' }).expected],
      ['failed', '< 365 days'],
    );
    assert.equal(
      one({ id: 't/at/latency' }).message,
      'The newest "at" is 36 hours old, but should be less than 12 hours.',
    );
    assert.equal(
      one({ id: 't/at/latency/2' }).message,
      '"12 parsecs" is no period. Write a number and a unit, for instance d.',
    );
    assert.equal(one({ id: 't/x/freshness' }).status, 'error');
  });
});

describe('data that are not there', () => {
  const two = `${tableContract('- name: v')}  - name: u\n    properties: [{name: w}]\n`;
  const rejects = (contract: string, files: Record<string, string>, job: object, message: RegExp) =>
    assert.rejects(
      checkText(contract, files, { job }),
      (error) => error instanceof Unreadable && message.test(error.message),
    );

  it('of one table are told for its checks, and the other is checked', async () => {
    const { report } = await checkText(two, { 't.csv': 'v,x\n1,2\n' });
    const told = report.checks.map(({ table, status }) => [table, status]);
    assert.deepEqual(told, [
      ['t', 'passed'],
      ['u', 'skipped'],
    ]);
    assert.match(
      report.checks[1]?.message ?? '',
      /^Nothing says where the data of table "u" are\. Name them with --data u=FILE/,
    );
  });

  it('of one table that cannot be read are an error of its checks', async () => {
    const { report } = await checkText(two, { 't.csv': 'v,x\n1,2\n', 'u.parquet': 'this is no Parquet' });
    assert.deepEqual(
      report.checks.map(({ table, status }) => [table, status]),
      [
        ['t', 'passed'],
        ['u', 'error'],
      ],
    );
    assert.match(report.checks[1]?.message ?? '', /u\.parquet cannot be read as Parquet/);
  });

  it('of every table end the run', async () => {
    await rejects(numbers, {}, {}, /^Nothing says where the data of table "t" are/);
    await rejects(numbers, { 't.parquet': 'this is no Parquet' }, {}, /t\.parquet cannot be read as Parquet/);
    await rejects(numbers, { 't.csv': '' }, {}, /t\.csv is empty/);
  });

  it('end the run when a person named them', async () => {
    await rejects(two, { 't.csv': 'v,x\n1,2\n' }, { data: { u: 'none.csv' } }, /There is no data at .*none\.csv/);
    await rejects(
      two,
      { 't.csv': 'v,x\n1,2\n' },
      { data: { '': 't.csv' } },
      /several tables: say which one --data is about/,
    );
    await rejects(two, { 't.csv': 'v,x\n1,2\n' }, { data: { x: 't.csv' } }, /no table "x"; it has t, u\./);
    await rejects(two, { 't.csv': 'v,x\n1,2\n' }, { table: 'x' }, /no table "x"; it has t, u\./);
    await rejects(two, { 't.csv': 'v,x\n1,2\n' }, { server: 'x' }, /no server "x"; it has none\./);
    await rejects('kind: DataContract\napiVersion: v3.1.0\n', {}, {}, /describes no table/);
  });

  it('are not asked for the tables that nobody asked for', async () => {
    const { report } = await checkText(two, { 't.csv': 'v,x\n1,2\n' }, { job: { table: 't' } });
    assert.deepEqual(
      report.checks.map(({ table }) => table),
      ['t'],
    );
    await rejects(two, { 't.csv': 'v,x\n1,2\n' }, { table: 'u' }, /Nothing says where the data of table "u" are/);
  });
});

describe('ids of checks', () => {
  const contractOf = (text: string) => loadContract({ path: 'a.odcs.yaml', text }, {} as World);
  const idsOf = async (text: string) => checksOf(await contractOf(text)).map(({ id }) => id);

  it('are the author’s own, else say what is checked, and never the same twice', async () => {
    const contract = tableContract(
      '- name: v\n  required: true\n  quality:\n    - {id: mine, metric: nullValues, mustBe: 0}\n    - {name: Few nulls, metric: nullValues, mustBe: 0}\n    - {metric: nullValues, mustBe: 0}\n    - {metric: nullValues, mustBe: 1}\n    - {id: mine, metric: nullValues, mustBe: 2}',
      '- {metric: rowCount, mustBe: 1}',
    );
    assert.deepEqual((await idsOf(contract)).toSorted(), [
      'Few nulls',
      'mine',
      'mine/2',
      't/rowCount',
      't/v/columnPresent',
      't/v/nullValues',
      't/v/nullValues/2',
      't/v/required',
    ]);
  });

  it('stay when other parts of the contract change', async () => {
    const before = await idsOf(tableContract('- name: v\n  required: true\n- name: w'));
    const after = await idsOf(tableContract('- name: new\n- name: w\n- name: v\n  description: x\n  required: true'));
    assert.deepEqual(
      before.filter((id) => !after.includes(id)),
      [],
    );
  });

  it('lead to the place in a text that has been edited', async () => {
    const text = tableContract('- name: v\n  logicalTypeOptions: {minimum: 1}');
    const place = placesOf(await contractOf(`# one more line\n${text}`)).get('t/v/minimum');
    assert.equal(text.slice((place?.span.start ?? 0) - 16, (place?.span.end ?? 0) - 16), '1');
  });
});

describe('the sample workspace', () => {
  interface Expected {
    readonly id: string | null;
    readonly table: string;
    readonly column: string | null;
    readonly kind: string;
    readonly observed: number | null;
    readonly holds: boolean | null;
    readonly duplicates: { readonly keys: number; readonly surplus: number; readonly rows: number } | null;
  }

  it('gives the figures that its comments state', async () => {
    const { report } = await checkFile('samples/flights/contracts/flights.odcs.yaml', {
      now: new Date('2026-03-01T00:00:00Z'),
    });
    const expected: readonly Expected[] = JSON.parse(
      readFileSync('test/fixtures/samples/flights-expected.json', 'utf8'),
    );
    const wrong: unknown[] = [];
    for (const { id, table, column, kind, observed, holds, duplicates } of expected) {
      // Great Expectations' own rules are not run here.
      if (id === 'distance_mean' || holds === null) continue;
      const check = report.checks.find((candidate) =>
        id === null
          ? candidate.table === table && candidate.kind === kind && (column === null || candidate.column === column)
          : candidate.id === id,
      );
      const figure =
        typeof check?.observed === 'object' && check.observed !== null
          ? check.observed[String(check.observed.used)]
          : check?.observed;
      const close =
        typeof figure === 'number' &&
        observed !== null &&
        Math.abs(figure - observed) <= 1e-9 * Math.max(1, Math.abs(observed));
      if (!close || (check?.status === 'passed') !== holds)
        wrong.push({ id, kind, column, observed, figure, status: check?.status });
      if (duplicates && typeof check?.observed === 'object')
        assert.deepEqual({ ...check.observed }, { ...duplicates, used: 'keys' });
    }
    assert.deepEqual(wrong, []);
    assert.deepEqual(
      report.checks.filter(({ status }) => status === 'error'),
      [],
    );
  });
});
