import { parse as parseToml } from 'smol-toml';
import { type Node, spelling, type Tree } from '../../text/tree';
import { parseYaml } from '../../text/yaml';

/** A number that Python holds as a float, so that `1.0` is written as `1.0` and not as `1`. */
export class Float {
  constructor(readonly value: number) {}
}

export type Value = string | number | bigint | boolean | null | Float | readonly Value[] | Mapping;
export interface Mapping {
  readonly [key: string]: Value;
}

export const isMapping = (value: Value | undefined): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Float);

/** A node of YAML as DVC's YAML 1.2 reads it. */
export function valueIn(tree: Tree, node: Node | undefined): Value {
  if (!node) return null;
  if (node.kind === 'list') return node.items.map((item) => valueIn(tree, item));
  if (node.kind === 'map')
    return Object.fromEntries(node.entries.map(({ key, value }) => [String(key.value), valueIn(tree, value)]));
  const { value } = node;
  return typeof value === 'number' && /[.eE]|inf|nan/i.test(spelling(tree, node)) ? new Float(value) : value;
}

/** A file of parameters or metrics: YAML, JSON or TOML. Undefined for another format, and for text that is not what its name says. */
export function valuesIn(path: string, text: string): Value | undefined {
  if (/\.toml$/i.test(path)) return fromToml(text);
  if (!/\.(ya?ml|json)$/i.test(path)) return undefined;
  const tree = parseYaml(text);
  return tree.issues.length > 0 ? undefined : valueIn(tree, tree.root);
}

function fromToml(text: string): Value | undefined {
  try {
    return fromPlain(parseToml(text), 0);
  } catch {
    return undefined;
  }
}

function fromPlain(value: unknown, depth: number): Value {
  if (depth > 100) return null;
  if (Array.isArray(value)) return value.map((item) => fromPlain(item, depth + 1));
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fromPlain(item, depth + 1)]));
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

/** The value at `train.layers[0].size`; undefined when it is not there. A key that has dots itself wins. */
export function valueAt(value: Value | undefined, path: string): Value | undefined {
  if (isMapping(value) && Object.hasOwn(value, path)) return value[path];
  return path
    .replace(/\[(\d+)\]/g, '.$1')
    .split('.')
    .reduce<Value | undefined>((here, step) => {
      if (Array.isArray(here)) return here[Number(step)];
      return isMapping(here) && Object.hasOwn(here, step) ? here[step] : undefined;
    }, value);
}

/** Whether Python calls them equal: `1 == 1.0`, and the order of keys does not count. */
export function isEqual(one: Value | undefined, other: Value | undefined): boolean {
  const [a, b] = [bare(one), bare(other)];
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => isEqual(item, b[index]));
  if (isMapping(a) && isMapping(b)) {
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key], b[key]))
    );
  }
  return Object.is(a, b) || (a !== undefined && a === b);
}

const bare = (value: Value | undefined): Value | undefined => (value instanceof Float ? value.value : value);

/** Leaves of a tree of values under their dotted names; a list is a leaf. */
export function flattened(value: Value | undefined, prefix = ''): readonly (readonly [string, Value])[] {
  if (!isMapping(value)) return value === undefined || prefix === '' ? [] : [[prefix, value]];
  return Object.entries(value).flatMap(([key, item]) => flattened(item, prefix === '' ? key : `${prefix}.${key}`));
}

/** Without the mark of a float, and integers past 2⁵³ as their digits. */
export function datumOf(value: Value): string | number | boolean | null | readonly unknown[] | object {
  if (value instanceof Float) return value.value;
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(datumOf);
  if (isMapping(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, datumOf(item)]));
  return value as string | number | boolean | null;
}

/** As `${…}` puts a scalar into text; undefined for what DVC refuses there. */
export function textOf(value: Value | undefined): string | undefined {
  if (value instanceof Float) return pythonFloat(value.value);
  if (value === undefined || typeof value === 'object') return value === null ? 'None' : undefined;
  return String(value);
}

/** Python's `repr` of a float: an exponent of two digits from 1e16 and below 1e-4. */
function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16))
    return value.toExponential().replace(/e([+-])(\d)$/, (_, sign, digit) => `e${sign}0${digit}`);
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
