import { get, type Node, type ScalarNode, type Tree } from '../../../text/tree';
import { levels } from './levels';

/** What tells of an organisation, of how data are made, or of service levels that ODCS has no value for. */
export const beyond = ({ root }: Tree): readonly ScalarNode[] => [
  ...keysIn(root, ['links']),
  ...keysIn(get(root, 'info'), ['contact', 'links']),
  ...keysBut(get(root, 'terms'), ['usage', 'limitations']),
  ...below(get(root, 'servicelevels'), (level, name) => keysBut(level, levels[name]?.keys ?? firstOf(level))),
  ...below(get(root, 'models'), (model) => [
    ...keysIn(model, ['config', 'namespace', 'additionalFields', 'examples', 'links']),
    ...inFields(get(model, 'fields')),
  ]),
];

const inFields = (fields: Node | undefined): readonly ScalarNode[] =>
  below(fields, (field) => [
    ...keysIn(field, ['keys', 'values', 'links', 'lineage']),
    ...inFields(get(field, 'fields')),
    ...inFields(get(get(field, 'items'), 'fields')),
  ]);

/** Values of a map by names that an author gave, which are no keys of the specification. */
const below = (
  node: Node | undefined,
  look: (value: Node, name: string) => readonly ScalarNode[],
): readonly ScalarNode[] =>
  node?.kind === 'map' ? node.entries.flatMap(({ key, value }) => look(value, String(key.value))) : [];

const keysWhere = (node: Node | undefined, isWanted: (key: string) => boolean): readonly ScalarNode[] =>
  node?.kind === 'map' ? node.entries.map(({ key }) => key).filter(({ value }) => isWanted(String(value))) : [];

const keysIn = (node: Node | undefined, keys: readonly string[]): readonly ScalarNode[] =>
  keysWhere(node, (key) => keys.includes(key));

const keysBut = (node: Node | undefined, kept: readonly string[]): readonly ScalarNode[] =>
  keysWhere(node, (key) => !kept.includes(key));

/** A level that ODCS does not know keeps what it says first. */
const firstOf = (level: Node): readonly string[] =>
  level.kind === 'map' && level.entries[0] ? [String(level.entries[0].key.value)] : [];
