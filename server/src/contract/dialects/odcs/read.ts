import {
  booleanOf,
  get,
  itemsOf,
  type MapNode,
  type Node,
  numberOf,
  plain,
  type Scalar,
  type ScalarNode,
  spelling,
  stringOf,
  type Tree,
  wordOf,
} from '../../../text/tree';
import {
  type About,
  type Column,
  type ColumnAbout,
  type Contract,
  type ContractAbout,
  type Operator,
  operatorKeywords,
  type Relationship,
  type Rule,
  type Server,
  type SlaProperty,
  said,
  type Table,
  type Word,
} from '../../model';

/** The dialect's id. */
export const ODCS = 'odcs';

/** Every key that the model has a place for, of any version 3.x. */
export function read(tree: Tree): Contract {
  const { root } = tree;
  return {
    dialect: ODCS,
    tree,
    apiVersion: wordOf(get(root, 'apiVersion')),
    id: wordOf(get(root, 'id')),
    name: wordOf(get(root, 'name')),
    version: versionOf(get(root, 'version'), tree),
    status: wordOf(get(root, 'status')),
    tables: mapsOf(get(root, 'schema')).map(tableOf),
    servers: mapsOf(get(root, 'servers')).map(serverOf),
    sla: mapsOf(get(root, 'slaProperties')).map((node) => slaOf(node, tree.text)),
    about: contractAbout(root),
    slaDefaultElement: wordsOf(get(root, 'slaDefaultElement'))[0],
  };
}

/** `description` is one text in contracts that were written by hand, and three in those of the standard. */
function contractAbout(root: Node | undefined): ContractAbout {
  const description = get(root, 'description');
  return said({
    ...aboutOf(root),
    description: stringOf(description) ?? wordOf(get(description, 'purpose')),
    usage: wordOf(get(description, 'usage')),
    limitations: wordOf(get(description, 'limitations')),
    domain: wordOf(get(root, 'domain')),
    dataProduct: wordOf(get(root, 'dataProduct')),
    tenant: wordOf(get(root, 'tenant')),
    owner: ownerOf(get(root, 'team')),
  });
}

/** Before 3.1 a team is the list of its members. */
function ownerOf(team: Node | undefined): string | undefined {
  const named = wordOf(get(team, 'name'));
  if (named !== undefined) return named;
  const members = team?.kind === 'list' ? team.items : itemsOf(get(team, 'members'));
  const owner = members.find((member) => /owner/i.test(wordOf(get(member, 'role')) ?? ''));
  return wordOf(get(owner, 'name')) ?? wordOf(get(owner, 'username'));
}

function aboutOf(node: Node | undefined): About {
  const tags = itemsOf(get(node, 'tags')).flatMap((tag) => wordOf(tag) ?? []);
  return said({
    description: wordOf(get(node, 'description')),
    businessName: wordOf(get(node, 'businessName')),
    tags: tags.length > 0 ? tags : undefined,
    custom: customOf(node),
  });
}

function columnAbout(node: Node): ColumnAbout {
  const examples = itemsOf(get(node, 'examples')).flatMap((item) => (item.kind === 'scalar' ? [item.value] : []));
  return said({
    ...aboutOf(node),
    classification: wordOf(get(node, 'classification')),
    examples: examples.length > 0 ? examples : undefined,
  });
}

function customOf(node: Node | undefined): Readonly<Record<string, unknown>> | undefined {
  const written = mapsOf(get(node, 'customProperties')).flatMap((item) => {
    const property = wordOf(get(item, 'property'));
    return property === undefined ? [] : [[property, plain(get(item, 'value'))] as const];
  });
  return written.length > 0 ? Object.fromEntries(written) : undefined;
}

function tableOf(node: MapNode): Table {
  const nameNode = get(node, 'name') ?? node;
  const name = wordOf(nameNode) ?? '';
  return {
    name,
    physicalName: wordOf(get(node, 'physicalName')) ?? name,
    columns: mapsOf(get(node, 'properties')).map((column) => columnOf(column, { table: name, path: '' })),
    rules: rulesOf(node),
    relationships: mapsOf(get(node, 'relationships')).map((relationship) =>
      relationshipOf(relationship, wordsOf(get(relationship, 'from'))),
    ),
    about: aboutOf(node),
    node,
    nameNode,
  };
}

/** Where a column hangs: its table and the path of the column above it, empty for the table itself. */
interface Parent {
  readonly table: string;
  readonly path: string;
}

