import {
  booleanOf,
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
import {
  type Asked,
  type FieldSpec,
  type FieldsMatch,
  FRICTIONLESS,
  fieldMatches,
  fieldTypes,
  inOdcs,
} from '../../frictionless';
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
import { csvFormOf } from './csv-dialect';
import { locationOf } from './location';

export function read(tree: Tree): Contract {
  const { root } = tree;
  if (root?.kind !== 'map') return plainContract(FRICTIONLESS, tree, []);
  const resources = get(root, 'resources');
  const tables = resources
    ? itemsOf(resources).flatMap((item) => (item.kind === 'map' ? resourceOf(item) : []))
    : [get(root, 'fields') ? schemaAlone(root) : resourceOf(root)];
  const [only, ...others] = tables;
  return {
    ...plainContract(FRICTIONLESS, tree, tables),
    id: wordOf(get(root, 'id')),
    name: wordOf(get(root, 'name')) ?? (others.length === 0 ? only?.name : undefined),
    version: wordOf(get(root, 'version')),
    servers:
      only?.named?.data !== undefined && others.length === 0
        ? [{ name: 'local', type: 'local', properties: { path: only.named.data }, node: only.node }]
        : [],
    about: resources
      ? said({
          description: wordOf(get(root, 'description')),
          businessName: wordOf(get(root, 'title')),
          tags: wordsIn(get(root, 'keywords')),
        })
      : undefined,
  };
}

const wordsIn = (list: Node | undefined): readonly string[] | undefined =>
  list && itemsOf(list).flatMap((item) => wordOf(item) ?? []);

/** One word or a list of them. */
const wordsAt = (node: Node | undefined): readonly string[] => {
  const word = wordOf(node);
  return word === undefined ? (wordsIn(node) ?? []) : [word];
};

const schemaAlone = (root: MapNode): Table => tableOf(wordOf(get(root, 'name')) ?? 'data', root, root);

function resourceOf(resource: MapNode): Table {
  const schema = get(resource, 'schema');
  const name = wordOf(get(resource, 'name')) ?? 'data';
  const table = tableOf(name, resource, schema?.kind === 'map' ? schema : undefined);
  const elsewhere = (['schema', 'dialect'] as const).flatMap((key) => {
    const node = get(resource, key);
    const file = stringOf(node);
    return node && file !== undefined ? [unreadPart(node, key, file)] : [];
  });
  const { data, unread } = locationOf(resource);
  const form = csvFormOf(get(resource, 'dialect'), get(resource, 'format'));
  return {
    ...table,
    rules: [
      ...elsewhere,
      ...(unread ? [askedRule(unread.node, { check: 'schema-error', why: unread.why })] : []),
      ...table.rules,
    ],
    ...(data === undefined && !form
      ? {}
      : { named: { ...(data === undefined ? {} : { data }), ...(form ? { form } : {}) } }),
  };
}

const unreadPart = (node: Node, key: string, file: string): Rule =>
  askedRule(node, {
    check: 'schema-error',
    why:
      key === 'schema'
        ? `The schema is in another file: check "${file}" with --data instead, or write it here.`
        : `The ${key} is in another file, "${file}": write it here.`,
  });

const askedRule = (node: Node, implementation: Asked, severity?: string): Rule => ({
  ...plainRule('custom', mapAt(node)),
  engine: FRICTIONLESS,
  implementation,
  severity,
});

function tableOf(name: string, holder: MapNode, schema: MapNode | undefined): Table {
  const missing = missingIn(get(schema, 'missingValues')) ?? [''];
  const match = matchIn(get(schema, 'fieldsMatch'));
  const key = wordsAt(get(schema, 'primaryKey'));
  const fields = itemsOf(get(schema, 'fields')).flatMap((node) => (node.kind === 'map' ? [node] : []));
  const columns = fields.map((node) => columnOf(node, missing, match, key));
  const about = holder === schema ? schema : holder;
  return {
    name,
    physicalName: name,
    columns,
    rules: columns.length > 0 && schema ? tableRules(schema, match, key) : [],
    relationships: [],
    described: true,
    asWritten: true,
    about: said({
      description: wordOf(get(about, 'description')),
      businessName: wordOf(get(about, 'title')),
      custom: match === 'exact' || match === 'equal' ? { undocumentedColumns: 'error' } : undefined,
    }),
    node: holder,
    nameNode: get(holder, 'name') ?? holder,
  };
}

function matchIn(node: Node | undefined): FieldsMatch {
  // Frictionless for R writes a list of one word, as an early draft of version 2 had it.
  const [word] = wordsAt(node);
  return fieldMatches.find((match) => match === word) ?? 'exact';
}

/** Texts, or in version 2 objects with a `value`. */
const missingIn = (list: Node | undefined): readonly string[] | undefined =>
  list && itemsOf(list).flatMap((item) => wordOf(item) ?? wordOf(get(item, 'value')) ?? []);

function columnOf(node: MapNode, tableMissing: readonly string[], match: FieldsMatch, key: readonly string[]): Column {
  const nameNode = get(node, 'name') ?? node;
  const field = specOf(node, tableMissing);
  const constraints = get(node, 'constraints');
  const entries = constraints?.kind === 'map' ? constraints.entries : [];
  const { name } = field;
  const isRequired = booleanOf(get(constraints, 'required')) === true;
  const rules = entries.flatMap(({ key: { value: word }, value: held }): readonly Rule[] => {
    const value = plain(held);
    const constraint = String(word);
    // What is not asked for is no constraint.
    if (value === null || value === undefined || (typeof value === 'boolean' && !value)) return [];
    if (constraint === 'unique') return [at(held, { check: 'unique-error', field })];
    return [at(held, { check: 'constraint-error', field, constraint, value })];
  });
  return {
    ...plainColumn(name, node, nameNode),
    logicalType: inOdcs(field)?.logicalType,
    rules: [
      at(nameNode, { check: 'missing-label', match, isDemanded: isRequired || key.includes(name) }),
      at(get(node, 'type') ?? nameNode, { check: 'type-error', field }),
      ...rules,
    ],
    about: said({
      description: wordOf(get(node, 'description')),
      businessName: wordOf(get(node, 'title')),
      examples: examplesIn(node),
    }),
  };
}

/** The place of a rule is the node of its word, which no map is. */
const at = (node: Node, asked: Asked): Rule => ({ ...askedRule(node, asked), node: mapAt(node) });

function examplesIn(node: MapNode) {
  const example = get(node, 'example');
  const one = example?.kind === 'scalar' && example.value !== null ? [example.value] : [];
  const more = itemsOf(get(node, 'examples')).flatMap((item) => (item.kind === 'scalar' ? [item.value] : []));
  return one.length + more.length > 0 ? [...one, ...more] : undefined;
}

function specOf(node: MapNode, tableMissing: readonly string[]): FieldSpec {
  const type = wordOf(get(node, 'type'));
  const format = wordOf(get(node, 'format'))?.replace(/^fmt:/, '');
  const more = {
    decimalChar: stringOf(get(node, 'decimalChar')),
    groupChar: stringOf(get(node, 'groupChar')),
    bareNumber: booleanOf(get(node, 'bareNumber')),
    trueValues: wordsIn(get(node, 'trueValues')),
    falseValues: wordsIn(get(node, 'falseValues')),
    delimiter: stringOf(get(node, 'delimiter')),
    itemType: wordOf(get(node, 'itemType')),
  };
  return {
    name: wordOf(get(node, 'name')) ?? '',
    // A field without a type is a string, as frictionless takes it; an unknown type is told where it stands.
    type: type === undefined ? 'string' : fieldTypes.includes(type) ? type : 'any',
    format: format ?? 'default',
    missing: missingIn(get(node, 'missingValues')) ?? tableMissing,
    ...Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined)),
  };
}

