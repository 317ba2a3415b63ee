import type { Rule } from '../../contract/model';
import { type CheckType, type Constraint, constraintOf, type FeatureType, SAGEMAKER } from '../../contract/sagemaker';
import { columnsWords, distanceWords, shareWords, typeWords } from '../../contract/sagemaker-violations';
import type { DriftReport } from '../../protocol';
import { text } from '../../sql/fragment';
import { amount, number } from '../../text/words';
import {
  type Check,
  counting,
  type Data,
  type Figures,
  type Measure,
  nothing,
  type Outcome,
  type Subject,
  skipped,
  unjudged,
} from '../check';
import type { CustomEngine } from '../custom-engine';
import { driftMeasure, referenceTo } from '../drift-rule';
import { ruled } from '../rule';
import type { Field } from '../source';
import { list } from '../words';

/**
 * Constraints of SageMaker Model Monitor, by the rules of deequ 2.0 that its container is built on; the container itself is
 * closed. A failure begins with the service's own sentence, where that is known.
 */
export const sagemaker: CustomEngine = { names: [SAGEMAKER], check };

function check(subject: Subject, rule: Rule): Check {
  const constraint = constraintOf(rule.implementation);
  if (!constraint) {
    const measure = () =>
      unjudged('A rule of the engine sagemaker needs "implementation: {check: …}" that Model Monitor knows.');
    return ruled(subject, rule, { kind: 'custom', expected: 'as SageMaker says', measure });
  }
  const { dimension, expected, measure } = kinds[constraint.check];
  return ruled(subject, rule, {
    kind: constraint.check,
    ...(dimension ? { dimension } : {}),
    expected: expected(constraint),
    measure: (data) =>
      constraint.off ? skipped('The file turns this check off.') : measure(subject, constraint, data),
  });
}

interface Kind {
  readonly dimension?: string;
  /** What must hold, in words. */
  expected(constraint: Constraint): string;
  measure(subject: Subject, constraint: Constraint, data: Data): Measure;
}

const kinds: Readonly<Record<CheckType, Kind>> = {
  data_type_check: {
    dimension: 'conformity',
    expected: ({ type, limit = 1 }) => `${shareWords(limit)} ${type}`,
    measure: (subject, constraint, data) => ofField(subject, data, (field) => typeMeasure(field, constraint)),
  },
  completeness_check: {
    dimension: 'completeness',
    expected: ({ limit = 1 }) => `completeness ≥ ${limit}`,
    measure: (subject, { limit = 1 }, data) =>
      ofField(subject, data, (field) =>
        shareMeasure(field, {
          good: `${field.stored} IS NOT NULL`,
          all: 'true',
          limit,
          words: (share, bad, rows) =>
            `Completeness of ${share} is below ${limit}: column "${field.column.path}" is null in ${number(bad)} of ${amount(rows, 'row')}.`,
          holds: (share) => `Column "${field.column.path}" has a completeness of ${share}.`,
        }),
      ),
  },
  categorical_values_check: {
    dimension: 'conformity',
    expected: ({ values = [], limit = 1 }) => `${limit >= 1 ? '' : `${shareWords(limit)} `}in {${list(values)}}`,
    measure: (subject, { values = [], limit = 1 }, data) =>
      ofField(subject, data, (field) =>
        shareMeasure(field, {
          good: `${field.text} IN (${values.map(text).join(', ')})`,
          all: `${field.stored} IS NOT NULL`,
          limit,
          words: (share, bad, rows) =>
            `A share of ${share} in the domain is below ${limit}: column "${field.column.path}" has ${number(bad)} of ${amount(rows, 'value')} outside of it.`,
          holds: (share) => `Column "${field.column.path}" has a share of ${share} in its domain.`,
        }),
      ),
  },
  baseline_drift_check: {
    expected: ({ method, limit = 0 }) => (method === 'chi-square' ? `p-value ≥ ${limit}` : `distance ≤ ${limit}`),
    measure: driftOf,
  },
  missing_column_check: {
    dimension: 'completeness',
    expected: ({ features = [] }) => `all ${amount(features.length, 'column')} of the baseline`,
    measure: (_, { features = [] }, data) => {
      const there = namesIn(data);
      const missing = features.filter((name) => !there.has(name));
      return columnsMeasure('missing', missing, there.size, features.length);
    },
  },
  extra_column_check: {
    dimension: 'conformity',
    expected: () => 'no column that the baseline lacks',
    measure: (_, { features = [] }, data) => {
      const there = namesIn(data);
      const extra = [...there].filter((name) => !features.includes(name));
      return columnsMeasure('extra', extra, there.size, features.length);
    },
  },
  is_non_negative: {
    expected: () => 'not below 0',
    measure: () => skipped('Model Monitor has no check of is_non_negative, so that it reports no violation of it.'),
  },
};

