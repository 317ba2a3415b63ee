import type { Rule } from '../../../contract/model';
import { type Anomaly, anomalies, type Constraint, constraintOf, TFDV } from '../../../contract/tfdv';
import type { DriftReport } from '../../../protocol';
import { amount, number } from '../../../text/words';
import {
  type Check,
  type Data,
  type Measure,
  nothing,
  type Outcome,
  type Subject,
  skipped,
  unjudged,
} from '../../check';
import type { CustomEngine } from '../../custom-engine';
import { driftMeasure, referenceTo } from '../../drift-rule';
import { ruled } from '../../rule';
import type { Field, Source } from '../../source';
import { list } from '../../words';
import { featureConstraints } from './constraints';
import { type Feature, featureOf } from './feature';

/**
 * Constraints of a TFDV schema, each judged as `validate_statistics` of TFDV 1.16 judges it. Its statistics keep the
 * thousand most frequent texts and histograms of numbers; here all values are looked at.
 */
export const tfdv: CustomEngine = { names: [TFDV], check };

function check(subject: Subject, rule: Rule): Check {
  const constraint = constraintOf(rule.implementation);
  if (!constraint) {
    const measure = () => unjudged('A rule of the engine tfdv needs "implementation: {anomaly: …}" that TFDV knows.');
    return ruled(subject, rule, { kind: 'custom', expected: 'as TFDV says', measure });
  }
  const { anomaly } = constraint;
  return ruled(subject, rule, {
    kind: anomaly,
    expected: expectedOf(constraint),
    measure: (data) => measureFor(subject, constraint, data),
  });
}

type Judge = (subject: Subject, constraint: Constraint, data: Data) => Measure;

/** Anomalies that are about more than the values of a feature. */
const judges: Partial<Readonly<Record<Anomaly, Judge>>> = {
  SCHEMA_NEW_COLUMN: newColumn,
  SCHEMA_MISSING_COLUMN: missingColumn,
  FEATURE_TYPE_NOT_PRESENT: notPresent,
  COMPARATOR_L_INFTY_HIGH: compared('l-infinity'),
  COMPARATOR_JENSEN_SHANNON_DIVERGENCE_HIGH: compared('jensen-shannon'),
  COMPARATOR_NORMALIZED_ABSOLUTE_DIFFERENCE_HIGH: () =>
    skipped('Plumbline does not measure the normalized absolute difference.'),
  COMPARATOR_CONTROL_DATA_MISSING: controlMissing,
  DATASET_LOW_NUM_EXAMPLES: fewExamples,
  COMPARATOR_LOW_NUM_EXAMPLES: examplesAgainst((ratio, limit) => ratio < limit),
  COMPARATOR_HIGH_NUM_EXAMPLES: examplesAgainst((ratio, limit) => ratio > limit),
};

function measureFor(subject: Subject, constraint: Constraint, data: Data): Measure {
  const judge = judges[constraint.anomaly];
  if (judge) return judge(subject, constraint, data);
  const field = fieldOf(subject, data.source);
  // That the column is not there is an anomaly of its own, and TFDV then says nothing else of it.
  return field ? featureMeasure(featureOf(field), constraint) : absent(subject);
}

function expectedOf(constraint: Constraint): string {
  const { anomaly, limit = 0 } = constraint;
  return featureConstraints[anomaly]?.expected(constraint) ?? words[anomaly]?.(limit) ?? `no ${anomaly}`;
}

const words: Partial<Readonly<Record<Anomaly, (limit: number) => string>>> = {
  SCHEMA_NEW_COLUMN: () => 'no column that the schema lacks',
  SCHEMA_MISSING_COLUMN: () => 'in the data',
  FEATURE_TYPE_NOT_PRESENT: () => 'in some example',
  COMPARATOR_L_INFTY_HIGH: (limit) => `L-infinity ≤ ${limit}`,
  COMPARATOR_JENSEN_SHANNON_DIVERGENCE_HIGH: (limit) => `Jensen–Shannon divergence ≤ ${limit}`,
  COMPARATOR_NORMALIZED_ABSOLUTE_DIFFERENCE_HIGH: (limit) => `normalized absolute difference ≤ ${limit}`,
  COMPARATOR_CONTROL_DATA_MISSING: () => 'in the data to compare with',
  DATASET_LOW_NUM_EXAMPLES: (limit) => `at least ${amount(limit, 'example')}`,
  COMPARATOR_LOW_NUM_EXAMPLES: (limit) => `at least ${number(limit)} × the examples to compare with`,
  COMPARATOR_HIGH_NUM_EXAMPLES: (limit) => `at most ${number(limit)} × the examples to compare with`,
};

