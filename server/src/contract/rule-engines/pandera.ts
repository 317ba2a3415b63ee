import type { Scalar } from '../../text/tree';
import { type Column, plainRule, type Rule } from '../model';
import { aliases, builtIn, checkOptions, PANDERA } from '../pandera';
import { ecmaOf } from '../python-pattern';
import type { Meaning, RuleEngine, Terms } from '../rule-engine';

/** Built-in checks of pandera, which leave nulls out, and what a schema says beside them. */
export const pandera: RuleEngine = {
  id: PANDERA,
  names: [PANDERA],
  meaningOf: (rule, _table, column): Meaning => {
    const { check, skipped, columns, ...parts } = partsOf(rule.implementation);
    if (skipped !== undefined) return { kind: check, skipped };
    if (check === 'field_uniqueness') return { kind: check, facts: { unique: true } };
    if (check === 'multiple_fields_uniqueness') return { kind: check, rule: uniqueTogether(rule, columns) };
    if (check === 'column_ordered') return { kind: check, skipped: 'Only a schema of pandera orders columns.' };
    const translate = Object.hasOwn(checks, check) ? checks[check] : undefined;
    if (!translate)
      return { kind: check, skipped: `"${check}" is no built-in check: only Python that registers it can run it.` };
    if (!column) return { kind: check, skipped: 'A check of the whole frame looks at every column: put it at each.' };
    if (parts.options.ignore_na === false) return { kind: check, skipped: 'With "ignore_na: false" nulls fail too.' };
    const { groupby } = parts.options;
    if (groupby !== undefined && groupby !== null)
      return {
        kind: check,
        complaint: `"${check}" takes no groups: with "groupby" it fails in pandera whatever the data.`,
      };
    const terms = translate(parts.given, rule, column);
    if (typeof terms === 'string') return { kind: check, skipped: terms };
    return terms ? { kind: check, ...terms } : { kind: check, complaint: `"${check}" lacks what it compares with.` };
  },
};

const uniqueTogether = (rule: Rule, properties: readonly string[]): Rule => ({
  ...plainRule('library', rule.node),
  metric: 'duplicateValues',
  arguments: { properties },
  operators: [{ keyword: 'mustBe', value: 0, node: rule.node }],
});

type Given = Readonly<Record<string, unknown>>;

const isMap = (value: unknown): value is Given => typeof value === 'object' && value !== null && !Array.isArray(value);

interface Parts {
  readonly check: string;
  /** The arguments by name. */
  readonly given: Given;
  readonly options: Given;
  readonly skipped: string | undefined;
  /** Of a key of the frame. */
  readonly columns: readonly string[];
  /** Which rows of a repeated key count: all, or all but one. */
  readonly report: string | undefined;
}

/** What stands under `implementation` of a rule of pandera. */
export function partsOf(implementation: unknown): Parts {
  const { check, given, skipped, columns, report } = isMap(implementation) ? implementation : ({} as Given);
  const word = typeof check === 'string' ? check : 'check';
  const name = Object.hasOwn(aliases, word) ? (aliases[word] ?? word) : word;
  const plain = isMap(given) ? given : { value: given };
  const isOption = (key: string) => key === 'options' || checkOptions.includes(key);
  const entries = Object.entries(plain);
  return {
    check: name,
    given: argumentsOf(name, Object.fromEntries(entries.filter(([key]) => !isOption(key)))),
    options: {
      ...Object.fromEntries(entries.filter(([key]) => isOption(key))),
      ...(isMap(plain.options) ? plain.options : {}),
    },
    skipped: typeof skipped === 'string' ? skipped : undefined,
    columns: Array.isArray(columns) ? columns.filter((column) => typeof column === 'string') : [],
    report: typeof report === 'string' ? report : undefined,
  };
}

/** A value alone is the first argument. */
function argumentsOf(check: string, given: Given): Given {
  const [first = 'value'] = builtIn[check] ?? [];
  const { value, ...others } = given;
  return value === undefined || first === 'value' || others[first] !== undefined
    ? given
    : { [first]: value, ...others };
}

/** Undefined when an argument is missing; a text says why it is not run. */
type Translate = (given: Given, rule: Rule, column: Column) => Pick<Terms, 'facts' | 'rule'> | string | undefined;

