import assert from 'node:assert/strict';
import { checkText } from './checking';

const contract = (orders: string, others = '') => `
apiVersion: v3.1.0
kind: DataContract
id: shop
version: 1.0.0
status: active
schema:
  - name: orders
    properties:
      - {name: id, logicalType: integer, primaryKey: true}
      - name: customer
        logicalType: integer
        relationships:
          - to: customers.id
      - name: country
      - name: region
${orders}
  - name: customers
    properties:
      - {name: id, logicalType: integer}
  - name: regions
    properties:
      - {name: country}
      - {name: region}
${others}`;

const files = {
  'orders.csv': 'id,customer,country,region\n1,1,DE,BY\n2,2.0,DE,XX\n3,9,DE,\n4,,FR,BY\n5,x,FR,IDF\n',
  'customers.csv': 'id\n1\n2\n\n',
  'regions.csv': 'country,region\nDE,BY\nFR,IDF\n',
};

const composite = `    relationships:
      - from: [orders.country, orders.region]
        to: [regions.country, regions.region]`;

describe('relationships', () => {
  it('counts orphans; what does not convert is one, a NULL is none', async () => {
    const { one } = await checkText(contract(composite), files);
    const check = one({ column: 'customer', kind: 'foreignKey' });
    assert.deepEqual([check.status, check.observed, check.rows], ['failed', 2, 5]);
    assert.deepEqual(check.samples, [
      { row: 3, values: { customer: 9, id: 3 } },
      { row: 5, values: { customer: 'x', id: 5 } },
    ]);
    assert.equal(
      check.message,
      'Every "customer" should be in customers.id, but 2 of 5 rows are not. First: row 3 (9).',
    );
    assert.equal(check.expected, 'in customers.id');
  });

  it('takes composite keys as tuples, in which one NULL makes it no reference', async () => {
    const { one } = await checkText(contract(composite), files);
    const check = one({ kind: 'foreignKey', column: null });
    assert.equal(check.observed, 2);
    assert.deepEqual(
      check.samples.map(({ row }) => row),
      [2, 4],
    );
  });

  it('refers to its own table', async () => {
    const own = contract('').replace('to: customers.id', 'to: schema/orders/properties/id');
    const { one } = await checkText(own, {
      ...files,
      'orders.csv': 'id,customer,country,region\n1,,a,b\n2,1,a,b\n3,7,a,b\n',
    });
    assert.equal(one({ kind: 'foreignKey' }).observed, 1);
  });

  it('finds every row an orphan of an empty table', async () => {
    const { one } = await checkText(contract(''), { ...files, 'customers.csv': 'id\n' });
    assert.equal(one({ kind: 'foreignKey' }).observed, 4);
  });

  for (const [name, relationship, message] of [
    [
      'a table that is none',
      'to: nobody.id',
      '"nobody.id" names no table of this contract; it has orders, customers, regions.',
    ],
    ['a column that is none', 'to: customers.key', 'Table "customers" has no column "key"; it has id.'],
    [
      'a path that leads nowhere',
      'to: /schema/customers/properties/key',
      'Table "customers" has no column "key"; it has id.',
    ],
  ] as const) {
    it(`says so of ${name}`, async () => {
      const { one } = await checkText(contract('').replace('to: customers.id', relationship), files);
      assert.deepEqual([one({ kind: 'foreignKey' }).status, one({ kind: 'foreignKey' }).message], ['error', message]);
    });
  }

  it('skips what lies in another contract', async () => {
    const { one } = await checkText(
      contract('').replace('customers.id', 'other.odcs.yaml#schema/a/properties/b'),
      files,
    );
    assert.equal(one({ kind: 'foreignKey' }).status, 'skipped');
  });

  it('says so when the sides differ in length', async () => {
    const uneven = composite.replace('[regions.country, regions.region]', '[regions.country]');
    const { one } = await checkText(contract(uneven), files);
    assert.match(
      one({ kind: 'foreignKey', column: null }).message,
      /equally many columns on both sides; here are 2 and 1/,
    );
  });

  it('says so when the other table has no data, and checks the rest', async () => {
    const { 'customers.csv': _, ...without } = files;
    const { one } = await checkText(contract(composite), without);
    assert.match(
      one({ column: 'customer', kind: 'foreignKey' }).message,
      /^Table "customers" cannot be compared with: Nothing says where/,
    );
    assert.equal(one({ kind: 'foreignKey', column: null }).observed, 2);
  });
});
