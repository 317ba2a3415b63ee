import type { Node } from '../../text/tree';
import type { Loss, Writer, Written } from '../dialect';
import { dataContractSpecification as dialect } from '../dialects/data-contract-specification';
import { levels } from '../dialects/data-contract-specification/levels';
import { typeFor } from '../dialects/data-contract-specification/types';
import {
  type Column,
  type Contract,
  primaryKeyOf,
  type Relationship,
  type Rule,
  type SlaProperty,
  type Table,
} from '../model';
import { dropEmpty, inOrder, unsaidRule, unsaidSections, yamlText } from '../writing';

export const dataContractSpecification: Writer = { dialect, write };

type Map = Readonly<Record<string, unknown>>;

const TITLE = 'Data Contract Specification';

/** The contract as YAML of 1.2.1. */
function write(contract: Contract): Written {
  const draft = new Draft(contract);
  const text = yamlText(draft.root());
  const losses = [...draft.losses, ...unsaidSections(contract, TITLE, ['domain', 'dataProduct', 'tenant'])];
  return { text, suffix: '.datacontract.yaml', losses: inOrder(losses) };
}

/** Options of ODCS that a field has no key for. */
const unsaidOptions = [
  'multipleOf',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
  'timezone',
  'defaultTimezone',
];

class Draft {
  readonly losses: Loss[] = [];

  constructor(readonly contract: Contract) {}

  root(): Map {
    const { contract } = this;
    const { about = {} } = contract;
    return dropEmpty({
      dataContractSpecification: '1.2.1',
      id: contract.id ?? contract.name ?? 'contract',
      info: dropEmpty({
        title: contract.name ?? contract.id ?? contract.tables[0]?.name ?? 'contract',
        version: contract.version ?? '1.0.0',
        status: contract.status,
        description: about.description,
        owner: about.owner,
      }),
      servers: Object.fromEntries(
        contract.servers.map(({ name, type, properties }) => [name, serverOf(type, properties)]),
      ),
      terms: dropEmpty({ usage: about.usage, limitations: about.limitations }),
      models: Object.fromEntries(contract.tables.map((table) => [table.name, this.#model(table)])),
      servicelevels: Object.assign({}, ...contract.sla.map((property) => this.#level(property))),
      tags: about.tags,
    });
  }

  #lose(node: Node, message: string): void {
    this.losses.push({ node, message });
  }

  #model(table: Table): Map {
    const { about = {}, relationships, physicalName, name, nameNode } = table;
    const key = primaryKeyOf(table);
    for (const { node } of relationships)
      this.#lose(
        node,
        `A relationship of "${name}" is left out: a field refers to one other field, and this names tables.`,
      );
    if (physicalName !== name)
      this.#lose(nameNode, `The physical name "${physicalName}" is left out: a model has one name.`);
    return dropEmpty({
      title: about.businessName,
      description: about.description,
      type: 'table',
      tags: about.tags,
      primaryKey: key.length > 1 ? key.map((column) => column.name) : [],
      fields: this.#fields(table.columns, key.length > 1),
      quality: table.rules.flatMap((rule) => this.#rule(rule, `table "${name}"`)),
    });
  }

  #fields(columns: readonly Column[], keyIsApart: boolean): Map {
    return Object.fromEntries(columns.map((column) => [column.name, this.#field(column, keyIsApart)]));
  }

  #field(column: Column, keyIsApart: boolean): Map {
    const { about = {}, path, options, optionNodes, relationships, node } = column;
    const type = this.#type(column);
    const kept = Object.entries(options).filter(([option]) => !unsaidOptions.includes(option));
    for (const option of unsaidOptions.filter((name) => options[name] !== undefined))
      this.#lose(optionNodes[option] ?? node, `"${option}" of column "${path}" is left out: a field has no such key.`);
    if (column.physicalType !== undefined && digitsOf(column).precision === undefined)
      this.#lose(
        node,
        `The physical type "${column.physicalType}" of column "${path}" is left out: a field has a logical type.`,
      );
    if (about.custom && Object.keys(about.custom).length > 0) this.#unsaidConfig(column);
    return dropEmpty({
      type,
      ...digitsOf(column),
      title: about.businessName,
      description: about.description,
      required: column.required || undefined,
      unique: column.unique || undefined,
      primaryKey: (column.primaryKey && !keyIsApart) || undefined,
      references: this.#reference(relationships, path),
      enum: column.values,
      ...Object.fromEntries(kept),
      examples: about.examples,
      classification: about.classification,
      tags: about.tags,
      config: about.custom,
      fields: column.columns.length > 0 ? this.#fields(column.columns, keyIsApart) : undefined,
      items: column.items && this.#field(column.items, keyIsApart),
      quality: column.rules.flatMap((rule) => this.#rule(rule, `column "${path}"`)),
    });
  }

  #type({ logicalType, columns, items, path, node }: Column): string | undefined {
    const type = logicalType ?? (columns.length > 0 ? 'object' : items ? 'array' : undefined);
    const word = type === undefined ? undefined : typeFor(type);
    if (type !== undefined && word === undefined)
      this.#lose(node, `The type "${type}" of column "${path}" is left out: the specification has no word for it.`);
    return word;
  }

  /** Custom properties go under `config`, which is a map of words. */
  #unsaidConfig({ path, about, node }: Column): void {
    const odd = Object.entries(about?.custom ?? {}).filter(([, value]) => typeof value === 'object' && value !== null);
    for (const [name] of odd)
      this.#lose(
        node,
        `The custom property "${name}" of column "${path}" goes under config, where other tools look for words.`,
      );
  }

  /** A field refers to one other: the first is kept. */
  #reference(relationships: readonly Relationship[], path: string): string | undefined {
    const [first, ...others] = relationships;
    for (const { node } of others)
      this.#lose(node, `A second relationship of "${path}" is left out: a field refers to one other.`);
    const [to, ...more] = first?.to ?? [];
    if (first && more.length > 0)
      this.#lose(first.node, `The relationship of "${path}" is cut to its first column: a field refers to one other.`);
    return to?.text;
  }

