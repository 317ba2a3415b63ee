import * as Plot from '@observablehq/plot';
import { type Bar, type Distribution, type Middle, shareOf } from '../drift/distribution';
import { count, share } from '../numbers';
import { bare } from './bare';

export interface ChartOptions {
  /** Pixels. */
  readonly width: number;
  /** How an edge is written. */
  edge(value: number): string;
  /** The edges are milliseconds since 1970. */
  readonly time: boolean;
  /** Draw only these bins and say what lies beyond. */
  readonly middle: Middle | undefined;
  /** Shares by orders of magnitude. */
  readonly log: boolean;
}

interface Drawn extends Bar {
  readonly shares: { readonly reference: number; readonly current: number };
}

/** The reference as an outline, the current side filled, shares of each side's rows; colours come from the page's sheet. */
export function distributionChart(distribution: Distribution, options: ChartOptions): Element {
  const draw = distribution.kind === 'bins' ? binsChart : categoriesChart;
  return bare(draw(distribution, options));
}

const height = 220;
/** Pixels of a letter, on the average. */
const letter = 7;

function binsChart(distribution: Distribution, { width, edge, middle, time, log }: ChartOptions): Element {
  const bars = drawn(distribution.bars.slice(middle?.first ?? 0, middle?.end), distribution);
  const from = bars[0]?.from ?? 0;
  const to = bars.at(-1)?.to ?? 1;
  const nulls = distribution.nulls && nullBar(distribution, from, to, width);
  const boxes = nulls ? [...bars, nulls] : bars;
  const floor = log ? floorOf(boxes) : 0;
  return Plot.plot({
    width,
    height,
    marginLeft: 48,
    marginRight: 16,
    marginTop: 18,
    marginBottom: 24,
    x: { type: time ? 'utc' : 'linear', domain: [from, nulls?.to ?? to], label: null },
    y: log ? { type: 'log', domain: [floor, 1], label: null } : { label: null, zero: true, nice: true },
    marks: [
      Plot.gridY(log ? powersFrom(floor) : undefined, { className: 'grid-lines', ticks: 4 }),
      Plot.axisY(log ? powersFrom(floor) : undefined, {
        ticks: 4,
        tickSize: 0,
        tickFormat: (value: number) => shareTick(value),
      }),
      time
        ? Plot.axisX({ ticks: Math.floor(width / 120), tickFormat: (date: Date) => edge(date.getTime()), tickSize: 4 })
        : Plot.axisX(ticks(from, to, edge, width), { tickFormat: edge, tickSize: 4 }),
      Plot.rect(boxes, {
        x1: 'from',
        x2: 'to',
        y1: floor,
        y2: (bar: Drawn) => Math.max(floor, currentShare(bar)),
        inset: 0.5,
        className: 'current',
      }),
      Plot.ruleY([floor], { className: 'base' }),
      Plot.line(outline(bars, floor), { x: '0', y: '1', className: 'reference' }),
      ...(nulls ? nullMarks(nulls, floor) : []),
      ...beyond(distribution, middle, edge),
      Plot.tip(
        boxes,
        Plot.pointerX({ x: centre, y: largerShare, title: tip(distribution), lineHeight: 1.35, className: 'tip' }),
      ),
    ],
  });
}

function nullMarks(nulls: Drawn, floor: number): Plot.Markish[] {
  return [
    Plot.line(outline([nulls], floor), { x: '0', y: '1', className: 'reference' }),
    Plot.text([nulls], { x: centre, text: 'label', frameAnchor: 'bottom', dy: 18, className: 'tick-label' }),
  ];
}

const centre = ({ from = 0, to = 0 }: Bar) => (from + to) / 2;
const currentShare = ({ shares }: Drawn) => shares.current;
const largerShare = ({ shares }: Drawn) => Math.max(shares.reference, shares.current);

function drawn(bars: readonly Bar[], distribution: Distribution): readonly Drawn[] {
  return bars.map((bar) => ({ ...bar, shares: shareOf(bar, distribution) }));
}

/** The power of ten below the least share that is there: a scale of powers has no zero to stand on. */
function floorOf(bars: readonly Drawn[]): number {
  const shares = bars.flatMap(({ shares: { reference, current } }) => [reference, current]).filter((one) => one > 0);
  return 10 ** Math.floor(Math.log10(Math.min(...shares, 0.1)) - 0.01);
}

const powersFrom = (floor: number) =>
  Array.from({ length: Math.round(-Math.log10(floor)) + 1 }, (_, power) => floor * 10 ** power);

