import type { DriftColumn, Histogram } from '../../../server/src/protocol';

/** One place of a distribution, with what each side has there. */
export interface Bar {
  readonly label: string;
  /** Edges of a bin; categories have none. */
  readonly from?: number;
  readonly to?: number;
  /** Rows. */
  readonly reference: number;
  readonly current: number;
  readonly note?: 'new' | 'gone';
}

/** Both sides of a column over the same places. */
export interface Distribution {
  readonly kind: 'bins' | 'categories';
  readonly bars: readonly Bar[];
  /** Rows without a value; undefined when neither side has any. */
  readonly nulls: Bar | undefined;
  /** Rows of each side, what shares are of. */
  readonly rows: { readonly reference: number; readonly current: number };
}

/** Of the rows of each side, 0 … 1. */
export interface Share {
  readonly reference: number;
  readonly current: number;
}

/** Undefined when a side has no histogram, or the two are not over the same places. */
export function distributionOf(column: DriftColumn, edgeLabel: (edge: number) => string): Distribution | undefined {
  const { reference, current } = column;
  const bars = barsOf(reference.histogram, current.histogram, edgeLabel);
  if (!bars || bars.length === 0) return undefined;
  const counted = (side: 'reference' | 'current') => bars.reduce((sum, bar) => sum + bar[side], 0) + column[side].nulls;
  const nulls = reference.nulls + current.nulls > 0;
  return {
    kind: bars[0]?.from === undefined ? 'categories' : 'bins',
    bars,
    nulls: nulls ? { label: 'no value', reference: reference.nulls, current: current.nulls } : undefined,
    rows: { reference: counted('reference'), current: counted('current') },
  };
}

/** Shares of the rows of each side. */
export function shareOf(bar: Bar, { rows }: Distribution): Share {
  return {
    reference: rows.reference === 0 ? 0 : bar.reference / rows.reference,
    current: rows.current === 0 ? 0 : bar.current / rows.current,
  };
}

function barsOf(reference: Histogram | null, current: Histogram | null, edgeLabel: (edge: number) => string) {
  if (!reference || !current) return undefined;
  if ('edges' in reference && 'edges' in current) return bins(reference, current, edgeLabel);
  if ('categories' in reference && 'categories' in current) return categories(reference, current);
  return undefined;
}

type Bins = Extract<Histogram, { readonly edges: unknown }>;
type Categories = Extract<Histogram, { readonly categories: unknown }>;

function bins({ edges, counts }: Bins, current: Bins, edgeLabel: (edge: number) => string): readonly Bar[] | undefined {
  if (edges.length !== current.edges.length || edges.some((edge, at) => edge !== current.edges[at])) return undefined;
  return edges.slice(1).map((to, at) => {
    const from = edges[at] as number;
    const label = isWhole(from, to) ? edgeLabel((from + to) / 2) : `${edgeLabel(from)} – ${edgeLabel(to)}`;
    return { label, from, to, reference: counts[at] ?? 0, current: current.counts[at] ?? 0 };
  });
}

/** Around one whole number, which then is the only value in it. */
const isWhole = (from: number, to: number) => to - from === 1 && Number.isInteger(from + 0.5);

/** So many categories have a bar of their own. */
const named = 10;

/** The largest of either side by their share of the reference; the rest together. What is new or gone says so. */
function categories(reference: Categories, current: Categories): readonly Bar[] {
  const counts = { reference: countsOf(reference), current: countsOf(current) };
  const names = [...new Set([...reference.categories, ...current.categories])];
  const total = { reference: sum(reference.counts) + reference.other, current: sum(current.counts) + current.other };
  const bars = names.map((label) => {
    const bar = { label, reference: counts.reference.get(label) ?? 0, current: counts.current.get(label) ?? 0 };
    return { ...bar, note: noteOf(bar) };
  });
  const weight = (bar: Bar) =>
    Math.max(bar.reference / (total.reference || 1), bar.current / (total.current || 1)) + (bar.note ? 1 : 0);
  const largest = bars.toSorted((a, b) => weight(b) - weight(a)).slice(0, named);
  const rest = bars.filter((bar) => !largest.includes(bar));
  const others = {
    label: rest.length > 0 ? `others (${rest.length}${reference.other + current.other > 0 ? '+' : ''})` : 'others',
    reference: sum(rest.map((bar) => bar.reference)) + reference.other,
    current: sum(rest.map((bar) => bar.current)) + current.other,
  };
  const shown = largest.toSorted((a, b) => b.reference - a.reference || b.current - a.current);
  return others.reference + others.current > 0 ? [...shown, others] : shown;
}

const countsOf = ({ categories: names, counts }: Categories) =>
  new Map(names.map((name, at) => [name, counts[at] ?? 0]));
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

function noteOf({ reference, current }: Share): Bar['note'] {
  if (reference === 0 && current > 0) return 'new';
  return reference > 0 && current === 0 ? 'gone' : undefined;
}

/** The bins from `first` to before `end`, and what lies beyond them. */
export interface Middle {
  readonly first: number;
  readonly end: number;
  readonly below: Share;
  readonly above: Share;
}

/** Up to this share of a side on either end, a long tail is told in words instead of drawn. */
const tail = 0.01;
/** Cutting is worth it when it leaves at most this part of the scale. */
const gain = 0.75;

/** The bins that hold nearly all of both sides; undefined when cutting the tails off would win little. */
export function middleOf(distribution: Distribution): Middle | undefined {
  const { bars, kind } = distribution;
  if (kind === 'categories') return undefined;
  const beyond = (part: readonly Bar[]) =>
    part
      .map((bar) => shareOf(bar, distribution))
      .reduce(
        (total, { reference, current }) => ({
          reference: total.reference + reference,
          current: total.current + current,
        }),
        { reference: 0, current: 0 },
      );
  const isTail = (part: readonly Bar[]) => {
    const { reference, current } = beyond(part);
    return Math.max(reference, current) <= tail;
  };
  let first = 0;
  while (first < bars.length - 1 && isTail(bars.slice(0, first + 1))) first += 1;
  let end = bars.length;
  while (end > first + 1 && isTail(bars.slice(end - 1))) end -= 1;
  const length = (from: Bar | undefined, to: Bar | undefined) => (to?.to ?? 0) - (from?.from ?? 0);
  if (length(bars[first], bars[end - 1]) > length(bars[0], bars.at(-1)) * gain) return undefined;
  return { first, end, below: beyond(bars.slice(0, first)), above: beyond(bars.slice(end)) };
}

/** The place where the shares differ most. */
export function mostMoved(distribution: Distribution): Bar | undefined {
  const difference = (bar: Bar) => {
    const { reference, current } = shareOf(bar, distribution);
    return Math.abs(current - reference);
  };
  const all = distribution.nulls ? [...distribution.bars, distribution.nulls] : distribution.bars;
  return all.toSorted((a, b) => difference(b) - difference(a))[0];
}
