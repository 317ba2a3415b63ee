import type { Node, Scalar } from '../../text/tree';
import { quotedList } from '../../text/words';
import type { Loss, Writer, Written } from '../dialect';
import { odcs as dialect } from '../dialects/odcs';
import { serverKeys } from '../dialects/odcs/servers';
import type { About, Column, Contract, Relationship, Rule, Server, SlaProperty, Table } from '../model';
import { dropEmpty, inOrder, yamlText } from '../writing';

export const odcs: Writer = { dialect, write };

type Map = Readonly<Record<string, unknown>>;

/** The contract as YAML of 3.1.0, keys in the standard's order. What the model keeps is said; the rest are losses. */
function write(contract: Contract): Written {
  const losses: Loss[] = [];
  const lose = (node: Node, message: string) => void losses.push({ node, message });
  const text = yamlText(rootOf(contract, lose));
  return { text, suffix: '.odcs.yaml', losses: inOrder(losses) };
}

type Lose = (node: Node, message: string) => void;

function rootOf(contract: Contract, lose: Lose): Map {
  const { about = {} } = contract;
  const name = contract.name ?? contract.tables[0]?.name;
  return dropEmpty({
    apiVersion: 'v3.1.0',
    kind: 'DataContract',
    id: contract.id ?? slug(name ?? 'contract'),
    name,
    version: contract.version ?? '1.0.0',
    status: contract.status ?? 'draft',
    tenant: about.tenant,
    domain: about.domain,
    dataProduct: about.dataProduct,
    description: dropEmpty({ purpose: about.description, usage: about.usage, limitations: about.limitations }),
    servers: contract.servers.map(serverOf),
    schema: contract.tables.map((table) => tableOf(table, lose)),
    team: dropEmpty({ name: about.owner }),
    slaProperties: contract.sla.map((property) => slaOf(property, contract)),
    tags: about.tags,
    customProperties: customOf(about),
  });
}

const slug = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '') || 'contract';

const customOf = ({ custom = {} }: About): readonly Map[] =>
  Object.entries(custom).map(([property, value]) => ({ property, value }));

function serverOf({ name, type, properties }: Server): Map {
  const { type: known, keys } = serverKeys(type, properties);
  const kept = Object.fromEntries(keys.map((key) => [key, properties[key]]));
  const beyond = Object.entries(properties)
    .filter(([key, value]) => !keys.includes(key) && !['server', 'type'].includes(key) && value !== null)
    .map(([property, value]) => ({ property, value }));
  const written = known === type ? beyond : [{ property: 'type', value: type }, ...beyond];
  const own = Array.isArray(kept.customProperties) ? kept.customProperties : [];
  return dropEmpty({ server: name || type, type: known, ...kept, customProperties: [...own, ...written] });
}

function slaOf({ property, value, unit, elements }: SlaProperty, { slaDefaultElement }: Contract): Map {
  const element = elements.length > 0 ? elements.map(({ text }) => text).join(', ') : slaDefaultElement?.text;
  return dropEmpty({ property, value, unit, element });
}

function tableOf(table: Table, lose: Lose): Map {
  const { about = {} } = table;
  return dropEmpty({
    name: table.name,
    logicalType: 'object',
    physicalName: other(table.physicalName, table.name),
    businessName: about.businessName,
    description: about.description,
    tags: about.tags,
    properties: table.columns.map((column) => columnOf(column, lose)),
    relationships: table.relationships.map((one) => relationshipOf(table.name, one)),
    quality: table.rules.flatMap((rule) => rulesOf(rule, lose)),
    customProperties: customOf(about),
  });
}

const other = (name: string, than: string): string | undefined => (name === than ? undefined : name);

function columnOf(column: Column, lose: Lose): Map {
  const { name } = column;
  return { name, ...dropEmpty({ physicalName: other(column.physicalName, name) }), ...propertyOf(column, lose) };
}

