import { get, type Node } from '../../text/tree';
import type { Rule } from '../model';
import { asksForFew, shiftOfOperators } from './accepted';
import { type Change, canonical, change, combined, isEqual, type Shift, shiftOfLists } from './change';
import type { ChangeKind } from './kinds';

/** Where rules stand: a table or a column. */
export interface Holder {
  /** `schema/orders/amount`. */
  readonly path: string;
  /** `Column "amount"`. */
  readonly what: string;
  /** What is marked when a rule is gone. */
  readonly node: Node;
}

/** What has changed of the quality rules of a table or column. */
export function ruleChanges(before: readonly Rule[], after: readonly Rule[], holder: Holder): readonly Change[] {
  const pairs = pairsOf(before, after);
  const paired = new Set(pairs.map(([old]) => old));
  const found = new Set(pairs.map(([, now]) => now));
  return [
    ...before.filter((rule) => !paired.has(rule)).map((rule) => gone(rule, holder)),
    ...pairs.flatMap(([old, now]) => changesOf(old, now, holder)),
    ...after.filter((rule) => !found.has(rule)).map((rule) => added(rule, holder)),
  ];
}

/** What tells a rule among the others of its place, the surest first. */
const signs: readonly ((rule: Rule) => unknown)[] = [
  ({ id }) => id,
  (rule) => withoutPlace(rule),
  ({ name }) => name,
  ({ metric, arguments: given }) => (metric === undefined ? undefined : [metric, given.properties]),
  ({ engine, implementation }) => (engine === undefined ? undefined : [engine, typeIn(implementation)]),
  ({ query }) => query?.replace(/\s+/g, ' ').trim(),
  ({ metric }) => metric,
  ({ type }) => (type === 'sql' || type === 'text' ? type : undefined),
];

/** Each rule with the one that it was. Two whose ids differ are two rules. */
function pairsOf(before: readonly Rule[], after: readonly Rule[]): readonly (readonly [Rule, Rule])[] {
  const pairs: (readonly [Rule, Rule])[] = [];
  let [old, now] = [[...before], [...after]];
  for (const sign of signs) {
    for (const rule of old) {
      const own = sign(rule);
      const same =
        own === undefined ? undefined : now.find((other) => isSame(rule, other) && isEqual(sign(other), own));
      if (!same) continue;
      pairs.push([rule, same]);
      now = now.filter((other) => other !== same);
    }
    old = old.filter((rule) => !pairs.some(([paired]) => paired === rule));
  }
  return pairs;
}

const isSame = (one: Rule, other: Rule): boolean =>
  one.type === other.type && (one.id === undefined || other.id === undefined || one.id === other.id);

const withoutPlace = ({ operators, node, ...rule }: Rule): unknown => [
  rule,
  operators.map(({ keyword, value }) => [keyword, value]),
];

/** An expectation's or test's own type, by the keys of the tools that have one. */
function typeIn(implementation: unknown): unknown {
  if (typeof implementation !== 'object' || implementation === null || Array.isArray(implementation)) return undefined;
  const keys = implementation as Readonly<Record<string, unknown>>;
  return keys.type ?? keys.expectation_type ?? keys.check ?? Object.keys(keys).sort().join(' ');
}

const pathOf = (rule: Rule, { path }: Holder): string =>
  `${path}/quality/${rule.id ?? rule.name ?? rule.metric ?? rule.type}`;

const nameOf = ({ id, name, metric, type, engine }: Rule): string => {
  const called = name ?? id;
  if (called !== undefined) return `The rule "${called}"`;
  return metric === undefined ? `A rule of ${engine ?? `type ${type}`}` : `The rule ${metric}`;
};

const gone = (rule: Rule, holder: Holder): Change =>
  change('rule-removed', {
    path: pathOf(rule, holder),
    node: holder.node,
    message: `${nameOf(rule)} of ${lower(holder.what)} is gone.`,
    before: demandOf(rule),
  });

const added = (rule: Rule, holder: Holder): Change =>
  change('rule-added', {
    path: pathOf(rule, holder),
    node: placeOf(rule),
    message: `${nameOf(rule)} of ${lower(holder.what)} is new.`,
    after: demandOf(rule),
  });

const lower = (words: string): string => words.charAt(0).toLowerCase() + words.slice(1);

/** The first key of a rule, which may have many lines. */
const placeOf = ({ node, operators }: Rule): Node => operators[0]?.node ?? node.entries[0]?.value ?? node;

/** What a rule asks for, as a report keeps it. */
function demandOf(rule: Rule): unknown {
  const { metric, query, implementation, description, operators } = rule;
  const asked = metric ?? query ?? implementation ?? description ?? rule.type;
  const demands = Object.fromEntries(operators.map(({ keyword, value }) => [keyword, value]));
  return operators.length === 0
    ? asked
    : typeof asked === 'string'
      ? { [rule.query ? 'query' : 'metric']: asked, ...demands }
      : demands;
}

const kinds: Readonly<Record<Exclude<Shift, 'same'>, readonly [ChangeKind, string]>> = {
  looser: ['rule-loosened', 'accepts more than before'],
  tighter: ['rule-tightened', 'accepts less than before'],
  other: ['rule-changed', 'asks for something else than before'],
};

