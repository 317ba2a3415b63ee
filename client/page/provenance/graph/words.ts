import type { Edge, Node, NodeKind, Picture } from './model';

/** What each kind is called, in the order in which people ask: from what went in to what came out. */
export const kinds: Readonly<Record<NodeKind, { readonly one: string; readonly many: string }>> = {
  data: { one: 'Dataset', many: 'Data' },
  code: { one: 'Commit', many: 'Code' },
  environment: { one: 'Environment', many: 'Environment' },
  run: { one: 'Run', many: 'Runs' },
  model: { one: 'Model', many: 'Models' },
};

/** Neighbours that are named. */
const MOST_NAMED = 4;

/** Titles of the nodes that this one stands on, and of those that stand on it. */
export function neighbours(id: string, { nodes, edges }: Picture): { readonly from: string; readonly to: string } {
  const titles = new Map(nodes.map((node) => [node.id, node.title]));
  const named = (ids: readonly string[]): string => {
    const words = ids.slice(0, MOST_NAMED).map((one) => titles.get(one) ?? one);
    return ids.length > MOST_NAMED ? `${words.join(', ')} and ${ids.length - MOST_NAMED} more` : words.join(', ');
  };
  const isNear = (edge: Edge): boolean => edge.from !== edge.to;
  return {
    from: named(edges.filter((edge) => edge.to === id && isNear(edge)).map((edge) => edge.from)),
    to: named(edges.filter((edge) => edge.from === id && isNear(edge)).map((edge) => edge.to)),
  };
}

/** All that a picture tells of a node, as one sentence after the other. */
export function sentenceOf(node: Node, picture: Picture): string {
  const { from, to } = neighbours(node.id, picture);
  return [
    [kinds[node.kind].one, node.title, node.about].filter(Boolean).join(' '),
    node.mark?.words,
    from && `stands on ${from}`,
    to && `leads to ${to}`,
  ]
    .filter(Boolean)
    .join('; ');
}

/** What choosing the node does. */
export function actionOf({ group, message }: Node): string {
  if (group !== undefined) return 'Show them';
  return message === undefined ? '' : (actions[message.type] ?? '');
}

const actions: Readonly<Record<string, string>> = {
  reveal: 'Go to where it is recorded',
  openFile: 'Open the file',
  copy: 'Copy its name',
  compareCode: 'Compare its code with HEAD',
};