/** Corner points of the steps over the bars. */
function outline(bars: readonly Drawn[], floor: number): readonly (readonly [number, number])[] {
  const corners = bars.flatMap(({ from = 0, to = 0, shares: { reference } }) => [
    [from, Math.max(floor, reference)] as const,
    [to, Math.max(floor, reference)] as const,
  ]);
  const [first] = corners;
  const last = corners.at(-1);
  return first && last ? [[first[0], floor], ...corners, [last[0], floor]] : [];
}

/** Rows without a value stand beside the scale, apart from the numbers. */
function nullBar(distribution: Distribution, from: number, to: number, width: number): Drawn | undefined {
  const [bar] = drawn(distribution.nulls ? [distribution.nulls] : [], distribution);
  if (!bar) return undefined;
  const pixel = (to - from) / Math.max(1, width - 64 - 80);
  return { ...bar, from: to + 32 * pixel, to: to + 64 * pixel };
}

/** Ticks at round numbers, as many as their words have room for. */
function ticks(from: number, to: number, edge: (value: number) => string, width: number): readonly number[] {
  const longest = Math.max(edge(from).length, edge(to).length, 4) * letter + 24;
  return roundNumbers(from, to, Math.floor(width / longest));
}

function roundNumbers(from: number, to: number, most: number): readonly number[] {
  const rough = (to - from) / Math.max(1, Math.min(10, most));
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(from / step);
  const last = Math.floor(to / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => (first + at) * step);
}

function shareTick(value: number): string {
  return `${Number((value * 100).toPrecision(3))} %`;
}

/** What the cut leaves out, at the edge where it was cut. */
function beyond(
  distribution: Distribution,
  middle: Middle | undefined,
  edge: (value: number) => string,
): Plot.Markish[] {
  if (!middle) return [];
  const { bars, rows } = distribution;
  const told = (side: Middle['below']) =>
    side.reference === side.current
      ? share(side.current, rows.current)
      : `${share(side.reference, rows.reference)} → ${share(side.current, rows.current)}`;
  const text = (words: string, frameAnchor: 'top-left' | 'top-right') =>
    Plot.text([words], { frameAnchor, dy: -14, className: 'tick-label' });
  const low = `← ${told(middle.below)} below ${edge(bars[middle.first]?.from ?? 0)}`;
  const high = `${told(middle.above)} above ${edge(bars[middle.end]?.from ?? 0)} →`;
  return [
    ...(middle.first > 0 ? [text(low, 'top-left')] : []),
    ...(middle.end < bars.length ? [text(high, 'top-right')] : []),
  ];
}

const barHeight = 24;

function categoriesChart(distribution: Distribution, { width }: ChartOptions): Element {
  const all = distribution.nulls ? [...distribution.bars, distribution.nulls] : distribution.bars;
  const bars = drawn(all, distribution);
  const longest = Math.max(...bars.map(({ label }) => label.length));
  const marginLeft = Math.min(width * 0.35, longest * letter + 16);
  const letters = Math.floor((marginLeft - 12) / letter);
  return Plot.plot({
    width,
    height: bars.length * barHeight + 30,
    marginLeft,
    marginRight: 44,
    marginTop: 4,
    marginBottom: 24,
    x: { label: null, zero: true, nice: true },
    y: { type: 'band', domain: bars.map(({ label }) => label), label: null, padding: 0.25 },
    marks: [
      Plot.gridX({ className: 'grid-lines', ticks: 5 }),
      Plot.axisX({ ticks: 5, tickSize: 0, tickFormat: shareTick }),
      Plot.axisY({ tickSize: 0, tickFormat: (label: string) => shortened(label, letters) }),
      Plot.barX(bars, { y: 'label', x: currentShare, insetTop: 3, insetBottom: 3, className: 'current' }),
      Plot.barX(bars, { y: 'label', x: ({ shares }: Drawn) => shares.reference, className: 'reference' }),
      Plot.ruleX([0], { className: 'base' }),
      Plot.text(
        bars.filter(({ note }) => note),
        { y: 'label', x: largerShare, text: 'note', textAnchor: 'start', dx: 6, className: 'note' },
      ),
      Plot.tip(
        bars,
        Plot.pointerY({ y: 'label', x: largerShare, title: tip(distribution), lineHeight: 1.35, className: 'tip' }),
      ),
    ],
  });
}

const shortened = (text: string, letters: number) => (text.length > letters ? `${text.slice(0, letters - 1)}…` : text);

const tip =
  ({ rows }: Distribution) =>
  ({ label, reference, current, shares, note }: Drawn): string =>
    [
      note ? `${label} (${note})` : label,
      `reference ${count(reference)} · ${share(shares.reference, rows.reference)}`,
      `current ${count(current)} · ${share(shares.current, rows.current)}`,
    ].join('\n');
