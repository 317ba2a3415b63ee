import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { isRefusal, type Measurement, type Metric, type MetricOptions } from '../../server/src/drift/metric';
import { lsdd } from '../../server/src/drift/metrics/lsdd';
import { mmd } from '../../server/src/drift/metrics/mmd';
import { generatorFrom } from '../../server/src/drift/numerics/mersenne';
import { permutedTotalVariation } from '../../server/src/drift/numerics/permuted-categories';
import { columnOf, drift } from './drifting';
import { csv, normal } from './samples';

interface Pair {
  readonly reference: readonly number[];
  readonly current: readonly number[];
  readonly alibi: number;
  readonly alibiBandwidth: number;
  readonly evidently: number;
}

const { pairs }: { readonly pairs: Readonly<Record<string, Pair>> } = JSON.parse(
  readFileSync('test/fixtures/drift/kernels.json', 'utf8'),
);

const ascending = (values: readonly number[]): Float64Array => Float64Array.from(values).sort();

function figures(metric: Metric, reference: Float64Array, current: Float64Array, options: MetricOptions = {}) {
  const measurement: Measurement = metric.measure(reference, current, options);
  if (isRefusal(measurement)) assert.fail(measurement.refusal);
  return { ...measurement, pValue: measurement.pValue ?? assert.fail('no p-value') };
}

const close = (got: number, wanted: number): void => assert.ok(Math.abs(got - wanted) < 1e-12, `${got} for ${wanted}`);

describe('random numbers are those of NumPy', () => {
  it('from a seed', () => {
    const generator = generatorFrom(42);
    assert.deepEqual(
      [0, 0, 0, 0, 0].map(() => generator.upTo(9999)),
      [7270, 860, 5390, 5191, 5734],
    );
    close(generator.share(), 0.44583275285359114);
  });

  it('as a permutation', () =>
    assert.deepEqual([...generatorFrom(42).permutation(10)], [8, 1, 5, 0, 7, 2, 9, 4, 3, 6]));
});

describe('kernels', () => {
  for (const [name, pair] of Object.entries(pairs))
    it(`discrepancy of ${name} values is that of Alibi Detect and of Evidently`, () => {
      const sides = [ascending(pair.reference), ascending(pair.current)] as const;
      const { statistic, parameters } = figures(mmd, ...sides);
      close(statistic, pair.alibi);
      close(Number(parameters?.bandwidth), pair.alibiBandwidth);
      close(figures(mmd, ...sides, { bandwidth: 'evidently' }).statistic, pair.evidently);
    });

  for (const metric of [mmd, lsdd]) {
    it(`${metric.id}: p-values are spread evenly when both sides are alike`, function () {
      this.timeout(20_000);
      const found = Array.from(
        { length: 200 },
        (_, seed) =>
          figures(metric, ascending(normal(50, 0, 1, seed)), ascending(normal(40, 0, 1, seed + 1000)), { seed }).pValue,
      ).sort((a, b) => a - b);
      // Kolmogorov's distance of 200 uniform values exceeds 0.115 once in a hundred times.
      const distance = Math.max(...found.map((p, i) => Math.max(p - i / 200, (i + 1) / 200 - p)));
      assert.ok(distance < 0.115 + 0.01, String(distance));
    });

    it(`${metric.id}: the further a side moves the larger the statistic, and the surer`, () => {
      const reference = ascending(normal(200, 0, 1, 1));
      const all = [0, 0.5, 1, 2].map((shift) => figures(metric, reference, ascending(normal(150, shift, 1, 2))));
      const statistics = all.map(({ statistic }) => statistic);
      assert.deepEqual(
        statistics,
        [...statistics].sort((a, b) => a - b),
      );
      assert.ok((all[0]?.pValue ?? 0) > 0.05);
      assert.equal(all[3]?.pValue, 1 / 101);
    });

    it(`${metric.id}: one seed, one figure; large sides are sampled and say so`, function () {
      this.timeout(20_000);
      const sides = [ascending(normal(2500, 0, 1, 1)), ascending(normal(100, 0, 1, 2))] as const;
      const once = figures(metric, ...sides, { permutations: 20 });
      assert.deepEqual(figures(metric, ...sides, { permutations: 20 }), once);
      assert.notDeepEqual(figures(metric, ...sides, { permutations: 20, seed: 7 }), once);
      const { referenceSample, currentSample, seed, permutations } = once.parameters ?? {};
      assert.deepEqual([referenceSample, currentSample, seed, permutations], [2000, undefined, 0, 20]);
    });

    it(`${metric.id}: says why it has no figure of values that are nearly all the same`, () => {
      const measurement = metric.measure(new Float64Array(100), ascending(normal(100, 0, 1, 2)), {});
      assert.ok(isRefusal(measurement) && /bandwidth/.test(measurement.refusal));
    });
  }
});

describe('kernels under the preset of Alibi Detect', () => {
  it('take its p-value without the data as one order more, and its level', async () => {
    const sides = [csv({ x: normal(60, 0, 1, 1) }), csv({ x: normal(60, 3, 1, 2) })] as const;
    for (const method of ['mmd', 'lsdd']) {
      const report = await drift(...sides, { preset: 'alibi', methods: { x: method } });
      const { pValue, threshold, drifted, parameters } = columnOf(report, 'x');
      assert.deepEqual([pValue, threshold, drifted, parameters.permutations], [0, 0.05, true, 100]);
    }
  });
});

describe('total variation by permutations', () => {
  const rows = (counts: readonly number[]): number[] =>
    counts.flatMap((count, category) => Array<number>(count).fill(category));
  const pValue = (before: readonly number[], after: readonly number[]): number =>
    permutedTotalVariation(Uint32Array.from([...rows(before), ...rows(after)]), rows(before).length, 3, {
      permutations: 200,
    });

  it('is sure of categories that moved and not of those that did not', () => {
    assert.equal(pValue([50, 30, 20], [20, 30, 50]), 1 / 201);
    assert.equal(pValue([50, 30, 20], [50, 30, 20]), 1);
    assert.ok(pValue([50, 30, 20], [47, 34, 19]) > 0.5);
  });
});
