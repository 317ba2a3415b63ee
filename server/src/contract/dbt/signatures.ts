/** What an argument of a test must be. `bound` is a number or SQL, `sql` an expression, `model` another table. */
export type Kind =
  | 'bound'
  | 'count'
  | 'flag'
  | 'list'
  | 'model'
  | 'number'
  | 'pairs'
  | 'share'
  | 'sql'
  | 'text'
  | 'texts';

/** What a generic test of dbt or of a package takes. */
export interface Signature {
  /** What it stands at: a column gives `column_name`, which a test of a model may be given as an argument. */
  readonly domain: 'column' | 'model' | 'either';
  readonly takes: Readonly<Record<string, Kind>>;
  readonly needs: readonly string[];
  /** At least one of these is needed. */
  readonly needsOne?: readonly string[];
  /** The only values of an argument. */
  readonly words?: Readonly<Record<string, readonly string[]>>;
  /** Why Plumbline does not run it, where it does not. */
  readonly unrun?: string;
}

type Takes = Readonly<Record<string, Kind>>;
type More = Pick<Signature, 'needsOne' | 'words' | 'unrun'>;

const at =
  (domain: Signature['domain']) =>
  (needed: Takes = {}, optional: Takes = {}, more: More = {}): Signature => ({
    domain,
    takes: { ...needed, ...optional },
    needs: Object.keys(needed),
    ...more,
  });

const column = at('column');
const model = at('model');
const either = at('either');

