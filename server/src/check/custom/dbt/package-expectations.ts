import { identifier, text } from '../../../sql/fragment';
import { type Call, type Failing, listed, rowsWith, type Tests, valueSql, written } from './call';
import { outside } from './core';
import { momentsAgo } from './package-utils';

const where = (call: Call, argument = 'row_condition'): string =>
  call.arguments[argument] === undefined ? '' : ` WHERE (${written(call, argument)}\n)`;

/** Rows, or groups, for which an expression is false; one that is null is no failure. */
function untrue(call: Call, expression: string, by?: readonly string[], condition = '= true'): Failing {
  const names = by ?? [];
  const columns = names.map((name, index) => `${name} AS col_${index + 1}, `).join('');
  const groups = names.length === 0 ? '' : ` GROUP BY ${names.join(', ')}`;
  return {
    rows: `SELECT * FROM (SELECT ${columns}(${expression}\n) AS expression FROM ${call.model}${where(call)}${groups}) WHERE NOT (expression ${condition})`,
  };
}

function bounded(call: Call, expression: string): string {
  const { min_value: low, max_value: high, strictly } = call.arguments;
  const equal = strictly === true ? '' : '=';
  return [
    ...(low === undefined ? [] : [`${expression} >${equal} ${low}`]),
    ...(high === undefined ? [] : [`${expression} <${equal} ${high}`]),
  ].join(' AND ');
}

/** One figure of the table, or of each group, between bounds. */
const figure =
  (expression: (column: string, call: Call) => string): Tests[string] =>
  (call) =>
    untrue(call, bounded(call, expression(call.column, call)), listed(call, 'group_by'));

const compared =
  (expression: (call: Call) => string): Tests[string] =>
  (call) =>
    untrue(call, expression(call), listed(call, 'group_by'));

/** Each row by itself. */
const each =
  (expression: (call: Call) => string): Tests[string] =>
  (call) =>
    untrue(call, expression(call));

const unfiltered = ({ arguments: given }: Call): boolean => given.row_condition === undefined;

const joined = (call: Call, argument: string, part: (item: string) => string): string =>
  listed(call, argument)
    .map(part)
    .join(call.arguments.match_on === 'all' ? ' AND ' : ' OR ');

const matches = (call: Call, pattern: string): string =>
  `regexp_matches(${call.column}, ${text(pattern)}, ${text(String(call.arguments.flags ?? ''))})`;

const quoted = (call: Call): boolean => call.arguments.quote_values !== false;

/** A table of the values of a list. */
function setOf(call: Call, type?: string): string {
  const values = Array.isArray(call.arguments.value_set) ? call.arguments.value_set : [];
  const selects = values.map((value) => {
    const sql = valueSql(value, quoted(call));
    return `SELECT ${type === undefined ? sql : `CAST(${sql} AS ${type})`} AS value`;
  });
  return `(${selects.join(' UNION ALL ')})`;
}

const distinctIn = (call: Call): string => `(SELECT DISTINCT ${call.column} AS value FROM ${call.model}${where(call)})`;
const allIn = (call: Call): string => `(SELECT ${call.column} AS value FROM ${call.model}${where(call)})`;
const textSet = (call: Call): string => setOf(call, quoted(call) ? 'VARCHAR' : undefined);

const repeatedKeys = (call: Call, columns: readonly string[]): string => {
  const key = columns.join(', ');
  return `SELECT ${key} FROM ${call.model} WHERE ${considered(call, columns)} GROUP BY ${key} HAVING count(*) > 1`;
};

/** Rows with something in the columns: in any, or in all where a single gap leaves a row out. */
function considered(call: Call, columns: readonly string[]): string {
  const joint = call.arguments.ignore_row_if === 'any_value_is_missing' ? ' OR ' : ' AND ';
  const gaps = `NOT (${columns.map((column) => `${column} IS NULL`).join(joint)})`;
  return unfiltered(call) ? gaps : `(${written(call, 'row_condition')}\n) AND ${gaps}`;
}

