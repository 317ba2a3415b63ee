import { get, type Node, wordOf } from '../text/tree';

/** `engine` of the rules that a schema of TensorFlow Data Validation holds. */
export const TFDV = 'tfdv';

export type FeatureType = 'BYTES' | 'INT' | 'FLOAT' | 'STRUCT';

/** An anomaly with its short description, as TFDV 1.16 words both. */
export const anomalies = {
  SCHEMA_NEW_COLUMN: 'New column',
  SCHEMA_MISSING_COLUMN: 'Column dropped',
  FEATURE_TYPE_NOT_PRESENT: 'Column dropped',
  FEATURE_TYPE_LOW_NUMBER_PRESENT: 'Column dropped',
  FEATURE_TYPE_LOW_FRACTION_PRESENT: 'Column dropped',
  FEATURE_TYPE_LOW_NUMBER_VALUES: 'Missing values',
  FEATURE_TYPE_HIGH_NUMBER_VALUES: 'Superfluous values',
  INVALID_FEATURE_SHAPE: 'Feature shape dropped',
  UNEXPECTED_DATA_TYPE: 'Unexpected data type',
  ENUM_TYPE_UNEXPECTED_STRING_VALUES: 'Unexpected string values',
  BOOL_TYPE_SMALL_INT: 'Non-boolean values',
  BOOL_TYPE_BIG_INT: 'Non-boolean values',
  BOOL_TYPE_UNEXPECTED_FLOAT: 'Non-boolean values',
  BOOL_TYPE_UNEXPECTED_STRING: 'Non-boolean values',
  INT_TYPE_SMALL_INT: 'Out-of-range values',
  INT_TYPE_BIG_INT: 'Out-of-range values',
  INT_TYPE_NOT_INT_STRING: 'Invalid values',
  FLOAT_TYPE_SMALL_FLOAT: 'Out-of-range values',
  FLOAT_TYPE_BIG_FLOAT: 'Out-of-range values',
  FLOAT_TYPE_STRING_NOT_FLOAT: 'Invalid values',
  FLOAT_TYPE_HAS_NAN: 'Invalid values',
  FLOAT_TYPE_HAS_INF: 'Invalid values',
  FEATURE_TYPE_LOW_UNIQUE: 'Low number of unique values',
  FEATURE_TYPE_HIGH_UNIQUE: 'High number of unique values',
  COMPARATOR_L_INFTY_HIGH: 'High Linfty distance',
  COMPARATOR_JENSEN_SHANNON_DIVERGENCE_HIGH: 'High approximate Jensen-Shannon divergence',
  COMPARATOR_NORMALIZED_ABSOLUTE_DIFFERENCE_HIGH: 'High normalized absolute difference',
  COMPARATOR_CONTROL_DATA_MISSING: 'Control data missing',
  DATASET_LOW_NUM_EXAMPLES: 'Low num examples in dataset',
  COMPARATOR_LOW_NUM_EXAMPLES: 'Low num examples in current dataset',
  COMPARATOR_HIGH_NUM_EXAMPLES: 'High num examples in current dataset',
} as const;

export type Anomaly = keyof typeof anomalies;

/** What must hold so that TFDV does not report an anomaly: `implementation` of a rule of the engine `tfdv`. */
export interface Constraint {
  readonly anomaly: Anomaly;
  /** The least or the most that is allowed, as the anomaly says. */
  readonly limit?: number | undefined;
  readonly values?: readonly string[];
  readonly type?: FeatureType;
  /** Names of all features of the schema. */
  readonly features?: readonly string[];
  /** Which data it is compared with, in TFDV's words. */
  readonly against?: 'previous' | 'serving' | 'version';
  readonly environments?: {
    readonly within: readonly string[];
    readonly without: readonly string[];
    readonly byDefault: readonly string[];
  };
}

/** The constraint of a rule; undefined for an `implementation` that is none. */
export function constraintOf(implementation: unknown): Constraint | undefined {
  if (typeof implementation !== 'object' || implementation === null || !('anomaly' in implementation)) return undefined;
  const { anomaly } = implementation;
  return typeof anomaly === 'string' && anomaly in anomalies ? (implementation as Constraint) : undefined;
}

/** All values of a field, which the text format repeats by writing it again or as a list. */
export const repeated = (node: Node | undefined, key: string): readonly Node[] =>
  node?.kind !== 'map'
    ? []
    : node.entries
        .filter((entry) => entry.key.value === key)
        .flatMap(({ value }) => (value.kind === 'list' ? value.items : [value]));

const types: readonly string[] = ['BYTES', 'INT', 'FLOAT', 'STRUCT'] satisfies readonly FeatureType[];

/** The type that a feature is of; the text that a domain of strings implies counts when none is written. */
export function featureType(feature: Node): FeatureType | undefined {
  const written = wordOf(get(feature, 'type'));
  if (written !== undefined) return types.includes(written) ? (written as FeatureType) : undefined;
  return get(feature, 'domain') || get(feature, 'string_domain') ? 'BYTES' : undefined;
}
