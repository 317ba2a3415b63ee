import { didYouMean, meantBy } from '../../text/nearest';
import { plain } from '../../text/tree';
import { parseYaml } from '../../text/yaml';
import { isMap } from '../expectations';
import { formats } from './formats';
import { contractOperators, type Limit, limitIn, limitOfAlert, limitOfKeys } from './threshold';

/** `engine` of the rules that a check of Soda makes. */
export const SODA = 'soda';

export type SodaMetric =
  | 'missing'
  | 'invalid'
  | 'duplicate'
  | 'row_count'
  | 'aggregate'
  | 'freshness'
  | 'failed_rows'
  | 'metric'
  | 'reference'
  | 'schema';

type Map = Readonly<Record<string, unknown>>;

/** One check of Soda, whichever of its three languages it is written in. */
export interface SodaCheck {
  /** Soda's own word: `missing_count`, `failed rows`, `aggregate`. */
  readonly kind: string;
  readonly metric: SodaMetric;
  /** Versions count duplicates, round shares and read dates in their own ways. */
  readonly version: 3 | 4;
  /** Columns that the check itself names. */
  readonly columns: readonly string[];
  readonly unit: 'rows' | 'percent';
  readonly name: string | undefined;
  readonly filter: string | undefined;
  readonly fail: Limit | undefined;
  readonly warn: Limit | undefined;
  /** What makes a value missing or invalid, by its key in Soda's contracts: `valid_min`, `missing_values`. */
  readonly values: Map;
  /** Of an aggregate: SQL before the column, as in `avg`. */
  readonly function?: string;
  /** Of `percentile`. */
  readonly share?: number;
  /** SQL of failing rows or of a figure. */
  readonly expression?: string;
  readonly query?: string;
  /** Of freshness: seconds of its unit. */
  readonly seconds?: number;
  readonly reference?: { readonly dataset: string; readonly columns: readonly string[] };
  /** Of a schema: what is asked, as written. */
  readonly schema?: Map;
}

/** Why a check cannot be read, with the key that is at fault and the word that was meant. */
export interface SodaProblem {
  readonly kind: string;
  readonly problem: string;
  /** Sound for Soda, and nothing that Plumbline runs. */
  readonly isSkipped?: true;
  readonly key?: string;
  readonly meant?: string;
}

/** Functions of a column's values, with the SQL that each stands for. */
const functions: Readonly<Record<string, string>> = {
  avg: 'avg($)',
  avg_length: 'avg(length($))',
  max: 'max($)',
  max_length: 'max(length($))',
  min: 'min($)',
  min_length: 'min(length($))',
  stddev: 'stddev($)',
  stddev_pop: 'stddev_pop($)',
  stddev_samp: 'stddev_samp($)',
  sum: 'sum($)',
  var_pop: 'var_pop($)',
  var_samp: 'var_samp($)',
  variance: 'variance($)',
};

/** SQL of an aggregate over `values`; undefined for a function that Soda does not have. */
export const functionSql = ({ function: name = '', share }: SodaCheck, values: string): string | undefined =>
  name === 'percentile'
    ? `percentile_disc(${share}) WITHIN GROUP (ORDER BY ${values})`
    : Object.hasOwn(functions, name)
      ? functions[name]?.replace('$', () => values)
      : undefined;

const validityKeys = [
  ...['valid_values', 'valid_format', 'valid_regex', 'valid_regex_sql', 'valid_min', 'valid_max', 'valid_length'],
  ...['valid_min_length', 'valid_max_length', 'invalid_values', 'invalid_format', 'invalid_regex'],
  ...['invalid_regex_sql', 'valid_reference_data', 'valid_values_reference_data'],
];
const missingKeys = ['missing_values', 'missing_format', 'missing_regex', 'missing_regex_sql'];

/** Keys of a column in a contract that hold for all checks of it. */
export const valueKeys: readonly string[] = [...missingKeys, ...validityKeys];

const sharedKeys = ['name', 'qualifier', 'attributes', 'threshold', 'filter'];

