import { get, itemsOf, type MapNode, mapAt, type Node, plain, type Tree, wordOf } from '../../../text/tree';
import { type Contract, plainContract, plainRule, type Rule, type Table } from '../../model';

/** The dialect's id. */
export const GREAT_EXPECTATIONS = 'great-expectations';

/** By its list of expectations. */
export function recognises(_path: string, { root }: Tree): boolean {
  const expectations = get(root, 'expectations');
  if (expectations?.kind !== 'list') return false;
  if (get(root, 'expectation_suite_name') || get(get(root, 'meta'), 'great_expectations_version')) return true;
  const { items } = expectations;
  return items.length > 0 && items.every((item) => get(item, 'kwargs') && typeNodeOf(item) !== undefined);
}

const typeNodeOf = (node: Node): Node | undefined => get(node, 'type') ?? get(node, 'expectation_type');

/** One table whose columns nobody declares, with a custom rule an expectation. */
export function read(tree: Tree): Contract {
  const { root } = tree;
  const nameNode = get(root, 'name') ?? get(root, 'expectation_suite_name');
  const name = wordOf(nameNode) ?? 'suite';
  const tables = root?.kind === 'map' ? [tableOf(name, root, nameNode ?? root)] : [];
  return {
    ...plainContract(GREAT_EXPECTATIONS, tree, tables),
    apiVersion: wordOf(get(get(root, 'meta'), 'great_expectations_version')),
    id: wordOf(get(root, 'id')),
    name,
  };
}

const tableOf = (name: string, node: MapNode, nameNode: Node): Table => ({
  name,
  physicalName: name,
  columns: [],
  rules: itemsOf(get(node, 'expectations')).map(ruleOf),
  relationships: [],
  node,
  nameNode,
});

/** What is no expectation at all is a rule too, so that nobody takes it for checked. */
const ruleOf = (node: Node): Rule => ({
  ...plainRule('custom', mapAt(node)),
  id: wordOf(get(node, 'id')) ?? wordOf(get(node, 'ge_cloud_id')),
  engine: 'greatExpectations',
  implementation: plain(node),
  severity: wordOf(get(node, 'severity')),
  description: wordOf(get(node, 'description')),
});
