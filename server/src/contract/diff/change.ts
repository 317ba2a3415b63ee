import type { Node, Span } from '../../text/tree';
import { type ChangeKind, changeKinds, type Impact } from './kinds';

/** One difference between two contracts. */
export interface Change {
  readonly kind: ChangeKind;
  readonly impact: Impact;
  /** From the contract: `schema/orders/amount/required`. */
  readonly path: string;
  readonly message: string;
  /** What stood there and what stands there, plain; undefined where nothing does. */
  readonly before: unknown;
  readonly after: unknown;
  /** In the later contract: what changed, or what it is gone from. */
  readonly span: Span;
}

/** What a change says beside its kind. */
interface Told {
  readonly path: string;
  readonly node: Node;
  readonly message: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

export const change = (kind: ChangeKind, { path, node, message, before, after }: Told): Change => ({
  kind,
  impact: changeKinds[kind].impact,
  path,
  message,
  before,
  after,
  span: node.span,
});

/** How what is allowed now lies to what was: the same, less of it, more of it, or neither. */
export type Shift = 'same' | 'tighter' | 'looser' | 'other';

/** Of parts that must all hold. */
export function combined(shifts: readonly Shift[]): Shift {
  const moved = new Set(shifts.filter((shift) => shift !== 'same'));
  const [only, ...others] = moved;
  return others.length > 0 ? 'other' : (only ?? 'same');
}

/** The shift that two answers of one question come to: whether the new lies within the old, and the old within the new. */
export function shiftOf(isWithin: boolean, isAround: boolean): Shift {
  if (isWithin && isAround) return 'same';
  if (isWithin) return 'tighter';
  return isAround ? 'looser' : 'other';
}

/** Of lists in which the order does not count. */
export function shiftOfLists(before: readonly unknown[], after: readonly unknown[]): Shift {
  const [old, now] = [before, after].map((list) => new Set(list.map(canonical)));
  if (!old || !now) return 'same';
  return shiftOf(
    [...now].every((item) => old.has(item)),
    [...old].every((item) => now.has(item)),
  );
}

/** The value as text that is the same for equal values, whatever the order of their keys. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'bigint') return `${part}n`;
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)));
  }) ?? '';

export const isEqual = (one: unknown, other: unknown): boolean => one === other || canonical(one) === canonical(other);

/** A value as a message says it. */
export const inWords = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined ? 'none' : canonical(value);