/** Checks of version 4 with the keys that each takes. */
const modern: Readonly<Record<string, readonly string[]>> = {
  missing: [...sharedKeys, 'missing_values', 'missing_format'],
  invalid: [...sharedKeys, ...valueKeys],
  duplicate: [...sharedKeys, ...valueKeys, 'columns'],
  aggregate: [...sharedKeys, ...valueKeys, 'function'],
  row_count: sharedKeys,
  schema: [...sharedKeys, 'allow_extra_columns', 'allow_other_column_order'],
  freshness: [...sharedKeys, 'column', 'unit'],
  failed_rows: [...sharedKeys, 'expression', 'query', 'rows_tested_query', 'keys_query', 'key_column_mapping'],
  metric: [...sharedKeys, 'expression', 'query'],
};

const thresholdKeys = [...Object.keys(contractOperators).filter((key) => !key.endsWith('_to')), 'metric', 'level'];

/** Checks of contracts of version 3, by their `type`. */
const countTypes: Readonly<Record<string, readonly [SodaMetric, 'none' | 'count' | 'percent' | 'some']>> = {
  no_missing_values: ['missing', 'none'],
  missing_count: ['missing', 'count'],
  missing_percent: ['missing', 'percent'],
  no_invalid_values: ['invalid', 'none'],
  invalid_count: ['invalid', 'count'],
  invalid_percent: ['invalid', 'percent'],
  no_duplicate_values: ['duplicate', 'none'],
  duplicate_count: ['duplicate', 'count'],
  duplicate_percent: ['duplicate', 'percent'],
  rows_exist: ['row_count', 'some'],
  row_count: ['row_count', 'count'],
};
const freshnessTypes: Readonly<Record<string, number>> = {
  freshness_in_days: 86_400,
  freshness_in_hours: 3600,
  freshness_in_minutes: 60,
};
const olderTypes = [
  ...Object.keys(countTypes),
  ...Object.keys(freshnessTypes),
  ...Object.keys(functions),
  ...['metric_expression', 'metric_query', 'failed_rows_expression', 'failed_rows_query'],
];
const olderKeys = [
  ...['type', 'name', 'filter', 'filter_sql', 'attributes', 'columns', 'column', 'metric', 'expression_sql'],
  ...['query_sql', 'samples_limit', ...valueKeys, ...Object.keys(contractOperators)],
];

/** Metrics of SodaCL. */
const metrics: readonly string[] = [
  ...Object.keys(countTypes).filter((type) => /_(count|percent)$|^row_count$/.test(type)),
  ...Object.keys(functions),
  'percentile',
];
/** Settings below a line of SodaCL, as written there. */
const lineKeys = [
  ...valueKeys
    .filter((key) => !key.includes('reference') && !key.endsWith('_sql'))
    .map((key) => key.replaceAll('_', ' ')),
  ...['name', 'title', 'filter', 'warn', 'fail', 'attributes', 'identity', 'samples limit', 'samples columns'],
  ...['fail condition', 'fail query', 'include null'],
];

/**
 * Reads one check: a line of SodaCL, such a line with its settings, a check of a contract of version 3 by its `type` or
 * one of version 4 by its name, or any of them as YAML in a text.
 */
export function checkOf(implementation: unknown): SodaCheck | SodaProblem {
  const given = typeof implementation === 'string' ? plain(parseYaml(implementation).root) : implementation;
  const one: unknown = Array.isArray(given) && given.length === 1 ? given[0] : given;
  if (typeof one === 'string') return lineOf(one, {});
  if (!isMap(one))
    return wrong('custom', 'A rule of Soda holds one check, as in "missing_count = 0" or "type: no_missing_values".');
  if ('type' in one) return olderOf(one);
  const [word = '', ...others] = Object.keys(one);
  const value = one[word];
  if (word === '' || (others.length > 0 && !Object.hasOwn(modern, word)))
    return wrong('custom', 'A check of Soda is one name with its settings further in, or has a "type".');
  if (others[0] !== undefined)
    return wrong(word, `"${others[0]}" stands beside "${word}": move it further in.`, others[0]);
  if (value !== null && !isMap(value))
    return wrong(word, `What stands under "${word}" must be a map of its settings.`, word);
  const settings = isMap(value) ? value : {};
  const isAlert = 'warn' in settings || 'fail' in settings;
  return Object.hasOwn(modern, word) && !isAlert ? modernOf(word, settings) : lineOf(word, settings);
}

