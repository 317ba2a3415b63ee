import { didYouMean, meantBy } from '../text/nearest';
import { plain } from '../text/tree';
import { parseYaml } from '../text/yaml';

/** What an argument of an expectation must be. `bound` is a number, or a text that is a moment or is compared as text. */
export type Kind =
  | 'number'
  | 'count'
  | 'flag'
  | 'text'
  | 'texts'
  | 'list'
  | 'pairs'
  | 'bound'
  | 'share'
  | 'map'
  | 'any';

/** What an expectation looks at, which says how it names its columns. */
export type Domain = 'column' | 'pair' | 'columns' | 'table';

/** What Great Expectations says of one type of expectation. */
export interface Signature {
  readonly domain: Domain;
  readonly takes: Readonly<Record<string, Kind>>;
  readonly needs: readonly string[];
  /** Why Plumbline does not run it, where it does not. */
  readonly unrun?: string;
}

/** Arguments that every expectation takes, beside those of what it looks at. */
const common: Readonly<Record<string, Kind>> = {
  batch_id: 'any',
  catch_exceptions: 'any',
  condition_parser: 'any',
  description: 'any',
  include_config: 'any',
  meta: 'any',
  notes: 'any',
  result_format: 'any',
  row_condition: 'any',
  severity: 'any',
  windows: 'any',
  auto: 'any',
  profiler_config: 'any',
};

const ofDomain: Readonly<Record<Domain, Readonly<Record<string, Kind>>>> = {
  column: { column: 'text' },
  pair: { column_A: 'text', column_B: 'text', ignore_row_if: 'text' },
  columns: { column_list: 'texts', ignore_row_if: 'text' },
  table: {},
};

const neededBy: Readonly<Record<Domain, readonly string[]>> = {
  column: ['column'],
  pair: ['column_A', 'column_B'],
  columns: ['column_list'],
  table: [],
};

const between = { min_value: 'bound', max_value: 'bound', strict_min: 'flag', strict_max: 'flag' } as const;
const amounts = { min_value: 'number', max_value: 'number', strict_min: 'flag', strict_max: 'flag' } as const;
/** 0.18: texts of the column and of the bounds are read as moments. */
const moments = { parse_strings_as_datetimes: 'flag' } as const;

const of =
  (domain: Domain) =>
  (
    takes: Readonly<Record<string, Kind>> = {},
    needs: readonly string[] = Object.keys(takes),
    unrun?: string,
  ): Signature => ({
    domain,
    takes: { ...common, ...ofDomain[domain], ...takes },
    needs: [...neededBy[domain], ...needs],
    ...(unrun === undefined ? {} : { unrun }),
  });

/** An expectation about single values, of which a share may fail. */
const map =
  (domain: Domain) =>
  (takes: Readonly<Record<string, Kind>> = {}, needs: readonly string[] = Object.keys(takes), unrun?: string) =>
    of(domain)({ mostly: 'share', ...takes }, needs, unrun);

const values = map('column');
const figure = of('column');
const table = of('table');
const gone = 'Great Expectations itself has no implementation of it any more.';

