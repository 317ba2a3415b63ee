import { get, type MapNode, type Node, wordOf } from '../../../text/tree';

/** What `$ref` says after the `#/definitions/` of its own file; undefined for other files and addresses. */
export const definitionNamed = (node: Node): string | undefined =>
  /^#\/definitions\/(.+)$/.exec(wordOf(get(node, '$ref')) ?? '')?.[1];

/** The definition of that name, else what its steps lead to, as in `order/fields/id`. */
export function definitionAt(definitions: Node | undefined, name: string): MapNode | undefined {
  const whole = get(definitions, name);
  const found =
    whole ?? name.split('/').reduce<Node | undefined>((node, step) => get(node, plainStep(step)), definitions);
  return found?.kind === 'map' ? found : undefined;
}

/** A step as RFC 6901 escapes it. */
const plainStep = (step: string): string => step.replaceAll('~1', '/').replaceAll('~0', '~');

/** The definitions that a field stands on, the nearest first, up to where they would come again. */
export function definitionsOf(node: Node, definitions: Node | undefined, above: ReadonlySet<Node>): readonly MapNode[] {
  const found: MapNode[] = [];
  let name = definitionNamed(node);
  while (name !== undefined) {
    const definition = definitionAt(definitions, name);
    if (!definition || above.has(definition) || found.includes(definition)) break;
    found.push(definition);
    name = definitionNamed(definition);
  }
  return found;
}

/** The keys below which a field has others, and whether those have names. */
const below = { fields: true, items: false, keys: false, values: false } as const;

/** The field or definition and all those in it, that refer to a definition of the same file. */
export function referringIn(node: Node | undefined): readonly MapNode[] {
  if (node?.kind !== 'map') return [];
  const inner = Object.entries(below).flatMap(([key, isNamed]) => {
    const value = get(node, key);
    return isNamed ? namedIn(value).flatMap(referringIn) : referringIn(value);
  });
  return definitionNamed(node) === undefined ? inner : [node, ...inner];
}

/** The values of a map. */
export const namedIn = (node: Node | undefined): readonly Node[] =>
  node?.kind === 'map' ? node.entries.map(({ value }) => value) : [];
