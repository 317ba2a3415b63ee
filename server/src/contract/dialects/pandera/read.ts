import {
  booleanOf,
  get,
  itemsOf,
  type MapNode,
  type Node,
  plain,
  type ScalarNode,
  type Tree,
  wordOf,
} from '../../../text/tree';
import { type Column, type Contract, plainColumn, plainContract, plainRule, type Rule, type Table } from '../../model';

/** The dialect's id, and the engine of its rules. */
export const PANDERA = 'pandera';

/** By its kind and its columns. */
export const recognises = (_path: string, { root }: Tree): boolean =>
  wordOf(get(root, 'schema_type')) === 'dataframe' && get(root, 'columns') !== undefined;

export function read(tree: Tree): Contract {
  const { root } = tree;
  const name = wordOf(get(root, 'name'));
  const tables = root?.kind === 'map' ? [tableOf(name ?? 'schema', root)] : [];
  return { ...plainContract(PANDERA, tree, tables), apiVersion: wordOf(get(root, 'version')), name };
}

const emptyAt = ({ span }: Node): MapNode => ({ kind: 'map', span, entries: [] });

const isPresent = (node: Node | undefined): node is Node =>
  node !== undefined && !(node.kind === 'scalar' && node.value === null);

function tableOf(name: string, root: MapNode): Table {
  const all = get(root, 'columns');
  const entries = all?.kind === 'map' ? all.entries : [];
  const read = entries.map(({ key, value }) =>
    columnOf(String(key.value), key, value.kind === 'map' ? value : emptyAt(value)),
  );
  const strict = get(root, 'strict');
  const isOpen = read.some(({ rule }) => rule !== undefined);
  const isStrict = booleanOf(strict) === true && !isOpen;
  return {
    name,
    physicalName: name,
    columns: read.flatMap(({ column }) => column ?? []),
    rules: [...read.flatMap(({ rule }) => rule ?? []), ...rulesIn(get(root, 'checks')), ...frameRules(root, isOpen)],
    relationships: [],
    about: {
      description: wordOf(get(root, 'description')),
      businessName: wordOf(get(root, 'title')),
      custom: isStrict ? { undocumentedColumns: 'error' } : undefined,
    },
    node: isStrict && strict ? withoutOthers(root, strict) : root,
    nameNode: get(root, 'name') ?? root,
  };
}

/** A column that is a pattern, or that need not be there, is a rule that says so: the model demands its columns. */
function columnOf(name: string, nameNode: Node, node: MapNode): { readonly column?: Column; readonly rule?: Rule } {
  if (booleanOf(get(node, 'regex')) === true)
    return { rule: unrun(node, 'regex', `"${name}" is a pattern of names: name the columns one by one.`) };
  if (booleanOf(get(node, 'required')) === false)
    return { rule: unrun(node, 'required', `"${name}" need not be there, so nothing of it is checked.`) };
  return {
    column: {
      ...plainColumn(name, node, nameNode),
      logicalType: logicalTypeOf(wordOf(get(node, 'dtype')) ?? ''),
      required: booleanOf(get(node, 'nullable')) !== true,
      unique: booleanOf(get(node, 'unique')) ?? false,
      rules: rulesIn(get(node, 'checks')),
      about: { description: wordOf(get(node, 'description')), businessName: wordOf(get(node, 'title')) },
    },
  };
}

/** Names of types in numpy, pandas and pyarrow; any other, such as object or category, says nothing of values. */
const types: readonly (readonly [name: RegExp, logicalType: string])[] = [
  [/^u?int(8|16|32|64)?(\[pyarrow\])?$/i, 'integer'],
  [/^(float(16|32|64)?|double)(\[pyarrow\])?$/i, 'number'],
  [/^decimal/i, 'number'],
  [/^(str|(large_)?string(\[\w+\])?)$/i, 'string'],
  [/^bool(ean)?(\[pyarrow\])?$/i, 'boolean'],
  [/^(datetime64|timestamp)/i, 'timestamp'],
  [/^date(32|64)?(\[|$)/i, 'date'],
];

const logicalTypeOf = (dtype: string): string | undefined => types.find(([name]) => name.test(dtype))?.[1];

const panderaRule = (node: Node, implementation: unknown, severity?: string): Rule => ({
  ...plainRule('custom', node.kind === 'map' ? node : emptyAt(node)),
  engine: PANDERA,
  implementation,
  severity,
});

const unrun = (node: Node, check: string, skipped: string): Rule => panderaRule(node, { check, skipped });

/** Checks of a map go by their key, those of a list by `check_name` among their options. */
function rulesIn(checks: Node | undefined): readonly Rule[] {
  if (checks?.kind === 'map') return checks.entries.map(({ key, value }) => ruleOf(String(key.value), value));
  return itemsOf(checks).map((item) => ruleOf(wordOf(get(get(item, 'options'), 'check_name')) ?? 'check', item));
}

function ruleOf(check: string, node: Node): Rule {
  const options = get(node, 'options');
  const isWarning = booleanOf(get(options, 'raise_warning')) === true;
  return panderaRule(node, { check, given: plain(node) }, isWarning ? 'warning' : undefined);
}

/** What the check of columns that nobody describes looks for, at the place of `strict`. */
function withoutOthers(root: MapNode, { span }: Node): MapNode {
  const word = (value: string): ScalarNode => ({ kind: 'scalar', span, value });
  const property: MapNode = {
    kind: 'map',
    span,
    entries: [
      { key: word('property'), value: word('undocumentedColumns') },
      { key: word('value'), value: word('error') },
    ],
  };
  const all = { key: word('customProperties'), value: { kind: 'list', span, items: [property] } } as const;
  return { ...root, entries: [...root.entries, all] };
}

function frameRules(root: MapNode, isOpen: boolean): readonly Rule[] {
  const strict = get(root, 'strict');
  const unique = get(root, 'unique');
  const properties = [unique ?? []]
    .flat()
    .flatMap((node) => wordOf(node) ?? itemsOf(node).flatMap((item) => wordOf(item) ?? []));
  const index = get(root, 'index');
  return [
    ...(unique && properties.length > 0
      ? [
          {
            ...plainRule('library', unique.kind === 'map' ? unique : emptyAt(unique)),
            metric: 'duplicateValues',
            arguments: { properties },
            operators: [{ keyword: 'mustBe', value: 0, node: unique }],
          },
        ]
      : []),
    ...(strict && isOpen && booleanOf(strict) === true
      ? [unrun(strict, 'strict', 'Columns that need not be there, or are patterns, may be among those left.')]
      : []),
    ...(isPresent(index) ? [unrun(index, 'index', 'Data in a store have no index: name it as a column.')] : []),
    ...(booleanOf(get(root, 'ordered')) === true
      ? [unrun(get(root, 'ordered') ?? root, 'ordered', 'The order of columns is not checked.')]
      : []),
  ];
}