const wrong = (kind: string, problem: string, key?: string, meant?: string): SodaProblem => ({
  kind,
  problem,
  ...(key === undefined ? {} : { key }),
  ...(meant === undefined ? {} : { meant }),
});

const left = (kind: string, problem: string): SodaProblem => ({ kind, problem, isSkipped: true });

function unknownKey(kind: string, keys: Map, known: readonly string[]): SodaProblem | undefined {
  const key = Object.keys(keys).find((name) => !known.includes(name));
  if (key === undefined) return undefined;
  const meant = meantBy(key, known);
  return wrong(kind, `"${kind}" has no "${key}".${didYouMean(meant)}`, key, meant[0]);
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value.trim() : undefined);
const namesOf = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]).map(String);

function plainCheck(kind: string, metric: SodaMetric, version: 3 | 4, settings: Map): SodaCheck {
  const values = Object.entries(settings)
    .map(([key, value]) => [key.replaceAll(' ', '_').replace(/_sql$/, ''), value] as const)
    .filter(([key]) => valueKeys.includes(key));
  return {
    kind,
    metric,
    version,
    columns: [],
    unit: 'rows',
    name: textOf(settings.name),
    filter: textOf(settings.filter ?? settings.filter_sql),
    fail: undefined,
    warn: undefined,
    values: Object.fromEntries(values),
  };
}

const none: Limit = [['mustBe', 0]];
const some: Limit = [['mustBeGreaterThan', 0]];

function modernOf(kind: string, settings: Map): SodaCheck | SodaProblem {
  const slip = unknownKey(kind, settings, modern[kind] ?? []);
  if (slip) return slip;
  const base = plainCheck(kind, kind as SodaMetric, 4, settings);
  if (kind === 'schema') return { ...base, fail: none, schema: settings };
  const threshold = isMap(settings.threshold) ? settings.threshold : {};
  const takes = [...thresholdKeys, 'additional', ...(kind === 'freshness' ? ['unit'] : [])];
  const odd = unknownKey('threshold', threshold, takes);
  if (odd) return { ...odd, kind };
  const limits = levelsOf(kind, threshold);
  if ('problem' in limits) return limits;
  const query = settings.query === undefined ? {} : { query: String(settings.query) };
  const check: SodaCheck = {
    ...base,
    ...limits,
    ...query,
    ...(settings.expression === undefined ? {} : { expression: String(settings.expression) }),
    unit: threshold.metric === 'percent' ? 'percent' : 'rows',
    columns: namesOf(settings.columns ?? settings.column),
  };
  if (kind === 'failed_rows' && 'keys_query' in settings)
    return left(kind, 'A "keys_query" is nothing that Plumbline runs.');
  if (kind === 'failed_rows' && check.unit === 'percent' && check.query !== undefined)
    return left(kind, 'The share of rows that a query gives is nothing that Plumbline runs.');
  if (kind === 'freshness') {
    const unit = String(threshold.unit ?? 'hour');
    const seconds = units[unit];
    return seconds === undefined
      ? wrong(kind, `"${unit}" is no unit: write day, hour, minute or second.`, 'unit')
      : { ...check, seconds };
  }
  const of = kind === 'aggregate' ? { function: String(settings.function ?? '').toLowerCase() } : {};
  return judged({ ...check, ...of });
}

const units: Readonly<Record<string, number>> = { day: 86_400, hour: 3600, minute: 60, second: 1 };

