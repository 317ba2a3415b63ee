import type { Anomaly, Constraint } from '../../../contract/tfdv';
import { literal, text } from '../../../sql/fragment';
import { amount, number } from '../../../text/words';
import type { Figures } from '../../check';
import { list, percent } from '../../words';
import type { Feature, Values } from './feature';

/** What is found of a feature that has values, and whether that is the anomaly. */
export interface Found {
  readonly isAnomaly: boolean;
  readonly observed: number;
  /** After `Column "x" `: `has 3 values that are no integers`. */
  readonly words: string;
  readonly unexpected?: number;
}

/** How a constraint is judged from aggregates over the examples. */
export interface Judging {
  /** SQL of aggregates. `present` is always there too. */
  readonly figures: Readonly<Record<string, string>>;
  /** @param rows All examples, with or without the feature. */
  judge(figures: Figures, rows: number): Found;
  /** Rows that show the anomaly. */
  readonly rows?: string;
}

/** One anomaly that is about a feature's own values. */
export interface FeatureConstraint {
  /** What must hold, in words. */
  expected(constraint: Constraint): string;
  /** Undefined where TFDV does not look at a feature of this type. */
  judging(feature: Feature, constraint: Constraint): Judging | undefined;
}

export const featureConstraints: Partial<Readonly<Record<Anomaly, FeatureConstraint>>> = {
  FEATURE_TYPE_LOW_NUMBER_PRESENT: {
    expected: ({ limit = 0 }) => `in at least ${amount(limit, 'example')}`,
    judging: (_, { limit = 0 }) => ({
      figures: {},
      judge: ({ present = 0 }) => ({
        isAnomaly: present < limit,
        observed: present,
        words: `is in ${amount(present, 'example')}`,
      }),
    }),
  },
  FEATURE_TYPE_LOW_FRACTION_PRESENT: {
    expected: ({ limit = 0 }) => (limit >= 1 ? 'in every example' : `in at least ${percent(100 * limit)} of examples`),
    judging: ({ field }, { limit = 0 }) => ({
      figures: {},
      judge: ({ present = 0 }, rows) => ({
        isAnomaly: present / rows < limit || (limit === 1 && present < rows),
        observed: present / rows,
        unexpected: rows - present,
        words: `is missing in ${number(rows - present)} of ${amount(rows, 'example')}`,
      }),
      rows: `${field.stored} IS NULL`,
    }),
  },
  FEATURE_TYPE_LOW_NUMBER_VALUES: {
    expected: ({ limit = 0 }) => `at least ${amount(limit, 'value')} an example`,
    judging: ({ fewest, isList, field }, { limit = 0 }) => ({
      figures: { fewest },
      judge: ({ fewest: least = 0 }) => ({
        isAnomaly: least < limit,
        observed: least,
        words: `has an example of ${amount(least, 'value')}`,
      }),
      ...(isList ? { rows: `len(${field.stored}) < ${literal(limit)}` } : {}),
    }),
  },
  FEATURE_TYPE_HIGH_NUMBER_VALUES: {
    expected: ({ limit = 0 }) => `at most ${amount(limit, 'value')} an example`,
    judging: ({ most, isList, field }, { limit = 0 }) => ({
      figures: { most },
      judge: ({ most: greatest = 0 }) => ({
        isAnomaly: greatest > limit,
        observed: greatest,
        words: `has an example of ${amount(greatest, 'value')}`,
      }),
      ...(isList ? { rows: `len(${field.stored}) > ${literal(limit)}` } : {}),
    }),
  },
  INVALID_FEATURE_SHAPE: {
    expected: ({ limit = 1 }) => `${amount(limit, 'value')} in every example`,
    judging: ({ fewest, most }, { limit = 1 }) => ({
      figures: { fewest, most },
      judge: ({ present = 0, fewest: least = 0, most: greatest = 0 }, rows) => ({
        isAnomaly: present < rows || least !== limit || greatest !== limit,
        observed: greatest,
        words:
          present < rows
            ? `is missing in ${number(rows - present)} of ${amount(rows, 'example')}`
            : `has ${least === greatest ? amount(least, 'value') : `${number(least)} to ${amount(greatest, 'value')}`} an example`,
      }),
    }),
  },
  UNEXPECTED_DATA_TYPE: {
    expected: ({ type }) => `of type ${type}`,
    judging: ({ type, alsoTypes, field }, wanted) => ({
      figures: {},
      judge: ({ present = 0 }, rows) => {
        const isFloat = type === 'INT' && wanted.type === 'FLOAT';
        const also = alsoTypes.some((other) => other === wanted.type) && (!isFloat || present < rows);
        return { isAnomaly: type !== wanted.type && !also, observed: present, words: `is ${type ?? field.type}` };
      },
    }),
  },
  ENUM_TYPE_UNEXPECTED_STRING_VALUES: {
    expected: ({ values = [], limit = 1 }) =>
      limit === 1 ? `in {${list(values)}}` : `at least ${percent(100 * limit)} in {${list(values)}}`,
    judging: (feature, { values = [], limit = 1 }) => {
      const outside = feature.values((value) => notIn(textOf(feature, value), values));
      return {
        figures: { outside: outside.count, all: feature.values(() => 'true').count },
        judge: ({ outside: bad = 0, all = 0 }) => ({
          isAnomaly: bad / all > 1 - limit || (limit === 1 && bad > 0),
          observed: bad,
          unexpected: bad,
          words: `has ${number(bad)} of ${amount(all, 'value')} that ${bad === 1 ? 'is' : 'are'} not in its domain`,
        }),
        rows: outside.rows,
      };
    },
  },
  BOOL_TYPE_SMALL_INT: counted('not below 0', 'below 0', ['INT'], (value) => `CAST(${value} AS BIGINT) < 0`),
  BOOL_TYPE_BIG_INT: counted('not above 1', 'above 1', ['INT'], (value) => `CAST(${value} AS BIGINT) > 1`),
  BOOL_TYPE_UNEXPECTED_FLOAT: counted('0 or 1', 'neither 0 nor 1', ['FLOAT'], (value) => `${value} NOT IN (0, 1)`),
  BOOL_TYPE_UNEXPECTED_STRING: {
    expected: ({ values = [] }) => `in {${list(values)}}`,
    judging: (feature, { values = [] }) =>
      countOf(feature, ['BYTES'], 'neither true nor false', (value) => notIn(textOf(feature, value), values)),
  },
  INT_TYPE_SMALL_INT: limited(
    '≥',
    'below the least',
    ['INT', 'BYTES'],
    (value, limit) => `${asInteger(value)} < ${limit}`,
  ),
  INT_TYPE_BIG_INT: limited(
    '≤',
    'above the most',
    ['INT', 'BYTES'],
    (value, limit) => `${asInteger(value)} > ${limit}`,
  ),
  INT_TYPE_NOT_INT_STRING: counted('integers', 'no integers', ['BYTES'], (value) => `${asInteger(value)} IS NULL`),
  FLOAT_TYPE_SMALL_FLOAT: limited(
    '≥',
    'below the least',
    ['FLOAT', 'BYTES'],
    (value, limit) => `${asFloat(value)} < ${single(limit)}`,
  ),
  FLOAT_TYPE_BIG_FLOAT: limited(
    '≤',
    'above the most',
    ['FLOAT', 'BYTES'],
    (value, limit) => `${asFloat(value)} > ${single(limit)}`,
  ),
  FLOAT_TYPE_STRING_NOT_FLOAT: counted('numbers', 'no numbers', ['BYTES'], (value) => `${asFloat(value)} IS NULL`),
  FLOAT_TYPE_HAS_INF: counted('finite', 'infinite', ['FLOAT', 'BYTES'], (value) => `isinf(${asFloat(value)})`),
  FLOAT_TYPE_HAS_NAN: {
    expected: () => 'no NaN',
    judging: ({ field, type, isList }) =>
      type === 'FLOAT' && !isList && /^(float|double|real)/i.test(field.type)
        ? judgingOf(nansIn(field.stored), 'NaN')
        : undefined,
  },
  FEATURE_TYPE_LOW_UNIQUE: unique('at least', (distinct, limit) => distinct < limit),
  FEATURE_TYPE_HIGH_UNIQUE: unique('at most', (distinct, limit) => distinct > limit),
};

