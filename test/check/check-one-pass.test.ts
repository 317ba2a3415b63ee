import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CheckJob } from '../../server/src/protocol';
import type { Engine } from '../../server/src/sql/engine';
import { checkText, tableContract, writeParquet } from './checking';

const contract = tableContract(
  [
    '- name: id',
    '  logicalType: integer',
    '  required: true',
    '  unique: true',
    '  logicalTypeOptions: {minimum: 0, maximum: 100000}',
    '  quality:',
    '    - {id: filled, metric: nullValues, mustBe: 0}',
    '    - {id: filled again, metric: nullValues, mustBeLessThan: 5}',
    '    - {id: filled in percent, metric: nullValues, unit: percent, mustBe: 0}',
    '    - {id: once, metric: duplicateValues, mustBe: 0}',
    '- name: country',
    '  logicalType: string',
    '  logicalTypeOptions: {minLength: 2, maxLength: 2, pattern: "^[A-Z]+$"}',
    '  quality:',
    '    - {id: known, metric: invalidValues, mustBe: 0, arguments: {validValues: [DE, US]}}',
    '- {name: amount, logicalType: number, logicalTypeOptions: {exclusiveMinimum: -1, maximum: 4000}}',
    '- {name: unasked, logicalType: string}',
  ].join('\n'),
  '- {id: enough, metric: rowCount, mustBeGreaterThan: 10}\n- {id: not too many, metric: rowCount, mustBeLessThan: 100000}',
);

/** The checks of a table of 5,000 rows in Parquet, with each statement and how the engine would run it. */
async function checked(job: Partial<CheckJob> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-pass-'));
  const plans: { readonly sql: string; readonly plan: string }[] = [];
  const explaining = (engine: Engine): Engine => ({
    name: engine.name,
    version: engine.version,
    columns: (relation) => engine.columns(relation),
    numbers: (sql) => engine.numbers(sql),
    select: (sql) => engine.select(sql),
    close: () => engine.close(),
    rows: async (sql) => {
      const rows = await engine.rows(`EXPLAIN (FORMAT json) ${sql}`);
      plans.push({ sql, plan: rows.map((row) => Object.values(row).join(' ')).join(' ') });
      return engine.rows(sql);
    },
  });
  try {
    const path = join(folder, 't.parquet');
    const columns = "i AS id, ['DE', 'US'][1 + i % 2] AS country, CAST(i AS DOUBLE) AS amount, 'text ' || i AS unasked";
    await writeParquet(path, `SELECT ${columns} FROM range(5000) rows(i)`);
    const files = { 't.parquet': readFileSync(path) };
    const run = await checkText(contract, files, { job: { data: { t: 't.parquet' }, ...job }, wrap: explaining });
    return { ...run, plans };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const scansIn = (plan: string): number => plan.split(/"Function": *"(?:READ_PARQUET|PARQUET_SCAN)"/i).length - 1;

describe('one pass over a table', () => {
  it('counts all that can be counted at once, one more for each key that must be unique, and one for a failure’s rows', async () => {
    const { plans, report } = await checked();
    assert.deepEqual(
      report.checks.filter(({ status }) => status !== 'passed').map(({ kind, observed }) => [kind, observed]),
      [['maximum', 999]],
    );
    const kinds = plans.map(({ sql }) =>
      sql.startsWith('SELECT count(*) AS f0')
        ? 'scan'
        : sql.includes(' AS keys')
          ? 'duplicates'
          : sql.includes(' LIMIT 5')
            ? 'samples'
            : sql,
    );
    assert.deepEqual(kinds, ['scan', 'duplicates', 'samples']);
    for (const { plan, sql } of plans) assert.equal(scansIn(plan), 1, `${sql}\n${plan}`);
  });

  it('asks equal aggregates once', async () => {
    const { plans } = await checked();
    const aggregates =
      plans[0]?.sql
        .replace(/^SELECT | FROM .*$/gs, '')
        .split(/ AS f\d+(?:, )?/)
        .filter(Boolean) ?? [];
    assert.ok(aggregates.length > 6);
    assert.equal(new Set(aggregates).size, aggregates.length, aggregates.join('\n'));
  });

  it('reads no column that no check needs', async () => {
    const { plans } = await checked();
    for (const { plan } of plans) assert.doesNotMatch(plan, /unasked/);
    assert.match(plans[0]?.plan ?? '', /country[\s\S]*amount/);
    const { plans: few } = await checked({ only: { checks: ['known'] } });
    assert.equal(few.length, 1);
    assert.doesNotMatch(few[0]?.plan ?? '', /amount|unasked/);
  });

  it('asks the footer of a Parquet file for its rows, and nothing else of it', async () => {
    const { plans, report } = await checked({ metadataOnly: true });
    assert.deepEqual(
      plans.map(({ sql }) => sql.replace(/ FROM .*/s, '')),
      ['SELECT count(*) AS f0'],
    );
    assert.doesNotMatch(plans[0]?.plan ?? '', /country|amount|unasked/);
    const known = report.checks.filter(({ status }) => status === 'passed').map(({ kind }) => kind);
    assert.deepEqual([...new Set(known)].sort(), ['columnPresent', 'columnType', 'rowCount']);
  });
});
