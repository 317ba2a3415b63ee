import type { Scalar, ScalarNode } from '../../text/tree';
import { isSharedPattern, wholeKey } from '../dbt/sql';
import { type Column, columnsOf, type Rule, type Table } from '../model';
import type { Meaning, RuleEngine, Terms } from '../rule-engine';
import { checkOf, functionSql, type SodaCheck } from '../soda/check';
import { formats } from '../soda/formats';
import type { Limit } from '../soda/threshold';

/**
 * For conversions: Plumbline holds a check that warns at one figure and fails at another itself. Such a check, and what
 * ODCS has no words for, stays a rule of Soda.
 */
export const soda: RuleEngine = {
  id: 'soda',
  names: ['soda', 'sodacl', 'sodacore'],
  meaningOf: (rule, table, column) => {
    const check = checkOf(rule.implementation);
    if ('problem' in check) return meaningOfProblem(check);
    const { kind, fail, warn } = check;
    const level = fail ? 'fail' : 'warn';
    if (fail && warn) return { kind, skipped: 'No rule of ODCS warns at one figure and fails at another.' };
    const facts = factsIn(check, rule);
    const path = pathOf(check, table, column);
    if (facts && path !== undefined) return { kind, ...(column ? {} : { column: path }), facts };
    return sodaMeaning(check, rule, table, column, level);
  },
};

/** What to say of a check that cannot be read, or that is nothing for Plumbline. */
export const meaningOfProblem = ({
  kind,
  problem,
  isSkipped,
}: Exclude<ReturnType<typeof checkOf>, SodaCheck>): Meaning =>
  isSkipped ? { kind, skipped: problem } : { kind, complaint: problem };

/** What a check says at one of its levels, as a metric or a query, which count as Soda does. */
export function sodaMeaning(
  check: SodaCheck,
  rule: Rule,
  table: Table,
  column: Column | undefined,
  level: 'fail' | 'warn',
): Meaning {
  const { kind } = check;
  const path = pathOf(check, table, column);
  const at = column || path === undefined ? {} : { column: path };
  if (needsColumn(check) && path === undefined)
    return { kind, complaint: `"${kind}" is about a column: name one, or move it there.` };
  const said = saidBy(check, path, rule);
  if (typeof said === 'string') return { kind, skipped: said, ...at };
  if ('relationship' in said) return { kind, ...said };
  const { filter, ...rest }: Said = { filter: rule.filter ?? check.filter, ...said };
  const operators = (check[level] ?? []).map(([keyword, value]) => ({ keyword, value, node: rule.node }));
  const severity = rule.severity ?? (level === 'warn' ? 'warning' : undefined);
  const meant: Rule = {
    ...rule,
    type: rest.query === undefined ? 'library' : 'sql',
    engine: undefined,
    implementation: undefined,
    name: rule.name ?? check.name,
    severity,
    operators,
    ...rest,
    ...(filter === undefined ? {} : { filter }),
  };
  return { kind, ...at, rule: meant };
}

const needsColumn = ({ metric, columns }: SodaCheck): boolean =>
  ['missing', 'invalid', 'aggregate', 'freshness'].includes(metric) || (metric === 'duplicate' && columns.length < 2);

/** The one column that a check is about. SQL knows no letter case. */
function pathOf({ columns, metric }: SodaCheck, table: Table, column: Column | undefined): string | undefined {
  if (columns.length > 1 || metric === 'reference') return undefined;
  const [name] = columns;
  if (name === undefined) return column?.path;
  const bare = name.replace(/^"(.*)"$/, '$1');
  return columnsOf(table).find(({ path }) => path.toLowerCase() === bare.toLowerCase())?.path ?? bare;
}

type Said = Partial<Rule> & { readonly filter?: string | undefined };

function saidBy(check: SodaCheck, path: string | undefined, rule: Rule): Said | Pick<Terms, 'relationship'> | string {
  if (check.values.valid_reference_data !== undefined || check.values.valid_values_reference_data !== undefined)
    return referenced(check, path, rule);
  return sayings[check.metric](check, path, rule);
}

/** What each metric says; a text about why nothing that Plumbline has says the same. */
const sayings: Readonly<
  Record<SodaCheck['metric'], (check: SodaCheck, path: string | undefined, rule: Rule) => ReturnType<typeof saidBy>>