const columnsIn = (call: Call): readonly string[] =>
  listed(call, 'column_list').map((name) => (call.arguments.quote_columns === true ? identifier(name) : name));

const steady =
  (sign: '>' | '<'): Tests[string] =>
  (call) => {
    const { strictly, step } = call.arguments;
    const by = listed(call, 'group_by').join(', ');
    const sort = call.arguments.sort_column === undefined ? call.column : written(call, 'sort_column');
    const over = `(${by === '' ? '' : `PARTITION BY ${by} `}ORDER BY ${sort})`;
    const difference = sign === '>' ? 'value - before' : 'before - value';
    const stepped = step === undefined || step === 0 ? '' : ` AND ${difference} = ${step}`;
    return {
      rows: `SELECT * FROM (SELECT ${call.column} AS value, lag(${call.column}) OVER ${over} AS before FROM ${call.model}${where(call)}) WHERE before IS NOT NULL AND NOT (value ${sign}${strictly === false ? '=' : ''} before${stepped})`,
    };
  };

const dataColumns = (call: Call): readonly string[] =>
  call.data.source.columns.map(({ name }) => transformed(call, name));
const transformed = ({ arguments: given }: Call, name: string): string => {
  const { transform = 'upper' } = given;
  return transform === 'upper' ? name.toUpperCase() : transform === 'lower' ? name.toLowerCase() : name;
};

/** So many rows: what is known of the columns needs no look at data. */
const known = (count: number): Failing => ({ rows: `SELECT * FROM range(${count})`, known: count });

const wanted = (call: Call): readonly string[] => listed(call, 'column_list').map((name) => transformed(call, name));

const equalFigures = (call: Call, ours: string, theirs: string, model: string): Failing => {
  const { tolerance = 0, tolerance_percent: share } = call.arguments;
  const [by, otherBy] = [listed(call, 'group_by'), listed(call, 'compare_group_by')];
  const side = (from: string, figureOf: string, names: readonly string[], condition: string) => {
    const columns = names.map((name, index) => `${name} AS col_${index + 1}, `).join('');
    const groups = names.length === 0 ? '' : ` GROUP BY ${names.join(', ')}`;
    return `(SELECT ${columns}(${figureOf}\n) AS figure FROM ${from}${condition}${groups})`;
  };
  const condition = where(
    call,
    call.arguments.compare_row_condition === undefined ? 'row_condition' : 'compare_row_condition',
  );
  const a = side(call.model, ours, by, where(call));
  const b = side(model, theirs, otherBy.length > 0 ? otherBy : by, condition);
  const on = by.map((_, index) => `a.col_${index + 1} = b.col_${index + 1}`).join(' AND ');
  const both = by.length === 0 ? `${a} AS a CROSS JOIN ${b} AS b` : `${a} AS a FULL JOIN ${b} AS b ON ${on}`;
  const difference = 'abs(coalesce(a.figure, 0) - coalesce(b.figure, 0))';
  const broken = share ? `${difference} / nullif(a.figure * 1.0, 0) > ${share}` : `${difference} > ${tolerance}`;
  return { rows: `SELECT a.figure AS ours, b.figure AS theirs FROM ${both} WHERE ${broken}` };
};

const equalExpressions: Tests[string] = (call) => {
  const ours = written(call, 'expression');
  const theirs = call.arguments.compare_expression === undefined ? ours : written(call, 'compare_expression');
  return equalFigures(
    call,
    ours,
    theirs,
    call.arguments.compare_model === undefined ? call.model : call.other('compare_model'),
  );
};

const equalCounts: Tests[string] = (call) =>
  equalFigures(call, 'count(*)', `count(*) * ${call.arguments.factor ?? 1}`, call.other('compare_model'));

