import type { Scalar, ScalarNode } from '../../text/tree';
import { signatureOf } from '../dbt/signatures';
import { isSharedPattern, negated, wholeKey } from '../dbt/sql';
import { complaintsOf, type DbtTest, jinjaIn, modelNamed, testOf, thresholdOf, unknownTest } from '../dbt/test';
import { figures, operatorsIn } from '../expectation-terms';
import type { Rule, Table } from '../model';
import type { RuleEngine, Terms } from '../rule-engine';

export { isSharedPattern, wholeKey } from '../dbt/sql';

/**
 * For conversions: Plumbline runs the tests themselves, since dbt counts in its own way. Those that count otherwise in
 * ODCS, or have two limits, stay tests of dbt.
 */
export const dbt: RuleEngine = {
  id: 'dbt',
  names: ['dbt'],
  meaningOf: (rule, _table: Table, column) => {
    const test = testOf(rule.implementation);
    if (typeof test === 'string') return { kind: 'custom', complaint: test };
    const { name, arguments: given, config } = test;
    const path = typeof given.column_name === 'string' ? { column: given.column_name } : {};
    if (config.enabled === false) return { kind: name, skipped: 'It is switched off by "enabled: false".', ...path };
    const signature = signatureOf(name);
    if (!signature) return { kind: name, skipped: unknownTest(name).message, ...path };
    const isModel = ([argument]: readonly [string, unknown]) => signature.takes[argument] === 'model';
    const jinja = jinjaIn([Object.entries(given).filter((entry) => !isModel(entry)), config]);
    if (jinja !== undefined) return { kind: name, skipped: `${jinja} is computed by dbt when it runs.`, ...path };
    const [complaint] = complaintsOf(test, signature, column?.path);
    if (complaint) return { kind: name, complaint: complaint.message, ...path };
    const at = column?.path ?? path.column;
    const terms = termsOf(test, rule, at);
    return terms ? { kind: name, ...path, ...terms } : { kind: name, skipped: 'ODCS has no words for it.', ...path };
  },
};

type Said = Pick<Terms, 'facts' | 'rule' | 'relationship'>;
type Limits = readonly (readonly [keyword: string, value: unknown])[];

/** A test with what its configuration says in ODCS's terms. */
interface Test {
  readonly given: DbtTest['arguments'];
  /** What the number of failures must be. */
  readonly limits: Limits;
  /** Whether no failure is allowed. */
  readonly allowsNone: boolean;
  /** The rule without what makes it one of dbt. */
  readonly base: Rule;
  /** Whether it says more than a fact of the schema can: a severity, a limit, a name. */
  readonly saysMore: boolean;
  readonly column: string | undefined;
}

/** Undefined for what ODCS has no words for. */
type Translate = (test: Test) => Said | undefined;

function termsOf({ name, arguments: given, config, called, description }: DbtTest, rule: Rule, column?: string) {
  const translate = Object.hasOwn(translations, name) ? translations[name] : undefined;
  const limits = limitsOf(config);
  if (!translate || !limits || config.limit !== undefined || config.fail_calc !== undefined) return undefined;
  const filter = filterOf(given.row_condition, rule.filter ?? config.where);
  const isWarning = String(config.severity).toLowerCase() === 'warn';
  const base: Rule = {
    ...rule,
    type: 'library',
    engine: undefined,
    implementation: undefined,
    name: rule.name ?? called,
    description: rule.description ?? description,
    severity: rule.severity ?? (isWarning ? 'warning' : undefined),
    ...(filter === undefined ? {} : { filter }),
  };
  const allowsNone = limits.length === 1 && limits[0]?.[0] === 'mustBe' && limits[0][1] === 0;
  const more = [base.name, base.description, base.severity, base.filter].some((part) => part !== undefined);
  return translate({ given, limits, allowsNone, base, saysMore: more || !allowsNone, column });
}

function filterOf(condition: unknown, where: unknown): string | undefined {
  const parts = [condition, where].filter((part) => part !== undefined).map(String);
  return parts.length === 2 ? parts.map((part) => `(${part})`).join(' AND ') : parts[0];
}

/** Signs of a number of failures that is too many, with the operator that its opposite is. */
const opposites: Readonly<Record<string, string>> = {
  '=': 'mustNotBe',
  '==': 'mustNotBe',
  '!=': 'mustBe',
  '<>': 'mustBe',
  '>': 'mustBeLessOrEqualTo',
  '>=': 'mustBeLessThan',
  '<': 'mustBeGreaterOrEqualTo',
  '<=': 'mustBeGreaterThan',
  between: 'mustNotBeBetween',
  'not between': 'mustBeBetween',
};

