import { modelIn } from '../../contract/dbt/model-name';
import { signatureOf } from '../../contract/dbt/signatures';
import { complaintsOf, DBT, type DbtTest, testOf, unknownTest } from '../../contract/dbt/test';
import { type Contract, columnsOf, type Table } from '../../contract/model';
import { engineName } from '../../contract/rule-engine';
import type { Fix } from '../../text/edit';
import { didYouMean, meantBy, slipsOf } from '../../text/nearest';
import { entryOf, get, itemsOf, type MapNode, type Node, spelling, wordOf } from '../../text/tree';
import { nameSpan, type Placed, replacement, rulesIn, startOf } from '../place';
import type { Finding, Rule } from '../rule';

export const dbtTest: Rule = {
  code: 'contract/dbt-test',
  severity: 'error',
  documentation:
    'A test of dbt has an unknown name or argument, lacks an argument that it needs, or names a column that its table does not have; an enforced contract has a column without a type, or a constraint that dbt does not know. A test of another package, or of the project itself, is a warning: Plumbline skips it.',
  check: (contract) => [
    ...(contract.dialect === DBT ? contract.tables.flatMap((table) => inTable(table, contract)) : []),
    ...rulesIn(contract).flatMap((placed) => inTest(placed, contract)),
  ],
};

type Tree = Contract['tree'];

const shared = ['name', 'description', 'meta', 'tags', 'config', 'constraints', 'data_tests', 'tests', 'docs'];
const tableKeys = [
  ...shared,
  ...[
    'columns',
    'access',
    'alias',
    'deprecation_date',
    'external',
    'freshness',
    'group',
    'identifier',
    'latest_version',
  ],
  ...['loaded_at_field', 'loaded_at_query', 'primary_key', 'quoting', 'time_spine', 'versions'],
];
const columnKeys = [...shared, 'data_type', 'dimension', 'entity', 'granularity', 'policy_tags', 'quote'];
const constraints = ['check', 'custom', 'foreign_key', 'not_null', 'primary_key', 'unique'];

function inTable(table: Table, { tree }: Contract): readonly Finding[] {
  const { node, columns } = table;
  const isEnforced = table.described !== true;
  return [
    ...inMap(node, tableKeys, tree),
    ...columns.flatMap((column) => inMap(column.node, columnKeys, tree)),
    ...[node, ...columns.map((column) => column.node)].flatMap((part) => inConstraints(part, isEnforced, tree)),
    ...(isEnforced ? columns.filter(({ physicalType }) => physicalType === undefined) : []).map((column) => ({
      span: nameSpan(column),
      message: `The contract of "${table.name}" is enforced, so "${column.name}" needs a "data_type".`,
    })),
  ];
}

/** Only what is nearly a key is told: dbt's next version may have others. */
function inMap(node: MapNode, known: readonly string[], tree: Tree): readonly Finding[] {
  const slips = node.entries.flatMap(({ key }): readonly Finding[] => {
    const name = String(key.value);
    const meant = known.includes(name) ? [] : meantBy(name, known);
    if (meant[0] === undefined) return [];
    const message = `dbt knows no "${name}" here.${didYouMean(meant)}`;
    return [{ span: key.span, message, severity: 'warning', fix: inPlaceOf(key, meant[0], tree) }];
  });
  const [older, newer] = [entryOf(node, 'tests'), entryOf(node, 'data_tests')];
  return older && newer
    ? [...slips, { span: older.key.span, message: 'dbt refuses "tests" beside "data_tests": move them there.' }]
    : slips;
}

function inConstraints(node: MapNode, isEnforced: boolean, tree: Tree): readonly Finding[] {
  const entry = entryOf(node, 'constraints');
  if (!entry) return [];
  const unknown = itemsOf(entry.value).flatMap((item): readonly Finding[] => {
    const type = get(item, 'type');
    const word = wordOf(type);
    if (!type || word === undefined || constraints.includes(word.toLowerCase())) return [];
    const meant = meantBy(word, constraints);
    const fix = meant[0] === undefined ? {} : { fix: inPlaceOf(type, meant[0], tree) };
    return [{ span: type.span, message: `"${word}" is no constraint of dbt.${didYouMean(meant)}`, ...fix }];
  });
  const message = 'dbt looks at constraints only where "contract: {enforced: true}" stands in the config of the model.';
  return isEnforced ? unknown : [...unknown, { span: entry.key.span, message, severity: 'warning' }];
}

