import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { convert } from '../../server/src/contract/convert';
import { jsonSchema } from '../../server/src/contract/dialects/json-schema';
import { odcs } from '../../server/src/contract/dialects/odcs';
import { dialectOf } from '../../server/src/contract/recognise';
import { glanceOf } from '../../server/src/glance';
import { parseText } from '../../server/src/text/parse';
import { checkFile, checkFiles } from './checking';

// Recorded by generate/record.py with Python's jsonschema 4.26.0.

const home = 'test/fixtures/check/json-schema';
const expected: Readonly<Record<string, Readonly<Record<string, number>>>> = JSON.parse(
  readFileSync(join(home, 'expected.json'), 'utf8'),
);

const brokenBy = async (checked: ReturnType<typeof checkFile>): Promise<Record<string, number>> => {
  const { report } = await checked;
  const wrong = report.checks.filter(({ status }) => status !== 'passed' && status !== 'failed');
  assert.deepEqual(
    wrong.map(({ id, message }) => `${id}: ${message}`),
    [],
  );
  const failed = report.checks.filter(({ status }) => status === 'failed');
  return Object.fromEntries(
    failed.map(({ column, kind, unexpectedCount, message }) => [
      column === null && kind === 'required' ? 'gone required' : [column, kind].filter(Boolean).join(' '),
      unexpectedCount ?? message,
    ]),
  ) as Record<string, number>;
};

describe('JSON Schemas of records', function () {
  // Each keyword is judged in a thread of its own.
  this.timeout(30_000);

  it('find in orders what jsonschema finds, keyword by keyword', async () => {
    const checked = checkFile(join(home, 'orders.record.schema.json'), { job: { data: { '': 'orders.csv' } } });
    const { any, ...keywords } = expected.orders ?? {};
    assert.equal(any, 5);
    assert.deepEqual(await brokenBy(checked), keywords);
  });

  it('that refer to themselves are judged by whole rows', async () => {
    const checked = checkFile(join(home, 'tree.record.schema.json'), { job: { data: { '': 'tree.csv' } } });
    const { any, oneOf, dependencies, 'name maxLength': long } = expected.tree ?? {};
    assert.deepEqual(await brokenBy(checked), { $ref: any, oneOf, dependencies, 'name maxLength': long });
  });

  it('judge typed data by their types', async () => {
    const schema = '{"properties": {"a": {"type": "integer"}, "b": {"properties": {"c": {"type": "string"}}}}}';
    const data = '{"a": 1, "b": {"c": "x"}}\n{"a": 2.5, "b": {}}\n{"b": {"c": "y"}}\n';
    const checked = checkFiles(
      'x.record.schema.json',
      { 'x.record.schema.json': schema, 'd.jsonl': data },
      { job: { data: { '': 'd.jsonl' } } },
    );
    assert.deepEqual(await brokenBy(checked), { 'a type': 1 });
  });

  it('are recognised by the name alone: other schemas are left alone', () => {
    const text = '{"$schema": "https://json-schema.org/draft/2020-12/schema", "properties": {"a": {}}}';
    const found = (path: string) => glanceOf(path, text) && dialectOf(path, parseText(path, text))?.id;
    assert.equal(found('/w/orders.record.schema.json'), 'json-schema');
    for (const path of ['/w/schema.json', '/w/orders.schema.json', '/w/record.json', '/w/tsconfig.json'])
      assert.equal(found(path), undefined, path);
  });

  it('become ODCS in its own words where it has some, and keep the rest as rules', () => {
    const text = readFileSync(join(home, 'orders.record.schema.json'), 'utf8');
    const made = convert(jsonSchema.read(parseText('a.record.schema.json', text)), odcs);
    assert.deepEqual(made.losses, []);
    for (const words of [
      'logicalType: integer',
      'multipleOf: 1',
      'required: true',
      'format: email',
      'engine: json-schema',
    ])
      assert.ok(made.text.includes(words), `${words} is not in\n${made.text}`);
    const back = JSON.parse(convert(odcs.read(parseText('a.odcs.yaml', made.text)), jsonSchema).text);
    const { properties } = JSON.parse(text);
    assert.deepEqual(back.properties.code, properties.code);
    assert.deepEqual(back.properties.either.anyOf, properties.either.anyOf);
    assert.deepEqual(back.required, ['id', 'code', 'price', 'gone']);
  });

  it('that are broken are read as far as they go', () => {
    const text = readFileSync(join(home, 'orders.record.schema.json'), 'utf8');
    for (let cut = 0; cut < text.length; cut += 23)
      convert(jsonSchema.read(parseText('a.record.schema.json', text.slice(0, cut) + text.slice(cut + 9))), odcs);
  });
});
