import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import Ajv2019 from 'ajv/dist/2019';
import addFormats from 'ajv-formats';
import catalog from '../../schemas/catalog.json';
import { newerThan, schemaFor, schemaOf, validatorOf, versionOf } from '../../server/src/schema/catalog';
import type { JsonSchema } from '../../server/src/schema/json-schema';
import { mergedView, viewsOf } from '../../server/src/schema/views';

const ids = catalog.schemas.map(({ id }) => id);

/** Every subschema with its JSON pointer. */
function parts(schema: JsonSchema, pointer = ''): readonly (readonly [string, JsonSchema])[] {
  const named = (['properties', '$defs'] as const).flatMap((word) =>
    Object.entries(schema[word] ?? {}).flatMap(([key, part]) => parts(part, `${pointer}/${word}/${key}`)),
  );
  const listed = (['allOf', 'anyOf', 'oneOf'] as const).flatMap((word) =>
    (schema[word] ?? []).flatMap((part, index) => parts(part, `${pointer}/${word}/${index}`)),
  );
  const single = (['items', 'then', 'else', 'if', 'not', 'additionalProperties'] as const).flatMap((word) => {
    const part = schema[word];
    return typeof part === 'object' ? parts(part, `${pointer}/${word}`) : [];
  });
  return [[pointer, schema], ...named, ...listed, ...single];
}

/** Keys as the author writes them: not those that a condition only looks at, or that a branch narrows. */
const isKey = (pointer: string): boolean => /\/properties\/[^/]+$/.test(pointer) && !pointer.includes('/if/');

