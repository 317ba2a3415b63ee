import type { Node, ScalarNode, Tree } from '../../../text/tree';

/** Keys that tell of an organisation rather than of data, and that no other format has. */
const keys = [
  'authoritativeDefinitions',
  'businessImpact',
  'contractCreatedTs',
  'criticalDataElement',
  'dataGranularityDescription',
  'driver',
  'encryptedName',
  'partitioned',
  'price',
  'roles',
  'schedule',
  'support',
  'transformDescription',
  'transformLogic',
  'transformSourceObjects',
  'valueExt',
];

/** Texts of other tools, and properties that nobody but their author knows, have keys of their own. */
const foreign = ['implementation', 'customProperties'];

export const beyond = ({ root }: Tree): readonly ScalarNode[] => below(root);

function below(node: Node | undefined): readonly ScalarNode[] {
  if (node?.kind === 'list') return node.items.flatMap(below);
  if (node?.kind !== 'map') return [];
  return node.entries.flatMap(({ key, value }) => {
    if (keys.includes(String(key.value))) return [key];
    return foreign.includes(String(key.value)) ? [] : below(value);
  });
}
