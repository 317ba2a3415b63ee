import type { ColumnType } from '../protocol';
import { alignedOf, type ColumnPair, isGuess, type Side, valuesOf } from './column';
import { interquartileRange, mean, quantile } from './numerics/moments';
import { total } from './numerics/shares';

/** A change of a share by less is no news. */
const LEAST_SHARE = 0.005;
/** New, gone and changed categories that are named. */
const NAMED = 2;

/** What moved, in the column's own unit: `median −5 → 4`, `UA 17 % → 22 %, HA gone`. Null when nothing to speak of did. */
export function movedOf(pair: ColumnPair, type: ColumnType): string | null {
  const parts = [...bodyOf(pair, type), ...gaps(pair)];
  return parts.length > 0 ? parts.join(', ') : null;
}

function bodyOf(pair: ColumnPair, type: ColumnType): readonly string[] {
  if (pair.reference.size === 0 || pair.current.size === 0) return [];
  const values = valuesOf(pair);
  if (!values || type === 'categorical' || type === 'boolean') return type === 'text' ? [] : categories(pair);
  if (type === 'datetime') return times(values);
  return isGuess(pair.reference) ? kept(pair.reference, values) : numbers(values);
}

/** Of a reference whose values are a guess, what was kept of it beside them. */
function kept({ kept: known }: Side, [, current]: Values): readonly string[] {
  if (!known) return [];
  const moved = [
    written('median', [known.median, quantile(current, 0.5)]),
    written('mean', [known.mean, mean(current)]),
  ];
  return moved.filter((part) => part !== undefined).slice(0, 1);
}

type Values = readonly [Float64Array, Float64Array];

/** The median, and the mean too where that moved further, as in a longer tail; else the first of the others that differs. */
function numbers(values: Values): readonly string[] {
  const medians = values.map((side) => quantile(side, 0.5));
  const means = values.map(mean);
  const middle = written('median', medians);
  const average = written('mean', means);
  if (middle && average) return shift(means) > 2 * shift(medians) ? [middle, average] : [middle];
  const others = [
    middle,
    average,
    written('interquartile range', values.map(interquartileRange)),
    written(
      'largest',
      values.map((side) => side.at(-1) ?? Number.NaN),
    ),
    written(
      'smallest',
      values.map((side) => side[0] ?? Number.NaN),
    ),
  ];
  return others.filter((part) => part !== undefined).slice(0, 1);
}

const shift = ([before = 0, after = 0]: readonly number[]): number => Math.abs(after - before);

/** Undefined when both sides read the same. */
function written(measure: string, [before = 0, after = 0]: readonly number[]): string | undefined {
  return numeral(before) === numeral(after) ? undefined : `${measure} ${numeral(before)} → ${numeral(after)}`;
}

function times(values: Values): readonly string[] {
  const [before, after] = values.map((side) => `${day(side[0])} … ${day(side.at(-1))}`);
  return before === after ? [] : [`${before} → ${after}`];
}

const day = (time: number | undefined): string => {
  const date = new Date(time ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? '?' : date.toISOString().slice(0, 10);
};

/** The largest changes of a share first, then what is new and what is gone. */
function categories(pair: ColumnPair): readonly string[] {
  const { labels, reference, current } = alignedOf(pair);
  const [n, m] = [total(reference), total(current)];
  const shares = labels.map((label, i) => ({ label, before: (reference[i] ?? 0) / n, after: (current[i] ?? 0) / m }));
  const changed = shares
    .filter(({ before, after }) => before > 0 && after > 0 && Math.abs(after - before) >= LEAST_SHARE)
    .sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before))
    .slice(0, NAMED)
    .map(({ label, before, after }) => `${name(label)} ${change(before, after)}`);
  const fresh = shares.filter(({ before }) => before === 0).sort((a, b) => b.after - a.after);
  const gone = shares.filter(({ after }) => after === 0).sort((a, b) => b.before - a.before);
  return [...changed, ...listed(fresh, 'new', ({ after }) => after), ...listed(gone, 'gone', ({ before }) => before)];
}

interface Shared {
  readonly label: string;
  readonly before: number;
  readonly after: number;
}

function listed(all: readonly Shared[], word: string, share: (one: Shared) => number): readonly string[] {
  const named = all.slice(0, NAMED).map((one) => `${name(one.label)} ${word} (${percent(share(one))})`);
  const rest = all.length - named.length;
  return rest > 0 ? [...named, `${rest} more ${word}`] : named;
}

function gaps({ reference, current }: ColumnPair): readonly string[] {
  const share = ({ rows, size }: Side): number => (rows > 0 ? (rows - size) / rows : 0);
  const [before, after] = [share(reference), share(current)];
  return Math.abs(after - before) >= LEAST_SHARE ? [`empty ${change(before, after)}`] : [];
}

/** A category as people see it: an empty or blank one would vanish in a sentence. */
const name = (label: string): string =>
  label.trim() === '' ? `"${label}"` : label.length > 40 ? `${label.slice(0, 39)}…` : label;

const numeral = (value: number): string => {
  const short = Number(value.toPrecision(value !== 0 && Math.abs(value) < 1000 ? 3 : Math.max(4, digits(value))));
  return String(short).replace('-', '−');
};

const digits = (value: number): number => Math.min(15, Math.floor(Math.log10(Math.max(1, Math.abs(value)))) + 1);

/** Both shares with as many digits as it takes to see them differ. */
function change(before: number, after: number): string {
  const digits = percent(before, 0) === percent(after, 0) ? 1 : undefined;
  return `${percent(before, digits)} → ${percent(after, digits)}`;
}

function percent(share: number, digits = share < 0.1 || share > 0.99 ? 1 : 0): string {
  const points = share * 100;
  if (points === 0 || points === 100) return `${points} %`;
  return points < 0.1 ? '< 0.1 %' : `${points.toFixed(digits)} %`;
}