/** The limits of a threshold and of the additional one in it, each of its level. */
function levelsOf(kind: string, threshold: Map): Pick<SodaCheck, 'fail' | 'warn'> | SodaProblem {
  const { additional } = threshold;
  const own = limitOfKeys(threshold);
  if (typeof own === 'string') return wrong(kind, own, 'threshold');
  if (own === undefined && ['metric', 'aggregate', 'freshness'].includes(kind))
    return wrong(kind, `"${kind}" needs a threshold, as in "threshold: {must_be_less_than: 10}".`);
  const level = levelOf(threshold);
  if (level === undefined) return wrong(kind, `"${threshold.level}" is no level: write fail or warn.`, 'level');
  const first = { [level]: own ?? (kind === 'row_count' ? some : none) };
  if (additional === undefined) return { fail: undefined, warn: undefined, ...first };
  const other = isMap(additional) ? limitOfKeys(additional) : undefined;
  const second = isMap(additional) ? levelOf(additional) : undefined;
  if (typeof other === 'string') return wrong(kind, other, 'additional');
  if (other === undefined)
    return wrong(kind, 'An additional threshold needs a comparison, as in "must_be: 0".', 'additional');
  if (second === undefined || second === level)
    return wrong(kind, 'An additional threshold needs the other level, fail or warn.', 'additional');
  return { fail: undefined, warn: undefined, ...first, [second]: other };
}

const levelOf = ({ level }: Map): 'fail' | 'warn' | undefined =>
  level === undefined || level === 'fail' ? 'fail' : level === 'warn' ? 'warn' : undefined;

function olderOf(given: Map): SodaCheck | SodaProblem {
  const kind = String(given.type);
  if (!olderTypes.includes(kind)) {
    const meant = meantBy(kind, olderTypes);
    return wrong(kind, `"${kind}" is no check of Soda.${didYouMean(meant)}`, 'type', meant[0]);
  }
  const slip = unknownKey(kind, given, olderKeys);
  if (slip) return slip;
  const limit = limitOfKeys(given);
  if (typeof limit === 'string')
    return wrong(
      kind,
      limit,
      Object.keys(given).find((key) => key.startsWith('must')),
    );
  const [metric, form] = countTypes[kind] ?? [];
  const base = plainCheck(kind, metric ?? metricOfType(kind), 3, given);
  const fixed = form === 'none' ? none : form === 'some' ? some : undefined;
  const fail = limit ?? fixed ?? (kind.startsWith('failed_rows') ? none : undefined);
  if (!fail) return wrong(kind, `"${kind}" needs a threshold, as in "must_be_less_than: 10".`);
  const check = {
    ...base,
    fail,
    unit: form === 'percent' ? ('percent' as const) : base.unit,
    columns: namesOf(given.columns ?? given.column),
  };
  if (kind in freshnessTypes) return { ...check, seconds: freshnessTypes[kind] ?? 1 };
  const expression = textOf(given.expression_sql);
  const query = textOf(given.query_sql);
  return judged({
    ...check,
    ...(kind in functions ? { function: kind } : {}),
    ...(expression === undefined ? {} : { expression }),
    ...(query === undefined ? {} : { query }),
  });
}

const metricOfType = (kind: string): SodaMetric =>
  kind.startsWith('freshness')
    ? 'freshness'
    : kind.startsWith('failed')
      ? 'failed_rows'
      : kind.startsWith('metric')
        ? 'metric'
        : 'aggregate';

/** Checks that look at more than these data, with why none of them is run. */
const beyond: readonly (readonly [RegExp, string, string])[] = [
  [
    /^anomaly (detection|score) for\b/i,
    'anomaly detection',
    'What is an anomaly is learnt from earlier runs in Soda Cloud.',
  ],
  [/^change\b/i, 'change over time', 'It compares with earlier runs, which are in Soda Cloud.'],
  [
    /^distribution_difference\b/i,
    'distribution_difference',
    'It compares with a file of Soda’s own: use a drift rule.',
  ],
  [/\bsame as\b/i, 'row_count same as', 'It compares with a table that may be elsewhere.'],
  [
    /^for each\b/i,
    'for each dataset',
    'Which datasets it is for is known to a data source only: name each in a section.',
  ],
  [/^configurations for\b/i, 'configurations', 'What it says of values is not looked at: say it below each check.'],
  [/^group (by|evolution)\b/i, 'group by', 'Checks of groups are nothing that Plumbline runs.'],
];

