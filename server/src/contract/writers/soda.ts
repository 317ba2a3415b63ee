import type { Node } from '../../text/tree';
import { isSharedPattern, wholeKey } from '../dbt/sql';
import type { Loss, Writer, Written } from '../dialect';
import { dataTypes } from '../dialects/dbt/types';
import { soda as dialect } from '../dialects/soda';
import { figures } from '../expectation-terms';
import {
  type Column,
  type Contract,
  columnsOf,
  primaryKeyOf,
  type Relationship,
  type Rule,
  type Table,
} from '../model';
import { startsAt, targetOf } from '../references';
import { engineName } from '../rule-engine';
import { checkOf } from '../soda/check';
import { contractOperators } from '../soda/threshold';
import { dropEmpty, onlyTable, unsaidRule, yamlText } from '../writing';

export const soda: Writer = { dialect, write };

const TITLE = 'Soda contract';

/** A contract of version 4, of the first table. */
function write(contract: Contract): Written {
  const { table, losses } = onlyTable(contract, TITLE);
  const writer = new TableWriter(contract);
  const text = yamlText(table ? writer.table(table) : { dataset: 'data_source/dataset', columns: [], checks: [] });
  return { text, suffix: '.contract.yml', losses: [...losses, ...writer.losses] };
}

/** A check by its name, and what it is given. */
type Check = readonly [name: string, settings: Readonly<Record<string, unknown>>];

class TableWriter {
  readonly losses: Loss[] = [];

  constructor(readonly contract: Contract) {}

  table(table: Table): unknown {
    this.#about(table);
    const key = primaryKeyOf(table);
    const keyNames = key.map(({ physicalName }) => physicalName);
    const columns = table.columns.map((column) => this.#column(column, key, table));
    const hasSchema = table.rules.some(isSchema);
    const checks: readonly Check[] = [
      ...(table.described || hasSchema
        ? []
        : [['schema', { allow_extra_columns: true, allow_other_column_order: true }] as const]),
      ...(key.length > 1 ? [['duplicate', { columns: keyNames, filter: wholeKey(keyNames) }] as const] : []),
      ...table.rules.flatMap((rule) => this.#rule(rule, undefined, table)),
    ];
    for (const relationship of table.relationships.filter(({ from }) => from.length > 1))
      this.#lose(relationship.node, `A relationship of several columns is left out: a ${TITLE} has them of one.`);
    return dropEmpty({
      dataset: `data_source/${table.physicalName}`,
      description: table.about?.description,
      columns,
      checks: qualified(checks),
    });
  }

  #lose(node: Node, message: string): void {
    this.losses.push({ node, message });
  }

  #about({ about, node }: Table | Column): void {
    const { description: _, examples: _examples, ...rest } = (about ?? {}) as Readonly<Record<string, unknown>>;
    for (const part of Object.keys(dropEmpty(rest)))
      this.#lose(
        node,
        `"${part === 'custom' ? 'customProperties' : part}" is left out: a ${TITLE} has no place for it.`,
      );
  }

  #column(column: Column, key: readonly Column[], table: Table): unknown {
    this.#about(column);
    const inner = columnsOf({ ...table, columns: [...column.columns, ...(column.items ? [column.items] : [])] });
    for (const { nameNode, path } of inner)
      this.#lose(nameNode, `Column "${path}" is left out: a ${TITLE} knows columns, and nothing in them.`);
    const isKey = column.primaryKey && key.length === 1;
    const relationships = [
      ...column.relationships,
      ...table.relationships.filter((relationship) => startsAt(column, relationship, table, this.contract)),
    ];
    const checks: readonly Check[] = [
      ...(column.required || column.primaryKey ? [['missing', {}] as const] : []),
      ...(column.unique || isKey ? [['duplicate', {}] as const] : []),
      ...this.#options(column),
      ...relationships.flatMap((relationship) => this.#relationship(relationship, table)),
      ...column.rules.flatMap((rule) => this.#rule(rule, column, table)),
    ];
    return dropEmpty({
      name: column.physicalName,
      description: column.about?.description,
      data_type: column.physicalType ?? (column.logicalType === undefined ? undefined : dataTypes[column.logicalType]),
      checks: qualified(checks),
    });
  }

  #options(column: Column): readonly Check[] {
    const { options, optionNodes, path, node, values } = column;
    const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, minLength, maxLength, pattern, ...others } = options;
    const isAlien = pattern !== undefined && !(typeof pattern === 'string' && isSharedPattern(pattern));
    const said = { minimum, maximum, exclusiveMinimum, exclusiveMaximum, minLength, maxLength };
    const odd = Object.entries(said).filter(([, value]) => value !== undefined && typeof value !== 'number');
    for (const option of [...Object.keys(others), ...odd.map(([name]) => name), ...(isAlien ? ['pattern'] : [])])
      this.#lose(optionNodes[option] ?? node, `"${option}" of column "${path}" is left out: no check of Soda says it.`);
    const number = (value: unknown) => (typeof value === 'number' ? value : undefined);
    const listed = values?.every((value) => ['string', 'number'].includes(typeof value)) ? values : undefined;
    if (values && !listed)
      this.#lose(node, `The values of column "${path}" are left out: Soda lists texts and numbers only.`);
    const valid = dropEmpty({
      valid_values: listed,
      valid_min: number(minimum),
      valid_max: number(maximum),
      valid_min_length: number(minLength),
      valid_max_length: number(maxLength),
      valid_format: isAlien || pattern === undefined ? undefined : formatOf(pattern),
    });
    const name = quoted(column.physicalName);
    return [
      ...(Object.keys(valid).length > 0 ? [['invalid', valid] as const] : []),
      ...(typeof exclusiveMinimum === 'number'
        ? [['failed_rows', { expression: `${name} <= ${exclusiveMinimum}` }] as const]
        : []),
      ...(typeof exclusiveMaximum === 'number'
        ? [['failed_rows', { expression: `${name} >= ${exclusiveMaximum}` }] as const]
        : []),
    ];
  }

  #relationship({ to, node }: Relationship, table: Table): readonly Check[] {
    const [first] = to;
    const target = first && targetOf(this.contract, first.text, table);
    if (target?.table && target.column) {
      const dataset = `data_source/${target.table.physicalName}`;
      return [['invalid', { valid_reference_data: { dataset, column: target.column.physicalName } }]];
    }
    this.#lose(node, 'A relationship is left out: it leads to no table of this contract.');
    return [];
  }

  #rule(rule: Rule, column: Column | undefined, table: Table): readonly Check[] {
    const said = checkSaying(rule, column, table);
    if (typeof said === 'string') {
      this.losses.push(unsaidRule(rule, column ? `column "${column.path}"` : `table "${table.name}"`, said));
      return [];
    }
    const [name, settings] = said;
    const called = rule.name ?? rule.id;
    return [
      [
        name,
        {
          ...(called === undefined ? {} : { name: called }),
          ...settings,
          ...(rule.filter === undefined || settings.filter !== undefined ? {} : { filter: rule.filter }),
        },
      ],
    ];
  }
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const formatOf = (pattern: unknown) => ({ regex: pattern, name: String(pattern) });

