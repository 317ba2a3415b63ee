import { type Entry, get, itemsOf, type Node, numberOf, stringOf, wordOf } from '../../text/tree';
import type { Monitor, MonitorFormat, Unsupported } from '../monitor';
import { limitsAt, wish } from '../monitor-parts';

/** `comparison_threshold` of a file that has none. */
const THRESHOLD = 0.1;

const nowhere: Node = { kind: 'scalar', span: { start: 0, end: 0 }, value: null };

/** SageMaker Model Monitor's constraints.json: `monitoring_config.distribution_constraints`, a feature's own before it. */
export const sagemakerConstraints: MonitorFormat = {
  id: 'sagemaker-constraints',
  recognises: (_path, { root }) =>
    get(root, 'dataset') === undefined &&
    itemsOf(get(root, 'features')).some((feature) => get(feature, 'inferred_type') !== undefined),
  read: ({ root }) => [monitorOf(root)],
};

function monitorOf(root: Node | undefined): Monitor {
  const config = get(root, 'monitoring_config');
  const shared = get(config, 'distribution_constraints');
  const features = itemsOf(get(root, 'features'));
  const monitor = {
    name: 'baseline_drift_check',
    node: shared ?? get(root, 'features') ?? nowhere,
    // A baseline job writes the baseline's statistics beside its constraints.
    reference: { ref: 'statistics.json', node: shared ?? nowhere },
    current: undefined,
    unsupported: features.flatMap((feature) => whyNot(feature, shared)),
  };
  if (isOff(get(config, 'evaluate_constraints')) || isOff(get(shared, 'perform_comparison')))
    return { ...monitor, refusal: 'Its comparison is disabled; set "perform_comparison" to Enabled.' };
  const compared = features.filter(
    (feature) => nameOf(feature) !== undefined && typeOf(feature) !== undefined && !isOut(feature),
  );
  const named = compared.map((feature) => [nameOf(feature) ?? '', feature] as const);
  return {
    ...monitor,
    preset: methodOf(shared) === 'Simple' ? 'sagemaker-simple' : 'sagemaker',
    columns: named.map(([name]) => name),
    types: Object.fromEntries(named.map(([name, feature]) => [name, typeOf(feature) ?? ''])),
    methods: Object.fromEntries(named.map(([name, feature]) => [name, wishOf(feature, shared)])),
    limits: limitsAt(named.map(([name, feature]) => ({ column: name, node: limitOf(feature, shared) }))),
  };
}

const nameOf = (feature: Node): string | undefined => wordOf(get(feature, 'name'));
const isOff = (node: Node | undefined): boolean => stringOf(node) === 'Disabled';

const types: ReadonlyMap<string | undefined, 'numerical' | 'categorical'> = new Map([
  ['Integral', 'numerical'],
  ['Fractional', 'numerical'],
  ['String', 'categorical'],
] as const);

const typeOf = (feature: Node) => types.get(stringOf(get(feature, 'inferred_type')));

/** Both spellings of AWS's page, and the place where the SDK's own files have them. */
function overridesOf(feature: Node): Node | undefined {
  const places = [feature, get(feature, 'string_constraints'), get(feature, 'num_constraints')];
  return places
    .flatMap((place) => [get(place, 'monitoring_config_overrides'), get(place, 'monitoringConfigOverrides')])
    .find((node) => node !== undefined);
}

const isOut = (feature: Node): boolean => {
  const overrides = overridesOf(feature);
  return [
    get(overrides, 'evaluate_constraints'),
    get(get(overrides, 'distribution_constraints'), 'perform_comparison'),
  ].some(isOff);
};

/** An old page of AWS misspells the key. */
const methodOf = (constraints: Node | undefined): string | undefined =>
  stringOf(get(constraints, 'comparison_method') ?? get(constraints, 'comparion_method'));

/** A constraint of a feature, its own before that of all. */
const constraintOf = (feature: Node, shared: Node | undefined, key: string): Node | undefined =>
  get(get(overridesOf(feature), 'distribution_constraints'), key) ?? get(shared, key);

function wishOf(feature: Node, shared: Node | undefined): string {
  const limit = numberOf(limitOf(feature, shared)) ?? THRESHOLD;
  if (typeOf(feature) === 'numerical') return wish('quantile-sketch', limit);
  const isChiSquared = stringOf(constraintOf(feature, shared, 'categorical_drift_method')) === 'ChiSquared';
  return wish(isChiSquared ? 'chi-square' : 'l-infinity', limit);
}

/** Where the number stands that a feature is held against. */
function limitOf(feature: Node, shared: Node | undefined): Node | undefined {
  const keys = ['comparison_threshold'];
  if (typeOf(feature) !== 'numerical') keys.unshift('categorical_comparison_threshold');
  return keys.map((key) => constraintOf(feature, shared, key)).find((node) => numberOf(node) !== undefined);
}

function whyNot(feature: Node, shared: Node | undefined): readonly Unsupported[] {
  const name = nameOf(feature) ?? '';
  const told: Unsupported[] = [];
  if (typeOf(feature) === undefined)
    told.push({
      what: `The type of "${name}" is ${wordOf(get(feature, 'inferred_type')) ?? 'not said'}, so it is not compared.`,
      node: get(feature, 'name') ?? feature,
    });
  const own = get(overridesOf(feature), 'distribution_constraints');
  const method = methodOf(own);
  if (method !== undefined && method !== (methodOf(shared) ?? 'Robust'))
    told.push({
      what: `"${name}" is compared as all features are, not as ${method}; one comparison has one method.`,
      node: entryNode(own, /^compari?s?ion_method$/) ?? feature,
    });
  return told;
}

const entryNode = (node: Node | undefined, pattern: RegExp): Node | undefined => {
  const isNamed = ({ key }: Entry): boolean => pattern.test(String(key.value));
  return node?.kind === 'map' ? node.entries.find(isNamed)?.value : undefined;
};