function lineOf(line: string, settings: Map): SodaCheck | SodaProblem {
  const text = line.trim();
  const far = beyond.find(([pattern]) => pattern.test(text));
  if (far) return left(far[1], far[2]);
  if (text === 'schema') return { ...plainCheck('schema', 'schema', 3, settings), fail: none, schema: settings };
  if (text === 'failed rows') return failedRows(settings);
  const inOther = /^values\s+in\s+\(?([^()]+?)\)?\s+must\s+(not\s+)?exist\s+in\s+(\S+)\s*\(?([^()]+?)\)?$/i.exec(text);
  if (inOther) return referenceOf(inOther, settings);
  const fresh = /^freshness\s*\(\s*([^()]+?)\s*\)\s*(.*)$/i.exec(text);
  if (fresh) return freshnessOf(fresh, settings);
  const [, metric, inner, comparison = ''] = /^(\w+)\s*(?:\(([^()]*)\))?\s*(.*)$/s.exec(text) ?? [];
  if (metric === undefined) return wrong('custom', `"${text}" is no check of Soda.`);
  return metricLine(
    metric,
    (inner ?? '').split(',').flatMap((part) => part.trim() || []),
    comparison,
    settings,
  );
}

function metricLine(
  kind: string,
  names: readonly string[],
  comparison: string,
  settings: Map,
): SodaCheck | SodaProblem {
  const [own, byQuery] = [settings[`${kind} expression`], settings[`${kind} query`]];
  const isOwn = own !== undefined || byQuery !== undefined;
  if (!isOwn && !metrics.includes(kind)) {
    const meant = meantBy(kind, [...metrics, ...Object.keys(modern)]);
    return wrong(kind, `"${kind}" is no metric of Soda.${didYouMean(meant)}`, kind, meant[0]);
  }
  const slip = unknownKey(kind, settings, [...lineKeys, `${kind} expression`, `${kind} query`]);
  if (slip) return slip;
  const [metric, form] = isOwn
    ? (['metric', 'count'] as const)
    : (countTypes[kind] ?? (['aggregate', 'count'] as const));
  const limits = alertsOf(kind, comparison, settings);
  if ('problem' in limits) return limits;
  const base = plainCheck(kind, metric, 3, settings);
  return judged({
    ...base,
    ...limits,
    unit: form === 'percent' ? 'percent' : 'rows',
    columns: kind === 'percentile' ? names.slice(0, 1) : names,
    ...(metric === 'aggregate' ? { function: kind } : {}),
    ...(kind === 'percentile' ? { share: Number(names[1]) } : {}),
    ...(own === undefined ? {} : { expression: String(own) }),
    ...(byQuery === undefined ? {} : { query: String(byQuery) }),
  });
}

function alertsOf(kind: string, comparison: string, settings: Map): Pick<SodaCheck, 'fail' | 'warn'> | SodaProblem {
  if (comparison !== '') {
    const fail = limitIn(comparison);
    return typeof fail === 'string' ? wrong(kind, fail) : { fail, warn: undefined };
  }
  const [fail, warn] = [settings.fail, settings.warn].map((alert) =>
    alert === undefined ? undefined : limitOfAlert(alert),
  );
  if (typeof fail === 'string') return wrong(kind, fail, 'fail');
  if (typeof warn === 'string') return wrong(kind, warn, 'warn');
  return fail || warn
    ? { fail, warn }
    : wrong(kind, `"${kind}" is compared with nothing. Write for instance "${kind} = 0".`);
}

function failedRows(settings: Map): SodaCheck | SodaProblem {
  const kind = 'failed rows';
  const slip = unknownKey(kind, settings, lineKeys);
  if (slip) return slip;
  const isAlerted = settings.fail !== undefined || settings.warn !== undefined;
  const limits = isAlerted ? alertsOf(kind, '', settings) : { fail: none, warn: undefined };
  if ('problem' in limits) return limits;
  const [condition, query] = [textOf(settings['fail condition']), textOf(settings['fail query'])];
  return judged({
    ...plainCheck(kind, 'failed_rows', 3, settings),
    ...limits,
    ...(condition === undefined ? {} : { expression: condition }),
    ...(query === undefined ? {} : { query }),
  });
}

