import { type Asked, askedBy, FRICTIONLESS, matchOf } from '../../../contract/frictionless';
import type { Rule } from '../../../contract/model';
import { type Check, type Data, type Measure, type Subject, unjudged } from '../../check';
import type { CustomEngine } from '../../custom-engine';
import { ruled } from '../../rule';
import { constraintMeasure, constraintWords } from './constraints';
import { headerMeasure } from './header';
import { blankMeasure, foreignMeasure, keyMeasure, typeMeasure, uniqueMeasure } from './rows';

/** Data Package and Table Schema by the rules of frictionless 5.21: one check for each error that it could report. */
export const frictionless: CustomEngine = { names: [FRICTIONLESS, 'frictionlessdata', 'tableschema'], check };

function check(subject: Subject, rule: Rule): Check {
  const asked = askedBy(rule);
  if (!asked) {
    const measure = () =>
      unjudged('A rule of the engine frictionless needs "implementation: {check: …}" with an error that it knows.');
    return ruled(subject, rule, { kind: 'custom', expected: 'as frictionless says', measure });
  }
  const name = rule.name ?? nameOf(subject, asked);
  const made = ruled(subject, rule, {
    kind: asked.check,
    dimension: dimensions[asked.check],
    expected: expectedOf(asked),
    measure: (data) => measureFor(subject, asked, data),
  });
  return { ...made, name, node: subject.column ? rule.node : made.node };
}

function nameOf({ table, column }: Subject, asked: Asked): string {
  const who = column?.path ?? ('fields' in asked ? asked.fields.join(', ') : table.name);
  return `${who} ${asked.check === 'constraint-error' ? asked.constraint : asked.check}`;
}

const dimensions: Readonly<Record<Asked['check'], string>> = {
  'type-error': 'conformity',
  'constraint-error': 'conformity',
  'unique-error': 'uniqueness',
  'primary-key': 'uniqueness',
  'unique-key': 'uniqueness',
  'foreign-key': 'consistency',
  'missing-label': 'completeness',
  'extra-label': 'conformity',
  'incorrect-label': 'conformity',
  'unmatched-header': 'conformity',
  'blank-row': 'completeness',
  'schema-error': 'conformity',
};

function expectedOf(asked: Asked): string {
  switch (asked.check) {
    case 'type-error':
      return asked.field.format === 'default' ? asked.field.type : `${asked.field.type}/${asked.field.format}`;
    case 'constraint-error':
      return constraintWords(asked);
    case 'foreign-key':
      return `in ${asked.resource === '' ? 'its own table' : asked.resource}.${asked.to.join(', ')}`;
    default:
      return words[asked.check] ?? 'as frictionless says';
  }
}

const words: Partial<Readonly<Record<Asked['check'], string>>> = {
  'unique-error': 'no duplicates',
  'primary-key': 'not empty and unique',
  'unique-key': 'unique together',
  'missing-label': 'in the header',
  'extra-label': 'no column beside those of the schema',
  'incorrect-label': 'names in the order of the schema',
  'unmatched-header': 'at least one field of the schema',
  'blank-row': 'a value in every row',
};

function measureFor(subject: Subject, asked: Asked, data: Data): Measure {
  const match = matchOf(subject.table);
  switch (asked.check) {
    case 'type-error':
      return typeMeasure(subject, asked.field, match, data);
    case 'constraint-error':
      return constraintMeasure(subject, asked, match, data);
    case 'unique-error':
      return uniqueMeasure(subject, match, data);
    case 'primary-key':
    case 'unique-key':
      return keyMeasure(asked, match, data);
    case 'foreign-key':
      return foreignMeasure(subject, asked, match, data);
    case 'blank-row':
      return blankMeasure(match, data);
    case 'schema-error':
      return { via: 'nothing', outcome: { verdict: 'skipped', message: asked.why } };
    default:
      return headerMeasure(subject, asked, data);
  }
}
