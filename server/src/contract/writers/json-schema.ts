import type { Node } from '../../text/tree';
import type { Loss, Writer, Written } from '../dialect';
import { jsonSchema as dialect } from '../dialects/json-schema';
import { askedBy, formats, isPresence, JSON_SCHEMA, type Schema } from '../json-schema';
import { type Column, type Contract, primaryKeyOf, type Rule, type Table } from '../model';
import { dropEmpty, inOrder, jsonText, onlyTable, unsaidProse, unsaidRule } from '../writing';

export const jsonSchema: Writer = { dialect, write };

const TITLE = 'JSON Schema of records';
const WHY = 'JSON Schema has no keyword for it.';

/** The contract's first table as a schema of 2020-12. */
function write(contract: Contract): Written {
  const { table, losses: left } = onlyTable(contract, TITLE);
  const losses: Loss[] = [...left];
  const schema = table ? new Draft(table, losses).root() : { type: 'object', properties: {} };
  const root = { $schema: 'https://json-schema.org/draft/2020-12/schema', ...schema };
  return { text: jsonText(root), suffix: '.record.schema.json', losses: inOrder(losses) };
}

const types: Readonly<Record<string, Schema>> = {
  string: { type: 'string' },
  integer: { type: 'integer' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  date: { type: 'string', format: 'date' },
  timestamp: { type: 'string', format: 'date-time' },
  time: { type: 'string', format: 'time' },
  object: { type: 'object' },
  map: { type: 'object' },
  array: { type: 'array' },
  vector: { type: 'array' },
};

const ofTexts = ['minLength', 'maxLength', 'pattern'];
const ofNumbers = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'];
const optionsFor: Readonly<Record<string, readonly string[]>> = {
  string: ofTexts,
  integer: ofNumbers,
  number: ofNumbers,
  array: ['minItems', 'maxItems', 'uniqueItems'],
  vector: ['minItems', 'maxItems', 'uniqueItems'],
};

class Draft {
  constructor(
    readonly table: Table,
    readonly losses: Loss[],
  ) {}

  root(): Schema {
    const { table } = this;
    const { about = {}, name, nameNode } = table;
    const { custom = {}, ...prose } = about;
    const { undocumentedColumns, ...more } = custom;
    for (const { node } of table.relationships) this.#lose(node, `A relationship of "${name}" is left out: ${WHY}`);
    const key = primaryKeyOf(table);
    for (const { path, nameNode: at } of key)
      this.#lose(at, `That "${path}" is of the primary key is left out: JSON Schema looks at one record at a time.`);
    this.losses.push(
      ...unsaidProse({ ...prose, custom: more }, `table "${name}"`, nameNode, ['description', 'businessName']),
    );
    const parts = table.rules.map((rule) => this.#kept(rule) ?? this.#lost(rule, `table "${name}"`));
    const properties = Object.fromEntries(table.columns.map((column) => [column.name, this.#property(column)]));
    const required = [
      ...table.columns.filter(isRequired).map((column) => column.name),
      ...parts.flatMap(({ required: names }) => (Array.isArray(names) ? names : [])),
    ];
    return {
      title: about.businessName ?? name,
      ...dropEmpty({ description: about.description }),
      type: 'object',
      properties,
      ...(undocumentedColumns === undefined ? {} : { additionalProperties: false }),
      ...Object.assign({}, ...parts),
      ...dropEmpty({ required }),
    };
  }

  #lose(node: Node, message: string): void {
    this.losses.push({ node, message });
  }

  #lost(rule: Rule, what: string): Schema {
    this.losses.push(unsaidRule(rule, what, WHY));
    return {};
  }

  /** A rule of this engine is keywords already. */
  #kept(rule: Rule): Schema | undefined {
    const asked = askedBy(rule);
    if (!asked || rule.engine !== JSON_SCHEMA) return undefined;
    const { $schema, properties, ...keywords } = asked.schema;
    return asked.ofRows || properties === undefined ? keywords : { ...keywords, properties };
  }

  #property(column: Column): Schema {
    const { about = {}, path, name, node, nameNode, logicalType, physicalName, physicalType } = column;
    if (physicalType !== undefined)
      this.#lose(node, `The physical type "${physicalType}" of column "${path}" is left out: ${WHY}`);
    if (physicalName !== name)
      this.#lose(nameNode, `The physical name "${physicalName}" of "${path}" is left out: a property has one name.`);
    if (column.unique)
      this.#lose(node, `That "${path}" is unique is left out: JSON Schema looks at one record at a time.`);
    for (const { node: at } of column.relationships) this.#lose(at, `A relationship of "${path}" is left out: ${WHY}`);
    for (const inner of [...column.columns, ...(column.items ? [column.items] : [])]) this.#below(inner);
    this.losses.push(...unsaidProse(about, `column "${path}"`, nameNode, ['description', 'businessName', 'examples']));
    const rules = column.rules.map((rule) => this.#kept(rule) ?? this.#rule(rule, column));
    return {
      ...types[logicalType ?? ''],
      ...dropEmpty({
        title: about.businessName,
        description: about.description,
        examples: about.examples,
        enum: column.values,
      }),
      ...this.#options(column),
      ...Object.assign({}, ...rules),
    };
  }

  #below({ path, nameNode, columns, items }: Column): void {
    this.#lose(nameNode, `Column "${path}" is left out: Plumbline writes no properties within others yet.`);
    for (const inner of [...columns, ...(items ? [items] : [])]) this.#below(inner);
  }

  #options({ options, optionNodes, logicalType = '', path, node }: Column): Schema {
    const kept: Record<string, unknown> = {};
    for (const [option, value] of Object.entries(options)) {
      const isFormat = option === 'format' && logicalType === 'string' && formats.includes(String(value));
      if (isFormat || optionsFor[logicalType]?.includes(option)) kept[option] = value;
      else this.#lose(optionNodes[option] ?? node, `"${option}" of column "${path}" is left out: ${WHY}`);
    }
    return kept;
  }

  #rule(rule: Rule, column: Column): Schema {
    const { operators, metric, arguments: given, filter, severity } = rule;
    const isNone = operators.length === 1 && operators[0]?.keyword === 'mustBe' && operators[0].value === 0 && !filter;
    const isGrave = severity === undefined || severity === 'error';
    const { validValues, ...others } = given;
    const isFree = column.values === undefined && Object.keys(others).length === 0;
    if (isNone && isGrave && metric === 'invalidValues' && Array.isArray(validValues) && isFree)
      return { enum: validValues };
    if (isNoNull(rule)) return {};
    return this.#lost(rule, `column "${column.path}"`);
  }
}

/** A rule that says what `required` does. */
const isNoNull = ({ metric, operators: [first, ...others], filter, severity, arguments: given }: Rule): boolean =>
  metric === 'nullValues' &&
  first?.keyword === 'mustBe' &&
  first.value === 0 &&
  others.length === 0 &&
  filter === undefined &&
  Object.keys(given).length === 0 &&
  (severity === undefined || severity === 'error');

const isRequired = ({ required, primaryKey, rules }: Column): boolean =>
  required || primaryKey || rules.some((rule) => isNoNull(rule) || isAsked(rule));

function isAsked(rule: Rule): boolean {
  const asked = askedBy(rule);
  return asked !== undefined && isPresence(asked);
}
