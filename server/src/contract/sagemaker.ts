import { get, itemsOf, type Node, numberOf, stringOf, wordOf } from '../text/tree';

/** `engine` of the rules that a constraints.json of SageMaker Model Monitor holds. */
export const SAGEMAKER = 'sagemaker';

/** `comparison_threshold` of a file that has none. */
export const DISTANCE = 0.1;
/** `datatype_check_threshold` and `domain_content_threshold` of a file that has none: what suggested files carry. */
export const SHARE = 1;

export const checkTypes = [
  'data_type_check',
  'completeness_check',
  'baseline_drift_check',
  'missing_column_check',
  'extra_column_check',
  'categorical_values_check',
] as const;

/** The service's words, and what its files can say though the service has no check for it. */
export type CheckType = (typeof checkTypes)[number] | 'is_non_negative';

export type FeatureType = 'Integral' | 'Fractional' | 'String';

/** What must hold so that Model Monitor reports no violation: `implementation` of a rule of the engine `sagemaker`. */
export interface Constraint {
  readonly check: CheckType;
  readonly type?: FeatureType;
  /** The least share, or the greatest distance. */
  readonly limit?: number;
  readonly values?: readonly string[];
  /** Names of all features of the file. */
  readonly features?: readonly string[];
  readonly comparison?: Comparison;
  readonly method?: DriftMethod;
  /** Whether the file turns it off. */
  readonly off?: true;
}

export type Comparison = 'Robust' | 'Simple';
export type DriftMethod = 'quantile-sketch' | 'l-infinity' | 'chi-square';

const known: readonly string[] = [...checkTypes, 'is_non_negative'];

/** The constraint of a rule; undefined for an `implementation` that is none. */
export function constraintOf(implementation: unknown): Constraint | undefined {
  if (typeof implementation !== 'object' || implementation === null || !('check' in implementation)) return undefined;
  const { check } = implementation;
  return typeof check === 'string' && known.includes(check) ? (implementation as Constraint) : undefined;
}

/** Statistics have a type for each feature too, and the number of rows beside them. */
export const isConstraints = (root: Node | undefined): boolean =>
  get(root, 'dataset') === undefined &&
  itemsOf(get(root, 'features')).some((feature) => get(feature, 'inferred_type') !== undefined);

export const nameOf = (feature: Node): string | undefined => wordOf(get(feature, 'name'));
export const isOff = (node: Node | undefined): boolean => stringOf(node) === 'Disabled';

const types: readonly string[] = ['Integral', 'Fractional', 'String'] satisfies readonly FeatureType[];

/** Undefined for one that is unknown, or of which it is not said. */
export function typeOf(feature: Node): FeatureType | undefined {
  const type = stringOf(get(feature, 'inferred_type'));
  return type !== undefined && types.includes(type) ? (type as FeatureType) : undefined;
}

/** Both spellings of AWS's page, and the place where the SDK's own files have them. */
export function overridesOf(feature: Node): Node | undefined {
  const places = [feature, get(feature, 'string_constraints'), get(feature, 'num_constraints')];
  return places
    .flatMap((place) => [get(place, 'monitoring_config_overrides'), get(place, 'monitoringConfigOverrides')])
    .find((node) => node !== undefined);
}

/** An old page of AWS misspells the key. */
export const methodOf = (constraints: Node | undefined): string | undefined =>
  stringOf(get(constraints, 'comparison_method') ?? get(constraints, 'comparion_method'));

/** `distribution_constraints` of the whole file. */
export const sharedOf = (root: Node | undefined): Node | undefined =>
  get(get(root, 'monitoring_config'), 'distribution_constraints');

/** Whether no constraint of the feature is evaluated. */
export const isFeatureOff = (feature: Node): boolean => isOff(get(overridesOf(feature), 'evaluate_constraints'));

/** Whether the feature is not compared with the baseline. */
export const isUncompared = (feature: Node): boolean =>
  isFeatureOff(feature) || isOff(get(get(overridesOf(feature), 'distribution_constraints'), 'perform_comparison'));

/** A constraint of a feature, its own before that of all. */
const distributionOf = (feature: Node, shared: Node | undefined, key: string): Node | undefined =>
  get(get(overridesOf(feature), 'distribution_constraints'), key) ?? get(shared, key);

export function driftMethodOf(feature: Node, shared: Node | undefined): DriftMethod {
  if (typeOf(feature) !== 'String') return 'quantile-sketch';
  const isChiSquared = stringOf(distributionOf(feature, shared, 'categorical_drift_method')) === 'ChiSquared';
  return isChiSquared ? 'chi-square' : 'l-infinity';
}

/** Where the number stands that a feature's distance is held against. */
export function distanceLimitOf(feature: Node, shared: Node | undefined): Node | undefined {
  const keys = ['comparison_threshold'];
  if (typeOf(feature) === 'String') keys.unshift('categorical_comparison_threshold');
  return keys.map((key) => distributionOf(feature, shared, key)).find((node) => numberOf(node) !== undefined);
}
