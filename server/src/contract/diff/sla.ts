import { daysOf } from '../../text/period';
import { entryOf, get, type Node } from '../../text/tree';
import type { Contract, SlaProperty } from '../model';
import { type Change, change, inWords, isEqual, type Shift, shiftOfLists } from './change';
import type { ChangeKind } from './kinds';

/** Short names of the standard, and what a greater value of each promises. */
const promises: readonly (readonly [names: string, greater: 'more' | 'less'])[] = [
  ['freshness fr', 'less'],
  ['latency ly', 'less'],
  ['frequency fy', 'less'],
  ['timeToDetect td', 'less'],
  ['timeToNotify tn', 'less'],
  ['timeToRepair tr', 'less'],
  ['errorRate er', 'less'],
  ['generalAvailability ga', 'less'],
  ['retention re', 'more'],
  ['availability av', 'more'],
  ['throughput th', 'more'],
  ['endOfSupport es', 'more'],
  ['endOfLife el', 'more'],
];

const promiseOf = (property: string) =>
  promises.find(([names]) => names.toLowerCase().split(' ').includes(property.toLowerCase()));

/** One name for a property that has two, in any case of letters. */
const nameOf = ({ property }: SlaProperty): string => promiseOf(property)?.[0].split(' ')[0] ?? property;

/** What has changed of the service levels. */
export function slaChanges({ sla: before }: Contract, { sla: after }: Contract, place: Node): readonly Change[] {
  const left = [...after];
  const pairs = before.map((old) => {
    const named = left.filter((now) => nameOf(now) === nameOf(old));
    const found = named.find((now) => isEqual(elementsOf(now), elementsOf(old))) ?? named[0];
    if (found) left.splice(left.indexOf(found), 1);
    return [old, found] as const;
  });
  return [
    ...pairs.flatMap(([old, now]) => (now ? between(old, now) : [gone(old, place)])),
    ...left.map((now) =>
      change('sla-added', {
        path: pathOf(now),
        node: get(now.node, 'property') ?? now.node,
        message: `The service level ${nameOf(now)} is new: ${wordsOf(now)}.`,
        after: wordsOf(now),
      }),
    ),
  ];
}

const pathOf = (sla: SlaProperty): string => `slaProperties/${sla.property}`;
const elementsOf = ({ elements }: SlaProperty): readonly string[] => elements.map(({ text }) => text).sort();
const wordsOf = ({ value, unit }: SlaProperty): string => `${inWords(value)}${unit === undefined ? '' : ` ${unit}`}`;

const gone = (old: SlaProperty, node: Node): Change =>
  change('sla-removed', {
    path: pathOf(old),
    node,
    message: `The service level ${nameOf(old)} is gone; it was ${wordsOf(old)}.`,
    before: wordsOf(old),
  });

const kinds: Readonly<Record<Exclude<Shift, 'same'>, readonly [ChangeKind, string]>> = {
  looser: ['sla-loosened', 'promises less'],
  tighter: ['sla-tightened', 'promises more'],
  other: ['sla-changed', 'is another one'],
};

function between(before: SlaProperty, after: SlaProperty): readonly Change[] {
  const moved = shiftOfLists(elementsOf(before), elementsOf(after)) !== 'same';
  const shift = shiftOf(before, after);
  const told = moved && shift === 'same' ? 'other' : shift;
  if (told === 'same') return [];
  const [kind, words] = kinds[moved ? 'other' : told];
  const [old, now] = moved
    ? [before, after].map((sla) => `${wordsOf(sla)} of ${elementsOf(sla).join(', ') || 'all'}`)
    : [wordsOf(before), wordsOf(after)];
  return [
    change(kind, {
      path: pathOf(after),
      node: entryOf(after.node, moved ? 'element' : 'value')?.value ?? after.node.entries[0]?.value ?? after.node,
      message: `The service level ${nameOf(after)} ${words}: ${now}, where it was ${old}.`,
      before: old,
      after: now,
    }),
  ];
}

function shiftOf(before: SlaProperty, after: SlaProperty): Shift {
  if (isEqual(before.value, after.value) && before.unit === after.unit) return 'same';
  const [old, now] = [amountOf(before), amountOf(after)];
  const greater = promiseOf(after.property)?.[1];
  if (old === undefined || now === undefined || typeof old !== typeof now) return 'other';
  if (old === now) return 'same';
  if (greater === undefined) return 'other';
  return now > old === (greater === 'more') ? 'tighter' : 'looser';
}

/** A period in days, a share or rate as its number, a date as its text. */
function amountOf({ value, unit }: SlaProperty): number | string | undefined {
  const days = unit === undefined && typeof value === 'number' ? undefined : daysOf(value, unit);
  if (days !== undefined) return days;
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const [, share] = /^(\d+(?:\.\d+)?)\s*%?$/.exec(value) ?? [];
  if (share !== undefined) return Number(share);
  return /^\d{4}-\d\d-\d\d/.test(value) ? value : undefined;
}
