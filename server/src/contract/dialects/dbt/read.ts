import { booleanOf, get, itemsOf, type MapNode, mapAt, type Node, plain, type Tree, wordOf } from '../../../text/tree';
import { DBT, modelNamed } from '../../dbt/test';
import { isMap } from '../../expectations';
import {
  type About,
  type Column,
  type Contract,
  plainColumn,
  plainContract,
  plainRule,
  type Relationship,
  type Rule,
  type Table,
  type Word,
} from '../../model';
import { logicalTypeIn } from './types';

/** The dialect's id. */
export const DBT_SCHEMA = 'dbt';

/** What of a file becomes tables, apart from the tables of its sources. */
const resources = ['models', 'seeds', 'snapshots'] as const;

/** By `version: 2` and a list of what dbt builds: other tools have versions and models too, but not as lists of names. */
export function recognises(path: string, { root }: Tree): boolean {
  if (!/\.ya?ml$/i.test(path) || wordOf(get(root, 'version')) !== '2') return false;
  return [...resources, 'sources'].some((key) => itemsOf(get(root, key)).some((item) => get(item, 'name')));
}

/** A table for each model, seed, snapshot and table of a source that the file tells of. */
export function read(tree: Tree): Contract {
  const { root } = tree;
  const found = [
    ...resources.flatMap((key) => maps(get(root, key)).map((node) => ({ node, source: undefined }))),
    ...maps(get(root, 'sources')).flatMap((source) =>
      maps(get(source, 'tables')).map((node) => ({ node, source: wordOf(get(source, 'name')) })),
    ),
  ];
  const taken = new Set<string>();
  const tables = found.flatMap(({ node, source }) => {
    const table = tableOf(node, source, taken);
    if (table) taken.add(table.name);
    return table ? [table] : [];
  });
  const inOrder = tables.toSorted((one, other) => one.node.span.start - other.node.span.start);
  return plainContract(DBT_SCHEMA, tree, inOrder);
}

const maps = (node: Node | undefined): readonly MapNode[] => itemsOf(node).filter((item) => item.kind === 'map');

/** A table of a source goes by its source too where a model has its name. */
function tableOf(node: MapNode, source: string | undefined, taken: ReadonlySet<string>): Table | undefined {
  const nameNode = get(node, 'name');
  const bare = wordOf(nameNode);
  if (bare === undefined || !nameNode) return undefined;
  const name = taken.has(bare) && source !== undefined ? `${source}.${bare}` : bare;
  const config = get(node, 'config');
  const isEnforced = booleanOf(get(get(config, 'contract'), 'enforced')) === true;
  const constraints = isEnforced ? maps(get(node, 'constraints')) : [];
  const keys = constraints.filter((constraint) => typeOf(constraint) === 'primary_key').flatMap(columnsIn);
  const demanded = constraints.filter((constraint) => typeOf(constraint) === 'not_null').flatMap(columnsIn);
  return {
    name,
    physicalName: wordOf(get(node, 'identifier')) ?? wordOf(get(config, 'alias')) ?? wordOf(get(node, 'alias')) ?? name,
    columns: maps(get(node, 'columns')).flatMap((column) => columnOf(column, isEnforced, keys, demanded)),
    rules: [...testsAt(node), ...constraints.flatMap(ruleOfConstraint)],
    relationships: constraints.flatMap((constraint) => relationshipOf(constraint, columnsIn(constraint))),
    ...(isEnforced ? {} : { described: true }),
    ...withAbout(node),
    node,
    nameNode,
  };
}

const typeOf = (constraint: MapNode): string => wordOf(get(constraint, 'type'))?.toLowerCase() ?? '';
const columnsIn = (constraint: MapNode): readonly string[] => words(get(constraint, 'columns'));
const words = (node: Node | undefined): readonly string[] => itemsOf(node).flatMap((item) => wordOf(item) ?? []);

