import { identifier, text } from '../../sql/fragment';
import { type Measure, skipped, unjudged } from '../check';
import { FILE, ROW } from '../source';
import { list } from '../words';
import { boundWords, type Call, type Expected, type Family, type Kwargs, mapped, mappedBy } from './expectation';
import { asMoment, COUNT, comparand, isIn, numberIn, type Operand, VALUE } from './operand';

type OfColumn = (operand: Operand, call: Call) => Measure;

/** An expectation about the one column that it names. */
export const ofColumn = (words: Expected['words'], measure: OfColumn): Expected => ({
  words,
  measure: (call) => {
    const [operand] = call.operands;
    if (!operand) return unjudged(`${call.type} names no column.`);
    return measure(call.kwargs.parse_strings_as_datetimes === true ? asMoment(operand) : operand, call);
  },
});

export const valueWords = ({ value_set }: Kwargs): string =>
  list(listOf(value_set).map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))) || 'no values';

/** A list of the arguments; what is none is empty. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const holding = (words: Expected['words'], holds: (operand: Operand, call: Call) => string): Expected =>
  ofColumn(words, (operand, call) => mapped(call, { considered: operand.present, holds: holds(operand, call) }));

/** Expectations about each value of a column; missing ones are left out, but where they are asked for. */
export const columnMap: Family = {
  expect_column_values_to_not_be_null: ofColumn(
    () => 'not null',
    ({ present }, call) => mapped(call, { considered: 'true', holds: present }),
  ),
  expect_column_values_to_be_null: ofColumn(
    () => 'null',
    ({ present }, call) => mapped(call, { considered: 'true', holds: `NOT ${present}` }),
  ),
  expect_column_values_to_be_unique: ofColumn(() => 'unique', once),
  expect_column_values_to_be_between: ofColumn(boundWords, bounded),
  expect_column_values_to_be_in_set: holding(
    (kwargs) => `one of ${valueWords(kwargs)}`,
    (operand, { kwargs }) => isIn(operand, listOf(kwargs.value_set)),
  ),
  expect_column_values_to_not_be_in_set: holding(
    (kwargs) => `none of ${valueWords(kwargs)}`,
    (operand, { kwargs }) => `NOT coalesce(${isIn(operand, listOf(kwargs.value_set))}, false)`,
  ),
  expect_column_value_lengths_to_be_between: holding(
    (kwargs) => `of a length ${boundWords(kwargs)}`,
    (operand, { kwargs }) => betweenSql(`length(${operand.text})`, kwargs, String),
  ),
  expect_column_value_lengths_to_equal: holding(
    ({ value }) => `of length ${value}`,
    (operand, { kwargs }) => `length(${operand.text}) = ${Number(kwargs.value)}`,
  ),
  expect_column_values_to_match_like_pattern: like('match_like_pattern'),
  expect_column_values_to_not_match_like_pattern: like('not_match_like_pattern'),
  expect_column_values_to_match_like_pattern_list: like('match_like_pattern_list'),
  expect_column_values_to_not_match_like_pattern_list: like('not_match_like_pattern_list'),
  expect_column_values_to_match_strftime_format: ofColumn(
    ({ strftime_format }) => `dates like ${strftime_format}`,
    dated,
  ),
  expect_column_values_to_be_json_parseable: holding(
    () => 'JSON',
    ({ text: written }) => `json_valid(${written})`,
  ),
  expect_column_values_to_be_increasing: ordered('increasing', '>'),
  expect_column_values_to_be_decreasing: ordered('decreasing', '<'),
  expect_column_value_z_scores_to_be_less_than: ofColumn(
    ({ threshold, double_sided }) =>
      `less than ${threshold} standard deviations ${double_sided === true ? 'from' : 'above'} the mean`,
    scored,
  ),
  expect_column_values_to_not_be_outliers: ofColumn(() => 'no outliers', inside),
};

