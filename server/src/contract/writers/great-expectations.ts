import type { Node } from '../../text/tree';
import type { Loss, Writer, Written } from '../dialect';
import { greatExpectations as dialect } from '../dialects/great-expectations';
import { boundsIn, figures, logicalTypeCalled, typeLists } from '../expectation-terms';
import { expectationOf, isGreatExpectations } from '../expectations';
import { type Column, type Contract, columnsOf, primaryKeyOf, type Rule, type Table } from '../model';
import { pythonOf } from '../python-pattern';
import { dropEmpty, inOrder, jsonText, onlyTable, unsaidProse, unsaidRule } from '../writing';

export const greatExpectations: Writer = { dialect, write };

type Kwargs = Readonly<Record<string, unknown>>;

interface Expectation {
  readonly type: string;
  readonly kwargs: Kwargs;
  readonly rule?: Rule;
  /** In Markdown, for people. */
  readonly notes?: string | undefined;
}

const TITLE = 'Great Expectations suite';

/** The suite as JSON of 1.x: an expectation for each thing that the contract demands of its one table. */
function write(contract: Contract): Written {
  const { table, losses: left } = onlyTable(contract, TITLE);
  const losses: Loss[] = [...left];
  const suite = {
    name: contract.name ?? table?.name ?? 'suite',
    expectations: table ? new Suite(table, losses).expectations().map(written) : [],
    meta: { great_expectations_version: '1.24.1' },
    notes: contract.about?.description ?? table?.about?.description ?? null,
  };
  return { text: jsonText(suite), suffix: '.json', losses: inOrder(losses) };
}

const severities: Readonly<Record<string, string>> = { warning: 'warning', warn: 'warning', info: 'info' };

function written({ type, kwargs, rule, notes }: Expectation): unknown {
  return {
    type,
    kwargs,
    meta: notes === undefined ? {} : { notes: { format: 'markdown', content: notes } },
    ...dropEmpty({ id: rule && isUuid(rule.id) ? rule.id : undefined, description: rule?.description ?? rule?.name }),
    severity: severities[rule?.severity?.toLowerCase() ?? ''] ?? 'critical',
  };
}

const isUuid = (id: string | undefined): boolean =>
  id !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);

class Suite {
  constructor(
    readonly table: Table,
    readonly losses: Loss[],
  ) {}

  expectations(): readonly Expectation[] {
    const { table } = this;
    for (const { node } of table.relationships)
      this.#lose(node, 'A relationship is left out: a suite knows no other table.');
    this.losses.push(...unsaidProse(table.about, `table "${table.name}"`, table.nameNode, ['description']));
    return [
      ...table.columns.flatMap((column) => this.#column(column)),
      ...this.#key(),
      ...table.rules.flatMap((rule) => this.#rule(rule, undefined)),
    ];
  }

  #lose(node: Node, message: string): void {
    this.losses.push({ node, message });
  }

  #column(column: Column): readonly Expectation[] {
    const { name, table } = { name: { column: column.physicalName }, table: this.table };
    for (const { node } of column.relationships)
      this.#lose(node, 'A relationship is left out: a suite knows no other table.');
    for (const inner of columnsOf({ ...table, columns: [...column.columns, ...(column.items ? [column.items] : [])] }))
      this.#lose(
        inner.nameNode,
        `Column "${inner.path}" is left out: a suite looks at the columns of a table, not into them.`,
      );
    this.losses.push(...unsaidProse(column.about, `column "${column.path}"`, column.nameNode, ['description']));
    const isKey = column.primaryKey;
    return [
      ...(table.described ? [] : [{ type: 'expect_column_to_exist', kwargs: name, notes: column.about?.description }]),
      ...typeOf(column),
      ...(column.required || isKey ? [{ type: 'expect_column_values_to_not_be_null', kwargs: name }] : []),
      ...(column.unique ? [{ type: 'expect_column_values_to_be_unique', kwargs: name }] : []),
      ...(column.values
        ? [{ type: 'expect_column_values_to_be_in_set', kwargs: { ...name, value_set: column.values } }]
        : []),
      ...this.#options(column),
      ...column.rules.flatMap((rule) => this.#rule(rule, column)),
    ];
  }

