import assert from 'node:assert/strict';
import { eigen } from '../../server/src/drift/numerics/eigen';
import { logisticRegression } from '../../server/src/drift/numerics/logistic-regression';
import { rocArea } from '../../server/src/drift/numerics/roc';
import { drift } from './drifting';
import { csv, normal } from './samples';

const PAIRS = 'test/fixtures/drift/pairs';

/** Reconstruction error of the current side, and the limits, as scikit-learn 1.9.1 gives them in NannyML's steps. */
const reconstructed = {
  nulls: [0.7815367226886936, 0.8419430477580114, 0.5040767575241636],
  model_scores: [0.8282863472314017, 0.9253888757359887, 0.7282741962470356],
} as const;

/** Two columns that look alike by themselves on every side, and hang together as `slope` says. */
function related(size: number, slope: number, seed: number): string {
  const [a, noise] = [normal(size, 0, 1, seed), normal(size, 0, 1, seed + 1)];
  const b = a.map((value, i) => slope * value + Math.sqrt(1 - slope ** 2) * (noise[i] ?? 0));
  return csv({ a, b });
}

const asked = (method: string) => ({ methods: { '*': method } });

describe('all columns together', () => {
  for (const [pair, [error, upper, lower]] of Object.entries(reconstructed))
    it(`${pair}: reconstruction errors and limits are scikit-learn's`, async () => {
      const [row] = (
        await drift(
          `${PAIRS}/${pair}/reference.parquet`,
          `${PAIRS}/${pair}/current.parquet`,
          asked('pca-reconstruction'),
        )
      ).columns;
      assert.equal(row?.column, null);
      const got = [row?.statistic, row?.threshold, row?.parameters.lowerThreshold].map(Number);
      [error, upper, lower].forEach((wanted, i) => {
        assert.ok(Math.abs((got[i] ?? 0) - wanted) < 1e-9, `${got[i]} for ${wanted}`);
      });
    });

  for (const method of ['pca-reconstruction', 'domain-classifier'])
    it(`${method} sees that columns hang together otherwise, which none shows by itself`, async () => {
      const { columns, dataset } = await drift(related(600, 0.9, 1), related(600, -0.9, 9), asked(method));
      assert.deepEqual(
        columns.map(({ column, drifted }) => [column, drifted]),
        [
          [null, true],
          ['a', false],
          ['b', false],
        ],
      );
      assert.deepEqual([dataset.drifted, dataset.method, dataset.columns], [true, method, 2]);
    });

  for (const method of ['pca-reconstruction', 'domain-classifier'])
    it(`${method} lets alike sides pass, and says the same when asked again`, async () => {
      const sides = [related(600, 0.5, 1), related(600, 0.5, 9)] as const;
      const [row] = (await drift(...sides, asked(method))).columns;
      assert.equal(row?.drifted, false, JSON.stringify(row));
      assert.deepEqual((await drift(...sides, asked(method))).columns[0], row);
    });

  it('are measured by the preset of NannyML as well, which has no linear classifier', async () => {
    const sides = [related(600, 0.9, 1), related(600, -0.9, 9)] as const;
    const report = await drift(...sides, { ...asked('pca-reconstruction'), preset: 'nannyml' });
    assert.equal(report.columns[0]?.drifted, true);
    const classifier = drift(...sides, { ...asked('domain-classifier'), preset: 'nannyml' });
    await assert.rejects(classifier, /It has pca-reconstruction/);
  });

  it('are asked for by methods that are for them', async () => {
    const side = related(50, 0, 1);
    await assert.rejects(
      drift(side, side, asked('ks')),
      /^\S*Unreadable: There is no method "ks" for all columns together/,
    );
    await assert.rejects(drift(side, side, { ...asked('pca-reconstruction'), preset: 'evidently' }), /It has none/);
  });
});

describe('linear algebra', () => {
  it('finds the axes of a known ellipse', () => {
    const { values, vectors } = eigen([
      [2, 1],
      [1, 2],
    ]);
    assert.deepEqual(
      [...values].sort().map((value) => Number(value.toFixed(12))),
      [1, 3],
    );
    assert.ok(Math.abs(Math.abs(vectors[0]?.[0] ?? 0) - Math.SQRT1_2) < 1e-12);
  });

  it('fits the logit of a share when nothing is known, and what a feature adds', () => {
    const rows = [0, 0, 0, 0, 1, 1, 1, 1].map((value) => Float64Array.of(value));
    const repeated = Array.from({ length: 500 }, () => rows).flat();
    const seconds = repeated.map((row, i) => (row[0] === 0 ? i % 4 === 0 : i % 4 !== 0));
    const [constant = 0, slope = 0] = logisticRegression(repeated, seconds);
    assert.ok(Math.abs(constant + Math.log(3)) < 0.01, String(constant));
    assert.ok(Math.abs(slope - 2 * Math.log(3)) < 0.02, String(slope));
  });

  it('counts equal scores half in the area under the curve', () => {
    assert.equal(rocArea(Float64Array.of(1, 2, 3, 4), [false, false, true, true]), 1);
    assert.equal(rocArea(Float64Array.of(1, 1, 1, 1), [false, true, false, true]), 0.5);
    assert.equal(rocArea(Float64Array.of(1, 2, 2, 3), [false, false, true, true]), 0.875);
  });
});
