import type { Scalar } from '../../text/tree';
import { figures, logicalTypeCalled, operatorsIn, typeLists } from '../expectation-terms';
import { complaintsOf, type Expectation, expectationOf, signatureOf } from '../expectations';
import type { Rule } from '../model';
import { ecmaOf } from '../python-pattern';
import type { RuleEngine, Terms } from '../rule-engine';

/**
 * For conversions: Plumbline runs expectations themselves, since not all of them have words of ODCS. Those that count
 * otherwise there, such as a share of the values that are not null, stay expectations.
 */
export const greatExpectations: RuleEngine = {
  id: 'greatExpectations',
  names: ['greatexpectations', 'greatexpectation', 'gx'],
  meaningOf: (rule, _table, column) => {
    const read = expectationOf(rule.implementation, column?.path);
    if (typeof read === 'string') return { kind: 'custom', complaint: read };
    const { type, kwargs } = read;
    const signature = signatureOf(type);
    const path = typeof kwargs.column === 'string' ? { column: kwargs.column } : {};
    if (!signature) return { kind: type, skipped: `"${type}" is no core expectation.`, ...path };
    const [complaint] = complaintsOf(read, signature);
    if (complaint) return { kind: type, complaint: complaint.message, ...path };
    const terms = termsOf(read, rule);
    return terms ? { kind: type, ...path, ...terms } : { kind: type, skipped: 'ODCS has no words for it.', ...path };
  },
};

type Kwargs = Expectation['kwargs'];
/** Undefined for arguments that ODCS has no words for. */
type Translate = (kwargs: Kwargs, rule: Rule) => Pick<Terms, 'facts' | 'rule'> | undefined;

/** What changes nothing of which values fail. */
const silent = [
  'column',
  'column_list',
  'catch_exceptions',
  'description',
  'include_config',
  'meta',
  'notes',
  'result_format',
  'severity',
];

function termsOf({ type, kwargs }: Expectation, rule: Rule): Pick<Terms, 'facts' | 'rule'> | undefined {
  const translate = Object.hasOwn(translations, type) ? translations[type] : undefined;
  if (!translate || kwargs.row_condition !== undefined) return undefined;
  const telling = Object.fromEntries(Object.entries(kwargs).filter(([name]) => !silent.includes(name)));
  const [known, make] = translate;
  const isKnown = Object.keys(telling).every((name) => known.includes(name) || isDefault(name, telling[name]));
  return isKnown ? make(kwargs, rule) : undefined;
}

const isDefault = (name: string, value: unknown): boolean =>
  value === false || (name === 'mostly' && value === 1) || (name === 'value_set' && value === undefined);

/** Whether the rule says more than a fact of the schema can: that a break is no error, or what it is about. */
const saysMore = ({ severity, description, name }: Rule): boolean =>
  description !== undefined || name !== undefined || (severity !== undefined && !/^(critical|error)$/i.test(severity));

function ruleWith(rule: Rule, said: Partial<Rule>, operators: readonly (readonly [string, unknown])[]): Rule {
  const severity = rule.severity === 'critical' ? undefined : rule.severity;
  return {
    ...rule,
    severity,
    engine: undefined,
    implementation: undefined,
    type: said.query === undefined ? 'library' : 'sql',
    operators: operators.map(([keyword, value]) => ({ keyword, value, node: rule.node })),
    ...said,
  };
}

const none = [['mustBe', 0]] as const;

/** A fact of the schema, or the metric that says the same where the rule says more. */
const factOr =
  (facts: (kwargs: Kwargs) => Terms['facts'], metric: (kwargs: Kwargs) => Partial<Rule>): Translate =>
  (kwargs, rule) =>
    saysMore(rule) ? { rule: ruleWith(rule, metric(kwargs), none) } : { facts: facts(kwargs) };

const counted = (condition: string): string => `SELECT count(*) FROM {object} WHERE ${condition}`;
const literal = (value: unknown): string =>
  typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);

const filled: Translate = (kwargs, rule) => {
  const { mostly } = kwargs;
  if (typeof mostly !== 'number' || mostly === 1)
    return factOr(
      () => ({ required: true }),
      () => ({ metric: 'nullValues' }),
    )(kwargs, rule);
  const percent = Number((100 * (1 - mostly)).toPrecision(12));
  return { rule: ruleWith(rule, { metric: 'nullValues', unit: 'percent' }, [['mustBeLessOrEqualTo', percent]]) };
};

const isNumber = (value: unknown): boolean => typeof value === 'number' || typeof value === 'bigint';

/** Bounds of texts may be moments or words, which only the column's type tells: a query compares either. */
const between: Translate = (kwargs, rule) => {
  const limits = [
    ['min_value', kwargs.strict_min === true ? 'exclusiveMinimum' : 'minimum', kwargs.strict_min === true ? '<=' : '<'],
    ['max_value', kwargs.strict_max === true ? 'exclusiveMaximum' : 'maximum', kwargs.strict_max === true ? '>=' : '>'],
  ] as const;
  const given = limits.filter(([name]) => kwargs[name] !== undefined);
  const areNumbers = given.every(([name]) => isNumber(kwargs[name]));
  if (areNumbers && !saysMore(rule))
    return { facts: { options: Object.fromEntries(given.map(([name, option]) => [option, kwargs[name] as Scalar])) } };
  const conditions = given.map(([name, , sign]) => `{property} ${sign} ${literal(kwargs[name])}`);
  return { rule: ruleWith(rule, { query: counted(conditions.join(' OR ')) }, none) };
};

