import assert from 'node:assert/strict';
import { isRefusal, type Metric } from '../../server/src/drift/metric';
import { members } from '../../server/src/drift/metrics';
import { eppsSingleton } from '../../server/src/drift/metrics/epps-singleton';
import { countsIn, equalEdges } from '../../server/src/drift/numerics/bins';
import { chiSquareTail } from '../../server/src/drift/numerics/distributions';
import { sharesOf } from '../../server/src/drift/numerics/shares';
import { normal } from './samples';

const values = (size: number, mean: number, seed: number): Float64Array =>
  Float64Array.from(normal(size, mean, 1, seed)).sort();
const counts = (sample: Float64Array): Float64Array => countsIn(sample, equalEdges(-5, 5, 2));

/** What the metric is given of a sample. */
function inputOf(metric: Metric, sample: Float64Array): Float64Array {
  if (metric.needs === 'values') return sample;
  return metric.needs === 'counts' ? counts(sample) : sharesOf(counts(sample));
}

function statisticOf(metric: Metric, reference: Float64Array, current: Float64Array): number {
  const measured = metric.measure(inputOf(metric, reference), inputOf(metric, current), {});
  return isRefusal(measured) ? assert.fail(measured.refusal) : measured.statistic;
}

/** Where the sign says which side lies higher, or the figure is of one side given the other. */
const directed = new Set([
  't-test',
  'z-test',
  'mann-whitney',
  'kl-divergence',
  'fisher-exact',
  'wasserstein-normalized',
  // Their kernels are as wide as the reference is spread.
  'mmd',
  'lsdd',
]);
/** They estimate a difference that is 0 for equal samples, and may be off by so much. */
const estimated: Readonly<Record<string, number>> = { mmd: 0.02, lsdd: 0.001 };
/** What equal sides give, where that is not 0. */
const unmoved: Readonly<Record<string, number>> = { 'mann-whitney': 100 ** 2 / 2, 'fisher-exact': 1 };

describe('metrics', () => {
  const [a, b] = [values(100, 0, 1), values(130, 0.4, 2)];

  it('have ids in the order of their files, each once', () => {
    const ids = members.map(({ id }) => id);
    assert.deepEqual(ids, [...new Set(ids)].sort());
  });

  for (const metric of members) {
    const sameSize = values(100, 0.4, 3);

    it(`${metric.id}: equal samples do not differ`, () => {
      const measured = metric.measure(inputOf(metric, a), inputOf(metric, a), {});
      if (isRefusal(measured)) return assert.fail(measured.refusal);
      // Anderson–Darling is standardised: no difference is as far below its mean as it goes.
      if (metric.id === 'anderson-darling') assert.ok(measured.statistic < -1);
      else {
        const off = Math.abs(measured.statistic - (unmoved[metric.id] ?? 0));
        assert.ok(off < (estimated[metric.id] ?? 1e-12), String(measured.statistic));
      }
      if (measured.pValue !== undefined) assert.ok(measured.pValue > 0.2, String(measured.pValue));
    });

    it(`${metric.id}: shifted samples do, the more the further`, () => {
      const near = Math.abs(statisticOf(metric, a, sameSize) - (unmoved[metric.id] ?? 0));
      const far = Math.abs(
        statisticOf(
          metric,
          a,
          sameSize.map((value) => value + 2),
        ) - (unmoved[metric.id] ?? 0),
      );
      assert.ok(near > 0 || metric.id === 'anderson-darling');
      assert.ok(far > near, `${near} then ${far}`);
    });

    if (!directed.has(metric.id))
      it(`${metric.id}: either side may be called the reference`, () => {
        const [there, back] = [statisticOf(metric, a, b), statisticOf(metric, b, a)];
        assert.ok(Math.abs(there - back) <= 1e-12 * Math.abs(there), `${there} and ${back}`);
      });
  }

  it('epps-singleton: two values vary in one direction, so it is the squared z of their shares', () => {
    const sample = (zeros: number, ones: number): Float64Array =>
      Float64Array.from({ length: zeros + ones }, (_, i) => (i < zeros ? 0 : 1));
    const measured = eppsSingleton.measure(sample(30, 10), sample(25, 25), {});
    const expected = (0.25 - 0.5) ** 2 / ((0.25 * 0.75) / 40 + (0.5 * 0.5) / 50);
    if (isRefusal(measured)) return assert.fail(measured.refusal);
    assert.ok(Math.abs(measured.statistic - expected) < 1e-9, String(measured.statistic));
    assert.ok(Math.abs((measured.pValue ?? 0) - chiSquareTail(expected, 1)) < 1e-9);
  });

  it('say why they give no figure', () => {
    const one = Float64Array.of(1);
    for (const id of ['anderson-darling', 'cramer-von-mises', 'epps-singleton', 't-test']) {
      const measured = members.find((metric) => metric.id === id)?.measure(one, one, {});
      assert.ok(measured && isRefusal(measured) && measured.refusal.endsWith('.'), id);
    }
  });
});
