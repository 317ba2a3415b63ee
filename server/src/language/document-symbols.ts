import type { Column, Rule, Table } from '../contract/model';
import { type ManifestData, readManifest } from '../manifest/model';
import { entryOf, get, type MapNode, type Node, type Span } from '../text/tree';
import type { Document } from '../workspace/document';

/** One entry of the outline. */
export interface DocumentSymbol {
  readonly name: string;
  readonly detail: string;
  readonly kind: 'table' | 'column' | 'key' | 'rule' | 'server' | 'data';
  readonly span: Span;
  /** What is selected when it is gone to; lies in `span`. */
  readonly selection: Span;
  readonly children: readonly DocumentSymbol[];
}

/** The outline of a contract: servers and tables, their columns, the rules of each; of a manifest, its data. */
export const symbolsOf = ({ contract, kind, tree }: Document): readonly DocumentSymbol[] => [
  ...(kind === 'manifest' ? readManifest(tree).data.flatMap(ofData) : []),
  ...(contract?.servers ?? []).map(({ name, type, node }) =>
    symbol({ name, detail: type, kind: 'server', node, nameNode: get(node, 'server') ?? node, children: [] }),
  ),
  ...(contract?.tables ?? []).map(ofTable),
];

function ofData({ name, ref, node }: ManifestData): readonly DocumentSymbol[] {
  if (node.kind !== 'map') return [];
  const nameNode = get(node, 'name') ?? node;
  return [
    symbol({ name: name ?? ref?.text ?? '', detail: ref?.text ?? '', kind: 'data', node, nameNode, children: [] }),
  ];
}

const ofTable = ({ name, physicalName, node, nameNode, columns, rules }: Table): DocumentSymbol =>
  symbol({
    name,
    detail: physicalName === name ? '' : physicalName,
    kind: 'table',
    node,
    nameNode,
    children: [...columns.map(ofColumn), ...rules.map(ofRule)],
  });

function ofColumn({ name, logicalType, physicalType, primaryKey, node, nameNode, ...column }: Column): DocumentSymbol {
  const children = [
    ...column.columns.map(ofColumn),
    ...(column.items ? [ofColumn(column.items)] : []),
    ...column.rules.map(ofRule),
  ];
  const detail = logicalType ?? physicalType ?? '';
  return symbol({ name, detail, kind: primaryKey ? 'key' : 'column', node, nameNode, children });
}

function ofRule({ id, name, metric, type, operators, node }: Rule): DocumentSymbol {
  const what = metric ?? type;
  const detail = operators.map(({ keyword, value }) => `${keyword} ${JSON.stringify(value)}`).join(', ');
  const own = id ?? name;
  return symbol({
    name: own ?? what,
    detail: own === undefined ? detail : `${what} ${detail}`.trim(),
    kind: 'rule',
    node,
    nameNode: get(node, 'id') ?? entryOf(node, 'metric')?.value ?? node,
    children: [],
  });
}

interface Part {
  readonly name: string;
  readonly detail: string;
  readonly kind: DocumentSymbol['kind'];
  readonly node: MapNode;
  readonly nameNode: Node;
  readonly children: readonly DocumentSymbol[];
}

/** An editor refuses an outline with an empty name, or with a selection outside its part, as an alias can give it. */
function symbol({ name, detail, kind, node: { span }, nameNode, children }: Part): DocumentSymbol {
  const inside = nameNode.span.start >= span.start && nameNode.span.end <= span.end;
  const selection = inside ? nameNode.span : { start: span.start, end: span.start };
  return { name: name === '' ? '(no name)' : name, detail, kind, span, selection, children };
}
