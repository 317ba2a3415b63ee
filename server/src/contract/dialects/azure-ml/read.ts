import { type Entry, emptyMapAt, get, itemsOf, type Node, numberOf, type Tree, wordOf } from '../../../text/tree';
import { AZURE_ML, isQuality, type Quality, type QualityMetric, qualityMetrics, signalsOf } from '../../azure-ml';
import { type Contract, plainColumn, plainContract, plainRule, type Rule, type Table } from '../../model';

export function read(tree: Tree): Contract {
  const signals = signalsOf(tree.root);
  const entries = signals?.kind === 'map' ? signals.entries : [];
  return {
    ...plainContract('azure-ml', tree, entries.filter(({ value }) => isQuality(value)).flatMap(tableOf)),
    name: wordOf(get(tree.root, 'name')),
  };
}

function tableOf({ key, value: signal }: Entry): readonly Table[] {
  if (signal.kind !== 'map') return [];
  const name = String(key.value);
  const features = itemsOf(get(signal, 'features'));
  const production = get(signal, 'production_data');
  const named = {
    data: localPath(itemsOf(production)[0] ?? production),
    reference: localPath(get(signal, 'reference_data')),
  };
  const table: Table = {
    name,
    physicalName: name,
    columns: features.flatMap((node) => {
      const feature = wordOf(node);
      return feature === undefined
        ? []
        : [{ ...plainColumn(feature, emptyMapAt(node), node), rules: rulesOf(signal, node) }];
    }),
    rules: features.length > 0 ? [] : rulesOf(signal, get(signal, 'features') ?? key),
    relationships: [],
    described: true,
    named,
    node: signal,
    nameNode: key,
  };
  return [table];
}

/** What lies in Azure's own store is not read from there. */
function localPath(side: Node | undefined): string | undefined {
  const path = wordOf(get(get(side, 'input_data'), 'path'));
  return path === undefined || /^[a-z][\w+.-]+:/i.test(path) ? undefined : path;
}

/** One rule a metric; `place` is what it is about. */
function rulesOf(signal: Node, place: Node): readonly Rule[] {
  const thresholds = get(signal, 'metric_thresholds');
  const limit = (kind: 'numerical' | 'categorical', metric: QualityMetric): number =>
    numberOf(get(get(thresholds, kind), qualityMetrics[metric])) ?? 0;
  const shared = {
    kinds: kindsIn(get(signal, 'feature_type_override')),
    segment: segmentIn(get(signal, 'data_segment')),
  };
  return (Object.keys(qualityMetrics) as QualityMetric[]).map((metric) => {
    const quality: Quality = {
      metric,
      thresholds: { numerical: limit('numerical', metric), categorical: limit('categorical', metric) },
      ...(shared.kinds ? { kinds: shared.kinds } : {}),
      ...(shared.segment ? { segment: shared.segment } : {}),
    };
    return {
      ...plainRule('custom', emptyMapAt(place)),
      engine: AZURE_ML,
      implementation: quality,
    };
  });
}

function kindsIn(node: Node | undefined): Quality['kinds'] {
  const entries = node?.kind === 'map' ? node.entries : [];
  const kinds = entries.flatMap(({ key, value }) => {
    const kind = wordOf(value);
    return kind === 'numerical' || kind === 'categorical' ? [[String(key.value), kind] as const] : [];
  });
  return kinds.length > 0 ? Object.fromEntries(kinds) : undefined;
}

function segmentIn(node: Node | undefined): Quality['segment'] {
  const column = wordOf(get(node, 'feature_name'));
  const values = itemsOf(get(node, 'feature_values')).flatMap((value) => wordOf(value) ?? []);
  return column !== undefined && values.length > 0 ? { column, values } : undefined;
}