/** The core expectations of Great Expectations 1.24 and 0.18, with the arguments of both. */
const signatures: Readonly<Record<string, Signature>> = {
  expect_column_values_to_not_be_null: values(),
  expect_column_values_to_be_null: values(),
  expect_column_values_to_be_unique: values(),
  expect_column_values_to_be_between: values({ ...between, ...moments, allow_cross_type_comparisons: 'flag' }, []),
  expect_column_values_to_be_in_set: values({ value_set: 'list', ...moments }, ['value_set']),
  expect_column_values_to_not_be_in_set: values({ value_set: 'list', ...moments }, ['value_set']),
  expect_column_value_lengths_to_be_between: values(amounts, []),
  expect_column_value_lengths_to_equal: values({ value: 'number' }),
  expect_column_values_to_match_regex: values({ regex: 'text' }),
  expect_column_values_to_not_match_regex: values({ regex: 'text' }),
  expect_column_values_to_match_regex_list: values({ regex_list: 'texts', match_on: 'text' }, ['regex_list']),
  expect_column_values_to_not_match_regex_list: values({ regex_list: 'texts' }),
  expect_column_values_to_match_like_pattern: values({ like_pattern: 'text', escape: 'text' }, ['like_pattern']),
  expect_column_values_to_not_match_like_pattern: values({ like_pattern: 'text', escape: 'text' }, ['like_pattern']),
  expect_column_values_to_match_like_pattern_list: values(
    { like_pattern_list: 'texts', match_on: 'text', escape: 'text' },
    ['like_pattern_list'],
  ),
  expect_column_values_to_not_match_like_pattern_list: values({ like_pattern_list: 'texts', escape: 'text' }, [
    'like_pattern_list',
  ]),
  expect_column_values_to_match_strftime_format: values({ strftime_format: 'text' }),
  expect_column_values_to_be_dateutil_parseable: values(),
  expect_column_values_to_be_json_parseable: values(),
  expect_column_values_to_match_json_schema: values({ json_schema: 'map' }),
  expect_column_values_to_be_of_type: values({ type_: 'text' }),
  expect_column_values_to_be_in_type_list: values({ type_list: 'texts' }),
  expect_column_values_to_be_increasing: values({ strictly: 'flag', ...moments }, []),
  expect_column_values_to_be_decreasing: values({ strictly: 'flag', ...moments }, []),
  expect_column_value_z_scores_to_be_less_than: values({ threshold: 'number', double_sided: 'flag' }, ['threshold']),
  expect_column_values_to_not_be_outliers: values({ method: 'text', multiplier: 'number' }, []),
  expect_column_min_to_be_between: figure({ ...between, ...moments }, []),
  expect_column_max_to_be_between: figure({ ...between, ...moments }, []),
  expect_column_mean_to_be_between: figure(amounts, []),
  expect_column_median_to_be_between: figure(amounts, []),
  expect_column_sum_to_be_between: figure(amounts, []),
  expect_column_stdev_to_be_between: figure(amounts, []),
  expect_column_unique_value_count_to_be_between: figure(amounts, []),
  expect_column_proportion_of_unique_values_to_be_between: figure(amounts, []),
  expect_column_proportion_of_non_null_values_to_be_between: figure(amounts, []),
  expect_column_quantile_values_to_be_between: figure({ quantile_ranges: 'map', allow_relative_error: 'any' }, [
    'quantile_ranges',
  ]),
  expect_column_distinct_values_to_be_in_set: figure({ value_set: 'list', ...moments }, ['value_set']),
  expect_column_distinct_values_to_contain_set: figure({ value_set: 'list', ...moments }, ['value_set']),
  expect_column_distinct_values_to_equal_set: figure({ value_set: 'list', ...moments }, ['value_set']),
  expect_column_most_common_value_to_be_in_set: figure({ value_set: 'list', ties_okay: 'flag' }, ['value_set']),
  expect_column_kl_divergence_to_be_less_than: figure(
    {
      partition_object: 'map',
      threshold: 'number',
      tail_weight_holdout: 'number',
      internal_weight_holdout: 'number',
      bucketize_data: 'flag',
      min_value: 'any',
      max_value: 'any',
    },
    [],
  ),
  expect_column_bootstrapped_ks_test_p_value_to_be_greater_than: figure({}, [], gone),
  expect_column_chisquare_test_p_value_to_be_greater_than: figure({}, [], gone),
  expect_column_parameterized_distribution_ks_test_p_value_to_be_greater_than: figure({}, [], gone),
  expect_column_pair_cramers_phi_value_to_be_less_than: of('pair')({}, [], gone),
  expect_column_pair_values_to_be_equal: map('pair')(),
  expect_column_pair_values_a_to_be_greater_than_b: map('pair')(
    { or_equal: 'flag', ...moments, allow_cross_type_comparisons: 'flag' },
    [],
  ),
  expect_column_pair_values_to_be_in_set: map('pair')({ value_pairs_set: 'pairs' }),
  expect_compound_columns_to_be_unique: map('columns')(),
  expect_select_column_values_to_be_unique_within_record: map('columns')(),
  expect_multicolumn_values_to_be_unique: map('columns')(),
  expect_multicolumn_values_to_be_equal: map('columns')(),
  expect_multicolumn_sum_to_equal: map('columns')({ sum_total: 'number' }),
  expect_column_to_exist: table({ column: 'text', column_index: 'count' }, ['column']),
  expect_column_type_to_be: table({ column: 'text', type_: 'text' }),
  expect_table_columns_to_match_ordered_list: table({ column_list: 'texts' }),
  expect_table_columns_to_match_set: table({ column_set: 'texts', exact_match: 'flag' }, ['column_set']),
  expect_table_column_count_to_equal: table({ value: 'number' }),
  expect_table_column_count_to_be_between: table(amounts, []),
  expect_table_row_count_to_equal: table({ value: 'number' }),
  expect_table_row_count_to_be_between: table(amounts, []),
  expect_table_row_count_to_equal_other_table: table({ other_table_name: 'text' }),
  unexpected_rows_expectation: table({ unexpected_rows_query: 'text' }),
  expect_query_results_to_match_comparison: table(
    { base_query: 'text', comparison_data_source_name: 'text', comparison_query: 'text', mostly: 'share' },
    [],
    'It compares with another data source of Great Expectations, which Plumbline cannot reach.',
  ),
};

