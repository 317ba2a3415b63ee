import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ValidateFunction } from 'ajv';
import Ajv2019 from 'ajv/dist/2019';
import addFormats from 'ajv-formats';
import { parse, stringify } from 'yaml';
import { schemaFor, schemaOf } from '../../server/src/schema/catalog';
import type { SchemaFinding } from '../../server/src/schema/finding';
import type { JsonSchema } from '../../server/src/schema/json-schema';
import { validate } from '../../server/src/schema/validate';
import { exampleIn, stepInto, typesOf, viewsOf } from '../../server/src/schema/views';
import { parseYaml } from '../../server/src/text/yaml';

const corpus = '../shared/corpus/odcs';
const officialSchemas: Readonly<Record<string, string>> = {
  'v3.0.0': 'odcs-json-schema-v3.0.0.json',
  'v3.0.1': 'odcs-json-schema-v3.0.1.json',
  'v3.0.2': 'odcs-json-schema-v3.0.2.json',
  'v3.1.0': 'odcs-json-schema-v3.1.0.json',
  'v3.2.0': '3.2.0-as-packaged/open-data-contract-standard-py-3.2.0.json',
};

type Json = Record<string, unknown> | unknown[];

/** Numbers of a linear congruential generator: equal on every machine. */
function dice(seed: number) {
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return { random, pick: <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T };
}

const isJson = (value: unknown): value is Json => value !== null && typeof value === 'object';

const containers = (node: unknown): readonly Json[] =>
  isJson(node) ? [node, ...Object.values(node).flatMap(containers)] : [];

/** One thing changed: a part taken out, renamed, of another value, or added. */
function mutated(document: Json, { random, pick }: ReturnType<typeof dice>, words: readonly string[]): Json {
  const copy = structuredClone(document);
  const node = pick(containers(copy));
  const keys = Object.keys(node).filter((key) => !(node === copy && key === 'apiVersion'));
  const value = (): unknown =>
    pick([true, 12.5, -1, 'zzz', 'a.b', ['a'], [1, 2], [2, 2], { a: 1 }, {}, null, pick(words)]);
  const key = keys.length > 0 ? pick(keys) : undefined;
  const slots = node as Record<string, unknown>;
  const change = random();
  if (change < 0.25 || key === undefined || Array.isArray(node)) {
    if (!Array.isArray(node)) slots[pick(words)] = value();
    else if (key !== undefined && change < 0.5) node.splice(Number(key), 1);
    else node.push(value());
  } else if (change < 0.5) delete slots[key];
  else if (change < 0.75) slots[key] = value();
  else {
    slots[pick(words)] = slots[key];
    delete slots[key];
  }
  return copy;
}

/** A document that our schema describes: keys by chance, each with its example or made of the schemas below it. */
function made(id: string, roll: ReturnType<typeof dice>): Json {
  const root = schemaOf(id);
  const { random, pick } = roll;
  const valueFor = (schemas: readonly JsonSchema[], depth: number): unknown => {
    const { taken } = viewsOf(root, schemas, undefined);
    const schema: JsonSchema = Object.assign({}, ...taken);
    if (schema.enum) return pick(schema.enum);
    const type = pick(typesOf(schema).length > 0 ? typesOf(schema) : (['string'] as const));
    const items = taken.flatMap((it) => it.items ?? []);
    if (
      type === 'array' &&
      schema.noun === undefined &&
      viewsOf(root, items, undefined).taken.some((it) => it.properties)
    ) {
      return Array.from({ length: 'uniqueItems' in schema ? 1 : 1 + Math.floor(random() * 2) }, () =>
        valueFor(items, depth + 1),
      );
    }
    const isDescribed = taken.some(({ properties }) => properties && Object.keys(properties).length > 0);
    if (type === 'object' && isDescribed) return objectOf(schemas, depth);
    return schema.examples ? pick(schema.examples) : exampleIn({ taken, rejected: [] });
  };
  const objectOf = (schemas: readonly JsonSchema[], depth: number): Json => {
    const object: Record<string, unknown> = {};
    const deciding = ['type', 'logicalType', 'metric', 'from'];
    const add = (keys: readonly string[]): void => {
      for (const key of keys) {
        const node = parseYaml(JSON.stringify(object)).root;
        const views = viewsOf(root, schemas, node);
        const below = stepInto(root, views, key, undefined);
        if (below.taken.length > 0 && !below.taken.some((it) => it.messages?.maxProperties))
          object[key] = valueFor(below.taken, depth + 1);
      }
    };
    const first = viewsOf(root, schemas, undefined);
    const known = (at: typeof first): string[] => [
      ...new Set(at.taken.flatMap((it) => Object.keys(it.properties ?? {}))),
    ];
    const share = depth < 5 ? 0.4 : 0;
    add(
      known(first).filter(
        (key) => deciding.includes(key) && (random() < 0.8 || first.taken.some((it) => it.required?.includes(key))),
      ),
    );
    const views = viewsOf(root, schemas, parseYaml(JSON.stringify(object)).root);
    const required = views.taken.flatMap((it) => it.required ?? []);
    const choices = views.taken.flatMap((it) => it.oneOf?.flatMap((one) => one.required ?? []) ?? []);
    const free = known(views).filter(
      (key) => ![...choices, ...deciding.filter((it) => it in object || !required.includes(it))].includes(key),
    );
    add(free.filter((key) => required.includes(key) || random() < share));
    if (choices.length > 0) add([pick(choices)]);
    return object;
  };
  return objectOf([root], 0);
}

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join(folder, name));

