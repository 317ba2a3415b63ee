import { get, itemsOf, type MapNode, mapAt, type Node, plain, stringOf, type Tree, wordOf } from '../../../text/tree';
import { type Column, type Contract, plainColumn, plainContract, plainRule, type Rule, type Table } from '../../model';
import { checkOf, SODA, valueKeys } from '../../soda/check';
import { logicalTypeIn } from '../dbt/types';

/** The dialect's id. */
export const SODA_CHECKS = 'soda';

/** `checks for orders` or `checks for orders [daily]`. */
const section = /^checks for\s+("?)([^\s"[\]]+)\1(?:\s*\[([^\]]+)\])?\s*$/i;
/** Sections that are not for one dataset alone, or that change what others say. */
const unread = /^(for each (dataset|table|column)|configurations for)\s+\S+/i;

/** A contract names its dataset; a file of SodaCL has a section for each. */
export function recognises(path: string, { root }: Tree): boolean {
  if (!/\.ya?ml$/i.test(path) || root?.kind !== 'map') return false;
  if (root.entries.some(({ key, value }) => section.test(String(key.value)) && value.kind === 'list')) return true;
  if (stringOf(get(root, 'dataset')) === undefined) return false;
  return itemsOf(get(root, 'columns')).some((item) => get(item, 'name')) || itemsOf(get(root, 'checks')).some(isCheck);
}

/** Words under `checks` of a contract; other files have checks that are words of their own. */
const isCheck = (node: Node): boolean =>
  node.kind === 'map' && ['type', ...modernWords].some((word) => get(node, word) !== undefined);
const modernWords = ['schema', 'row_count', 'freshness', 'duplicate', 'failed_rows', 'metric'];

/** A table for the contract's dataset, or for each that a file of SodaCL has checks for. */
export function read(tree: Tree): Contract {
  const { root } = tree;
  if (root?.kind !== 'map') return plainContract(SODA_CHECKS, tree, []);
  const sections = root.entries.filter(({ key }) => section.test(String(key.value)) || unread.test(String(key.value)));
  if (sections.length > 0) return plainContract(SODA_CHECKS, tree, tablesIn(root));
  const table = tableOf(root);
  const contract = plainContract(SODA_CHECKS, tree, table ? withReferenced([table]) : []);
  const owner = wordOf(get(root, 'owner'));
  return owner === undefined ? contract : { ...contract, about: { owner } };
}

const ruleAt = (node: Node, implementation: unknown, filter?: string): Rule => ({
  ...plainRule('custom', mapAt(node)),
  engine: SODA,
  implementation,
  ...(filter === undefined ? {} : { filter }),
});

/** The last step of a qualified name is the table's. */
export const tableNameIn = (dataset: string): string => dataset.split('/').at(-1) ?? dataset;

function tableOf(root: MapNode): Table | undefined {
  const nameNode = get(root, 'dataset');
  const dataset = stringOf(nameNode);
  if (dataset === undefined || !nameNode) return undefined;
  const name = tableNameIn(dataset);
  const filter = textAt(root, 'filter') ?? textAt(root, 'filter_sql');
  const columns = itemsOf(get(root, 'columns')).flatMap((node) => columnOf(node, filter));
  const checks = itemsOf(get(root, 'checks'));
  const description = textAt(root, 'description');
  return {
    name,
    physicalName: name,
    columns,
    rules: [
      ...(isOlder(root) ? [impliedSchema(columns, root)] : []),
      ...checks.map((node) => ruleAt(node, plain(node), filter)),
    ],
    relationships: [],
    // What is asked of the columns themselves is a check of its own.
    described: true,
    ...(description === undefined ? {} : { about: { description } }),
    node: root,
    nameNode,
  };
}

const textAt = (node: Node, key: string): string | undefined => stringOf(get(node, key))?.trim();

/** Checks of version 3 have a `type`; without any check the older keys beside the dataset tell. */
function isOlder(root: MapNode): boolean {
  const lists = [get(root, 'checks'), ...itemsOf(get(root, 'columns')).map((column) => get(column, 'checks'))];
  const checks = lists.flatMap(itemsOf);
  if (checks.length > 0) return checks.some((check) => get(check, 'type') !== undefined);
  return ['data_source', 'data_source_file', 'schema', 'extra_columns', 'owner'].some(
    (key) => get(root, key) !== undefined,
  );
}

/** A contract of version 3 is held against the columns without being asked, and allows no others unless it says so. */
function impliedSchema(columns: readonly Column[], root: MapNode): Rule {
  const types = Object.fromEntries(columns.map(({ name, physicalType }) => [name, physicalType ?? null]));
  const optional = columns.filter(({ node }) => plain(get(node, 'optional')) === true).map(({ name }) => name);
  const required = columns.map(({ name }) => name).filter((name) => !optional.includes(name));
  const typed = Object.fromEntries(Object.entries(types).filter(([, type]) => type !== null));
  const isOpen = textAt(root, 'extra_columns') === 'allowed';
  const fail = isOpen
    ? { 'when required column missing': required, 'when wrong column type': typed, 'with optional columns': optional }
    : { 'when mismatching columns': types, 'with optional columns': optional };
  const rule = ruleAt(get(root, 'columns') ?? root, { schema: { fail } });
  return rule;
}

