import { isMap } from '../../contract/expectations';
import { identifier } from '../../sql/fragment';
import { number } from '../../text/words';
import { type Figures, type Measure, type Outcome, unjudged } from '../check';
import { listOf, noNumbers, ofColumn } from './column-map';
import { type Call, type Family, type Kwargs, partOf } from './expectation';
import { COUNT, numberIn, type Operand, VALUE } from './operand';

/** Quantiles by pandas' own rules: a value of the data that is nearest to the place, unless it is told otherwise. */
export const columnQuantiles: Family = {
  expect_column_quantile_values_to_be_between: ofColumn(
    (kwargs) => {
      const { quantiles, ranges } = rangesOf(kwargs);
      return `in their ranges: ${quantiles.map((quantile, i) => `${quantile} in [${rangeWords(ranges[i])}]`).join(', ')}`;
    },
    (operand, call) => measured(operand, call),
  ),
};

interface Ranges {
  readonly quantiles: readonly number[];
  readonly ranges: readonly (readonly unknown[])[];
}

function rangesOf({ quantile_ranges: given }: Kwargs): Ranges {
  const { quantiles, value_ranges } = isMap(given) ? given : {};
  return { quantiles: listOf(quantiles).map(Number), ranges: listOf(value_ranges).map(listOf) };
}

const rangeWords = (range: readonly unknown[] = []): string =>
  range.map((end, index) => (typeof end === 'number' ? number(end) : index === 0 ? '-∞' : '∞')).join(', ');

/** How a quantile is taken from the values below and above its place; `share` is how far it lies between them. */
type Between = (low: number, high: number, share: number, index: number) => number;

/** numpy's interpolation, which turns at the middle so that both ends are met. */
const linear: Between = (low, high, share) =>
  share < 0.5 ? low + (high - low) * share : high - (high - low) * (1 - share);

const interpolations: Readonly<Record<string, Between>> = {
  linear,
  lower: (low) => low,
  higher: (low, high, share) => (share > 0 ? high : low),
  midpoint: (low, high, share) => linear(low, high, share > 0 ? 0.5 : 0, 0),
  // A place halfway goes to the even index.
  nearest: (low, high, share, index) => (share < 0.5 || (share === 0.5 && index % 2 === 0) ? low : high),
};

const PLACE = identifier('plumbline place');

function measured(operand: Operand, call: Call): Measure {
  const value = numberIn(operand);
  if (value === undefined) return unjudged(noNumbers(operand));
  const { quantiles, ranges } = rangesOf(call.kwargs);
  if (quantiles.length === 0 || quantiles.length !== ranges.length || ranges.some(({ length }) => length !== 2)) {
    return unjudged('"quantile_ranges" needs "quantiles" and as many "value_ranges" of two ends each.');
  }
  if (quantiles.some((quantile) => !(quantile >= 0 && quantile <= 1)))
    return unjudged('Quantiles lie between 0 and 1.');
  // Falsy means the default; `true` is for engines that give an approximate answer.
  const asked = call.kwargs.allow_relative_error || 'nearest';
  const between = typeof asked === 'string' ? interpolations[asked] : undefined;
  if (!between) {
    return unjudged(
      `"allow_relative_error" must be one of ${Object.keys(interpolations).join(', ')}, not ${JSON.stringify(asked)}.`,
    );
  }
  // pandas goes through percents, whose rounding decides some places.
  const shares = quantiles.map((quantile) => (quantile * 100) / 100);
  const columns = shares.flatMap((share, i) => [
    `max(${VALUE}) FILTER (WHERE ${PLACE} = floor((${COUNT} - 1) * CAST(${share} AS DOUBLE))) AS low${i}`,
    `max(${VALUE}) FILTER (WHERE ${PLACE} = ceil((${COUNT} - 1) * CAST(${share} AS DOUBLE))) AS high${i}`,
  ]);
  const sorted = `SELECT ${value} AS ${VALUE}, row_number() OVER (ORDER BY ${value}) - 1 AS ${PLACE}, count(*) OVER () AS ${COUNT} FROM ${call.scope.relation} WHERE ${operand.present}`;
  return {
    via: 'statement',
    of: call.scope,
    sql: `SELECT max(${COUNT}) AS n, ${columns.join(', ')} FROM (${sorted})`,
    judge: (figures) =>
      outcomeOf(
        call,
        quantiles,
        ranges,
        shares.map((share, i) => quantileAt(figures, i, share, between)),
      ),
  };
}

function quantileAt(figures: Figures, i: number, share: number, between: Between): number {
  const place = ((figures.n ?? Number.NaN) - 1) * share;
  const index = Math.floor(place);
  return between(figures[`low${i}`] ?? Number.NaN, figures[`high${i}`] ?? Number.NaN, place - index, index);
}

function outcomeOf(
  call: Call,
  quantiles: readonly number[],
  ranges: Ranges['ranges'],
  values: readonly number[],
): Outcome {
  const subject = `The quantiles of ${partOf(call)}`;
  if (values.some(Number.isNaN))
    return { verdict: 'fails', message: `${subject} cannot be taken: there are no values.` };
  const outside = values.flatMap((value, i) => {
    const [low, high] = ranges[i] ?? [];
    const isIn = (typeof low !== 'number' || value >= low) && (typeof high !== 'number' || value <= high);
    return isIn ? [] : [`${quantiles[i]} is ${number(value)}, not in [${rangeWords(ranges[i])}]`];
  });
  return {
    verdict: outside.length === 0 ? 'holds' : 'fails',
    observed: Object.fromEntries(values.map((value, i) => [String(quantiles[i]), value])),
    message:
      outside.length === 0
        ? `${subject} are in their ranges.`
        : `${subject} should be in their ranges, but ${outside.join(' and ')}.`,
  };
}
