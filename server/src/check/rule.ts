import type { Rule } from '../contract/model';
import type { CheckLimit } from '../protocol';
import { get, type Node, wordOf } from '../text/tree';
import { type Check, type Data, type Measure, type RuleCheck, type Subject, tagsAt } from './check';
import { severityOf } from './verdict';

/** The short words that the standard allows for its dimensions. */
const dimensions: Readonly<Record<string, string>> = {
  ac: 'accuracy',
  cp: 'completeness',
  cf: 'conformity',
  cs: 'consistency',
  cv: 'coverage',
  tm: 'timeliness',
  uq: 'uniqueness',
};

/** What a check says of itself beside its rule. */
export interface RuleWords {
  readonly kind: string;
  readonly expected: string;
  readonly limits?: readonly CheckLimit[] | undefined;
  readonly dimension?: string;
  measure(data: Data): Measure;
}

/** A check that an author wrote under `quality`. */
export function ruled({ column }: Subject, rule: Rule, { measure, ...words }: RuleWords): Check {
  const { severity, known } = severityOf(rule.severity);
  const parts: RuleCheck = {
    kind: words.kind,
    own: rule.id ?? rule.name,
    name: rule.name ?? rule.id ?? [column?.path, words.kind].filter(Boolean).join(' '),
    column: column?.path,
    dimension: (rule.dimension && (dimensions[rule.dimension] ?? rule.dimension)) ?? words.dimension,
    severity,
    note: known ? undefined : `"${rule.severity}" is no severity that Plumbline knows, so it counts as error.`,
    expected: words.expected,
    limits: words.limits,
    node: placeOf(rule),
  };
  const schedule = wordOf(get(rule.node, 'schedule'));
  return { ...parts, schedule, tags: tagsAt(rule.node), filter: rule.filter, measure };
}

/** The word that names the rule, since a squiggle under ten lines helps nobody. */
function placeOf({ node }: Rule): Node {
  const first = node.entries[0]?.value;
  return get(node, 'metric') ?? get(node, 'rule') ?? (first?.kind === 'scalar' ? first : node);
}
