import type { Contract } from '../../contract/model';
import { featureType, repeated } from '../../contract/tfdv';
import { didYouMean, meantBy } from '../../text/nearest';
import { booleanOf, entryOf, get, type MapNode, type Node, numberOf, spelling, wordOf } from '../../text/tree';
import { keySpan, nameSpan, repeatedIn, replacement, startOf } from '../place';
import type { Finding, Rule } from '../rule';

export const tfdvSchema: Rule = {
  code: 'contract/tfdv-schema',
  severity: 'error',
  documentation:
    'A schema of TensorFlow Data Validation has a field that the schema’s message lacks, a feature without a name or a type, a domain that does not exist or does not fit the type, or bounds that no data meet: TFDV refuses the file, or leaves the feature out without a word.',
  check: ({ dialect, tree }) => (dialect === 'tfdv' && tree.root?.kind === 'map' ? findingsIn(tree.root, tree) : []),
};

type Tree = Contract['tree'];

/** Fields of TFDV's messages, as `schema.proto` of TensorFlow Metadata 1.x has them; a name after `:` is a message below. */
const messages: Readonly<Record<string, string>> = {
  Schema:
    'feature:Feature sparse_feature weighted_feature string_domain:StringDomain float_domain:FloatDomain int_domain:IntDomain default_environment dataset_constraints:DatasetConstraints tensor_representation_group represent_variable_length_as_ragged annotation:Annotation generate_legacy_feature_spec',
  Feature:
    'name deprecated presence:Presence group_presence shape:Shape value_count:ValueCount value_counts type domain int_domain:IntDomain float_domain:FloatDomain string_domain:StringDomain bool_domain:BoolDomain struct_domain:StructDomain natural_language_domain image_domain mid_domain url_domain time_domain time_of_day_domain distribution_constraints:DistributionConstraints annotation:Annotation skew_comparator:Comparator drift_comparator:Comparator in_environment not_in_environment lifecycle_stage unique_constraints:UniqueConstraints validation_derived_source',
  Presence: 'min_fraction min_count',
  Shape: 'dim:Dimension',
  Dimension: 'size name',
  ValueCount: 'min max',
  IntDomain: 'name min max is_categorical',
  FloatDomain: 'name min max disallow_nan disallow_inf is_embedding is_categorical embedding_dim embedding_type',
  StringDomain: 'name value',
  BoolDomain: 'name true_value false_value',
  StructDomain: 'feature:Feature sparse_feature',
  DistributionConstraints: 'min_domain_mass',
  Comparator: 'infinity_norm:Threshold jensen_shannon_divergence:Divergence normalized_abs_difference:Threshold',
  Threshold: 'threshold',
  Divergence: 'threshold source',
  UniqueConstraints: 'min max',
  DatasetConstraints:
    'num_examples_drift_comparator:Fractions num_examples_version_comparator:Fractions min_examples_count max_examples_count',
  Fractions: 'min_fraction_threshold max_fraction_threshold',
  Annotation: 'tag comment extra_metadata',
};

/** The fields of a message, each with the message below it where we know it. */
const fieldsOf = (message: string): ReadonlyMap<string, string | undefined> =>
  new Map(
    (messages[message] ?? '').split(' ').map((field) => {
      const [name = '', below] = field.split(':');
      return [name, below];
    }),
  );

const known = new Map(Object.keys(messages).map((message) => [message, fieldsOf(message)]));

function findingsIn(root: MapNode, tree: Tree): readonly Finding[] {
  const features = featuresIn(root);
  const domains = new Set(repeated(root, 'string_domain').flatMap((domain) => wordOf(get(domain, 'name')) ?? []));
  return [
    ...unknownIn(root, 'Schema', tree),
    ...features.flatMap((feature) => ofFeature(feature, domains)),
    ...repeated(root, 'string_domain').flatMap(sameValues),
  ];
}

const mapsIn = (node: Node, key: string): readonly MapNode[] =>
  repeated(node, key).filter((value) => value.kind === 'map');

/** Those of the schema itself; those of a struct are looked at with it. */
const featuresIn = (node: MapNode): readonly MapNode[] => mapsIn(node, 'feature');