/** A value as the text that TFDV would have read. */
const textOf = ({ field, isList }: Feature, value: string): string =>
  isList || value !== field.stored ? `CAST(${value} AS VARCHAR)` : field.text;

const notIn = (value: string, values: readonly string[]): string =>
  values.length === 0 ? 'true' : `${value} NOT IN (${values.map(text).join(', ')})`;

/** NULL for a text that spells no integer: the engine's cast would round 1.5. */
const asInteger = (value: string): string =>
  `CASE WHEN regexp_full_match(CAST(${value} AS VARCHAR), '\\s*[-+]?[0-9]+\\s*') THEN TRY_CAST(CAST(${value} AS VARCHAR) AS HUGEINT) END`;

/** TFDV compares floats in single precision. */
const asFloat = (value: string): string => `TRY_CAST(${value} AS FLOAT)`;
const single = (limit: string): string => `CAST(${limit} AS FLOAT)`;

const nansIn = (stored: string): Values => {
  const rows = `coalesce(isnan(${stored}), false)`;
  return { count: `count(*) FILTER (WHERE ${rows})`, rows };
};

type Types = readonly NonNullable<Feature['type']>[];

/** No value may be so. */
function counted(expected: string, found: string, types: Types, test: (value: string) => string): FeatureConstraint {
  return { expected: () => expected, judging: (feature) => countOf(feature, types, found, test) };
}

/** No value may lie beyond a number. */
function limited(
  sign: string,
  found: string,
  types: Types,
  test: (value: string, limit: string) => string,
): FeatureConstraint {
  return {
    expected: ({ limit = 0 }) => `${sign} ${number(limit)}`,
    judging: (feature, { limit = 0 }) => countOf(feature, types, found, (value) => test(value, literal(limit))),
  };
}

const countOf = (
  feature: Feature,
  types: Types,
  found: string,
  test: (value: string) => string,
): Judging | undefined =>
  feature.type !== undefined && types.includes(feature.type) ? judgingOf(feature.values(test), found) : undefined;

const judgingOf = ({ count, rows }: Values, found: string): Judging => ({
  figures: { count },
  judge: ({ count: bad = 0 }) => ({
    isAnomaly: bad > 0,
    observed: bad,
    unexpected: bad,
    words: `has ${bad === 0 ? 'no value' : amount(bad, 'value')} that ${bad > 1 ? 'are' : 'is'} ${found}`,
  }),
  rows,
});

/** TFDV counts distinct values of text alone. */
function unique(words: string, isAnomaly: (distinct: number, limit: number) => boolean): FeatureConstraint {
  return {
    expected: ({ limit = 0 }) => `${words} ${amount(limit, 'distinct value')}`,
    judging: (feature, { limit = 0 }) =>
      feature.type !== 'BYTES' || feature.isList
        ? undefined
        : {
            figures: { distinct: `count(DISTINCT ${feature.field.text})` },
            judge: ({ distinct = 0 }) => ({
              isAnomaly: isAnomaly(distinct, limit),
              observed: distinct,
              words: `has ${amount(distinct, 'distinct value')}`,
            }),
          },
  };
}
