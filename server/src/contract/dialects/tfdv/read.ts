import { booleanOf, get, type MapNode, type Node, numberOf, type Tree, wordOf } from '../../../text/tree';
import {
  type Column,
  type ColumnAbout,
  type Contract,
  plainColumn,
  plainContract,
  plainRule,
  type Rule,
  type Table,
} from '../../model';
import { type Anomaly, type Constraint, type FeatureType, featureType, repeated, TFDV } from '../../tfdv';

/** By its suffix, and a feature that has a name. */
export const recognises = (path: string, { root }: Tree): boolean =>
  /\.(pbtxt|textproto)$/i.test(path) && repeated(root, 'feature').some((feature) => get(feature, 'name'));

export const read = (tree: Tree): Contract =>
  plainContract('tfdv', tree, tree.root?.kind === 'map' ? [tableOf(tree.root)] : []);

/** TFDV's word for rows. */
const TABLE = 'examples';

function tableOf(root: MapNode): Table {
  const features = mapsIn(root, 'feature');
  const around: Around = {
    domains: new Map(mapsIn(root, 'string_domain').map((domain) => [wordOf(get(domain, 'name')) ?? '', domain])),
    environments: repeated(root, 'default_environment').flatMap((node) => wordOf(node) ?? []),
  };
  const names = features.flatMap((feature) => wordOf(get(feature, 'name')) ?? []);
  return {
    name: TABLE,
    physicalName: TABLE,
    columns: features.flatMap((feature) => columnOf(feature, '', around)),
    rules: [
      ruleOf({ anomaly: 'SCHEMA_NEW_COLUMN', features: names }, root, features[0] ?? root),
      ...mapsIn(root, 'dataset_constraints').flatMap(ofDataset),
    ],
    relationships: [],
    described: true,
    node: root,
    nameNode: root,
  };
}

/** What features refer to. */
interface Around {
  readonly domains: ReadonlyMap<string, MapNode>;
  readonly environments: readonly string[];
}

const mapsIn = (node: Node | undefined, key: string): readonly MapNode[] =>
  repeated(node, key).filter((value) => value.kind === 'map');

function columnOf(feature: MapNode, above: string, around: Around): readonly Column[] {
  const nameNode = get(feature, 'name');
  const name = wordOf(nameNode);
  if (name === undefined || !nameNode) return [];
  const path = above === '' ? name : `${above}.${name}`;
  const column: Column = {
    ...plainColumn(name, feature, nameNode, path),
    rules: isRetired(feature) ? [] : constraintsOf(feature, around),
    columns: mapsIn(get(feature, 'struct_domain'), 'feature').flatMap((inner) => columnOf(inner, path, around)),
    about: aboutOf(feature),
  };
  return [column];
}

/** TFDV keeps what people are told of a feature in its annotation. */
function aboutOf(feature: MapNode): ColumnAbout {
  const annotation = get(feature, 'annotation');
  const tags = annotation ? words(annotation, 'tag') : [];
  return { description: wordOf(get(annotation, 'comment')), ...(tags.length > 0 ? { tags } : {}) };
}

/** Stages of a feature's life in which TFDV says nothing of it. */
const retired = ['PLANNED', 'ALPHA', 'DEPRECATED', 'DEBUG_ONLY', 'DISABLED'];

const isRetired = (feature: MapNode): boolean =>
  booleanOf(get(feature, 'deprecated')) === true || retired.includes(wordOf(get(feature, 'lifecycle_stage')) ?? '');

/** The constraints of a feature, in the order in which TFDV looks at them. */
function constraintsOf(feature: MapNode, around: Around): readonly Rule[] {
  return [
    ...ofEnvironment(feature, around),
    ...ofPresence(feature, around),
    ...ofValency(feature),
    ...ofShape(feature),
    ...ofType(feature),
    ...ofDomain(feature, around),
    ...ofUniqueness(feature),
    ...ofComparators(feature),
  ];
}

/** The rule of one constraint; `place` is what states it. */
const ruleOf = (constraint: Constraint, node: MapNode, place: Node): Rule => ({
  ...plainRule(
    'custom',
    place.kind === 'map' ? place : { kind: 'map', span: place.span, entries: entryOver(node, place) },
  ),
  engine: TFDV,
  implementation: constraint,
});

/** The entry that holds a value, so that the rule's place is the value. */
const entryOver = (node: MapNode, place: Node): MapNode['entries'] =>
  node.entries.filter(({ value }) => value === place);

const words = (node: Node, key: string): readonly string[] =>
  repeated(node, key).flatMap((value) => wordOf(value) ?? []);

function environmentsOf(feature: MapNode, { environments }: Around): Pick<Constraint, 'environments'> {
  const within = words(feature, 'in_environment');
  const without = words(feature, 'not_in_environment');
  const isTold = [within, without, environments].some((names) => names.length > 0);
  return isTold ? { environments: { within, without, byDefault: environments } } : {};
}