/** What a column and the items of a list have in common. */
function propertyOf(column: Column, lose: Lose): Map {
  const { about = {} } = column;
  const logicalType = typeOf(column, lose);
  const [options, beyond] = optionsOf(column, logicalType);
  return dropEmpty({
    logicalType,
    logicalTypeOptions: options,
    physicalType: column.physicalType,
    businessName: about.businessName,
    description: about.description,
    required: column.required || undefined,
    unique: column.unique || undefined,
    primaryKey: column.primaryKey || undefined,
    primaryKeyPosition: column.primaryKey ? column.primaryKeyPosition : undefined,
    classification: about.classification,
    tags: about.tags,
    examples: about.examples,
    properties: column.columns.map((inner) => columnOf(inner, lose)),
    items: column.items && propertyOf(column.items, lose),
    relationships: column.relationships.map(({ to, type }) => ({ type, to: oneOrAll(to.map(({ text }) => text)) })),
    quality: [
      ...beyond.flatMap(([option, value]) => optionRule(column, option, value, lose)),
      ...valuesRule(column),
      ...column.rules.flatMap((rule) => rulesOf(rule, lose)),
    ],
    customProperties: customOf(about),
  });
}

/** Words of 3.2 in those of 3.1. */
const newTypes: Readonly<Record<string, string>> = { map: 'object', vector: 'array' };
const knownTypes = ['string', 'date', 'timestamp', 'time', 'number', 'integer', 'object', 'array', 'boolean'];

function typeOf(column: Column, lose: Lose): string | undefined {
  const type = column.logicalType ?? (column.columns.length > 0 ? 'object' : column.items ? 'array' : undefined);
  if (type === undefined || knownTypes.includes(type)) return type;
  const near = Object.hasOwn(newTypes, type) ? newTypes[type] : undefined;
  lose(
    column.node,
    `The type "${type}" of column "${column.path}" ${near ? `is written as "${near}"` : 'is left out'}: ODCS 3.1 has no word for it.`,
  );
  return near;
}

const bounds = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'];
const times = [...bounds, 'format', 'timezone', 'defaultTimezone'];
/** The options of each logical type. */
const optionKeys: Readonly<Record<string, readonly string[]>> = {
  string: ['minLength', 'maxLength', 'pattern', 'format'],
  integer: [...bounds, 'multipleOf', 'format'],
  number: [...bounds, 'multipleOf', 'format'],
  date: [...bounds, 'format'],
  timestamp: times,
  time: times,
  array: ['minItems', 'maxItems', 'uniqueItems'],
  object: ['minProperties', 'maxProperties'],
};

type Option = readonly [option: string, value: Scalar];

/** The options that the type takes, and the others. */
function optionsOf({ options }: Column, type: string | undefined): readonly [Map, readonly Option[]] {
  const takes = optionKeys[type ?? ''] ?? [];
  const isKept = ([option, value]: Option) => takes.includes(option) && isOfKind(option, value, type);
  const all = Object.entries(options);
  return [Object.fromEntries(all.filter(isKept)), all.filter((option) => !isKept(option))];
}

const isNumber = (value: Scalar): boolean => typeof value === 'number' || typeof value === 'bigint';
const widths = /^[iu](8|16|32|64|128)$/;

/** Bounds of numbers are numbers, those of moments texts; formats of numbers are their widths. */
function isOfKind(option: string, value: Scalar, type: string | undefined): boolean {
  const isNumeric = type === 'integer' || type === 'number';
  if (bounds.includes(option)) return isNumeric ? isNumber(value) : typeof value === 'string';
  if (option !== 'format' || !isNumeric) return true;
  return type === 'integer' ? widths.test(String(value)) : /^f(32|64)$/.test(String(value));
}

/** Conditions that a value breaks, as SQL that every store reads. */
const broken: Readonly<Record<string, (value: string) => string>> = {
  minimum: (value) => `{property} < ${value}`,
  maximum: (value) => `{property} > ${value}`,
  exclusiveMinimum: (value) => `{property} <= ${value}`,
  exclusiveMaximum: (value) => `{property} >= ${value}`,
  multipleOf: (value) => `{property} % ${value} <> 0`,
  minLength: (value) => `length({property}) < ${value}`,
  maxLength: (value) => `length({property}) > ${value}`,
};

