import { isQuality, qualityMetrics, signalsOf } from '../../contract/azure-ml';
import { didYouMean, meantBy } from '../../text/nearest';
import { entryOf, get, itemsOf, type MapNode, type Node, numberOf, wordOf } from '../../text/tree';
import { quotedList } from '../../text/words';
import { replacement } from '../place';
import type { Finding, Rule } from '../rule';

export const azureQualitySignal: Rule = {
  code: 'contract/azure-quality-signal',
  severity: 'error',
  documentation:
    'A data quality signal of an Azure ML monitor has a threshold for a metric or a kind of column that there is none of, one that is no share, or asks for what Plumbline does not do: windows of time, pre-processing, the most important features.',
  check: ({ dialect, tree: { root } }) => {
    const signals = dialect === 'azure-ml' ? signalsOf(root) : undefined;
    return signals?.kind === 'map'
      ? signals.entries.flatMap(({ value }) => (isQuality(value) && value.kind === 'map' ? findingsIn(value) : []))
      : [];
  },
};

const kinds = ['numerical', 'categorical'];
const metrics: readonly string[] = Object.values(qualityMetrics);

function findingsIn(signal: MapNode): readonly Finding[] {
  const thresholds = get(signal, 'metric_thresholds');
  const limits = kinds.flatMap((kind) => {
    const node = get(thresholds, kind);
    return [...unknownIn(node, metrics), ...metrics.flatMap((metric) => ofShare(metric, get(node, metric)))];
  });
  return [...unknownIn(thresholds, kinds), ...limits, ...ofKinds(signal), ...notDone(signal)];
}

function unknownIn(node: Node | undefined, known: readonly string[]): readonly Finding[] {
  if (node?.kind !== 'map') return [];
  return node.entries.flatMap(({ key }): readonly Finding[] => {
    const name = String(key.value);
    if (known.includes(name)) return [];
    const meant = meantBy(name, known);
    const message = `A data quality signal has no "${name}" here, but ${quotedList(known, 'and')}.${didYouMean(meant)}`;
    return [{ span: key.span, message, ...(meant[0] === undefined ? {} : { fix: replacement(key.span, meant[0]) }) }];
  });
}

function ofShare(metric: string, node: Node | undefined): readonly Finding[] {
  const share = numberOf(node);
  return !node || (share !== undefined && share >= 0 && share <= 1)
    ? []
    : [{ span: node.span, message: `"${metric}" is a number from 0 to 1.` }];
}

function ofKinds(signal: MapNode): readonly Finding[] {
  const node = get(signal, 'feature_type_override');
  if (node?.kind !== 'map') return [];
  return node.entries.flatMap(({ value }): readonly Finding[] => {
    const kind = wordOf(value);
    if (kind !== undefined && kinds.includes(kind)) return [];
    return [{ span: value.span, message: `A feature is ${quotedList(kinds, 'or')}.` }];
  });
}

function notDone(signal: MapNode): readonly Finding[] {
  const top = entryOf(get(signal, 'features'), 'top_n_feature_importance');
  const production = get(signal, 'production_data');
  const sides = [itemsOf(production)[0] ?? production, get(signal, 'reference_data')];
  const left = sides.flatMap((side) => [
    told(
      entryOf(side, 'data_window')?.key,
      'No window is cut out, so all rows are looked at; name the data of that time.',
    ),
    told(
      entryOf(side, 'pre_processing_component')?.key,
      'No pre-processing is run; name data that have gone through it.',
    ),
  ]);
  const all = 'The most important features are not known here, so all are looked at; list them under "features".';
  return [told(top?.key, all), ...left].flat();
}

const told = (node: Node | undefined, message: string): readonly Finding[] =>
  node ? [{ span: node.span, message, severity: 'info' }] : [];