  #options(column: Column): readonly Expectation[] {
    const { options, optionNodes, physicalName } = column;
    const { minimum, exclusiveMinimum, maximum, exclusiveMaximum, minLength, maxLength, pattern, ...others } = options;
    const regex = typeof pattern === 'string' ? pythonOf(pattern) : undefined;
    for (const option of [...Object.keys(others), ...(pattern !== undefined && regex === undefined ? ['pattern'] : [])])
      this.#lose(
        optionNodes[option] ?? column.node,
        `"${option}" of column "${column.path}" is left out: ${option === 'pattern' ? 'Python reads the pattern otherwise.' : 'no expectation says it.'}`,
      );
    const low = dropEmpty({
      min_value: minimum ?? exclusiveMinimum,
      strict_min: minimum === undefined && exclusiveMinimum !== undefined ? true : undefined,
    });
    const high = dropEmpty({
      max_value: maximum ?? exclusiveMaximum,
      strict_max: maximum === undefined && exclusiveMaximum !== undefined ? true : undefined,
    });
    return expecting(physicalName, [
      ['expect_column_values_to_be_between', { ...low, ...high }],
      ['expect_column_value_lengths_to_be_between', dropEmpty({ min_value: minLength, max_value: maxLength })],
      ['expect_column_values_to_match_regex', dropEmpty({ regex })],
    ]);
  }

  /** A key of one column is unique by itself. */
  #key(): readonly Expectation[] {
    const key = primaryKeyOf(this.table);
    const [first] = key;
    if (!first) return [];
    if (key.length > 1)
      return [
        {
          type: 'expect_compound_columns_to_be_unique',
          kwargs: { column_list: key.map(({ physicalName }) => physicalName), ignore_row_if: 'any_value_is_missing' },
        },
      ];
    return first.unique ? [] : [{ type: 'expect_column_values_to_be_unique', kwargs: { column: first.physicalName } }];
  }

  #rule(rule: Rule, column: Column | undefined): readonly Expectation[] {
    const said =
      rule.filter === undefined ? expectationsOf(rule, column) : 'no expectation reads its filter, which is SQL.';
    if (typeof said !== 'string') return said.map((expectation) => ({ ...expectation, rule }));
    this.losses.push(unsaidRule(rule, column ? `column "${column.path}"` : `table "${this.table.name}"`, said));
    return [];
  }
}

/** Without those that are asked for nothing. */
const expecting = (column: string, all: readonly (readonly [type: string, kwargs: Kwargs])[]): readonly Expectation[] =>
  all.flatMap(([type, kwargs]) => (Object.keys(kwargs).length > 0 ? [{ type, kwargs: { column, ...kwargs } }] : []));

function typeOf({ logicalType, physicalType, physicalName: column }: Column): readonly Expectation[] {
  if (
    physicalType !== undefined &&
    logicalTypeCalled(physicalType) === (logicalType ?? logicalTypeCalled(physicalType))
  )
    return [{ type: 'expect_column_values_to_be_of_type', kwargs: { column, type_: physicalType } }];
  const type_list =
    logicalType === undefined || !Object.hasOwn(typeLists, logicalType) ? undefined : typeLists[logicalType];
  return type_list ? [{ type: 'expect_column_values_to_be_in_type_list', kwargs: { column, type_list } }] : [];
}

/** What a rule says, or why no expectation does. */
function expectationsOf(rule: Rule, column: Column | undefined): readonly Expectation[] | string {
  if (rule.type === 'text') return 'it is written for people.';
  if (rule.type === 'custom') return verbatim(rule, column);
  if (rule.type === 'sql') return queried(rule, column);
  if (rule.metric === 'rowCount') return ranges(rule, 'expect_table_row_count_to_be_between', {});
  const limit = limitOf(rule);
  if (limit === undefined) return 'an expectation says which values are wrong, and counts them against a share only.';
  if (rule.metric === 'duplicateValues' && limit === 0) return unique(rule, column);
  if (!column) return `no expectation is about "${rule.metric}" of a table.`;
  // Great Expectations takes the share of the values that are there, ODCS that of all rows.
  if (limit > 0 && rule.metric !== 'nullValues' && !column.required)
    return 'ODCS counts a share of all rows, Great Expectations one of the values that are not null.';
  const mostly = limit === 0 ? {} : { mostly: Number((1 - limit / 100).toPrecision(12)) };
  const found = ofMetric(rule, column.physicalName);
  return typeof found === 'string'
    ? found
    : found.map(({ type, kwargs }) => ({ type, kwargs: { ...kwargs, ...mostly } }));
}