/** Undefined where it warns at one number and fails at another, which no single rule of ODCS says. */
function limitsOf({ severity, warn_if = '!= 0', error_if = '!= 0' }: DbtTest['config']): Limits | undefined {
  const [warn, error] = [thresholdOf(warn_if), thresholdOf(error_if)];
  if (!warn || !error || (String(severity).toLowerCase() !== 'warn' && warn.words !== error.words)) return undefined;
  const keyword = opposites[warn.sign];
  return keyword === undefined ? undefined : [[keyword, warn.bounds.length === 1 ? warn.bounds[0] : warn.bounds]];
}

const ruleWith = ({ base }: Test, said: Partial<Rule>, limits: Limits): Said => ({
  rule: {
    ...base,
    ...said,
    type: said.query === undefined ? 'library' : 'sql',
    operators: limits.map(([keyword, value]) => ({ keyword, value, node: base.node })),
  },
});

/** A fact of the schema, or the metric that says the same where the test says more. */
const factOr =
  (facts: (test: Test) => Terms['facts'], metric: (test: Test) => Partial<Rule>): Translate =>
  (test) =>
    test.saysMore ? ruleWith(test, metric(test), test.limits) : { facts: facts(test) };

const counted = (condition: string): string => `SELECT count(*) FROM {object} WHERE ${condition}`;

const filled = factOr(
  () => ({ required: true }),
  () => ({ metric: 'nullValues' }),
);
const single = factOr(
  () => ({ unique: true }),
  () => ({ metric: 'duplicateValues' }),
);

/** Values in quotes are texts to dbt; without them SQL, of which numbers and booleans are values. */
function valuesIn({ given }: Test): readonly Scalar[] | undefined {
  const values: readonly unknown[] = Array.isArray(given.values) ? given.values : [];
  const isSql = given.quote === false && values.some((value) => typeof value === 'string');
  return isSql || values.length === 0 ? undefined : (values as readonly Scalar[]);
}

/** dbt counts values, ODCS their rows: the same only where none is allowed. */
const accepted: Translate = (test) => {
  const values = valuesIn(test);
  if (!values || !test.allowsNone) return undefined;
  return test.saysMore
    ? ruleWith(test, { metric: 'invalidValues', arguments: { validValues: values } }, test.limits)
    : { facts: { values } };
};

const literal = (value: unknown): string =>
  typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);

const notAccepted: Translate = (test) => {
  const values = valuesIn(test);
  return values && test.allowsNone
    ? ruleWith(test, { query: counted(`{property} IN (${values.map(literal).join(', ')})`) }, test.limits)
    : undefined;
};

/** A relationship has no severity, filter or limit of its own. */
const related: Translate = ({ given, saysMore, base, column }) => {
  const model = modelNamed(given.to);
  if (!model || saysMore || column === undefined) return undefined;
  const word = (text: string) => {
    const node: ScalarNode = { kind: 'scalar', span: base.node.span, value: text };
    return { text, node };
  };
  const to = [word(`${model.name}.${String(given.field)}`)];
  return { relationship: { from: [word(column)], to, type: 'foreignKey', node: base.node } };
};

const together: Translate = (test) => {
  const columns = Array.isArray(test.given.combination_of_columns) ? test.given.combination_of_columns.map(String) : [];
  const isWhole = test.base.filter?.trim().toLowerCase() === wholeKey(columns).toLowerCase();
  if (isWhole) {
    const { filter: _, ...base } = test.base;
    return ruleWith({ ...test, base }, { metric: 'duplicateValues', arguments: { properties: columns } }, test.limits);
  }
  const keys = `SELECT 1 FROM {object} GROUP BY ${columns.join(', ')} HAVING count(*) > 1`;
  return ruleWith(test, { query: `SELECT count(*) FROM (${keys})` }, test.limits);
};