/** A column that an edit leaves alone is the same column. */
function columnOf(node: MapNode, parent: Parent): Column {
  const known = columns.get(node);
  if (known && known.parent.table === parent.table && known.parent.path === parent.path) return known.column;
  const column = readColumn(node, parent);
  columns.set(node, { parent, column });
  return column;
}

const columns = new WeakMap<MapNode, { readonly parent: Parent; readonly column: Column }>();

function readColumn(node: MapNode, parent: Parent): Column {
  const name = wordOf(get(node, 'name')) ?? '';
  return columnAt(node, name, parent.path === '' ? name : `${parent.path}.${name}`, parent.table);
}

function columnAt(node: MapNode, name: string, path: string, table: string): Column {
  const nameNode = get(node, 'name') ?? node;
  const items = get(node, 'items');
  return {
    name,
    path,
    physicalName: wordOf(get(node, 'physicalName')) ?? name,
    logicalType: stringOf(get(node, 'logicalType')),
    physicalType: stringOf(get(node, 'physicalType')),
    ...optionsOf(get(node, 'logicalTypeOptions')),
    required: booleanOf(get(node, 'required')) ?? false,
    unique: booleanOf(get(node, 'unique')) ?? false,
    primaryKey: booleanOf(get(node, 'primaryKey')) ?? false,
    primaryKeyPosition: positionOf(get(node, 'primaryKeyPosition')),
    values: valuesOf(get(node, 'enum')),
    rules: rulesOf(node),
    relationships: mapsOf(get(node, 'relationships')).map((relationship) =>
      relationshipOf(relationship, [fromColumn(`${table}.${path}`, nameNode)]),
    ),
    columns: mapsOf(get(node, 'properties')).map((column) => columnOf(column, { table, path })),
    items: items?.kind === 'map' ? columnAt(items, `${name}[]`, `${path}[]`, table) : undefined,
    about: columnAbout(node),
    node,
    nameNode,
  };
}

/** `-1` is the standard's word for "none". */
function positionOf(node: Node | undefined): number | undefined {
  const position = numberOf(node);
  return position !== undefined && Number.isInteger(position) && position > 0 ? position : undefined;
}

function optionsOf(node: Node | undefined): Pick<Column, 'options' | 'optionNodes'> {
  const options: Record<string, Scalar> = {};
  const optionNodes: Record<string, Node> = {};
  for (const { key, value } of node?.kind === 'map' ? node.entries : []) {
    if (value.kind !== 'scalar' || value.value === null) continue;
    options[String(key.value)] = value.value;
    optionNodes[String(key.value)] = value;
  }
  exclusiveAsBound(options, optionNodes, 'minimum', 'exclusiveMinimum');
  exclusiveAsBound(options, optionNodes, 'maximum', 'exclusiveMaximum');
  return { options, optionNodes };
}

/** In 3.0.x the exclusive bound is a boolean beside the bound; since 3.1 it is the bound itself. */
function exclusiveAsBound(
  options: Record<string, Scalar>,
  nodes: Record<string, Node>,
  bound: string,
  exclusive: string,
): void {
  const flag = options[exclusive];
  if (typeof flag !== 'boolean') return;
  delete options[exclusive];
  delete nodes[exclusive];
  const value = options[bound];
  const node = nodes[bound];
  if (!flag || value === undefined || node === undefined) return;
  options[exclusive] = value;
  nodes[exclusive] = node;
  delete options[bound];
  delete nodes[bound];
}

function valuesOf(node: Node | undefined): readonly Scalar[] | undefined {
  if (node?.kind !== 'list') return undefined;
  return node.items.flatMap((item) => {
    const value = item.kind === 'map' ? get(item, 'value') : item;
    return value?.kind === 'scalar' ? [value.value] : [];
  });
}

/** The rules under `quality`. */
export const rulesOf = (node: MapNode): readonly Rule[] => mapsOf(get(node, 'quality')).map(ruleOf);

function ruleOf(node: MapNode): Rule {
  const filter = customOf(node)?.filter;
  const old = wordOf(get(node, 'rule'));
  const metric = wordOf(get(node, 'metric')) ?? (old === undefined ? undefined : oldMetrics[old]);
  return {
    id: wordOf(get(node, 'id')),
    name: wordOf(get(node, 'name')),
    type: typeOf(node),
    metric,
    arguments: argumentsOf(node),
    operators: operatorsOf(node, old),
    unit: wordOf(get(node, 'unit')),
    query: stringOf(get(node, 'query')),
    engine: wordOf(get(node, 'engine')),
    implementation: plain(get(node, 'implementation')),
    dimension: wordOf(get(node, 'dimension')),
    severity: wordOf(get(node, 'severity')),
    description: wordOf(get(node, 'description')),
    ...(typeof filter === 'string' ? { filter } : {}),
    node,
  };
}

