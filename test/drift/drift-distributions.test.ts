import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { benjaminiHochberg } from '../../server/src/drift/numerics/benjamini-hochberg';
import {
  chiSquareTail,
  hypergeometric,
  logGamma,
  normalTail,
  studentTails,
} from '../../server/src/drift/numerics/distributions';
import { kolmogorovTail, kolmogorovTwoSample, smirnovTail } from '../../server/src/drift/numerics/kolmogorov';

const functions: Readonly<Record<string, (...args: number[]) => number>> = {
  kolmogorovTail: (d = 0, n = 0) => kolmogorovTail(d, n),
  smirnovTail: (d = 0, n = 0) => smirnovTail(d, n),
  normalTail: (z = 0) => normalTail(z),
  chiSquareTail: (x = 0, freedom = 0) => chiSquareTail(x, freedom),
  studentTails: (t = 0, freedom = 0) => studentTails(t, freedom),
  hypergeometric: (hits = 0, size = 0, marked = 0, drawn = 0) => hypergeometric(hits, size, marked, drawn),
  logGamma: (x = 0) => logGamma(x),
};

describe('distributions', () => {
  /** Rows of arguments with, last, what SciPy 1.17.1 gives for them. */
  const goldens: Readonly<Record<string, readonly (readonly number[])[]>> = JSON.parse(
    readFileSync('test/fixtures/drift/distributions-scipy-1.17.1.json', 'utf8'),
  );

  for (const [name, rows] of Object.entries(goldens))
    it(`${name} keeps nine digits, far out too`, () => {
      for (const row of rows) {
        const wanted = row.at(-1) ?? Number.NaN;
        const got = functions[name]?.(...row.slice(0, -1)) ?? Number.NaN;
        assert.ok(
          Math.abs(got - wanted) <= 1e-9 * Math.abs(wanted),
          `${name}(${row.slice(0, -1)}): ${got} for ${wanted}`,
        );
      }
    });

  it('knows the ends of their ranges', () => {
    assert.equal(kolmogorovTail(1, 50), 0);
    assert.equal(kolmogorovTail(0, 50), 1);
    assert.equal(kolmogorovTwoSample(0, 30, 40), 1);
    assert.equal(normalTail(Number.POSITIVE_INFINITY), 0);
    assert.equal(chiSquareTail(Number.POSITIVE_INFINITY, 3), 0);
    assert.equal(studentTails(Number.NEGATIVE_INFINITY, 3), 0);
    assert.ok(Number.isNaN(chiSquareTail(0, 0)));
    assert.ok(Number.isNaN(studentTails(Number.NaN, 3)));
  });

  it('gives the exact p-value of the smallest samples by counting paths', () => {
    // Of the 20 orders of 3 and 3 values, 2 keep the sides wholly apart.
    assert.ok(Math.abs(kolmogorovTwoSample(1, 3, 3) - 2 / 20) < 1e-15);
    // Of the 10 orders of 3 and 2, again 2.
    assert.ok(Math.abs(kolmogorovTwoSample(1, 3, 2) - 2 / 10) < 1e-15);
  });
});

describe('Benjamini–Hochberg', () => {
  it('adjusts as SciPy does, in the order given', () => {
    // SciPy 1.17.1: false_discovery_control([0.01, 0.04, 0.03, 0.005], method="bh")
    assert.deepEqual(
      benjaminiHochberg([0.01, 0.04, 0.03, 0.005]).map((p) => Number(p.toFixed(12))),
      [0.02, 0.04, 0.04, 0.02],
    );
  });

  it('never exceeds 1 and takes no columns at all', () => {
    assert.deepEqual(benjaminiHochberg([0.9, 1]), [1, 1]);
    assert.deepEqual(benjaminiHochberg([]), []);
  });
});
