import assert from 'node:assert/strict';
import { ascending } from '../../server/src/drift/numerics/sort';
import { sequence } from '../random';
import { normal } from './samples';

const SIZE = 20_000;

describe('sorting by bits', () => {
  const random = sequence(11);
  const cases: Readonly<Record<string, readonly number[]>> = {
    'values on both sides of zero': normal(SIZE, 0, 3, 1),
    'positive values': normal(SIZE, 1000, 3, 2),
    'negative values': normal(SIZE, -1000, 3, 3),
    'whole numbers with many ties': normal(SIZE, 5, 4, 4).map(Math.round),
    'one value': Array<number>(SIZE).fill(-7.5),
    'zeros of both signs': Array.from({ length: SIZE }, (_, i) => [0, -0, 1e-310, -1e-310][i % 4] ?? 0),
    'values of every size': Array.from({ length: SIZE }, () => (random() - 0.5) * 10 ** (600 * random() - 300)),
    'few values': [3, -1, 2, -0, 0],
    'no value': [],
  };
  for (const [name, values] of Object.entries(cases)) {
    it(`orders ${name} as the language does`, () => {
      const expected = Float64Array.from(values).sort();
      const sorted = ascending(Float64Array.from(values));
      assert.ok(
        sorted.length === expected.length && sorted.every((value, i) => Object.is(value, expected[i])),
        'another order',
      );
      const padded = Float64Array.from([9, ...values]).subarray(1);
      const spared = ascending(padded, new Float64Array(values.length));
      assert.ok(
        spared.every((value, i) => Object.is(value, expected[i])),
        'another order with a spare',
      );
    });
  }
});
