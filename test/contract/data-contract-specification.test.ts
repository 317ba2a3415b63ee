import assert from 'node:assert/strict';
import { convert } from '../../server/src/contract/convert';
import { dataContractSpecification } from '../../server/src/contract/dialects/data-contract-specification';
import { odcs } from '../../server/src/contract/dialects/odcs';
import { dialectOf } from '../../server/src/contract/recognise';
import { glanceOf } from '../../server/src/glance';
import { spelling } from '../../server/src/text/tree';
import { parseYaml } from '../../server/src/text/yaml';
import { checkFiles } from '../check/checking';

const text = `dataContractSpecification: 1.1.0
id: orders
info:
  title: Orders
  version: 2.0.0
  owner: Shop
servers:
  local:
    type: local
    path: ./orders.csv
    format: csv
terms:
  usage: Reports
models:
  orders:
    fields:
      order_id:
        $ref: '#/definitions/order_id'
        required: true
        primaryKey: true
      email:
        type: text
        format: email
        pii: true
      total:
        type: decimal
        precision: 10
        scale: 2
        minimum: 0
      placed:
        type: timestamp
    quality:
      - type: sql
        query: SELECT count(*) FROM orders
        mustBeGreaterThan: 1
  lines:
    primaryKey: [order_id, line]
    fields:
      order_id:
        type: string
        references: orders.order_id
      line:
        type: int
definitions:
  order_id:
    type: string
    maxLength: 3
    description: Of the shop.
servicelevels:
  freshness:
    threshold: PT24H
    timestampField: orders.placed
  support:
    time: 9am to 5pm
`;
const read = () => dataContractSpecification.read(parseYaml(text));

