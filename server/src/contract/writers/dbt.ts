import type { Node } from '../../text/tree';
import { isSharedPattern, negated, wholeKey } from '../dbt/sql';
import { testOf } from '../dbt/test';
import type { Loss, Writer, Written } from '../dialect';
import { dbt as dialect } from '../dialects/dbt';
import { dataTypes } from '../dialects/dbt/types';
import { boundsIn, figures } from '../expectation-terms';
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
import { dropEmpty, inOrder, unsaidRule, unsaidSections, yamlText } from '../writing';

export const dbt: Writer = { dialect, write };

const TITLE = 'dbt schema';

/** One generic test with its arguments, the rule that it says, and what of it stands in `config`. */
interface Test {
  readonly name: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly rule?: Rule;
}

/** The contract as models with tests, in the words of dbt 1.10 and its packages dbt_utils and dbt_expectations. */
function write(contract: Contract): Written {
  const losses: Loss[] = [...unsaidSections(contract, TITLE)];
  const { root } = contract.tree;
  if (contract.about?.description !== undefined && root)
    losses.push({ message: `The description of the contract is left out: a ${TITLE} describes tables.`, node: root });
  const models = contract.tables.map((table) => new Model(contract, table, losses).written());
  return { text: yamlText({ version: 2, models }), suffix: '.yml', losses: inOrder(losses) };
}

class Model {
  readonly #typed: boolean;

  constructor(
    readonly contract: Contract,
    readonly table: Table,
    readonly losses: Loss[],
  ) {
    const { columns, described } = table;
    this.#typed = !described && columns.length > 0 && columns.every((column) => dataTypeOf(column) !== undefined);
  }