/** An option that the standard has not for the column's type, as a rule that asks the same. */
function optionRule(column: Column, option: string, value: Scalar, lose: Lose): readonly Map[] {
  const condition = Object.hasOwn(broken, option) ? broken[option] : undefined;
  if (condition !== undefined && value !== null) {
    const literal = typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
    return [{ type: 'sql', query: `SELECT count(*) FROM {object} WHERE ${condition(literal)}`, mustBe: 0 }];
  }
  if (option === 'pattern') return [{ metric: 'invalidValues', arguments: { pattern: value }, mustBe: 0 }];
  lose(
    column.optionNodes[option] ?? column.node,
    `"${option}" of column "${column.path}" is left out: ODCS 3.1 has no such option of a column ${column.logicalType ? `of type ${column.logicalType}` : 'without a type'}.`,
  );
  return [];
}

/** `enum` came with 3.2. */
const valuesRule = ({ values }: Column): readonly Map[] =>
  values ? [{ metric: 'invalidValues', arguments: { validValues: values }, mustBe: 0 }] : [];

const oneOrAll = (words: readonly string[]): string | readonly string[] =>
  words.length === 1 && words[0] !== undefined ? words[0] : words;

/** @param table The one that the relationship stands on: ODCS takes no column without its object. */
const relationshipOf = (table: string, { type, from, to }: Relationship): Map => ({
  type,
  from: oneOrAll(from.map(({ text }) => (/[./]/.test(text) ? text : `${table}.${text}`))),
  to: oneOrAll(to.map(({ text }) => text)),
});

const dimensions = ['accuracy', 'completeness', 'conformity', 'consistency', 'coverage', 'timeliness', 'uniqueness'];
/** What other tools call them. */
const dimensionWords: Readonly<Record<string, string>> = { validity: 'conformity', freshness: 'timeliness' };

/** The standard takes one operator a rule. */
function rulesOf(rule: Rule, lose: Lose): readonly Map[] {
  if (!['library', 'sql', 'text', 'custom'].includes(rule.type)) {
    lose(
      rule.node,
      `A rule of type "${rule.type}" is left out: ODCS knows ${quotedList(['library', 'sql', 'text', 'custom'], 'and')}.`,
    );
    return [];
  }
  if (rule.operators.length < 2) return [ruleOf(rule, lose)];
  return rule.operators.map((operator, at) =>
    ruleOf({ ...rule, id: rule.id && `${rule.id}${at === 0 ? '' : `_${at + 1}`}`, operators: [operator] }, lose),
  );
}

function ruleOf(rule: Rule, lose: Lose): Map {
  const { id } = rule;
  const isId = id !== undefined && /^[A-Za-z0-9_-]+$/.test(id);
  return dropEmpty({
    id: isId ? id : undefined,
    name: rule.name ?? (isId ? undefined : id),
    description: rule.description,
    ...(rule.type === 'library' ? {} : { type: rule.type }),
    dimension: dimensionOf(rule, lose),
    severity: rule.severity,
    ...contentOf(rule),
    ...Object.fromEntries(rule.operators.map(({ keyword, value }) => [keyword, value])),
    unit: rule.unit,
    customProperties: rule.filter === undefined ? [] : [{ property: 'filter', value: rule.filter }],
  });
}

function contentOf({ type, metric, arguments: given, query, engine, implementation }: Rule): Map {
  if (type === 'library') return { metric, arguments: given };
  if (type === 'sql') return { query };
  if (type === 'text') return {};
  const isWord = typeof implementation === 'string' || (typeof implementation === 'object' && implementation !== null);
  return { engine: engine ?? 'unknown', implementation: isWord ? implementation : String(implementation ?? '') };
}

function dimensionOf({ dimension, node }: Rule, lose: Lose): string | undefined {
  if (dimension === undefined || dimensions.includes(dimension)) return dimension;
  const near = dimensionWords[dimension.toLowerCase()];
  if (near === undefined)
    lose(node, `The dimension "${dimension}" is left out: ODCS knows ${quotedList(dimensions, 'and')}.`);
  return near;
}
