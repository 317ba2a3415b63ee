import { identifier } from '../../../sql/fragment';
import { type Call, listed, rowsWith, type Tests, written } from './call';
import { grouping, outside, valuesSql } from './core';

/** The generic tests of dbt_utils 1.3, by its own words. */
export const dbtUtils: Tests = {
  accepted_range: (call) => {
    const { model, column } = call;
    const isInclusive = call.arguments.inclusive !== false;
    const equal = isInclusive ? '=' : '';
    const broken = [
      ...(call.arguments.min_value === undefined ? [] : [`NOT ${column} >${equal} ${written(call, 'min_value')}`]),
      ...(call.arguments.max_value === undefined ? [] : [`NOT ${column} <${equal} ${written(call, 'max_value')}`]),
    ];
    const counted = outside(call, isInclusive);
    return { rows: `SELECT * FROM ${model} WHERE ${broken.join(' OR ')}`, ...(counted ? { counted } : {}) };
  },
  at_least_one: (call) => {
    const { columns, by } = grouping(call, 'group_by_columns');
    const figure = `count(${call.column})`;
    return { rows: `SELECT ${columns}${figure} AS n FROM ${call.model}${by} HAVING ${figure} = 0` };
  },
  cardinality_equality: (call) => {
    const one = `SELECT ${call.column}, count(*) AS n FROM ${call.model} GROUP BY 1`;
    const two = `SELECT ${written(call, 'field')}, count(*) AS n FROM ${call.other('to')} GROUP BY 1`;
    return { rows: `(${one} EXCEPT ${two}) UNION ALL (${two} EXCEPT ${one})` };
  },
  equal_rowcount: (call) => ({
    rows: `SELECT abs(ours - theirs) AS difference FROM ${counts(call)}`,
    calc: 'sum(coalesce(difference, 0))',
  }),
  equality: (call) => ({
    rows: equality(call),
    calc: "count(*) + coalesce(abs(sum(CASE WHEN side = 'a' THEN 1 ELSE 0 END) - sum(CASE WHEN side = 'b' THEN 1 ELSE 0 END)), 0)",
  }),
  expression_is_true: (call) => {
    const column = call.column === '' ? '' : `${call.column} `;
    return { rows: `SELECT 1 AS failing FROM ${call.model} WHERE NOT (${column}${written(call, 'expression')}\n)` };
  },
  fewer_rows_than: (call) => ({
    rows: `SELECT CASE WHEN ours > theirs THEN ours - theirs WHEN ours = theirs THEN 1 ELSE 0 END AS delta FROM ${counts(call)}`,
    calc: 'sum(coalesce(delta, 0))',
  }),
  mutually_exclusive_ranges: (call) => ({ rows: overlaps(call) }),
  not_accepted_values: (call) => ({
    rows: `SELECT DISTINCT ${call.column} FROM ${call.model} WHERE ${call.column} IN (${valuesSql(call)})`,
  }),
  not_constant: (call) => {
    const { columns, by } = grouping(call, 'group_by_columns');
    const figure = `count(DISTINCT ${call.column})`;
    return { rows: `SELECT ${columns}${figure} AS n FROM ${call.model}${by} HAVING ${figure} = 1` };
  },
  not_empty_string: (call) => {
    const isTrimmed = call.arguments.trim_whitespace !== false;
    const text = (sql: string) => (isTrimmed ? `trim(${sql})` : sql);
    const { field } = call;
    return {
      rows: `SELECT 1 AS failing FROM ${call.model} WHERE ${text(call.column)} = ''`,
      ...(field ? { counted: rowsWith(field, `${text(field.text)} = ''`) } : {}),
    };
  },
  not_null_proportion: (call) => {
    const { columns, by } = grouping(call, 'group_by_columns');
    const { at_least: least, at_most: most = 1 } = call.arguments;
    const share = `sum(CASE WHEN ${call.column} IS NULL THEN 0 ELSE 1 END) / CAST(count(*) AS NUMERIC(28, 6))`;
    return {
      rows: `SELECT * FROM (SELECT ${columns}${share} AS share FROM ${call.model}${by}) WHERE share < ${least} OR share > ${most}`,
    };
  },
  recency: (call) => {
    const { columns, by } = grouping(call, 'group_by_columns');
    const isDate = call.arguments.ignore_time_component === true;
    // dbt has the warehouse's types; files of text have none for moments.
    const newest = `max(CAST(${written(call, 'field')} AS TIMESTAMP))`;
    const threshold = isDate ? `CAST(${momentsAgo(call)} AS DATE)` : momentsAgo(call);
    return {
      rows: `SELECT * FROM (SELECT ${columns}${isDate ? `CAST(${newest} AS DATE)` : newest} AS newest FROM ${call.model}${by}) WHERE newest < ${threshold} OR newest IS NULL`,
    };
  },
  relationships_where: (call) => {
    const { from_condition: from = 'true', to_condition: to = 'true' } = call.arguments;
    const key = written(call, 'field');
    return {
      rows: `SELECT ${call.column} FROM ${call.model} WHERE ${call.column} IS NOT NULL AND (${from}\n) AND ${call.column} NOT IN (SELECT ${key} FROM ${call.other('to')} WHERE ${key} IS NOT NULL AND (${to}\n))`,
    };
  },
  sequential_values: (call) => {
    const { interval = 1, datepart } = call.arguments;
    const partition = listed(call, 'group_by_columns').join(', ');
    const over = `(${partition === '' ? '' : `PARTITION BY ${partition} `}ORDER BY ${call.column})`;
    const next =
      datepart === undefined
        ? `value = before + ${interval}`
        : `CAST(value AS TIMESTAMP) = CAST(before AS TIMESTAMP) + ${interval} * INTERVAL '1' ${datepart}`;
    return {
      rows: `SELECT * FROM (SELECT ${call.column} AS value, lag(${call.column}) OVER ${over} AS before FROM ${call.model}) WHERE NOT (${next})`,
    };
  },
  unique_combination_of_columns: (call) => {
    const names = listed(call, 'combination_of_columns');
    const key = names.map((name) => (call.arguments.quote_columns === true ? identifier(name) : name)).join(', ');
    return { rows: `SELECT ${key} FROM ${call.model} GROUP BY ${key} HAVING count(*) > 1` };
  },
};

