import { entryOf, get, type Node, type Path, type Tree } from '../text/tree';
import { schemaOf } from './catalog';
import type { JsonSchema } from './json-schema';
import { discriminatorsOf, mergedView, stepInto, typesOf, type Views, viewsOf } from './views';

/** What a value is written as, so that a completion can put the cursor where it belongs. */
export type ValueKind = 'text' | 'number' | 'boolean' | 'choice' | 'list' | 'list-of-objects' | 'object' | 'any';

/** A key that may stand in an object. */
export interface KeyInfo {
  readonly key: string;
  /** All that is said about its value, branches chosen. */
  readonly schema: JsonSchema;
  readonly kind: ValueKind;
  readonly required: boolean;
  readonly deprecated: boolean;
  /** Whether the object has it already. */
  readonly present: boolean;
  /** Markdown. */
  readonly description: string;
}

/** A value that may stand at a place. */
export interface ValueInfo {
  readonly value: unknown;
  /** Markdown; empty when nothing is said about this value in particular. */
  readonly description: string;
  /** `allowed`: one of a closed list. `example`: others may be written. */
  readonly source: 'allowed' | 'default' | 'example';
}

/** All that schema `id` says about the value at `path`, whether it is there yet or not; undefined where it says nothing. */
export const schemaAt = (id: string, tree: Tree, path: Path): JsonSchema | undefined =>
  mergedView(viewsAt(id, tree.root, path).views);

/** Keys that may stand in the object at `path`, required ones first, in the schema's order otherwise. */
export function keysAt(id: string, tree: Tree, path: Path): readonly KeyInfo[] {
  const root = schemaOf(id);
  const { views, node } = viewsAt(id, tree.root, path);
  const offered: Views = isUndecided(views, node) ? { ...views, taken: [...views.taken, ...views.rejected] } : views;
  const required = new Set(views.taken.flatMap((schema) => schema.required ?? []));
  const spent = spentChoices(views.taken, node);
  const keys = [...new Set(offered.taken.flatMap((schema) => Object.keys(schema.properties ?? {})))];
  return keys
    .filter((key) => !spent.has(key))
    .flatMap((key) => {
      const value = get(node, key);
      const below = stepInto(root, offered, key, value);
      const schema = mergedView(below);
      if (!schema) return [];
      return {
        key,
        schema,
        kind: kindOf(root, below, schema),
        required: required.has(key),
        deprecated: schema.deprecated === true,
        present: value !== undefined,
        description: schema.description ?? '',
      };
    })
    .sort((a, b) => Number(b.required) - Number(a.required));
}

/** Values to offer at `path`: the allowed ones where the list is closed, else the default and the examples. */
export function valuesAt(id: string, tree: Tree, path: Path): readonly ValueInfo[] {
  const schema = schemaAt(id, tree, path) ?? schemaOnceWritten(id, tree, path);
  if (!schema) return [];
  if (schema.enum) {
    return schema.enum.map((value, index) => ({
      value,
      description: schema.enumDescriptions?.[index] ?? '',
      source: 'allowed',
    }));
  }
  if (typesOf(schema).includes('boolean')) {
    return [true, false].map((value) => ({ value, description: '', source: 'allowed' }));
  }
  const isDefault = (value: unknown): boolean => schema.default !== undefined && value === schema.default;
  const examples = (schema.examples ?? []).filter((value) => !isDefault(value));
  const standard: readonly ValueInfo[] =
    schema.default === undefined ? [] : [{ value: schema.default, description: '', source: 'default' }];
  return [...standard, ...examples.map((value): ValueInfo => ({ value, description: '', source: 'example' }))];
}

/** What any branch says about a value that is not written yet: its key may decide on the branch once it is. */
function schemaOnceWritten(id: string, tree: Tree, path: Path): JsonSchema | undefined {
  const last = path.at(-1);
  if (last === undefined) return undefined;
  const { views, node } = viewsAt(id, tree.root, path.slice(0, -1));
  const open: Views = { ...views, taken: [...views.taken, ...views.rejected] };
  return mergedView(stepInto(schemaOf(id), open, last, typeof last === 'string' ? get(node, last) : undefined));
}

/** The schemas that speak about the node at `path`, and the node when there is one. */
function viewsAt(id: string, top: Node | undefined, path: Path): { views: Views; node: Node | undefined } {
  const root = schemaOf(id);
  let node = top;
  let views = viewsOf(root, [root], node);
  for (const step of path) {
    node = typeof step === 'number' ? (node?.kind === 'list' ? node.items[step] : undefined) : get(node, step);
    views = stepInto(root, views, step, node);
  }
  return { views, node };
}

/**
 * Whether the object may still become any of its branches: it has none of the keys that decide, and none of them is
 * demanded. A quality rule is offered metric, query and engine; a server is first asked for its type.
 */
function isUndecided({ taken }: Views, node: Node | undefined): boolean {
  const deciding = [...discriminatorsOf(taken)];
  const required = new Set(taken.flatMap((schema) => schema.required ?? []));
  return deciding.length > 0 && !deciding.some((key) => required.has(key) || entryOf(node, key));
}

/** The other keys of a choice that is made. */
function spentChoices(taken: readonly JsonSchema[], node: Node | undefined): ReadonlySet<string> {
  const choices = taken.map((schema) => (schema.oneOf ?? []).flatMap(({ required }) => required ?? []));
  const made = choices.filter((keys) => keys.some((key) => entryOf(node, key)));
  return new Set(made.flat().filter((key) => !entryOf(node, key)));
}

function kindOf(root: JsonSchema, views: Views, schema: JsonSchema): ValueKind {
  if (schema.enum) return 'choice';
  const types = typesOf(schema);
  if (types.length !== 1) return types.includes('object') && types.length === 2 ? 'object' : 'any';
  const [type] = types;
  if (type === 'array') {
    const items = mergedView(stepInto(root, views, 0, undefined));
    return items && typesOf(items).includes('object') && items.noun ? 'list-of-objects' : 'list';
  }
  return kinds[type ?? ''] ?? 'any';
}

const kinds: Readonly<Record<string, ValueKind>> = {
  string: 'text',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  object: 'object',
};
