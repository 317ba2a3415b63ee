import { entryOf, get, type Node } from '../text/tree';
import type { JsonSchema, TypeName } from './json-schema';

/**
 * The schemas that speak about one node, general ones first: what its schema refers to, the schema itself, and the
 * branches that the node chooses. `rejected` are the branches it does not choose.
 */
export interface Views {
  readonly taken: readonly JsonSchema[];
  readonly rejected: readonly JsonSchema[];
}

/** The views of `node` under `schemas`; `root` resolves references. A node that is not there chooses as an empty one. */
export function viewsOf(root: JsonSchema, schemas: readonly JsonSchema[], node: Node | undefined): Views {
  const taken: JsonSchema[] = [];
  const rejected: JsonSchema[] = [];
  const take = (schema: JsonSchema): void => {
    if (schema.$ref) take(target(root, schema.$ref));
    taken.push(schema);
    schema.allOf?.forEach(take);
    if (!schema.if) return;
    const [yes, no] = holds(schema.if, node) ? [schema.then, schema.else] : [schema.else, schema.then];
    if (yes) take(yes);
    if (no) rejected.push(...closure(root, no));
  };
  schemas.forEach(take);
  return { taken, rejected };
}

/** The views one step down: a key of a map, an index of a list. */
export function stepInto(root: JsonSchema, { taken }: Views, step: string | number, node: Node | undefined): Views {
  const schemas = taken.flatMap((schema) => childOf(schema, step) ?? []);
  return viewsOf(root, schemas, node);
}

/** One schema that says all that the views say: what is more special wins, keys and requirements add up. */
export function mergedView({ taken }: Views): JsonSchema | undefined {
  if (taken.length === 0) return undefined;
  return {
    ...Object.assign({}, ...taken),
    properties: Object.assign({}, ...taken.map((schema) => schema.properties)),
    required: taken.flatMap((schema) => schema.required ?? []),
  };
}

/** A value that may stand here: the default, else the first example. */
export function exampleIn({ taken }: Views): unknown {
  const schema = taken.findLast(({ default: standard, examples }) => standard !== undefined || examples);
  return schema?.default ?? schema?.examples?.[0];
}

/** Schema of an object's key, by its own name and not by one that every object inherits. */
export const propertyOf = (schema: JsonSchema, key: string): JsonSchema | undefined =>
  schema.properties && Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined;

/** Keys that the conditions of these schemas look at. */
export const discriminatorsOf = (schemas: readonly JsonSchema[]): ReadonlySet<string> =>
  new Set(schemas.flatMap((schema) => (schema.if ? keysOf(schema.if) : [])));

function keysOf(condition: JsonSchema): readonly string[] {
  const inner = [...(condition.anyOf ?? []), ...(condition.allOf ?? []), ...(condition.not ? [condition.not] : [])];
  return [...Object.keys(condition.properties ?? {}), ...(condition.required ?? []), ...inner.flatMap(keysOf)];
}

function childOf(schema: JsonSchema, step: string | number): JsonSchema | undefined {
  if (typeof step === 'number') return schema.items;
  const known = propertyOf(schema, step);
  if (known) return known;
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}

/** A branch with all that it refers to, general parts first. */
const closure = (root: JsonSchema, schema: JsonSchema): readonly JsonSchema[] => [
  ...(schema.$ref ? closure(root, target(root, schema.$ref)) : []),
  schema,
  ...(schema.allOf ?? []).flatMap((part) => closure(root, part)),
];

function target(root: JsonSchema, reference: string): JsonSchema {
  const found = root.$defs?.[reference.slice('#/$defs/'.length)];
  if (!found) throw new Error(`The schema refers to ${reference}, which it does not define.`);
  return found;
}

/** Whether the node fulfils a condition, in the few words that the schemas write conditions in. */
function holds(condition: JsonSchema, node: Node | undefined): boolean {
  if (condition.type && !typesOf(condition).some((type) => isOfType(node, type))) return false;
  if ('const' in condition && !isValue(node, condition.const)) return false;
  if (condition.enum && !condition.enum.some((value) => isValue(node, value))) return false;
  if (condition.required?.some((key) => !entryOf(node, key))) return false;
  if (condition.allOf?.some((part) => !holds(part, node))) return false;
  if (condition.anyOf && !condition.anyOf.some((part) => holds(part, node))) return false;
  if (condition.not && holds(condition.not, node)) return false;
  return Object.entries(condition.properties ?? {}).every(([key, part]) => {
    const value = get(node, key);
    return !value || holds(part, value);
  });
}

const isValue = (node: Node | undefined, value: unknown): boolean => node?.kind === 'scalar' && node.value === value;

/** The types that a schema allows; none when it names none. */
export const typesOf = ({ type }: JsonSchema): readonly TypeName[] =>
  type === undefined ? [] : typeof type === 'string' ? [type] : type;

function isOfType(node: Node | undefined, type: TypeName): boolean {
  if (!node) return false;
  if (node.kind === 'list') return type === 'array';
  if (node.kind === 'map') return type === 'object';
  if (node.value === null) return type === 'null';
  if (typeof node.value === 'bigint') return type === 'integer' || type === 'number';
  if (type === 'integer') return Number.isInteger(node.value);
  return typeof node.value === type;
}
