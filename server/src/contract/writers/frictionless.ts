import type { Node } from '../../text/tree';
import type { Loss, Writer, Written } from '../dialect';
import { frictionless as dialect } from '../dialects/frictionless';
import { askedBy, type FieldSpec, pythonFormatOf, takesConstraint, textFormats } from '../frictionless';
import { type Column, type Contract, primaryKeyOf, type Relationship, type Rule, type Table } from '../model';
import { pythonOf } from '../python-pattern';
import { dropEmpty, inOrder, jsonText, unsaidProse, unsaidRule, unsaidSections } from '../writing';

export const frictionless: Writer = { dialect, write };

const TITLE = 'Frictionless Data Package';
const WHY = 'Table Schema has no check for it.';
/** What the profile of version 2 is called; without it frictionless takes a file for version 1. */
const PROFILE = 'https://datapackage.org/profiles/2.0/datapackage.json';

/** The contract as a data package of version 2, a resource a table. */
function write(contract: Contract): Written {
  const draft = new Draft(contract);
  const text = jsonText(draft.root());
  const unsaid = unsaidSections(contract, TITLE, [
    'sla',
    'usage',
    'limitations',
    'domain',
    'dataProduct',
    'tenant',
    'owner',
  ]);
  return { text, suffix: '.datapackage.json', losses: inOrder([...draft.losses, ...unsaid]) };
}

type Map = Readonly<Record<string, unknown>>;

const types: Readonly<Record<string, string>> = {
  string: 'string',
  integer: 'integer',
  number: 'number',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'datetime',
  time: 'time',
  object: 'object',
  map: 'object',
  array: 'array',
  vector: 'array',
};

/** What a rule adds to a field. */
interface Said {
  readonly constraints?: Map;
  readonly spec?: FieldSpec;
}

class Draft {
  readonly losses: Loss[] = [];

  constructor(readonly contract: Contract) {}

  root(): Map {
    const { contract } = this;
    const { about = {}, tables } = contract;
    return {
      $schema: PROFILE,
      ...dropEmpty({
        name: slug(contract.name ?? contract.id ?? tables[0]?.name ?? 'package'),
        id: contract.id,
        title: about.businessName ?? contract.name,
        description: about.description,
        version: contract.version,
        keywords: about.tags,
      }),
      resources: tables.map((table) => this.#resource(table)),
    };
  }

  #lose(node: Node, message: string): void {
    this.losses.push({ node, message });
  }

