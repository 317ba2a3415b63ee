import {
  type Entry,
  emptyMapAt,
  get,
  itemsOf,
  type MapNode,
  mapAt,
  type Node,
  plain,
  stringOf,
  type Tree,
  wordOf,
} from '../../../text/tree';
import { type Asked, isSchema, JSON_SCHEMA, type Schema, typedFormats, typesOf } from '../../json-schema';
import {
  type Column,
  type Contract,
  plainColumn,
  plainContract,
  plainRule,
  type Rule,
  said,
  type Table,
} from '../../model';

/** JSON Schemas stand in many workspaces and mean other things there, so the name of the file has to say it. */
const name = /\.record\.schema\.(json|ya?ml)$/i;

export const recognises = (path: string, { root }: Tree): boolean =>
  name.test(path) && get(root, 'properties')?.kind === 'map';

export function read(tree: Tree): Contract {
  const { root } = tree;
  const tables = root?.kind === 'map' ? [tableOf(root)] : [];
  return { ...plainContract(JSON_SCHEMA, tree, tables), id: wordOf(get(root, '$id')), name: tables[0]?.name };
}

/** Keywords that are one demand together: the first names it. */
const together: readonly (readonly string[])[] = [
  ['if', 'then', 'else'],
  ['contains', 'minContains', 'maxContains'],
  ['properties', 'patternProperties', 'additionalProperties'],
  ['items', 'prefixItems', 'additionalItems'],
];

/** Keywords that demand nothing. Formats are told and not asserted, as validators have it by default. */
const silent: ReadonlySet<string> = new Set([
  ...['$schema', '$id', '$comment', '$anchor', '$dynamicAnchor', '$vocabulary', '$defs', 'definitions', 'id'],
  ...['title', 'description', 'default', 'examples', 'deprecated', 'readOnly', 'writeOnly', 'format'],
  ...['contentEncoding', 'contentMediaType', 'contentSchema'],
]);

const ruleAt = (node: Node, asked: Asked): Rule => ({
  ...plainRule('custom', emptyMapAt(node)),
  engine: JSON_SCHEMA,
  implementation: asked,
});

function tableOf(root: MapNode): Table {
  const whole = plain(root);
  const schema: Schema = isSchema(whole) ? whole : {};
  const properties = get(root, 'properties');
  const entries = properties?.kind === 'map' ? properties.entries : [];
  const table = (wordOf(get(root, 'title')) ?? 'record').replaceAll(/\W+/g, '_');
  const base = basesOf(schema);
  const isWhole = refersToItself(schema);
  return {
    name: table,
    physicalName: table,
    columns: entries.map((entry) => columnOf(entry, root, base, isWhole)),
    rules: rowRules(root, schema, base, isWhole),
    relationships: [],
    described: true,
    asWritten: true,
    about: said({
      description: stringOf(get(root, 'description')),
      businessName: stringOf(get(root, 'title')),
      custom: schema.additionalProperties === false ? { undocumentedColumns: 'error' } : undefined,
    }),
    node: root,
    nameNode: get(root, 'title') ?? root,
  };
}

/** What every part of the schema is judged with: its draft, and what it may refer to. */
const basesOf = ({ $schema, $defs, definitions }: Schema): Schema => ({
  ...($schema === undefined ? {} : { $schema }),
  ...($defs === undefined ? {} : { $defs }),
  ...(definitions === undefined ? {} : { definitions }),
});

/** Before 2019 nothing beside a `$ref` counts. */
const isOld = ({ $schema }: Schema): boolean => typeof $schema === 'string' && /draft-0[3-7]/.test($schema);

function columnOf({ key, value }: Entry, root: MapNode, base: Schema, isWhole: boolean): Column {
  const property = String(key.value);
  const node = mapAt(value);
  const own = plain(value);
  const about = isSchema(own) ? own : {};
  const demanded = itemsOf(get(root, 'required')).find((item) => wordOf(item) === property);
  const properties = { [property]: own };
  const required = demanded ? [ruleAt(demanded, { keyword: 'required', schema: {}, properties })] : [];
  // What refers to the schema itself is judged with whole rows.
  const demands = isWhole && refersIn(about) ? [] : demandsIn(node, base);
  const never = own === false ? [ruleAt(value, { keyword: 'false', schema: { ...base, not: {} }, properties })] : [];
  return {
    ...plainColumn(property, node, key),
    logicalType: logicalTypeOf(about),
    rules: [...required, ...never, ...demands.map(({ at, ...asked }) => ruleAt(at, { ...asked, properties }))],
    about: said({
      description: stringOf(get(node, 'description')),
      businessName: stringOf(get(node, 'title')),
      examples: itemsOf(get(node, 'examples')).flatMap((item) => (item.kind === 'scalar' ? [item.value] : [])),
    }),
  };
}

