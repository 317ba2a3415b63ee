import type { ErrorObject } from 'ajv';
import type { Node, Path, Scalar, Tree } from '../text/tree';
import { at } from '../text/tree';
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
  const keys = keyFindings(schema, tree, toldBy(findings, lacks)).map((it) => weighed(it, lacks));
  const all = [
    ...keys,
    ...findings.filter((it) => !isExplained(it, keys)),
    ...lacks.flatMap((it) => remaining(it, keys)),
  ];
  const [first] = errors;
  const isSilent = first && !all.some(({ severity, code }) => severity === 'error' || code === 'schema/format');
  return isSilent ? [...all, untranslated(tree, first)] : all;
}

function errorsOf(tree: Tree, id: string): readonly ErrorObject[] {
  const validator = validatorOf(id);
  return validator(plainValue(tree.root, new Map())) ? [] : (validator.errors ?? []);
}

/** The plain value, where an alias stays one value, and a whole number is a number however long. */
function plainValue(node: Node | undefined, made: Map<Node, unknown>): unknown {
  if (!node) return undefined;
  if (node.kind === 'scalar') return numberOf(node.value);
  if (made.has(node)) return made.get(node);
  // A node that holds itself is cut where it returns.
  made.set(node, null);
  const value =
    node.kind === 'list'
      ? node.items.map((item) => plainValue(item, made))
      : Object.fromEntries(node.entries.map(({ key, value: inner }) => [String(key.value), plainValue(inner, made)]));
  made.set(node, value);
  return value;
}

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
    ...findings.map(({ path }) => JSON.stringify(path)),
    ...lacks.flatMap(({ place, keys }) => keys.map(({ key }) => JSON.stringify([...place.path, key]))),
  ]);
  return (object: Path, key: string): boolean => told.has(JSON.stringify([...object, key]));
};

/** A deprecated key is an error where the one that replaced it is demanded and lacking. */
function weighed(finding: SchemaFinding, lacks: readonly Lack[]): SchemaFinding {
  const { code, path, mend } = finding;
  if (code !== 'schema/deprecated' || mend?.kind !== 'rename-key') return finding;
  const lack = lacks.find(({ place }) => JSON.stringify(place.path) === JSON.stringify(path.slice(0, -1)));
  const isLacking = lack?.keys.some(({ key }) => mend.suggestions.includes(key));
  return isLacking ? { ...finding, severity: 'error' } : finding;
}

/** A key that is lacking because it is misspelt is one mistake, and the misspelling names it. */
const suggestedAt = (object: Path, keys: readonly SchemaFinding[]): readonly string[] =>
  keys
    .filter(({ path }) => path.length === object.length + 1 && object.every((step, index) => step === path[index]))
    .flatMap(({ mend }) => (mend?.kind === 'rename-key' ? mend.suggestions : []));

function isExplained({ path, mend }: SchemaFinding, keys: readonly SchemaFinding[]): boolean {
  if (mend?.kind !== 'choose-key') return false;
  const suggested = suggestedAt(path, keys);
  return mend.keys.some((key) => suggested.includes(key));
}

function remaining(lack: Lack, keys: readonly SchemaFinding[]): readonly SchemaFinding[] {
  const suggested = suggestedAt(lack.place.path, keys);
  const left = lack.keys.filter(({ key }) => !suggested.includes(key));
  return left.length > 0 ? [lackFinding({ ...lack, keys: left })] : [];
}

/** Aliases show one mistake at several paths and one place: it is told once. */
function inOrder(findings: readonly SchemaFinding[]): readonly SchemaFinding[] {
  const once = new Map(findings.map((it) => [`${it.span.start} ${it.span.end} ${it.code} ${it.message}`, it]));
  return [...once.values()].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}