describe('the Data Contract Specification', () => {
  it('is recognised by its key, at a glance and by its tree', () => {
    assert.equal(glanceOf('/orders.yaml', text), 'contract');
    assert.equal(dialectOf('/orders.yaml', parseYaml(text))?.id, 'datacontract-specification');
    assert.equal(glanceOf('/other.yaml', 'models: {}\nid: x\n'), undefined);
  });

  it('keeps the fundamentals in the terms of ODCS', () => {
    const { id, name, version, about, servers, apiVersion } = read();
    assert.deepEqual(
      { id, name, version, about, apiVersion },
      {
        id: 'orders',
        name: 'Orders',
        version: '2.0.0',
        about: { usage: 'Reports', owner: 'Shop' },
        apiVersion: '1.1.0',
      },
    );
    assert.deepEqual(
      servers.map(({ name: server, type }) => `${server} ${type}`),
      ['local local'],
    );
  });

  it('puts what a definition says under what its field says', () => {
    const [order] = read().tables[0]?.columns ?? [];
    assert.deepEqual(
      [order?.logicalType, order?.options, order?.required, order?.primaryKey, order?.about?.description],
      ['string', { maxLength: 3 }, true, true, 'Of the shop.'],
    );
  });

  it('survives definitions that refer to each other', () => {
    const circle = `dataContractSpecification: 1.1.0
models: {t: {fields: {a: {$ref: '#/definitions/x'}}}}
definitions: {x: {$ref: '#/definitions/y'}, y: {$ref: '#/definitions/x', type: string}}
`;
    const { tables } = dataContractSpecification.read(parseYaml(circle));
    assert.equal(tables[0]?.columns[0]?.logicalType, 'string');
  });

  it('follows a reference into a definition, and ends where one holds itself', () => {
    const deep = `dataContractSpecification: 1.1.0
models: {t: {fields: {city: {$ref: '#/definitions/place/fields/city'}, root: {$ref: '#/definitions/node'}}}}
definitions:
  place: {fields: {city: {type: string, maxLength: 9}}}
  node: {type: object, fields: {label: {type: string}, child: {$ref: '#/definitions/node'}}}
`;
    const [city, root] = dataContractSpecification.read(parseYaml(deep)).tables[0]?.columns ?? [];
    assert.deepEqual(city?.options, { maxLength: 9 });
    assert.deepEqual(
      root?.columns.map(({ path, logicalType, columns }) => [path, logicalType, columns.length]),
      [
        ['root.label', 'string', 0],
        ['root.child', undefined, 0],
      ],
    );
  });

  it('knows types, digits, personal data, references, keys of several columns and service levels', () => {
    const { tables, sla, tree } = read();
    const [orders, lines] = tables;
    const [, email, total] = orders?.columns ?? [];
    assert.deepEqual([email?.logicalType, email?.options.format, email?.about?.tags], ['string', 'email', ['pii']]);
    assert.deepEqual([total?.logicalType, total?.physicalType], ['number', 'decimal(10, 2)']);
    assert.deepEqual(
      lines?.columns.map(({ primaryKeyPosition }) => primaryKeyPosition),
      [1, 2],
    );
    const [reference] = lines?.columns[0]?.relationships ?? [];
    assert.deepEqual([reference?.from[0]?.text, reference?.to[0]?.text], ['lines.order_id', 'orders.order_id']);
    assert.deepEqual(
      sla.map(({ property, value, elements }) => [property, value, elements.map(({ text: element }) => element)]),
      [
        ['freshness', 'PT24H', ['orders.placed']],
        ['support', '9am to 5pm', []],
      ],
    );
    assert.equal(total && spelling(tree, total.nameNode), 'total');
  });

  it('gives each table its part of old SodaCL checks, and other old checks as they are', () => {
    const withQuality = (quality: string) =>
      dataContractSpecification
        .read(parseYaml(`dataContractSpecification: 0.9.3\nmodels: {a: {}, b: {}}\nquality:\n${quality}`))
        .tables.map(({ rules }) => rules.map(({ engine, implementation }) => [engine, implementation]));
    const soda =
      '  type: SodaCL\n  specification: |\n    checks for a:\n      - row_count > 0\n    checks for b:\n      - row_count > 1\n';
    assert.deepEqual(withQuality(soda), [
      [['soda', 'checks for a:\n  - row_count > 0']],
      [['soda', 'checks for b:\n  - row_count > 1\n']],
    ]);
    const expectation = (type: string) => ({ expectation_type: type, kwargs: {} });
    const named = `  type: great-expectations
  specification:
    b: |-
      [${JSON.stringify(expectation('x'))}, ${JSON.stringify(expectation('y'))}]
`;
    assert.deepEqual(withQuality(named), [
      [],
      [
        ['great-expectations', expectation('x')],
        ['great-expectations', expectation('y')],
      ],
    ]);
    assert.deepEqual(withQuality('  type: custom\n  specification: {b: {some: words}}\n'), [
      [],
      [['custom', { some: 'words' }]],
    ]);
    assert.deepEqual(withQuality('  type: great-expectations\n  specification: {}\n')[0], [['great-expectations', {}]]);
  });

  it('tells on the way to ODCS what that has no place for, and takes no name for a key', () => {
    const full = `dataContractSpecification: 1.1.0
id: t
info: {title: T, version: 1.0.0, contact: {name: Ada}}
terms: {usage: Reports, billing: free, noticePeriod: P3M}
models:
  contact:
    fields:
      links: {type: string}
      sizes: {type: map, keys: {type: string}, values: {type: integer}}
servicelevels:
  retention: {description: long, unlimited: true}
  latency: {threshold: 1h, sourceTimestampField: contact.links}
`;
    const made = convert(dataContractSpecification.read(parseYaml(full)), odcs);
    assert.deepEqual(
      made.losses.map(({ message }) => message.split(' ')[0]),
      [
        '"contact"',
        '"billing"',
        '"noticePeriod"',
        '"keys"',
        '"values"',
        '"description"',
        '"unlimited"',
        '"sourceTimestampField"',
      ],
    );
    assert.doesNotMatch(made.text, /long/);
  });

  it('is run as ODCS is', async () => {
    const files = {
      'orders.datacontract.yaml': text,
      'orders.csv':
        'order_id,email,total,placed\nabcd,x@y.de,-1.00,2020-01-01 00:00:00\nb,no,2.50,2020-01-02 00:00:00\n',
    };
    const { report } = await checkFiles('orders.datacontract.yaml', files, { now: new Date('2020-01-02T12:00:00Z') });
    const found = report.checks
      .filter(({ table }) => table === 'orders')
      .map(({ column, kind, status }) => `${column} ${kind} ${status}`);
    for (const line of [
      'order_id maxLength failed',
      'email format failed',
      'total minimum failed',
      'placed freshness passed',
      'null sql passed',
    ])
      assert.ok(found.includes(line), `${line} among ${found.join(', ')}`);
  });
});