/** What stands in the data under a feature's name. */
const fieldOf = ({ column }: Subject, source: Source): Field | undefined => column && source.field(column);

const holds = (message: string): Measure => nothing({ verdict: 'holds', message });

const absent = ({ column }: Subject): Measure => holds(`Column "${column?.path}" is not in the data.`);

/** A failure begins as TFDV words it. */
const told = (anomaly: Anomaly, isAnomaly: boolean, sentence: string): string =>
  isAnomaly ? `${anomalies[anomaly]}: ${sentence}` : sentence;

function featureMeasure(feature: Feature, constraint: Constraint): Measure {
  const { anomaly } = constraint;
  const { field, present } = feature;
  const who = `Column "${field.column.path}"`;
  const asked = featureConstraints[anomaly];
  const judging = asked?.judging(feature, constraint);
  if (!asked || !judging) return holds(`${who} is ${feature.type ?? field.type}, of which TFDV does not ask this.`);
  const { figures, rows: failing, judge } = judging;
  return {
    via: 'scan',
    of: field.scope,
    figures: { ...figures, present },
    judge: (found, rows): Outcome => {
      if (!found.present) return { verdict: 'holds', observed: 0, message: `${who} has no value to judge.` };
      const { isAnomaly, observed, unexpected, words: what } = judge(found, rows);
      const expected = asked.expected(constraint);
      const sentence = `${who} ${what}${isAnomaly ? `, but the schema says ${expected}` : ''}.`;
      return {
        verdict: isAnomaly ? 'fails' : 'holds',
        observed,
        ...(unexpected === undefined ? {} : { unexpected }),
        message: told(anomaly, isAnomaly, sentence),
      };
    },
    ...(failing === undefined ? {} : { failing: { predicate: failing, fields: [field] } }),
  };
}

/** Whether a feature belongs to the environment that the person named; to every one when none was named. */
function isExpected({ environments }: Constraint, environment: string | undefined): boolean {
  if (environment === undefined || !environments) return true;
  const { within, without, byDefault } = environments;
  if (within.includes(environment)) return true;
  return !without.includes(environment) && byDefault.includes(environment);
}

/** Of the whole table: columns that the schema has no feature for. Of a feature: that it is where it should not be. */
function newColumn(subject: Subject, constraint: Constraint, data: Data): Measure {
  const { source, environment } = data;
  if (!constraint.features) {
    const isNew = fieldOf(subject, source) !== undefined && !isExpected(constraint, environment);
    const who = `Column "${subject.column?.path}"`;
    const where = environment === undefined ? 'no environment was named' : `in the environment "${environment}"`;
    if (!isNew) return holds(`${who} is where it may be (${where}).`);
    return nothing({ verdict: 'fails', message: `${anomalies.SCHEMA_NEW_COLUMN}: ${who} should not be ${where}.` });
  }
  const known = new Set(constraint.features);
  const unknown = source.columns.map(({ name }) => name).filter((name) => !known.has(name));
  if (unknown.length === 0)
    return nothing({
      verdict: 'holds',
      observed: 0,
      unexpected: 0,
      message: 'The schema has every column of the data.',
    });
  const message = `${anomalies.SCHEMA_NEW_COLUMN}: the schema has no feature for ${list(unknown)}.`;
  return nothing({
    verdict: 'fails',
    observed: unknown.length,
    unexpected: unknown.length,
    unexpectedPercent: null,
    message,
  });
}

const notAsked = ({ column }: Subject, environment: string | undefined): Measure =>
  holds(`Column "${column?.path}" is not expected in the environment "${environment}".`);

