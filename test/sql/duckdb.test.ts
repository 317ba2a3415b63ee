import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cancelled, type Engine, EngineDied, QueryFailed } from '../../server/src/sql/engine';
import { openDuckDB } from '../../server/src/sql/engines/duckdb';

describe('DuckDB', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-duckdb-'));
  const temporary = mkdtempSync(join(tmpdir(), 'plumbline-duckdb-tmp-'));
  const csv = join(folder, "it's.csv");
  let engine: Engine;

  before(async () => {
    writeFileSync(csv, 'id,name\n1,a\n2,\n3,"ü"\n');
    engine = await openDuckDB({ folders: [folder], temporary });
  });
  after(() => {
    engine.close();
    for (const path of [folder, temporary]) rmSync(path, { recursive: true, force: true });
  });

  const file = `read_csv('${csv.replaceAll("'", "''")}')`;

  it('writes values as our reports do', async () => {
    const [row] =
      await engine.rows(`SELECT 9007199254740993::BIGINT AS big, 7::BIGINT AS small, 1.50::DECIMAL(4, 2) AS decimal,
      TIMESTAMP '2026-01-02 03:04:05' AS at, TIMESTAMPTZ '2026-01-02 03:04:05+00' AS zoned, 'ab'::BLOB AS bytes,
      'NaN'::DOUBLE AS nan, [1::BIGINT] AS list, NULL AS nothing`);
    assert.deepEqual(row, {
      big: '9007199254740993',
      small: 7,
      decimal: '1.50',
      at: '2026-01-02T03:04:05',
      zoned: '2026-01-02T03:04:05Z',
      bytes: 'YWI=',
      nan: 'NaN',
      list: [1],
      nothing: null,
    });
  });

  it('gives columns of numbers, a null as NaN', async () => {
    const [ids, names] = await engine.numbers(`SELECT id, length(name) FROM ${file}`);
    assert.deepEqual([...(ids ?? [])], [1, 2, 3]);
    assert.deepEqual([...(names ?? [])], [1, Number.NaN, 1]);
    assert.deepEqual(await engine.numbers('SELECT 1 WHERE false'), [new Float64Array(0)]);
  });

  it('gives more numbers than one chunk holds, in their order', async () => {
    const [values = new Float64Array()] = await engine.numbers('SELECT range AS x FROM range(100000)');
    assert.equal(values.length, 100_000);
    assert.ok(values.every((value, index) => value === index));
  });

  it('answers each of several questions at once', async () => {
    const answers = await Promise.all([1, 2, 3].map((n) => engine.numbers(`SELECT ${n} + range FROM range(3000)`)));
    assert.deepEqual(
      answers.map(([values]) => values?.[2999]),
      [3000, 3001, 3002],
    );
  });

  const refused: readonly (readonly [string, RegExp])[] = [
    ['SELECT 1; SELECT 2', /one SELECT statement; this is 2/],
    ['DELETE FROM x', /x does not exist|may only read/],
    ['CREATE TABLE x AS SELECT 1', /may only read: write one SELECT statement instead of CREATE/],
    [`COPY (SELECT 1) TO '${join(folder, 'out.csv')}'`, /may only read: write one SELECT statement instead of COPY/],
    ['SET threads = 1', /may only read/],
    [`ATTACH '${join(folder, 'x.db')}'`, /may only read/],
    ['INSTALL httpfs', /may only read/],
    ["SELECT * FROM read_text('/etc/hostname')", /disabled by configuration/],
    ["SELECT * FROM glob('/etc/*')", /disabled by configuration/],
    ['SELEC 1', /syntax error/],
    ['', /empty/],
    [' ; -- nothing', /empty/],
  ];
  for (const [sql, message] of refused) {
    it(`refuses an author's ${sql.slice(0, 30) || 'empty query'}`, async () => {
      await assert.rejects(engine.select(sql), (error) => error instanceof QueryFailed && message.test(error.message));
      assert.ok(!existsSync(join(folder, 'out.csv')) && !existsSync(join(folder, 'x.db')));
    });
  }

  it('keeps its settings locked against its own statements too', async () => {
    for (const sql of [
      'SET enable_external_access = true',
      'SET lock_configuration = false',
      "SET allowed_directories = ['/']",
    ]) {
      await assert.rejects(engine.rows(sql), QueryFailed, sql);
    }
  });

  it('stops at once when it is cancelled', async () => {
    const abort = new AbortController();
    const cancelled = await openDuckDB({ folders: [folder], temporary, signal: abort.signal });
    const running = cancelled.rows(
      'SELECT count(*) FROM range(10000000000) a, range(1000) b WHERE (a.range + b.range) % 7 = 3',
    );
    setTimeout(() => abort.abort(), 50);
    await assert.rejects(running, Cancelled);
    await assert.rejects(cancelled.rows('SELECT 1'), Cancelled);
    cancelled.close();
  });

  it('tells when memory is at fault and not the statement', async () => {
    const small = await openDuckDB({ folders: [folder], temporary, memory: '50MB' });
    await assert.rejects(small.rows('SELECT list(range) FROM range(100000000)'), EngineDied);
    small.close();
  });
});
