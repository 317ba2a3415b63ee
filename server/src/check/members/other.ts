import { metricNames, metricOf } from '../../contract/metrics';
import type { Rule } from '../../contract/model';
import { get, wordOf } from '../../text/tree';
import { type CheckKind, type Measure, rulesOf, skipped, unjudged } from '../check';
import { wordsOf } from '../operators';
import { ruled } from '../rule';
import { list } from '../words';

const types = new Set(['library', 'sql', 'text', 'custom']);

/** Rules that no other kind takes up. None is dropped in silence: each says why it cannot run. */
export const other: CheckKind = {
  id: 'other',
  checks: (subject) =>
    rulesOf(subject)
      .filter(isOther)
      .map((rule) =>
        ruled(subject, rule, {
          kind: rule.metric ?? wordOf(get(rule.node, 'rule')) ?? rule.type,
          expected: wordsOf(rule.operators) || (rule.description ?? 'unknown'),
          measure: () => measureFor(rule),
        }),
      ),
};

const isOther = ({ type, metric }: Rule): boolean => !types.has(type) || (type === 'library' && !metricOf(metric));

function measureFor({ type, metric, node }: Rule): Measure {
  const known = list(metricNames);
  if (!types.has(type)) return unjudged(`"${type}" is no type of rule. Write ${[...types].join(', ')}.`);
  if (metric !== undefined) return unjudged(`"${metric}" is no metric. Write one of ${known}.`);
  const old = wordOf(get(node, 'rule'));
  if (old !== undefined) return skipped(`"rule: ${old}" has no agreed meaning. Write one of the metrics ${known}.`);
  return unjudged(`The rule names no metric. Add one of ${known}, or "type: text" when it is for people.`);
}