/** Undefined for a type that is none of the core's: a plug-in's, or a slip. */
export const signatureOf = (type: string): Signature | undefined =>
  Object.hasOwn(signatures, type) ? signatures[type] : undefined;

export const expectationTypes: readonly string[] = Object.keys(signatures);

/** One expectation, in the words of 1.x whatever version wrote it. */
export interface Expectation {
  readonly type: string;
  readonly kwargs: Readonly<Record<string, unknown>>;
}

/**
 * Reads what a custom rule of the engine holds: the object itself, or its YAML or JSON as a text. A text about what is
 * wrong when it is no expectation. `column` is the one that the rule stands on.
 */
export function expectationOf(implementation: unknown, column: string | undefined): Expectation | string {
  const given = typeof implementation === 'string' ? plain(parseYaml(implementation).root) : implementation;
  const example = 'Write "implementation: {type: expect_column_values_to_not_be_null, kwargs: {…}}".';
  if (!isMap(given)) return `A rule of Great Expectations holds one expectation. ${example}`;
  const type = given.type ?? given.expectation_type;
  if (typeof type !== 'string') return `The expectation says no type. ${example}`;
  const known = signatureOf(type);
  const kwargs = isMap(given.kwargs) ? given.kwargs : {};
  const own = Object.entries(kwargs).map(([name, value]) => [known ? inSnakeCase(name, known) : name, value] as const);
  const standsOn = known?.takes.column && column !== undefined ? { column } : {};
  // GX takes a null for an argument that is left out.
  const written = Object.fromEntries(own.filter(([, value]) => value !== null && value !== undefined));
  return { type, kwargs: { ...standsOn, ...written } };
}

/** The example in ODCS's own text writes `minValue`. */
function inSnakeCase(name: string, { takes }: Signature): string {
  if (name in takes) return name;
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return snake in takes ? snake : name;
}

/** Whether a rule's `engine` is Great Expectations, however it is spelt. */
export const isGreatExpectations = (engine: string | undefined): boolean =>
  engine !== undefined && /^(great[-_ ]?expectations?|gx)$/i.test(engine.trim());

export const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is wrong with an argument of an expectation or of a test, or with the whole when `argument` is undefined. */
export interface Complaint {
  readonly argument: string | undefined;
  readonly message: string;
  /** The argument that was meant. */
  readonly meant?: string;
}