function inTest({ rule, table, column }: Placed, contract: Contract): readonly Finding[] {
  if (rule.type !== 'custom' || engineName(rule.engine ?? '') !== DBT) return [];
  const { tree } = contract;
  const implementation = get(rule.node, 'implementation');
  const node = implementation ?? rule.node;
  const test = testOf(rule.implementation);
  const span = implementation?.kind === 'scalar' ? implementation.span : startOfTest(node);
  if (typeof test === 'string') return [{ span, message: test }];
  const signature = signatureOf(test.name);
  if (!signature) {
    const { message, meant } = unknownTest(test.name);
    const place = nameNodeOf(node);
    const fix = meant === undefined || !place ? {} : { fix: inPlaceOf(place, meant, tree) };
    return [{ span: place?.span ?? span, message, severity: 'warning', ...fix }];
  }
  if (test.config.enabled === false) return [];
  const complaints = complaintsOf(test, signature, column?.path).map(({ argument, message, meant }): Finding => {
    const entry = argument === undefined ? undefined : argumentIn(node, argument);
    const place = meant === undefined ? entry?.value : entry?.key;
    const fix = entry && meant !== undefined ? { fix: inPlaceOf(entry.key, meant, tree) } : {};
    return { span: place?.kind === 'scalar' ? place.span : (entry?.key.span ?? span), message, ...fix };
  });
  return [...complaints, ...unknownColumns(test, node, table, contract)];
}

/** A test without arguments is a bare word. */
const startOfTest = (node: Node) => (node.kind === 'map' && node.entries.length > 0 ? startOf(node) : node.span);

function nameNodeOf(node: Node): Node | undefined {
  if (node.kind === 'scalar') return /^[\w.]+$/.test(wordOf(node) ?? '') ? node : undefined;
  if (node.kind !== 'map') return undefined;
  return get(node, 'test_name') ?? node.entries[0]?.key;
}

/** Where an argument stands: under `arguments`, beside it as older files have it, or in `config`. */
function argumentIn(node: Node, argument: string) {
  const inner = get(node, 'test_name') ? node : node.kind === 'map' ? node.entries[0]?.value : undefined;
  return [get(inner, 'arguments'), get(inner, 'config'), inner]
    .map((place) => entryOf(place, argument))
    .find((entry) => entry !== undefined);
}

const ownColumns = [
  ...['combination_of_columns', 'column_list', 'column_name', 'compare_columns', 'group_by', 'group_by_columns'],
  ...['lower_bound_column', 'sort_column', 'timestamp_column', 'upper_bound_column'],
];
const theirColumns: Readonly<Record<string, string>> = { field: 'to', compare_column_name: 'compare_model' };

/** A list of columns for which it is no fault that one is not there. */
const ofData = /columns_to_(not_)?contain_set|columns_to_match/;

function unknownColumns(test: DbtTest, node: Node, table: Table, contract: Contract): readonly Finding[] {
  if (ofData.test(test.name)) return [];
  return Object.keys(test.arguments).flatMap((argument): readonly Finding[] => {
    const model = theirColumns[argument];
    const other = model === undefined ? table : modelIn(contract, test.arguments[model]);
    if ((model === undefined && !ownColumns.includes(argument)) || !other) return [];
    const entry = argumentIn(node, argument);
    const places = entry?.value.kind === 'list' ? entry.value.items : entry ? [entry.value] : [];
    return places.flatMap((place) => unknownColumn(place, other, contract.tree));
  });
}

/** Where columns are only described there may be more, so that only what is nearly one is told. */
function unknownColumn(place: Node, table: Table, tree: Tree): readonly Finding[] {
  const word = wordOf(place);
  if (word === undefined || !/^[A-Za-z_]\w*$/.test(word) || table.columns.length === 0) return [];
  const names = columnsOf(table).map(({ path }) => path);
  if (names.some((name) => name.toLowerCase() === word.toLowerCase())) return [];
  const meant = slipsOf(word, names);
  if (table.described && meant.length === 0) return [];
  const fix = meant[0] === undefined ? {} : { fix: inPlaceOf(place, meant[0], tree) };
  const message = `Table "${table.name}" describes no column "${word}".${didYouMean(meant)}`;
  return [{ span: place.span, message, ...(table.described ? { severity: 'warning' as const } : {}), ...fix }];
}

/** What stands in quotes is replaced in quotes. */
const inPlaceOf = (node: Node, text: string, tree: Tree): Fix => {
  const [quote = ''] = /^["']/.exec(spelling(tree, node)) ?? [];
  return { ...replacement(node.span, `${quote}${text}${quote}`), title: `Change to "${text}"` };
};