function columnOf(
  node: MapNode,
  isEnforced: boolean,
  keys: readonly string[],
  demanded: readonly string[],
): readonly Column[] {
  const nameNode = get(node, 'name');
  const name = wordOf(nameNode);
  if (name === undefined || !nameNode) return [];
  const constraints = isEnforced ? maps(get(node, 'constraints')) : [];
  const has = (type: string) => constraints.some((constraint) => typeOf(constraint) === type);
  const position = keys.indexOf(name);
  const physicalType = wordOf(get(node, 'data_type'));
  return [
    {
      ...plainColumn(name, node, nameNode),
      logicalType: physicalType === undefined ? undefined : logicalTypeIn(physicalType),
      physicalType,
      required: has('not_null') || demanded.includes(name),
      unique: has('unique'),
      primaryKey: has('primary_key') || position >= 0,
      primaryKeyPosition: position >= 0 ? position + 1 : undefined,
      rules: [...testsAt(node), ...constraints.flatMap(ruleOfConstraint)],
      relationships: constraints.flatMap((constraint) => relationshipOf(constraint, [name])),
      ...withAbout(node),
    },
  ];
}

/** Under `meta` and `tags`, or in `config`, where dbt 1.10 moved them. */
function withAbout(node: MapNode): { readonly about?: About } {
  const config = get(node, 'config');
  const description = wordOf(get(node, 'description'))?.trim();
  const tags = [get(node, 'tags'), get(config, 'tags')].flatMap((found) =>
    found?.kind === 'scalar' ? (wordOf(found) ?? []) : words(found),
  );
  const meta = { ...recordAt(get(node, 'meta')), ...recordAt(get(config, 'meta')) };
  const about: About = {
    ...(description ? { description } : {}),
    ...(tags.length > 0 ? { tags } : {}),
    ...(Object.keys(meta).length > 0 ? { custom: meta } : {}),
  };
  return Object.keys(about).length > 0 ? { about } : {};
}

function recordAt(node: Node | undefined): Readonly<Record<string, unknown>> {
  const value = plain(node);
  return isMap(value) ? value : {};
}

/** `tests` until dbt 1.8, `data_tests` since. */
export const testNodesAt = (node: MapNode): readonly Node[] =>
  ['data_tests', 'tests'].flatMap((key) => itemsOf(get(node, key)));

const testsAt = (node: MapNode): readonly Rule[] => testNodesAt(node).map(ruleOfTest);

const ruleOfTest = (node: Node): Rule => ({
  ...plainRule('custom', mapAt(node)),
  engine: DBT,
  implementation: plain(node),
});

/** What a constraint demands that the schema itself cannot say. */
function ruleOfConstraint(node: MapNode): readonly Rule[] {
  const name = wordOf(get(node, 'name'));
  const none = [{ keyword: 'mustBe', value: 0, node }];
  const expression = wordOf(get(node, 'expression'));
  if (typeOf(node) === 'check' && expression !== undefined)
    return [
      {
        ...plainRule('sql', node),
        name,
        query: `SELECT count(*) FROM {object} WHERE NOT (${expression})`,
        operators: none,
      },
    ];
  const columns = columnsIn(node);
  return typeOf(node) === 'unique' && columns.length > 0
    ? [
        {
          ...plainRule('library', node),
          name,
          metric: 'duplicateValues',
          arguments: { properties: columns },
          operators: none,
          node,
        },
      ]
    : [];
}

/** A foreign key names the other model by `to` and `to_columns`; as a bare expression of SQL it is the warehouse's. */
function relationshipOf(node: MapNode, columns: readonly string[]): readonly Relationship[] {
  const to = get(node, 'to');
  const model = modelNamed(wordOf(to));
  const keys = words(get(node, 'to_columns'));
  if (typeOf(node) !== 'foreign_key' || to?.kind !== 'scalar' || !model || keys.length === 0) return [];
  const word = (text: string): Word => ({ text, node: to });
  return [
    {
      from: columns.map(word),
      to: keys.map((key) => word(`${model.name}.${key}`)),
      type: 'foreignKey',
      node,
    },
  ];
}
