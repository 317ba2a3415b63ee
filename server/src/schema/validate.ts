import type { ErrorObject } from 'ajv';
import { at, type Node, type Path, type Scalar, type Tree } from '../text/tree';
import { schemaOf, validatorOf } from './catalog';
import type { SchemaFinding } from './finding';
import type { JsonSchema } from './json-schema';
import { keyFindings } from './keys';
import { type Lack, lackFinding, refusals, untranslated } from './refusals';
import { withVersion } from './versions';
import { stepInto, type Views, viewsOf } from './views';

/** What schema `id` finds wrong with the tree, in the order of the text: one finding for each mistake. */
export function validate(tree: Tree, id: string): readonly SchemaFinding[] {
  if (!tree.root) return [];
  const own = judge(tree, id);
  return inOrder(own.length === 0 ? own : withVersion(tree, id, own, judge));
}

function judge(tree: Tree, id: string): readonly SchemaFinding[] {
  const schema = schemaOf(id);
  const errors = errorsOf(tree, id);
  const { findings, lacks } = refusals(tree, errors, (path) => viewsAt(schema, tree.root, path));
  const lacking = new Map(lacks.map((lack) => [nameOf(lack.place.path), lack]));
  const keys = keyFindings(schema, tree, toldBy(findings, lacks)).map((it) => weighed(it, lacking));
  // What is lacking because it is misspelt is one mistake, and the misspelling names it.
  const suggested = suggestionsOf(keys);
  const isMeant = (object: Path, key: string): boolean => suggested.get(nameOf(object))?.includes(key) ?? false;
  const all = [
    ...keys,
    ...findings.filter(({ path, mend }) => mend?.kind !== 'choose-key' || !mend.keys.some((key) => isMeant(path, key))),
    ...lacks
      .map((lack) => ({ ...lack, keys: lack.keys.filter(({ key }) => !isMeant(lack.place.path, key)) }))
      .filter((lack) => lack.keys.length > 0)
      .map(lackFinding),
  ];
  const [first] = errors;
  const isSilent = first && !all.some(({ severity, code }) => severity === 'error' || code === 'schema/format');
  return isSilent ? [...all, untranslated(tree, first)] : all;
}

function errorsOf(tree: Tree, id: string): readonly ErrorObject[] {
  const validator = validatorOf(id);
  return validator(plainValue(tree.root)) ? [] : (validator.errors ?? []);
}

/** The plain value, where an alias stays one value, and a whole number is a number however long. */
function plainValue(node: Node | undefined): unknown {
  if (!node) return undefined;
  if (node.kind === 'scalar') return numberOf(node.value);
  if (made.has(node)) return made.get(node);
  // A node that holds itself is cut where it returns.
  made.set(node, null);
  const value =
    node.kind === 'list'
      ? node.items.map(plainValue)
      : Object.fromEntries(node.entries.map(({ key, value: inner }) => [String(key.value), plainValue(inner)]));
  made.set(node, value);
  return value;
}

/** Nodes that an edit leaves alone stay the same, and so do their values. */
const made = new WeakMap<Node, unknown>();

const numberOf = (value: Scalar): Scalar => (typeof value === 'bigint' ? Number(value) : value);

function viewsAt(schema: JsonSchema, root: Node | undefined, path: Path): Views {
  let views = viewsOf(schema, [schema], root);
  path.forEach((step, index) => {
    views = stepInto(schema, views, step, at(root, path.slice(0, index + 1)));
  });
  return views;
}

const toldBy = (findings: readonly SchemaFinding[], lacks: readonly Lack[]) => {
  const told = new Set([
    ...findings.map(({ path }) => nameOf(path)),
    ...lacks.flatMap(({ place, keys }) => keys.map(({ key }) => nameOf([...place.path, key]))),
  ]);
  return (object: Path, key: string): boolean => told.has(nameOf([...object, key]));
};

const nameOf = (path: Path): string => JSON.stringify(path);

/** A deprecated key is an error where the one that replaced it is demanded and lacking. */
function weighed(finding: SchemaFinding, lacking: ReadonlyMap<string, Lack>): SchemaFinding {
  const { code, path, mend } = finding;
  if (code !== 'schema/deprecated' || mend?.kind !== 'rename-key') return finding;
  const isLacking = lacking.get(nameOf(path.slice(0, -1)))?.keys.some(({ key }) => mend.suggestions.includes(key));
  return isLacking ? { ...finding, severity: 'error' } : finding;
}

/** Object → the keys that its misspelt keys may be meant for. */
function suggestionsOf(keys: readonly SchemaFinding[]): ReadonlyMap<string, readonly string[]> {
  const byObject = new Map<string, string[]>();
  for (const { path, mend } of keys) {
    if (mend?.kind !== 'rename-key') continue;
    const object = nameOf(path.slice(0, -1));
    byObject.set(object, [...(byObject.get(object) ?? []), ...mend.suggestions]);
  }
  return byObject;
}

/** Aliases show one mistake at several paths and one place: it is told once. */
function inOrder(findings: readonly SchemaFinding[]): readonly SchemaFinding[] {
  const once = new Map(findings.map((it) => [`${it.span.start} ${it.span.end} ${it.code} ${it.message}`, it]));
  return [...once.values()].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}
