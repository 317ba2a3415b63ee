import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { odcs } from '../../server/src/contract/dialects/odcs';
import { type Contract, columnsOf, type Table } from '../../server/src/contract/model';
import { targetOf } from '../../server/src/contract/references';
import { get, itemsOf } from '../../server/src/text/tree';
import { parseYaml } from '../../server/src/text/yaml';

const read = (text: string): Contract => odcs.read(parseYaml(text));

function only(text: string): Table {
  const [table] = read(text).tables;
  assert.ok(table, 'no table was read');
  return table;
}

describe('contract/odcs', () => {
  it('is recognised by its name or by its first keys', () => {
    const empty = parseYaml('');
    for (const name of ['a/b.odcs.yaml', 'b.odcs.yml', 'B.ODCS.JSON']) assert.ok(odcs.recognises(name, empty), name);
    assert.ok(odcs.recognises('any.yaml', parseYaml('apiVersion: v3.1.0\nkind: DataContract')));
    assert.ok(!odcs.recognises('any.yaml', parseYaml('apiVersion: v1\nkind: Pod')));
    assert.ok(!odcs.recognises('odcs.yaml', empty));
  });

  it('reads columns of objects and lists with their paths, parents first', () => {
    const table = only(`
schema:
  - name: orders
    properties:
      - name: address
        properties:
          - name: city
      - name: tags
        items:
          logicalType: object
          properties:
            - name: word
      - {name: grid, items: {items: {logicalType: integer}}}
`);
    assert.deepEqual(
      columnsOf(table).map(({ path }) => path),
      ['address', 'address.city', 'tags', 'tags[]', 'tags[].word', 'grid', 'grid[]', 'grid[][]'],
    );
  });

  it('keeps the node of every option, and turns the boolean bounds of 3.0 into bounds', () => {
    const [column] = only(`
schema:
  - name: t
    properties:
      - name: c
        logicalTypeOptions: {minimum: 0, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false, format: f64}
`).columns;
    assert.deepEqual(column?.options, { exclusiveMinimum: 0, maximum: 9, format: 'f64' });
    assert.deepEqual(Object.keys(column?.optionNodes ?? {}), ['maximum', 'format', 'exclusiveMinimum']);
  });

  it('reads the words of 3.0 that have one meaning as metrics', () => {
    const { rules } = only(`
schema:
  - name: t
    quality:
      - {rule: rowCount, mustBeGreaterThan: 5}
      - {rule: validValues, validValues: [a, b]}
      - {rule: minCheck, mustBe: 3}
`);
    assert.deepEqual(
      rules.map(({ type, metric, arguments: given, operators }) => [type, metric, given, operators.length]),
      [
        ['library', 'rowCount', {}, 1],
        ['library', 'invalidValues', { validValues: ['a', 'b'] }, 1],
        ['library', undefined, {}, 1],
      ],
    );
  });

  it('tells the kind of a rule that names none', () => {
    const { rules } = only(`
schema:
  - name: t
    quality:
      - metric: rowCount
      - query: SELECT 1
      - engine: soda
      - description: People look at it.
`);
    assert.deepEqual(
      rules.map(({ type }) => type),
      ['library', 'sql', 'custom', 'text'],
    );
  });

  it('reads relationships of columns and of tables', () => {
    const table = only(`
schema:
  - name: orders
    properties:
      - name: customer
        relationships: [{to: customers.id}]
    relationships:
      - {from: [orders.a, orders.b], to: [x.a, x.b]}
`);
    const words = (list: readonly { text: string }[] | undefined) => list?.map(({ text }) => text);
    const [own] = table.columns[0]?.relationships ?? [];
    assert.deepEqual([words(own?.from), words(own?.to)], [['orders.customer'], ['customers.id']]);
    const [composite] = table.relationships;
    assert.deepEqual(
      [words(composite?.from), words(composite?.to)],
      [
        ['orders.a', 'orders.b'],
        ['x.a', 'x.b'],
      ],
    );
  });

  it('parts the elements of an SLA property at commas, each with its own place', () => {
    const contract = read('slaProperties:\n  - {property: freshness, value: 1, element: "a.x , b.y"}\n');
    assert.deepEqual(
      contract.sla[0]?.elements.map(({ text, node }) => [
        text,
        contract.tree.text.slice(node.span.start, node.span.end),
      ]),
      [
        ['a.x', 'a.x'],
        ['b.y', 'b.y'],
      ],
    );
  });

  it('finds what a reference names, in its short and its full form', () => {
    const contract = read(`
schema:
  - id: o1
    name: shop.orders
    properties:
      - {id: c1, name: address, properties: [{name: city}]}
      - {name: tags, items: {properties: [{name: word}]}}
`);
    const column = (reference: string) => targetOf(contract, reference)?.column?.path;
    assert.equal(column('shop.orders.address.city'), 'address.city');
    assert.equal(column('shop.orders.tags.word'), 'tags[].word');
    assert.equal(column('schema/o1/properties/c1'), 'address');
    assert.equal(column('/schema/o1/properties/c1/properties/city'), 'address.city');
    assert.equal(column('shop.orders.nothing'), undefined);
    assert.equal(targetOf(contract, 'other.odcs.yaml#/schema/o1'), undefined);
    assert.equal(targetOf(contract, 'city', contract.tables[0])?.table?.name, 'shop.orders');
  });

  it('leaves out what is of the wrong type, and reads the rest', () => {
    const wrong = ['1', 'text', '[]', '[1, [2]]', '{a: 1}', '[{a: 1}]', 'null', '[{name: [x]}]', 'true'];
    for (const key of ['schema', 'servers', 'slaProperties', 'slaDefaultElement', 'version', 'id']) {
      for (const value of wrong) read(`${key}: ${value}`);
    }
    for (const key of ['properties', 'quality', 'relationships', 'name', 'physicalName', 'items', 'enum', 'required']) {
      for (const value of wrong) {
        const table = only(`schema: [{name: t, ${key}: ${value}, properties: [{name: c, ${key}: ${value}}]}]`);
        columnsOf(table);
      }
    }
    for (const text of ['', '1', '[]', 'a: [', '{{{']) assert.deepEqual(read(text).tables, []);
  });
});

const official = '../shared/corpus/odcs/examples';

if (existsSync(official))
  describe('contract/odcs on the official examples', () => {
    for (const file of readdirSync(official, { recursive: true }).map(String)) {
      if (!/\.odcs\.yaml$/.test(file)) continue;
      it(`reads ${file}`, () => {
        const contract = read(readFileSync(`${official}/${file}`, 'utf8'));
        assert.deepEqual(contract.tree.issues, []);
        assert.equal(contract.tables.length, itemsOf(get(contract.tree.root, 'schema')).length);
        for (const table of contract.tables) assert.notEqual(table.name, '');
      });
    }
  });