const namesIn = ({ source }: Data): ReadonlySet<string> => new Set(source.columns.map(({ name }) => name));

/** That a column is not there is told by one check of its own. */
function ofField({ column }: Subject, { source }: Data, measure: (field: Field) => Measure): Measure {
  if (!column) return unjudged('This check is about a column.');
  const field = source.field(column);
  return field ? measure(field) : skipped(`Column "${column.path}" is not in the data, as missing_column_check says.`);
}

interface Share {
  /** SQL that is true for a row that is as it should be. */
  readonly good: string;
  /** SQL that is true for a row that counts. */
  readonly all: string;
  readonly limit: number;
  words(share: number, bad: number, rows: number): string;
  holds(share: number): string;
}

function shareMeasure(field: Field, { good, all, limit, words, holds }: Share): Measure {
  return {
    via: 'scan',
    of: field.scope,
    figures: { good: counting(`(${all}) AND (${good})`), all: counting(all) },
    judge: (figures: Figures): Outcome => {
      const { good: kept = 0, all: rows = 0 } = figures;
      if (rows === 0)
        return { verdict: 'holds', observed: null, message: `Column "${field.column.path}" has no value to judge.` };
      const share = kept / rows;
      const isBroken = share < limit;
      return {
        verdict: isBroken ? 'fails' : 'holds',
        observed: share,
        unexpected: rows - kept,
        limit: { figure: share, threshold: limit, breaks: 'below' },
        message: isBroken ? words(share, rows - kept, rows) : holds(share),
      };
    },
    failing: { predicate: `(${all}) AND NOT coalesce(${good}, false)`, fields: [field] },
  };
}

const FRACTIONAL = '[-+]? ?[0-9]+((\\.[0-9]+)|((\\.[0-9]+)?[Ee][-+]?[0-9]+))';
const INTEGRAL = '[-+]? ?[0-9]+';

/**
 * What a value is as text, as deequ's `DataType` takes it. An integer counts as Fractional, which is not public of the
 * service: a baseline with whole numbers in such a column would else violate its own constraints.
 */
const isOfType: Readonly<Record<FeatureType, (value: string) => string>> = {
  Integral: (value) => `regexp_full_match(${value}, '${INTEGRAL}')`,
  Fractional: (value) => `regexp_full_match(${value}, '${FRACTIONAL}|${INTEGRAL}')`,
  String: (value) => `NOT regexp_full_match(${value}, '${FRACTIONAL}|${INTEGRAL}')`,
};

function typeMeasure(field: Field, { type = 'String', limit = 1 }: Constraint): Measure {
  return shareMeasure(field, {
    good: isOfType[type](field.text),
    all: `${field.stored} IS NOT NULL`,
    limit,
    words: (share) => typeWords(type, limit, share),
    holds: (share) => `${shareWords(share)} of data in column "${field.column.path}" is ${type}.`,
  });
}

function columnsMeasure(what: 'missing' | 'extra', names: readonly string[], now: number, before: number): Measure {
  const holds = { verdict: 'holds', observed: 0, unexpected: 0, message: `There are no ${what} columns.` } as const;
  if (names.length === 0) return nothing(holds);
  return nothing({
    verdict: 'fails',
    observed: names.length,
    unexpected: names.length,
    unexpectedPercent: null,
    message: `${columnsWords(what, names, now, before)}.`,
  });
}

function driftOf(subject: Subject, constraint: Constraint, data: Data): Measure {
  const { type, method, comparison, limit } = constraint;
  return ofField(subject, data, (field) => {
    if (typeof data.reference === 'string') return skipped(data.reference);
    const measure = driftMeasure(
      {
        reference: referenceTo(data.reference.dataset),
        preset: comparison === 'Simple' ? 'sagemaker-simple' : SAGEMAKER,
        method,
        threshold: limit,
        type: type === 'String' ? 'categorical' : 'numerical',
      },
      field.column.path,
      field.name,
    );
    if (measure.via !== 'drift') return measure;
    return {
      ...measure,
      judge: (report: DriftReport) => {
        const outcome = measure.judge(report);
        const [drifted] = report.columns;
        return outcome.verdict === 'fails' && drifted ? { ...outcome, message: `${distanceWords(drifted)}.` } : outcome;
      },
    };
  });
}
