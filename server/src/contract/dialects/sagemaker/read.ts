import {
  booleanOf,
  emptyMapAt,
  get,
  itemsOf,
  type MapNode,
  type Node,
  numberOf,
  type Tree,
  wordOf,
} from '../../../text/tree';
import { type Column, type Contract, plainColumn, plainContract, plainRule, type Rule, type Table } from '../../model';
import {
  type Constraint,
  DISTANCE,
  distanceLimitOf,
  driftMethodOf,
  isFeatureOff,
  isOff,
  isUncompared,
  methodOf,
  nameOf,
  overridesOf,
  SAGEMAKER,
  SHARE,
  sharedOf,
  typeOf,
} from '../../sagemaker';

export const read = (tree: Tree): Contract =>
  plainContract(SAGEMAKER, tree, tree.root?.kind === 'map' ? [tableOf(tree.root)] : []);

/** The service's word for what is monitored. */
const TABLE = 'dataset';

function tableOf(root: MapNode): Table {
  const list = get(root, 'features');
  const config = get(root, 'monitoring_config');
  const around: Around = {
    root,
    config,
    shared: sharedOf(root),
    off: isOff(get(config, 'evaluate_constraints')) ? { off: true } : {},
  };
  const features = itemsOf(list).flatMap((feature) => nameOf(feature) ?? []);
  const place = list ?? root;
  return {
    name: TABLE,
    physicalName: TABLE,
    columns: itemsOf(list).flatMap((feature) => (feature.kind === 'map' ? columnOf(feature, around) : [])),
    rules: (['missing_column_check', 'extra_column_check'] as const).map((check) =>
      ruleOf({ check, features, ...around.off }, place),
    ),
    relationships: [],
    described: true,
    // A type is what the text of a value says, and only what is empty is null.
    asWritten: true,
    // A baseline job writes the baseline's statistics beside its constraints.
    named: { reference: 'statistics.json' },
    node: root,
    nameNode: root,
  };
}

/** What features share. */
interface Around {
  readonly root: MapNode;
  readonly config: Node | undefined;
  readonly shared: Node | undefined;
  readonly off: { readonly off?: true };
}

function columnOf(feature: MapNode, around: Around): readonly Column[] {
  const nameNode = get(feature, 'name');
  const name = nameOf(feature);
  if (name === undefined || !nameNode) return [];
  const off = isFeatureOff(feature) ? ({ off: true } as const) : around.off;
  const rules = [
    ...ofType(feature, around),
    ...ofCompleteness(feature),
    ...ofNumbers(feature),
    ...ofDomains(feature, around),
    ...ofDistribution(feature, around),
  ];
  return [
    {
      ...plainColumn(name, feature, nameNode),
      rules: rules.map((rule) => ({ ...rule, implementation: { ...(rule.implementation as Constraint), ...off } })),
    },
  ];
}

/** The rule of one constraint; `place` is what states it. */
const ruleOf = (constraint: Constraint, place: Node): Rule => ({
  ...plainRule('custom', emptyMapAt(place)),
  engine: SAGEMAKER,
  implementation: constraint,
});

function ofType(feature: MapNode, { config }: Around): readonly Rule[] {
  const type = typeOf(feature);
  const limit = numberOf(get(config, 'datatype_check_threshold')) ?? SHARE;
  const place = get(feature, 'inferred_type');
  return type && place ? [ruleOf({ check: 'data_type_check', type, limit }, place)] : [];
}

/** A share of 0 demands nothing. */
function ofCompleteness(feature: MapNode): readonly Rule[] {
  const place = get(feature, 'completeness');
  const limit = numberOf(place);
  return place && limit ? [ruleOf({ check: 'completeness_check', limit }, place)] : [];
}

function ofNumbers(feature: MapNode): readonly Rule[] {
  const place = get(get(feature, 'num_constraints'), 'is_non_negative');
  return place && booleanOf(place) === true ? [ruleOf({ check: 'is_non_negative' }, place)] : [];
}

function ofDomains(feature: MapNode, { config }: Around): readonly Rule[] {
  const place = get(get(feature, 'string_constraints'), 'domains');
  const values = itemsOf(place).flatMap((value) => wordOf(value) ?? []);
  const limit = numberOf(get(config, 'domain_content_threshold')) ?? SHARE;
  return place && values.length > 0 ? [ruleOf({ check: 'categorical_values_check', values, limit }, place)] : [];
}

function ofDistribution(feature: MapNode, { shared }: Around): readonly Rule[] {
  const type = typeOf(feature);
  const place = overridesOf(feature) ?? get(feature, 'name');
  if (!type || !place || (!shared && !get(overridesOf(feature), 'distribution_constraints'))) return [];
  const constraint: Constraint = {
    check: 'baseline_drift_check',
    type,
    method: driftMethodOf(feature, shared),
    comparison: methodOf(shared) === 'Simple' ? 'Simple' : 'Robust',
    limit: numberOf(distanceLimitOf(feature, shared)) ?? DISTANCE,
    ...(isUncompared(feature) || isOff(get(shared, 'perform_comparison')) ? { off: true } : {}),
  };
  return [ruleOf(constraint, place)];
}