function missingColumn(subject: Subject, constraint: Constraint, { source, environment }: Data): Measure {
  if (!isExpected(constraint, environment)) return notAsked(subject, environment);
  const who = `Column "${subject.column?.path}"`;
  return fieldOf(subject, source)
    ? holds(`${who} is in the data.`)
    : nothing({ verdict: 'fails', message: `${anomalies.SCHEMA_MISSING_COLUMN}: ${who} is not in the data.` });
}

function notPresent(subject: Subject, constraint: Constraint, { source, environment }: Data): Measure {
  if (!isExpected(constraint, environment)) return notAsked(subject, environment);
  const field = fieldOf(subject, source);
  if (!field) return absent(subject);
  const who = `Column "${field.column.path}"`;
  return {
    via: 'scan',
    of: field.scope,
    figures: { present: featureOf(field).present },
    judge: ({ present = 0 }) => ({
      verdict: present === 0 ? 'fails' : 'holds',
      observed: present,
      message: told(
        constraint.anomaly,
        present === 0,
        present === 0 ? `${who} has no value in any example.` : `${who} is in ${amount(present, 'example')}.`,
      ),
    }),
  };
}

/** What the person named stands for the previous span and for the serving data alike: both measures are symmetric. */
function compared(method: string): Judge {
  return (subject, { anomaly, limit }, { source, reference }) => {
    const field = fieldOf(subject, source);
    if (!field) return absent(subject);
    if (typeof reference === 'string') return skipped(reference);
    if (!fieldOf(subject, reference)) return holds(`Column "${field.column.path}" is not in the data to compare with.`);
    const wish = { reference: referenceTo(reference.dataset), preset: TFDV, method, threshold: limit };
    const measure = driftMeasure(wish, field.column.path, field.name);
    if (measure.via !== 'drift') return measure;
    return {
      ...measure,
      judge: (report: DriftReport) => {
        const outcome = measure.judge(report);
        return { ...outcome, message: told(anomaly, outcome.verdict === 'fails', outcome.message) };
      },
    };
  };
}

function controlMissing(subject: Subject, { anomaly }: Constraint, { source, reference }: Data): Measure {
  if (!fieldOf(subject, source)) return absent(subject);
  if (typeof reference === 'string') return skipped(reference);
  const who = `Column "${subject.column?.path}"`;
  return fieldOf(subject, reference)
    ? holds(`${who} is in the data to compare with.`)
    : nothing({ verdict: 'fails', message: told(anomaly, true, `${who} is not in the data to compare with.`) });
}

function fewExamples(_: Subject, { anomaly, limit = 0 }: Constraint, { source }: Data): Measure {
  return {
    via: 'scan',
    of: source.scope,
    figures: {},
    judge: (__, rows) => ({
      verdict: rows < limit ? 'fails' : 'holds',
      observed: rows,
      message: told(
        anomaly,
        rows < limit,
        `There are ${amount(rows, 'example')}, and the schema asks for ${number(limit)}.`,
      ),
    }),
  };
}

function examplesAgainst(isAnomaly: (ratio: number, limit: number) => boolean): Judge {
  return (_, { anomaly, limit = 0, against }, { source, reference }) => {
    if (against === 'version') return skipped('There is no previous version of these data to count.');
    if (typeof reference === 'string') return skipped(reference);
    return {
      via: 'statement',
      of: source.scope,
      sql: `SELECT (SELECT count(*) FROM ${source.scope.relation}) AS now, (SELECT count(*) FROM ${reference.scope.relation}) AS before`,
      judge: ({ now = 0, before = 0 }) => {
        // TFDV takes any number for too many beside none at all, and for too few never.
        const ratio = before === 0 ? Number.POSITIVE_INFINITY : now / before;
        const fails = isAnomaly(ratio, limit);
        const sentence = `There are ${amount(now, 'example')}, ${number(ratio)} × the ${number(before)} to compare with; the schema's limit is ${number(limit)}.`;
        return { verdict: fails ? 'fails' : 'holds', observed: ratio, message: told(anomaly, fails, sentence) };
      },
    };
  };
}
