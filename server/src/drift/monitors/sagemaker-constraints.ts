import {
  DISTANCE,
  distanceLimitOf,
  driftMethodOf,
  isConstraints,
  isOff,
  isUncompared,
  methodOf,
  nameOf,
  overridesOf,
  sharedOf,
  typeOf,
} from '../../contract/sagemaker';
import { type Entry, get, itemsOf, type Node, numberOf, wordOf } from '../../text/tree';
import type { Monitor, MonitorFormat, Unsupported } from '../monitor';
import { limitsAt, wish } from '../monitor-parts';

const nowhere: Node = { kind: 'scalar', span: { start: 0, end: 0 }, value: null };

/** SageMaker Model Monitor's constraints.json: `monitoring_config.distribution_constraints`, a feature's own before it. */
export const sagemakerConstraints: MonitorFormat = {
  id: 'sagemaker-constraints',
  recognises: (_path, { root }) => isConstraints(root),
  read: ({ root }) => [monitorOf(root)],
};

function monitorOf(root: Node | undefined): Monitor {
  const config = get(root, 'monitoring_config');
  const shared = sharedOf(root);
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
    (feature) => nameOf(feature) !== undefined && typeOf(feature) !== undefined && !isUncompared(feature),
  );
  const named = compared.map((feature) => [nameOf(feature) ?? '', feature] as const);
  return {
    ...monitor,
    preset: methodOf(shared) === 'Simple' ? 'sagemaker-simple' : 'sagemaker',
    columns: named.map(([name]) => name),
    types: Object.fromEntries(
      named.map(([name, feature]) => [name, typeOf(feature) === 'String' ? 'categorical' : 'numerical']),
    ),
    methods: Object.fromEntries(named.map(([name, feature]) => [name, wishOf(feature, shared)])),
    limits: limitsAt(named.map(([name, feature]) => ({ column: name, node: distanceLimitOf(feature, shared) }))),
  };
}

const wishOf = (feature: Node, shared: Node | undefined): string =>
  wish(driftMethodOf(feature, shared), numberOf(distanceLimitOf(feature, shared)) ?? DISTANCE);

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