/** The share, in percent, of values that may be wrong; undefined for any other demand. */
function limitOf({ operators, unit }: Rule): number | undefined {
  const [only, ...others] = operators;
  if (!only || others.length > 0) return undefined;
  const { keyword, value } = only;
  if (value === 0 && (keyword === 'mustBe' || keyword === 'mustBeLessOrEqualTo')) return 0;
  if (keyword === 'mustBeLessThan' && value === 1 && unit !== 'percent') return 0;
  return keyword === 'mustBeLessOrEqualTo' && unit === 'percent' && typeof value === 'number' ? value : undefined;
}

function ofMetric({ metric, arguments: given }: Rule, column: string): readonly Expectation[] | string {
  const filled = { type: 'expect_column_values_to_not_be_null', kwargs: { column } };
  if (metric === 'nullValues') return [filled];
  if (metric === 'missingValues') {
    const value_set = Array.isArray(given.missingValues) ? given.missingValues.filter((value) => value !== null) : [];
    return value_set.length > 0
      ? [filled, { type: 'expect_column_values_to_not_be_in_set', kwargs: { column, value_set } }]
      : [filled];
  }
  if (metric !== 'invalidValues') return 'no expectation counts so.';
  const regex = typeof given.pattern === 'string' ? pythonOf(given.pattern) : undefined;
  if (given.pattern !== undefined && regex === undefined) return 'Python reads the pattern otherwise.';
  return expecting(column, [
    ['expect_column_values_to_be_in_set', dropEmpty({ value_set: given.validValues })],
    ['expect_column_values_to_match_regex', dropEmpty({ regex })],
  ]);
}

function unique({ arguments: given }: Rule, column: Column | undefined): readonly Expectation[] {
  if (column) return [{ type: 'expect_column_values_to_be_unique', kwargs: { column: column.physicalName } }];
  const kwargs = { column_list: given.properties, ignore_row_if: 'any_value_is_missing' };
  return [{ type: 'expect_compound_columns_to_be_unique', kwargs }];
}

/** A figure held against bounds, one expectation an operator. */
function ranges({ operators }: Rule, type: string, about: Kwargs): readonly Expectation[] | string {
  const bounds = operators.map(({ keyword, value }) => boundsIn(keyword, value));
  if (bounds.includes(undefined))
    return `no expectation says "${operators.find(({ keyword, value }) => !boundsIn(keyword, value))?.keyword}".`;
  return bounds.map((kwargs) => ({ type, kwargs: { ...about, ...kwargs } }));
}

function queried(rule: Rule, column: Column | undefined): readonly Expectation[] | string {
  const { query = '', operators } = rule;
  const figure = Object.entries(figures).find(([, text]) => text === query.trim())?.[0];
  if (figure !== undefined && column) return ranges(rule, figure, { column: column.physicalName });
  const [, condition] = /^\s*SELECT\s+count\(\*\)\s+FROM\s+\{object\}\s+WHERE\s+(.+?);?\s*$/is.exec(query) ?? [];
  const isNone = operators.length === 1 && limitOf({ ...rule, unit: undefined }) === 0;
  if (condition === undefined || !isNone || /\{object\}/.test(condition))
    return 'a suite has a query only for rows that must not be: SELECT count(*) FROM {object} WHERE … with "mustBe: 0".';
  const values = column && excludedBy(condition);
  if (values)
    return [
      {
        type: 'expect_column_values_to_not_be_in_set',
        kwargs: { column: column.physicalName, value_set: values },
      },
    ];
  const quoted = column ? `"${column.physicalName.replaceAll('"', '""')}"` : '';
  const where = condition.replaceAll(/\$?\{(property|column)\}/g, () => quoted);
  return [
    { type: 'unexpected_rows_expectation', kwargs: { unexpected_rows_query: `SELECT * FROM {batch} WHERE ${where}` } },
  ];
}

/** The values of `{property} IN (1, 'a')`; undefined for any other condition. */
function excludedBy(condition: string): readonly unknown[] | undefined {
  const [, list] = /^\s*\{property\}\s+IN\s*\((.*)\)\s*$/is.exec(condition) ?? [];
  const literal = /'(?:[^']|'')*'|-?\d+(?:\.\d+)?|true|false/gi;
  if (list === undefined || !/^[\s,]*$/.test(list.replace(literal, ''))) return undefined;
  return list
    .match(literal)
    ?.map((word) => (word.startsWith("'") ? word.slice(1, -1).replaceAll("''", "'") : JSON.parse(word.toLowerCase())));
}

function verbatim(rule: Rule, column: Column | undefined): readonly Expectation[] | string {
  if (!isGreatExpectations(rule.engine)) return 'only the tool itself can run it.';
  const read = expectationOf(rule.implementation, column?.physicalName);
  return typeof read === 'string' ? read : [read];
}