function columnOf(node: Node, filter: string | undefined): readonly Column[] {
  const nameNode = get(node, 'name');
  const name = wordOf(nameNode);
  if (node.kind !== 'map' || name === undefined || !nameNode) return [];
  const physicalType = wordOf(get(node, 'data_type'));
  const shared = node.entries.filter(({ key }) => valueKeys.includes(String(key.value)));
  const defaults = Object.fromEntries(shared.map(({ key, value }) => [String(key.value), plain(value)]));
  const description = textAt(node, 'description');
  return [
    {
      ...plainColumn(name, node, nameNode),
      logicalType: physicalType === undefined ? undefined : logicalTypeIn(physicalType),
      physicalType,
      rules: itemsOf(get(node, 'checks')).map((check) => ruleAt(check, withDefaults(plain(check), defaults), filter)),
      ...(description === undefined ? {} : { about: { description } }),
    },
  ];
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a column says of its values holds for checks that say nothing of the kind themselves. */
function withDefaults(check: unknown, defaults: Readonly<Record<string, unknown>>): unknown {
  if (!isMap(check) || Object.keys(defaults).length === 0) return check;
  if ('type' in check) return { ...missingOf(check, defaults, String(check.type)), ...check };
  const [word, ...others] = Object.keys(check);
  const settings = word === undefined ? undefined : check[word];
  if (word === undefined || others.length > 0 || !['missing', 'invalid', 'duplicate', 'aggregate'].includes(word))
    return check;
  const own = isMap(settings) ? settings : {};
  return { [word]: { ...missingOf(own, defaults, word), ...own } };
}

/** Of each of the two families those that the check has none of. */
function missingOf(own: Readonly<Record<string, unknown>>, defaults: Readonly<Record<string, unknown>>, kind: string) {
  const isOf = (family: string) => (key: string) =>
    family === 'missing' ? key.startsWith('missing') : /^(in)?valid/.test(key);
  const families = kind.includes('missing') ? ['missing'] : ['missing', 'valid'];
  const open = families.filter(
    (family) => !Object.keys(own).some((key) => valueKeys.includes(key) && isOf(family)(key)),
  );
  return Object.fromEntries(Object.entries(defaults).filter(([key]) => open.some((family) => isOf(family)(key))));
}

/** A section of SodaCL as a table, with the columns that its checks name. */
function tablesIn(root: MapNode): readonly Table[] {
  const filters = new Map(
    root.entries.flatMap(({ key, value }) => {
      const [, name, part] = /^filter\s+(\S+)\s*\[([^\]]+)\]\s*$/i.exec(String(key.value)) ?? [];
      const where = textAt(value, 'where');
      return name !== undefined && where !== undefined ? [[`${name} ${part}`, where] as const] : [];
    }),
  );
  const found = root.entries.flatMap(({ key, value }): readonly Table[] => {
    const [, , name, part] = section.exec(String(key.value)) ?? [];
    if (name === undefined) return [];
    const filter = part === undefined ? undefined : filters.get(`${name} ${part}`);
    const rules = itemsOf(value).map((node) => ruleAt(node, plain(node), filter));
    return [
      {
        name,
        physicalName: name,
        columns: columnsNamed(rules),
        rules,
        relationships: [],
        described: true,
        node: mapAt(value),
        nameNode: key,
      },
    ];
  });
  const skipped = root.entries
    .filter(({ key }) => unread.test(String(key.value)))
    .map(({ key, value }) => ruleAt(value, String(key.value)));
  const [first, ...others] = merged(found);
  return first ? withReferenced([{ ...first, rules: [...first.rules, ...skipped] }, ...others]) : [];
}

/** Tables that checks look into are tables of the contract, so that data can be given for them. */
function withReferenced(tables: readonly Table[]): readonly Table[] {
  const others = new Map<string, Table>();
  const known = new Set(tables.map(({ name }) => name));
  for (const { node, columns, rules } of tables)
    for (const rule of [...rules, ...columns.flatMap((column) => column.rules)]) {
      const target = targetOf(rule);
      if (!target || known.has(target.dataset)) continue;
      const before = others.get(target.dataset)?.columns ?? [];
      const added = target.columns.filter((name) => !before.some((column) => column.name === name));
      others.set(target.dataset, {
        name: target.dataset,
        physicalName: target.dataset,
        columns: [...before, ...added.map((name) => plainColumn(name, rule.node, rule.node))],
        rules: [],
        relationships: [],
        described: true,
        node: { ...node, span: node.span, entries: [] },
        nameNode: rule.node,
      });
    }
  return [...tables, ...others.values()];
}

function targetOf({
  implementation,
}: Rule): { readonly dataset: string; readonly columns: readonly string[] } | undefined {
  const check = checkOf(implementation);
  if ('problem' in check) return undefined;
  if (check.reference) return check.reference;
  const given = check.values.valid_reference_data ?? check.values.valid_values_reference_data;
  if (!isMap(given) || typeof given.dataset !== 'string' || typeof given.column !== 'string') return undefined;
  return { dataset: tableNameIn(given.dataset), columns: [given.column] };
}

function columnsNamed(rules: readonly Rule[]): readonly Column[] {
  const named = new Map<string, Rule>();
  for (const rule of rules) {
    const check = checkOf(rule.implementation);
    if ('problem' in check) continue;
    for (const name of check.columns) if (!named.has(name)) named.set(name, rule);
  }
  return [...named].map(([name, { node }]) => plainColumn(name, node, node));
}

/** Several sections for one dataset are one table. */
function merged(tables: readonly Table[]): readonly Table[] {
  const byName = new Map<string, Table>();
  for (const table of tables) {
    const known = byName.get(table.name);
    const rules = [...(known?.rules ?? []), ...table.rules];
    byName.set(table.name, known ? { ...known, rules, columns: columnsNamed(rules) } : table);
  }
  return [...byName.values()];
}