  #resource(table: Table): Map {
    const { name, physicalName, about = {}, nameNode } = table;
    const { custom = {}, ...prose } = about;
    const { undocumentedColumns, ...more } = custom;
    if (physicalName !== name)
      this.#lose(nameNode, `The physical name "${physicalName}" is left out: a resource has one name.`);
    this.losses.push(
      ...unsaidProse({ ...prose, custom: more }, `table "${name}"`, nameNode, ['description', 'businessName']),
    );
    return dropEmpty({
      name,
      title: about.businessName,
      description: about.description,
      type: 'table',
      path: this.#path(table),
      schema: this.#schema(table, undocumentedColumns !== undefined),
    });
  }

  /** Where a local server says that the data are. A table has to have a path, which nothing else tells. */
  #path({ name, physicalName, named }: Table): string {
    const { servers } = this.contract;
    for (const { name: server, type, node } of servers)
      if (type !== 'local') this.#lose(node, `The server "${server}" is left out: a resource names files of its own.`);
    const path = servers.find(({ type }) => type === 'local')?.properties.path;
    if (named?.data !== undefined) return named.data;
    if (typeof path !== 'string') return `${name}.csv`;
    return path.includes('{model}') ? path.replaceAll('{model}', physicalName) : path;
  }

  #schema(table: Table, isClosed: boolean): Map {
    const rules = table.rules.map((rule) => this.#tableRule(rule, table));
    return {
      $schema: 'https://datapackage.org/profiles/2.0/tableschema.json',
      fieldsMatch: isClosed ? 'equal' : 'subset',
      fields: table.columns.map((column) => this.#field(column)),
      ...dropEmpty({
        primaryKey: primaryKeyOf(table).map(({ name }) => name),
        uniqueKeys: rules.flatMap((key) => (key ? [key] : [])),
        foreignKeys: [
          ...table.relationships.flatMap((one) => this.#foreignKey(one, table, undefined)),
          ...table.columns.flatMap((column) =>
            column.relationships.flatMap((one) => this.#foreignKey(one, table, column)),
          ),
        ],
      }),
    };
  }

  #tableRule(rule: Rule, table: Table): readonly string[] | undefined {
    const { properties } = rule.arguments;
    if (isNone(rule) && rule.metric === 'duplicateValues' && Array.isArray(properties)) return properties.map(String);
    // A rule of frictionless of the table as a whole says what the file says by itself.
    const asked = askedBy(rule)?.check;
    if (asked !== 'blank-row' && asked !== 'extra-label' && asked !== 'incorrect-label')
      this.losses.push(unsaidRule(rule, `table "${table.name}"`, WHY));
    return undefined;
  }

  #foreignKey({ from, to, node }: Relationship, table: Table, column: Column | undefined): readonly Map[] {
    const names = column ? [column.name] : from.map(({ text }) => text.split('.').at(-1) ?? text);
    const targets = to.map(({ text }) => /^([^./#]+)\.([^./#]+)$/.exec(text));
    const [first] = targets;
    const resource = first?.[1];
    if (names.length !== to.length || resource === undefined || targets.some((target) => target?.[1] !== resource)) {
      this.#lose(
        node,
        `A relationship of "${table.name}" is left out: a foreign key names columns of one table of this file.`,
      );
      return [];
    }
    const fields = targets.map((target) => target?.[2] ?? '');
    return [{ fields: names, reference: { resource: resource === table.name ? '' : resource, fields } }];
  }

  #field(column: Column): Map {
    const { about = {}, path, name, node, nameNode, physicalName, physicalType, logicalType } = column;
    const said = column.rules.map((rule) => this.#rule(rule, column));
    const spec = said.find((one) => one.spec)?.spec;
    const type = spec?.type ?? types[logicalType ?? ''] ?? 'any';
    if (logicalType !== undefined && types[logicalType] === undefined)
      this.#lose(node, `The type ${logicalType} of column "${path}" is left out: Table Schema has none like it.`);
    if (physicalType !== undefined)
      this.#lose(
        node,
        `The physical type "${physicalType}" of column "${path}" is left out: a field has a logical type.`,
      );
    if (physicalName !== name)
      this.#lose(nameNode, `The physical name "${physicalName}" of "${path}" is left out: a field has one name.`);
    for (const inner of [...column.columns, ...(column.items ? [column.items] : [])]) this.#below(inner);
    this.losses.push(...unsaidProse(about, `column "${path}"`, nameNode, ['description', 'businessName', 'examples']));
    const { format, options } = this.#options(column, type);
    return {
      name,
      type,
      ...dropEmpty({
        format: spec ? (spec.format === 'default' ? undefined : spec.format) : format,
        title: about.businessName,
        description: about.description,
        examples: about.examples,
        ...(spec ? cellsOf(spec) : {}),
        constraints: dropEmpty({
          required: column.required || undefined,
          unique: column.unique || undefined,
          enum: this.#values(column, type),
          ...options,
          ...Object.assign({}, ...said.map(({ constraints }) => constraints ?? {})),
        }),
      }),
    };
  }

  #below({ path, nameNode, columns, items }: Column): void {
    this.#lose(nameNode, `Column "${path}" is left out: a field has none within.`);
    for (const inner of [...columns, ...(items ? [items] : [])]) this.#below(inner);
  }

  #values({ values, path, node }: Column, type: string): Column['values'] {
    if (!values || takesConstraint(type, 'enum')) return values;
    this.#lose(node, `The values allowed in "${path}" are left out: a field of type ${type} has no enum.`);
    return undefined;
  }

  #options(column: Column, type: string): { readonly format?: string; readonly options: Map } {
    const { options, optionNodes, path, node } = column;
    let format: string | undefined;
    const kept: Record<string, unknown> = {};
    for (const [option, value] of Object.entries(options)) {
      const said = option === 'format' ? formatFor(type, value) : undefined;
      const written = option === 'pattern' ? patternFor(value) : value;
      if (said !== undefined) format = said;
      else if (option !== 'format' && written !== undefined && takesConstraint(type, option)) kept[option] = written;
      else this.#lose(optionNodes[option] ?? node, `"${option}" of column "${path}" is left out: ${WHY}`);
    }
    return { format, options: kept };
  }

  #rule(rule: Rule, column: Column): Said {
    const asked = askedBy(rule);
    if (asked?.check === 'type-error') return { spec: asked.field };
    if (asked?.check === 'constraint-error') return { constraints: { [asked.constraint]: asked.value } };
    if (asked?.check === 'unique-error') return { constraints: { unique: true } };
    if (asked?.check === 'missing-label') return {};
    const { validValues, pattern, ...others } = rule.arguments;
    const isPlain = isNone(rule) && Object.keys(others).length === 0;
    const type = types[column.logicalType ?? ''] ?? 'any';
    if (isPlain && rule.metric === 'nullValues') return { constraints: { required: true } };
    if (isPlain && rule.metric === 'duplicateValues') return { constraints: { unique: true } };
    if (isPlain && rule.metric === 'invalidValues') {
      const isFree = column.values === undefined && pattern === undefined && takesConstraint(type, 'enum');
      if (Array.isArray(validValues) && isFree) return { constraints: { enum: validValues } };
    }
    this.losses.push(unsaidRule(rule, `column "${column.path}"`, WHY));
    return {};
  }
}

const slug = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '') || 'package';

/** Whether the rule wants none of what it counts, whichever rows, and gravely. */
const isNone = ({ operators: [first, ...others], filter, severity, type }: Rule): boolean =>
  type === 'library' &&
  first?.keyword === 'mustBe' &&
  first.value === 0 &&
  others.length === 0 &&
  filter === undefined &&
  (severity === undefined || severity === 'error');

/** How the cells of a field are read, as far as the file has to say so. */
function cellsOf({
  missing,
  decimalChar,
  groupChar,
  bareNumber,
  trueValues,
  falseValues,
  delimiter,
  itemType,
}: FieldSpec): Map {
  const isUsual = missing.length === 1 && missing[0] === '';
  return {
    missingValues: isUsual ? undefined : missing,
    decimalChar,
    groupChar,
    bareNumber,
    trueValues,
    falseValues,
    delimiter,
    itemType,
  };
}

function formatFor(type: string, format: unknown): string | undefined {
  if (typeof format !== 'string') return undefined;
  if (type === 'string') return Object.keys(textFormats).find((word) => textFormats[word] === format);
  return ['date', 'datetime', 'time'].includes(type) ? pythonFormatOf(format) : undefined;
}

/** ODCS finds a pattern anywhere, a field holds all of the text against it. */
function patternFor(pattern: unknown): string | undefined {
  if (typeof pattern !== 'string') return undefined;
  const [, whole] = /^\^\(\?:((?:[^()]|\([^()]*\))*)\)\$$/s.exec(pattern) ?? [];
  const python = pythonOf(whole ?? pattern);
  if (python === undefined) return undefined;
  if (whole !== undefined) return python;
  return `(?:.|\\n)*(?:${python})(?:.|\\n)*`;
}