/** Soda tells checks of one kind at one place apart by a qualifier. */
function qualified(checks: readonly Check[]): readonly unknown[] {
  const texts = checks.map((check) => JSON.stringify(check));
  const once = checks.filter((_, at) => texts.indexOf(texts[at] ?? '') === at);
  const seen = new Map<string, number>();
  return once.map(([name, settings]) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    const inner =
      count === 1 || settings.qualifier !== undefined ? settings : { qualifier: String(count), ...settings };
    return { [name]: Object.keys(inner).length === 0 ? null : inner };
  });
}

const isWarning = ({ severity }: Rule): boolean =>
  /^(warn(ing)?|info(rmation)?|low|minor|trivial)$/i.test(severity?.trim() ?? '');

/** What a rule says as a check, or why none does. */
function checkSaying(rule: Rule, column: Column | undefined, table: Table): Check | string {
  if (rule.type === 'text') return 'it is written for people.';
  if (rule.type === 'custom') return verbatim(rule);
  const threshold = thresholdOf(rule);
  if (typeof threshold === 'string') return threshold;
  const isNone = rule.operators[0]?.keyword === 'mustBe' && rule.operators[0].value === 0;
  const limit = isNone && !isWarning(rule) && rule.unit !== 'percent' ? {} : { threshold };
  if (rule.type === 'sql') return queried(rule, column, table, limit, threshold);
  const { validValues, pattern, missingValues, properties } = rule.arguments;
  if (rule.metric === 'rowCount') return ['row_count', { threshold }];
  if (rule.metric === 'nullValues') return ['missing', limit];
  if (rule.metric === 'missingValues') {
    const values = Array.isArray(missingValues) ? missingValues.filter((value) => value !== null) : [];
    return ['missing', { ...(values.length > 0 ? { missing_values: values } : {}), ...limit }];
  }
  if (rule.metric === 'duplicateValues') {
    if (!isNone) return 'Soda counts the rows beyond the first of each value, ODCS the values.';
    if (!Array.isArray(properties)) return ['duplicate', limit];
    const names = properties.map(String);
    return rule.filter === undefined
      ? ['duplicate', { columns: names, filter: wholeKey(names), ...limit }]
      : 'its filter and the gaps in its key cannot be told together.';
  }
  if (rule.metric !== 'invalidValues') return 'no check of Soda says it.';
  if (pattern !== undefined && !isSharedPattern(String(pattern))) return 'engines of SQL read the pattern otherwise.';
  return [
    'invalid',
    {
      ...(Array.isArray(validValues) ? { valid_values: validValues } : {}),
      ...(pattern === undefined ? {} : { valid_format: formatOf(pattern) }),
      ...limit,
    },
  ];
}

