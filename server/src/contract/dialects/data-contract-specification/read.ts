import {
  booleanOf,
  entryOf,
  get,
  itemsOf,
  type MapNode,
  type Node,
  numberOf,
  plain,
  type Scalar,
  type ScalarNode,
  type Tree,
  wordOf,
} from '../../../text/tree';
import {
  type Column,
  type ColumnAbout,
  type Contract,
  type ContractAbout,
  plainColumn,
  plainContract,
  plainRule,
  type Relationship,
  type Rule,
  type Server,
  type SlaProperty,
  said,
  type Table,
  type Word,
} from '../../model';
import { rulesOf } from '../odcs/read';
import { definitionsOf } from './definitions';
import { levels } from './levels';
import { logicalTypeOf } from './types';

/** The dialect's id. */
export const DATA_CONTRACT_SPECIFICATION = 'datacontract-specification';

/** By the key that names the version. */
export const recognises = (_path: string, { root }: Tree): boolean =>
  get(root, 'dataContractSpecification') !== undefined;

export function read(tree: Tree): Contract {
  const { root } = tree;
  const info = get(root, 'info');
  const definitions = get(root, 'definitions');
  const tables = entriesOf(get(root, 'models')).map(({ key, value }) => tableOf(key, value, definitions));
  return {
    ...plainContract(DATA_CONTRACT_SPECIFICATION, tree, withOldRules(tables, get(root, 'quality'))),
    apiVersion: wordOf(get(root, 'dataContractSpecification')),
    id: wordOf(get(root, 'id')),
    name: wordOf(get(info, 'title')),
    version: wordOf(get(info, 'version')),
    status: wordOf(get(info, 'status')),
    servers: entriesOf(get(root, 'servers')).map(({ key, value }) => serverOf(key, value)),
    sla: entriesOf(get(root, 'servicelevels')).flatMap(({ key, value }) => levelsOf(String(key.value), value)),
    about: aboutOf(root, info),
  };
}

interface MapEntry {
  readonly key: ScalarNode;
  readonly value: MapNode;
}

/** Entries whose value is a map; one that is left empty is an empty map. */
const entriesOf = (node: Node | undefined): readonly MapEntry[] =>
  node?.kind !== 'map'
    ? []
    : node.entries.flatMap(({ key, value }) =>
        value.kind === 'map'
          ? [{ key, value }]
          : value.kind === 'scalar' && value.value === null
            ? [{ key, value: { kind: 'map', span: value.span, entries: [] } }]
            : [],
      );

const wordsIn = (node: Node | undefined): readonly string[] | undefined => {
  const words = itemsOf(node).flatMap((item) => wordOf(item) ?? []);
  return words.length > 0 ? words : undefined;
};

const aboutOf = (root: Node | undefined, info: Node | undefined): ContractAbout =>
  said({
    description: wordOf(get(info, 'description')),
    usage: wordOf(get(get(root, 'terms'), 'usage')),
    limitations: wordOf(get(get(root, 'terms'), 'limitations')),
    owner: wordOf(get(info, 'owner')),
    tags: wordsIn(get(root, 'tags')),
  });

function tableOf(nameNode: ScalarNode, node: MapNode, definitions: Node | undefined): Table {
  const name = String(nameNode.value);
  const key = wordsIn(get(node, 'primaryKey')) ?? [];
  const reader = new Fields(name, definitions);
  const columns = reader.columns(get(node, 'fields'), '');
  return {
    name,
    physicalName: name,
    columns: columns.map((column) => inKey(column, key)),
    rules: rulesOf(node),
    relationships: [],
    about: said({
      description: wordOf(get(node, 'description')),
      businessName: wordOf(get(node, 'title')),
      tags: wordsIn(get(node, 'tags')),
    }),
    node,
    nameNode,
  };
}

/** A model may name its key by itself, in order. */
function inKey(column: Column, key: readonly string[]): Column {
  const position = key.indexOf(column.name);
  return position < 0 ? column : { ...column, primaryKey: true, primaryKeyPosition: position + 1 };
}

const optionKeys = [
  'minLength',
  'maxLength',
  'pattern',
  'format',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
] as const;