/** Bounds that are SQL are compared in a query. */
const range =
  (isStrict: (given: Test['given']) => boolean): Translate =>
  (test) => {
    const { min_value: low, max_value: high } = test.given;
    const strict = isStrict(test.given);
    const areNumbers = [low, high].every((bound) => bound === undefined || typeof bound === 'number');
    if (areNumbers && !test.saysMore) {
      const options = {
        ...(low === undefined ? {} : { [strict ? 'exclusiveMinimum' : 'minimum']: low as number }),
        ...(high === undefined ? {} : { [strict ? 'exclusiveMaximum' : 'maximum']: high as number }),
      };
      return { facts: { options } };
    }
    const equal = strict ? '=' : '';
    const parts = [
      ...(low === undefined ? [] : [`{property} <${equal} ${String(low)}`]),
      ...(high === undefined ? [] : [`{property} >${equal} ${String(high)}`]),
    ];
    return ruleWith(test, { query: counted(parts.join(' OR ')) }, test.limits);
  };

const isTrue: Translate = (test) => {
  const expression = String(test.given.expression);
  if (test.column !== undefined)
    return ruleWith(test, { query: counted(`NOT ({property} ${expression})`) }, test.limits);
  return ruleWith(test, { query: counted(negated(expression) ?? `NOT (${expression})`) }, test.limits);
};

const proportion: Translate = (test) => {
  const { at_least: least, at_most: most = 1, group_by_columns: by } = test.given;
  if (by !== undefined || most !== 1 || !test.allowsNone || typeof least !== 'number') return undefined;
  const percent = Number((100 * (1 - least)).toPrecision(12));
  return ruleWith(test, { metric: 'nullValues', unit: 'percent' }, [['mustBeLessOrEqualTo', percent]]);
};

const lengths: Translate = (test) => {
  const { value, min_value = value, max_value = value, strictly } = test.given;
  if ([min_value, max_value].some((bound) => bound !== undefined && !Number.isInteger(bound))) return undefined;
  const step = strictly === true ? 1 : 0;
  const options = {
    ...(min_value === undefined ? {} : { minLength: Number(min_value) + step }),
    ...(max_value === undefined ? {} : { maxLength: Number(max_value) - step }),
  };
  if (!test.saysMore) return { facts: { options } };
  const parts = [
    ...(options.minLength === undefined ? [] : [`length({property}) < ${options.minLength}`]),
    ...(options.maxLength === undefined ? [] : [`length({property}) > ${options.maxLength}`]),
  ];
  return ruleWith(test, { query: counted(parts.join(' OR ')) }, test.limits);
};

const regex: Translate = (test) => {
  const pattern = String(test.given.regex);
  return isSharedPattern(pattern) && !test.given.flags
    ? ruleWith(test, { metric: 'invalidValues', arguments: { pattern } }, test.limits)
    : undefined;
};

/** A figure of the whole table: dbt says one failure, ODCS holds the figure itself against the bounds. */
const figure =
  (said: Partial<Rule>): Translate =>
  (test) => {
    const { value, min_value, max_value, strictly, group_by } = test.given;
    if (group_by !== undefined || !test.allowsNone) return undefined;
    if ([min_value, max_value].some((bound) => typeof bound === 'string')) return undefined;
    const bounds = { value, min_value, max_value, strict_min: strictly, strict_max: strictly };
    return ruleWith(test, said, operatorsIn(bounds));
  };

/** What each test says, by its name. */
const translations: Readonly<Record<string, Translate>> = {
  not_null: filled,
  unique: single,
  accepted_values: accepted,
  relationships: related,
  'dbt_utils.accepted_range': range(({ inclusive }) => inclusive === false),
  'dbt_utils.expression_is_true': isTrue,
  'dbt_utils.not_accepted_values': notAccepted,
  'dbt_utils.not_empty_string': (test) =>
    ruleWith(
      test,
      { query: counted(test.given.trim_whitespace === false ? "{property} = ''" : "trim({property}) = ''") },
      test.limits,
    ),
  'dbt_utils.not_null_proportion': proportion,
  'dbt_utils.unique_combination_of_columns': together,
  'dbt_expectations.expect_column_values_to_not_be_null': filled,
  'dbt_expectations.expect_column_values_to_be_unique': single,
  'dbt_expectations.expect_column_values_to_be_between': range(({ strictly }) => strictly === true),
  'dbt_expectations.expect_column_value_lengths_to_be_between': lengths,
  'dbt_expectations.expect_column_value_lengths_to_equal': lengths,
  'dbt_expectations.expect_column_values_to_match_regex': regex,
  'dbt_expectations.expect_table_row_count_to_equal': figure({ metric: 'rowCount' }),
  'dbt_expectations.expect_table_row_count_to_be_between': figure({ metric: 'rowCount' }),
  ...Object.fromEntries(
    Object.entries(figures).map(([type, query]) => [`dbt_expectations.${type}`, figure({ query })] as const),
  ),
};
