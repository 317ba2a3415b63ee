import { get, itemsOf, type Node, type ScalarNode, type Tree } from '../../../text/tree';

const ofFile = ['licenses', 'sources', 'contributors', 'created', 'image', 'homepage'];
const ofResource = ['licenses', 'sources', 'bytes', 'hash', 'mediatype', 'homepage', 'data', 'dialect', 'encoding'];
const ofField = ['rdfType', 'categories', 'categoriesOrdered'];

/** The keys that the model has no place for. */
export function beyond({ root }: Tree): readonly ScalarNode[] {
  const resources = get(root, 'resources') ? itemsOf(get(root, 'resources')) : [root];
  const path = (resource: Node | undefined) => (resources.length > 1 ? keysIn(resource, ['path']) : []);
  return [
    ...(get(root, 'resources') ? keysIn(root, ofFile) : []),
    ...resources.flatMap((resource) => [
      ...keysIn(resource, ofResource),
      ...path(resource),
      ...itemsOf(get(get(resource, 'schema') ?? resource, 'fields')).flatMap((field) => keysIn(field, ofField)),
    ]),
  ];
}

const keysIn = (node: Node | undefined, keys: readonly string[]): readonly ScalarNode[] =>
  node?.kind === 'map' ? node.entries.map(({ key }) => key).filter(({ value }) => keys.includes(String(value))) : [];