function referenceOf(
  [, from = '', not, dataset = '', to = '']: readonly string[],
  settings: Map,
): SodaCheck | SodaProblem {
  const split = (list: string) => list.split(',').map((name) => name.trim());
  if (not !== undefined)
    return left('reference', 'That values are not in another table is nothing that Plumbline runs.');
  const base = plainCheck('reference', 'reference', 3, settings);
  return { ...base, fail: none, columns: split(from), reference: { dataset, columns: split(to) } };
}

const spans: Readonly<Record<string, number>> = { d: 86_400, h: 3600, m: 60, s: 1 };

function freshnessOf([, column = '', comparison = '']: readonly string[], settings: Map): SodaCheck | SodaProblem {
  const kind = 'freshness';
  if (/,/.test(column)) return left(kind, 'A freshness against a variable needs the variables of a scan.');
  const inSeconds = (alert: unknown): Limit | undefined => {
    const [, parts] = /^\s*(?:when\s*>=?|<=?)\s*((?:\d+\s*[dhms]\s*)+)$/i.exec(String(alert)) ?? [];
    const seconds = [...(parts ?? '').matchAll(/(\d+)\s*([dhms])/gi)].reduce(
      (sum, [, count, unit = 's']) => sum + Number(count) * (spans[unit.toLowerCase()] ?? 1),
      0,
    );
    // Soda fails only above the time, whichever sign is written.
    return parts === undefined ? undefined : [['mustBeLessOrEqualTo', seconds]];
  };
  const fail = comparison === '' ? inSeconds(settings.fail) : inSeconds(comparison);
  const warn = comparison === '' ? inSeconds(settings.warn) : undefined;
  if (!fail && !warn) return wrong(kind, 'A freshness is held against a time, as in "freshness(updated_at) < 1d".');
  return { ...plainCheck(kind, 'freshness', 3, settings), fail, warn, seconds: 1, columns: [column] };
}

/** The check, unless something is missing that its metric needs. */
function judged(check: SodaCheck): SodaCheck | SodaProblem {
  const { kind, metric, values, expression, query } = check;
  const named = ['valid_format', 'invalid_format', 'missing_format'].find(
    (key) => typeof values[key] === 'string' && !Object.hasOwn(formats, String(values[key])),
  );
  if (named !== undefined) {
    const word = String(values[named]);
    const meant = meantBy(word, Object.keys(formats));
    return wrong(kind, `Soda has no format "${word}".${didYouMean(meant)}`, named);
  }
  const pair = contradiction(values);
  if (pair)
    return wrong(
      kind,
      `No value is at least ${values[pair[0]]} and at most ${values[pair[1]]}: swap "${pair[0]}" and "${pair[1]}".`,
      pair[0],
    );
  if (metric === 'invalid' && !Object.keys(values).some((key) => validityKeys.includes(key)))
    return wrong(kind, `"${kind}" needs to know what is valid, as in "valid_values" or "valid_min".`);
  const needsSql = metric === 'failed_rows' || metric === 'metric';
  if (needsSql && expression === undefined && query === undefined)
    return wrong(kind, `"${kind}" needs an expression or a query.`);
  if (metric === 'aggregate' && functionSql(check, '') === undefined) {
    const meant = meantBy(check.function ?? '', Object.keys(functions));
    return wrong(kind, `"${check.function}" is no function of Soda.${didYouMean(meant)}`, 'function');
  }
  if (check.function === 'percentile' && !((check.share ?? -1) >= 0 && (check.share ?? 2) <= 1))
    return wrong(kind, 'A percentile needs a share from 0 to 1, as in "percentile(size, 0.95) < 10".');
  return check;
}

function contradiction(values: Map): readonly [string, string] | undefined {
  const pairs = [
    ['valid_min', 'valid_max'],
    ['valid_min_length', 'valid_max_length'],
  ] as const;
  return pairs.find(([low, high]) => {
    const [least, most] = [values[low], values[high]];
    return typeof least === 'number' && typeof most === 'number' && least > most;
  });
}
