import { stringify } from 'yaml';
import { get, type Node } from '../text/tree';
import type { Loss } from './dialect';
import type { ColumnAbout, Contract, Rule, Table } from './model';

/** YAML as people write it: block style, no folded lines, no anchors, texts quoted only where they must be. */
export const yamlText = (value: unknown): string =>
  stringify(value, { aliasDuplicateObjects: false, lineWidth: 0, version: '1.2' });

/** JSON with two spaces, whole numbers of any length as their digits. */
export function jsonText(value: unknown): string {
  const marked = JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? `${DIGITS}${part}` : part), 2);
  return `${marked.replaceAll(new RegExp(`"${DIGITS}(-?\\d+)"`, 'g'), '$1')}\n`;
}

/** Of Unicode's private use, so that no contract means anything by it. */
const DIGITS = '\uE000';

/** Without the keys that say nothing: undefined, an empty list, an empty map. What lies deeper stays as it is. */
export function dropEmpty<T extends object>(map: T): Partial<T> {
  return Object.fromEntries(Object.entries(map).filter(([, value]) => !saysNothing(value))) as Partial<T>;
}

function saysNothing(value: unknown): boolean {
  if (value === undefined) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** Losses by their place, one message once a place. */
export function inOrder(losses: readonly Loss[]): readonly Loss[] {
  const seen = new Set<string>();
  return losses
    .toSorted((one, other) => one.node.span.start - other.node.span.start)
    .filter(({ message, node }) => {
      const key = `${node.span.start} ${message}`;
      return !seen.has(key) && seen.add(key);
    });
}

/** What to say of a rule that another format has no words for. */
export const unsaidRule = (rule: Rule, what: string, why: string): Loss => ({
  message: `The rule ${ruleWords(rule)} of ${what} is left out: ${why}`,
  node: rule.node,
});

/** `"id_unique"`, `nullValues`, `of the engine "soda"`. */
function ruleWords({ id, name, metric, type, engine }: Rule): string {
  const called = id ?? name;
  if (called !== undefined) return `"${called}"`;
  return metric ?? (engine === undefined ? `of type ${type}` : `of the engine "${engine}"`);
}

const proseWords: Readonly<Record<keyof ColumnAbout, string>> = {
  description: 'The description',
  businessName: 'The business name',
  tags: 'The list of tags',
  classification: 'The classification',
  examples: 'The list of examples',
  custom: 'The list of custom properties',
};

/**
 * What people are told of a table or column and the format does not say.
 *
 * @param what The part with its name: `column "id"`.
 * @param said What the format has a place for.
 */
export const unsaidProse = (
  about: ColumnAbout | undefined,
  what: string,
  node: Node,
  said: readonly (keyof ColumnAbout)[],
): readonly Loss[] =>
  (Object.keys(dropEmpty(about ?? {})) as (keyof ColumnAbout)[])
    .filter((key) => !said.includes(key))
    .map((key) => ({ message: `${proseWords[key]} of ${what} is left out: there is no place for it.`, node }));

/** Parts of a contract as a whole that formats of schemas and tests mostly have no place for. */
export type Section = 'servers' | 'sla' | 'usage' | 'limitations' | 'domain' | 'dataProduct' | 'tenant' | 'owner';

/**
 * The parts that a contract has and the format does not say.
 *
 * @param title What people call the format.
 * @param unsaid All of them when left out.
 */
export function unsaidSections(
  contract: Contract,
  title: string,
  unsaid: readonly Section[] = sections,
): readonly Loss[] {
  return unsaid.flatMap((section) =>
    nodesOf(contract, section).map((node) => ({
      message: `${sectionWords[section]} left out: a ${title} has no place for it.`,
      node,
    })),
  );
}

/** All of them: what a format of one table's columns has no place for. */
const sections: readonly Section[] = [
  'servers',
  'sla',
  'usage',
  'limitations',
  'domain',
  'dataProduct',
  'tenant',
  'owner',
];

/** The first table of a contract, for a format that is about one table and nothing else, and what is then left out. */
export function onlyTable(
  contract: Contract,
  title: string,
): { readonly table: Table | undefined; readonly losses: readonly Loss[] } {
  const [table, ...others] = contract.tables;
  const left = others.map(({ name, nameNode }) => ({
    message: `Table "${name}" is left out: a ${title} is about one table.`,
    node: nameNode,
  }));
  return { table, losses: [...left, ...unsaidSections(contract, title)] };
}

const sectionWords: Readonly<Record<Section, string>> = {
  servers: 'The server is',
  sla: 'The service level is',
  usage: 'What the data may be used for is',
  limitations: 'The limitations are',
  domain: 'The domain is',
  dataProduct: 'The data product is',
  tenant: 'The tenant is',
  owner: 'The owner is',
};

function nodesOf(contract: Contract, section: Section): readonly Node[] {
  if (section === 'servers') return contract.servers.map(({ node }) => node);
  if (section === 'sla') return contract.sla.map(({ node }) => node);
  const { root } = contract.tree;
  if (contract.about?.[section] === undefined || root === undefined) return [];
  const written = [
    get(root, section),
    get(get(root, 'description'), section),
    section === 'owner' && get(root, 'team'),
  ];
  return [written.find((node) => typeof node === 'object') ?? root];
}
