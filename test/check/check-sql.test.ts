import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Checked, checkFile, checkText } from './checking';

const contract = (rules: readonly string[]) => `
apiVersion: v3.1.0
kind: DataContract
id: shop
version: 1.0.0
status: active
schema:
  - name: orders
    physicalName: sales.orders
    properties:
      - {name: id, logicalType: integer}
      - name: amount
        physicalName: amt
        logicalType: number
        quality:
          - {id: property, type: sql, query: "SELECT max({property}) FROM {object}", mustBe: 20}
    quality:
${rules.map((rule, index) => `      - {id: r${index}, type: sql, ${rule}}`).join('\n')}
  - name: customers
    properties: [{name: id}, {name: name}]
`;

const files = { 'orders.csv': 'id,amt,note\n1,10,a\n2,20.5x,b\n3,20,\n', 'customers.csv': 'id,name\n1,Ann\n3,Bo\n' };

async function answers(...rules: string[]): Promise<Checked> {
  return checkText(contract(rules), files, { job: { data: { orders: 'orders.csv' } } });
}

describe('queries of a contract', () => {
  for (const [query, bound, status, observed] of [
    ['SELECT count(*) FROM {object}', 'mustBe: 3', 'passed', 3],
    ['SELECT count(*) FROM {table};', 'mustBe: 3', 'passed', 3],
    ['SELECT count(*) FROM \x24{object}', 'mustBe: 3', 'passed', 3],
    ['SELECT count(*) FROM \x24{table}', 'mustBe: 3', 'passed', 3],
    ['SELECT count(*) FROM `{object}`', 'mustBe: 3', 'passed', 3],
    ['SELECT count(*) FROM orders', 'mustBe: 3', 'passed', 3],
    ['SELECT count(*) FROM sales.orders', 'mustBe: 3', 'passed', 3],
    ['SELECT sum(amount) FROM orders', 'mustBe: 30', 'passed', 30],
    ['SELECT sum(amt) FROM orders', 'mustBe: 31', 'failed', 30],
    ['SELECT count(note) FROM orders', 'mustBe: 2', 'passed', 2],
    ['SELECT count(*) FROM orders o JOIN customers c ON c.id::INT = o.id', 'mustBe: 2', 'passed', 2],
    ['SELECT count(*) = 3 FROM orders', 'mustBe: true', 'passed', true],
    ['SELECT count(*) > 3 FROM orders', 'mustBe: true', 'failed', false],
    ["SELECT 'ok'", 'mustBe: ok', 'passed', 'ok'],
    ['SELECT avg(id) FROM orders', 'mustBeBetween: [1, 3]', 'passed', 2],
    ['WITH a AS (SELECT 1 AS x) SELECT x FROM a', 'mustBe: 1', 'passed', 1],
  ] as const) {
    it(`${query} against ${bound}: ${status}`, async () => {
      const { one } = await answers(`query: ${JSON.stringify(query)}, ${bound}`);
      assert.deepEqual(
        [one({ id: 'r0' }).status, one({ id: 'r0' }).observed],
        [status, observed],
        one({ id: 'r0' }).message,
      );
    });
  }

  for (const [query, message] of [
    ['SELECT NULL', /^The query gave no value\.$/],
    ['SELECT id FROM orders WHERE false', /^The query gave no value\.$/],
    ['SELECT id FROM orders', /^The query must give one value, and gives several rows\.$/],
    ['SELECT 1, 2', /^The query must give one value, and gives 2 columns\.$/],
    ['SELECT nothing FROM orders', /^The query cannot run: .*nothing/],
    ['SELEC 1', /^The query cannot run: .*syntax error/],
    ['SELECT {property} FROM {object}', /^\{property\} needs a column, but the rule stands on table "orders"/],
    ['SELECT {owner} FROM {object}', /^\{owner\} stands for nothing here/],
    ['SELECT 1; SELECT 2', /one SELECT statement/],
    ['DROP VIEW orders', /may only read/],
    ["COPY (SELECT 1) TO 'x.csv'", /^The query cannot run: /],
    ["SELECT count(*) FROM read_csv('/etc/passwd')", /^The query cannot run: /],
    ["SELECT 'x' FROM orders LIMIT 1", /which is no number to compare/],
  ] as const) {
    it(`${query} is an error`, async () => {
      const { one } = await answers(
        `query: ${JSON.stringify(query)}, mustBeLessThan: 100`,
        'query: SELECT count(*) FROM orders, mustBe: 3',
      );
      assert.equal(one({ id: 'r0' }).status, 'error');
      assert.match(one({ id: 'r0' }).message, message);
      assert.equal(one({ id: 'r1' }).status, 'passed');
    });
  }

  it('cannot write where it may read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plumbline-writes-'));
    const target = join(folder, 'escaped.csv');
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    const rule = `query: "COPY (SELECT 1) TO '${target}'", mustBe: 1`;
    writeFileSync(join(folder, 'contract.odcs.yaml'), contract([rule]));
    const { one } = await checkFile(join(folder, 'contract.odcs.yaml'), { job: { data: { orders: 'orders.csv' } } });
    assert.deepEqual(
      [one({ id: 'r0' }).status, one({ id: 'r0' }).message, existsSync(target)],
      ['error', 'The query cannot run: A query may only read: write one SELECT statement instead of COPY.', false],
    );
    rmSync(folder, { recursive: true });
  });

  it('names the physical column', async () => {
    const { one } = await answers('query: SELECT 1, mustBe: 1');
    assert.deepEqual([one({ id: 'property' }).status, one({ id: 'property' }).observed], ['passed', 20]);
  });

  it('makes no views when no rule asks', async () => {
    const none = contract([]).replace(/ {8}quality:\n.*\n {4}quality:\n/, '');
    const { statements } = await checkText(none, files, { job: { data: { orders: 'orders.csv' } } });
    assert.equal(statements.filter((sql) => sql.includes('VIEW')).length, 0);
  });
});