/** SQL of a value between the bounds given. */
function betweenSql(value: string, kwargs: Kwargs, sqlOf: (bound: unknown) => string): string {
  const { min_value: low, max_value: high, strict_min, strict_max } = kwargs;
  const parts = [
    ...(low === undefined ? [] : [`${value} ${strict_min === true ? '>' : '>='} ${sqlOf(low)}`]),
    ...(high === undefined ? [] : [`${value} ${strict_max === true ? '<' : '<='} ${sqlOf(high)}`]),
  ];
  return parts.join(' AND ');
}

function bounded(operand: Operand, call: Call): Measure {
  const { min_value, max_value } = call.kwargs;
  for (const bound of [min_value, max_value]) {
    const made = bound === undefined ? undefined : comparand(operand, bound);
    if (typeof made === 'string') return unjudged(made);
  }
  const value = numberIn(operand) ?? operand.value;
  const plain: Operand = operand.is === 'boolean' ? { ...operand, is: 'number' } : operand;
  const holds = betweenSql(value, call.kwargs, (bound) => {
    const made = comparand(plain, bound);
    return typeof made === 'string' ? 'NULL' : made.sql;
  });
  return mapped(call, { considered: operand.present, holds });
}

function once({ value, present }: Operand, call: Call): Measure {
  const { relation } = call.scope;
  const counted = `SELECT ${value} AS ${VALUE}, count(*) AS ${COUNT} FROM ${relation} WHERE ${present} GROUP BY ${value}`;
  return mappedBy(
    call,
    `SELECT coalesce(sum(${COUNT}), 0) AS considered, coalesce(sum(${COUNT}) FILTER (WHERE ${COUNT} > 1), 0) AS broken FROM (${counted})`,
    `${present} AND ${value} IN (SELECT ${VALUE} FROM (${counted}) WHERE ${COUNT} > 1)`,
  );
}

function like(name: string): Expected {
  const isNegated = name.startsWith('not_');
  const patternsIn = ({ like_pattern, like_pattern_list }: Kwargs) =>
    listOf(like_pattern_list ?? [like_pattern]).map(String);
  return holding(
    (kwargs) => `${isNegated ? 'not like' : 'like'} ${list(patternsIn(kwargs))}`,
    (operand, { kwargs }) => {
      const escaping = typeof kwargs.escape === 'string' ? ` ESCAPE ${text(kwargs.escape)}` : '';
      const likes = patternsIn(kwargs).map((pattern) => `${operand.text} LIKE ${text(pattern)}${escaping}`);
      if (isNegated) return `NOT (${likes.join(' OR ')})`;
      return `(${likes.join(kwargs.match_on === 'all' ? ' AND ' : ' OR ')})`;
    },
  );
}

const BEFORE = identifier('plumbline before');
const CENTRE = identifier('plumbline centre');
const SPREAD = identifier('plumbline spread');

/** Directives that Python and the engine read alike. */
const directives = /^(?:[^%]|%[YmdHIMSfybBaApj%])*$/;

function dated(operand: Operand, call: Call): Measure {
  const format = String(call.kwargs.strftime_format);
  if (operand.is !== 'text') {
    return unjudged(`Column "${operand.name}" is ${operand.field.type}; the format of a text can be checked only.`);
  }
  if (!directives.test(format)) {
    return skipped(`The format ${format} has a directive that Plumbline does not know to read as Python does.`);
  }
  return mapped(call, {
    considered: operand.present,
    holds: `try_strptime(${operand.text}, ${text(format)}) IS NOT NULL`,
  });
}

/** Each value against the one before it, missing ones left out; the first has none before it. */
function ordered(words: string, sign: '>' | '<'): Expected {
  return ofColumn(
    ({ strictly }) => (strictly === true ? `strictly ${words}` : words),
    ({ value, present, is }, call) => {
      // The step from one infinity to the same is no number, and so is in order to pandas.
      const endless = is === 'number' ? ` AND NOT (isinf(CAST(${VALUE} AS DOUBLE)) AND ${VALUE} = ${BEFORE})` : '';
      const compare = call.kwargs.strictly === true ? sign : `${sign}=`;
      const before = `lag(${value}) OVER (ORDER BY ${FILE}, ${ROW})`;
      const stepped = `SELECT ${ROW}, ${FILE}, ${value} AS ${VALUE}, ${before} AS ${BEFORE} FROM ${call.scope.numbered} WHERE ${present}`;
      const broken = `${BEFORE} IS NOT NULL AND NOT coalesce(${VALUE} ${compare} ${BEFORE}, false)${endless}`;
      return mappedBy(
        call,
        `SELECT count(*) AS considered, count(*) FILTER (WHERE ${broken}) AS broken FROM (${stepped})`,
        `row(${ROW}, coalesce(${FILE}, '')) IN (SELECT row(${ROW}, coalesce(${FILE}, '')) FROM (${stepped}) WHERE ${broken})`,
      );
    },
  );
}

