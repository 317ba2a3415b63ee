import assert from 'node:assert/strict';
import { columnOf, drift } from './drifting';
import { csv, repeated } from './samples';

/** A share of 22 ÷ 40 has no exact double. */
const digits = (value: number) => Number(value.toFixed(9));

describe('Quantiles of a drift report', () => {
  it('are the values at 41 equal steps, linear between neighbours', async () => {
    const reference = csv({ x: Array.from({ length: 401 }, (_, at) => at) });
    const current = csv({ x: Array.from({ length: 21 }, (_, at) => 2 * at) });
    const column = columnOf(await drift(reference, current), 'x');
    assert.deepEqual(
      column.reference.quantiles?.map(digits),
      Array.from({ length: 41 }, (_, step) => 10 * step),
    );
    assert.deepEqual(
      column.current.quantiles?.map(digits),
      Array.from({ length: 41 }, (_, step) => step),
    );
  });

  it('are left out where there are no numbers', async () => {
    const side = csv({ kind: repeated({ a: 20, b: 10 }) });
    const column = columnOf(await drift(side, side), 'kind');
    assert.equal('quantiles' in column.reference, false);
  });
});
