import assert from 'node:assert/strict';
import { daysOf, periodOf } from '../../server/src/text/period';

describe('a period', () => {
  it('is a number and a unit, in letters or words', () => {
    const day = 86_400_000;
    const cases: Readonly<Record<string, unknown>> = {
      '1d': { milliseconds: day },
      '1 day': { milliseconds: day },
      '6 hours': { milliseconds: day / 4 },
      '90min': { milliseconds: 5_400_000 },
      '2 w': { milliseconds: 14 * day },
      '1mo': { months: 1 },
      '3 months': { months: 3 },
      '1y': { months: 12 },
    };
    for (const [words, expected] of Object.entries(cases)) assert.deepEqual(periodOf(words), expected, words);
  });

  it('has a unit, is above zero, and no part of a month', () => {
    for (const words of ['', '1', 'd', '0d', '-1d', '1.5 months', '1 fortnight', '1d2h'])
      assert.equal(periodOf(words), undefined, words);
  });

  it('counts in days for promises, a month as thirty', () => {
    assert.deepEqual([daysOf(2, 'w'), daysOf('12h', undefined), daysOf('P1M', undefined)], [14, 0.5, 30]);
  });
});
