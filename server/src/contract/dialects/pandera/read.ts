import {
  booleanOf,
  get,
  itemsOf,
  type MapNode,
  mapAt,
  type Node,
  plain,
  type ScalarNode,
  type Tree,
  wordOf,
} from '../../../text/tree';
import { type Column, type Contract, plainColumn, plainContract, plainRule, type Rule, type Table } from '../../model';
import { isCheck, PANDERA } from '../../pandera';

/** By its kind and its columns. */
export const recognises = (_path: string, { root }: Tree): boolean =>
  wordOf(get(root, 'schema_type')) === 'dataframe' && get(root, 'columns') !== undefined;

export function read(tree: Tree): Contract {
  const { root } = tree;
  const name = wordOf(get(root, 'name'));
  const tables = root?.kind === 'map' ? [tableOf(name ?? 'schema', root)] : [];
  return { ...plainContract(PANDERA, tree, tables), apiVersion: wordOf(get(root, 'version')), name };
}

const isPresent = (node: Node | undefined): node is Node =>
  node !== undefined && !(node.kind === 'scalar' && node.value === null);

function tableOf(name: string, root: MapNode): Table {
  const frame = frameOf(root);
  const read = columnsIn(get(root, 'columns')).map(({ name: column, nameNode, node }) =>
    columnOf(column, nameNode, node, frame),
  );
  const strict = get(root, 'strict');
  const isOpen = read.some(({ column }) => column === undefined);
  const isStrict = booleanOf(strict) === true && !isOpen;
  const columns = read.flatMap(({ column }) => column ?? []);
  return {
    name,
    physicalName: name,
    columns,
    // What a column without a dtype holds is for its data to say, as pandas has it say.
    ...(columns.some(({ logicalType }) => logicalType === undefined) ? { asWritten: false } : {}),
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

interface NamedColumn {
  readonly name: string;
  readonly nameNode: Node;
  readonly node: MapNode;
}

/** By name, or as a list where a name is no text, of which only texts are names that data in a file can have. */
function columnsIn(all: Node | undefined): readonly NamedColumn[] {
  if (all?.kind === 'map')
    return all.entries.map(({ key, value }) => ({
      name: String(key.value),
      nameNode: key,
      node: mapAt(value),
    }));
  return itemsOf(all).flatMap((node) => {
    const nameNode = get(node, 'name');
    const name = wordOf(nameNode);
    return node.kind === 'map' && nameNode && name !== undefined ? [{ name, nameNode, node }] : [];
  });
}

/** What the frame says of all its columns. */
interface Frame {
  /** In place of each column's own. */
  readonly dtype: Node | undefined;
  readonly addsMissing: boolean;
}

const frameOf = (root: MapNode): Frame => ({
  dtype: isPresent(get(root, 'dtype')) ? get(root, 'dtype') : undefined,
  addsMissing: booleanOf(get(root, 'add_missing_columns')) === true,
});

/** A column that is a pattern of names is a rule that says so. */
function columnOf(
  name: string,
  nameNode: Node,
  node: MapNode,
  frame: Frame,
): { readonly column?: Column; readonly rule?: Rule } {
  if (booleanOf(get(node, 'regex')) === true)
    return { rule: unrun(node, 'regex', `"${name}" is a pattern of names: name the columns one by one.`) };
  const isNullable = booleanOf(get(node, 'nullable')) === true;
  const hasDefault = isPresent(get(node, 'default'));
  const isAdded = frame.addsMissing && (isNullable || hasDefault);
  const logicalType = logicalTypeOf(wordOf(frame.dtype ?? get(node, 'dtype')) ?? '');
  return {
    column: {
      ...plainColumn(name, node, nameNode),
      logicalType,
      required: !isNullable && !hasDefault,
      ...(isAdded || booleanOf(get(node, 'required')) === false ? { optional: true } : {}),
      rules: [...columnRules(node, frame, logicalType !== undefined), ...checksOf(node)],
      about: { description: wordOf(get(node, 'description')), businessName: wordOf(get(node, 'title')) },
    },
  };
}

/** Of what a column says beside its checks: the parts that the model has no fact for. */
function columnRules(node: MapNode, frame: Frame, isTyped: boolean): readonly Rule[] {
  const unique = get(node, 'unique');
  const dtype = frame.dtype ?? get(node, 'dtype');
  const value = get(node, 'default');
  return [
    ...(unique && booleanOf(unique) === true
      ? [panderaRule(unique, { check: 'field_uniqueness', report: wordOf(get(node, 'report_duplicates')) })]
      : []),
    ...(dtype && isPresent(dtype) && !isTyped
      ? [unrun(dtype, 'dtype', `Data in a file do not say whether they are of the dtype "${wordOf(dtype) ?? ''}".`)]
      : []),
    ...flagged(node, 'coerce', COERCED),
    ...flagged(node, 'drop_invalid_rows', DROPPED),
    ...(value && isPresent(value)
      ? [
          unrun(
            value,
            'default',
            'pandera puts the default where values lack, and checks it too: here nulls are left out.',
          ),
        ]
      : []),
  ];
}

const COERCED = 'A file of text is read as the dtype, as pandera does then; other data are not converted before.';
const DROPPED = 'pandera leaves out the rows that break a check: here the check fails.';

/** A key that is true, and why nothing is done for it. */
const flagged = (node: MapNode, key: string, why: string): readonly Rule[] => {
  const value = get(node, key);
  return value && booleanOf(value) === true ? [unrun(value, key, why)] : [];
};

/** Names of types in numpy, pandas and pyarrow; any other, such as object or category, says nothing of values. */
const types: readonly (readonly [name: RegExp, logicalType: string])[] = [
  [/^u?int(8|16|32|64)?(\[pyarrow\])?$/i, 'integer'],
  [/^(float(16|32|64)?|double)(\[pyarrow\])?$/i, 'number'],
  [/^decimal/i, 'number'],
  [/^(str|(large_)?string(\[\w+\])?)$/i, 'string'],
  [/^bool(ean)?(\[pyarrow\])?$/i, 'boolean'],
  [/^(datetime|timestamp)/i, 'timestamp'],
  [/^date(32|64)?(\[|$)/i, 'date'],
];

const logicalTypeOf = (dtype: string): string | undefined => types.find(([name]) => name.test(dtype))?.[1];

const panderaRule = (node: Node, implementation: unknown, severity?: string): Rule => ({
  ...plainRule('custom', mapAt(node)),
  engine: PANDERA,
  implementation,
  severity,
});

const unrun = (node: Node, check: string, skipped: string): Rule => panderaRule(node, { check, skipped });

/** Checks of a column: under `checks`, else as keys of its own, which pandera reads only then. */
function checksOf(node: MapNode): readonly Rule[] {
  const checks = get(node, 'checks');
  if (isPresent(checks)) return rulesIn(checks);
  return node.entries
    .filter(({ key }) => isCheck(String(key.value)))
    .map(({ key, value }) => ruleOf(String(key.value), value));
}

/** Checks of a map go by their key, those of a list by `check_name` among their options. */
function rulesIn(checks: Node | undefined): readonly Rule[] {
  if (checks?.kind === 'map') return checks.entries.map(({ key, value }) => ruleOf(String(key.value), value));
  return itemsOf(checks).map((item) => ruleOf(wordOf(get(get(item, 'options'), 'check_name')) ?? 'check', item));
}

function ruleOf(check: string, node: Node): Rule {
  // What is written as a key of the column has its options beside the arguments.
  const isWarning = [get(node, 'options'), node].some((at) => booleanOf(get(at, 'raise_warning')) === true);
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
  const index = get(root, 'index');
  const ordered = get(root, 'ordered');
  return [
    ...keysIn(get(root, 'unique')).map(({ node, columns }) =>
      panderaRule(node, {
        check: 'multiple_fields_uniqueness',
        columns,
        report: wordOf(get(root, 'report_duplicates')),
      }),
    ),
    ...(strict && isOpen && booleanOf(strict) === true
      ? [unrun(strict, 'strict', 'Columns that a pattern describes may be among those that nothing else does.')]
      : []),
    ...(isPresent(index) ? [unrun(index, 'index', 'Data in a file have no index: name it as a column.')] : []),
    ...(ordered && booleanOf(ordered) === true
      ? [
          isOpen
            ? unrun(ordered, 'column_ordered', 'Where columns are a pattern, their order is not known.')
            : panderaRule(ordered, { check: 'column_ordered' }),
        ]
      : []),
    ...flagged(root, 'coerce', COERCED),
    ...flagged(root, 'drop_invalid_rows', DROPPED),
    ...flagged(root, 'unique_column_names', 'Columns of data in a file have different names once they are read.'),
  ];
}

/** Columns that are unique together: one list of names, or one list a key. */
function keysIn(unique: Node | undefined): readonly { readonly node: Node; readonly columns: readonly string[] }[] {
  if (!unique) return [];
  const word = wordOf(unique);
  if (word !== undefined) return [{ node: unique, columns: [word] }];
  const items = itemsOf(unique);
  const keys = items.some((item) => item.kind === 'list') ? items : [unique];
  return keys
    .map((node) => ({ node, columns: itemsOf(node).flatMap((item) => wordOf(item) ?? []) }))
    .filter(({ columns }) => columns.length > 0);
}

/** What conversions keep neither as a fact nor as a rule. */
export function beyond({ root }: Tree): readonly ScalarNode[] {
  const saysMore = (node: Node, keys: Readonly<Record<string, (value: Node) => boolean>>): readonly ScalarNode[] =>
    node.kind === 'map'
      ? node.entries.filter(({ key, value }) => keys[String(key.value)]?.(value)).map(({ key }) => key)
      : [];
  const isOff = (value: Node) => booleanOf(value) === false;
  const isOn = (value: Node) => booleanOf(value) === true;
  const isLess = (value: Node) => isPresent(value) && wordOf(value) !== 'all';
  return [
    ...(root
      ? saysMore(root, {
          strict: (value) => wordOf(value) === 'filter',
          add_missing_columns: isOn,
          report_duplicates: isLess,
          metadata: isPresent,
        })
      : []),
    ...columnsIn(get(root, 'columns')).flatMap(({ node }) =>
      saysMore(node, { required: isOff, report_duplicates: isLess, metadata: isPresent }),
    ),
  ];
}
