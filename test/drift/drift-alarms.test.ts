import assert from 'node:assert/strict';
import type { ColumnPair, Side } from '../../server/src/drift/column';
import type { Measured } from '../../server/src/drift/profile';
import { plumbline } from '../../server/src/drift/profiles/plumbline';
import { sequence } from '../random';
import { normal } from './samples';

const COLUMNS = 10;

/** A side of numbers, or of labels. */
function sideOf(values: readonly number[] | readonly string[]): Side {
  const size = values.length;
  const side = { rows: size, nulls: 0, nan: 0, infinite: 0, size };
  if (typeof values[0] === 'number')
    return { ...side, distinct: size, sample: { kind: 'values', sorted: Float64Array.from(values, Number).sort() } };
  const counts = new Map<string, number>();
  for (const value of values) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  return { ...side, distinct: counts.size, sample: { kind: 'categories', counts, complete: true } };
}

function pairOf(
  reference: readonly number[] | readonly string[],
  current: readonly number[] | readonly string[],
): ColumnPair {
  const storage = typeof reference[0] === 'number' ? 'fractional' : 'text';
  const whole = {
    name: 'x',
    physicalType: '',
    storage,
    nulls: 0,
    nan: 0,
    categories: 0,
    rows: reference.length,
  } as const;
  return {
    name: 'x',
    storage,
    asked: undefined,
    reference: sideOf(reference),
    current: sideOf(current),
    whole: { reference: whole, current: whole },
  };
}

type Draw = (size: number, moved: boolean, seed: number) => readonly number[] | readonly string[];

/** A third of a deviation, twice as many of a label, a longer tail: what a person would call a change. */
const draws: readonly Draw[] = [
  (size, moved, seed) => normal(size, moved ? 0.35 : 0, 1, seed),
  (size, moved, seed) => normal(size, moved ? 0.6 : 0, 1, seed).map((value) => Math.exp(value)),
  (size, moved, seed) => {
    const random = sequence(seed);
    return Array.from({ length: size }, () => (random() < (moved ? 0.4 : 0.2) ? 'a' : random() < 0.5 ? 'b' : 'c'));
  },
  (size, moved, seed) => {
    const random = sequence(seed);
    return Array.from({ length: size }, () => `k${Math.floor(random() * random() * (moved ? 40 : 20))}`);
  },
];

/** The verdicts on COLUMNS columns of `size` rows a side, the first `moved` of which changed. */
function verdicts(size: number, moved: number, run: number): readonly Measured[] {
  const measured = Array.from({ length: COLUMNS }, (_, column) => {
    const draw = draws[column % draws.length] ?? assert.fail();
    const seed = (run * COLUMNS + column) * 7919 + size;
    const [reference, current] = [draw(size, false, seed), draw(size, column < moved, seed + 104_729)];
    const pair = pairOf(reference, current);
    return plumbline.measure(pair, plumbline.typeOf(pair), undefined);
  });
  return plumbline.decide?.(measured) ?? measured;
}

const drifted = (columns: readonly Measured[]): number => columns.filter((column) => column.drifted).length;

describe('the plumbline preset over many simulated comparisons', function () {
  this.timeout(20_000);

  for (const [size, runs] of [
    [30, 300],
    [200, 200],
    [2000, 40],
    [50_000, 2],
  ] as const)
    it(`calls a column of ${size} rows drifted in at most 5 % of datasets where none changed`, () => {
      const alarms = Array.from({ length: runs }, (_, run) => drifted(verdicts(size, 0, run))).filter(Boolean).length;
      // So many of so few runs may do so by chance: three standard errors.
      assert.ok(alarms <= 0.05 * runs + 3 * Math.sqrt(0.05 * 0.95 * runs), `${alarms} of ${runs} datasets`);
    });

  for (const [size, least] of [
    [30, 0.02],
    [200, 0.6],
    [2000, 0.97],
  ] as const)
    it(`finds at least ${least * 100} % of the columns of ${size} rows that changed, and of those it names at most 5 % did not`, () => {
      const runs = size > 500 ? 30 : 150;
      const half = COLUMNS / 2;
      const all = Array.from({ length: runs }, (_, run) => verdicts(size, half, run));
      const right = all.map((columns) => drifted(columns.slice(0, half)));
      const wrong = all.map((columns) => drifted(columns.slice(half)));
      const power = right.reduce((sum, count) => sum + count, 0) / (runs * half);
      const falseShares = wrong.map((count, run) => count / Math.max(1, count + (right[run] ?? 0)));
      const share = falseShares.reduce((sum, one) => sum + one, 0) / runs;
      assert.ok(power >= least, `power ${power}`);
      assert.ok(share <= 0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs), `${share} of the alarms are false`);
    });

  it('says of many rows that differ by a hundredth of a deviation that it is too little to matter', () => {
    const size = 300_000;
    const reference = normal(size, 0, 1, 1);
    const moved = reference.map((value) => value + 0.01);
    const [column] = plumbline.decide?.([plumbline.measure(pairOf(reference, moved), 'numerical', undefined)]) ?? [];
    assert.equal(column?.drifted, false);
    assert.ok((column?.pValue ?? 1) < 0.01, String(column?.pValue));
    assert.match(column?.reason ?? '', /too little to matter/);
  });
});