/** The fields of one model. */
class Fields {
  constructor(
    readonly table: string,
    readonly definitions: Node | undefined,
  ) {}

  /** `within` are the definitions that the fields are in: one that holds itself has no end. */
  columns(fields: Node | undefined, above: string, within: ReadonlySet<Node> = new Set()): readonly Column[] {
    return entriesOf(fields).map(({ key, value }) => {
      const name = String(key.value);
      return this.#column(name, above === '' ? name : `${above}.${name}`, value, key, within);
    });
  }

  /** What the field says itself comes before what its definitions say, the nearest first. */
  #said(node: MapNode, from: readonly MapNode[]): MapNode {
    if (from.length === 0) return node;
    const said = new Map(
      [...from].reverse().flatMap(({ entries }) => entries.map((entry) => [entry.key.value, entry])),
    );
    for (const { key } of node.entries) said.delete(key.value);
    // A place is asked for, not kept, in a text that is being edited, so that no copy has it by itself.
    return { ...node, span: node.span, entries: [...node.entries, ...said.values()] };
  }

  #column(name: string, path: string, written: MapNode, nameNode: Node, above: ReadonlySet<Node>): Column {
    const from = definitionsOf(written, this.definitions, above);
    const within = from.length === 0 ? above : new Set([...above, ...from]);
    const node = this.#said(written, from);
    const type = wordOf(get(node, 'type'));
    const items = get(node, 'items');
    const isKey = booleanOf(get(node, 'primaryKey')) ?? booleanOf(get(node, 'primary'));
    return {
      ...plainColumn(name, node, nameNode, path),
      logicalType: logicalTypeOf(type, get(node, 'fields') !== undefined),
      physicalType: precise(type, node),
      ...optionsIn(node),
      required: booleanOf(get(node, 'required')) ?? false,
      unique: booleanOf(get(node, 'unique')) ?? false,
      primaryKey: isKey ?? false,
      values: valuesIn(node),
      rules: rulesOf(node),
      relationships: this.#relationships(path, node, nameNode),
      columns: this.columns(get(node, 'fields'), path, within),
      items: items?.kind === 'map' ? this.#column(`${name}[]`, `${path}[]`, items, items, within) : undefined,
      about: aboutField(node),
    };
  }

  #relationships(path: string, node: MapNode, nameNode: Node): readonly Relationship[] {
    const to = get(node, 'references');
    const text = wordOf(to);
    if (to?.kind !== 'scalar' || text === undefined) return [];
    const from: ScalarNode =
      nameNode.kind === 'scalar' ? nameNode : { kind: 'scalar', span: nameNode.span, value: path };
    return [
      {
        from: [{ text: `${this.table}.${path}`, node: from }],
        to: [{ text, node: to }],
        type: 'foreignKey',
        node,
      },
    ];
  }
}

/** A number with its digits is a type of stores as it is. */
function precise(type: string | undefined, node: MapNode): string | undefined {
  const precision = numberOf(get(node, 'precision'));
  if (precision === undefined || !/^(number|decimal|numeric)$/i.test(type ?? '')) return undefined;
  return `decimal(${precision}, ${numberOf(get(node, 'scale')) ?? 0})`;
}

function optionsIn(node: MapNode): Pick<Column, 'options' | 'optionNodes'> {
  const options: Record<string, Scalar> = {};
  const optionNodes: Record<string, Node> = {};
  for (const key of optionKeys) {
    const value = get(node, key);
    if (value?.kind !== 'scalar' || value.value === null) continue;
    options[key] = value.value;
    optionNodes[key] = value;
  }
  return { options, optionNodes };
}

function valuesIn(node: MapNode): readonly Scalar[] | undefined {
  const list = get(node, 'enum');
  if (list?.kind !== 'list') return undefined;
  return list.items.flatMap((item) => (item.kind === 'scalar' ? [item.value] : []));
}