> = {
  missing: (check) => {
    const { missing_values: values, ...others } = missingIn(check);
    if (isRounded(check) || Object.keys(others).length > 0) return counted(check, missingSql(check));
    const list = Array.isArray(values) ? values : [];
    const unit = unitOf(check);
    return list.length === 0
      ? { metric: 'nullValues', unit }
      : {
          metric: 'missingValues',
          unit,
          arguments: { missingValues: [null, ...list.filter((value) => value !== null)] },
        };
  },
  invalid: (check) => {
    const { valid_values: values, ...others } = check.values;
    const pattern = patternIn(check.values, 'valid');
    const isOnly = Object.keys(check.values).length === 1 && !isRounded(check);
    if (isOnly && Array.isArray(values) && values.length > 0 && Object.keys(others).length === 0)
      return { metric: 'invalidValues', unit: unitOf(check), arguments: { validValues: values } };
    if (isOnly && pattern !== undefined && isSharedPattern(pattern))
      return { metric: 'invalidValues', unit: unitOf(check), arguments: { pattern } };
    return counted(check, `NOT coalesce(${missingSql(check)}, false) AND (${invalidSql(check.values)})`);
  },
  duplicate: duplicates,
  row_count: () => ({ metric: 'rowCount' }),
  aggregate: (check) => {
    const values = conditionOfValues(check);
    const sql = functionSql(check, values === undefined ? PROPERTY : `CASE WHEN ${values} THEN ${PROPERTY} END`);
    return { query: `SELECT ${sql} FROM {object}` };
  },
  freshness: (check) => {
    // By way of text, so that zones and files without types are read alike: as UTC.
    const latest = `CAST(max(${PROPERTY}) AS VARCHAR)`;
    // Version 3 takes a date for its end, version 4 for its beginning.
    const whole = check.version === 3 ? ` - CASE WHEN length(${latest}) = 10 THEN 86399.999999 ELSE 0 END` : '';
    const age = `(epoch(now()) - epoch(CAST(${latest} AS TIMESTAMP))${whole}) / ${check.seconds ?? 1}`;
    return { query: `SELECT coalesce(${age}, CAST('infinity' AS DOUBLE)) FROM {object}` };
  },
  failed_rows: ({ expression, query, unit }) => {
    if (expression === undefined)
      return { query: `SELECT count(*) FROM (${(query ?? '').trim().replace(/;$/, '')}) AS failing` };
    const rows = `count(*) FILTER (WHERE ${expression})`;
    return {
      query:
        unit === 'percent'
          ? `SELECT coalesce(100.0 * ${rows} / nullif(count(*), 0), 0) FROM {object}`
          : `SELECT count(*) FROM {object} WHERE ${expression}`,
    };
  },
  metric: ({ expression, query }) => ({
    query: expression === undefined ? (query ?? '').trim().replace(/;$/, '') : `SELECT ${expression} FROM {object}`,
  }),
  reference: ({ columns, reference, filter }, _path, rule) =>
    filter === undefined && rule.filter === undefined
      ? related(columns, reference?.dataset ?? '', reference?.columns ?? [], rule)
      : 'A relationship has no filter.',
  schema: () => 'The columns of the contract say it.',
};

const PROPERTY = '{property}';

/** Version 3 rounds a share to two digits before it is compared. */
const isRounded = ({ unit, version }: SodaCheck): boolean => unit === 'percent' && version === 3;
const unitOf = ({ unit }: SodaCheck): string | undefined => (unit === 'percent' ? 'percent' : undefined);

/** The rows for which a condition is true, or their share of all rows. */
function counted({ unit, version }: SodaCheck, condition: string): Said {
  if (unit === 'rows') return { query: `SELECT count(*) FROM {object} WHERE ${condition}` };
  const share = `coalesce(100.0 * count(*) FILTER (WHERE ${condition}) / nullif(count(*), 0), 0)`;
  return { query: `SELECT ${version === 3 ? `round(${share}, 2)` : share} FROM {object}` };
}

const missingIn = ({ values }: SodaCheck): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(values).filter(([key]) => key.startsWith('missing')));

/** A text of SQL; braces are parted, since what stands in them is a placeholder of a rule. */
const literal = (value: unknown): string =>
  typeof value === 'string' ? `'${value.replaceAll("'", "''").replaceAll(/\{(?=\w+\})/g, "{' || '")}'` : String(value);