function unknownIn(node: MapNode, message: string, tree: Tree): readonly Finding[] {
  const fields = known.get(message);
  if (!fields) return [];
  return node.entries.flatMap(({ key, value }): readonly Finding[] => {
    const name = String(key.value);
    if (!fields.has(name)) return [unknownField(name, key, [...fields.keys()], tree)];
    const below = fields.get(name);
    return below === undefined ? [] : mapsOf(value).flatMap((inner) => unknownIn(inner, below, tree));
  });
}

const mapsOf = (value: Node): readonly MapNode[] =>
  value.kind === 'map' ? [value] : value.kind === 'list' ? value.items.filter((item) => item.kind === 'map') : [];

function unknownField(name: string, key: Node, fields: readonly string[], tree: Tree): Finding {
  const meant = meantBy(name, fields);
  const message = `TFDV's schema has no field "${name}" here.${didYouMean(meant)}`;
  return {
    span: key.span,
    message,
    ...(meant[0] !== undefined && spelling(tree, key) === name ? { fix: replacement(key.span, meant[0]) } : {}),
  };
}

function sameValues(domain: Node): readonly Finding[] {
  const values = repeated(domain, 'value').map((node) => ({ name: wordOf(node) ?? '', span: node.span }));
  return repeatedIn(values).map(({ again }) => ({
    span: again.span,
    message: `"${again.name}" is in the domain twice.`,
    severity: 'warning',
  }));
}

const TYPES = ['BYTES', 'INT', 'FLOAT', 'STRUCT'];

/** Types of features that a domain can be of. */
const typesOf: Readonly<Record<string, readonly string[]>> = {
  domain: ['BYTES'],
  string_domain: ['BYTES'],
  bool_domain: ['INT', 'BYTES', 'FLOAT'],
  int_domain: ['INT', 'BYTES'],
  float_domain: ['FLOAT', 'BYTES'],
  struct_domain: ['STRUCT'],
  natural_language_domain: ['BYTES', 'INT'],
  image_domain: ['BYTES'],
  mid_domain: ['BYTES'],
  url_domain: ['BYTES'],
  time_domain: ['INT', 'BYTES'],
};

function ofFeature(feature: MapNode, domains: ReadonlySet<string>): readonly Finding[] {
  if (booleanOf(get(feature, 'deprecated')) === true) return [];
  const inner = repeated(feature, 'struct_domain').flatMap((struct) =>
    struct.kind === 'map' ? featuresIn(struct) : [],
  );
  return [
    ...ofName(feature),
    ...ofType(feature),
    ...ofDomain(feature, domains),
    ...ofBounds(feature),
    ...ofComparators(feature),
    ...inner.flatMap((one) => ofFeature(one, domains)),
    ...repeated(feature, 'string_domain').flatMap(sameValues),
  ];
}

const ofName = (feature: MapNode): readonly Finding[] =>
  get(feature, 'name') ? [] : [{ span: startOf(feature), message: 'A feature needs a name: add name: "…".' }];

function ofType(feature: MapNode): readonly Finding[] {
  const type = get(feature, 'type');
  if (!type && !featureType(feature))
    return [
      {
        span: nameSpan({ node: feature, nameNode: get(feature, 'name') ?? feature }),
        message: `A feature needs a type, without which TFDV leaves it out: add type: ${TYPES.join(', ')}.`,
      },
    ];
  const word = wordOf(type);
  if (!type || word === undefined || TYPES.includes(word)) return [];
  const meant = meantBy(word, TYPES);
  return [
    {
      span: type.span,
      message: `"${word}" is no type of a feature; write ${TYPES.join(', ')}.`,
      ...(meant[0] === undefined ? {} : { fix: replacement(type.span, meant[0]) }),
    },
  ];
}

