import { plainRule, type Rule } from '../model';
import type { RuleEngine, Terms } from '../rule-engine';
import { type CheckType, type Constraint, constraintOf, type FeatureType, SAGEMAKER } from '../sagemaker';

/** For conversions: Plumbline runs the constraints themselves, in the service's shares and distances. */
export const sagemaker: RuleEngine = {
  id: SAGEMAKER,
  names: [SAGEMAKER],
  meaningOf: (rule) => {
    const constraint = constraintOf(rule.implementation);
    if (!constraint)
      return { kind: 'custom', complaint: 'A rule of the engine sagemaker names no check of Model Monitor.' };
    const kind = constraint.check;
    // What the file turns off demands nothing.
    if (constraint.off) return { kind, column: constraint.features?.[0], facts: {} };
    const terms = translations[kind]?.(constraint, rule);
    return terms ? { kind, ...terms } : { kind, skipped: 'ODCS has no words for it.' };
  },
};

type Translate = (constraint: Constraint, rule: Rule) => Terms | undefined;

const logicalTypes: Readonly<Record<FeatureType, string>> = {
  Integral: 'integer',
  Fractional: 'number',
  String: 'string',
};

const translations: Partial<Readonly<Record<CheckType, Translate>>> = {
  data_type_check: ({ type, limit = 1 }) =>
    type && limit >= 1 ? { facts: { logicalType: logicalTypes[type] } } : undefined,
  completeness_check: ({ limit = 1 }, rule) =>
    limit >= 1 ? { facts: { required: true } } : { rule: atMost(rule, 'nullValues', limit, {}) },
  categorical_values_check: ({ values = [], limit = 1 }, rule) =>
    limit >= 1 ? { facts: { values } } : { rule: atMost(rule, 'invalidValues', limit, { validValues: values }) },
  is_non_negative: () => ({ facts: { options: { minimum: 0 } } }),
  // What ODCS declares has to be there.
  missing_column_check: ({ features: [first] = [] }) =>
    first === undefined ? undefined : { column: first, facts: {} },
};

/** The share that must be so as the percentage that may not. */
const atMost = (rule: Rule, metric: string, share: number, given: Rule['arguments']): Rule => ({
  ...plainRule('library', rule.node),
  metric,
  arguments: given,
  unit: 'percent',
  operators: [{ keyword: 'mustBeLessOrEqualTo', value: Number((100 * (1 - share)).toPrecision(12)), node: rule.node }],
});
