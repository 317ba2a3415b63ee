import { isManifest } from '../../manifest/model';
import { entryOf, get, itemsOf, type Node, numberOf, stringOf, wordOf } from '../../text/tree';
import type { Monitor, MonitorFormat } from '../monitor';
import { limitsAt, namedAt, wordsOf } from '../monitor-parts';

/** `monitoring:` of an experiment manifest. */
export const manifest: MonitorFormat = {
  id: 'manifest',
  recognises: isManifest,
  read: ({ root }) => itemsOf(get(root, 'monitoring')).map(monitorOf),
};

function monitorOf(node: Node, index: number): Monitor {
  const [reference, current] = [namedAt(node, 'reference'), namedAt(node, 'current')];
  const monitor = {
    name: wordOf(get(node, 'name')) ?? `monitor ${index + 1}`,
    node: get(node, 'name') ?? node,
    reference,
    current,
    unsupported: [],
  };
  if (!reference && !current && entryOf(node, 'predictions'))
    return { ...monitor, refusal: 'It watches the quality of predictions, and Plumbline measures drift only.' };
  const window = get(node, 'windowBy');
  const share = get(get(node, 'threshold'), 'share');
  const [column, every] = [stringOf(get(window, 'column')), wordOf(get(window, 'every'))];
  return {
    ...monitor,
    preset: wordOf(get(node, 'preset')),
    columns: wordsOf(get(node, 'columns')),
    share: numberOf(share),
    limits: limitsAt([{ node: numberOf(share) === undefined ? undefined : share }]),
    segmentBy: wordsOf(get(node, 'segmentBy')),
    windowBy: column !== undefined && every !== undefined ? { column, every } : undefined,
  };
}
