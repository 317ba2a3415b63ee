import { SAGEMAKER } from '../../contract/sagemaker';
import { didYouMean, meantBy } from '../../text/nearest';
import {
  booleanOf,
  type Entry,
  entryOf,
  get,
  itemsOf,
  type MapNode,
  type Node,
  numberOf,
  stringOf,
  wordOf,
} from '../../text/tree';
import { quotedList } from '../../text/words';
import { nameSpan, repeatedIn, replacement, startOf } from '../place';
import type { Finding, Rule } from '../rule';

export const sagemakerConstraints: Rule = {
  code: 'contract/sagemaker-constraints',
  severity: 'error',
  documentation:
    'A constraints.json of SageMaker Model Monitor has a key that the service does not know, a feature without a name or with an unknown inferred_type, a word where Enabled or Disabled stands, or a threshold that is no share: the constraint is then not evaluated, or not as meant.',
  check: ({ dialect, tree: { root } }) => (dialect === SAGEMAKER && root?.kind === 'map' ? findingsIn(root) : []),
};

/** What a value may be; undefined for anything. */
type Shape = 'share' | 'flag' | 'switch' | 'words' | 'lists' | Fields | readonly string[] | undefined;
interface Fields {
  readonly [key: string]: Shape;
}

const distribution: Fields = {
  perform_comparison: 'switch',
  comparison_threshold: 'share',
  comparison_method: ['Robust', 'Simple'],
  comparion_method: ['Robust', 'Simple'],
  categorical_comparison_threshold: 'share',
  categorical_drift_method: ['LInfinity', 'ChiSquared'],
};
const overrides: Fields = {
  evaluate_constraints: 'switch',
  emit_metrics: 'switch',
  datatype_check_threshold: 'share',
  domain_content_threshold: 'share',
  distribution_constraints: distribution,
};
/** Both spellings of AWS's page. */
const overridden: Fields = { monitoring_config_overrides: overrides, monitoringConfigOverrides: overrides };
const feature: Fields = {
  name: undefined,
  inferred_type: ['Integral', 'Fractional', 'String', 'Unknown'],
  completeness: 'share',
  num_constraints: { is_non_negative: 'flag', ...overridden },
  string_constraints: { domains: 'words', ...overridden },
  ...overridden,
};
const file: Fields = { version: undefined, features: 'lists', monitoring_config: overrides };

function findingsIn(root: MapNode): readonly Finding[] {
  const features = itemsOf(get(root, 'features'));
  return [...inFields(root, file), ...features.flatMap(ofFeature)];
}

function ofFeature(node: Node): readonly Finding[] {
  if (node.kind !== 'map') return [{ span: node.span, message: 'A feature is an object with a name.' }];
  const name = get(node, 'name');
  const unnamed =
    wordOf(name) === undefined ? [{ span: startOf(node), message: 'A feature needs a name: add "name": "…".' }] : [];
  const untyped = get(node, 'inferred_type')
    ? []
    : [
        {
          span: nameSpan({ node, nameNode: name ?? node }),
          message: 'A feature needs an inferred_type: Integral, Fractional, String or Unknown.',
        },
      ];
  return [...unnamed, ...untyped, ...inFields(node, feature), ...ofKind(node)];
}

/** Constraints of the other kind of feature. */
function ofKind(node: MapNode): readonly Finding[] {
  const type = stringOf(get(node, 'inferred_type'));
  const isNumber = type === 'Integral' || type === 'Fractional';
  const key = isNumber ? 'string_constraints' : type === 'String' ? 'num_constraints' : undefined;
  const entry = key === undefined ? undefined : entryOf(node, key);
  // The SDK's own files have the overrides of a feature in there.
  const isOverride = ({ key: { value } }: Entry): boolean => /^monitoring_?config_?overrides$/i.test(String(value));
  if (!entry || (entry.value.kind === 'map' && entry.value.entries.every(isOverride))) return [];
  return [
    { span: entry.key.span, message: `"${key}" says nothing of a feature that is ${type}.`, severity: 'warning' },
  ];
}

function inFields(node: Node, fields: Fields): readonly Finding[] {
  if (node.kind !== 'map') return [];
  const known = Object.keys(fields);
  return node.entries.flatMap(({ key, value }): readonly Finding[] => {
    const name = String(key.value);
    if (known.includes(name)) return ofShape(name, value, fields[name]);
    const meant = meantBy(name, known);
    return [
      {
        span: key.span,
        message: `Model Monitor knows no "${name}" here.${didYouMean(meant)}`,
        severity: 'warning',
        ...fixTo(key, meant[0]),
      },
    ];
  });
}

const fixTo = (node: Node, meant: string | undefined): Pick<Finding, 'fix'> =>
  meant === undefined
    ? {}
    : { fix: { ...replacement(node.span, JSON.stringify(meant)), title: `Change to "${meant}"` } };

function ofShape(name: string, node: Node, shape: Shape): readonly Finding[] {
  if (shape === undefined) return [];
  if (shape === 'share') return ofShare(name, node);
  if (shape === 'flag')
    return booleanOf(node) === undefined ? [{ span: node.span, message: `"${name}" is true or false.` }] : [];
  if (shape === 'switch') return ofWord(name, node, ['Enabled', 'Disabled']);
  if (shape === 'lists' || shape === 'words') return ofList(name, node, shape);
  if (Array.isArray(shape)) return ofWord(name, node, shape);
  if (node.kind !== 'map') return [{ span: node.span, message: `"${name}" is an object.` }];
  return inFields(node, shape as Fields);
}

function ofShare(name: string, node: Node): readonly Finding[] {
  const share = numberOf(node);
  if (share !== undefined && share >= 0 && share <= 1) return [];
  const percent = share !== undefined && share > 1 && share <= 100 ? ` Write ${share / 100} for ${share} %.` : '';
  return [{ span: node.span, message: `"${name}" is a number from 0 to 1.${percent}` }];
}

function ofWord(name: string, node: Node, words: readonly string[]): readonly Finding[] {
  const word = wordOf(node);
  if (word !== undefined && words.includes(word)) return [];
  const meant = word === undefined ? [] : meantBy(word, words);
  return [{ span: node.span, message: `"${name}" is ${quotedList(words, 'or')}.`, ...fixTo(node, meant[0]) }];
}

function ofList(name: string, node: Node, shape: 'lists' | 'words'): readonly Finding[] {
  if (node.kind !== 'list') return [{ span: node.span, message: `"${name}" is a list.` }];
  if (shape === 'lists') return [];
  const values = node.items.map((item) => ({ name: wordOf(item) ?? '', span: item.span }));
  return repeatedIn(values).map(({ again }) => ({
    span: again.span,
    message: `"${again.name}" is in the domain twice.`,
    severity: 'warning',
  }));
}