  written(): unknown {
    const { table } = this;
    const key = primaryKeyOf(table);
    const { name, physicalName, about } = table;
    if (!this.#typed && !table.described && table.columns.length > 0) {
      const untyped = table.columns.find((column) => dataTypeOf(column) === undefined);
      const why = `dbt enforces them only where each has a type, and "${untyped?.path}" has none that it knows`;
      this.#lose(table.nameNode, `That the columns of "${name}" are there is left out: ${why}.`);
    }
    const tests = [
      ...(key.length > 1 && !this.#typed ? [uniqueTogether(key.map((column) => column.physicalName))] : []),
      ...table.rules.flatMap((rule) => this.#rule(rule, undefined)),
      ...table.columns.flatMap((column) => column.rules.flatMap((rule) => this.#conditions(rule, column))),
    ];
    return dropEmpty({
      name,
      description: about?.description,
      config: dropEmpty({
        ...(this.#typed ? { contract: { enforced: true } } : {}),
        ...(physicalName === name ? {} : { alias: physicalName }),
        ...kept(about?.tags, about?.custom),
      }),
      constraints: [
        ...(key.length > 1 && this.#typed
          ? [{ type: 'primary_key', columns: key.map((column) => column.physicalName) }]
          : []),
        ...table.relationships.flatMap((relationship) => this.#foreignKey(relationship)),
      ],
      data_tests: onceEach(tests),
      columns: table.columns.map((column) => this.#column(column, key)),
    });
  }

  #lose(node: Node, message: string): void {
    this.losses.push({ node, message });
  }

  #column(column: Column, key: readonly Column[]): unknown {
    const { table } = this;
    for (const inner of columnsOf({ ...table, columns: [...column.columns, ...(column.items ? [column.items] : [])] }))
      this.#lose(inner.nameNode, `Column "${inner.path}" is left out: dbt describes columns, and nothing in them.`);
    const isKey = column.primaryKey && key.length === 1;
    const isConstraint = isKey && this.#typed;
    const tests: readonly Test[] = [
      ...(column.required || (column.primaryKey && !isConstraint) ? [{ name: 'not_null' }] : []),
      ...(column.unique || (isKey && !isConstraint) ? [{ name: 'unique' }] : []),
      ...(column.values ? [acceptedValues(column.values)] : []),
      ...this.#options(column),
      ...column.relationships.flatMap((relationship) => this.#relationship(relationship)),
      ...this.table.relationships
        .filter((relationship) => startsAt(column, relationship, this.table, this.contract))
        .flatMap((relationship) => this.#relationship(relationship)),
      ...column.rules.flatMap((rule) => (isOfRows(rule) ? [] : this.#rule(rule, column))),
    ];
    const { about } = column;
    return dropEmpty({
      name: column.physicalName,
      description: about?.description,
      data_type: dataTypeOf(column),
      config: kept(about?.tags, {
        ...about?.custom,
        ...(about?.classification === undefined ? {} : { classification: about.classification }),
      }),
      constraints: isConstraint ? [{ type: 'primary_key' }] : [],
      data_tests: onceEach(tests),
    });
  }

  #options(column: Column): readonly Test[] {
    const { options, optionNodes, path, node } = column;
    const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, minLength, maxLength, pattern, ...others } = options;
    const bounds = { minimum, maximum, exclusiveMinimum, exclusiveMaximum };
    const isWritten = (value: unknown) => value === undefined || typeof value === 'number';
    const isAlien = typeof pattern === 'string' && !isSharedPattern(pattern);
    const lost = [
      ...Object.keys(others),
      ...Object.entries(bounds).flatMap(([option, value]) => (isWritten(value) ? [] : [option])),
      ...(isAlien ? ['pattern'] : []),
    ];
    for (const option of lost)
      this.#lose(optionNodes[option] ?? node, `"${option}" of column "${path}" is left out: no test of dbt says it.`);
    const number = (value: unknown) => (typeof value === 'number' ? value : undefined);
    return asked([
      ['dbt_utils.accepted_range', { min_value: number(minimum), max_value: number(maximum) }, {}],
      [
        'dbt_utils.accepted_range',
        { min_value: number(exclusiveMinimum), max_value: number(exclusiveMaximum) },
        { inclusive: false },
      ],
      [
        'dbt_expectations.expect_column_value_lengths_to_be_between',
        { min_value: minLength, max_value: maxLength },
        {},
      ],
      ['dbt_expectations.expect_column_values_to_match_regex', { regex: isAlien ? undefined : pattern }, {}],
    ]);
  }

  #target({ to, node }: Relationship): { readonly table: string; readonly columns: readonly string[] } | undefined {
    const targets = to.map(({ text }) => targetOf(this.contract, text, this.table));
    const [first] = targets;
    const columns = targets.flatMap((target) =>
      target?.column && target.table === first?.table ? [target.column.physicalName] : [],
    );
    if (first?.table && columns.length === to.length) return { table: first.table.name, columns };
    this.#lose(node, 'A relationship is left out: it leads to no table of this contract.');
    return undefined;
  }

  #relationship(relationship: Relationship): readonly Test[] {
    const target = this.#target(relationship);
    const [field] = target?.columns ?? [];
    return target && field !== undefined
      ? [{ name: 'relationships', arguments: { to: `ref('${target.table}')`, field } }]
      : [];
  }

  /** A key of several columns has a constraint and no test. */
  #foreignKey(relationship: Relationship): readonly unknown[] {
    const { from, node } = relationship;
    if (from.length === 1) {
      if (!this.table.columns.some((column) => startsAt(column, relationship, this.table, this.contract)))
        this.#lose(node, `A relationship is left out: "${from[0]?.text}" is no column of "${this.table.name}".`);
      return [];
    }
    if (!this.#typed) {
      this.#lose(node, 'A relationship of several columns is left out: only an enforced contract of dbt has them.');
      return [];
    }
    const target = this.#target(relationship);
    const columns = from.map(({ text }) => text.split('.').at(-1) ?? text);
    return target ? [{ type: 'foreign_key', columns, to: `ref('${target.table}')`, to_columns: target.columns }] : [];
  }

  /** A condition on rows is a test of the table, since one of a column begins with the column's name. */
  #conditions(rule: Rule, column: Column): readonly Test[] {
    return isOfRows(rule) ? this.#rule(rule, column) : [];
  }

  #rule(rule: Rule, column: Column | undefined): readonly Test[] {
    const said = testsOf(rule, column);
    if (typeof said !== 'string') return said.map((test) => ({ rule, ...test }));
    this.losses.push(unsaidRule(rule, column ? `column "${column.path}"` : `table "${this.table.name}"`, said));
    return [];
  }
}

const kept = (tags: readonly string[] | undefined, meta: Readonly<Record<string, unknown>> | undefined) =>
  dropEmpty({ tags, meta });

/** The author's word for a type, else one for the logical type. */
const dataTypeOf = ({ physicalType, logicalType }: Column): string | undefined =>
  physicalType ?? (logicalType === undefined ? undefined : dataTypes[logicalType]);

const acceptedValues = (values: unknown): Test => {
  const isText = Array.isArray(values) && values.every((value) => typeof value === 'string');
  return { name: 'accepted_values', arguments: { values, ...(isText ? {} : { quote: false }) } };
};

const uniqueTogether = (columns: readonly string[]): Test => ({
  name: 'dbt_utils.unique_combination_of_columns',
  arguments: { combination_of_columns: columns },
  config: { where: wholeKey(columns) },
});

type Asked = readonly [name: string, given: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>>];

/** Without those that are asked for nothing. */
const asked = (all: readonly Asked[]): readonly Test[] =>
  all.flatMap(([name, given, more]) => {
    const said = dropEmpty(given);
    return Object.keys(said).length > 0 ? [{ name, arguments: { ...said, ...more } }] : [];
  });

/** dbt refuses a test that stands twice at one place. */
function onceEach(tests: readonly Test[]): readonly unknown[] {
  const written = tests.map(testYaml);
  const texts = written.map((test) => JSON.stringify(test));
  return written.filter((_, index) => texts.indexOf(texts[index] ?? '') === index);
}

/** A test as it stands in a list: its bare name where there is no more to say. */
function testYaml({ name, arguments: given = {}, config, rule }: Test): unknown {
  const called = rule?.name ?? rule?.id;
  const inner = dropEmpty({
    name: called !== undefined && /^[A-Za-z]\w*$/.test(called) ? called : undefined,
    description: rule?.description,
    arguments: given,
    config: dropEmpty({
      ...(isWarning(rule) ? { severity: 'warn' } : {}),
      ...(rule?.filter === undefined ? {} : { where: rule.filter }),
      ...config,
    }),
  });
  return Object.keys(inner).length === 0 ? name : { [name]: inner };
}

const isWarning = (rule: Rule | undefined): boolean =>
  /^(warn(ing)?|info(rmation)?|low|minor|trivial)$/i.test(rule?.severity?.trim() ?? '');

/** What a rule says, or why no test does. */
function testsOf(rule: Rule, column: Column | undefined): readonly Test[] | string {
  if (rule.type === 'text') return 'it is written for people.';
  if (rule.type === 'custom') return verbatim(rule);
  if (rule.type === 'sql') return queried(rule, column);
  if (rule.metric === 'rowCount') return ranges(rule, 'dbt_expectations.expect_table_row_count_to_be_between');
  if (rule.metric === 'nullValues' && rule.unit === 'percent') return filledShare(rule);
  const config = limitConfig(rule);
  if (rule.unit === 'percent' || !config) return 'no test of dbt holds a share against it.';
  if (rule.metric === 'nullValues') return [{ name: 'not_null', config }];
  if (rule.metric === 'duplicateValues') return duplicates(rule, column, config);
  const { pattern, validValues } = rule.arguments;
  if (rule.metric === 'invalidValues' && typeof pattern === 'string' && validValues === undefined)
    return isSharedPattern(pattern)
      ? [{ name: 'dbt_expectations.expect_column_values_to_match_regex', arguments: { regex: pattern }, config }]
      : 'engines of SQL read the pattern otherwise.';
  if (Object.keys(config).length > 0) return 'dbt counts the values that are wrong, ODCS their rows.';
  if (rule.metric === 'invalidValues' && pattern === undefined) return [acceptedValues(validValues)];
  if (rule.metric === 'missingValues') return missing(rule, column);
  return 'no test of dbt says it.';
}

/** The limits of a number of failures that each operator is the opposite of. */
const limits: Readonly<Record<string, (value: unknown) => string>> = {
  mustBe: (value) => `!= ${value}`,
  mustNotBe: (value) => `= ${value}`,
  mustBeGreaterThan: (value) => `<= ${value}`,
  mustBeGreaterOrEqualTo: (value) => `< ${value}`,
  mustBeLessThan: (value) => `>= ${value}`,
  mustBeLessOrEqualTo: (value) => `> ${value}`,
  mustBeBetween: (value) => `not between ${Array.isArray(value) ? value.join(' and ') : value}`,
  mustNotBeBetween: (value) => `between ${Array.isArray(value) ? value.join(' and ') : value}`,
};

/** dbt warns at any failure where only the number is given at which it fails, so both are. */
function limitConfig(rule: Rule): Readonly<Record<string, string>> | undefined {
  const [only, ...others] = rule.operators;
  const limit = only && others.length === 0 ? limits[only.keyword]?.(only.value) : undefined;
  if (limit === undefined) return undefined;
  if (limit === '!= 0') return {};
  return isWarning(rule) ? { warn_if: limit } : { error_if: limit, warn_if: limit };
}

function filledShare({ operators }: Rule): readonly Test[] | string {
  const [only, ...others] = operators;
  if (only?.keyword !== 'mustBeLessOrEqualTo' || typeof only.value !== 'number' || others.length > 0)
    return 'dbt knows only the least share of values that are there.';
  const at_least = Number((1 - only.value / 100).toPrecision(12));
  return [{ name: 'dbt_utils.not_null_proportion', arguments: { at_least } }];
}

function duplicates(rule: Rule, column: Column | undefined, config: Test['config']): readonly Test[] | string {
  if (column) return [{ name: 'unique', config }];
  const { properties } = rule.arguments;
  const columns = Array.isArray(properties) ? properties.map(String) : [];
  if (rule.filter !== undefined) return 'its filter and the gaps in its key cannot be told together.';
  const test = uniqueTogether(columns);
  return [{ ...test, config: { ...test.config, ...config } }];
}

function missing(rule: Rule, column: Column | undefined): readonly Test[] | string {
  const { missingValues } = rule.arguments;
  const values = Array.isArray(missingValues) ? missingValues.filter((value) => value !== null) : [];
  if (!column) return 'no test of dbt says it of a table.';
  const filled: Test = { name: 'not_null' };
  return values.length === 0 ? [filled] : [filled, notAccepted(values)];
}

/** A figure held against bounds, one test an operator. */
function ranges({ operators }: Rule, name: string): readonly Test[] | string {
  const found = operators.map(({ keyword, value }) => boundsIn(keyword, value));
  if (found.includes(undefined) || found.length === 0) return 'no test of dbt compares so.';
  return found.map((bounds = {}) => {
    const { strict_min, strict_max, ...rest } = bounds;
    return { name, arguments: { ...rest, ...(strict_min === true || strict_max === true ? { strictly: true } : {}) } };
  });
}

/** The condition of rows that a query counts; undefined for any other query. */
const conditionIn = ({ type, query }: Rule): string | undefined => {
  const [, condition] =
    (type === 'sql' && /^\s*SELECT\s+count\(\*\)\s+FROM\s+\{object\}\s+WHERE\s+(.+?);?\s*$/is.exec(query ?? '')) || [];
  return condition === undefined || /\{object\}/.test(condition) ? undefined : condition;
};

function queried(rule: Rule, column: Column | undefined): readonly Test[] | string {
  const { query = '' } = rule;
  const type = Object.entries(figures).find(([, text]) => text === query.trim())?.[0];
  if (type !== undefined && column) return ranges(rule, `dbt_expectations.${type}`);
  const condition = conditionIn(rule);
  const config = limitConfig(rule);
  const refused = refusedIn(rule);
  if (refused && config && Object.keys(config).length === 0) return [notAccepted(refused)];
  if (condition === undefined || !config)
    return 'generic tests count rows: SELECT count(*) FROM {object} WHERE … with one operator.';
  const quoted = column ? `"${column.physicalName.replaceAll('"', '""')}"` : '';
  const where = condition.replaceAll(/["`]?\$?\{(property|column)\}["`]?/g, () => quoted);
  return [
    { name: 'dbt_utils.expression_is_true', arguments: { expression: negated(where) ?? `NOT (${where})` }, config },
  ];
}

/** Whether a rule is a condition on rows that has no test of a column. */
const isOfRows = (rule: Rule): boolean => conditionIn(rule) !== undefined && refusedIn(rule) === undefined;

const notAccepted = (values: readonly unknown[]): Test => ({
  ...acceptedValues(values),
  name: 'dbt_utils.not_accepted_values',
});

/** The values that no row of a column may have, where that is all that a query says. */
function refusedIn(rule: Rule): readonly unknown[] | undefined {
  const [, list] = /^\{property\} IN \(((?:'(?:[^']|'')*'|[^'()])+)\)$/.exec(conditionIn(rule) ?? '') ?? [];
  const values = list?.match(/'(?:[^']|'')*'|[^\s,']+/g) ?? [];
  if (values.length === 0) return undefined;
  const isText = values.every((value) => value.startsWith("'"));
  if (!isText && !values.every((value) => /^-?\d+(\.\d+)?$/.test(value))) return undefined;
  return values.map((value) => (isText ? value.slice(1, -1).replaceAll("''", "'") : Number(value)));
}

function verbatim(rule: Rule): readonly Test[] | string {
  if (engineName(rule.engine ?? '') !== 'dbt') return 'only the tool itself can run it.';
  const test = testOf(rule.implementation);
  if (typeof test === 'string') return test;
  const { name, arguments: given, config, called, description } = test;
  const own = rule.name ?? called;
  return [
    { name, arguments: given, config, rule: { ...rule, name: own, description: rule.description ?? description } },
  ];
}
