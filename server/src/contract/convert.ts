import { get, type MapNode } from '../text/tree';
import type { Dialect, Loss, Written } from './dialect';
import { members as dialects } from './dialects';
import { type Column, type Contract, plainColumn, type Relationship, type Rule, type Table } from './model';
import { columnCalled } from './references';
import { engineName, type Meaning, type Terms } from './rule-engine';
import { members as engines } from './rule-engines';
import { members as writers } from './writers';
import { inOrder } from './writing';

/** The contract in another format, and all that is lost on the way, in the order of its places. */
export function convert(contract: Contract, dialect: Dialect): Written {
  const writer = writers.find((one) => one.dialect === dialect);
  if (!writer) throw new Error(`"${dialect.id}" is only read.`);
  const { contract: inTerms, losses } = inOdcsTerms(contract);
  const written = writer.write(inTerms);
  return { ...written, losses: inOrder([...losses, ...beyondModel(contract, dialect), ...written.losses]) };
}

/** Formats that can be written. */
export const writable: readonly Dialect[] = writers.map(({ dialect }) => dialect);

/** What the model has no place for, so that no writer sees it. */
const beyondModel = ({ tree, dialect }: Contract, { title }: Dialect): readonly Loss[] =>
  (dialects.find(({ id }) => id === dialect)?.beyond?.(tree) ?? []).map((node) => ({
    message: `"${node.value}" is left out: it has no place in ${/^[aeio]/i.test(title) ? 'an' : 'a'} ${title}.`,
    node,
  }));

/**
 * The contract with rules of other tools said in ODCS's own terms, where those can say the same: as facts of columns, as
 * metrics, as queries, as relationships. A column that only rules name becomes one of the table. What has no such words
 * stays a rule of its tool; one that is broken is a loss.
 */
export function inOdcsTerms(contract: Contract): { readonly contract: Contract; readonly losses: readonly Loss[] } {
  const losses: Loss[] = [];
  const tables = contract.tables.map((table) => new Translated(table, losses).table());
  return { contract: { ...contract, tables }, losses };
}

/** What rules add to a column. */
interface Additions {
  facts: Partial<Column>;
  readonly rules: Rule[];
  readonly relationships: Relationship[];
  readonly node: MapNode;
}

class Translated {
  readonly #added = new Map<string, Additions>();
  readonly #rules: Rule[] = [];
  readonly #relationships: Relationship[] = [];

  constructor(
    readonly source: Table,
    readonly losses: Loss[],
  ) {}

  table(): Table {
    const { source } = this;
    for (const rule of source.rules) this.#take(rule, undefined);
    const columns = source.columns.map((column) => this.#column(column));
    const known = new Set([...this.#added.keys()].filter((path) => columnCalled(source, path)));
    const named = [...this.#added].filter(([path]) => !known.has(path)).map(([path, more]) => columnOf(path, more));
    return {
      ...source,
      columns: [...columns, ...named],
      rules: this.#rules,
      relationships: [...source.relationships, ...this.#relationships],
    };
  }

  #column(column: Column): Column {
    for (const rule of column.rules) this.#take(rule, column);
    const more = this.#added.get(column.path);
    return {
      ...column,
      ...more?.facts,
      options: { ...column.options, ...more?.facts.options },
      rules: more?.rules ?? [],
      relationships: [...column.relationships, ...(more?.relationships ?? [])],
      columns: column.columns.map((inner) => this.#column(inner)),
      items: column.items && this.#column(column.items),
    };
  }

  #take(rule: Rule, column: Column | undefined): void {
    const meaning = rule.type === 'custom' ? meaningOf(rule, this.source, column) : undefined;
    if (meaning && 'complaint' in meaning)
      this.losses.push({
        message: `A rule that cannot be read is kept as it is: ${meaning.complaint}`,
        node: rule.node,
      });
    const terms = meaning && !('complaint' in meaning) && !('skipped' in meaning) ? meaning : undefined;
    if (!terms || !this.#merge(terms, rule, terms.column ?? column?.path)) this.#keep(rule, column);
  }

  #keep(rule: Rule, column: Column | undefined): void {
    if (column) this.#additions(column.path, rule).rules.push(rule);
    else this.#rules.push(rule);
  }

  /** False when what the rule says contradicts what the schema says already: both then have to stand. */
  #merge({ facts, rule, relationship, primaryKey = [] }: Terms, from: Rule, path: string | undefined): boolean {
    if (path === undefined) {
      for (const [index, name] of primaryKey.entries()) {
        const more = this.#additions(name, from);
        more.facts = { ...more.facts, primaryKey: true, primaryKeyPosition: index + 1 };
      }
      if (rule) this.#rules.push(rule);
      for (const name of namesIn(rule?.arguments.properties)) this.#additions(name, from);
      if (relationship) this.#relationships.push(relationship);
      return rule !== undefined || relationship !== undefined || primaryKey.length > 0;
    }
    const more = this.#additions(path, from);
    const column = columnCalled(this.source, path);
    if (facts && !agree(facts, { ...column, ...more.facts, options: { ...column?.options, ...more.facts.options } }))
      return false;
    more.facts = { ...more.facts, ...facts, options: { ...more.facts.options, ...facts?.options } };
    if (rule) more.rules.push(rule);
    if (relationship) more.relationships.push(relationship);
    return true;
  }

  #additions(path: string, { node }: Rule): Additions {
    // `tags.name` and `tags[].name` are one column.
    const at = columnCalled(this.source, path)?.path ?? path;
    const known = this.#added.get(at) ?? { facts: {}, rules: [], relationships: [], node };
    this.#added.set(at, known);
    return known;
  }
}

/** Columns that a rule of the table names have to be columns of it. */
const namesIn = (properties: unknown): readonly string[] =>
  Array.isArray(properties) ? properties.filter((name) => typeof name === 'string') : [];

function meaningOf(rule: Rule, table: Table, column: Column | undefined): Meaning | undefined {
  const name = engineName(rule.engine?.trim() ?? '');
  return engines.find(({ names }) => names.includes(name))?.meaningOf(rule, table, column);
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Whether the facts say nothing that is said otherwise already. */
function agree(facts: NonNullable<Terms['facts']>, column: Partial<Column>): boolean {
  const { options = {}, values, logicalType, physicalType } = facts;
  const isSaid = (said: unknown, now: unknown) => said !== undefined && now !== undefined && !same(said, now);
  if (isSaid(column.values, values) || isSaid(column.logicalType, logicalType)) return false;
  if (isSaid(column.physicalType, physicalType)) return false;
  return Object.entries(options).every(([option, value]) => !isSaid(column.options?.[option], value));
}

const columnOf = (path: string, { facts, rules, relationships, node }: Additions): Column => ({
  ...plainColumn(path, node, get(get(node, 'kwargs'), 'column') ?? node),
  ...facts,
  options: facts.options ?? {},
  rules,
  relationships,
});
