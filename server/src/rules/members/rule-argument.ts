import { type Metric, metricOf } from '../../contract/metrics';
import { didYouMean, meantBy } from '../../text/nearest';
import { get, type Span } from '../../text/tree';
import { type Placed, replacement, rulesIn, startOf } from '../place';
import type { Finding, Rule } from '../rule';

export const ruleArgument: Rule = {
  code: 'contract/rule-argument',
  severity: 'error',
  documentation:
    'A metric lacks an argument that it needs, or is given one that it does not know, so it cannot run as its author meant.',
  check: (contract) =>
    rulesIn(contract).flatMap((placed) => {
      const metric = metricOf(placed.rule.metric);
      if (!metric || placed.rule.type !== 'library') return [];
      const misspelt = unknown(placed, metric);
      return misspelt.some(({ fix }) => fix) ? misspelt : [...missing(placed, metric), ...misspelt];
    }),
};

function missing({ rule, column }: Placed, { needs }: Metric): readonly Finding[] {
  const needed = needs[column ? 'column' : 'table'] ?? [];
  const span = metricSpan(rule.node);
  if (rule.metric === 'duplicateValues' && !column && rule.arguments.properties === undefined) {
    const message = 'duplicateValues on a table needs arguments.properties: the columns that are unique together.';
    return [{ span, message }];
  }
  if (needed.length === 0 || column?.values !== undefined || needed.some((name) => rule.arguments[name] !== undefined))
    return [];
  return [{ span, message: `${rule.metric} needs ${needed.join(' or ')} under arguments, to know what is valid.` }];
}

function unknown({ rule }: Placed, { takes: known }: Metric): readonly Finding[] {
  const given = get(rule.node, 'arguments');
  if (given?.kind !== 'map') return [];
  return given.entries.flatMap(({ key }): Finding[] => {
    const name = String(key.value);
    if (known.includes(name)) return [];
    const meant = meantBy(name, known);
    const takes = known.length > 0 ? `it takes ${known.join(' and ')}` : 'it takes none';
    const message = `${rule.metric} has no argument "${name}"; ${takes}.${didYouMean(meant)}`;
    return [{ span: key.span, message, ...(meant[0] ? { fix: replacement(key.span, meant[0]) } : {}) }];
  });
}

const metricSpan = (node: Placed['rule']['node']): Span =>
  (get(node, 'metric') ?? get(node, 'rule'))?.span ?? startOf(node);