const lengths: Translate = (kwargs, rule) => {
  const { value, min_value, max_value, strict_min, strict_max } = kwargs;
  const low = value ?? min_value;
  const high = value ?? max_value;
  if ([low, high].some((bound) => bound !== undefined && !Number.isInteger(bound))) return undefined;
  const options = {
    ...(low === undefined ? {} : { minLength: Number(low) + (strict_min === true ? 1 : 0) }),
    ...(high === undefined ? {} : { maxLength: Number(high) - (strict_max === true ? 1 : 0) }),
  };
  if (!saysMore(rule)) return { facts: { options } };
  const conditions = [
    ...(options.minLength === undefined ? [] : [`length({property}) < ${options.minLength}`]),
    ...(options.maxLength === undefined ? [] : [`length({property}) > ${options.maxLength}`]),
  ];
  return { rule: ruleWith(rule, { query: counted(conditions.join(' OR ')) }, none) };
};

const areScalars = (values: readonly unknown[]): boolean =>
  values.every((value) => ['string', 'number', 'boolean', 'bigint'].includes(typeof value));
const valuesIn = ({ value_set }: Kwargs): readonly Scalar[] => (Array.isArray(value_set) ? value_set : []);

const inSet: Translate = (kwargs, rule) =>
  valuesIn(kwargs).length > 0 && areScalars(valuesIn(kwargs))
    ? factOr(
        () => ({ values: valuesIn(kwargs) }),
        () => ({ metric: 'invalidValues', arguments: { validValues: valuesIn(kwargs) } }),
      )(kwargs, rule)
    : undefined;

const notInSet: Translate = (kwargs, rule) =>
  valuesIn(kwargs).length > 0 && areScalars(valuesIn(kwargs))
    ? { rule: ruleWith(rule, { query: counted(`{property} IN (${valuesIn(kwargs).map(literal).join(', ')})`) }, none) }
    : undefined;

const regex: Translate = (kwargs, rule) => {
  const pattern = ecmaOf(String(kwargs.regex));
  return pattern === undefined
    ? undefined
    : { rule: ruleWith(rule, { metric: 'invalidValues', arguments: { pattern } }, none) };
};

/** A list that is not all that the logical type goes by demands more than the logical type. */
const typed: Translate = ({ type_, type_list }, rule) => {
  if (saysMore(rule)) return undefined;
  if (typeof type_ === 'string') {
    const logicalType = logicalTypeCalled(type_);
    return logicalType === undefined ? undefined : { facts: { logicalType, physicalType: type_ } };
  }
  const list = Array.isArray(type_list) ? type_list.join() : '';
  const [logicalType] = Object.entries(typeLists).find(([, names]) => names.join() === list) ?? [];
  return logicalType === undefined ? undefined : { facts: { logicalType } };
};

/** Tuples with a missing value are left out in ODCS, in Great Expectations only where it is asked to. */
const together: Translate = ({ column_list, ignore_row_if }, rule) =>
  ignore_row_if === 'any_value_is_missing'
    ? { rule: ruleWith(rule, { metric: 'duplicateValues', arguments: { properties: column_list } }, none) }
    : undefined;

/** Only of rows: what else stands in the query is the author's. */
const unexpected: Translate = ({ unexpected_rows_query: query }, rule) => {
  const [, rest] = /^\s*SELECT\s+\*\s+FROM\s+\{batch\}\s+WHERE\s+(.+?);?\s*$/is.exec(String(query)) ?? [];
  const rows = rest === undefined ? undefined : counted(rest);
  return rows === undefined || /\{batch\}/.test(rows) ? undefined : { rule: ruleWith(rule, { query: rows }, none) };
};

const range = ['min_value', 'max_value', 'strict_min', 'strict_max'];

const rowCount: Translate = (kwargs, rule) => ({ rule: ruleWith(rule, { metric: 'rowCount' }, operatorsIn(kwargs)) });

const figure =
  (query: string): Translate =>
  (kwargs, rule) =>
    range.every((name) => typeof kwargs[name] !== 'string')
      ? { rule: ruleWith(rule, { query }, operatorsIn(kwargs)) }
      : undefined;

/** The arguments that are understood, and what they say. */
const translations: Readonly<Record<string, readonly [known: readonly string[], translate: Translate]>> = {
  expect_column_to_exist: [[], () => ({ facts: {} })],
  expect_column_values_to_not_be_null: [['mostly'], filled],
  expect_column_values_to_be_unique: [
    [],
    factOr(
      () => ({ unique: true }),
      () => ({ metric: 'duplicateValues' }),
    ),
  ],
  expect_column_values_to_be_between: [range, between],
  expect_column_values_to_be_in_set: [['value_set'], inSet],
  expect_column_distinct_values_to_be_in_set: [['value_set'], inSet],
  expect_column_values_to_not_be_in_set: [['value_set'], notInSet],
  expect_column_value_lengths_to_be_between: [range, lengths],
  expect_column_value_lengths_to_equal: [['value'], lengths],
  expect_column_values_to_match_regex: [['regex'], regex],
  expect_column_values_to_be_of_type: [['type_'], typed],
  expect_column_values_to_be_in_type_list: [['type_list'], typed],
  expect_compound_columns_to_be_unique: [['ignore_row_if'], together],
  expect_table_row_count_to_equal: [['value'], rowCount],
  expect_table_row_count_to_be_between: [range, rowCount],
  unexpected_rows_expectation: [['unexpected_rows_query'], unexpected],
  ...Object.fromEntries(Object.entries(figures).map(([type, query]) => [type, [range, figure(query)] as const])),
};