function ofEnvironment(feature: MapNode, around: Around): readonly Rule[] {
  const place = get(feature, 'not_in_environment') ?? get(feature, 'in_environment');
  if (!place) return [];
  return [ruleOf({ anomaly: 'SCHEMA_NEW_COLUMN', ...environmentsOf(feature, around) }, feature, place)];
}

function ofPresence(feature: MapNode, around: Around): readonly Rule[] {
  const presence = get(feature, 'presence');
  if (presence?.kind !== 'map') return [];
  const count = numberOf(get(presence, 'min_count'));
  const fraction = numberOf(get(presence, 'min_fraction'));
  const isRequired = (count ?? 0) > 0 || (fraction ?? 0) > 0;
  const environments = environmentsOf(feature, around);
  const required = (['SCHEMA_MISSING_COLUMN', 'FEATURE_TYPE_NOT_PRESENT'] as const).map((anomaly) =>
    ruleOf({ anomaly, ...environments }, feature, presence),
  );
  return [
    ...(isRequired ? required : []),
    ...bound('FEATURE_TYPE_LOW_NUMBER_PRESENT', count, presence, 'min_count'),
    ...bound('FEATURE_TYPE_LOW_FRACTION_PRESENT', fraction, presence, 'min_fraction'),
  ];
}

/** A constraint with one number, when it is written. */
const bound = (anomaly: Anomaly, limit: number | undefined, node: MapNode, key: string): readonly Rule[] =>
  limit === undefined ? [] : [ruleOf({ anomaly, limit }, node, get(node, key) ?? node)];

function ofValency(feature: MapNode): readonly Rule[] {
  const count = get(feature, 'value_count');
  if (count?.kind !== 'map') return [];
  return [
    ...bound('FEATURE_TYPE_LOW_NUMBER_VALUES', numberOf(get(count, 'min')), count, 'min'),
    ...bound('FEATURE_TYPE_HIGH_NUMBER_VALUES', numberOf(get(count, 'max')), count, 'max'),
  ];
}

function ofShape(feature: MapNode): readonly Rule[] {
  const shape = get(feature, 'shape');
  if (!shape) return [];
  const sizes = repeated(shape, 'dim').map((dim) => numberOf(get(dim, 'size')) ?? 0);
  return sizes.some((size) => size <= 0)
    ? []
    : [ruleOf({ anomaly: 'INVALID_FEATURE_SHAPE', limit: sizes.reduce((all, size) => all * size, 1) }, feature, shape)];
}

function ofType(feature: MapNode): readonly Rule[] {
  const type = featureType(feature);
  return type === undefined
    ? []
    : [ruleOf({ anomaly: 'UNEXPECTED_DATA_TYPE', type }, feature, get(feature, 'type') ?? feature)];
}

function ofDomain(feature: MapNode, { domains }: Around): readonly Rule[] {
  const domain = get(feature, 'domain');
  const strings = domain ? domains.get(wordOf(domain) ?? '') : get(feature, 'string_domain');
  const type = featureType(feature);
  if (strings && type === 'BYTES') return ofStrings(feature, strings, domain ?? strings);
  for (const [key, constraintsIn] of domainsOf) {
    const node = get(feature, key);
    if (node?.kind === 'map' && type !== undefined) return constraintsIn(node, type);
  }
  return [];
}

function ofStrings(feature: MapNode, strings: Node, place: Node): readonly Rule[] {
  const mass = numberOf(get(get(feature, 'distribution_constraints'), 'min_domain_mass'));
  const values = repeated(strings, 'value').flatMap((value) => wordOf(value) ?? []);
  const constraint: Constraint = { anomaly: 'ENUM_TYPE_UNEXPECTED_STRING_VALUES', values, limit: mass ?? 1 };
  return [ruleOf(constraint, feature, place)];
}

type DomainReader = (domain: MapNode, type: FeatureType) => readonly Rule[];

const domainsOf: readonly (readonly [string, DomainReader])[] = [
  ['bool_domain', ofBooleans],
  ['int_domain', ofIntegers],
  ['float_domain', ofFloats],
];

const plainly = (anomalies: readonly Anomaly[], domain: MapNode): readonly Rule[] =>
  anomalies.map((anomaly) => ruleOf({ anomaly }, domain, domain));

function ofBooleans(domain: MapNode, type: FeatureType): readonly Rule[] {
  if (type === 'INT') return plainly(['BOOL_TYPE_SMALL_INT', 'BOOL_TYPE_BIG_INT'], domain);
  if (type === 'FLOAT') return plainly(['BOOL_TYPE_UNEXPECTED_FLOAT'], domain);
  const values = ['true_value', 'false_value'].flatMap((key) => wordOf(get(domain, key)) ?? []);
  return type === 'BYTES' ? [ruleOf({ anomaly: 'BOOL_TYPE_UNEXPECTED_STRING', values }, domain, domain)] : [];
}