function aboutField(node: MapNode): ColumnAbout {
  const tags = wordsIn(get(node, 'tags')) ?? [];
  const isPersonal = booleanOf(get(node, 'pii')) === true && !tags.some((tag) => /^pii$/i.test(tag));
  const all = isPersonal ? [...tags, 'pii'] : tags;
  const examples = [...itemsOf(get(node, 'examples')), ...[get(node, 'example') ?? []].flat()].flatMap((item) =>
    item.kind === 'scalar' ? [item.value] : [],
  );
  const config = get(node, 'config');
  return said({
    description: wordOf(get(node, 'description')),
    businessName: wordOf(get(node, 'title')),
    tags: all.length > 0 ? all : undefined,
    classification: wordOf(get(node, 'classification')),
    examples: examples.length > 0 ? examples : undefined,
    custom: config?.kind === 'map' ? (plain(config) as Record<string, unknown>) : undefined,
  });
}

const serverOf = (name: ScalarNode, node: MapNode): Server => ({
  name: String(name.value),
  type: wordOf(get(node, 'type')) ?? '',
  properties: { server: String(name.value), ...(plain(node) as Record<string, unknown>) },
  node,
});

function levelsOf(property: string, node: MapNode): readonly SlaProperty[] {
  const known = Object.hasOwn(levels, property) ? levels[property] : undefined;
  // Those that ODCS has no property for keep what they say first.
  const value = known ? get(node, known.value) : node.entries[0]?.value;
  if (value?.kind !== 'scalar') return [];
  const column = known?.column === undefined ? undefined : get(node, known.column);
  const text = wordOf(column);
  const elements: readonly Word[] = column?.kind === 'scalar' && text !== undefined ? [{ text, node: column }] : [];
  return [{ property, value: value.value, unit: undefined, elements, node }];
}

/** Before 1.0 checks of other tools stood together at the end: those of SodaCL by the table that they name. */
function withOldRules(tables: readonly Table[], quality: Node | undefined): readonly Table[] {
  const type = wordOf(get(quality, 'type'));
  const specification = entryOf(quality, 'specification');
  if (quality?.kind !== 'map' || !specification) return tables;
  const text = specification.value;
  if (!/^sodacl$/i.test(type ?? '')) return withOthersRules(tables, quality, type);
  const all = text.kind === 'map' ? plain(text) : wordOf(text);
  return tables.map((table) => {
    const own = checksFor(all, table.name);
    return own === undefined ? table : withRule(table, { ...oldRule(quality, 'soda'), implementation: own });
  });
}

/** Those of other tools by the names of their tables, each a list of rules or one; what names none is the first one's. */
function withOthersRules(tables: readonly Table[], quality: MapNode, type: string | undefined): readonly Table[] {
  const all = plain(get(quality, 'specification'));
  const byTable = mapOf(all);
  const isNamed = tables.some(({ name }) => byTable?.[name] !== undefined);
  return tables.map((table, at) => {
    const own = isNamed ? byTable?.[table.name] : at === 0 ? all : undefined;
    if (own === undefined) return table;
    const rules = rulesIn(own).map((implementation) => ({ ...oldRule(quality, type), implementation }));
    return rules.reduce(withRule, table);
  });
}

const mapOf = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;

/** A list of rules, which may stand there as a text of JSON; else one rule as it is. */
function rulesIn(own: unknown): readonly unknown[] {
  if (Array.isArray(own)) return own;
  if (typeof own !== 'string') return [own];
  try {
    const read: unknown = JSON.parse(own);
    return Array.isArray(read) ? read : [own];
  } catch {
    return [own];
  }
}

const withRule = (table: Table, rule: Rule): Table => ({ ...table, rules: [...table.rules, rule] });

const oldRule = (node: MapNode, engine: string | undefined): Rule => ({
  ...plainRule('custom', node),
  engine,
  implementation: plain(get(node, 'specification')),
});

/** The part of a SodaCL text, or of its map, that is about one table. */
function checksFor(all: unknown, table: string): unknown {
  const key = `checks for ${table}`;
  if (typeof all === 'string') {
    const lines = all.split('\n');
    const first = lines.findIndex((line) => line.startsWith(`${key}:`));
    if (first < 0) return undefined;
    const next = lines.findIndex((line, at) => at > first && /^\S/.test(line));
    return lines.slice(first, next < 0 ? undefined : next).join('\n');
  }
  const map = all as Readonly<Record<string, unknown>> | undefined;
  return map?.[key] === undefined ? undefined : { [key]: map[key] };
}
