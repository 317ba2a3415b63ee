import assert from 'node:assert/strict';
import { drift } from './drifting';
import { csv, normal } from './samples';

const WIDTH = 1200;

describe('many columns', function () {
  this.timeout(120_000);

  it('are compared in several statements, each column once and in its order', async () => {
    const names = Array.from({ length: WIDTH }, (_, i) => `c${i}`);
    const moves = (i: number) => i % 300 === 0;
    const noise = normal(60, 0, 1, 1);
    const side = (shift: number) =>
      csv(
        Object.fromEntries(
          names.map((name, i) => [
            name,
            i % 5 === 4
              ? noise.map((value) => (value > 0 ? 'a' : 'b'))
              : noise.map((value) => Math.round(100 * (value + (moves(i) ? shift : 0))) / 100 + 0.001),
          ]),
        ),
      );
    const report = await drift(side(0), side(4));
    assert.deepEqual(
      report.columns.map(({ column }) => column),
      names,
    );
    assert.deepEqual(
      report.columns.filter(({ drifted }) => drifted).map(({ column }) => column),
      names.filter((_, i) => moves(i)),
    );
    assert.equal(report.dataset.columns, WIDTH);
  });
});
