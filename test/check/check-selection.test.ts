import assert from 'node:assert/strict';
import type { CheckJob } from '../../server/src/protocol';
import { checkText } from './checking';

const contract = `apiVersion: v3.1.0
kind: DataContract
id: shop
version: 1.0.0
status: active
schema:
  - name: orders
    tags: [sales]
    properties:
      - name: id
        logicalType: integer
        unique: true
      - name: amount
        logicalType: number
        tags: [money]
        quality:
          - {id: amount-known, metric: nullValues, mustBe: 0, tags: [nightly], dimension: completeness}
          - {metric: missingValues, mustBe: 0}
  - name: customers
    properties:
      - name: tags
        logicalType: array
        items: {logicalType: string, logicalTypeOptions: {minLength: 1}}
    quality:
      - {id: enough, metric: rowCount, mustBeGreaterThan: 0, tags: [Nightly]}
`;
const files = { 'orders.csv': 'id,amount\n1,2\n2,\n', 'customers.json': '{"tags":["a",""]}\n' };

async function idsOf(only: CheckJob['only'], job: Partial<CheckJob> = {}): Promise<readonly string[]> {
  const { report } = await checkText(contract, files, { job: { only, ...job } });
  return report.checks.map(({ id }) => id);
}

const refused = (only: CheckJob['only'], says: RegExp) =>
  assert.rejects(checkText(contract, files, { job: { only } }), { name: 'Unreadable', message: says });

describe('a selection of checks', () => {
  it('takes ids as they stand, brackets and slashes too', async () => {
    assert.deepEqual(await idsOf({ checks: ['amount-known'] }), ['amount-known']);
    assert.deepEqual(await idsOf({ checks: ['customers/tags[]/minLength'] }), ['customers/tags[]/minLength']);
  });

  it('takes patterns over whole ids', async () => {
    assert.deepEqual(await idsOf({ checks: ['orders/*/columnPresent'] }), [
      'orders/id/columnPresent',
      'orders/amount/columnPresent',
    ]);
    assert.deepEqual(await idsOf({ checks: ['orders/amount/*', 'en?ugh'] }), [
      'orders/amount/columnPresent',
      'orders/amount/columnType',
      'orders/amount/missingValues',
      'enough',
    ]);
    assert.equal((await idsOf({ checks: ['*'] })).length, (await idsOf(undefined)).length);
  });

  it('takes dimensions, and tags of rule, column and table, in any case', async () => {
    assert.deepEqual(await idsOf({ dimensions: ['uniqueness'] }), ['orders/id/unique']);
    assert.deepEqual(await idsOf({ tags: ['nightly'] }), ['amount-known', 'enough']);
    assert.deepEqual(await idsOf({ tags: ['money'] }), [
      'orders/amount/columnPresent',
      'orders/amount/columnType',
      'amount-known',
      'orders/amount/missingValues',
    ]);
    assert.ok((await idsOf({ tags: ['sales'] })).every((id) => !id.startsWith('customers')));
  });

  it('leaves what meets all that is asked for', async () => {
    assert.deepEqual(await idsOf({ tags: ['money'], dimensions: ['completeness'] }), [
      'amount-known',
      'orders/amount/missingValues',
    ]);
    assert.deepEqual(await idsOf({ tags: ['nightly'] }, { table: 'customers' }), ['enough']);
  });

  it('asks the data for nothing else', async () => {
    const { statements } = await checkText(contract, files, { job: { only: { checks: ['enough'] } } });
    assert.equal(statements.length, 1);
    assert.match(statements[0] ?? '', /customers\.json/);
  });

  it('says what no check meets', async () => {
    await refused({ checks: ['amount-knwon'] }, /No check has the id "amount-knwon" .*Did you mean "amount-known"\?$/);
    await refused({ tags: ['weekly'] }, /the tag "weekly" that --tag asks for; there are sales, money, nightly/);
    await refused({ dimensions: ['accuracy', 'uniqueness'] }, /the dimension "accuracy"/);
    await refused({ checks: ['enough'], tags: ['money'] }, /No check meets all of --checks, --dimension and --tag/);
  });
});
