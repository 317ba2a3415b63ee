import assert from 'node:assert/strict';
import { ranksOf } from '../../server/src/drift/numerics/correlation';
import { pooledQuantile, quantile } from '../../server/src/drift/numerics/moments';
import { areaBetween, largestBetween, walk } from '../../server/src/drift/numerics/walk';
import { sequence } from '../random';

/** Ascending values, many of them equal when `steps` is small, of which some are −0. */
const side = (random: () => number, size: number, steps: number): Float64Array =>
  Float64Array.from({ length: size }, () => Math.round((random() - 0.5) * steps) / 7).sort();

const merged = (one: Float64Array, other: Float64Array): Float64Array => Float64Array.from([...one, ...other]).sort();

describe('two sorted sides side by side', () => {
  const random = sequence(5);
  const pairs = [
    [0, 3],
    [3, 0],
    [1, 1],
    [2, 1],
    [40, 40],
    [300, 17],
    [17, 300],
  ].flatMap(([n, m]) =>
    [1, 9, 1e9].map((steps) => [side(random, n as number, steps), side(random, m as number, steps)] as const),
  );

  it('gives the largest difference that a visit of every value finds', () => {
    for (const [one, other] of pairs) {
      let most = 0;
      walk(one, other, (_, i, j) => {
        most = Math.max(most, Math.abs(i / one.length - j / other.length));
      });
      assert.equal(largestBetween(one, other), most);
    }
  });

  it('gives the area that a visit of every value adds up', () => {
    for (const [one, other] of pairs)
      for (const heightOf of [Math.abs, (difference: number) => difference ** 2]) {
        let [area, height, last] = [0, 0, 0];
        walk(one, other, (value, i, j) => {
          if (height > 0) area += height * (value - last);
          height = heightOf(i / one.length - j / other.length);
          last = value;
        });
        assert.equal(areaBetween(one, other, heightOf), area);
      }
  });

  it('gives the quantiles of both together', () => {
    for (const [one, other] of pairs)
      for (const share of [0, 0.005, 0.25, 1 / 3, 0.5, 0.995, 1])
        assert.equal(pooledQuantile(one, other, share) + 0, quantile(merged(one, other), share) + 0);
  });
});

describe('ranks of a column', () => {
  it('share the mean of the places that equal values take, and leave what is no number without one', () => {
    const { NaN: none, POSITIVE_INFINITY: infinite } = Number;
    assert.deepEqual(
      [...ranksOf(Float64Array.from([3, none, -0, 0, infinite, 3, 3, -2]))],
      [5, none, 2.5, 2.5, none, 5, 5, 1],
    );
  });
});