const among = (values: unknown): string =>
  Array.isArray(values) && values.length > 0 ? `${PROPERTY} IN (${values.map(literal).join(', ')})` : 'false';

/** The expression behind a format, whether it is named, given, or a regular expression of its own. */
function patternIn(
  values: Readonly<Record<string, unknown>>,
  which: 'valid' | 'invalid' | 'missing',
): string | undefined {
  const [regex, format] = [values[`${which}_regex`], values[`${which}_format`]];
  if (typeof regex === 'string') return regex;
  if (typeof format === 'string') return formats[format];
  const given = typeof format === 'object' && format !== null && 'regex' in format ? format.regex : undefined;
  return typeof given === 'string' ? given : undefined;
}

const like = (pattern: string): string => `regexp_matches(${PROPERTY}, ${literal(pattern)})`;

function missingSql(check: SodaCheck): string {
  const values = missingIn(check);
  const pattern = patternIn(values, 'missing');
  const parts = [
    `${PROPERTY} IS NULL`,
    ...(Array.isArray(values.missing_values) ? [among(values.missing_values.filter((value) => value !== null))] : []),
    ...(pattern === undefined ? [] : [like(pattern)]),
  ];
  return parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(' OR ')})`;
}

/** True for a value that is not as it should be, any of its demands being broken. */
function invalidSql(values: Readonly<Record<string, unknown>>): string {
  const [valid, invalid] = [patternIn(values, 'valid'), patternIn(values, 'invalid')];
  const bound = (key: string, sql: (value: string) => string) =>
    values[key] === undefined || values[key] === null ? [] : [sql(literal(numeric(values[key])))];
  return [
    ...(values.valid_values === undefined ? [] : [`NOT ${among(values.valid_values)}`]),
    ...(values.invalid_values === undefined ? [] : [among(values.invalid_values)]),
    ...(valid === undefined ? [] : [`NOT ${like(valid)}`]),
    ...(invalid === undefined ? [] : [like(invalid)]),
    ...bound('valid_min', (value) => `${PROPERTY} < ${value}`),
    ...bound('valid_max', (value) => `${PROPERTY} > ${value}`),
    ...bound('valid_length', (value) => `length(${PROPERTY}) <> ${value}`),
    ...bound('valid_min_length', (value) => `length(${PROPERTY}) < ${value}`),
    ...bound('valid_max_length', (value) => `length(${PROPERTY}) > ${value}`),
  ].join(' OR ');
}

const numeric = (value: unknown): unknown =>
  typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value;

/** What an aggregate looks at only; undefined for every value. */
function conditionOfValues(check: SodaCheck): string | undefined {
  if (Object.keys(check.values).length === 0) return undefined;
  const invalid = invalidSql(check.values);
  const missing = `NOT ${missingSql(check)}`;
  return invalid === '' ? missing : `${missing} AND NOT (${invalid})`;
}

/**
 * Version 3 counts the values that occur more than once, as ODCS does; version 4 the rows beyond the first of each, and
 * for several columns those with a gap too.
 */
function duplicates(check: SodaCheck, _path: string | undefined, rule: Rule): Said {
  const { version, unit, columns, fail, warn } = check;
  const properties = columns.length > 1 ? columns : undefined;
  const filter = rule.filter ?? check.filter;
  const isNone = isNothing(fail ?? warn) && (fail === undefined || warn === undefined);
  const isWhole = properties && filter?.trim().toLowerCase() === wholeKey(properties).toLowerCase();
  const hasValues = Object.keys(missingIn(check)).length > 0;
  const library: Said = { metric: 'duplicateValues', arguments: properties ? { properties } : {} };
  if (isWhole && isNone && version === 4) return { ...library, filter: undefined };
  if (version === 3 && unit === 'rows' && !hasValues) return library;
  if (version === 4 && isNone && !properties && !hasValues) return library;
  const names = properties ? properties.map(quoted) : [PROPERTY];
  const whole = properties ?? names;
  if (version === 3) {
    const keys = `SELECT 1 FROM {object} WHERE ${names.map((name) => `${name} IS NOT NULL`).join(' AND ')} GROUP BY ${names.join(', ')} HAVING count(*) > 1`;
    const repeated = `(SELECT count(*) FROM (${keys}))`;
    return {
      query:
        unit === 'rows'
          ? `SELECT ${repeated}`
          : `SELECT round(coalesce(100.0 * ${repeated} / nullif(count(*), 0), 0), 2) FROM {object}`,
    };
  }
  const there = properties ? 'true' : `NOT ${missingSql(check)}`;
  const distinct = `(SELECT count(*) FROM (SELECT DISTINCT ${names.join(', ')} FROM {object} WHERE ${there}))`;
  const rows = `count(*) FILTER (WHERE ${there})`;
  const surplus = `(${rows} - ${distinct})`;
  return {
    query: `SELECT ${unit === 'rows' ? surplus : `coalesce(100.0 * ${surplus} / nullif(${rows}, 0), 0)`} FROM {object}${whole.length === 0 ? ' WHERE false' : ''}`,
  };
}

const quoted = (name: string): string => (name.startsWith('"') ? name : `"${name.replaceAll('"', '""')}"`);