function tableRules(schema: MapNode, match: FieldsMatch, key: readonly string[]): readonly Rule[] {
  const place = get(schema, 'fieldsMatch') ?? get(schema, 'fields') ?? schema;
  const isByName = match !== 'exact';
  return [
    ...(match === 'subset' || match === 'partial' ? [] : [askedRule(place, { check: 'extra-label', match })]),
    ...(isByName ? [] : [askedRule(place, { check: 'incorrect-label', match })]),
    ...(match === 'partial' ? [askedRule(place, { check: 'unmatched-header', match })] : []),
    askedRule(place, { check: 'blank-row' }),
    ...(key.length > 0 ? [askedRule(get(schema, 'primaryKey') ?? schema, { check: 'primary-key', fields: key })] : []),
    ...itemsOf(get(schema, 'uniqueKeys')).map((item) =>
      askedRule(item, { check: 'unique-key', fields: wordsAt(item) }, 'warning'),
    ),
    ...itemsOf(get(schema, 'foreignKeys')).flatMap(foreignKey),
  ];
}

function foreignKey(node: Node): readonly Rule[] {
  const fields = wordsAt(get(node, 'fields'));
  const reference = get(node, 'reference');
  if (fields.length === 0) return [];
  return [
    askedRule(node, {
      check: 'foreign-key',
      fields,
      resource: wordOf(get(reference, 'resource')) ?? '',
      to: wordsAt(get(reference, 'fields')),
    }),
  ];
}