const expecting = (rule: Rule, type: string, kwargs: Readonly<Record<string, unknown>>): Pick<Terms, 'rule'> => ({
  rule: {
    ...plainRule('custom', rule.node),
    engine: 'greatExpectations',
    implementation: { type, kwargs },
    severity: rule.severity,
  },
});

const between = (rule: Rule, kwargs: Readonly<Record<string, unknown>>): Pick<Terms, 'rule'> =>
  expecting(rule, 'expect_column_values_to_be_between', kwargs);

const bound =
  (end: 'min_value' | 'max_value', isStrict: boolean, option: string): Translate =>
  (given, rule, { logicalType }) => {
    const value = given[end];
    if (value === undefined || value === null) return undefined;
    const isNumber = logicalType === 'integer' || logicalType === 'number';
    // A fact has no severity of its own.
    if (isNumber && typeof value === 'number' && rule.severity === undefined)
      return { facts: { options: { [option]: value } } };
    return between(rule, { [end]: value, ...(isStrict ? { [`strict_${end.slice(0, 3)}`]: true } : {}) });
  };

const inRange: Translate = ({ min_value, max_value, include_min, include_max }, rule) =>
  min_value === undefined || max_value === undefined
    ? undefined
    : between(rule, { min_value, max_value, strict_min: include_min === false, strict_max: include_max === false });

/** pandera takes a text as the letters in it. */
const listOf = (value: unknown): readonly Scalar[] | undefined =>
  typeof value === 'string' ? [...new Set(value)] : Array.isArray(value) ? value : undefined;

const amongst =
  (argument: string, type: string): Translate =>
  (given, rule) => {
    const value_set = listOf(given[argument]);
    return value_set && expecting(rule, type, { value_set });
  };

const isin: Translate = ({ allowed_values }, rule, { logicalType }) => {
  const values = listOf(allowed_values);
  const isText = logicalType === 'string' && values?.every((value) => typeof value === 'string');
  if (values && values.length > 0 && isText && rule.severity === undefined) return { facts: { values } };
  return values && expecting(rule, 'expect_column_values_to_be_in_set', { value_set: values });
};

const single =
  (type: string): Translate =>
  ({ value }, rule) =>
    value === undefined || value === null ? undefined : expecting(rule, type, { value_set: [value] });

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

const UNTRANSLATED = 'The pattern has a part that only regular expressions of Python know.';

const matching =
  (argument: string, patternOf: (text: string) => string | undefined): Translate =>
  (given) => {
    const text = given[argument];
    if (typeof text !== 'string') return undefined;
    const pattern = patternOf(text);
    return pattern === undefined ? UNTRANSLATED : { facts: { options: { pattern } } };
  };

const start = (pattern: string | undefined): string | undefined =>
  pattern === undefined ? undefined : `^(?:${pattern})`;

const length: Translate = ({ min_value, max_value, exact_value }, rule) => {
  const low = exact_value ?? min_value ?? undefined;
  const high = exact_value ?? max_value ?? undefined;
  if (low === undefined && high === undefined) return undefined;
  return expecting(rule, 'expect_column_value_lengths_to_be_between', {
    ...(low === undefined ? {} : { min_value: low }),
    ...(high === undefined ? {} : { max_value: high }),
  });
};

const checks: Readonly<Record<string, Translate>> = {
  equal_to: single('expect_column_values_to_be_in_set'),
  not_equal_to: single('expect_column_values_to_not_be_in_set'),
  greater_than: bound('min_value', true, 'exclusiveMinimum'),
  greater_than_or_equal_to: bound('min_value', false, 'minimum'),
  less_than: bound('max_value', true, 'exclusiveMaximum'),
  less_than_or_equal_to: bound('max_value', false, 'maximum'),
  in_range: inRange,
  isin,
  notin: amongst('forbidden_values', 'expect_column_values_to_not_be_in_set'),
  str_matches: matching('pattern', (text) => start(ecmaOf(text))),
  str_contains: matching('pattern', ecmaOf),
  str_startswith: matching('string', (text) => `^${escaped(text)}`),
  str_endswith: matching('string', (text) => `${escaped(text)}$`),
  str_length: length,
  unique_values_eq: amongst('values', 'expect_column_distinct_values_to_equal_set'),
};
