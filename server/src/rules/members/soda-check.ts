import { type Contract, columnsOf } from '../../contract/model';
import { engineName } from '../../contract/rule-engine';
import { checkOf, SODA, type SodaProblem, valueKeys } from '../../contract/soda/check';
import type { Fix } from '../../text/edit';
import { didYouMean, meantBy, slipsOf } from '../../text/nearest';
import { type Entry, entryOf, get, itemsOf, type MapNode, type Node, spelling, stringOf } from '../../text/tree';
import { type Placed, replacement, rulesIn, startOf } from '../place';
import type { Finding, Rule } from '../rule';

export const sodaCheck: Rule = {
  code: 'contract/soda-check',
  severity: 'error',
  documentation:
    'A check of Soda has an unknown name, key or format, lacks a threshold, contradicts itself, or names a column that the contract does not have.',
  check: (contract) => [
    ...(contract.dialect === SODA ? inContract(contract) : []),
    ...rulesIn(contract).flatMap((placed) => inCheck(placed, contract)),
  ],
};

type Tree = Contract['tree'];

const contractKeys = [
  ...['dataset', 'description', 'filter', 'filter_sql', 'variables', 'soda_runner', 'soda_agent', 'columns', 'checks'],
  ...['data_source', 'data_source_file', 'database', 'schema', 'owner', 'attributes', 'extra_columns'],
];
const columnKeys = [
  ...['name', 'description', 'data_type', 'character_maximum_length', 'optional', 'checks', 'attributes'],
  ...['numeric_precision', 'numeric_scale', 'datetime_precision', 'column_expression', ...valueKeys],
];

/** Only what is nearly a key is told: Soda's next version may have others. */
function inContract({ tree, tables }: Contract): readonly Finding[] {
  const { root } = tree;
  if (root?.kind !== 'map' || stringOf(get(root, 'dataset')) === undefined) return [];
  return [
    ...inMap(root, contractKeys, tree),
    ...tables.flatMap(({ columns }) => columns.flatMap(({ node }) => inMap(node, columnKeys, tree))),
  ];
}

const inMap = ({ entries }: MapNode, known: readonly string[], tree: Tree): readonly Finding[] =>
  entries.flatMap(({ key }): readonly Finding[] => {
    const name = String(key.value);
    const meant = known.includes(name) ? [] : meantBy(name, known);
    if (meant[0] === undefined) return [];
    const message = `Soda knows no "${name}" here.${didYouMean(meant)}`;
    return [{ span: key.span, message, severity: 'warning', fix: inPlaceOf(key, meant[0], tree) }];
  });

function inCheck({ rule, table, column }: Placed, contract: Contract): readonly Finding[] {
  if (rule.type !== 'custom' || engineName(rule.engine ?? '') !== SODA) return [];
  const { tree } = contract;
  const implementation = get(rule.node, 'implementation');
  const node: Node = implementation ?? rule.node;
  const check = checkOf(rule.implementation);
  if ('problem' in check) return check.isSkipped ? [] : [findingOf(check, node, tree)];
  // A file of checks describes no columns, so none can be missing.
  const isListed = table.columns.length > 0 && get(table.node, 'columns') !== undefined;
  const known = columnsOf(table).map(({ path }) => path);
  const unknown = check.columns.filter((name) => !known.some((path) => path.toLowerCase() === name.toLowerCase()));
  if (!isListed || column || contract.dialect !== SODA) return [];
  return unknown.map((name) => {
    const meant = slipsOf(name, known);
    const place = scalarsIn(node).find((scalar) => scalar.value === name);
    const message = `"${name}" is no column of "${table.name}".${didYouMean(meant)}`;
    const fix = place && meant[0] !== undefined ? { fix: inPlaceOf(place, meant[0], tree) } : {};
    return { span: place?.span ?? startOfCheck(node), message, ...fix };
  });
}

function findingOf({ problem, key, meant }: SodaProblem, node: Node, tree: Tree): Finding {
  const entry = key === undefined ? undefined : entryBelow(node, key);
  // What is wrong is the value of a type, a level or a format, and the key itself of anything else.
  const isValue =
    entry !== undefined && /^(type|level|unit|function|.*_format|.* format)$/.test(String(entry.key.value));
  const place = entry && (isValue ? entry.value : entry.key);
  const span = place?.kind === 'scalar' ? place.span : startOfCheck(node);
  const fix = place?.kind === 'scalar' && meant !== undefined ? { fix: inPlaceOf(place, meant, tree) } : {};
  return { span, message: problem, ...fix };
}

/** A key of the check, of its settings, or of what stands in those. */
function entryBelow(node: Node, key: string): Entry | undefined {
  if (node.kind !== 'map') return undefined;
  return (
    entryOf(node, key) ?? node.entries.map(({ value }) => entryBelow(value, key)).find((entry) => entry !== undefined)
  );
}

const scalarsIn = (node: Node): readonly Extract<Node, { kind: 'scalar' }>[] =>
  node.kind === 'scalar'
    ? [node]
    : node.kind === 'list'
      ? itemsOf(node).flatMap(scalarsIn)
      : node.entries.flatMap(({ value }) => scalarsIn(value));

/** A line of SodaCL without settings is a bare text. */
const startOfCheck = (node: Node) => (node.kind === 'map' && node.entries.length > 0 ? startOf(node) : node.span);

/** What stands in quotes is replaced in quotes. */
const inPlaceOf = (node: Node, text: string, tree: Tree): Fix => ({
  ...replacement(node.span, spelling(tree, node).startsWith('"') ? `"${text}"` : text),
  title: `Change to "${text}"`,
});