function ofDomain(feature: MapNode, domains: ReadonlySet<string>): readonly Finding[] {
  const type = featureType(feature);
  const entry = Object.keys(typesOf).flatMap((key) => entryOf(feature, key) ?? [])[0];
  const constraints = entryOf(feature, 'distribution_constraints');
  const name = String(entry?.key.value ?? '');
  const isString = name === 'domain' || name === 'string_domain';
  const findings: Finding[] = [];
  if (entry && type !== undefined && !typesOf[name]?.includes(type))
    findings.push({
      span: entry.key.span,
      message: `${name} is for ${typesOf[name]?.join(' or ')}, and the feature is ${type}; TFDV drops the domain.`,
    });
  if (name === 'domain' && entry && !domains.has(wordOf(entry.value) ?? '')) {
    const meant = meantBy(wordOf(entry.value) ?? '', [...domains]);
    const fix =
      meant[0] === undefined
        ? {}
        : { fix: { ...replacement(entry.value.span, `"${meant[0]}"`), title: `Change to "${meant[0]}"` } };
    findings.push({
      span: entry.value.span,
      message: `There is no string_domain "${wordOf(entry.value)}" in this schema.${didYouMean(meant)}`,
      ...fix,
    });
  }
  if (constraints && !isString)
    findings.push({
      span: constraints.key.span,
      message: 'distribution_constraints are for a domain of strings; TFDV drops them here.',
    });
  return findings;
}

/** Fields that are the least and the most of one thing. */
const bounds: readonly (readonly [message: string, least: string, most: string])[] = [
  ['value_count', 'min', 'max'],
  ['int_domain', 'min', 'max'],
  ['float_domain', 'min', 'max'],
];

function ofBounds(feature: MapNode): readonly Finding[] {
  const crossed = bounds.flatMap(([message, least, most]) => {
    const node = get(feature, message);
    const [low, high] = [numberOf(get(node, least)), numberOf(get(node, most))];
    return node?.kind === 'map' && low !== undefined && high !== undefined && low > high
      ? [{ span: keySpan(node, most), message: `${most} ${high} is below ${least} ${low}, so that no value fits.` }]
      : [];
  });
  return [...crossed, ...ofShares(feature), ...ofSizes(feature), ...ofDistinct(feature)];
}

function ofShares(feature: MapNode): readonly Finding[] {
  const shares = [
    get(get(feature, 'presence'), 'min_fraction'),
    get(get(feature, 'distribution_constraints'), 'min_domain_mass'),
  ];
  return shares.flatMap((node) => {
    const share = numberOf(node);
    return node && share !== undefined && !(share >= 0 && share <= 1)
      ? [{ span: node.span, message: `A share is from 0 to 1, and ${share} is not.` }]
      : [];
  });
}

const ofSizes = (feature: MapNode): readonly Finding[] =>
  repeated(get(feature, 'shape'), 'dim').flatMap((dim) => {
    const node = get(dim, 'size');
    const size = numberOf(node);
    return node && size !== undefined && size <= 0
      ? [{ span: node.span, message: 'The size of a dimension is a number above 0; TFDV drops the shape.' }]
      : [];
  });

function ofDistinct(feature: MapNode): readonly Finding[] {
  const unique = get(feature, 'unique_constraints');
  if (unique?.kind !== 'map' || !get(unique, 'min') || get(unique, 'max')) return [];
  return [
    {
      span: keySpan(unique, 'min'),
      message: 'A max that is left out is 0 to TFDV, which then finds any number of values too high: add max.',
      severity: 'warning',
    },
  ];
}

/** What a measure can compare. */
const measures: Readonly<Record<string, readonly string[]>> = {
  infinity_norm: ['BYTES'],
  jensen_shannon_divergence: ['INT', 'FLOAT'],
};

function ofComparators(feature: MapNode): readonly Finding[] {
  const type = featureType(feature);
  return ['skew_comparator', 'drift_comparator'].flatMap((comparator) =>
    mapsIn(feature, comparator)
      .flatMap(({ entries }) => entries)
      .flatMap(({ key }): readonly Finding[] => {
        const types = measures[String(key.value)];
        if (!types || type === undefined || type === 'STRUCT' || types.includes(type)) return [];
        const other = Object.entries(measures).find(([, fit]) => fit.includes(type))?.[0];
        return [
          {
            span: key.span,
            message: `TFDV measures no ${String(key.value)} of a feature of type ${type}; use ${other}.`,
            severity: 'warning',
          },
        ];
      }),
  );
}