/** The words of `rule` in 3.0.x that have one meaning among today's metrics. */
const oldMetrics: Readonly<Record<string, string>> = {
  nullCheck: 'nullValues',
  duplicateCount: 'duplicateValues',
  rowCount: 'rowCount',
  countCheck: 'rowCount',
  validValues: 'invalidValues',
};

/** Keys that tell the kind of a rule that names no type. Without any, the standard's default is the library. */
const tellingKeys: readonly (readonly [string, string])[] = [
  ['metric', 'library'],
  ['rule', 'library'],
  ['query', 'sql'],
  ['implementation', 'custom'],
  ['engine', 'custom'],
];

function typeOf(node: MapNode): string {
  const written = wordOf(get(node, 'type'));
  if (written !== undefined) return written;
  const [, told] = tellingKeys.find(([key]) => get(node, key) !== undefined) ?? [];
  if (told !== undefined) return told;
  return get(node, 'description') !== undefined && operatorsOf(node, undefined).length === 0 ? 'text' : 'library';
}

function argumentsOf(node: MapNode): Readonly<Record<string, unknown>> {
  const written = get(node, 'arguments');
  const values = written?.kind === 'map' ? (plain(written) as Record<string, unknown>) : {};
  const old = get(node, 'validValues');
  return old && values.validValues === undefined ? { ...values, validValues: plain(old) } : values;
}

function operatorsOf(node: MapNode, old: string | undefined): readonly Operator[] {
  const written = node.entries.flatMap(({ key, value }) =>
    operatorKeywords.includes(String(key.value))
      ? [{ keyword: String(key.value), value: plain(value), node: value }]
      : [],
  );
  return written.length === 0 && old === 'validValues' ? [{ keyword: 'mustBe', value: 0, node }] : written;
}

const relationshipOf = (node: MapNode, from: readonly Word[]): Relationship => ({
  from,
  to: wordsOf(get(node, 'to')),
  type: wordOf(get(node, 'type')) ?? 'foreignKey',
  node,
});

/** A relationship that stands at a column starts at that column, whose name is its place. */
function fromColumn(text: string, nameNode: Node): Word {
  const node: ScalarNode =
    nameNode.kind === 'scalar'
      ? nameNode
      : {
          kind: 'scalar',
          // The place moves with the column's.
          get span() {
            return { start: nameNode.span.start, end: nameNode.span.start };
          },
          value: null,
        };
  return { text, node };
}

const serverOf = (node: MapNode): Server => ({
  name: wordOf(get(node, 'server')) ?? '',
  type: wordOf(get(node, 'type')) ?? '',
  properties: plain(node) as Record<string, unknown>,
  node,
});

function slaOf(node: MapNode, text: string): SlaProperty {
  const value = get(node, 'value');
  return {
    property: wordOf(get(node, 'property')) ?? '',
    value: value?.kind === 'scalar' ? value.value : null,
    unit: wordOf(get(node, 'unit')),
    elements: wordsOf(get(node, 'element')).flatMap((word) => partsOf(word, text)),
    node,
  };
}

/** The words between commas, each with its own place where the text spells it as it is read. */
function partsOf({ text: list, node }: Word, text: string): readonly Word[] {
  let from = node.span.start;
  return list
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const start = text.indexOf(part, from);
      if (start < 0 || start + part.length > node.span.end) return { text: part, node };
      from = start + part.length;
      return { text: part, node: { kind: 'scalar', span: { start, end: from }, value: part } };
    });
}

/** A version is text even where YAML reads a number: 1.0 is not 1. */
const versionOf = (node: Node | undefined, tree: Tree): string | undefined =>
  node && numberOf(node) !== undefined ? spelling(tree, node) : wordOf(node);

const mapsOf = (node: Node | undefined): readonly MapNode[] => itemsOf(node).filter((item) => item.kind === 'map');

/** One word or a list of them. */
function wordsOf(node: Node | undefined): readonly Word[] {
  if (node?.kind === 'list') return node.items.flatMap(wordsOf);
  const text = wordOf(node);
  return node?.kind === 'scalar' && text !== undefined ? [{ text, node }] : [];
}