const isNothing = (limit: Limit | undefined): boolean =>
  limit?.length === 1 && limit[0]?.[0] === 'mustBe' && limit[0][1] === 0;

function referenced(check: SodaCheck, path: string | undefined, rule: Rule): ReturnType<typeof saidBy> {
  const given = check.values.valid_reference_data ?? check.values.valid_values_reference_data;
  const { dataset, column } = (given ?? {}) as { readonly dataset?: unknown; readonly column?: unknown };
  const isPlain = isNothing(check.fail) && !check.warn && check.filter === undefined && rule.filter === undefined;
  if (!isPlain) return 'A relationship has no threshold and no filter.';
  if (path === undefined || typeof dataset !== 'string' || typeof column !== 'string')
    return 'It names no dataset and column to look in.';
  return related([path], dataset.split('/').at(-1) ?? dataset, [column], rule);
}

function related(
  from: readonly string[],
  dataset: string,
  to: readonly string[],
  rule: Rule,
): Pick<Terms, 'relationship'> {
  const word = (text: string) => {
    const node: ScalarNode = { kind: 'scalar', span: rule.node.span, value: text };
    return { text, node };
  };
  return {
    relationship: {
      from: from.map(word),
      to: to.map((name) => word(`${dataset}.${name}`)),
      type: 'foreignKey',
      node: rule.node,
    },
  };
}

/** What the schema itself can say: no value may break it, and the check has nothing of its own. */
function factsIn(check: SodaCheck, rule: Rule): Terms['facts'] | undefined {
  const more = [
    rule.id,
    rule.name,
    rule.description,
    rule.severity,
    rule.dimension,
    rule.filter,
    check.name,
    check.filter,
  ];
  if (more.some((part) => part !== undefined) || !isNothing(check.fail)) return undefined;
  const isBare = Object.keys(check.values).length === 0 && check.columns.length < 2;
  if (check.metric === 'missing') return isBare ? { required: true } : undefined;
  if (check.metric === 'duplicate') return isBare ? { unique: true } : undefined;
  return check.metric === 'invalid' ? factsOfValues(check.values) : undefined;
}

function factsOfValues(given: Readonly<Record<string, unknown>>): Terms['facts'] | undefined {
  const { valid_values: values, valid_format, valid_regex, ...others } = given;
  const pattern = patternIn({ valid_format, valid_regex }, 'valid');
  if (pattern !== undefined && !isSharedPattern(pattern)) return undefined;
  const options: Record<string, Scalar> = pattern === undefined ? {} : { pattern };
  for (const [key, value] of Object.entries(others)) {
    const names = optionNames[key];
    const number = numeric(value);
    if (!names || typeof number !== 'number') return undefined;
    for (const name of names) options[name] = number;
  }
  const hasOptions = Object.keys(options).length > 0;
  return {
    ...(Array.isArray(values) && values.length > 0 ? { values: values as readonly Scalar[] } : {}),
    ...(hasOptions ? { options } : {}),
  };
}

const optionNames: Readonly<Record<string, readonly string[]>> = {
  valid_min: ['minimum'],
  valid_max: ['maximum'],
  valid_min_length: ['minLength'],
  valid_max_length: ['maxLength'],
  valid_length: ['minLength', 'maxLength'],
};
