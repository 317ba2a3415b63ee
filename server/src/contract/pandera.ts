/** The dialect's id, and the engine of its rules. */
export const PANDERA = 'pandera';

/** Short names of checks. */
export const aliases: Readonly<Record<string, string>> = {
  eq: 'equal_to',
  ne: 'not_equal_to',
  gt: 'greater_than',
  ge: 'greater_than_or_equal_to',
  lt: 'less_than',
  le: 'less_than_or_equal_to',
  between: 'in_range',
};

/** The built-in checks of pandera 0.35, each with its arguments in their order: the first is what a lone value means. */
export const builtIn: Readonly<Record<string, readonly string[]>> = {
  equal_to: ['value'],
  not_equal_to: ['value'],
  greater_than: ['min_value'],
  greater_than_or_equal_to: ['min_value'],
  less_than: ['max_value'],
  less_than_or_equal_to: ['max_value'],
  in_range: ['min_value', 'max_value', 'include_min', 'include_max'],
  isin: ['allowed_values'],
  notin: ['forbidden_values'],
  str_matches: ['pattern'],
  str_contains: ['pattern'],
  str_startswith: ['string'],
  str_endswith: ['string'],
  str_length: ['min_value', 'max_value', 'exact_value'],
  unique_values_eq: ['values'],
};

/** Whether pandera knows the check without Python that registers it. */
export const isCheck = (name: string): boolean => Object.hasOwn(builtIn, name) || Object.hasOwn(aliases, name);

/** Options of a check, which stand under `options`, or beside its arguments where it is a key of its column. */
export const checkOptions: readonly string[] = [
  'check_name',
  'ignore_na',
  'raise_warning',
  'n_failure_cases',
  'groupby',
  'groups',
  'error',
  'name',
];
