import { type Entry, get, type Node, numberOf, stringOf, wordOf } from '../../text/tree';
import type { Monitor, MonitorFormat, Unsupported } from '../monitor';
import { limitsAt, wish } from '../monitor-parts';

/** Comparators of a feature: which data each compares with, in TFDV's words. */
const comparators = { skew_comparator: 'skew', drift_comparator: 'drift' } as const;

const methods: Readonly<Record<string, string>> = {
  infinity_norm: 'l-infinity',
  jensen_shannon_divergence: 'jensen-shannon',
};

/** `skew_comparator` and `drift_comparator` of the features of TensorFlow Data Validation's schema.pbtxt. */
export const tfdvSchema: MonitorFormat = {
  id: 'tfdv-schema',
  recognises: (path, { root }) =>
    path.endsWith('.pbtxt') && fieldsOf(root, 'feature').some(({ value }) => get(value, 'name')),
  read: ({ root }) => {
    const features = fieldsOf(root, 'feature').map(({ value }) => value);
    const asked = features.flatMap(wishesOf);
    return (['skew', 'drift'] as const).flatMap((name) => monitorsOf(name, asked, root));
  },
};

const fieldsOf = (node: Node | undefined, key: string): readonly Entry[] =>
  node?.kind === 'map' ? node.entries.filter((entry) => entry.key.value === key) : [];

interface Wish {
  readonly monitor: 'skew' | 'drift';
  readonly feature: string;
  readonly method: string | undefined;
  readonly limit: number | undefined;
  /** Where the limit stands. */
  readonly place: Node | undefined;
  readonly key: string;
  readonly node: Node;
}

function wishesOf(feature: Node): readonly Wish[] {
  const name = stringOf(get(feature, 'name'));
  if (name === undefined) return [];
  return Object.entries(comparators).flatMap(([key, monitor]) =>
    fieldsOf(feature, key).flatMap(({ value }) =>
      (value.kind === 'map' ? value.entries : []).map((measure) => ({
        monitor,
        feature: name,
        method: methods[String(measure.key.value)],
        limit: numberOf(get(measure.value, 'threshold')),
        place: get(measure.value, 'threshold'),
        key: String(measure.key.value),
        node: measure.key,
      })),
    ),
  );
}

/** A feature with two measures is in two monitors, since a comparison gives one figure a column. */
function monitorsOf(name: Wish['monitor'], all: readonly Wish[], root: Node | undefined): readonly Monitor[] {
  const asked = all.filter(({ monitor }) => monitor === name);
  const rounds: Wish[][] = [];
  for (const one of asked.filter(({ method, limit }) => method !== undefined && limit !== undefined)) {
    const round = rounds.find((taken) => taken.every(({ feature }) => feature !== one.feature));
    if (round) round.push(one);
    else rounds.push([one]);
  }
  const unsupported = [...asked.flatMap(whyNot), ...(name === 'drift' ? constraintsIn(root) : [])];
  const runs = rounds.map((round, i) =>
    ofRound(i === 0 ? name : `${name} ${i + 1}`, round, i === 0 ? unsupported : []),
  );
  const [first] = unsupported;
  if (runs.length > 0 || !first) return runs;
  const rest = { reference: undefined, current: undefined, unsupported: [] };
  return unsupported.map(({ what, node }) => ({ name, node, refusal: what, ...rest }));
}

const ofRound = (name: string, round: readonly Wish[], unsupported: readonly Unsupported[]): Monitor => ({
  name,
  node: round[0]?.node ?? { kind: 'scalar', span: { start: 0, end: 0 }, value: null },
  reference: undefined,
  current: undefined,
  preset: 'tfdv',
  columns: round.map(({ feature }) => feature),
  methods: Object.fromEntries(round.map(({ feature, method = '', limit }) => [feature, wish(method, limit)])),
  limits: limitsAt(round.map(({ feature, method, place }) => ({ column: feature, method, node: place }))),
  unsupported,
});

function whyNot({ feature, method, limit, key, node }: Wish): readonly Unsupported[] {
  if (method === undefined) {
    const known = Object.keys(methods).join(' and ');
    return [{ what: `Plumbline does not measure ${key} of "${feature}"; it measures ${known}.`, node }];
  }
  return limit === undefined ? [{ what: `The ${key} of "${feature}" has no threshold to hold it against.`, node }] : [];
}

/** Comparators of the number of rows are about no column. */
const constraintsIn = (root: Node | undefined): readonly Unsupported[] =>
  fieldsOf(root, 'dataset_constraints')
    .flatMap(({ value }) => (value.kind === 'map' ? value.entries : []))
    .filter(({ key }) => /_comparator$/.test(wordOf(key) ?? ''))
    .map(({ key }) => ({
      what: `Plumbline does not run ${wordOf(key)}; compare the numbers of rows by hand.`,
      node: key,
    }));
