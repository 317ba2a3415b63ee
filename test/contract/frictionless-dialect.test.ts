import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { convert } from '../../server/src/contract/convert';
import { frictionless } from '../../server/src/contract/dialects/frictionless';
import { odcs } from '../../server/src/contract/dialects/odcs';
import { dialectOf } from '../../server/src/contract/recognise';
import { glanceOf } from '../../server/src/glance';
import { parseText } from '../../server/src/text/parse';
import { spelling } from '../../server/src/text/tree';

const recognised = (path: string, text: string): string | undefined =>
  glanceOf(path, text) && dialectOf(path, parseText(path, text))?.id;

const packageText = readFileSync('test/fixtures/check/frictionless/keys/datapackage.json', 'utf8');

describe('data packages of Frictionless', () => {
  it('are recognised by their names and first keys', () => {
    const schema = '{"fields": [{"name": "a", "type": "string"}]}';
    assert.equal(recognised('/w/datapackage.json', packageText), 'frictionless');
    assert.equal(recognised('/w/datapackage.yaml', 'name: x\nresources: []\n'), 'frictionless');
    assert.equal(recognised('/w/orders.resource.json', '{"name": "o", "path": "o.csv"}'), 'frictionless');
    assert.equal(recognised('/w/orders.tableschema', schema), 'frictionless');
    assert.equal(recognised('/w/schema.json', schema), 'frictionless');
    assert.equal(recognised('/w/orders.tableschema.yaml', 'fields:\n  - name: a\n'), 'frictionless');
  });

  it('are not taken for it when another tool wrote them', () => {
    for (const [path, text] of [
      ['/w/schema.json', '{"type": "record", "name": "x", "fields": [{"name": "a", "type": "int"}]}'],
      ['/w/schema.json', '{"type": "struct", "fields": [{"name": "a", "type": "string", "nullable": true}]}'],
      ['/w/schema.json', '[{"name": "a", "type": "STRING"}]'],
      ['/w/schema.json', '{"fields": {"a": 1}}'],
      ['/w/k8s-resource.yaml', 'kind: Deployment\n'],
      ['/w/package.json', '{"name": "x", "resources": []}'],
      ['/w/my-schema.json', '{"$schema": "http://json-schema.org/draft-07/schema#", "properties": {}}'],
    ] as const)
      assert.equal(recognised(path, text), undefined, text);
  });

  it('keep the place of each part', () => {
    const tree = parseText('datapackage.json', packageText);
    const { tables } = frictionless.read(tree);
    assert.deepEqual(
      tables.map(({ nameNode, columns }) => [
        spelling(tree, nameNode),
        ...columns.map((column) => spelling(tree, column.nameNode)),
      ]),
      [
        ['"cities"', '"country"', '"code"', '"name"'],
        ['"visits"', '"id"', '"country"', '"code"', '"before"'],
      ],
    );
  });

  it('become ODCS with keys, references and bounds in its own words, and come back the same', () => {
    const text = JSON.stringify({
      resources: [
        {
          name: 'orders',
          path: 'orders.csv',
          schema: {
            primaryKey: 'id',
            fieldsMatch: 'equal',
            missingValues: [''],
            fields: [
              { name: 'id', type: 'integer', constraints: { minimum: 1 } },
              { name: 'day', type: 'date', format: '%d.%m.%Y', constraints: { required: true } },
              { name: 'mail', type: 'string', format: 'email', constraints: { pattern: '.+@b[.]de', unique: true } },
              { name: 'paid', type: 'boolean', trueValues: ['ja'], falseValues: ['nein'] },
            ],
            foreignKeys: [{ fields: 'id', reference: { resource: '', fields: 'id' } }],
          },
        },
      ],
    });
    const made = convert(frictionless.read(parseText('datapackage.json', text)), odcs);
    assert.deepEqual(made.losses, []);
    for (const words of [
      'primaryKey: true',
      'format: dd.MM.yyyy',
      'format: email',
      'pattern: ^(?:.+@b[.]de)$',
      'to: orders.id',
      'minimum: 1',
      'property: undocumentedColumns',
    ])
      assert.ok(made.text.includes(words), `${words} is not in\n${made.text}`);
    const back = JSON.parse(convert(odcs.read(parseText('a.odcs.yaml', made.text)), frictionless).text);
    const { schema } = JSON.parse(text).resources[0];
    assert.deepEqual(back.resources[0].schema.fields, schema.fields);
    assert.equal(back.resources[0].schema.fieldsMatch, 'equal');
    assert.deepEqual(back.resources[0].schema.foreignKeys, [
      { fields: ['id'], reference: { resource: '', fields: ['id'] } },
    ]);
  });

  it('tell what ODCS has no place for', () => {
    const text = '{"resources": [{"name": "a", "path": "a.csv"}], "licenses": [{"name": "MIT"}]}';
    const tree = parseText('datapackage.json', text);
    const { losses } = convert(frictionless.read(tree), odcs);
    assert.deepEqual(
      losses.map(({ message, node }) => [message, spelling(tree, node)]),
      [['"licenses" is left out: it has no place in an Open Data Contract Standard.', '"licenses"']],
    );
  });

  it('that are broken are read as far as they go', () => {
    for (let cut = 0; cut < packageText.length; cut += 17) {
      const tree = parseText('datapackage.json', packageText.slice(0, cut) + packageText.slice(cut + 11));
      frictionless.read(tree);
      frictionless.beyond?.(tree);
    }
    for (const text of [
      '',
      '[]',
      'resources: 3',
      'fields: {a: 1}',
      'resources: [1, {schema: {fields: [2, {name: [1]}]}}]',
    ])
      convert(frictionless.read(parseText('datapackage.yaml', text)), odcs);
  });
});