/** What is said of a column that is no number but should be one. */
export const noNumbers = ({ name, field }: Operand): string =>
  `Column "${name}" is ${field.type}; the expectation is about numbers.`;

/** SQL of the sample standard deviation; NULL where it is not finite, as pandas has NaN there. */
export const deviationSql = (value: string): string =>
  `CASE WHEN bool_and(isfinite(CAST(${value} AS DOUBLE))) THEN stddev_samp(CAST(${value} AS DOUBLE)) FILTER (WHERE isfinite(CAST(${value} AS DOUBLE))) END`;

/** A value without a z-score, since all are alike or there is one only, is as expected. */
function scored(operand: Operand, call: Call): Measure {
  const value = numberIn(operand);
  if (value === undefined) return unjudged(noNumbers(operand));
  const { threshold, double_sided } = call.kwargs;
  const { relation } = call.scope;
  const mean = `(SELECT avg(${value}) FROM ${relation})`;
  const deviation = `(SELECT nullif(${deviationSql(value)}, 0) FROM ${relation})`;
  const isDouble = double_sided === true;
  const limit = isDouble ? Math.abs(Number(threshold)) : Number(threshold);
  const predicate = (m: string, d: string) => {
    const score = `((${value} - ${m}) / ${d})`;
    return `${operand.present} AND ${isDouble ? `abs(${score})` : score} >= ${limit}`;
  };
  return mappedBy(
    call,
    `SELECT count(*) FILTER (WHERE ${operand.present}) AS considered, count(*) FILTER (WHERE ${predicate(CENTRE, SPREAD)}) AS broken ` +
      `FROM ${relation}, (SELECT ${mean} AS ${CENTRE}, ${deviation} AS ${SPREAD})`,
    predicate(mean, deviation),
  );
}

/** Tukey's fences, which count as inside, or so many standard deviations from the mean, which do not. */
function inside(operand: Operand, call: Call): Measure {
  const value = numberIn(operand);
  if (value === undefined) return unjudged(noNumbers(operand));
  const { method = 'iqr', multiplier = 1.5 } = call.kwargs;
  if (method !== 'iqr' && method !== 'std')
    return unjudged(`"method" must be "iqr" or "std", not ${JSON.stringify(method)}.`);
  const { relation } = call.scope;
  const factor = Number(multiplier);
  const quantile = (share: number) => `(SELECT quantile_cont(CAST(${value} AS DOUBLE), ${share}) FROM ${relation})`;
  const mean = `(SELECT avg(${value}) FROM ${relation})`;
  const deviation = `(SELECT ${deviationSql(value)} FROM ${relation})`;
  const [low, high] = method === 'iqr' ? [quantile(0.25), quantile(0.75)] : [mean, deviation];
  const predicate = (a: string, b: string) => {
    const fences = `${value} < ${a} - ${factor} * (${b} - ${a}) OR ${value} > ${b} + ${factor} * (${b} - ${a})`;
    const distances = `CASE WHEN ${factor} * ${b} <= 0 THEN ${value} <> ${a} ELSE abs(${value} - ${a}) >= ${factor} * ${b} END`;
    return `${operand.present} AND (${method === 'iqr' ? fences : distances})`;
  };
  return mappedBy(
    call,
    `SELECT count(*) FILTER (WHERE ${operand.present}) AS considered, count(*) FILTER (WHERE ${predicate(CENTRE, SPREAD)}) AS broken ` +
      `FROM ${relation}, (SELECT ${low} AS ${CENTRE}, ${high} AS ${SPREAD})`,
    predicate(low, high),
  );
}
