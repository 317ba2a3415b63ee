import type { DriftJob } from '../../protocol';
import { type Entry, itemsOf, type Node, numberOf, stringOf, wordOf } from '../../text/tree';
import type { Monitor, MonitorFormat, MonitorLimit, Named, Unsupported } from '../monitor';
import { eitherCase, limitNode, limitOf, limitsAt, wish, wordsOf } from '../monitor-parts';

/** Threshold of a feature that has none of its own. */
const THRESHOLD = 0.3;
/** Levels that the configuration may lie below the root of a job, of a list of them, or of a request. */
const deepest = 12;

/** Per model in version 1: a map of thresholds, the default, and the configurations that attributions have. */
const firsts = [
  {
    name: 'skew',
    thresholds: 'skewThresholds',
    fallback: 'defaultSkewThreshold',
    attributions: 'attributionScoreSkewThresholds',
  },
  {
    name: 'drift',
    thresholds: 'driftThresholds',
    fallback: 'defaultDriftThreshold',
    attributions: 'attributionScoreDriftThresholds',
  },
] as const;

/** Per monitor in version 2. */
const seconds: Readonly<Record<string, string>> = {
  featureDriftSpec: 'feature drift',
  predictionOutputDriftSpec: 'prediction drift',
  featureAttributionSpec: 'feature attribution',
};

const methods: ReadonlyMap<string | undefined, string> = new Map([
  ['l_infinity', 'l-infinity'],
  ['jensen_shannon_divergence', 'jensen-shannon'],
]);

/** Monitoring jobs of Vertex AI, version 1 (`skewThresholds`, `driftThresholds`) and 2 (`featureDriftSpec`), in either case of keys. */
export const vertex: MonitorFormat = {
  id: 'vertex',
  recognises: (_path, { root, text }) => parts.some((part) => text.includes(part)) && configsIn(root).length > 0,
  read: ({ root }) => withNumbers(configsIn(root).flatMap(monitorsIn)),
};

/** A map that holds thresholds or specifications, and the maps around it, the innermost first. */
interface Config {
  readonly node: Node;
  readonly around: readonly Node[];
}

function configsIn(node: Node | undefined, around: readonly Node[] = []): readonly Config[] {
  if (!node || node.kind === 'scalar' || around.length > deepest) return [];
  if (node.kind === 'list') return node.items.flatMap((item) => configsIn(item, around));
  const own = keys.some((key) => eitherCase(node, key)) ? [{ node, around }] : [];
  return [...own, ...node.entries.flatMap(({ value }) => configsIn(value, [node, ...around]))];
}

/** One of these is in every key, so that a text without them need not be walked. */
const parts = ['hreshold', 'Spec', '_spec'];

const keys = [
  ...firsts.flatMap(({ thresholds, fallback, attributions }) => [thresholds, fallback, attributions]),
  ...Object.keys(seconds),
];

const monitorsIn = (config: Config): readonly Monitor[] => [
  ...firsts.flatMap((first) => ofFirst(config, first)),
  ...Object.entries(seconds).flatMap(([key, name]) => ofSecond(config, key, name)),
];

function ofFirst({ node, around }: Config, first: (typeof firsts)[number]): readonly Monitor[] {
  const thresholds = eitherCase(node, first.thresholds);
  const attributions = eitherCase(node, first.attributions);
  const fallback = limitOf(eitherCase(node, first.fallback)) ?? numberOf(thresholds);
  const limits = limitsIn(thresholds);
  const unsupported = attributions ? [attributionsOf(attributions)] : [];
  const place = thresholds ?? eitherCase(node, first.fallback);
  if (!place) return attributions ? [refused(`${first.name} of attributions`, attributions)] : [];
  const reference = first.name === 'skew' ? addressBeside(around, ['trainingDataset']) : undefined;
  return [
    {
      name: first.name,
      node: place,
      reference,
      current: undefined,
      preset: 'vertex',
      columns: fallback === undefined ? Object.keys(limits) : undefined,
      methods: limits,
      methodOfType: {
        numerical: wish('jensen-shannon', fallback ?? THRESHOLD),
        categorical: wish('l-infinity', fallback ?? THRESHOLD),
        // TFDV takes booleans for numbers.
        boolean: wish('jensen-shannon', fallback ?? THRESHOLD),
      },
      limits: [
        ...limitPlaces(thresholds),
        ...ofAllTypes(limitNode(eitherCase(node, first.fallback)) ?? limitNode(thresholds)),
      ],
      unsupported,
    },
  ];
}