const grouped: Takes = { group_by_columns: 'texts' };
const rows: Takes = { row_condition: 'sql' };
const grouping: Takes = { group_by: 'texts', ...rows };
const bounds: Takes = { min_value: 'bound', max_value: 'bound', strictly: 'flag' };
const bounded: More = { needsOne: ['min_value', 'max_value'] };
const compared: Takes = { ...grouping, compare_group_by: 'texts', compare_row_condition: 'sql' };
const set: Takes = { quote_values: 'flag', ...rows };
const columnsOfTable: Takes = { transform: 'text' };
const regex: Takes = { is_raw: 'flag', flags: 'text', ...rows };
const all: More = { words: { match_on: ['any', 'all'] } };
const compound: Takes = { quote_columns: 'flag', ignore_row_if: 'text', ...rows };
const ignoring: More = { words: { ignore_row_if: ['all_values_are_missing', 'any_value_is_missing'] } };
const parts: More = {
  words: { datepart: ['second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] },
};
const dated: More = { unrun: 'It counts by the dates on which it is run: run it with dbt.' };

/** The generic tests of dbt 1.10, dbt_utils 1.3 and dbt_expectations 0.10, with their arguments. */
const signatures: Readonly<Record<string, Signature>> = {
  unique: column(),
  not_null: column(),
  accepted_values: column({ values: 'list' }, { quote: 'flag' }),
  relationships: column({ to: 'model', field: 'text' }),

  'dbt_utils.accepted_range': column({}, { min_value: 'bound', max_value: 'bound', inclusive: 'flag' }),
  'dbt_utils.at_least_one': column({}, grouped),
  'dbt_utils.cardinality_equality': column({ to: 'model', field: 'text' }),
  'dbt_utils.equal_rowcount': model({ compare_model: 'model' }, grouped),
  'dbt_utils.equality': model(
    { compare_model: 'model' },
    { compare_columns: 'texts', exclude_columns: 'texts', precision: 'count' },
  ),
  'dbt_utils.expression_is_true': either({ expression: 'sql' }),
  'dbt_utils.fewer_rows_than': model({ compare_model: 'model' }, grouped),
  'dbt_utils.mutually_exclusive_ranges': model(
    { lower_bound_column: 'text', upper_bound_column: 'text' },
    { partition_by: 'text', gaps: 'text', zero_length_range_allowed: 'flag' },
    { words: { gaps: ['allowed', 'not_allowed', 'required'] } },
  ),
  'dbt_utils.not_accepted_values': column({ values: 'list' }, { quote: 'flag' }),
  'dbt_utils.not_constant': column({}, grouped),
  'dbt_utils.not_empty_string': column({}, { trim_whitespace: 'flag' }),
  'dbt_utils.not_null_proportion': column({ at_least: 'share' }, { at_most: 'share', ...grouped }),
  'dbt_utils.recency': model(
    { field: 'text', datepart: 'text', interval: 'count' },
    { ignore_time_component: 'flag', ...grouped },
    parts,
  ),
  'dbt_utils.relationships_where': column(
    { to: 'model', field: 'text' },
    { from_condition: 'sql', to_condition: 'sql' },
  ),
  'dbt_utils.sequential_values': column({}, { interval: 'number', datepart: 'text', ...grouped }, parts),
  'dbt_utils.unique_combination_of_columns': model({ combination_of_columns: 'texts' }, { quote_columns: 'flag' }),

  ...inPackage('dbt_expectations', {
    equal_expression: model(
      { expression: 'sql' },
      {
        compare_model: 'model',
        compare_expression: 'sql',
        ...compared,
        tolerance: 'number',
        tolerance_percent: 'number',
      },
    ),
    expression_between: model({ expression: 'sql' }, { ...bounds, ...grouped, ...rows }, bounded),
    expression_is_true: model({ expression: 'sql' }, { test_condition: 'sql', ...grouped, ...rows }),

    expect_column_to_exist: column({}, { column_index: 'count', transform: 'text' }),
    expect_table_column_count_to_be_between: model({}, { min_value: 'number', max_value: 'number' }, bounded),
    expect_table_column_count_to_equal: model({ value: 'number' }),
    expect_table_column_count_to_equal_other_table: model({ compare_model: 'model' }),
    expect_table_columns_to_contain_set: model({ column_list: 'texts' }, columnsOfTable),
    expect_table_columns_to_not_contain_set: model({ column_list: 'texts' }, columnsOfTable),
    expect_table_columns_to_match_set: model({ column_list: 'texts' }, columnsOfTable),
    expect_table_columns_to_match_ordered_list: model({ column_list: 'texts' }, columnsOfTable),
    expect_table_row_count_to_be_between: model({}, { ...bounds, ...grouping }, bounded),
    expect_table_row_count_to_equal: model({ value: 'number' }, grouping),
    expect_table_row_count_to_equal_other_table: model({ compare_model: 'model' }, { ...compared, factor: 'number' }),
    expect_table_row_count_to_equal_other_table_times_factor: model(
      { compare_model: 'model', factor: 'number' },
      compared,
    ),
    expect_table_aggregation_to_equal_other_table: model(
      { expression: 'sql', compare_model: 'model' },
      { compare_expression: 'sql', ...compared, tolerance: 'number', tolerance_percent: 'number' },
    ),
    expect_row_values_to_have_recent_data: column({ datepart: 'text', interval: 'count' }, rows, parts),
    expect_grouped_row_values_to_have_recent_data: model(
      { group_by: 'texts', timestamp_column: 'text', datepart: 'text', interval: 'count' },
      rows,
      dated,
    ),
    expect_row_values_to_have_data_for_every_n_datepart: model(
      { date_col: 'text' },
      {
        date_part: 'text',
        interval: 'count',
        exclusion_condition: 'sql',
        test_start_date: 'text',
        test_end_date: 'text',
        ...rows,
      },
      dated,
    ),

    expect_column_values_to_be_null: column({}, rows),
    expect_column_values_to_not_be_null: column({}, rows),
    expect_column_values_to_be_unique: column({}, rows),
    expect_column_values_to_be_of_type: column(
      { column_type: 'text' },
      {},
      {
        unrun:
          'It compares the words of the warehouse for types, which files do not have: declare "data_type" instead.',
      },
    ),
    expect_column_values_to_be_in_type_list: column(
      { column_type_list: 'texts' },
      {},
      {
        unrun:
          'It compares the words of the warehouse for types, which files do not have: declare "data_type" instead.',
      },
    ),
    expect_column_values_to_have_consistent_casing: column({}, { display_inconsistent_columns: 'flag' }),
    expect_column_values_to_be_in_set: column({ value_set: 'list' }, set),
    expect_column_values_to_not_be_in_set: column({ value_set: 'list' }, set),
    expect_column_values_to_be_between: column({}, { ...bounds, ...rows }, bounded),
    expect_column_values_to_be_increasing: column({}, increasing()),
    expect_column_values_to_be_decreasing: column({}, increasing()),

    expect_column_value_lengths_to_be_between: column({}, { ...bounds, ...rows }, bounded),
    expect_column_value_lengths_to_equal: column({ value: 'number' }, rows),
    expect_column_values_to_match_regex: column({ regex: 'text' }, regex),
    expect_column_values_to_not_match_regex: column({ regex: 'text' }, regex),
    expect_column_values_to_match_regex_list: column({ regex_list: 'texts' }, { match_on: 'text', ...regex }, all),
    expect_column_values_to_not_match_regex_list: column({ regex_list: 'texts' }, { match_on: 'text', ...regex }, all),
    expect_column_values_to_match_like_pattern: column({ like_pattern: 'text' }, rows),
    expect_column_values_to_not_match_like_pattern: column({ like_pattern: 'text' }, rows),
    expect_column_values_to_match_like_pattern_list: column(
      { like_pattern_list: 'texts' },
      { match_on: 'text', ...rows },
      all,
    ),
    expect_column_values_to_not_match_like_pattern_list: column(
      { like_pattern_list: 'texts' },
      { match_on: 'text', ...rows },
      all,
    ),

    expect_column_distinct_count_to_equal: column({ value: 'number' }, grouping),
    expect_column_distinct_count_to_be_greater_than: column({ value: 'number' }, grouping),
    expect_column_distinct_count_to_be_less_than: column({ value: 'number' }, grouping),
    expect_column_distinct_values_to_be_in_set: column({ value_set: 'list' }, set),
    expect_column_distinct_values_to_contain_set: column({ value_set: 'list' }, set),
    expect_column_distinct_values_to_equal_set: column({ value_set: 'list' }, set),
    expect_column_distinct_count_to_equal_other_table: column(
      { compare_model: 'model', compare_column_name: 'text' },
      { compare_row_condition: 'sql', ...rows },
    ),
    expect_column_most_common_value_to_be_in_set: column(
      { value_set: 'list', top_n: 'count' },
      { data_type: 'text', ...set },
    ),
    expect_column_min_to_be_between: column({}, { ...bounds, ...grouping }, bounded),
    expect_column_max_to_be_between: column({}, { ...bounds, ...grouping }, bounded),
    expect_column_mean_to_be_between: column({}, { ...bounds, ...grouping }, bounded),
    expect_column_median_to_be_between: column({}, { ...bounds, ...grouping }, bounded),
    expect_column_sum_to_be_between: column({}, { ...bounds, ...grouping }, bounded),
    expect_column_stdev_to_be_between: column({}, { ...bounds, ...grouping }, bounded),
    expect_column_unique_value_count_to_be_between: column({}, { ...bounds, ...grouping }, bounded),
    expect_column_proportion_of_unique_values_to_be_between: column({}, { ...bounds, ...grouping }, bounded),
    expect_column_quantile_values_to_be_between: column({ quantile: 'share' }, { ...bounds, ...grouping }, bounded),

    expect_column_pair_values_A_to_be_greater_than_B: model(
      { column_A: 'sql', column_B: 'sql' },
      { or_equal: 'flag', ...rows },
    ),
    expect_column_pair_values_to_be_equal: model({ column_A: 'sql', column_B: 'sql' }, rows),
    expect_column_pair_values_to_be_in_set: model({ column_A: 'sql', column_B: 'sql', value_pairs_set: 'pairs' }, rows),
    expect_compound_columns_to_be_unique: model({ column_list: 'texts' }, compound, ignoring),
    expect_select_column_values_to_be_unique_within_record: model({ column_list: 'texts' }, compound, ignoring),
    expect_multicolumn_sum_to_equal: model({ column_list: 'texts', sum_total: 'bound' }, grouping),

    expect_column_values_to_be_within_n_stdevs: column({}, { sigma_threshold: 'number', group_by: 'texts' }),
    expect_column_values_to_be_within_n_moving_stdevs: column(
      { date_column_name: 'text' },
      {
        group_by: 'texts',
        period: 'text',
        lookback_periods: 'count',
        trend_periods: 'count',
        test_periods: 'count',
        sigma_threshold: 'number',
        sigma_threshold_upper: 'number',
        sigma_threshold_lower: 'number',
        take_diffs: 'flag',
        take_logs: 'flag',
      },
      dated,
    ),
  }),
};

function increasing(): Takes {
  return { sort_column: 'text', strictly: 'flag', step: 'number', ...grouping };
}

function inPackage(name: string, tests: Readonly<Record<string, Signature>>): Readonly<Record<string, Signature>> {
  return Object.fromEntries(Object.entries(tests).map(([test, signature]) => [`${name}.${test}`, signature]));
}

/** Undefined for a test that neither dbt nor one of the two packages has: another package's, the project's own, or a slip. */
export const signatureOf = (name: string): Signature | undefined =>
  Object.hasOwn(signatures, name) ? signatures[name] : undefined;

/** With the package before the name, where it is not dbt's own. */
export const testNames: readonly string[] = Object.keys(signatures);