interface Form {
  readonly is: string;
  holds(value: unknown): boolean;
}

const isNumber = (value: unknown): boolean => typeof value === 'number' || typeof value === 'bigint';
const isListOf = (value: unknown, holds: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(holds);

const forms: Readonly<Record<Kind, Form>> = {
  number: { is: 'a number', holds: isNumber },
  count: { is: 'a whole number', holds: (value) => Number.isInteger(Number(value)) && isNumber(value) },
  flag: { is: 'true or false', holds: (value) => typeof value === 'boolean' },
  text: { is: 'a text', holds: (value) => typeof value === 'string' && value !== '' },
  texts: {
    is: 'a list of texts',
    holds: (value) => Array.isArray(value) && value.length > 0 && isListOf(value, (item) => typeof item === 'string'),
  },
  list: { is: 'a list of values', holds: Array.isArray },
  pairs: {
    is: 'a list of pairs',
    holds: (value) => isListOf(value, (pair) => Array.isArray(pair) && pair.length === 2),
  },
  bound: { is: 'a number or a text', holds: (value) => isNumber(value) || typeof value === 'string' },
  share: {
    is: 'a number from 0 to 1',
    holds: (value) => typeof value === 'number' && value >= 0 && value <= 1,
  },
  map: { is: 'an object', holds: isMap },
  any: { is: '', holds: () => true },
};

/** A value that GX fills in when it runs: `{$PARAMETER: name}`. */
export const isParameter = (value: unknown): boolean => isMap(value) && '$PARAMETER' in value;

/** All that is wrong with an expectation of a known type, worst first. */
export function complaintsOf({ type, kwargs }: Expectation, { takes, needs }: Signature): readonly Complaint[] {
  const missing = needs
    .filter((name) => kwargs[name] === undefined)
    .map((name) => ({ argument: undefined, message: `${type} needs the argument "${name}".` }));
  const wrong = Object.entries(kwargs).flatMap(([argument, value]): readonly Complaint[] => {
    const form = Object.hasOwn(takes, argument) ? takes[argument] : undefined;
    if (form === undefined) return [unknown(type, argument, Object.keys(takes))];
    if (isParameter(value) || forms[form].holds(value)) return [];
    return [{ argument, message: `"${argument}" of ${type} must be ${forms[form].is}, not ${JSON.stringify(value)}.` }];
  });
  return wrong.some(({ meant }) => meant) ? wrong : [...missing, ...wrong, ...contradictions(type, kwargs, takes)];
}

function unknown(type: string, argument: string, takes: readonly string[]): Complaint {
  const meant = meantBy(argument, takes);
  return {
    argument,
    message: `${type} has no argument "${argument}".${didYouMean(meant)}`,
    ...(meant[0] === undefined ? {} : { meant: meant[0] }),
  };
}

function contradictions(
  type: string,
  { min_value: low, max_value: high, strict_min, strict_max }: Expectation['kwargs'],
  takes: Signature['takes'],
): readonly Complaint[] {
  if (takes.min_value === undefined || takes.min_value === 'any') return [];
  if (low === undefined && high === undefined) {
    return [{ argument: undefined, message: `${type} needs "min_value" or "max_value".` }];
  }
  if (low === undefined || high === undefined || isParameter(low) || isParameter(high)) return [];
  if (typeof low !== typeof high) {
    return [
      { argument: 'max_value', message: `"min_value" and "max_value" of ${type} cannot be compared: one is a text.` },
    ];
  }
  if ((low as number | string) > (high as number | string)) {
    return [
      { argument: 'min_value', message: `"min_value" of ${type} is greater than "max_value", so no value fits.` },
    ];
  }
  return low === high && (strict_min === true || strict_max === true)
    ? [{ argument: 'min_value', message: `The bounds of ${type} are equal and one is strict, so no value fits.` }]
    : [];
}
