import {
  complaintsOf,
  expectationOf,
  expectationTypes,
  isGreatExpectations,
  signatureOf,
} from '../../contract/expectations';
import type { Contract } from '../../contract/model';
import type { Fix } from '../../text/edit';
import { didYouMean, meantBy, slipsOf } from '../../text/nearest';
import { entryOf, get, type MapNode, type Node, spelling } from '../../text/tree';
import { type Placed, replacement, rulesIn, startOf } from '../place';
import type { Finding, Rule } from '../rule';

export const expectation: Rule = {
  code: 'contract/expectation',
  severity: 'error',
  documentation:
    'An expectation of Great Expectations has an unknown type or argument, lacks one that it needs, or has bounds that no value meets. A type that is no core expectation may be a plug-in’s and is a warning: Plumbline skips it.',
  check: (contract) => [
    ...unknownKeys(contract),
    ...rulesIn(contract).flatMap((placed) => findingsOf(placed, contract)),
  ],
};

/** Keys of a suite, of 0.18 and 1.x. */
const suiteKeys = [
  ...['name', 'expectation_suite_name', 'expectations', 'meta', 'id', 'ge_cloud_id', 'notes', 'data_asset_type'],
  ...['suite_parameters', 'evaluation_parameters'],
];
/** Keys of one expectation in it. */
const entryKeys = [
  ...['type', 'expectation_type', 'kwargs', 'meta', 'id', 'ge_cloud_id', 'severity', 'description', 'notes'],
  ...['rendered_content', 'expectation_context', 'success_on_last_run'],
];

function unknownKeys({ dialect, tables: [suite], tree }: Contract): readonly Finding[] {
  if (dialect !== 'great-expectations' || !suite) return [];
  return [
    ...unknownIn(suite.node, suiteKeys, tree),
    ...suite.rules.flatMap(({ node }) => unknownIn(node, entryKeys, tree)),
  ];
}

/** Only what is nearly a key is told: GX leaves others alone. */
const unknownIn = ({ entries }: MapNode, known: readonly string[], tree: Contract['tree']): readonly Finding[] =>
  entries.flatMap(({ key }): readonly Finding[] => {
    const name = String(key.value);
    const meant = known.includes(name) ? [] : meantBy(name, known);
    if (meant[0] === undefined) return [];
    const message = `Great Expectations knows no "${name}" here.${didYouMean(meant)}`;
    return [{ span: key.span, message, severity: 'warning', fix: inPlaceOf(key, meant[0], tree) }];
  });

function findingsOf({ rule, column }: Placed, { tree }: Contract): readonly Finding[] {
  if (rule.type !== 'custom' || !isGreatExpectations(rule.engine)) return [];
  const node = expectationNode(rule.node);
  const read = expectationOf(rule.implementation, column?.path);
  if (typeof read === 'string') return [{ span: startOf(rule.node), message: read }];
  const typeNode = get(node, 'type') ?? get(node, 'expectation_type');
  const isWritten = node !== rule.node || get(rule.node, 'implementation') === undefined;
  const span = isWritten && typeNode ? typeNode.span : startOf(rule.node);
  const signature = signatureOf(read.type);
  if (!signature) {
    const meant = slipsOf(read.type, expectationTypes);
    const message = `"${read.type}" is no core expectation of Great Expectations, so it is skipped.${didYouMean(meant)}`;
    const fix = isWritten && typeNode && meant[0] !== undefined ? inPlaceOf(typeNode, meant[0], tree) : undefined;
    return [{ span, message, severity: 'warning', ...(fix ? { fix } : {}) }];
  }
  return complaintsOf(read, signature).map(({ argument, message, meant }) => {
    const entry = argument === undefined ? undefined : entryOf(get(node, 'kwargs'), argument);
    const place = meant === undefined ? entry?.value : entry?.key;
    const fix = entry && meant !== undefined ? inPlaceOf(entry.key, meant, tree) : undefined;
    return { span: place?.span ?? span, message, ...(fix ? { fix } : {}) };
  });
}

/** A suite's entry is the expectation; a rule of a contract holds it, unless as one text. */
function expectationNode(node: MapNode): MapNode {
  const inner = get(node, 'implementation');
  return inner?.kind === 'map' ? inner : node;
}

/** What stands in quotes is replaced in quotes. */
const inPlaceOf = (node: Node, text: string, tree: Contract['tree']): Fix => ({
  ...replacement(node.span, spelling(tree, node).startsWith('"') ? `"${text}"` : text),
  title: `Change to "${text}"`,
});