/** A type alone, or one with null. */
function logicalTypeOf(schema: Schema): string | undefined {
  const [type, ...others] = typesOf(schema).filter((one) => one !== 'null');
  if (type === undefined || others.length > 0) return undefined;
  const format = typeof schema.format === 'string' ? typedFormats[schema.format] : undefined;
  return type === 'string' ? (format ?? 'string') : type;
}

interface Demand extends Pick<Asked, 'keyword' | 'schema'> {
  readonly at: Node;
}

function demandsIn(node: MapNode, base: Schema): readonly Demand[] {
  const taken = node.entries.filter(({ key }) => !silent.has(String(key.value)));
  const refers = taken.filter(({ key }) => key.value === '$ref');
  const entries = isOld(base) && refers.length > 0 ? refers : taken;
  const words = entries.map(({ key }) => String(key.value));
  if (words.some((word) => word.startsWith('unevaluated'))) {
    const at = entries.find(({ key }) => String(key.value).startsWith('unevaluated'))?.value ?? node;
    return [{ keyword: 'unevaluatedProperties', schema: { ...base, ...partOf(entries) }, at }];
  }
  const done = new Set<string>();
  return entries.flatMap(({ key, value }) => {
    const word = String(key.value);
    if (done.has(word)) return [];
    const group = together.find((one) => one.includes(word)) ?? [word];
    for (const one of group) done.add(one);
    const among = entries.filter((entry) => group.includes(String(entry.key.value)));
    return [{ keyword: group[0] ?? word, schema: { ...base, ...partOf(among) }, at: value }];
  });
}

const partOf = (entries: readonly Entry[]): Schema =>
  Object.fromEntries(entries.map(({ key, value }) => [String(key.value), plain(value)]));

/** What the record as a whole must be. Its properties one by one, and which must be there, stand at its columns. */
function rowRules(root: MapNode, schema: Schema, base: Schema, isWhole: boolean): readonly Rule[] {
  const properties = isSchema(schema.properties) ? schema.properties : {};
  const open = Object.fromEntries(Object.keys(properties).map((property) => [property, true]));
  const others = root.entries.filter(({ key }) => !['type', 'properties', 'required'].includes(String(key.value)));
  const unnamed = itemsOf(get(root, 'required')).filter((item) => !Object.hasOwn(properties, wordOf(item) ?? ''));
  const own = demandsIn({ ...root, entries: others }, base).filter(
    ({ schema: { $defs, definitions, ...part } }) => !(isWhole && refersIn(part)),
  );
  return [
    ...unnamed.map((item) =>
      ruleAt(item, { keyword: 'required', schema: { ...base, required: [wordOf(item)] }, ofRows: true, properties }),
    ),
    // What refers to the schema itself can be judged by the whole of it only.
    ...(isWhole
      ? [ruleAt(get(root, 'properties') ?? root, { keyword: '$ref', schema, ofRows: true, properties })]
      : []),
    ...own.map(({ at, keyword, schema: part }) => {
      const isOfOthers = keyword === 'properties';
      const word = isOfOthers
        ? 'additionalProperties' in part
          ? 'additionalProperties'
          : 'patternProperties'
        : keyword;
      const asked = isOfOthers ? { ...part, properties: open } : keyword.startsWith('unevaluated') ? schema : part;
      return ruleAt(at, { keyword: word, schema: asked, ofRows: true, properties });
    }),
  ];
}

const refersIn = (schema: Schema): readonly string[] | null =>
  JSON.stringify(schema).match(/"\$(?:dynamicRef|recursiveRef|ref)":"[^"]*"/g);

/** Whether a reference of it leads elsewhere than to its own definitions. */
const refersToItself = (schema: Schema): boolean =>
  (refersIn(schema) ?? []).some((ref) => !/:"#\/(\$defs|definitions)\//.test(ref));