/** The tests of dbt_expectations 0.10, by its own words, with the SQL that it has for DuckDB. */
export const dbtExpectations: Tests = {
  equal_expression: equalExpressions,
  expression_between: (call) =>
    untrue(call, bounded(call, written(call, 'expression')), listed(call, 'group_by_columns')),
  expression_is_true: (call) =>
    untrue(
      call,
      written(call, 'expression'),
      listed(call, 'group_by_columns'),
      call.arguments.test_condition === undefined ? undefined : written(call, 'test_condition'),
    ),

  expect_column_to_exist: (call) => {
    const { column_index: index } = call.arguments;
    const place = dataColumns(call).indexOf(transformed(call, String(call.arguments.column_name)));
    const isThere = place >= 0 && (typeof index !== 'number' || index === 0 || place === index - 1);
    return known(isThere ? 0 : 1);
  },
  expect_table_column_count_to_be_between: (call) => {
    const count = call.data.source.columns.length;
    const { min_value: low = 0, max_value: high = Number.POSITIVE_INFINITY } = call.arguments;
    return known(count >= Number(low) && count <= Number(high) ? 0 : 1);
  },
  expect_table_column_count_to_equal: (call) => known(call.data.source.columns.length === call.arguments.value ? 0 : 1),
  expect_table_column_count_to_equal_other_table: (call) => ({
    rows: `SELECT 1 AS failing FROM (SELECT count(*) AS n FROM (DESCRIBE ${call.other('compare_model')})) WHERE n <> ${call.data.source.columns.length}`,
  }),
  expect_table_columns_to_contain_set: (call) => {
    const there = dataColumns(call);
    return known(wanted(call).filter((name) => !there.includes(name)).length);
  },
  expect_table_columns_to_not_contain_set: (call) => {
    const there = dataColumns(call);
    return known(wanted(call).filter((name) => there.includes(name)).length);
  },
  expect_table_columns_to_match_set: (call) => {
    const [there, names] = [dataColumns(call), wanted(call)];
    return known(
      names.filter((name) => !there.includes(name)).length + there.filter((name) => !names.includes(name)).length,
    );
  },
  expect_table_columns_to_match_ordered_list: (call) => {
    const [there, names] = [dataColumns(call), wanted(call)];
    return known(
      names.filter((name, index) => there[index] !== name).length +
        there.filter((name, index) => names[index] !== name).length,
    );
  },
  expect_table_row_count_to_be_between: figure(() => 'count(*)'),
  expect_table_row_count_to_equal: compared((call) => `count(*) = ${call.arguments.value}`),
  expect_table_row_count_to_equal_other_table: equalCounts,
  expect_table_row_count_to_equal_other_table_times_factor: equalCounts,
  expect_table_aggregation_to_equal_other_table: equalExpressions,
  expect_row_values_to_have_recent_data: (call) => {
    const newest = `SELECT max(CAST(${call.column} AS TIMESTAMP)) AS newest FROM ${call.model} WHERE CAST(${call.column} AS TIMESTAMP) <= TIMESTAMP '${nowIn(call)}'`;
    const condition = unfiltered(call) ? '' : ` AND (${written(call, 'row_condition')}\n)`;
    return {
      rows: `SELECT * FROM (${newest}${condition}) WHERE coalesce(newest, TIMESTAMP '1970-01-01') < ${momentsAgo(call)}`,
    };
  },

  expect_column_values_to_be_null: each(({ column }) => `${column} IS NULL`),
  expect_column_values_to_not_be_null: (call) => ({
    ...untrue(call, `${call.column} IS NOT NULL`),
    ...(call.field && unfiltered(call) ? { counted: rowsWith(call.field, `${call.field.stored} IS NULL`) } : {}),
  }),
  expect_column_values_to_be_unique: (call) => ({ rows: repeatedKeys(call, [call.column]) }),
  expect_column_values_to_have_consistent_casing: (call) => {
    const values = `(SELECT DISTINCT ${call.column} AS value FROM ${call.model})`;
    return call.arguments.display_inconsistent_columns === true
      ? { rows: `SELECT lower(value) AS value FROM ${values} GROUP BY 1 HAVING count(value) > 1` }
      : {
          rows: `SELECT * FROM (SELECT count(1) AS n, count(DISTINCT lower(value)) AS folded FROM ${values}) WHERE n <> folded`,
        };
  },
  expect_column_values_to_be_in_set: (call) => ({
    rows: `SELECT v.value FROM ${allIn(call)} AS v LEFT JOIN ${textSet(call)} AS s ON v.value = s.value WHERE s.value IS NULL`,
  }),
  expect_column_values_to_not_be_in_set: (call) => ({
    rows: `SELECT v.value FROM ${allIn(call)} AS v JOIN ${textSet(call)} AS s ON v.value = s.value`,
  }),
  expect_column_values_to_be_between: (call) => {
    const counted = unfiltered(call) ? outside(call, call.arguments.strictly !== true) : undefined;
    return { ...untrue(call, bounded(call, call.column)), ...(counted ? { counted } : {}) };
  },
  expect_column_values_to_be_increasing: steady('>'),
  expect_column_values_to_be_decreasing: steady('<'),

  expect_column_value_lengths_to_be_between: each((call) => bounded(call, `length(${call.column})`)),
  expect_column_value_lengths_to_equal: each((call) => `length(${call.column}) = ${call.arguments.value}`),
  expect_column_values_to_match_regex: each((call) => matches(call, written(call, 'regex'))),
  expect_column_values_to_not_match_regex: each((call) => `NOT ${matches(call, written(call, 'regex'))}`),
  expect_column_values_to_match_regex_list: each((call) =>
    joined(call, 'regex_list', (pattern) => matches(call, pattern)),
  ),
  expect_column_values_to_not_match_regex_list: each((call) =>
    joined(call, 'regex_list', (pattern) => `NOT ${matches(call, pattern)}`),
  ),
  expect_column_values_to_match_like_pattern: each(
    (call) => `${call.column} LIKE ${text(written(call, 'like_pattern'))}`,
  ),
  expect_column_values_to_not_match_like_pattern: each(
    (call) => `${call.column} NOT LIKE ${text(written(call, 'like_pattern'))}`,
  ),
  expect_column_values_to_match_like_pattern_list: each((call) =>
    joined(call, 'like_pattern_list', (pattern) => `${call.column} LIKE ${text(pattern)}`),
  ),
  expect_column_values_to_not_match_like_pattern_list: each((call) =>
    joined(call, 'like_pattern_list', (pattern) => `${call.column} NOT LIKE ${text(pattern)}`),
  ),

  expect_column_distinct_count_to_equal: compared((call) => `count(DISTINCT ${call.column}) = ${call.arguments.value}`),
  expect_column_distinct_count_to_be_greater_than: compared(
    (call) => `count(DISTINCT ${call.column}) > ${call.arguments.value}`,
  ),
  expect_column_distinct_count_to_be_less_than: compared(
    (call) => `count(DISTINCT ${call.column}) < ${call.arguments.value}`,
  ),
  expect_column_distinct_values_to_be_in_set: (call) => ({
    rows: `SELECT v.value FROM ${distinctIn(call)} AS v LEFT JOIN (SELECT DISTINCT value FROM ${setOf(call)}) AS s ON v.value = s.value WHERE s.value IS NULL`,
  }),
  expect_column_distinct_values_to_contain_set: (call) => ({
    rows: `SELECT s.value FROM (SELECT DISTINCT value FROM ${setOf(call)}) AS s LEFT JOIN ${distinctIn(call)} AS v ON s.value = v.value WHERE v.value IS NULL`,
  }),
  expect_column_distinct_values_to_equal_set: (call) => ({
    rows: `SELECT v.value FROM ${distinctIn(call)} AS v FULL JOIN (SELECT DISTINCT value FROM ${setOf(call)}) AS s ON v.value = s.value WHERE v.value IS NULL OR s.value IS NULL`,
  }),
  expect_column_distinct_count_to_equal_other_table: (call) =>
    equalFigures(
      call,
      `count(DISTINCT ${call.column})`,
      `count(DISTINCT ${written(call, 'compare_column_name')})`,
      call.other('compare_model'),
    ),
  expect_column_most_common_value_to_be_in_set: (call) => {
    const { data_type: type = 'decimal', top_n: rank } = call.arguments;
    const value = quoted(call) ? call.column : `CAST(${call.column} AS ${type})`;
    const ranked = `SELECT ${value} AS value, row_number() OVER (ORDER BY count(*) DESC) AS place FROM ${call.model}${where(call)} GROUP BY 1`;
    return {
      rows: `SELECT value FROM (${ranked}) WHERE place = ${rank} AND value NOT IN (SELECT value FROM ${setOf(call, quoted(call) ? undefined : String(type))})`,
    };
  },
  expect_column_min_to_be_between: figure((column) => `min(${column})`),
  expect_column_max_to_be_between: figure((column) => `max(${column})`),
  expect_column_mean_to_be_between: figure((column) => `avg(${column})`),
  expect_column_median_to_be_between: figure((column) => `quantile_cont(${column}, 0.5)`),
  expect_column_sum_to_be_between: figure((column) => `sum(${column})`),
  expect_column_stdev_to_be_between: figure((column) => `stddev(${column})`),
  expect_column_unique_value_count_to_be_between: figure((column) => `count(DISTINCT ${column})`),
  expect_column_proportion_of_unique_values_to_be_between: figure(
    (column) => `CAST(count(DISTINCT ${column}) AS FLOAT) / count(${column})`,
  ),
  expect_column_quantile_values_to_be_between: figure(
    (column, call) => `quantile_cont(${column}, ${call.arguments.quantile})`,
  ),

  expect_column_pair_values_A_to_be_greater_than_B: each(
    (call) =>
      `${written(call, 'column_A')} >${call.arguments.or_equal === true ? '=' : ''} ${written(call, 'column_B')}`,
  ),
  expect_column_pair_values_to_be_equal: each((call) => `${written(call, 'column_A')} = ${written(call, 'column_B')}`),
  expect_column_pair_values_to_be_in_set: each((call) => {
    const pairs = Array.isArray(call.arguments.value_pairs_set) ? call.arguments.value_pairs_set : [];
    return pairs
      .map(
        ([a, b]: readonly unknown[]) =>
          `(${written(call, 'column_A')} = ${String(a)} AND ${written(call, 'column_B')} = ${String(b)})`,
      )
      .join(' OR ');
  }),
  expect_compound_columns_to_be_unique: (call) => ({ rows: repeatedKeys(call, columnsIn(call)) }),
  expect_select_column_values_to_be_unique_within_record: (call) => {
    const columns = columnsIn(call);
    const different = `len(list_distinct([${columns.map((column) => `CAST(${column} AS VARCHAR)`).join(', ')}]))`;
    return {
      rows: `SELECT 1 AS failing FROM ${call.model} WHERE ${considered(call, columns)} AND ${different} < ${columns.length}`,
    };
  },
  expect_multicolumn_sum_to_equal: (call) => {
    const { sum_total: total } = call.arguments;
    const sum = listed(call, 'column_list')
      .map((column) => `sum(${column})`)
      .join(' + ');
    return untrue(
      call,
      `${sum} = ${typeof total === 'number' ? total : `sum(${String(total)})`}`,
      listed(call, 'group_by'),
    );
  },
  expect_column_values_to_be_within_n_stdevs: (call) => {
    const names = listed(call, 'group_by').join(', ');
    const by = names === '' ? '' : ` GROUP BY ${names}`;
    const { sigma_threshold: sigma = 3 } = call.arguments;
    const values = `(SELECT sum(${call.column}) AS value FROM ${call.model}${by})`;
    return {
      rows: `SELECT * FROM (SELECT value, avg(value) OVER () AS mean, stddev(value) OVER () AS deviation FROM ${values}) WHERE abs((value - mean) / nullif(deviation, 0)) > ${sigma}`,
    };
  },
};

const nowIn = ({ data }: Call): string => data.now.toISOString().replace('T', ' ').replace('Z', '');
