import type { AnySchema } from 'ajv';
import Ajv from 'ajv';
import Ajv2019 from 'ajv/dist/2019';
import Ajv2020 from 'ajv/dist/2020';
import metaOfDraft6 from 'ajv/dist/refs/json-schema-draft-06.json';
import equal from 'ajv/dist/runtime/equal';
import ucs2length from 'ajv/dist/runtime/ucs2length';
import standaloneCode from 'ajv/dist/standalone';
import { pythonPattern } from './expectations/python-pattern';
import type { Judge } from './thread';

type Json = Readonly<Record<string, unknown>>;

/** As Python's `jsonschema` judges: no format is asserted, what a draft does not know is no keyword. */
const options = { strict: false, validateFormats: false, logger: false, code: { source: true } } as const;

interface Draft {
  make(): Ajv;
  /** Keywords that ajv reads and the draft does not have. */
  readonly foreign: readonly string[];
}

/** What ajv takes beside every draft: those of OpenAPI and of its own, and one of drafts before the sixth. */
const foreign = ['nullable', '$async', 'id'];
const beforeDependent = [...foreign, 'minContains', 'maxContains', 'dependentSchemas', 'dependentRequired'];

const latest: Draft = { make: () => new Ajv2020(options), foreign: [...foreign, 'dependencies'] };

const drafts: Readonly<Record<string, Draft>> = {
  'https://json-schema.org/draft/2020-12/schema': latest,
  'https://json-schema.org/draft/2019-09/schema': {
    make: () => new Ajv2019(options),
    foreign: [...foreign, 'dependencies'],
  },
  'http://json-schema.org/draft-07/schema': {
    make: () => new Ajv({ ...options, ignoreKeywordsWithRef: true }),
    foreign: beforeDependent,
  },
  'http://json-schema.org/draft-06/schema': {
    make: () => new Ajv({ ...options, ignoreKeywordsWithRef: true, meta: false }).addMetaSchema(metaOfDraft6),
    foreign: [...beforeDependent, 'if', 'then', 'else'],
  },
};

const olderDraft = /^http:\/\/json-schema\.org\/draft-0[34]\/schema$/;

/** The functions of ajv's that compiled code asks for; each stands for itself, so its text is enough. */
const runtime: Readonly<Record<string, string>> = {
  'ajv/dist/runtime/equal': String(equal),
  'ajv/dist/runtime/ucs2length': String(ucs2length),
};

const PROGRAM = `
const { code, runtime } = given;
const required = (name) => ({ default: new Function('return ' + runtime[name])() });
const module = { exports: {} };
new Function('module', 'exports', 'require', code)(module, module.exports, required);
return (value) => {
  let read;
  try {
    read = JSON.parse(value);
  } catch {
    return false;
  }
  return module.exports(read);
};
`;

/** Judges texts by a JSON Schema; a text that is no JSON fails. A text says what is wrong with the schema. */
export function schemaJudge(schema: Json): Judge | string {
  const named = typeof schema.$schema === 'string' ? schema.$schema.replace(/#$/, '') : '';
  if (olderDraft.test(named)) return 'Drafts of JSON Schema before the sixth are not run: write it for a later one.';
  const draft = Object.hasOwn(drafts, named) ? (drafts[named] ?? latest) : latest;
  try {
    const ajv = draft.make();
    const code = standaloneCode(ajv, ajv.compile(inDraft(schema, draft.foreign) as AnySchema));
    return { program: PROGRAM, given: { code, runtime } };
  } catch (error) {
    return `The JSON Schema cannot be used: ${error instanceof Error ? error.message : String(error)}.`;
  }
}

/** Keywords that hold schemas by a name of the author's. */
const named = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas', 'dependencies']);
/** Keywords that hold values, which may look like schemas. */
const values = new Set(['const', 'enum', 'default', 'examples', 'example']);

/** The schema without what its draft does not know, its patterns in the words of ECMA-262. */
function inDraft(schema: unknown, without: readonly string[]): unknown {
  if (Array.isArray(schema)) return schema.map((part) => inDraft(part, without));
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = Object.entries(schema).filter(([key]) => key !== '$schema' && !without.includes(key));
  return Object.fromEntries(
    kept.map(([key, value]) => {
      if (values.has(key)) return [key, value];
      if (key === 'pattern' && typeof value === 'string') return [key, patternIn(value)];
      return [key, named.has(key) ? membersIn(value, key === 'patternProperties', without) : inDraft(value, without)];
    }),
  );
}

function membersIn(members: unknown, arePatterns: boolean, without: readonly string[]): unknown {
  if (typeof members !== 'object' || members === null || Array.isArray(members)) return members;
  return Object.fromEntries(
    Object.entries(members).map(([name, part]) => [arePatterns ? patternIn(name) : name, inDraft(part, without)]),
  );
}

function patternIn(pattern: string): string {
  const read = pythonPattern(pattern);
  if (!read || /^\(\?[a-z]+\)/.test(pattern)) throw new Error(`"${pattern}" is no pattern that Plumbline can run`);
  return read.ecma;
}