const operatorWords = Object.fromEntries(
  Object.entries(contractOperators)
    .filter(([key]) => !key.endsWith('_to'))
    .map(([key, keyword]) => [keyword, key]),
);

/** A rule of ODCS holds all its operators, a threshold of Soda has one, or two bounds of a range. */
function thresholdOf(rule: Rule): Readonly<Record<string, unknown>> | string {
  const said = rule.operators.map(({ keyword, value }) => [keyword, value] as const);
  const [first, second, ...others] = said;
  const more = {
    ...(isWarning(rule) ? { level: 'warn' } : {}),
    ...(rule.unit === 'percent' ? { metric: 'percent' } : {}),
  };
  if (!first) return 'it names no bound.';
  if (second) {
    const bounds = Object.fromEntries(said.map(([keyword, value]) => [boundWords[keyword] ?? '', value]));
    const isRange =
      others.length === 0 &&
      !('' in bounds) &&
      /Greater/.test(said.map(([keyword]) => keyword).join()) &&
      /Less/.test(said.map(([keyword]) => keyword).join());
    return isRange ? { must_be_between: bounds, ...more } : 'a threshold of Soda has one comparison.';
  }
  const [keyword, value] = first;
  const word = operatorWords[keyword];
  if (word === undefined) return `"${keyword}" is no operator.`;
  if (!Array.isArray(value))
    return typeof value === 'number' ? { [word]: value, ...more } : 'Soda compares with numbers only.';
  const [low, high] = value;
  if (low === high) return 'Soda has no range of one figure.';
  return keyword === 'mustBeBetween'
    ? { [word]: { greater_than_or_equal: low, less_than_or_equal: high }, ...more }
    : { [word]: { greater_than: high, less_than: low }, ...more };
}

const boundWords: Readonly<Record<string, string>> = {
  mustBeGreaterThan: 'greater_than',
  mustBeGreaterOrEqualTo: 'greater_than_or_equal',
  mustBeLessThan: 'less_than',
  mustBeLessOrEqualTo: 'less_than_or_equal',
};

const aggregates: Readonly<Record<string, string>> = {
  'SELECT min({property}) FROM {object}': 'min',
  'SELECT max({property}) FROM {object}': 'max',
  'SELECT avg({property}) FROM {object}': 'avg',
  'SELECT sum({property}) FROM {object}': 'sum',
  [figures.expect_column_stdev_to_be_between ?? '']: 'stddev_samp',
};

function queried(
  rule: Rule,
  column: Column | undefined,
  table: Table,
  limit: Readonly<Record<string, unknown>>,
  threshold: Readonly<Record<string, unknown>>,
): Check | string {
  const query = (rule.query ?? '').trim().replace(/;$/, '');
  const aggregate = column && Object.hasOwn(aggregates, query) ? aggregates[query] : undefined;
  if (aggregate !== undefined) return ['aggregate', { function: aggregate, threshold }];
  const named = query
    .replaceAll(/["`]?\$?\{(property|column)\}["`]?/g, (written) => (column ? quoted(column.physicalName) : written))
    .trim();
  const [, condition] =
    /^SELECT\s+count\(\*\)\s+FROM\s+["`]?\$?\{(?:object|table)\}["`]?\s+WHERE\s+(.+)$/is.exec(named) ?? [];
  if (condition !== undefined && !/\{(object|table)\}/.test(condition))
    return ['failed_rows', { expression: condition, ...limit }];
  if (rule.filter !== undefined) return 'a query of Soda has no filter.';
  const whole = named.replaceAll(/["`]?\$?\{(object|table)\}["`]?/g, () => quoted(table.physicalName));
  return ['metric', { query: whole, threshold }];
}

const isOfSoda = (rule: Rule): boolean => rule.type === 'custom' && engineName(rule.engine ?? '') === 'soda';

const isSchema = (rule: Rule): boolean => {
  const check = isOfSoda(rule) ? checkOf(rule.implementation) : undefined;
  return check !== undefined && !('problem' in check) && check.metric === 'schema' && check.version === 4;
};

/** Only a check of version 4 stands in its contracts as it is. */
function verbatim(rule: Rule): Check | string {
  if (!isOfSoda(rule)) return 'only the tool itself can run it.';
  const check = checkOf(rule.implementation);
  if ('problem' in check) return check.problem;
  const { implementation } = rule;
  const [name, settings] =
    typeof implementation === 'object' && implementation !== null && !Array.isArray(implementation)
      ? (Object.entries(implementation)[0] ?? [])
      : [];
  if (check.version !== 4 || name === undefined)
    return `"${check.kind}" is a check of Soda's version 3, and this is a contract of version 4.`;
  return [name, typeof settings === 'object' && settings !== null ? { ...settings } : {}];
}
