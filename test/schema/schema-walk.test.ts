import assert from 'node:assert/strict';
import { keysAt, schemaAt, valuesAt } from '../../server/src/schema/walk';
import { at, type Path } from '../../server/src/text/tree';
import { parseYaml } from '../../server/src/text/yaml';

const contract = `
apiVersion: v3.1.0
servers:
  - server: files
    type: local
  - server: unsaid
schema:
  - name: orders
    properties:
      - name: amount
        logicalType: number
        logicalTypeOptions: {}
      - name: tags
        logicalType: array
        items: {logicalType: string}
      - name: bare
    quality:
      - id: empty
      - metric: rowCount
        mustBe: 5
      - type: sql
      - type: text
team: []
`;
const tree = parseYaml(contract);
const keys = (...path: Path): readonly string[] => keysAt('odcs-3.1.0', tree, path).map(({ key }) => key);
const values = (...path: Path): readonly unknown[] => valuesAt('odcs-3.1.0', tree, path).map(({ value }) => value);

describe('walking a schema along a tree', () => {
  it('offers the keys of the server that the type names', () => {
    assert.deepEqual(keys('servers', 0).slice(0, 4), ['server', 'type', 'path', 'format']);
    assert.ok(!keys('servers', 0).includes('host'));
    assert.ok(!keys('servers', 1).includes('path'), 'a server without a type is first asked for it');
  });

  it('offers the keys of every kind of rule until one is chosen', () => {
    for (const key of ['metric', 'query', 'engine', 'mustBe'])
      assert.ok(keys('schema', 0, 'quality', 0).includes(key), key);
    assert.ok(!keys('schema', 0, 'quality', 2).includes('metric'));
    assert.ok(keys('schema', 0, 'quality', 2).includes('mustBeBetween'));
    assert.ok(!keys('schema', 0, 'quality', 3).includes('mustBe'));
  });

  it('offers no second operator', () => {
    assert.ok(keys('schema', 0, 'quality', 1).includes('mustBe'));
    assert.ok(!keys('schema', 0, 'quality', 1).includes('mustNotBe'));
  });

  it('offers the options of the logical type', () => {
    assert.deepEqual(keys('schema', 0, 'properties', 0, 'logicalTypeOptions').toSorted(), [
      'exclusiveMaximum',
      'exclusiveMinimum',
      'format',
      'maximum',
      'minimum',
      'multipleOf',
    ]);
    assert.ok(keys('schema', 0, 'properties', 1, 'items').includes('logicalType'));
    assert.ok(!keys('schema', 0, 'properties', 0).includes('items'));
  });

  it('tells of a key whether it is demanded, there, deprecated, and what its value is', () => {
    const infos = new Map(keysAt('odcs-3.1.0', tree, []).map((info) => [info.key, info]));
    assert.deepEqual(
      ['apiVersion', 'id', 'dataProduct', 'servers', 'tags', 'price', 'team'].map((key) => {
        const { required, present, deprecated, kind } = infos.get(key) ?? assert.fail(key);
        return `${key} ${kind}${required ? ' required' : ''}${present ? ' present' : ''}${deprecated ? ' deprecated' : ''}`;
      }),
      [
        'apiVersion choice required present',
        'id text required',
        'dataProduct text deprecated',
        'servers list-of-objects present',
        'tags list',
        'price object',
        'team object present deprecated',
      ],
    );
    assert.match(infos.get('id')?.description ?? '', /never changes/);
  });

  it('offers values: the allowed ones with their meaning, both booleans, else examples', () => {
    const metrics = valuesAt('odcs-3.1.0', tree, ['schema', 0, 'quality', 1, 'metric']);
    assert.equal(metrics.length, 5);
    for (const { description, source } of metrics) assert.ok(description.length > 0 && source === 'allowed');
    assert.deepEqual(values('schema', 0, 'properties', 0, 'required'), [true, false]);
    assert.deepEqual(values('schema', 0, 'quality', 1, 'unit'), ['rows', 'percent']);
    assert.equal(valuesAt('odcs-3.1.0', tree, ['schema', 0, 'quality', 1, 'unit'])[0]?.source, 'default');
    assert.deepEqual(values('schema', 0, 'properties', 0, 'logicalTypeOptions', 'format'), ['f32', 'f64']);
  });

  it('says what stands at a path, the special over the general', () => {
    assert.equal(schemaAt('odcs-3.1.0', tree, ['schema', 0, 'name'])?.title, 'Table name');
    assert.equal(schemaAt('odcs-3.1.0', tree, ['schema', 0, 'properties', 0, 'name'])?.title, 'Name');
    assert.equal(schemaAt('odcs-3.1.0', tree, ['servers', 0])?.noun, 'a local server');
    assert.equal(schemaAt('odcs-3.1.0', tree, ['servers', 0, 'path'])?.title, 'Path');
  });

  it('has nothing to say where the schema has not', () => {
    for (const path of [
      ['nowhere'],
      ['constructor'],
      ['__proto__', 'x'],
      ['apiVersion', 'deeper'],
      ['schema', 'orders'],
    ]) {
      assert.equal(schemaAt('odcs-3.1.0', tree, path), undefined, path.join('.'));
      assert.deepEqual(keys(...path), []);
      assert.deepEqual(values(...path), []);
    }
  });

  it('answers for what is not written yet', () => {
    const empty = parseYaml('');
    assert.equal(at(empty.root, ['schema']), undefined);
    assert.ok(keysAt('odcs-3.1.0', empty, []).length > 15);
    assert.ok(keysAt('odcs-3.1.0', empty, ['schema', 0, 'properties', 0]).some(({ key }) => key === 'logicalType'));
    assert.deepEqual(
      valuesAt('experiment-1', empty, ['runs', 0, 'tracker']).map(({ value }) => value),
      ['mlflow', 'wandb', 'dvc'],
    );
  });
});