/** The moment so many units of time before now; dbt's clock is the warehouse's. */
export const momentsAgo = ({ data, arguments: given }: Call): string =>
  `(TIMESTAMP '${data.now.toISOString().replace('T', ' ').replace('Z', '')}' - ${given.interval} * INTERVAL '1' ${given.datepart})`;

function counts(call: Call): string {
  const names = listed(call, 'group_by_columns');
  const columns = names.map((name) => `${name}, `).join('');
  const by = ['one', ...names].join(', ');
  const side = (model: string, as: string) =>
    `(SELECT ${columns}1 AS one, count(*) AS ${as} FROM ${model} GROUP BY ${by})`;
  const on = ['one', ...names].map((name) => `a.${name} = b.${name}`).join(' AND ');
  return `${side(call.model, 'ours')} AS a FULL JOIN ${side(call.other('compare_model'), 'theirs')} AS b ON ${on}`;
}

function equality(call: Call): string {
  const left = new Set(listed(call, 'exclude_columns').map((name) => name.toLowerCase()));
  const named = listed(call, 'compare_columns');
  const own = call.data.source.columns.map(({ name }) => name).filter((name) => !left.has(name.toLowerCase()));
  const names = named.length > 0 ? named : own.map(identifier);
  const { precision } = call.arguments;
  const isNumber = (name: string) =>
    /^(DECIMAL|DOUBLE|FLOAT)/.test(
      call.data.source.columns.find((column) => identifier(column.name) === name)?.type ?? '',
    );
  const columns = names
    .map((name) => (precision !== undefined && isNumber(name) ? `round(${name}, ${precision}) AS ${name}` : name))
    .join(', ');
  const [a, b] = [call.model, call.other('compare_model')].map((model) => `SELECT ${columns} FROM ${model}`);
  return `SELECT 'a' AS side, * FROM (${a} EXCEPT ${b}) UNION ALL SELECT 'b' AS side, * FROM (${b} EXCEPT ${a})`;
}

const gapSigns: Readonly<Record<string, string>> = { not_allowed: '=', allowed: '<=', required: '<' };

function overlaps(call: Call): string {
  const [low, high] = [written(call, 'lower_bound_column'), written(call, 'upper_bound_column')];
  const { partition_by: by, gaps = 'allowed', zero_length_range_allowed: zero = false } = call.arguments;
  const partition = by === undefined ? '' : `PARTITION BY ${by} `;
  const window = (order: string) => `(${partition}ORDER BY ${order})`;
  const inner =
    `SELECT ${low} AS low, ${high} AS high, lead(${low}) OVER ${window(`${low}, ${high}`)} AS next, ` +
    `row_number() OVER ${window(`${low} DESC, ${high} DESC`)} = 1 AS is_last FROM ${call.model}`;
  const sound = `coalesce(low <${zero === true ? '=' : ''} high, false) AND coalesce(high ${gapSigns[String(gaps)]} next, is_last, false)`;
  return `SELECT * FROM (${inner}) WHERE NOT (${sound})`;
}
