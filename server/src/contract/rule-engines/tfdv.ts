import type { Rule } from '../model';
import type { RuleEngine, Terms } from '../rule-engine';
import { type Anomaly, type Constraint, constraintOf, type FeatureType, TFDV } from '../tfdv';

/** For conversions: Plumbline runs the constraints themselves, which count examples and values where ODCS counts rows. */
export const tfdv: RuleEngine = {
  id: 'tfdv',
  names: [TFDV],
  meaningOf: (rule) => {
    const constraint = constraintOf(rule.implementation);
    if (!constraint)
      return { kind: 'custom', complaint: 'A rule of the engine tfdv names no anomaly that TFDV knows.' };
    const terms = translations[constraint.anomaly]?.(constraint, rule);
    const kind = constraint.anomaly;
    return terms ? { kind, ...terms } : { kind, skipped: 'ODCS has no words for it.' };
  },
};

type Translate = (constraint: Constraint, rule: Rule) => Terms | undefined;

const logicalTypes: Readonly<Record<FeatureType, string>> = {
  BYTES: 'string',
  INT: 'integer',
  FLOAT: 'number',
  STRUCT: 'object',
};

/** What the declaration of a column says by itself. */
const declared: Translate = () => ({ facts: {} });
/** Values of a table are single, unless their column is an array. */
const single: Translate = ({ limit }) => (limit === 1 ? { facts: {} } : undefined);

const minimum: Translate = ({ limit = 0 }) => ({ facts: { options: { minimum: limit } } });
const maximum: Translate = ({ limit = 0 }) => ({ facts: { options: { maximum: limit } } });

const percentOf = (share: number): number => Number((100 * (1 - share)).toPrecision(12));

const translations: Partial<Readonly<Record<Anomaly, Translate>>> = {
  SCHEMA_MISSING_COLUMN: declared,
  // Both follow from others of the same feature.
  FEATURE_TYPE_NOT_PRESENT: declared,
  COMPARATOR_CONTROL_DATA_MISSING: declared,
  FEATURE_TYPE_LOW_NUMBER_PRESENT: ({ limit = 0 }) => (limit <= 1 ? { facts: {} } : undefined),
  UNEXPECTED_DATA_TYPE: ({ type }) => (type ? { facts: { logicalType: logicalTypes[type] } } : undefined),
  FEATURE_TYPE_LOW_FRACTION_PRESENT: ({ limit = 0 }, rule) =>
    limit >= 1
      ? { facts: { required: true } }
      : { rule: metric(rule, 'nullValues', 'mustBeLessOrEqualTo', percentOf(limit), { unit: 'percent' }) },
  FEATURE_TYPE_LOW_NUMBER_VALUES: single,
  FEATURE_TYPE_HIGH_NUMBER_VALUES: single,
  INVALID_FEATURE_SHAPE: ({ limit }) => (limit === 1 ? { facts: { required: true } } : undefined),
  ENUM_TYPE_UNEXPECTED_STRING_VALUES: ({ values = [], limit = 1 }, rule) =>
    limit >= 1
      ? { facts: { values } }
      : {
          rule: metric(rule, 'invalidValues', 'mustBeLessOrEqualTo', percentOf(limit), {
            unit: 'percent',
            arguments: { validValues: values },
          }),
        },
  BOOL_TYPE_UNEXPECTED_STRING: ({ values = [] }) => ({ facts: { values } }),
  BOOL_TYPE_SMALL_INT: () => ({ facts: { options: { minimum: 0 } } }),
  BOOL_TYPE_BIG_INT: () => ({ facts: { options: { maximum: 1 } } }),
  INT_TYPE_SMALL_INT: minimum,
  INT_TYPE_BIG_INT: maximum,
  FLOAT_TYPE_SMALL_FLOAT: minimum,
  FLOAT_TYPE_BIG_FLOAT: maximum,
  DATASET_LOW_NUM_EXAMPLES: ({ limit = 0 }, rule) => ({
    rule: metric(rule, 'rowCount', 'mustBeGreaterOrEqualTo', limit),
  }),
};

const metric = (rule: Rule, name: string, keyword: string, value: number, said: Partial<Rule> = {}): Rule => ({
  ...rule,
  type: 'library',
  metric: name,
  engine: undefined,
  implementation: undefined,
  operators: [{ keyword, value, node: rule.node }],
  ...said,
});