function ofIntegers(domain: MapNode, type: FeatureType): readonly Rule[] {
  if (type !== 'INT' && type !== 'BYTES') return [];
  return [
    ...(type === 'BYTES' ? plainly(['INT_TYPE_NOT_INT_STRING'], domain) : []),
    ...bound('INT_TYPE_SMALL_INT', numberOf(get(domain, 'min')), domain, 'min'),
    ...bound('INT_TYPE_BIG_INT', numberOf(get(domain, 'max')), domain, 'max'),
  ];
}

function ofFloats(domain: MapNode, type: FeatureType): readonly Rule[] {
  if (type !== 'FLOAT' && type !== 'BYTES') return [];
  const isOn = (key: string): boolean => booleanOf(get(domain, key)) === true;
  return [
    ...(type === 'BYTES' ? plainly(['FLOAT_TYPE_STRING_NOT_FLOAT'], domain) : []),
    ...bound('FLOAT_TYPE_SMALL_FLOAT', numberOf(get(domain, 'min')), domain, 'min'),
    ...bound('FLOAT_TYPE_BIG_FLOAT', numberOf(get(domain, 'max')), domain, 'max'),
    ...(isOn('disallow_nan') ? plainly(['FLOAT_TYPE_HAS_NAN'], domain) : []),
    ...(isOn('disallow_inf') ? plainly(['FLOAT_TYPE_HAS_INF'], domain) : []),
  ];
}

function ofUniqueness(feature: MapNode): readonly Rule[] {
  const unique = get(feature, 'unique_constraints');
  if (unique?.kind !== 'map') return [];
  // What is left out is 0 to TFDV, so that a minimum alone allows no value at all.
  const [least, most] = ['min', 'max'].map((key) => numberOf(get(unique, key)) ?? 0);
  return [
    ruleOf({ anomaly: 'FEATURE_TYPE_LOW_UNIQUE', limit: least }, unique, get(unique, 'min') ?? unique),
    ruleOf({ anomaly: 'FEATURE_TYPE_HIGH_UNIQUE', limit: most }, unique, get(unique, 'max') ?? unique),
  ];
}

const comparators: readonly (readonly [string, NonNullable<Constraint['against']>])[] = [
  ['skew_comparator', 'serving'],
  ['drift_comparator', 'previous'],
];
const measures: readonly (readonly [string, Anomaly])[] = [
  ['infinity_norm', 'COMPARATOR_L_INFTY_HIGH'],
  ['jensen_shannon_divergence', 'COMPARATOR_JENSEN_SHANNON_DIVERGENCE_HIGH'],
  ['normalized_abs_difference', 'COMPARATOR_NORMALIZED_ABSOLUTE_DIFFERENCE_HIGH'],
];

function ofComparators(feature: MapNode): readonly Rule[] {
  return comparators.flatMap(([key, against]) => {
    const comparator = get(feature, key);
    if (comparator?.kind !== 'map') return [];
    const asked = measures.flatMap(([measure, anomaly]) => {
      const node = get(comparator, measure);
      const limit = numberOf(get(node, 'threshold'));
      return node && limit !== undefined ? [ruleOf({ anomaly, limit, against }, comparator, node)] : [];
    });
    const missing = ruleOf({ anomaly: 'COMPARATOR_CONTROL_DATA_MISSING', against }, feature, comparator);
    return asked.length > 0 ? [...asked, missing] : [];
  });
}

function ofDataset(constraints: MapNode): readonly Rule[] {
  return [
    ...bound(
      'DATASET_LOW_NUM_EXAMPLES',
      numberOf(get(constraints, 'min_examples_count')),
      constraints,
      'min_examples_count',
    ),
    ...ofExamples(constraints, 'num_examples_drift_comparator', 'previous'),
    ...ofExamples(constraints, 'num_examples_version_comparator', 'version'),
  ];
}

function ofExamples(constraints: MapNode, key: string, against: NonNullable<Constraint['against']>): readonly Rule[] {
  const comparator = get(constraints, key);
  if (comparator?.kind !== 'map') return [];
  const limits: readonly (readonly [Anomaly, string])[] = [
    ['COMPARATOR_LOW_NUM_EXAMPLES', 'min_fraction_threshold'],
    ['COMPARATOR_HIGH_NUM_EXAMPLES', 'max_fraction_threshold'],
  ];
  return limits.flatMap(([anomaly, bounded]) => {
    const node = get(comparator, bounded);
    const limit = numberOf(node);
    return node && limit !== undefined ? [ruleOf({ anomaly, limit, against }, comparator, node)] : [];
  });
}
