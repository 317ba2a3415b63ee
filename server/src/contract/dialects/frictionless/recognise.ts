import { basename } from 'node:path';
import { get, itemsOf, type Node, type Tree, wordOf } from '../../../text/tree';

/** What a file describes. */
export type Shape = 'package' | 'resource' | 'schema';

const packageName = /^(.+\.)?datapackage\.(json|ya?ml)$/i;
const resourceName = /^(.+\.)?(data)?resource\.(json|ya?ml)$/i;
const schemaName = /^(.+\.)?(table-?schema)(\.(json|ya?ml))?$|^(.+\.)?schema\.(json|ya?ml)$/i;

/**
 * What a file is, by its name and its first keys together: other tools have a `schema.json` too, whose `fields` are
 * Avro's or Spark's.
 */
export function shapeOf(path: string, { root }: Tree): Shape | undefined {
  const name = basename(path.replaceAll('\\', '/'));
  if (packageName.test(name)) return isList(get(root, 'resources')) ? 'package' : undefined;
  if (resourceName.test(name))
    return get(root, 'path') !== undefined || get(get(root, 'schema'), 'fields') !== undefined ? 'resource' : undefined;
  return schemaName.test(name) && isTableSchema(root) ? 'schema' : undefined;
}

export const recognises = (path: string, tree: Tree): boolean => shapeOf(path, tree) !== undefined;

const isList = (node: Node | undefined): boolean => node?.kind === 'list';

/** Avro says `type: record` and Spark `type: struct` beside the fields, BigQuery has no `fields` at its top. */
function isTableSchema(root: Node | undefined): boolean {
  const fields = get(root, 'fields');
  if (!isList(fields) || get(root, 'type') !== undefined || get(root, 'namespace') !== undefined) return false;
  return itemsOf(fields).every(
    (field) =>
      wordOf(get(field, 'name')) !== undefined && get(field, 'type')?.kind !== 'map' && !get(field, 'nullable'),
  );
}
