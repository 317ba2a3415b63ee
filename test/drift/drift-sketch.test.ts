import assert from 'node:assert/strict';
import { sketchDistance, sketchOf, weightedItems, weightOf } from '../../server/src/drift/sketches/sketch';
import { normal } from './samples';

const upTo = (size: number): readonly number[] => Array.from({ length: size }, (_, i) => i);

/** Rows of `rows` that are at most `value`. */
const rankIn = (rows: readonly number[], value: number): number => rows.filter((row) => row <= value).length;

describe('a quantile sketch', () => {
  it('holds every value up to 2,050 of them', () => {
    const { levels, rankError } = sketchOf(upTo(2050));
    assert.deepEqual(
      levels.map((items) => Array.from(items)),
      [upTo(2050)],
    );
    assert.equal(rankError, 0);
  });

  it('keeps the last of an odd number and lifts every second of the others, from the first on', () => {
    const { levels, rankError } = sketchOf(upTo(2051).toReversed());
    assert.deepEqual(Array.from(levels[0] ?? []), [0]);
    assert.deepEqual(
      Array.from(levels[1] ?? []),
      upTo(1025).map((i) => 2 * i + 1),
    );
    assert.equal(rankError, 1);
  });

  it('starts at the second item the next two times', () => {
    const lifted = (size: number, place: number) => sketchOf(upTo(size)).levels[1]?.[place];
    assert.deepEqual([lifted(2051, 0), lifted(4390, 1025), lifted(7499, 1)], [0, 2050 + 1, 4390 + 1]);
  });

  it('loses no weight, and ranks within its bound', () => {
    const rows = normal(40_000, 0, 1, 5);
    const sketch = sketchOf(rows);
    assert.equal(weightOf(sketch), rows.length);
    assert.ok(sketch.levels.length >= 5, String(sketch.levels.length));
    let rank = 0;
    let worst = 0;
    weightedItems(sketch).forEach(([value, weight], i) => {
      rank += weight;
      if (i % 100 === 0) worst = Math.max(worst, Math.abs(rank - rankIn(rows, value)));
    });
    assert.ok(worst > 0 && worst <= sketch.rankError, `${worst} of ${sketch.rankError}`);
    assert.ok(sketch.rankError < rows.length * 0.02, String(sketch.rankError));
  });

  it('compares the ranks of rows, or of distinct values', () => {
    const [reference, current] = [sketchOf([0, 0, 0, 1]), sketchOf([0, 1, 1, 1])];
    assert.deepEqual(sketchDistance(reference, current, 'rows'), { distance: 0.5, n: 4, m: 4 });
    assert.deepEqual(sketchDistance(reference, current, 'distinct values'), { distance: 0, n: 2, m: 2 });
  });

  it('has no distance from nothing', () => {
    assert.equal(sketchDistance(sketchOf([]), sketchOf([1]), 'rows'), undefined);
  });
});
