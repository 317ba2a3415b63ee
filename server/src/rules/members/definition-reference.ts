import {
  definitionAt,
  definitionNamed,
  namedIn,
  referringIn,
} from '../../contract/dialects/data-contract-specification/definitions';
import { DATA_CONTRACT_SPECIFICATION } from '../../contract/dialects/data-contract-specification/read';
import type { Contract } from '../../contract/model';
import { didYouMean, meantBy } from '../../text/nearest';
import { get, type MapNode, type Node } from '../../text/tree';
import { lastWithin, replacement, startOf } from '../place';
import type { Finding, Rule } from '../rule';

export const definitionReference: Rule = {
  code: 'contract/definition-reference',
  severity: 'error',
  documentation:
    'A `$ref` of a Data Contract Specification names a definition that the contract does not have, or definitions refer to each other in a circle, so the field gets nothing from it.',
  check: ({ dialect, tree }) => (dialect === DATA_CONTRACT_SPECIFICATION ? findingsIn(tree) : []),
};

type Tree = Contract['tree'];

function findingsIn(tree: Tree): readonly Finding[] {
  const definitions = get(tree.root, 'definitions');
  const inModels = namedIn(get(tree.root, 'models')).flatMap(referringIn);
  const inDefinitions = namedIn(definitions).flatMap(referringIn);
  return [
    ...[...inModels, ...inDefinitions].flatMap((node) => unknown(node, definitions, tree)),
    // No definition refers to a model, so only what stands in definitions can come back to itself.
    ...inDefinitions.flatMap((node) => circular(node, definitions)),
  ];
}

function unknown(node: MapNode, definitions: Node | undefined, tree: Tree): readonly Finding[] {
  const place = get(node, '$ref');
  const name = definitionNamed(node) ?? '';
  if (place?.kind !== 'scalar' || definitionAt(definitions, name)) return [];
  const known = definitions?.kind === 'map' ? definitions.entries.map(({ key }) => String(key.value)) : [];
  const meant = meantBy(name, known);
  const span = lastWithin(tree, place, name);
  const message = `This contract has no definition "${name}".${didYouMean(meant)}`;
  return [{ span, message, ...(meant[0] === undefined ? {} : { fix: replacement(span, meant[0]) }) }];
}

function circular(node: MapNode, definitions: Node | undefined): readonly Finding[] {
  const trail = trailBack(node, node, definitions, new Set());
  if (!trail) return [];
  const [first = ''] = trail;
  const way =
    trail.length === 1 ? `"${first}" refers to itself` : [...trail, first].map((name) => `"${name}"`).join(' → ');
  return [{ span: get(node, '$ref')?.span ?? startOf(node), message: `This reference goes in a circle: ${way}.` }];
}

/** The names that lead from a reference back to the one that was begun with; undefined where none does. */
function trailBack(
  start: MapNode,
  from: MapNode,
  definitions: Node | undefined,
  seen: Set<Node>,
): readonly string[] | undefined {
  const name = definitionNamed(from) ?? '';
  const target = definitionAt(definitions, name);
  if (!target || seen.has(target)) return undefined;
  seen.add(target);
  for (const next of referringIn(target)) {
    const rest = next === start ? [] : trailBack(start, next, definitions, seen);
    if (rest) return [name, ...rest];
  }
  return undefined;
}
