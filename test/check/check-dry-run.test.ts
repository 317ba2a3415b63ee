import assert from 'node:assert/strict';
import type { CheckJob } from '../../server/src/protocol';
import { checkText, planText, tableContract } from './checking';

const contract = tableContract(
  `- name: id
  logicalType: integer
  unique: true
- name: code
  logicalType: string
  logicalTypeOptions: {minLength: 2}
  quality:
    - {id: look, metric: invalidValues, mustBe: 0, arguments: {pattern: '^(?!X)'}}`,
  `- {id: asked, type: sql, query: 'SELECT count(*) FROM {object};', mustBe: 2}
- {id: read, type: text, description: For people}
- {id: repeated, metric: duplicateValues, mustBe: 0, arguments: {properties: [id]}}`,
);
const files = { 't.csv': 'id,code\n1,XX\n1,b\n' };
const planned = (job: Partial<CheckJob> = {}) => planText(contract, files, job);

describe('a check that is not run', () => {
  it('tells each statement once, with the checks that it is for', async () => {
    const { plan } = await planned();
    const [table] = plan.tables;
    const told = table?.statements.map(({ kind, checks }) => `${kind}: ${checks.toSorted().join(', ')}`);
    assert.deepEqual(told?.toSorted(), [
      'distinct: repeated, t/id/unique',
      'query: asked',
      'samples: repeated',
      'samples: t/code/minLength',
      'samples: t/id/columnType',
      'samples: t/id/unique',
      'scan: look, repeated, t/code/minLength, t/id/columnType, t/id/unique',
      'values: look',
    ]);
    assert.equal(table?.statements.find(({ kind }) => kind === 'query')?.sql, 'SELECT count(*) FROM "t";');
    assert.deepEqual(
      table?.without.map(({ check, status }) => [check, status]),
      [
        ['t/id/columnPresent', 'passed'],
        ['t/code/columnPresent', 'passed'],
        ['t/code/columnType', 'passed'],
        ['read', 'skipped'],
      ],
    );
  });

  it('tells what a run then asks', async () => {
    const { plan, statements } = await planned({ where: { t: 'id > 0' } });
    assert.deepEqual(
      statements.filter((sql) => !sql.includes('json_serialize_sql')),
      [],
    );
    const { statements: asked } = await checkText(contract, files, { job: { where: { t: 'id > 0' } } });
    for (const { kind, sql } of plan.tables[0]?.statements ?? []) {
      if (kind !== 'samples') assert.ok(asked.map(bare).includes(bare(sql ?? '')), `${kind} ${sql}`);
    }
    assert.equal(plan.tables[0]?.where, 'id > 0');
  });

  it('tells of what is selected only', async () => {
    const { plan } = await planned({ only: { checks: ['look'] } });
    assert.deepEqual(
      plan.tables[0]?.statements.map(({ kind }) => kind),
      ['scan', 'values'],
    );
  });
});

describe('a check of what is known without rows', () => {
  it('skips the rest, with the reason', async () => {
    const { report, statements } = await checkText(contract, files, { job: { metadataOnly: true } });
    assert.deepEqual(statements, []);
    assert.deepEqual(
      report.checks.filter(({ status }) => status === 'passed').map(({ id }) => id),
      ['t/id/columnPresent', 't/code/columnPresent', 't/code/columnType'],
    );
    const unique = report.checks.find(({ kind }) => kind === 'unique');
    assert.deepEqual(
      [unique?.status, unique?.message],
      ['skipped', 'This needs rows of the data, and only what is known without them was asked for.'],
    );
  });
});

/** Without the folder, which each run has of its own. */
const bare = (sql: string): string => sql.replaceAll(/plumbline-data-\w+/g, '').replace(/;$/, '');
