import type { DriftDiagnosis, NamedColumn } from '../protocol';
import type { Engine } from '../sql/engine';
import { identifier } from '../sql/fragment';
import type { Description } from './describe';
import { type Coefficient, correlation, cramersV, ranksOf } from './numerics/correlation';
import { normalTail } from './numerics/distributions';
import { numberOf } from './summary';

/** Columns of each kind that are held against each other: their pairs grow with the square. */
const MOST_COLUMNS = 20;
/** Rows that are looked at of a side: every so-many-th of a longer one. */
const MOST_ROWS = 100_000;
/** A category column with more values says little in a table of two. */
const MOST_CATEGORIES = 50;
/** A coefficient must change by so much to be told; the largest changes are. */
const LEAST_CHANGE = 0.1;
const LEVEL = 0.01;
const NAMED = 10;
const LEAST_ROWS = 20;

/** A column with how many distinct values it has, as the drift of it was measured. */
export interface Related {
  readonly row: NamedColumn;
  readonly distinct: number;
}

type Change = DriftDiagnosis['dependencies'][number];

/** Pairs of columns that hang together otherwise than in the reference, the largest change first. */
export async function dependenciesOf(
  engine: Engine,
  sides: readonly [Description, Description],
  columns: readonly Related[],
): Promise<readonly Change[]> {
  const drifted = (a: Related, b: Related): number => Number(b.row.drifted === true) - Number(a.row.drifted === true);
  const kind = (type: readonly string[]) =>
    columns.filter(({ row }) => type.includes(row.type) && row.drifted !== null);
  const numbers = kind(['numerical']).sort(drifted).slice(0, MOST_COLUMNS);
  const categories = kind(['categorical', 'boolean'])
    .filter(({ distinct }) => distinct > 1 && distinct <= MOST_CATEGORIES)
    .sort(drifted)
    .slice(0, MOST_COLUMNS);
  const [numeric, categorical] = [numbers, categories].map((some) =>
    some.map(({ row }) => row.column).filter((name) => name !== null),
  );
  if (!numeric || !categorical || (numeric.length < 2 && categorical.length < 2)) return [];
  const [before, after] = [
    await rowsOf(engine, sides[0], numeric, categorical),
    await rowsOf(engine, sides[1], numeric, categorical),
  ];
  const changes = [
    ...pairsOf(numeric.length).flatMap(([a, b]) => ofNumbers([before, after], a, b)),
    ...pairsOf(categorical.length).flatMap(([a, b]) =>
      ofCategories([before, after], numeric.length + a, numeric.length + b),
    ),
  ];
  return changes.sort((a, b) => Math.abs(b.current - b.reference) - Math.abs(a.current - a.reference)).slice(0, NAMED);
}

interface Rows {
  readonly names: readonly string[];
  /** By column, NaN where a row has no value. */
  readonly values: readonly Float64Array[];
  readonly ranks: readonly Float64Array[];
}

/** Numbers as they are, categories as a number for each; the same rows of all of them. */
async function rowsOf(
  engine: Engine,
  { relation, rows }: Description,
  numeric: readonly string[],
  categorical: readonly string[],
): Promise<Rows> {
  const select = [
    ...numeric.map((name, i) => `${numberOf({ name, storage: 'fractional' })} AS c_${i}`),
    ...categorical.map(
      (name, i) =>
        `CASE WHEN ${identifier(name)} IS NOT NULL THEN (hash(${identifier(name)}::VARCHAR) >> 11)::DOUBLE END AS h_${i}`,
    ),
  ];
  const step = Math.ceil(rows / MOST_ROWS);
  const every =
    step > 1 ? `SELECT * FROM ${relation} QUALIFY row_number() OVER () % ${step} = 0` : `SELECT * FROM ${relation}`;
  const values = await engine.numbers(`SELECT ${select.join(', ')} FROM (${every})`);
  return { names: [...numeric, ...categorical], values, ranks: values.slice(0, numeric.length).map(ranksOf) };
}

const pairsOf = (size: number): readonly (readonly [number, number])[] =>
  Array.from({ length: size }, (_, a) =>
    Array.from({ length: size - a - 1 }, (_, i) => [a, a + 1 + i] as const),
  ).flat();

type Both = readonly [Rows, Rows];

/** Pearson's coefficient, and Spearman's where that changed more: a bend that keeps its order leaves it as it was. */
function ofNumbers(sides: Both, a: number, b: number): readonly Change[] {
  const [pearson, spearman] = (['values', 'ranks'] as const).map((kind) =>
    sides.map((side) => correlation(side[kind][a] ?? none, side[kind][b] ?? none)),
  );
  const changes = [
    { measure: 'pearson' as const, found: pearson, factor: 1 },
    { measure: 'spearman' as const, found: spearman, factor: 1.06 },
  ].flatMap(({ measure, found, factor }) => {
    const [before, after] = found ?? [];
    return before && after ? [changeOf(sides, [a, b], measure, [before, after], factor)] : [];
  });
  const told = changes.filter((change) => change !== undefined);
  return told
    .sort((one, other) => Math.abs(other.current - other.reference) - Math.abs(one.current - one.reference))
    .slice(0, 1);
}

const none = new Float64Array();

/** By Fisher's z; Spearman's has a variance of 1.06/(n − 3) there (E. C. Fieller et al., Biometrika 44, 1957). */
function changeOf(
  [{ names }]: Both,
  [a, b]: readonly [number, number],
  measure: Change['measure'],
  [before, after]: readonly [Coefficient, Coefficient],
  factor: number,
): Change | undefined {
  if (Math.min(before.rows, after.rows) < LEAST_ROWS) return undefined;
  const error = Math.sqrt(factor / (before.rows - 3) + factor / (after.rows - 3));
  const z = (Math.atanh(clamped(before.value)) - Math.atanh(clamped(after.value))) / error;
  const pValue = 2 * normalTail(Math.abs(z));
  if (!(Math.abs(after.value - before.value) >= LEAST_CHANGE) || pValue > LEVEL) return undefined;
  return { columns: [names[a] ?? '', names[b] ?? ''], measure, reference: before.value, current: after.value, pValue };
}

const clamped = (r: number): number => Math.max(-0.999999, Math.min(0.999999, r));

function ofCategories(sides: Both, a: number, b: number): readonly Change[] {
  const [before, after] = sides.map(({ values }) => cramersV(values[a] ?? none, values[b] ?? none));
  if (!before || !after || Math.min(before.rows, after.rows) < LEAST_ROWS) return [];
  if (!(Math.abs(after.value - before.value) >= LEAST_CHANGE)) return [];
  const { names } = sides[0];
  const columns = [names[a] ?? '', names[b] ?? ''] as const;
  return [{ columns, measure: 'cramers-v', reference: before.value, current: after.value, pValue: null }];
}