  #rule(rule: Rule, what: string): readonly Map[] {
    const { id, name, type, metric, query, engine, implementation, unit, description, dimension, severity, filter } =
      rule;
    if (filter !== undefined)
      this.losses.push(
        unsaidRule(rule, what, 'the specification has no condition of rows, and without it the rule says more.'),
      );
    if (filter !== undefined) return [];
    if (id !== undefined && name !== undefined)
      this.#lose(rule.node, `The id "${id}" of a rule is left out: the specification gives a rule one name.`);
    const operators = Object.fromEntries(rule.operators.map(({ keyword, value }) => [keyword, value]));
    return [
      dropEmpty({
        type,
        name: name ?? id,
        description,
        metric,
        arguments: rule.arguments,
        query,
        engine,
        implementation,
        unit,
        ...operators,
        dimension,
        severity,
      }),
    ];
  }

  #level({ property, value, unit, elements, node }: SlaProperty): Map {
    const form = Object.hasOwn(levels, property) ? levels[property] : undefined;
    const [element, ...others] = elements;
    const said = typeof value === 'number' && unit !== undefined ? `${value}${unit}` : value;
    const lost = [...(element && form?.column === undefined ? [element] : []), ...others];
    for (const { text, node: place } of lost)
      this.#lose(place, `That "${property}" is of ${text} is left out: the specification has no place for it.`);
    if (!form)
      this.#lose(
        node,
        `The service level "${property}" is kept as a description: the specification has no such level.`,
      );
    return {
      [property]: dropEmpty({
        [form?.value ?? 'description']: said,
        ...(form?.column && element ? { [form.column]: element.text } : {}),
      }),
    };
  }
}

function serverOf(type: string, { server: _, ...properties }: Map): Map {
  return dropEmpty({ ...properties, type });
}

/** `decimal(10, 2)` as the specification spells it; other physical types have no place. */
function digitsOf({ physicalType, logicalType }: Column): Map {
  const [, precision, scale] =
    /^(?:decimal|numeric|number)\s*\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)$/i.exec(physicalType ?? '') ?? [];
  return precision === undefined || logicalType !== 'number'
    ? {}
    : { precision: Number(precision), scale: scale === undefined ? undefined : Number(scale) };
}
