import { distance } from 'fastest-levenshtein';
import { get } from '../../text/tree';
import type { Column, Table } from '../model';
import { canonical } from './change';

/** What stood there with what it has become; without a partner it is gone, or new. */
export interface Pairs<T> {
  readonly kept: readonly (readonly [before: T, after: T])[];
  readonly gone: readonly T[];
  readonly added: readonly T[];
}

/** How surely two parts with different names are one, from 0; from `ENOUGH` on they are taken for it. */
type Likeness<T> = (before: T, after: T, around: number) => number;

const ENOUGH = 2.5;

/** Parts with another name are looked for among so many in each direction of what is left. */
const NEAR = 50;

/** Columns of one table or one object. */
export const columnPairs = (before: readonly Column[], after: readonly Column[]): Pairs<Column> =>
  pairsOf(before, after, likenessOfColumns);

export const tablePairs = (before: readonly Table[], after: readonly Table[]): Pairs<Table> =>
  pairsOf(before, after, likenessOfTables);

function pairsOf<T extends { readonly name: string }>(
  before: readonly T[],
  after: readonly T[],
  likeness: Likeness<T>,
): Pairs<T> {
  const old = new Map(before.map((part) => [part.name, part]));
  const now = new Map(after.map((part) => [part.name, part]));
  const kept = [...now].flatMap(([name, part]) => {
    const was = old.get(name);
    return was ? [[was, part] as const] : [];
  });
  const left = before.filter(({ name }) => !now.has(name));
  const fresh = after.filter(({ name }) => !old.has(name));
  if (left.length === 0 || fresh.length === 0) return { kept, gone: left, added: fresh };
  const renamed = renamedAmong(left, fresh, likeness, neighboursOf(before, after));
  const [gone, come] = [new Set(renamed.map(([one]) => one)), new Set(renamed.map(([, other]) => other))];
  return {
    kept: [...kept, ...renamed],
    gone: left.filter((part) => !gone.has(part)),
    added: fresh.filter((part) => !come.has(part)),
  };
}

/** The likeliest pairs first, each part once. */
function renamedAmong<T>(
  gone: readonly T[],
  added: readonly T[],
  likeness: Likeness<T>,
  around: (before: T, after: T) => number,
): readonly (readonly [T, T])[] {
  const candidates = gone.flatMap((old, at) =>
    added
      .slice(Math.max(0, at - NEAR), at + NEAR + 1)
      .map((now) => ({ old, now, score: likeness(old, now, around(old, now)) }))
      .filter(({ score }) => score >= ENOUGH),
  );
  const taken = new Set<T>();
  return candidates
    .sort((one, other) => other.score - one.score)
    .flatMap(({ old, now }) => {
      if (taken.has(old) || taken.has(now)) return [];
      taken.add(old).add(now);
      return [[old, now] as const];
    });
}

/**
 * How alike two parts lie, from 0 to 2: above and below them the nearest part that kept its name is the same, and as far.
 * In a run of several that all have other names this says less.
 */
function neighboursOf<T extends { readonly name: string }>(before: readonly T[], after: readonly T[]) {
  const names = new Set(after.map(({ name }) => name));
  const kept = new Set(before.flatMap(({ name }) => (names.has(name) ? [name] : [])));
  const [old, now] = [before, after].map((parts) => [placesOf(parts, kept), placesOf(parts.toReversed(), kept)]);
  return (one: T, other: T): number =>
    [0, 1].reduce((sum, side) => {
      const [from, to] = [old?.[side]?.get(one), now?.[side]?.get(other)];
      if (!from || !to || from.after !== to.after || from.steps !== to.steps) return sum;
      return sum + (from.steps === 1 ? 1 : 0.7);
    }, 0);
}

/** The part that kept its name before each one, undefined for the border, and how many steps it is away. */
function placesOf<T extends { readonly name: string }>(parts: readonly T[], kept: ReadonlySet<string>) {
  let after: string | undefined;
  let steps = 0;
  return new Map(
    parts.map((part) => {
      steps += 1;
      const place = { after, steps };
      if (kept.has(part.name)) [after, steps] = [part.name, 0];
      return [part, place] as const;
    }),
  );
}

/** From 0 for names that share nothing to 1 for names that differ in case and separators only. */
function nearness(one: string, other: string): number {
  const longest = Math.max(one.length, other.length);
  return longest === 0 ? 0 : 1 - distance(one, other) / longest;
}

const lettersOf = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** What a column is compared by with many others. */
interface Traits {
  readonly letters: string;
  readonly details: string;
}

const known = new WeakMap<Column, Traits>();

function traitsOf(column: Column): Traits {
  const before = known.get(column);
  if (before) return before;
  const traits = { letters: lettersOf(column.name), details: canonical([column.options, column.values]) };
  known.set(column, traits);
  return traits;
}

/** Only a column of the same type can be the same; a name of its own in the store, or a text, tells it surely. */
function likenessOfColumns(before: Column, after: Column, around: number): number {
  if (
    before.logicalType !== after.logicalType ||
    before.physicalType?.toLowerCase() !== after.physicalType?.toLowerCase()
  )
    return 0;
  return (
    3 * Number(isNamed(before) && isNamed(after) && before.physicalName === after.physicalName) +
    said(before.about?.description, after.about?.description) +
    around +
    2 * nearness(traitsOf(before).letters, traitsOf(after).letters) +
    0.5 * Number(before.required === after.required && before.unique === after.unique) +
    0.5 * Number(traitsOf(before).details === traitsOf(after).details)
  );
}

/** A table is known by its columns: one that keeps none of them is another one. */
function likenessOfTables(before: Table, after: Table, around: number): number {
  const names = new Set(before.columns.map(({ name }) => name));
  const shared = after.columns.filter(({ name }) => names.has(name)).length;
  const share = shared / Math.max(1, before.columns.length, after.columns.length);
  if (share < 0.5) return 0;
  return (
    4 * share +
    said(before.about?.description, after.about?.description) +
    around / 2 +
    nearness(lettersOf(before.name), lettersOf(after.name))
  );
}

/** Texts that are the same speak for one part, others against it; where none is, nothing does. */
function said(before: string | undefined, after: string | undefined): number {
  if (before === undefined || after === undefined) return 0;
  return before === after ? 2.5 : -1;
}

const isNamed = ({ node }: Column): boolean => get(node, 'physicalName') !== undefined;
