import { isQuality, signalsOf } from '../../contract/azure-ml';
import type { DriftJob } from '../../protocol';
import { type Entry, entryOf, get, itemsOf, type Node, numberOf, stringOf, wordOf } from '../../text/tree';
import type { Monitor, MonitorFormat, MonitorLimit, Named, Unsupported } from '../monitor';
import { limitsAt, namedAt, wish, wordsOf } from '../monitor-parts';

/** Types of signals that compare distributions. */
const drifts: ReadonlySet<string | undefined> = new Set(['data_drift', 'prediction_drift']);

/**
 * Metrics of a signal: the first that is set and not 0 counts, in this order. Keys of azure-ai-ml 1.35.2, order of
 * Azure/azureml-assets at 4b41f8c.
 */
const metrics = {
  numerical: [
    ['jensen_shannon_distance', 'jensen-shannon'],
    ['normalized_wasserstein_distance', 'wasserstein-normalized'],
    ['population_stability_index', 'psi'],
    ['two_sample_kolmogorov_smirnov_test', 'ks'],
  ],
  categorical: [
    ['jensen_shannon_distance', 'jensen-shannon'],
    ['population_stability_index', 'psi'],
    ['pearsons_chi_squared_test', 'chi-square'],
  ],
} as const;

/** What azure-ai-ml fills in for a signal without thresholds. */
const defaults = { numerical: 'wasserstein-normalized:0.1', categorical: 'jensen-shannon:0.1' } as const;

/** `monitoring_signals` of a monitor of Azure Machine Learning. */
export const azureMl: MonitorFormat = {
  id: 'azure-ml',
  recognises: (_path, { root }) => signalsOf(root)?.kind === 'map',
  read: ({ root }) => {
    const signals = signalsOf(root);
    return signals?.kind === 'map' ? signals.entries.map(monitorOf) : [];
  },
};

function monitorOf({ key, value: node }: Entry): Monitor {
  const production = get(node, 'production_data');
  const monitor = {
    name: String(key.value),
    node: key,
    reference: dataOf(get(node, 'reference_data')),
    current: dataOf(itemsOf(production)[0] ?? production),
    unsupported: unsupportedIn(node),
  };
  const type = wordOf(get(node, 'type'));
  if (!drifts.has(type)) {
    const known = [...drifts].join(' and ');
    const elsewhere = isQuality(node) ? 'It is a signal of data quality, which "Check data" runs' : undefined;
    return {
      ...monitor,
      refusal: `${elsewhere ?? `It is a signal of type ${type ?? '(none)'}, and Plumbline runs ${known}`}.`,
    };
  }
  return {
    ...monitor,
    preset: 'azure',
    columns: wordsOf(get(node, 'features')),
    types: typesOf(get(node, 'feature_type_override')),
    methodOfType: methodsIn(get(node, 'metric_thresholds')),
    limits: limitsIn(get(node, 'metric_thresholds')),
    only: segmentOf(get(node, 'data_segment')),
  };
}

const dataOf = (side: Node | undefined): Named | undefined => namedAt(get(side, 'input_data'), 'path');

function typesOf(node: Node | undefined): DriftJob['types'] {
  const entries = node?.kind === 'map' ? node.entries : [];
  const types = entries.flatMap(({ key, value }) => {
    const type = stringOf(value);
    return type === 'numerical' || type === 'categorical' ? [[String(key.value), type] as const] : [];
  });
  return types.length > 0 ? Object.fromEntries(types) : undefined;
}

/** The first that counts: what its metric is called here, and its number. */
function setIn(thresholds: Node | undefined, type: keyof typeof metrics) {
  const limits = get(thresholds, type);
  const set = metrics[type].find(([key]) => numberOf(get(limits, key)));
  return set && { method: set[1], node: get(limits, set[0]) };
}

const limitsIn = (thresholds: Node | undefined): readonly MonitorLimit[] =>
  limitsAt(
    (['numerical', 'categorical'] as const).map((type) => ({ type, node: undefined, ...setIn(thresholds, type) })),
  );

function methodsIn(thresholds: Node | undefined): DriftJob['methodOfType'] {
  const of = (type: keyof typeof metrics) => {
    const set = setIn(thresholds, type);
    return set ? wish(set.method, numberOf(set.node)) : defaults[type];
  };
  return { numerical: of('numerical'), categorical: of('categorical') };
}

function segmentOf(node: Node | undefined): DriftJob['only'] {
  const [column, values] = [wordOf(get(node, 'feature_name')), wordsOf(get(node, 'feature_values'))];
  return column !== undefined && values ? { column, values } : undefined;
}

function unsupportedIn(node: Node): readonly Unsupported[] {
  const told: Unsupported[] = [];
  const top = entryOf(get(node, 'features'), 'top_n_feature_importance');
  if (top)
    told.push({
      what: `The ${wordOf(top.value) ?? ''} most important features are not known here, so all are compared; list them under "features".`,
      node: top.value,
    });
  const production = get(node, 'production_data');
  for (const side of [get(node, 'reference_data'), itemsOf(production)[0] ?? production]) {
    const script = get(side, 'pre_processing_component');
    const window = get(side, 'data_window');
    if (script) told.push({ what: 'No pre-processing is run; name data that have gone through it.', node: script });
    if (window)
      told.push({ what: 'No window is cut out, so all rows are compared; name the data of that time.', node: window });
  }
  return told;
}
