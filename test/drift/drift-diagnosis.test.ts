import assert from 'node:assert/strict';
import { changePoint } from '../../server/src/drift/diagnose';
import { correlation, cramersV, ranksOf } from '../../server/src/drift/numerics/correlation';
import { sequence } from '../random';
import { drift } from './drifting';
import { csv, normal, repeated } from './samples';

const SIZE = 800;

describe('dependencies', () => {
  it('are ranks with ties at their mean, and gaps left as they are', () => {
    assert.deepEqual([...ranksOf(Float64Array.from([30, 10, Number.NaN, 10, 20]))], [4, 1.5, Number.NaN, 1.5, 3]);
  });

  it('are Pearson’s coefficient over the rows that have both values', () => {
    // numpy.corrcoef([1, 2, 4, 7], [2, 1, 5, 6])
    const x = Float64Array.from([1, 2, Number.NaN, 4, 7, 9]);
    const y = Float64Array.from([2, 1, 8, 5, 6, Number.NaN]);
    const { value, rows } = correlation(x, y);
    assert.ok(Math.abs(value - 17 / Math.sqrt(21 * 17)) < 1e-12, `${value}`);
    assert.equal(rows, 4);
    assert.equal(correlation(x, new Float64Array(6)).value, 0);
  });

  it('are 1 for categories that tell each other, and about 0 for strangers however few', () => {
    const random = sequence(5);
    const draw = (categories: number) => Float64Array.from({ length: 200 }, () => Math.floor(random() * categories));
    const [a, b] = [draw(6), draw(6)];
    assert.ok(
      Math.abs(
        cramersV(
          a,
          a.map((value) => value + 10),
        ).value - 1,
      ) < 1e-12,
    );
    assert.ok(cramersV(a, b).value < 0.15, `${cramersV(a, b).value}`);
  });
});

describe('the point of change', () => {
  it('is where a new level begins', () => {
    assert.equal(changePoint([0.2, 0.3, 0.1, 0.2, 1.9, 2.2, 2]), 4);
    assert.equal(changePoint([0.1, 0.2, 3, 0.1, 0.2, 0.2, 2, 2.1, 2.3, 2]), 6);
  });

  it('is not told of few values, nor where the level fell', () => {
    assert.equal(changePoint([0, 1, 2]), undefined);
    assert.equal(changePoint([1, 1, 1, 1]), undefined);
    assert.equal(changePoint([3, 3, 3, 0, 0, 0]), undefined);
  });
});

describe('a diagnosis', function () {
  this.timeout(120_000);

  it('ranks columns by what each has of the whole effect', async () => {
    const x = normal(SIZE, 0, 1, 1);
    const side = (a: number, b: number) => csv({ a: x.map((v) => v + a), b: x.map((v) => v + b), c: x });
    const { diagnosis } = await drift(side(0, 0), side(1, 3));
    assert.deepEqual(
      diagnosis?.columns.map(({ column, drifted }) => [column, drifted]),
      [
        ['b', true],
        ['a', true],
        ['c', false],
      ],
    );
    const [first, second, third] = diagnosis?.columns ?? [];
    assert.ok(Math.abs((first?.contribution ?? 0) - 0.75) < 1e-6, `${first?.contribution}`);
    assert.ok(Math.abs((second?.contribution ?? 0) - 0.25) < 1e-6);
    assert.equal(third?.contribution, 0);
    assert.match(first?.moved ?? '', /^median/);
  });

  it('names pairs that hang together otherwise, numbers and categories, and no others', async () => {
    const [x, noise, other] = [normal(SIZE, 0, 1, 1), normal(SIZE, 0, 1, 2), normal(SIZE, 0, 1, 3)];
    const random = sequence(4);
    const code = x.map(() => Math.floor(random() * 3));
    const kind = code.map((value) => `k${value}`);
    const strange = x.map(() => `g${Math.floor(random() * 3)}`);
    const reference = csv({
      x,
      y: x.map((v, i) => v + 0.3 * (noise[i] ?? 0)),
      z: other,
      kind,
      group: code.map((v) => `g${v}`),
    });
    const current = csv({ x, y: noise, z: other, kind, group: strange });
    const { diagnosis } = await drift(reference, current);
    const found = [...(diagnosis?.dependencies ?? [])].sort((a, b) => a.columns[0].localeCompare(b.columns[0]));
    assert.deepEqual(
      found.map(({ columns, measure }) => [...columns, measure]),
      [
        ['kind', 'group', 'cramers-v'],
        ['x', 'y', found[1]?.measure],
      ],
    );
    assert.ok((found[1]?.reference ?? 0) > 0.9 && Math.abs(found[1]?.current ?? 1) < 0.15);
    assert.ok(Number(found[1]?.pValue) < 1e-20);
    assert.deepEqual((await drift(reference, reference)).diagnosis?.dependencies, []);
  });

  it('tells of gaps that grew by more than chance, and of values beyond the reference', async () => {
    const x = normal(SIZE, 0, 1, 1).map((v) => Math.max(-2, Math.min(2, v)));
    const holes = (every: number) => x.map((v, i) => (i % every === 0 ? null : v));
    const reference = csv({ id: x.map(() => 0.5), x: holes(20), y: x });
    const current = csv({ id: x.map(() => 0.5), x: holes(5), y: x.map((v, i) => (i < 8 ? 9 : i < 10 ? -7 : v)) });
    const { diagnosis } = await drift(reference, current);
    assert.deepEqual(
      diagnosis?.missing.map(({ column, reference, current }) => [column, reference, current]),
      [['x', 0.05, 0.2]],
    );
    assert.ok((diagnosis?.missing[0]?.adjustedPValue ?? 1) < 1e-10);
    assert.deepEqual(diagnosis?.range, [
      { column: 'y', low: -2, high: 2, below: 2, above: 8, share: 10 / SIZE, smallest: -7, largest: 9 },
    ]);
  });

  it('tells a prediction and a target apart', async () => {
    const side = (yes: number) =>
      csv({ guess: repeated({ yes, no: 400 - yes }), truth: repeated({ yes: 200, no: 200 }) });
    const { diagnosis } = await drift(side(200), side(350), { prediction: 'guess', target: 'truth' });
    assert.deepEqual(
      diagnosis?.roles.map(({ role, column, drifted }) => [role, column, drifted]),
      [
        ['prediction', 'guess', true],
        ['target', 'truth', false],
      ],
    );
    await assert.rejects(drift(side(1), side(2), { target: 'nothing' }), /Neither side has a column "nothing"/);
  });
});