function changesOf(before: Rule, after: Rule, holder: Holder): readonly Change[] {
  const shift = combined([
    shiftOfOperators(before, after),
    shiftOfArguments(before, after),
    shiftOfImplementation(before, after),
    ...questions.map((question) => (isEqual(question(before), question(after)) ? 'same' : 'other') satisfies Shift),
  ]);
  return [
    ...severityChanges(before, after, holder),
    ...(shift === 'same' ? [] : [shifted(before, after, shift, holder)]),
  ];
}

function shifted(before: Rule, after: Rule, shift: Exclude<Shift, 'same'>, holder: Holder): Change {
  const [kind, words] = kinds[shift];
  const [old, now] = [thresholdWords(before), thresholdWords(after)];
  const detail = old !== now ? `: ${now || 'nothing'}, where it was ${old || 'nothing'}` : '';
  return change(kind, {
    path: pathOf(after, holder),
    node: placeOf(after),
    message: `${nameOf(after)} of ${lower(holder.what)} ${words}${detail}.`,
    before: demandOf(before),
    after: demandOf(after),
  });
}

const thresholdWords = ({ operators, unit }: Rule): string =>
  operators.map(({ keyword, value }) => `${keyword} ${canonical(value)}`).join(' and ') +
  (unit === 'percent' && operators.length > 0 ? ' percent' : '');

/** Parts of a rule that make it another one when they differ. */
const questions: readonly ((rule: Rule) => unknown)[] = [
  ({ metric }) => metric,
  ({ query }) => query?.replace(/\s+/g, ' ').trim(),
  ({ engine }) => engine,
  ({ filter }) => filter,
  ({ type, description }) => (type === 'text' ? description : undefined),
];

/** Of a rule that asks for few: whether a longer list of what it takes for good accepts more, or less. */
const lists: Readonly<Record<string, 'looser' | 'tighter'>> = { validValues: 'looser', missingValues: 'tighter' };

function shiftOfArguments({ arguments: before }: Rule, after: Rule): Shift {
  const now = after.arguments;
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  return combined(
    names.map((name): Shift => {
      if (isEqual(before[name], now[name])) return 'same';
      const [old, list] = [before[name], now[name]];
      if (!Array.isArray(old) || !Array.isArray(list) || !asksForFew(after)) return 'other';
      const shift = shiftOfLists(old, list);
      // What is unique by fewer columns is unique by more.
      const longer = name === 'properties' ? 'looser' : lists[name];
      if (shift === 'same' || shift === 'other' || longer === undefined) return shift === 'same' ? 'same' : 'other';
      return (shift === 'looser') === (longer === 'looser') ? 'looser' : 'tighter';
    }),
  );
}

/** Arguments of other tools' rules, by what a greater value accepts. */
const greater: Readonly<Record<string, 'looser' | 'tighter'>> = {
  min_value: 'tighter',
  minimum: 'tighter',
  min: 'tighter',
  max_value: 'looser',
  maximum: 'looser',
  max: 'looser',
  mostly: 'tighter',
  value_set: 'looser',
};

function shiftOfImplementation({ implementation: before }: Rule, { implementation: after }: Rule): Shift {
  if (isEqual(before, after)) return 'same';
  const [old, now] = [leavesOf(before), leavesOf(after)];
  const places = [...new Set([...old.keys(), ...now.keys()])];
  return combined(places.map((place) => shiftOfLeaf(place, old.get(place), now.get(place))));
}

function shiftOfLeaf(place: string, before: unknown, after: unknown): Shift {
  if (isEqual(before, after)) return 'same';
  const more = greater[place.split('/').at(-1) ?? ''];
  if (more === undefined) return 'other';
  const less = more === 'looser' ? 'tighter' : 'looser';
  if (Array.isArray(before) && Array.isArray(after)) return shiftOfLists(before, after);
  if (typeof before === 'number' && typeof after === 'number') return after > before ? more : less;
  // A bound that is not there bounds nothing; a share that is not there is all rows.
  if (place.endsWith('mostly')) return after === undefined ? 'tighter' : 'looser';
  return (after ?? undefined) === undefined ? 'looser' : (before ?? undefined) === undefined ? 'tighter' : 'other';
}

/** Values by their places; a list is one value. */
function leavesOf(value: unknown, place = ''): ReadonlyMap<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return new Map([[place, value]]);
  return new Map(Object.entries(value).flatMap(([key, inner]) => [...leavesOf(inner, `${place}/${key}`)]));
}

/** As verdicts take them: a word that is not known counts as error, and so does none. */
const ranks: Readonly<Record<string, number>> = {
  info: 0,
  trivial: 0,
  warning: 1,
  warn: 1,
  low: 1,
  minor: 1,
};

const rankOf = ({ severity }: Rule): number => ranks[severity?.toLowerCase() ?? ''] ?? 2;

function severityChanges(before: Rule, after: Rule, holder: Holder): readonly Change[] {
  const [old, now] = [rankOf(before), rankOf(after)];
  if (old === now) return [];
  return [
    change(now < old ? 'severity-lowered' : 'severity-raised', {
      path: `${pathOf(after, holder)}/severity`,
      node: get(after.node, 'severity') ?? placeOf(after),
      message: `${nameOf(after)} of ${lower(holder.what)} counts for ${now < old ? 'less' : 'more'} when it is broken: ${after.severity ?? 'error'}, where it was ${before.severity ?? 'error'}.`,
      before: before.severity ?? 'error',
      after: after.severity ?? 'error',
    }),
  ];
}