function ofSecond({ node, around }: Config, key: string, name: string): readonly Monitor[] {
  const spec = eitherCase(node, key);
  if (!spec) return [];
  if (key === 'featureAttributionSpec') return [refused(name, spec)];
  const limits = limitsIn(eitherCase(spec, 'featureAlertConditions') ?? eitherCase(spec, 'featureAlertThresholds'));
  const features = wordsOf(eitherCase(spec, 'features'));
  return [
    {
      name,
      node: spec,
      reference: addressBeside([node, ...around], ['baselineDataset', 'baseline']),
      current: addressBeside([node, ...around], ['targetDataset', 'target']),
      preset: 'vertex',
      columns: features,
      methods: limits,
      methodOfType: {
        numerical: methodIn(spec, 'numeric', 'jensen-shannon'),
        categorical: methodIn(spec, 'categorical', 'l-infinity'),
        boolean: methodIn(spec, 'numeric', 'jensen-shannon'),
      },
      limits: [
        ...limitPlaces(eitherCase(spec, 'featureAlertConditions') ?? eitherCase(spec, 'featureAlertThresholds')),
        ...limitsAt([
          { type: 'numerical', node: defaultLimit(spec, 'Numeric') },
          { type: 'boolean', node: defaultLimit(spec, 'Numeric') },
          { type: 'categorical', node: defaultLimit(spec, 'Categorical') },
        ]),
      ],
      unsupported: [],
    },
  ];
}

function methodIn(spec: Node, type: 'numeric' | 'categorical', usual: string): string {
  const limit = numberOf(defaultLimit(spec, type === 'numeric' ? 'Numeric' : 'Categorical'));
  return wish(methods.get(stringOf(eitherCase(spec, `${type}MetricType`))) ?? usual, limit ?? THRESHOLD);
}

/** Where the limit stands of the features of a type that have none of their own. */
const defaultLimit = (spec: Node, type: 'Numeric' | 'Categorical'): Node | undefined =>
  limitNode(eitherCase(spec, `default${type}AlertCondition`)) ??
  limitNode(eitherCase(spec, `default${type}AlertThreshold`));

const ofAllTypes = (node: Node | undefined): readonly MonitorLimit[] =>
  limitsAt((['numerical', 'categorical', 'boolean'] as const).map((type) => ({ type, node })));

const limitPlaces = (node: Node | undefined): readonly MonitorLimit[] =>
  limitsAt(
    (node?.kind === 'map' ? node.entries : []).map(({ key, value }) => ({
      column: String(key.value),
      node: limitNode(value),
    })),
  );

/** Feature → limit, for the method that its type has. */
function limitsIn(node: Node | undefined): NonNullable<DriftJob['methods']> {
  const entries: readonly Entry[] = node?.kind === 'map' ? node.entries : [];
  return Object.fromEntries(
    entries.flatMap(({ key, value }) => {
      const limit = limitOf(value);
      return limit === undefined ? [] : [[String(key.value), wish('', limit)]];
    }),
  );
}

const attributionsOf = (node: Node): Unsupported => ({
  what: 'Plumbline does not measure drift of attributions; only the features themselves are compared.',
  node,
});

const refused = (name: string, node: Node): Monitor => ({
  name,
  node,
  reference: undefined,
  current: undefined,
  refusal: 'It watches attributions of features, and Plumbline compares the features themselves.',
  unsupported: [],
});

/** The first address below one of these keys, in the nearest map that has one. */
function addressBeside(around: readonly Node[], names: readonly string[]): Named | undefined {
  for (const node of around)
    for (const name of names) {
      const found = addressIn(eitherCase(node, name));
      if (found) return found;
    }
  return undefined;
}

function addressIn(node: Node | undefined, depth = 0): Named | undefined {
  if (node?.kind !== 'map' || depth > deepest) return undefined;
  for (const { key, value } of node.entries) {
    const leaf = value.kind === 'list' ? itemsOf(value)[0] : value;
    const ref = wordOf(leaf);
    if (leaf && ref !== undefined && /uris?$/i.test(String(key.value))) return { ref, node: leaf };
    const below = addressIn(leaf, depth + 1);
    if (below) return below;
  }
  return undefined;
}

/** Several models have monitors of the same name, and a name tells which one to run. */
function withNumbers(monitors: readonly Monitor[]): readonly Monitor[] {
  const seen = new Map<string, number>();
  return monitors.map((monitor) => {
    const count = (seen.get(monitor.name) ?? 0) + 1;
    seen.set(monitor.name, count);
    return count === 1 ? monitor : { ...monitor, name: `${monitor.name} ${count}` };
  });
}