const sentence = /^[A-Z0-9=≠<>≥≤"`-].*[.?]$/s;

describe('schemas', () => {
  it('are one file for each entry of the catalogue, and each compiled', () => {
    const files = readdirSync('schemas').filter((name) => name.endsWith('.schema.json'));
    assert.deepEqual(files.map((name) => name.replace('.schema.json', '')).sort(), [...ids].sort());
    for (const id of ids) assert.equal(validatorOf(id)({}), false, id);
  });

  it('that are overlays of others are as `npm run gen` writes them', () => {
    const script = "import('./scripts/schemas.mjs').then((m) => console.log(JSON.stringify(m.derivedSchemas())))";
    const derived = JSON.parse(
      execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', maxBuffer: 2 ** 26 }),
    );
    assert.ok(derived.length >= 4);
    for (const { file, text } of derived) assert.equal(readFileSync(file, 'utf8'), text, `${file} is stale`);
  });

  for (const id of ids) {
    const root = schemaOf(id);

    it(`${id}: every key has a title, a description and an example`, () => {
      const keys = parts(root).filter(([pointer]) => isKey(pointer));
      assert.ok(keys.length > 40);
      for (const [pointer, part] of keys) {
        if (isNarrowing(root, pointer, part)) continue;
        const schema = mergedView(viewsOf(root, [part], undefined));
        assert.ok(schema?.title, `${pointer} has no title`);
        assert.match(schema.description ?? '', sentence, `${pointer} has no description`);
        assert.ok((schema.examples ?? []).length > 0, `${pointer} has no example`);
      }
    });

    it(`${id}: each example and default is a value that the schema accepts`, () => {
      const ajv = addFormats(new Ajv2019({ strict: false }));
      ajv.addSchema(root, id);
      for (const [pointer, part] of parts(root).filter(([pointer]) => pointer !== '' && !pointer.includes('/if'))) {
        const values = [...(part.examples ?? []), ...('default' in part ? [part.default] : [])];
        if (values.length === 0) continue;
        const isValid = ajv.getSchema(`${id}#${encodeURI(pointer)}`) ?? assert.fail(pointer);
        for (const value of values) {
          assert.ok(isValid(value), `${pointer}: ${JSON.stringify(value)} ${ajv.errorsText(isValid.errors)}`);
        }
      }
    });

    it(`${id}: says in words what each value of a list means`, () => {
      for (const [pointer, part] of parts(root).filter(([pointer, part]) => part.enum && !pointer.includes('/if'))) {
        assert.equal(part.enumDescriptions?.length, part.enum?.length, pointer);
        for (const text of part.enumDescriptions ?? []) assert.ok(text.length > 2, pointer);
      }
    });

    it(`${id}: calls every closed object by a noun, and says its own sentences as sentences`, () => {
      for (const [pointer, part] of parts(root)) {
        const isClosed = part.additionalProperties === false || part.unevaluatedProperties === false;
        if (isClosed) assert.match(part.noun ?? '', /^(an?|the|array) ?/, `${pointer} has no noun`);
        for (const text of Object.values(part.messages ?? {})) assert.match(text, sentence, pointer);
        for (const { message } of part.misplaced ?? []) assert.match(message, sentence, pointer);
      }
    });

    it(`${id}: chooses by conditions only, so that a refusal is of the branch that the author chose`, () => {
      for (const [pointer, part] of parts(root).filter(([pointer]) => !pointer.includes('/if'))) {
        assert.ok(!part.anyOf && !part.not, `${pointer} has alternatives`);
        assert.ok(
          (part.oneOf ?? []).every((one) => `${Object.keys(one)}` === 'required'),
          `${pointer} has alternatives`,
        );
        const hasBoth = part.then && part.else && part.unevaluatedProperties === false;
        assert.ok(!hasBoth, `${pointer}: ajv forgets evaluated keys where then and else stand together`);
        assert.ok(!part.if || part.then || part.else, `${pointer} has a condition for nothing`);
      }
    });

    it(`${id}: refers only to what it defines, and defines only what is referred to`, () => {
      const text = JSON.stringify(root);
      const referred = new Set([...text.matchAll(/"\$ref":"#\/\$defs\/([^"]+)"/g)].map(([, name]) => name));
      assert.deepEqual(
        [...referred].filter((name) => !root.$defs?.[name ?? '']),
        [],
      );
      const unused = Object.keys(root.$defs ?? {}).filter((name) => !referred.has(name));
      assert.deepEqual(unused, []);
    });
  }

  it('are found by version: the same, else the nearest older one', () => {
    const expected: readonly (readonly [string | undefined, string | undefined])[] = [
      ['v3.1.0', 'odcs-3.1.0'],
      ['3.1.0', 'odcs-3.1.0'],
      ['v3.1', 'odcs-3.1.0'],
      ['3.0', 'odcs-3.0.2'],
      ['v3.0.7', 'odcs-3.0.2'],
      ['v3.1.5', 'odcs-3.1.0'],
      ['v4.0.0', 'odcs-3.2.0'],
      [undefined, 'odcs-3.2.0'],
      ['newest', 'odcs-3.2.0'],
      ['v2.2.2', undefined],
    ];
    for (const [version, id] of expected) assert.equal(schemaFor('odcs', version), id, version);
    assert.equal(schemaFor('experiment', 'plumbline.dev/v1'), 'experiment-1');
    assert.equal(schemaFor('experiment', 'plumbline.dev/v7'), 'experiment-1');
    assert.equal(schemaFor('avro', 'v1'), undefined);
  });

  it('know what came after them', () => {
    assert.deepEqual(newerThan('odcs-3.0.2'), ['odcs-3.1.0', 'odcs-3.2.0']);
    assert.deepEqual(newerThan('experiment-1'), []);
    assert.equal(versionOf('odcs-3.1.0'), 'v3.1.0');
  });

  it('are not made up: another id is an error', () => {
    assert.throws(() => schemaOf('../package'), /No schema is called/);
    assert.throws(() => validatorOf('odcs-9'), /No schema is called/);
  });
});

/** A branch that only narrows a key which its object describes elsewhere. */
function isNarrowing(root: JsonSchema, pointer: string, part: JsonSchema): boolean {
  if (part.title || part.description) return false;
  const owner = pointer.slice(0, pointer.search(/\/(?:allOf|then|else)\//));
  const key = pointer.slice(pointer.lastIndexOf('/') + 1);
  if (owner === pointer) return false;
  const described = parts(root).filter(([at]) => at.endsWith(`/properties/${key}`) && at !== pointer);
  return /\/(?:then|else)\//.test(pointer) && described.some(([, other]) => other.title);
}
