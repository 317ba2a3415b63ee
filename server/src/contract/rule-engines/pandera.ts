import type { Scalar } from '../../text/tree';
import { plainRule, type Rule } from '../model';
import { ecmaOf } from '../python-pattern';
import type { Meaning, RuleEngine, Terms } from '../rule-engine';

/** Built-in checks of pandera, which leave nulls out. */
export const pandera: RuleEngine = {
  id: 'pandera',
  names: ['pandera'],
  meaningOf: (rule, _table, column): Meaning => {
    const { check, given, skipped } = partsOf(rule.implementation);
    if (skipped !== undefined) return { kind: check, skipped };
    const translate = Object.hasOwn(checks, check) ? checks[check] : undefined;
    if (!translate)
      return { kind: check, skipped: `"${check}" is no built-in check: only Python that registers it can run it.` };
    if (!column) return { kind: check, skipped: 'A check of the whole frame looks at every column: put it at each.' };
    if (given.options?.ignore_na === false) return { kind: check, skipped: 'With "ignore_na: false" nulls fail too.' };
    const terms = translate(given, rule);
    return terms ? { kind: check, ...terms } : { kind: check, complaint: `"${check}" lacks what it compares with.` };
  },
};

type Given = Readonly<Record<string, unknown>> & { readonly options?: Readonly<Record<string, unknown>> };

const isMap = (value: unknown): value is Given => typeof value === 'object' && value !== null && !Array.isArray(value);

interface Parts {
  readonly check: string;
  readonly given: Given;
  readonly skipped: string | undefined;
}

/** A check that is written with its value alone is one with `value`. */
function partsOf(implementation: unknown): Parts {
  const { check, given, skipped } = isMap(implementation) ? implementation : ({} as Given);
  return {
    check: typeof check === 'string' ? check : 'check',
    given: isMap(given) ? given : { value: given },
    skipped: typeof skipped === 'string' ? skipped : undefined,
  };
}

/** Undefined when an argument is missing. */
type Translate = (given: Given, rule: Rule) => Pick<Terms, 'facts' | 'rule'> | undefined;

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
  (end: 'min_value' | 'max_value', isStrict: boolean): Translate =>
  (given, rule) => {
    const value = given.value ?? given[end];
    if (value === undefined || value === null) return undefined;
    return between(rule, { [end]: value, ...(isStrict ? { [`strict_${end.slice(0, 3)}`]: true } : {}) });
  };

const inRange: Translate = ({ min_value, max_value, include_min, include_max }, rule) =>
  min_value === undefined || max_value === undefined
    ? undefined
    : between(rule, { min_value, max_value, strict_min: include_min === false, strict_max: include_max === false });

const listOf = (...candidates: readonly unknown[]): readonly Scalar[] | undefined =>
  candidates.find((value): value is readonly Scalar[] => Array.isArray(value));

const amongst =
  (argument: string, type: string): Translate =>
  (given, rule) => {
    const value_set = listOf(given.value, given[argument]);
    return value_set && expecting(rule, type, { value_set });
  };

const single =
  (type: string): Translate =>
  ({ value }, rule) =>
    value === undefined || value === null ? undefined : expecting(rule, type, { value_set: [value] });

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

const matching =
  (argument: string, patternOf: (text: string) => string | undefined): Translate =>
  (given) => {
    const text = given.value ?? given[argument];
    const pattern = typeof text === 'string' ? patternOf(text) : undefined;
    return pattern === undefined ? undefined : { facts: { options: { pattern } } };
  };

const start = (pattern: string | undefined): string | undefined => pattern && `^(?:${pattern})`;

const length: Translate = ({ min_value, max_value, exact_value, value }, rule) => {
  const low = exact_value ?? value ?? min_value ?? undefined;
  const high = exact_value ?? value ?? max_value ?? undefined;
  if (low === undefined && high === undefined) return undefined;
  return expecting(rule, 'expect_column_value_lengths_to_be_between', {
    ...(low === undefined ? {} : { min_value: low }),
    ...(high === undefined ? {} : { max_value: high }),
  });
};

const checks: Readonly<Record<string, Translate>> = {
  equal_to: single('expect_column_values_to_be_in_set'),
  not_equal_to: single('expect_column_values_to_not_be_in_set'),
  greater_than: bound('min_value', true),
  greater_than_or_equal_to: bound('min_value', false),
  less_than: bound('max_value', true),
  less_than_or_equal_to: bound('max_value', false),
  in_range: inRange,
  isin: amongst('allowed_values', 'expect_column_values_to_be_in_set'),
  notin: amongst('forbidden_values', 'expect_column_values_to_not_be_in_set'),
  str_matches: matching('pattern', (text) => start(ecmaOf(text))),
  str_contains: matching('pattern', ecmaOf),
  str_startswith: matching('string', (text) => `^${escaped(text)}`),
  str_endswith: matching('string', (text) => `${escaped(text)}$`),
  str_length: length,
  unique_values_eq: amongst('values', 'expect_column_distinct_values_to_equal_set'),
};