interface Example {
  readonly file: string;
  readonly text: string;
  readonly value: { readonly apiVersion: string } & Json;
}

const examplesIn = (folder: string): readonly Example[] =>
  filesIn(folder).flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    const value: unknown = parse(text);
    return isJson(value) && 'apiVersion' in value ? [{ file, text, value: value as Example['value'] }] : [];
  });

const isLoud = ({ severity }: SchemaFinding): boolean => severity === 'error' || severity === 'warning';

if (existsSync(corpus)) {
  describe('verdicts of our schemas and the official ones', function () {
    this.timeout(120_000);
    const ajv = addFormats(new Ajv2019({ strict: false }));
    const official = new Map<string, ValidateFunction>();
    const officialOf = (version: string): ValidateFunction | undefined => {
      const file = officialSchemas[version];
      if (file === undefined) return undefined;
      const known =
        official.get(version) ?? ajv.compile(JSON.parse(readFileSync(join(corpus, 'schema', file), 'utf8')));
      official.set(version, known);
      return known;
    };
    const findingsOf = (text: string, version: string): readonly SchemaFinding[] =>
      validate(parseYaml(text), schemaFor('odcs', version) ?? assert.fail(version));
    const examples = examplesIn(join(corpus, 'examples'));

    it('official examples: no error where valid, something to say where not', () => {
      assert.ok(examples.length > 30);
      for (const { file, text, value } of examples) {
        const isValid = officialOf(value.apiVersion)?.(value) ?? false;
        const findings = findingsOf(text, value.apiVersion);
        const told = findings.map(({ message }) => message).join('\n');
        if (isValid) assert.ok(!findings.some(({ severity }) => severity === 'error'), `${file}: ${told}`);
        else assert.ok(findings.some(isLoud), `${file} is refused by the official schema, and nothing is said`);
      }
    });

    for (const version of Object.keys(officialSchemas)) {
      it(`${version}: 300 mutations of the examples are refused here when they are there, and each in words`, () => {
        const roll = dice(7);
        const isOfficial = officialOf(version) ?? assert.fail(version);
        const words = [
          ...new Set(
            readFileSync(join(corpus, 'schema', officialSchemas[version] ?? ''))
              .toString()
              .match(/\w+/g),
          ),
        ];
        const documents = examples.map(({ value }): Json => ({ ...value, apiVersion: version }));
        const sound = documents.filter((document) => isOfficial(document));
        assert.ok(sound.length > 5, `${sound.length} examples to change`);
        let refused = 0;
        for (let index = 0; index < 300; index++) {
          const document = mutated(roll.pick(sound), roll, words);
          const isValid = isOfficial(document);
          if (!isValid) refused++;
          hold(version, document, isValid, findingsOf(stringify(document), version));
        }
        assert.ok(refused > 100, `only ${refused} were refused`);
      });

      it(`${version}: documents made of our own examples are valid by both`, () => {
        const roll = dice(11);
        const isOfficial = officialOf(version) ?? assert.fail(version);
        const id = schemaFor('odcs', version) ?? assert.fail(version);
        for (let index = 0; index < 150; index++) {
          const document = { ...made(id, roll), apiVersion: version };
          const errors = findingsOf(stringify(document), version).filter(({ severity }) => severity === 'error');
          assert.deepEqual(errors, [], stringify(document));
          const isValid = isOfficial(document);
          assert.ok(
            isValid || isDecided(version, isOfficial),
            `${ajv.errorsText(isOfficial.errors)}\n${stringify(document)}`,
          );
        }
      });
    }

    /** Equal for 3.1.0; for the others what is refused there is at least told here. */
    function hold(version: string, document: Json, isValid: boolean, findings: readonly SchemaFinding[]): void {
      const told = findings.map(({ severity, path, message }) => `${severity} ${path}: ${message}`).join('\n');
      assert.ok(!findings.some(({ code }) => code === 'schema/invalid'), `no words for it: ${told}`);
      if (!isValid) assert.ok(findings.some(isLoud), `nothing is said of\n${stringify(document)}`);
      if (isValid && version === 'v3.1.0') {
        assert.ok(!findings.some(({ severity }) => severity === 'error'), `${told}\n${stringify(document)}`);
      }
    }

    /** Where the prose wins over the official schema, as the schemas' own comments say. */
    const isDecided = (version: string, { errors }: ValidateFunction): boolean =>
      (errors ?? []).every(
        ({ keyword, params, instancePath }) =>
          params.unevaluatedProperty === 'stream' ||
          (version === 'v3.2.0' && params.missingProperty === 'map') ||
          (keyword === 'if' && version === 'v3.2.0') ||
          (version.startsWith('v3.0') && instancePath.endsWith('/schema')),
      );
  });
}
